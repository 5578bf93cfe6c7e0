import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { subjectOf } from './subject.mjs';

// The two TPPs, as the bank has registered them.
export const clients = (certificates, scope) => ['tpp-a', 'tpp-b'].map((name) => ({
  client_id: `PSDDE-BAFIN-10000${name === 'tpp-a' ? 1 : 2}`,
  redirect_uris: [`https://${name}.example/callback`, `https://${name}.example/callback?tenant=7`],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_subject_dn: subjectOf(readFileSync(join(certificates, `${name}-qwac.pem`))),
  tls_client_certificate_bound_access_tokens: true,
  scope,
}));
