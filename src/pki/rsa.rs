//! RSA keys for seals. They take long to make, so a process makes two, side by side, and shares them between its test
//! PKIs: of the same TPP and of the same bank, never of two parties.

use std::sync::OnceLock;
use std::thread;

use super::{KeyKind, PkiError};

/// Whose key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Tpp,
    Bank,
}

/// The key of that owner, PKCS#8 PEM, the same for the life of the process.
pub(super) fn shared(owner: Owner) -> Result<&'static str, PkiError> {
    static KEYS: OnceLock<Option<[String; 2]>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        let [tpp, bank] = thread::scope(|scope| [scope.spawn(generate), scope.spawn(generate)].map(|it| it.join()));
        Some([tpp.ok()??, bank.ok()??])
    });
    let key = keys.as_ref().map(|keys| keys[usize::from(owner == Owner::Bank)].as_str());
    key.ok_or_else(|| PkiError::BadKey { reason: "no RSA key could be made".to_owned() })
}

fn generate() -> Option<String> {
    Some(KeyKind::Rsa2048.generate(false).ok()?.1)
}
