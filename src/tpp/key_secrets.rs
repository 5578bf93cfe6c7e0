//! What of a private key is secret. A certificate holds the public part of it, and often in the same base64: that part must
//! stay readable.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{
    bn::BigNumRef,
    pkey::{PKey, Private},
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};

/// How long lines of PEM are (RFC 7468 2), and those of MIME (RFC 2045 6.8), in characters.
const LINES: [usize; 2] = [64, 76];
/// A line that holds fewer octets of a secret number tells nothing of it.
const FEWEST: usize = 8;

/// The secret part of a private key, in every way in which it is written.
#[derive(Default)]
pub(super) struct KeySecrets {
    /// Its secret numbers, as octets with the first one first.
    pub(super) numbers: Vec<Vec<u8>>,
    /// What is written of it: lines of PEM, and numbers in decimal.
    pub(super) texts: Vec<String>,
}

impl KeySecrets {
    /// The secret part of a key; every line where it cannot be read.
    pub(super) fn of(pem: &str) -> Self {
        let key = PKey::private_key_from_pem_callback(pem.as_bytes(), |_| Ok(0)).ok();
        key.and_then(|key| Self::of_key(&key, pem)).unwrap_or_else(|| {
            let lines = pem.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
            Self { numbers: Vec::new(), texts: lines.map(str::to_owned).collect() }
        })
    }

    fn of_key(key: &PKey<Private>, pem: &str) -> Option<Self> {
        let (numbers, mut texts) = numbers(key)?;
        let own = PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok().map(|der| der.secret_der().to_vec());
        let mut structures: Vec<Vec<u8>> =
            [own, key.private_key_to_pkcs8().ok(), key.private_key_to_der().ok()].into_iter().flatten().collect();
        structures.sort();
        structures.dedup();
        for (der, width) in structures.iter().flat_map(|der| LINES.map(|width| (der, width))) {
            let secret = secret_octets(der, &numbers);
            let octets = width / 4 * 3;
            let lines = der.chunks(octets).zip(secret.chunks(octets));
            let lines = lines.filter(|(_, secret)| secret.iter().filter(|secret| **secret).count() >= FEWEST);
            texts.extend(lines.map(|(line, _)| STANDARD.encode(line)));
        }
        Some(Self { numbers, texts })
    }
}

/// The secret numbers of a key: those of RSA (RFC 8017 3.2), or the one of a curve; `None` for a key of another kind.
fn numbers(key: &PKey<Private>) -> Option<(Vec<Vec<u8>>, Vec<String>)> {
    let told = |numbers: &[Option<&BigNumRef>]| {
        let numbers: Vec<_> = numbers.iter().copied().flatten().collect();
        let decimals = numbers.iter().filter_map(|number| Some(number.to_dec_str().ok()?.to_string())).collect();
        (numbers.iter().map(|number| number.to_vec()).collect(), decimals)
    };
    if let Ok(rsa) = key.rsa() {
        return Some(told(&[Some(rsa.d()), rsa.p(), rsa.q(), rsa.dmp1(), rsa.dmq1(), rsa.iqmp()]));
    }
    if let Ok(curve) = key.ec_key() {
        return Some(told(&[Some(curve.private_key())]));
    }
    key.raw_private_key().ok().map(|octets| (vec![octets], Vec::new()))
}

/// Which octets of a structure belong to one of those numbers.
fn secret_octets(der: &[u8], numbers: &[Vec<u8>]) -> Vec<bool> {
    let mut secret = vec![false; der.len()];
    for number in numbers {
        for at in memchr::memmem::find_iter(der, number) {
            secret[at..at + number.len()].fill(true);
        }
    }
    secret
}
