//! QcStatements one by one: a broken one must not hide the others, as it does where the whole extension is decoded.

use x509_parser::asn1_rs::{self, Any, FromDer, Tag};
use x509_parser::certificate::X509Certificate;

use crate::pki::oid::{self, Oid};
use crate::pki::qc::{PdsLocation, Psd2Statement, QcStatement, QcStatements};

/// The extension, as far as it can be taken apart.
#[derive(Debug, Default)]
pub(in crate::pki) struct Statements {
    /// Why it is no list of statements, where it is none.
    pub(in crate::pki) broken: Option<String>,
    pub(in crate::pki) list: Vec<Statement>,
}

/// One statement.
#[derive(Debug)]
pub(in crate::pki) struct Statement {
    pub(in crate::pki) oid: Oid,
    /// What follows the identifier; empty where there is nothing.
    pub(in crate::pki) info: Vec<u8>,
    decoded: Result<QcStatement, String>,
}

impl Statements {
    /// Those of a certificate; none where it has no such extension.
    pub(in crate::pki) fn of(certificate: &X509Certificate<'_>) -> Option<Self> {
        let mut extensions = certificate.iter_extensions();
        let extension = extensions.find(|extension| oid::is(&extension.oid, oid::QC_STATEMENTS))?;
        Some(Self::read(extension.value))
    }

    pub(in crate::pki) fn read(value: &[u8]) -> Self {
        match split(value) {
            Ok(items) => {
                let mut statements = Self::default();
                for (index, item) in items.into_iter().enumerate() {
                    match Statement::read(item) {
                        Some(statement) => statements.list.push(statement),
                        None => {
                            let what = format!("statement {} has no object identifier that can be read", index + 1);
                            statements.broken.get_or_insert(what);
                        }
                    }
                }
                statements
            }
            Err(reason) => Self { broken: Some(reason), list: Vec::new() },
        }
    }

    pub(in crate::pki) fn find(&self, arcs: &[u64]) -> Option<&Statement> {
        self.list.iter().find(|statement| statement.oid == *arcs)
    }
}

impl Statement {
    fn read(item: &[u8]) -> Option<Self> {
        let (_, sequence) = Any::from_der(item).ok()?;
        let (info, oid) = asn1_rs::Oid::from_der(sequence.data).ok()?;
        let oid = Oid::from_content(oid.as_bytes())?;
        let alone = yasna::construct_der(|writer| writer.write_sequence(|list| list.next().write_der(item)));
        let decoded = QcStatements::decode(&alone)
            .map_err(|error| error.to_string())
            .and_then(|mut list| list.0.pop().ok_or_else(|| "it is empty".to_owned()));
        Some(Self { oid, info: info.to_vec(), decoded })
    }

    /// Why it is not as its document defines it.
    pub(in crate::pki) fn error(&self) -> Option<&str> {
        self.decoded.as_ref().err().map(String::as_str)
    }

    pub(in crate::pki) fn psd2(&self) -> Option<&Psd2Statement> {
        match &self.decoded {
            Ok(QcStatement::Psd2(psd2)) => Some(psd2),
            _ => None,
        }
    }

    pub(in crate::pki) fn types(&self) -> Option<&[Oid]> {
        match &self.decoded {
            Ok(QcStatement::Type(types)) => Some(types),
            _ => None,
        }
    }

    pub(in crate::pki) fn pds(&self) -> Option<&[PdsLocation]> {
        match &self.decoded {
            Ok(QcStatement::Pds(pds)) => Some(pds),
            _ => None,
        }
    }

    /// The information as a non-negative number.
    pub(in crate::pki) fn number(&self) -> Option<u32> {
        u32::from_der(&self.info).ok().filter(|(rest, _)| rest.is_empty()).map(|(_, number)| number)
    }
}

/// The elements of a SEQUENCE OF SEQUENCE, each with its header.
fn split(value: &[u8]) -> Result<Vec<&[u8]>, String> {
    let (rest, whole) = Any::from_der(value).map_err(|error| format!("it is no DER: {error}"))?;
    if whole.tag() != Tag::Sequence {
        return Err(format!("it is no SEQUENCE, but has the tag {}", whole.tag().0));
    }
    if Any::from_der(whole.data).is_ok_and(|(_, first)| first.tag() == Tag::Oid) {
        return Err("its statements stand there bare: the SEQUENCE around them is missing".to_owned());
    }
    if !rest.is_empty() {
        return Err(format!("{} octets follow its end", rest.len()));
    }
    let mut items = Vec::new();
    let mut left = whole.data;
    while !left.is_empty() {
        let (after, item) = Any::from_der(left).map_err(|error| format!("statement {}: {error}", items.len() + 1))?;
        if item.tag() != Tag::Sequence {
            return Err(format!("statement {} is no SEQUENCE", items.len() + 1));
        }
        items.push(&left[..left.len() - after.len()]);
        left = after;
    }
    Ok(items)
}
