//! The reader of ServerHellos: whatever comes, it neither panics nor changes its mind.

use std::{fs, path::Path};

use bankproof::{evidence::tls::Answer, tpp::tls_picture::server_hello::read};
use proptest::prelude::*;

/// Inputs that are tried by default; `BANKPROOF_FUZZ_ROUNDS` asks for more.
const ROUNDS: u32 = 20_000;

/// What real servers have sent, and what hostile ones might, by name.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/server_hello");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn what_real_servers_send_is_understood() {
    let told: Vec<String> = corpus()
        .iter()
        .map(|(name, bytes)| match read(bytes) {
            Some(Answer::Agreed(agreement)) => {
                format!("{name}: {} with {} {:?}", agreement.version, agreement.suite, agreement.extensions)
            }
            other => format!("{name}: {other:?}"),
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

/// Once it has told, nothing that comes later changes it.
fn never_changes_its_mind(bytes: &[u8]) {
    // What is no TLS is shown as far as it came.
    let read = |bytes| match read(bytes) {
        Some(Answer::Strange { .. }) => Some(Answer::Strange { what: String::new() }),
        other => other,
    };
    let whole = read(bytes);
    let mut ends: Vec<usize> = (0..bytes.len().min(160)).collect();
    ends.extend((160..bytes.len()).step_by(997));
    for end in ends {
        if let Some(answer) = read(&bytes[..end]) {
            assert_eq!(Some(answer), whole, "{end} octets of {bytes:02x?}");
        }
    }
}

fn rounds() -> u32 {
    let asked = std::env::var("BANKPROOF_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    asked.unwrap_or(ROUNDS)
}

/// A small generator, so that a failure can be had again from its seed.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let thrown = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(thrown).unwrap() % below.max(1)
    }

    /// One thing wrong: a bit, an octet, a length, an end too early, a piece of another.
    fn damage(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let (at, value) = (self.throw(bytes.len()), u8::try_from(self.throw(256)).unwrap());
        match (self.throw(6), bytes.get_mut(at)) {
            (0, Some(octet)) => *octet ^= 1 << self.throw(8),
            (1, Some(octet)) => *octet = value,
            (2, Some(octet)) => *octet = [0, 1, 0x7f, 0x80, 0xff][self.throw(5)],
            (3, _) => bytes.truncate(at),
            (4, _) => bytes.insert(at, value),
            _ => {
                bytes.truncate(at);
                bytes.extend(&other[self.throw(other.len())..]);
            }
        }
    }
}

#[test]
fn damaged_answers_upset_nothing() {
    let corpus = corpus();
    let mut dice = Dice(0x0bad_5eed_0bad_5eed);
    for _ in 0..rounds() {
        let (_, seed) = &corpus[dice.throw(corpus.len())];
        let (_, other) = &corpus[dice.throw(corpus.len())];
        let mut bytes = seed.clone();
        for _ in 0..=dice.throw(4) {
            dice.damage(&mut bytes, other);
        }
        never_changes_its_mind(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_upset_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        never_changes_its_mind(&bytes);
    }

    #[test]
    fn any_record_upsets_nothing(kind in 20u8..24, body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = vec![kind, 3, 3];
        bytes.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        bytes.extend(body);
        never_changes_its_mind(&bytes);
    }

    #[test]
    fn what_a_server_agrees_to_is_read_however_it_is_cut_into_records(
        suite in any::<u16>(), session in proptest::collection::vec(any::<u8>(), 0..=32),
        extensions in proptest::collection::vec((any::<u16>(), proptest::collection::vec(any::<u8>(), 0..20)), 0..6),
        piece in 1usize..40,
    ) {
        let mut body = vec![3, 3];
        body.extend([9; 32]);
        body.push(u8::try_from(session.len()).unwrap());
        body.extend(&session);
        body.extend(suite.to_be_bytes());
        body.push(0);
        let mut list = Vec::new();
        for (number, data) in extensions.iter().filter(|(number, _)| *number != 43) {
            list.extend(number.to_be_bytes());
            list.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
            list.extend(data);
        }
        body.extend(u16::try_from(list.len()).unwrap().to_be_bytes());
        body.extend(&list);
        let mut message = vec![2, 0];
        message.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        message.extend(&body);
        let mut bytes = Vec::new();
        for part in message.chunks(piece) {
            bytes.extend([22, 3, 3, 0, u8::try_from(part.len()).unwrap()]);
            bytes.extend(part);
        }
        let Some(Answer::Agreed(agreement)) = read(&bytes) else { panic!("{bytes:02x?}") };
        prop_assert_eq!(agreement.version, "TLS 1.2");
        let expected: Vec<u16> = extensions.iter().map(|(number, _)| *number).filter(|number| *number != 43).collect();
        prop_assert_eq!(agreement.extensions, expected);
        never_changes_its_mind(&bytes);
    }
}
