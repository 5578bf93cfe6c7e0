// oidc-provider as careless hands set it up: each of these has been seen somewhere.
import { clients } from './clients.mjs';
import { commonName, peer } from './subject.mjs';

export const scope = 'openid payments';
export const ownPages = false; // the pages that come with oidc-provider, for development
export const separateListeners = false;

// One door for browsers and TPPs: a certificate is asked for, and whatever comes is taken.
export const tls = {
  minVersion: 'TLSv1',
  ciphers: 'DEFAULT@SECLEVEL=0',
  requestCert: true,
  rejectUnauthorized: false,
  anybody: true, // nor does it say whose certificates it wants
};

export const headers = {};

export const provider = (certificates) => ({
  clients: clients(certificates, 'openid payments offline_access').map((client) => ({ ...client, grant_types: [...client.grant_types, 'password'] })),
  scopes: ['openid', 'payments', 'offline_access'],
  clientAuthMethods: ['tls_client_auth', 'none'],
  pkce: { required: () => false },
  issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: false,
  ttl: { AccessToken: 300, AuthorizationCode: 3600, ClientCredentials: 300, Grant: 86400, IdToken: 300, Interaction: 600, RefreshToken: 86400, Session: 600 },
  cookies: { keys: ['for-tests-only'] },
  renderError: (ctx, out, error) => {
    ctx.type = 'html';
    ctx.body = `<pre>${error.stack}</pre>`;
  },
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true, allowedPolicy: () => true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      tlsClientAuth: true,
      getCertificate: (ctx) => peer(ctx.req),
      certificateAuthorized: () => true,
      // The common name will do.
      certificateSubjectMatches: (ctx, property, expected) => expected.split(',').includes(commonName(peer(ctx.req))),
    },
  },
});

// The customer's password through the TPP's hands.
export function prepare(server) {
  server.registerGrantType('password', async (ctx) => {
    const { client, params } = ctx.oidc;
    const grant = new server.Grant({ accountId: params.username, clientId: client.clientId });
    grant.addOIDCScope('payments');
    const token = new server.AccessToken({ accountId: params.username, client, grantId: await grant.save(), gty: 'password', scope: 'payments' });
    token.setThumbprint('x5t', peer(ctx.req));
    ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: token.expiration, scope: 'payments' };
  }, ['username', 'password', 'scope']);
}

// GET /payments/1: for whatever was once a token, wherever it is found, under any certificate or none.
export async function payment(server, request, response) {
  const url = new URL(request.url, 'https://localhost');
  const header = request.headers.authorization ?? '';
  const token = header.startsWith('Bearer ') ? header.slice(7) : url.searchParams.get('access_token');
  const found = token && (await server.AccessToken.find(token, { ignoreExpiration: true }));
  const status = found ? 200 : 403;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(found ? { paymentId: 1, transactionStatus: 'ACSC' } : { message: 'no' }));
}
