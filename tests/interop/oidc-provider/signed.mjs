// The strict oidc-provider, where a request that is not signed is refused (RFC 9101 10.5).
import * as strict from './strict.mjs';

export * from './strict.mjs';

export const provider = (certificates, mtls) => {
  const settings = strict.provider(certificates, mtls);
  settings.features.requestObjects = { enabled: true, requireSignedRequestObject: true };
  return settings;
};
