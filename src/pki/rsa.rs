//! RSA keys for seals. They take long to make, so a process makes one a party, side by side, and shares them between its
//! test PKIs: of the same TPP and of the same bank, never of two parties.

use std::sync::OnceLock;
use std::thread;

use super::{KeyKind, PkiError};

/// How many parties there are: the bank first, then the TPPs.
const PARTIES: usize = 4;
/// The place of the bank.
pub(super) const BANK: usize = 0;

/// The key of that party, PKCS#8 PEM, the same for the life of the process.
pub(super) fn shared(party: usize) -> Result<&'static str, PkiError> {
    static KEYS: OnceLock<Vec<Option<String>>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        thread::scope(|scope| {
            let makers: Vec<_> = (0..PARTIES).map(|_| scope.spawn(generate)).collect();
            makers.into_iter().map(|maker| maker.join().ok().flatten()).collect()
        })
    });
    let key = keys.get(party).and_then(Option::as_deref);
    key.ok_or_else(|| PkiError::BadKey { reason: "no RSA key could be made".to_owned() })
}

fn generate() -> Option<String> {
    Some(KeyKind::Rsa2048.generate(false).ok()?.1)
}
