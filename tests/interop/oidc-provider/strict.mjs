// oidc-provider as right as it can be set up.
import { createHash } from 'node:crypto';
import { clients } from './clients.mjs';
import { peer, subject } from './subject.mjs';

export const scope = 'payments';
export const ownPages = true;
export const separateListeners = true;

export const tls = {
  minVersion: 'TLSv1.2',
  ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256',
  requestCert: true,
  rejectUnauthorized: true,
};

export const headers = {
  'strict-transport-security': 'max-age=31536000',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

export const provider = (certificates, mtls) => ({
  clients: clients(certificates, scope),
  scopes: [scope],
  responseTypes: ['code'],
  clientAuthMethods: ['tls_client_auth'],
  pkce: { required: () => true },
  issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  ttl: { AccessToken: 300, AuthorizationCode: 60, ClientCredentials: 300, Grant: 86400, IdToken: 300, Interaction: 600, RefreshToken: 86400, Session: 600 },
  cookies: { keys: ['for-tests-only'] },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  discovery: {
    mtls_endpoint_aliases: {
      token_endpoint: `${mtls}/token`,
      pushed_authorization_request_endpoint: `${mtls}/request`,
      revocation_endpoint: `${mtls}/token/revocation`,
      introspection_endpoint: `${mtls}/token/introspection`,
    },
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      tlsClientAuth: true,
      getCertificate: (ctx) => peer(ctx.req),
      certificateAuthorized: (ctx) => ctx.req.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) => property === 'tls_client_auth_subject_dn' && subject(peer(ctx.req)) === expected,
    },
  },
});

export const prepare = () => {};

const refused = (response, status, error) => {
  const parameters = error ? `, error="${error}"` : '';
  response.writeHead(status, { 'www-authenticate': `Bearer realm="payments"${parameters}`, 'content-type': 'application/json' });
  response.end(JSON.stringify(error ? { error } : {}));
};

// GET /payments/1: for a live token with the scope, under the certificate that it is bound to.
export async function payment(server, request, response) {
  const [scheme, token, ...more] = (request.headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer' || !token || more.length) return refused(response, 401);
  const found = await server.AccessToken.find(token);
  if (!found?.isValid) return refused(response, 401, 'invalid_token');
  const shown = peer(request);
  const thumbprint = shown && createHash('sha256').update(shown.raw).digest('base64url');
  if (!thumbprint || found['x5t#S256'] !== thumbprint) return refused(response, 401, 'invalid_token');
  if (!found.scopes.has(scope)) return refused(response, 403, 'insufficient_scope');
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ paymentId: 1, transactionStatus: 'ACSC' }));
}
