//! What was seen of the TLS of one host: facts only, which a policy rates and a judge judges.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The TLS of one host of the bank, as it was found by greeting it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct HostPicture {
    /// Host and port: `auth.bank.example:443`.
    pub host: String,
    /// What the bank serves there: `the token endpoint`.
    pub doors: Vec<String>,
    /// When it was looked at (UTC).
    #[serde(with = "time::serde::rfc3339")]
    pub seen_at: OffsetDateTime,
    /// One bare ClientHello each, and what came back.
    pub hellos: Vec<Hello>,
    /// One handshake for each kind of key that a server can have, and what it presented.
    pub presented: Vec<Presented>,
    /// The authorities from the issuer of the TPP's certificate upwards, as far as the target file knows them.
    pub own_authorities: Vec<String>,
    /// It knows them up to the root.
    pub own_authorities_known: bool,
}

/// One ClientHello and what came back.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Hello {
    /// What was offered.
    pub offer: Offer,
    /// What came back.
    pub answer: Answer,
}

/// What one ClientHello offers: one thing, and nothing that a server could choose instead.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// SSL 3.0 as the highest version.
    Ssl30,
    /// TLS 1.0 as the highest version.
    Tls10,
    /// TLS 1.1 as the highest version.
    Tls11,
    /// TLS 1.2 as the highest version, with every suite of it that is in use.
    Tls12,
    /// TLS 1.3 alone.
    Tls13,
    /// TLS 1.3 and TLS 1.2.
    Tls13And12,
    /// TLS 1.2 with compression.
    Compression,
    /// Suites without encryption.
    Null,
    /// Suites without authentication of the server.
    Anonymous,
    /// RC4 suites.
    Rc4,
    /// Suites of less than 112 bits: export grade, single DES.
    Below112Bits,
    /// Suites of less than 128 bits: 3DES.
    Below128Bits,
    /// Suites with RSA key transport.
    StaticRsa,
    /// Suites with a Diffie-Hellman key that is not ephemeral.
    StaticDh,
    /// Suites with ephemeral Diffie-Hellman over finite fields.
    FiniteFieldDhe,
    /// Suites with CBC and ephemeral elliptic-curve keys.
    Cbc,
}

/// What came back on a ClientHello.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Answer {
    /// A ServerHello: the server agrees.
    Agreed(Agreement),
    /// A fatal alert: it does not.
    Alert {
        /// Its number (RFC 8446 6.2).
        code: u8,
        /// Its name: `protocol_version`.
        name: String,
    },
    /// The connection was closed without a word.
    Closed,
    /// Nothing came in time.
    Silent,
    /// No connection: why.
    Unreachable {
        /// In words.
        reason: String,
    },
    /// Something that is no TLS, or no answer to a ClientHello.
    Strange {
        /// What it looks like.
        what: String,
    },
}

/// What a ServerHello says.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// The version that was negotiated: `TLS 1.1`.
    pub version: String,
    /// The IANA name of the suite, or its number where it has none that we know.
    pub suite: String,
    /// The compression method; 0 is none.
    pub compression: u8,
    /// The numbers of its extensions.
    pub extensions: Vec<u16>,
}

/// What the server presented in one handshake.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Presented {
    /// The kind of key that was asked for: `ECDSA` or `RSA`.
    pub kind: String,
    /// The version of the handshake; empty where it did not get that far.
    pub version: String,
    /// The certificates, in the order presented; empty where it has none of that kind.
    pub chain: Vec<CertificateSeen>,
    /// The leaf is for the host that was asked (RFC 9525).
    pub is_for_host: bool,
    /// Whether the chain leads to a trust anchor of the target file.
    pub trust: Trust,
    /// The server asks for a certificate of the client.
    pub asks_for_certificate: bool,
    /// The authorities whose certificates it says it wants, as names.
    pub authorities: Vec<String>,
    /// It sends an OCSP response along.
    pub stapled: bool,
    /// Why there is nothing to see.
    pub failure: Option<String>,
}

/// Whether a chain leads to a trust anchor.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Trust {
    /// It does.
    Anchored,
    /// Whoever issued its last certificate is not known.
    UnknownIssuer,
    /// It cannot be told.
    Unclear {
        /// Why.
        reason: String,
    },
}

/// A certificate that the server presented.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CertificateSeen {
    /// The holder.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// DNS names and IP addresses of the subjectAltName.
    pub names: Vec<String>,
    /// When it begins to hold.
    #[serde(with = "time::serde::rfc3339")]
    pub not_before: OffsetDateTime,
    /// The last moment at which it holds.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
    /// `RSA`, `EC P-256` …
    pub key: String,
    /// The length of the key in bits; 0 where it is not known.
    pub key_bits: usize,
    /// The hash of its signature: `SHA-256`; its object identifier where it has none that we know.
    pub signature_hash: String,
}

impl HostPicture {
    /// Why something was not to be seen, wherever that is said.
    pub(super) fn reasons(&mut self) -> impl Iterator<Item = &mut String> {
        let of_hellos = self.hellos.iter_mut().filter_map(|hello| match &mut hello.answer {
            Answer::Unreachable { reason: told } | Answer::Strange { what: told } => Some(told),
            _ => None,
        });
        let of_handshakes = self.presented.iter_mut().flat_map(|presented| {
            let unclear = match &mut presented.trust {
                Trust::Unclear { reason } => Some(reason),
                _ => None,
            };
            presented.failure.iter_mut().chain(unclear)
        });
        of_hellos.chain(of_handshakes)
    }
}

impl Offer {
    /// Every offer, in the order of the report.
    pub const ALL: [Self; 16] = [
        Self::Ssl30,
        Self::Tls10,
        Self::Tls11,
        Self::Tls12,
        Self::Tls13,
        Self::Tls13And12,
        Self::Null,
        Self::Anonymous,
        Self::Rc4,
        Self::Below112Bits,
        Self::Below128Bits,
        Self::StaticRsa,
        Self::StaticDh,
        Self::FiniteFieldDhe,
        Self::Cbc,
        Self::Compression,
    ];

    /// In words, as scenarios and reports have it.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Ssl30 => "SSL 3.0",
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
            Self::Tls13And12 => "TLS 1.3 or 1.2",
            Self::Compression => "TLS compression",
            Self::Null => "suites without encryption",
            Self::Anonymous => "suites without authentication",
            Self::Rc4 => "RC4 suites",
            Self::Below112Bits => "suites of less than 112 bits",
            Self::Below128Bits => "suites of less than 128 bits",
            Self::StaticRsa => "suites with RSA key transport",
            Self::StaticDh => "suites with static Diffie-Hellman keys",
            Self::FiniteFieldDhe => "suites with finite-field Diffie-Hellman",
            Self::Cbc => "suites in CBC mode without encrypt-then-MAC",
        }
    }

    /// The offer of those words.
    pub fn of_words(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|offer| offer.in_words() == words)
    }
}

impl HostPicture {
    /// What came back on an offer, where it was made.
    pub fn answer(&self, offer: Offer) -> Option<&Answer> {
        self.hellos.iter().find(|hello| hello.offer == offer).map(|hello| &hello.answer)
    }

    /// Every agreement, with what had been offered.
    pub fn agreements(&self) -> impl Iterator<Item = (Offer, &Agreement)> {
        self.hellos.iter().filter_map(|hello| match &hello.answer {
            Answer::Agreed(agreement) => Some((hello.offer, agreement)),
            _ => None,
        })
    }

    /// The handshakes in which it presented a certificate.
    pub fn certified(&self) -> impl Iterator<Item = &Presented> {
        self.presented.iter().filter(|presented| !presented.chain.is_empty())
    }
}

impl Presented {
    /// The server's own certificate.
    pub fn leaf(&self) -> Option<&CertificateSeen> {
        self.chain.first()
    }
}
