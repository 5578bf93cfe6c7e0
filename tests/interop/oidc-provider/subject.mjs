import { X509Certificate } from 'node:crypto';

// The certificate's subject as RFC 4514 writes it: the last attribute comes first.
export const subject = (certificate) => certificate.subject.split('\n').reverse().join(',');

export const subjectOf = (pem) => subject(new X509Certificate(pem));

export const commonName = (certificate) => certificate.subject.split('\n').find((line) => line.startsWith('CN='));

export const peer = (request) => request.socket.getPeerX509Certificate?.();
