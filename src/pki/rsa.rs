//! RSA keys for seals. They take long to make, so a process makes each once, when it is first asked for, and shares them
//! between its test PKIs: of the same TPP and of the same bank, never of two parties.

use std::sync::OnceLock;
use std::thread;

use super::{KeyKind, PkiError};

/// Whose key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Tpp,
    SecondTpp,
    ThirdTpp,
    Bank,
}

/// The key of that owner, PKCS#8 PEM, the same for the life of the process.
pub(super) fn shared(owner: Owner) -> Result<&'static str, PkiError> {
    type Pair = OnceLock<Option<[String; 2]>>;
    // Whoever needs the first of a pair needs the other as well: they are made side by side.
    static ALWAYS: Pair = OnceLock::new();
    static WHERE_ALL_ARE_RSA: Pair = OnceLock::new();
    let (pair, at) = match owner {
        Owner::Tpp => (&ALWAYS, 0),
        Owner::Bank => (&ALWAYS, 1),
        Owner::SecondTpp => (&WHERE_ALL_ARE_RSA, 0),
        Owner::ThirdTpp => (&WHERE_ALL_ARE_RSA, 1),
    };
    let keys = pair.get_or_init(|| {
        let [one, other] = thread::scope(|scope| [scope.spawn(generate), scope.spawn(generate)].map(|it| it.join()));
        Some([one.ok()??, other.ok()??])
    });
    let key = keys.as_ref().map(|keys| keys[at].as_str());
    key.ok_or_else(|| PkiError::BadKey { reason: "no RSA key could be made".to_owned() })
}

fn generate() -> Option<String> {
    Some(KeyKind::Rsa2048.generate(false).ok()?.1)
}
