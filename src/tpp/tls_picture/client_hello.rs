//! A ClientHello written by hand (RFC 5246 7.4.1.2, RFC 8446 4.1.2): no library of today would offer what has to be
//! tried here. It is a greeting only: no handshake is ever finished with it.

/// The versions, as they stand on the wire.
pub(super) const SSL_3_0: u16 = 0x0300;
pub(super) const TLS_1_0: u16 = 0x0301;
pub(super) const TLS_1_1: u16 = 0x0302;
pub(super) const TLS_1_2: u16 = 0x0303;
pub(super) const TLS_1_3: u16 = 0x0304;

const SERVER_NAME: u16 = 0;
const SUPPORTED_GROUPS: u16 = 10;
const EC_POINT_FORMATS: u16 = 11;
const SIGNATURE_ALGORITHMS: u16 = 13;
const ENCRYPT_THEN_MAC: u16 = 22;
const EXTENDED_MASTER_SECRET: u16 = 23;
const SUPPORTED_VERSIONS: u16 = 43;
const PSK_KEY_EXCHANGE_MODES: u16 = 45;
const KEY_SHARE: u16 = 51;
const RENEGOTIATION_INFO: u16 = 0xff01;

/// x25519, secp256r1, secp384r1, secp521r1.
const GROUPS: [u16; 4] = [29, 23, 24, 25];
/// ECDSA, RSA-PSS, RSA PKCS#1 and EdDSA with SHA-2, then SHA-1 for servers that have nothing better.
const SCHEMES: [u16; 12] =
    [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0807, 0x0203, 0x0201];

/// What to offer.
#[derive(Clone, Debug)]
pub(super) struct ClientHello<'a> {
    /// The versions, the highest first.
    pub(super) versions: &'a [u16],
    /// The suites, the preferred first.
    pub(super) suites: &'a [u16],
    /// The compression methods; 0 is none, 1 is DEFLATE.
    pub(super) compression: &'a [u8],
    /// The name of the server, where it has one: an address is none (RFC 6066 3).
    pub(super) server_name: Option<&'a str>,
    /// 32 octets, another 32 for the session id, and 32 that serve as an x25519 key.
    pub(super) random: [[u8; 32]; 3],
}

impl ClientHello<'_> {
    /// The one record that carries it.
    pub(super) fn record(&self) -> Vec<u8> {
        let highest = self.versions.first().copied().unwrap_or(TLS_1_2);
        let mut body = Vec::with_capacity(512);
        // TLS 1.3 goes by the name of 1.2 here, and says what it is in an extension (RFC 8446 4.1.2).
        body.extend(highest.min(TLS_1_2).to_be_bytes());
        body.extend(self.random[0]);
        short(&mut body, |session_id| {
            if highest >= TLS_1_3 {
                session_id.extend(self.random[1]);
            }
        });
        long(&mut body, |suites| numbers(suites, self.suites));
        short(&mut body, |methods| methods.extend(self.compression));
        if highest > SSL_3_0 {
            long(&mut body, |extensions| self.extensions(extensions, highest));
        }
        let mut record = vec![22];
        record.extend(highest.min(TLS_1_0).to_be_bytes());
        long(&mut record, |fragment| {
            fragment.extend([1, 0]);
            long(fragment, |message| message.extend(&body));
        });
        record
    }

    fn extensions(&self, to: &mut Vec<u8>, highest: u16) {
        if let Some(name) = self.server_name {
            extension(to, SERVER_NAME, |data| {
                long(data, |list| {
                    list.push(0);
                    long(list, |host| host.extend(name.as_bytes()));
                });
            });
        }
        extension(to, SUPPORTED_GROUPS, |data| long(data, |groups| numbers(groups, &GROUPS)));
        extension(to, EC_POINT_FORMATS, |data| short(data, |formats| formats.push(0)));
        extension(to, RENEGOTIATION_INFO, |data| short(data, |_| {}));
        extension(to, EXTENDED_MASTER_SECRET, |_| {});
        extension(to, ENCRYPT_THEN_MAC, |_| {});
        if highest >= TLS_1_2 {
            extension(to, SIGNATURE_ALGORITHMS, |data| long(data, |schemes| numbers(schemes, &SCHEMES)));
        }
        if highest >= TLS_1_3 {
            extension(to, SUPPORTED_VERSIONS, |data| short(data, |versions| numbers(versions, self.versions)));
            extension(to, PSK_KEY_EXCHANGE_MODES, |data| short(data, |modes| modes.push(1)));
            extension(to, KEY_SHARE, |data| {
                long(data, |shares| {
                    shares.extend(GROUPS[0].to_be_bytes());
                    long(shares, |key| key.extend(self.random[2]));
                });
            });
        }
    }
}

fn numbers(to: &mut Vec<u8>, numbers: &[u16]) {
    to.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
}

fn extension(to: &mut Vec<u8>, number: u16, data: impl FnOnce(&mut Vec<u8>)) {
    to.extend(number.to_be_bytes());
    long(to, data);
}

/// A vector with its length in one octet before it. What is offered never comes near the limit.
fn short(to: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let mut content = Vec::new();
    write(&mut content);
    to.push(u8::try_from(content.len()).unwrap_or(u8::MAX));
    to.extend(content);
}

/// A vector with its length in two octets before it.
fn long(to: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let mut content = Vec::new();
    write(&mut content);
    to.extend(u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes());
    to.extend(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(versions: &[u16]) -> Vec<u8> {
        ClientHello {
            versions,
            suites: &[0xc02f],
            compression: &[0],
            server_name: Some("bank.example"),
            random: [[7; 32]; 3],
        }
        .record()
    }

    #[test]
    fn every_length_is_right() {
        for versions in [&[SSL_3_0][..], &[TLS_1_0], &[TLS_1_2], &[TLS_1_3, TLS_1_2]] {
            let record = hello(versions);
            assert_eq!(usize::from(u16::from_be_bytes([record[3], record[4]])), record.len() - 5);
            assert_eq!(usize::from(u16::from_be_bytes([record[7], record[8]])), record.len() - 9);
        }
    }

    #[test]
    fn a_library_of_today_understands_it() {
        let mut acceptor = rustls::server::Acceptor::default();
        let record = hello(&[TLS_1_3, TLS_1_2]);
        acceptor.read_tls(&mut record.as_slice()).unwrap();
        let accepted = acceptor.accept().map_err(|(error, _)| error).unwrap().unwrap();
        assert_eq!(accepted.client_hello().server_name(), Some("bank.example"));
    }

    #[test]
    fn what_came_before_extensions_has_none() {
        assert!(!hello(&[SSL_3_0]).windows(12).any(|part| part == b"bank.example"));
        assert_eq!(hello(&[SSL_3_0])[1..3], [3, 0]);
    }
}
