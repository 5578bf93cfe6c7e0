// oidc-provider behind TLS, in front of one payment: node server.mjs strict|signed|lax DIR-OF-CERTIFICATES
// It listens on loopback, prints one line of JSON when it is ready, and ends when its standard input does.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createServer as createPlainServer } from 'node:http';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import * as clock from './clock.mjs';
import { pages } from './pages.mjs';

const [mode, certificates] = process.argv.slice(2);
const config = await import({ strict: './strict.mjs', signed: './signed.mjs', lax: './lax.mjs' }[mode]);
clock.install();

const read = (name) => readFileSync(join(certificates, name));
const own = { key: read('bank.key'), cert: read('bank.pem') };
const { anybody, ...tls } = config.tls;
const withCertificate = { ...own, ...tls, ...(anybody ? {} : { ca: [read('ca-root.pem'), read('ca-issuing.pem')] }) };
const withoutCertificate = { ...own, ...tls, requestCert: false };

let handle = (request, response) => response.writeHead(503).end();
const listen = (server) => new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)));
const door = (options, forTpps) => createServer(options, (request, response) => handle(request, response, forTpps));

const tpps = door(withCertificate, true);
const forTpps = `https://localhost:${await listen(tpps)}`;
const issuer = config.separateListeners ? `https://localhost:${await listen(door(withoutCertificate, false))}` : forTpps;
const timekeeper = createPlainServer(clock.advance);
const clockUrl = `http://127.0.0.1:${await listen(timekeeper)}/clock`;

const provider = new Provider(issuer, config.provider(certificates, forTpps));
provider.on('server_error', (ctx, error) => console.error(error.stack));
config.prepare(provider);
const callback = provider.callback();
handle = (request, response, isForTpps) => {
  for (const [name, value] of Object.entries(config.headers)) response.setHeader(name, value);
  const path = request.url.split('?')[0];
  if (path === '/payments/1' && isForTpps) return config.payment(provider, request, response);
  if (path.startsWith('/interaction/') && config.ownPages) return pages(provider, request, response);
  return callback(request, response);
};

process.stdin.on('end', () => process.exit(0)).resume();
console.log(JSON.stringify({ issuer, resource: `${forTpps}/payments/1`, scope: config.scope, clock: clockUrl }));
