//! PKCS#12 (RFC 7292): certificate, key and chain under a password.

use std::sync::mpsc;
use std::time::Duration;

use openssl::error::ErrorStack;
use openssl::pkcs12::{ParsedPkcs12_2, Pkcs12};
use openssl::provider::Provider;

use super::{FileError, Item, Source};

/// A file chooses how often its password is hashed, up to hours of it: longer than this it is not waited for.
const LONGEST: Duration = Duration::from_secs(10);

pub(super) fn items(source: &Source, bytes: &[u8]) -> Result<Vec<Item>, FileError> {
    let file = source.path.display();
    let password = source.password.unwrap_or_default();
    if password.contains('\0') {
        return Err(source.error("the password holds a NUL octet", "give the password as text"));
    }
    let (send, receive) = mpsc::channel();
    let (bytes, password) = (bytes.to_vec(), password.to_owned());
    std::thread::spawn(move || send.send(open(&bytes, &password)));
    let convert = format!("openssl pkcs12 -legacy -in {file} -nodes -out {file}.pem");
    match receive.recv_timeout(LONGEST) {
        Ok(Ok(parsed)) => taken(source, parsed),
        Ok(Err(Refusal::Password)) if source.password.is_none() => Err(source.error(
            "it is PKCS#12 under a password, and none was given",
            format!("give the password by --password-file or --password-env, or convert it: {convert}"),
        )),
        Ok(Err(Refusal::Password)) => Err(source.error(
            "it is PKCS#12, and the password does not open it",
            format!("give the right password; `openssl pkcs12 -in {file} -noout` asks for it"),
        )),
        Ok(Err(Refusal::Algorithm)) => {
            Err(source
                .error("it is PKCS#12 under an algorithm that is not supported", format!("convert it: {convert}")))
        }
        Err(_) => Err(source.error(
            format!("it is PKCS#12 whose password takes longer than {} seconds to check", LONGEST.as_secs()),
            format!("export it again with fewer iterations, or convert it: {convert}"),
        )),
    }
}

enum Refusal {
    Password,
    Algorithm,
}

fn open(bytes: &[u8], password: &str) -> Result<ParsedPkcs12_2, Refusal> {
    let archive = Pkcs12::from_der(bytes).map_err(|_| Refusal::Algorithm)?;
    archive.parse2(password).or_else(|error| {
        if is_about_the_password(&error) {
            return Err(Refusal::Password);
        }
        // RC2 and the like, as old tools write: that part of OpenSSL is only there while it is needed.
        let legacy = Provider::try_load(None, "legacy", true);
        let parsed = archive.parse2(password);
        drop(legacy);
        parsed.map_err(|_| Refusal::Algorithm)
    })
}

fn is_about_the_password(error: &ErrorStack) -> bool {
    error.errors().iter().any(|error| error.reason().is_some_and(|reason| reason.contains("mac verify failure")))
}

fn taken(source: &Source, parsed: ParsedPkcs12_2) -> Result<Vec<Item>, FileError> {
    let mut items = Vec::new();
    let der = |certificate: &openssl::x509::X509Ref| {
        certificate.to_der().map(Item::Certificate).map_err(|_| {
            source.error("it is PKCS#12 with a certificate that cannot be read", "export it again from where it came")
        })
    };
    if let Some(certificate) = &parsed.cert {
        items.push(der(certificate)?);
    }
    for certificate in parsed.ca.iter().flatten() {
        items.push(der(certificate)?);
    }
    items.extend(parsed.pkey.map(Item::Key));
    if items.is_empty() {
        return Err(source.error("it is PKCS#12 with nothing in it", "export it again, with certificate and key"));
    }
    Ok(items)
}
