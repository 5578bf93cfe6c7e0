// What a customer sees of the page: what can be filled in and pressed, in order, shadow trees too.
const LONGEST = 200, MOST = 500, LOOKED_AT = 5000, LABELS = 4, ADDRESS = 4000;
const words = text => (text || '').replace(/\s+/g, ' ').trim().slice(0, LONGEST);
const isShown = element => {
  const style = getComputedStyle(element);
  return element.getClientRects().length > 0 && style.visibility !== 'hidden' && style.pointerEvents !== 'none';
};
// What has more text than any caption has none: links that are inside of each other would all be asked for all of it.
const caption = element => element.textContent.length > 100 * LONGEST ? '' : element.innerText;
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
  const labels = Array.from(element.labels || []).slice(0, LABELS).map(caption);
  const own = [element.getAttribute('name'), element.id, element.getAttribute('aria-label'), element.title];
  const shown = ['button', 'link'].includes(kind)
    ? [element.getAttribute('value'), caption(element), element.getAttribute('alt')]
    : [...labels, element.getAttribute('placeholder')];
  return [...own, ...shown].map(words).filter(name => name);
};
const parts = [], roots = [document];
let lookedAt = 0;
for (const root of roots) {
  for (const element of root.querySelectorAll('*')) {
    if (element.shadowRoot) roots.push(element.shadowRoot);
    const isPart = element.matches('input, select, textarea, button, a[href], [role=button]');
    if (!isPart || parts.length >= MOST || lookedAt++ >= LOOKED_AT || element.disabled || !isShown(element)) continue;
    const kind = kindOf(element);
    if (!kind) continue;
    parts.push({
      kind, names: namesOf(element, kind), form: formOf(element), element,
      value: kind === 'choice' ? element.value.slice(0, LONGEST) : '', chosen: element.checked === true,
      link: kind === 'link' && element.href.length <= ADDRESS ? element.href : null,
    });
  }
}
return {
  parts, url: location.href.slice(0, 2 * ADDRESS), born: performance.timeOrigin, is_whole: document.readyState === 'complete',
  is_moving: document.scripts.length > 0 || document.querySelector('meta[http-equiv=refresh i]') !== null,
  text: (document.body ? document.body.innerText : '').slice(0, 20000),
};
