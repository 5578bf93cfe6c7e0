// The strict bank's login and consent: two small pages without script, and a way to say no.
const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

const page = (title, body) => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1>${body}</body></html>`;

const login = (uid, note) => page('Sign in', `${note}
<form method="post" action="/interaction/${uid}/login">
<label>User <input name="user" required></label>
<label>Password <input name="password" type="password" required></label>
<button name="do" value="sign-in">Sign in</button>
<button name="do" value="leave" formnovalidate>Back to the shop</button>
</form>`);

const consent = (uid, client, scope) => page('Agree', `
<p>${escape(client)} asks for: ${escape(scope)}</p>
<form method="post" action="/interaction/${uid}/consent">
<button name="do" value="agree">I agree</button>
<button name="do" value="refuse">I refuse</button>
</form>`);

const show = (response, status, html) => response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html);

async function form(request) {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 10_000) throw new Error('too much');
  }
  return new URLSearchParams(body);
}

const access_denied = { error: 'access_denied', error_description: 'the customer refused' };

export const customer = { user: 'max.mustermann', password: 'a-long-test-password-for-max' };

export async function pages(provider, request, response) {
  try {
    await answer(provider, request, response);
  } catch (error) {
    if (response.headersSent) return response.destroy();
    // Whoever took too long, or came without the cookie, is told so: oidc-provider knows no more of them.
    const over = error.name === 'SessionNotFound';
    show(response, over ? 400 : 500, page(over ? 'Nothing to do' : 'Not now', over ? '<p>This session is over.</p>' : ''));
    if (!over) console.error(error);
  }
}

async function answer(provider, request, response) {
  const [, , uid, action] = request.url.split('?')[0].split('/');
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    const html = prompt.name === 'login' ? login(uid, '') : consent(uid, params.client_id, params.scope ?? '');
    return show(response, 200, html);
  }
  const sent = await form(request);
  const finish = (result) => provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  if (sent.get('do') === 'leave' || sent.get('do') === 'refuse') return finish(access_denied);
  if (action === 'login') {
    const known = sent.get('user') === customer.user && sent.get('password') === customer.password;
    return known ? finish({ login: { accountId: customer.user } }) : show(response, 200, login(uid, '<p>That is not right.</p>'));
  }
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  if (prompt.details.missingOIDCScope) grant.addOIDCScope(prompt.details.missingOIDCScope.join(' '));
  if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
  return finish({ consent: { grantId: await grant.save() } });
}
