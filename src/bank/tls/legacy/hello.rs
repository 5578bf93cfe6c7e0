//! What a ClientHello offers, as far as a fault asks (RFC 5246 7.4.1.2, RFC 8446 4.1.2).

const SIGNATURE_ALGORITHMS: u16 = 13;
const SUPPORTED_VERSIONS: u16 = 43;
const TLS_1_3: u16 = 0x0304;

/// What a client offers.
#[derive(Debug, Default)]
pub(super) struct Hello {
    /// The version in the fixed part: at most 1.2, whatever comes later.
    pub(super) version: u16,
    pub(super) suites: Vec<u16>,
    pub(super) compression: Vec<u8>,
    /// TLS 1.3 is among the versions.
    pub(super) offers_tls_1_3: bool,
    /// The signatures that it can check.
    pub(super) schemes: Vec<u16>,
}

/// How many octets a whole ClientHello record has; `None` where these are none.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [22, 3, _, high, low, ..] => Some(5 + usize::from(u16::from_be_bytes([*high, *low]))),
        _ => None,
    }
}

impl Hello {
    /// Reads a record with a whole ClientHello in it.
    pub(super) fn read(record: &[u8]) -> Option<Self> {
        let mut body = Reader(record.get(9..).filter(|_| record.get(5) == Some(&1))?);
        let version = body.number()?;
        body.take(32)?;
        let session_id = body.octet()?;
        body.take(session_id.into())?;
        let suites = body.list()?;
        let methods = body.octet()?;
        let compression = body.take(methods.into())?.to_vec();
        let mut hello = Self { version, suites: numbers(suites), compression, ..Self::default() };
        let mut extensions = Reader(body.list().unwrap_or_default());
        while let (Some(kind), Some(data)) = (extensions.number(), extensions.list()) {
            match kind {
                SUPPORTED_VERSIONS => hello.offers_tls_1_3 = numbers(data.get(1..)?).contains(&TLS_1_3),
                SIGNATURE_ALGORITHMS => hello.schemes = numbers(data.get(2..)?),
                _ => {}
            }
        }
        Some(hello)
    }

    /// It offers one of those suites.
    pub(super) fn offers(&self, suites: &[u16]) -> Option<u16> {
        self.suites.iter().copied().find(|suite| suites.contains(suite))
    }
}

fn numbers(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn octet(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u16> {
        self.take(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
    }

    /// What has its length in two octets before it.
    fn list(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(length.into())
    }
}
