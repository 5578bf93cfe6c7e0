//! Certificate requests: what they ask for, and what is wrong with that.

use std::fs;
use std::path::Path;
use std::process::Command;

use openssl::asn1::{Asn1Object, Asn1OctetString};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::stack::Stack;
use openssl::x509::extension::{ExtendedKeyUsage, KeyUsage};
use openssl::x509::{X509Extension, X509Name, X509Req};

use super::forge::{PSD2, SEQUENCE, UTF8, ec_private_key, oid, tlv};
use super::support::{json, lint, rules, text};

const STATEMENTS: &str = "1.3.6.1.5.5.7.1.3";

fn role(arc: u64, name: &str) -> Vec<u8> {
    [oid(&[0, 4, 0, 19495, 1, arc]), tlv(UTF8, name.as_bytes())].concat()
}

/// The PSD2 statement with that list of roles, in the list of statements.
fn statements(roles: &[u8]) -> Vec<u8> {
    let authority = [tlv(UTF8, b"Federal Financial Supervisory Authority"), tlv(UTF8, b"DE-BAFIN")].concat();
    let psd2 = tlv(SEQUENCE, &[tlv(SEQUENCE, roles), authority].concat());
    tlv(SEQUENCE, &tlv(SEQUENCE, &[oid(PSD2), psd2].concat()))
}

/// Each role in a SEQUENCE of its own.
fn right() -> Vec<u8> {
    statements(&[role(2, "PSP_PI"), role(3, "PSP_AI")].map(|role| tlv(SEQUENCE, &role)).concat())
}

fn name(identifier: &str) -> X509Name {
    let mut name = X509Name::builder().unwrap();
    for (nid, value) in [(Nid::COUNTRYNAME, "DE"), (Nid::ORGANIZATIONNAME, "Example GmbH"), (Nid::COMMONNAME, "0015")] {
        name.append_entry_by_nid(nid, value).unwrap();
    }
    name.append_entry_by_text("2.5.4.97", identifier).unwrap();
    name.build()
}

/// A request in PEM with these QcStatements.
fn request(key: &PKey<Private>, identifier: &str, qc: Option<&[u8]>) -> Vec<u8> {
    let mut extensions = Stack::new().unwrap();
    extensions.push(KeyUsage::new().critical().digital_signature().build().unwrap()).unwrap();
    extensions.push(ExtendedKeyUsage::new().server_auth().client_auth().build().unwrap()).unwrap();
    if let Some(qc) = qc {
        let kind = Asn1Object::from_str(STATEMENTS).unwrap();
        let value = Asn1OctetString::new_from_bytes(qc).unwrap();
        extensions.push(X509Extension::new_from_der(&kind, false, &value).unwrap()).unwrap();
    }
    let mut builder = X509Req::builder().unwrap();
    builder.set_pubkey(key).unwrap();
    builder.set_subject_name(&name(identifier)).unwrap();
    builder.add_extensions(&extensions).unwrap();
    builder.sign(key, MessageDigest::sha256()).unwrap();
    builder.build().to_pem().unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let key = ec_private_key(Nid::X9_62_PRIME256V1);
    let flat = statements(&tlv(SEQUENCE, &[role(2, "PSP_PI"), role(3, "PSP_AI")].concat()));
    let one_list = statements(&[role(2, "PSP_PI"), role(3, "PSP_AI")].concat());
    let write = |file: &str, pem: Vec<u8>| fs::write(folder.path().join(file), pem).unwrap();
    write("right.csr", request(&key, "PSDDE-BAFIN-123456", Some(&right())));
    write("flat.csr", request(&key, "PSDDE-BAFIN-123456", Some(&flat)));
    write("list.csr", request(&key, "PSDDE-BAFIN-123456", Some(&one_list)));
    write("none.csr", request(&key, "PSDDE-BAFIN-123456", None));
    write("identifier.csr", request(&key, "PSDDE_BAFIN_123456", Some(&right())));
    let der = X509Req::from_pem(&request(&key, "PSDDE-BAFIN-123456", Some(&right()))).unwrap().to_der().unwrap();
    write("right.der", der);
    folder
}

fn inspect(folder: &Path, files: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankproof"));
    let output = command.args(["certs", "inspect"]).args(files).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    text(&output).0
}

#[test]
fn what_a_request_asks_for_is_explained() {
    let folder = folder();
    let said = inspect(folder.path(), &["right.csr", "flat.csr"]);
    for part in [
        "right.csr:\n",
        "flat.csr:\n",
        "certificate request: nothing is certified yet",
        "Asks for:         a QWAC",
        "Identifier:       PSDDE-BAFIN-123456",
        "Authority:        Federal Financial Supervisory Authority (DE-BAFIN)",
        "Roles:            PSP_PI (may initiate payments",
        "Key usage:        digitalSignature",
        "Made for:         serverAuth, clientAuth",
        "QcStatements:     broken: roleOfPSP: ",
        "PSP_PI is followed by another role: each role has to stand in a SEQUENCE of its own",
        "by the key in it, as it must be",
    ] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
    assert!(!said.contains("Serial:") && !said.contains("Valid:") && !said.contains("Issuer:"), "{said}");
    assert!(inspect(folder.path(), &["none.csr"]).contains("Made for:         serverAuth, clientAuth"));
}

#[test]
fn a_request_is_judged_by_what_it_asks_for() {
    let folder = folder();
    for (file, broken) in [
        ("right.csr", None),
        ("right.der", None),
        // What is left out is for the trust service provider to fill in.
        ("none.csr", None),
        ("flat.csr", Some("ts119495-statement-broken")),
        ("list.csr", Some("ts119495-statement-broken")),
        ("identifier.csr", Some("en319412-1-identifier-syntax")),
    ] {
        let object = json(folder.path(), &[file]);
        assert_eq!(object["request"], true, "{object}");
        let expected: Vec<String> = broken.into_iter().map(str::to_owned).collect();
        assert_eq!(rules(&object), expected, "{file}: {object}");
        let code = if broken.is_some() { 1 } else { 0 };
        assert_eq!(lint(folder.path(), &[file]).status.code(), Some(code), "{file}");
    }
    let (said, _) = text(&lint(folder.path(), &["flat.csr"]));
    assert!(said.contains("flat.csr: certificate request for a QWAC"), "{said}");
    assert!(said.contains("each role has to stand in a SEQUENCE of its own"), "{said}");
    assert!(said.contains("annex A") && !said.contains("octets follow"), "{said}");
}

#[test]
fn a_request_that_its_own_key_has_not_signed_is_nobodys() {
    let folder = folder();
    let mut der = fs::read(folder.path().join("right.der")).unwrap();
    *der.last_mut().unwrap() ^= 1;
    fs::write(folder.path().join("right.der"), der).unwrap();
    assert_eq!(rules(&json(folder.path(), &["right.der"])), ["rfc2986-not-signed-by-its-key"]);
    fs::write(
        folder.path().join("cut.csr"),
        "-----BEGIN CERTIFICATE REQUEST-----\nMAUCAQA=\n-----END CERTIFICATE REQUEST-----\n",
    )
    .unwrap();
    assert_eq!(rules(&json(folder.path(), &["cut.csr"])), ["rfc2986-unreadable"]);
}

#[test]
fn certificates_and_requests_of_one_call_are_counted_apart() {
    let folder = folder();
    let (said, _) = text(&lint(folder.path(), &["right.csr", "none.csr"]));
    assert!(said.contains("\n2 requests, ") && !said.contains("certificates,"), "{said}");
}

#[test]
fn where_nothing_can_be_read_nothing_is_printed() {
    let folder = folder();
    for arguments in [&["nope.pem"][..], &["--format", "json", "nope.pem", "nor-this.pem"]] {
        let output = lint(folder.path(), arguments);
        let (said, complained) = text(&output);
        assert_eq!((output.status.code(), said.as_str()), (Some(2), ""), "{complained}");
        assert!(complained.contains("nope.pem"), "{complained}");
    }
}
