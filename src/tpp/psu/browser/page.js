// What a customer sees of the page: what can be filled in and pressed, in order, shadow trees too.
const LONGEST = 200, MOST = 500;
const words = text => (text || '').replace(/\s+/g, ' ').trim().slice(0, LONGEST);
const isShown = element => {
  const style = getComputedStyle(element);
  return element.getClientRects().length > 0 && style.visibility !== 'hidden' && style.pointerEvents !== 'none';
};
const forms = [];
const formOf = element => {
  const form = element.form || element.closest('form');
  if (!form) return null;
  if (!forms.includes(form)) forms.push(form);
  return forms.indexOf(form);
};
const kindOf = element => {
  const tag = element.tagName, type = (element.type || '').toLowerCase();
  if (tag === 'A') return element.href ? 'link' : 'button';
  if (tag === 'SELECT') return 'select';
  if (tag === 'TEXTAREA') return 'field';
  if (tag === 'INPUT' && ['checkbox', 'radio'].includes(type)) return 'choice';
  if (tag === 'INPUT' && ['submit', 'image', 'button'].includes(type)) return 'button';
  if (tag === 'INPUT') return ['hidden', 'file', 'reset', 'color', 'range'].includes(type) ? null : 'field';
  return type === 'reset' ? null : 'button';
};
const namesOf = (element, kind) => {
  const labels = Array.from(element.labels || [], label => label.innerText);
  const own = [element.getAttribute('name'), element.id, element.getAttribute('aria-label'), element.title];
  const shown = ['button', 'link'].includes(kind)
    ? [element.getAttribute('value'), element.innerText, element.getAttribute('alt')]
    : [...labels, element.getAttribute('placeholder')];
  return [...own, ...shown].map(words).filter(name => name);
};
const parts = [], roots = [document];
for (const root of roots) {
  for (const element of root.querySelectorAll('*')) {
    if (element.shadowRoot) roots.push(element.shadowRoot);
    const isPart = element.matches('input, select, textarea, button, a[href], [role=button]');
    if (!isPart || parts.length >= MOST || element.disabled || !isShown(element)) continue;
    const kind = kindOf(element);
    if (!kind) continue;
    parts.push({
      kind, names: namesOf(element, kind), form: formOf(element), element,
      value: kind === 'choice' ? element.value : '', chosen: element.checked === true,
      link: kind === 'link' ? element.href : null,
    });
  }
}
return {
  parts, url: location.href, born: performance.timeOrigin, is_whole: document.readyState === 'complete',
  is_moving: document.scripts.length > 0 || document.querySelector('meta[http-equiv=refresh i]') !== null,
  text: (document.body ? document.body.innerText : '').slice(0, 20000),
};
