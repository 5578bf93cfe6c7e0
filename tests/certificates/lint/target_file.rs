//! Certificates and keys of a target file, as people have them.

use std::fs;
use std::path::Path;

use bankproof::targets::{TargetError, load};
use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use openssl::x509::X509;

use super::support::folder;

const TARGET: &str = r#"
name = "A bank"
environment = "test"
dialect = "none"
server = { issuer = "https://localhost:1", trust_anchors = ["anchors.pem"] }
resource = { url = "https://localhost:1/resource", scope = "accounts" }
psu = { buttons = { approve = ["approve"] } }
[[identity]]
name = "tpp-a"
client_id = "tpp-a"
redirect_uris = ["https://tpp-a.example/callback"]
certificate = "certificate"
key = "key"
"#;

fn written(folder: &Path, certificate: &[u8], key: &[u8]) -> Result<String, TargetError> {
    fs::write(folder.join("target.toml"), TARGET).unwrap();
    fs::write(folder.join("certificate"), certificate).unwrap();
    fs::write(folder.join("key"), key).unwrap();
    fs::copy(folder.join("ca-root.pem"), folder.join("anchors.pem")).unwrap();
    load(&folder.join("target.toml")).map(|target| target.tpp().qwac.certificate_pem.clone())
}

#[test]
fn certificates_and_keys_are_put_right() {
    let folder = folder();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let [leaf, ca, root, key] = ["tpp-a-qwac.pem", "ca-issuing.pem", "ca-root.pem", "tpp-a-qwac.key"].map(read);
    let right = format!("{leaf}{ca}{root}");
    let der = |pem: &str| X509::from_pem(pem.as_bytes()).unwrap().to_der().unwrap();
    let private = PKey::private_key_from_pem(key.as_bytes()).unwrap();
    let cases = [
        (right.clone().into_bytes(), key.clone().into_bytes(), &right),
        (format!("{root}{ca}{leaf}").into_bytes(), key.clone().into_bytes(), &right),
        (leaf.replace('\n', "\r\n").into_bytes(), key.replace('\n', "\r\n").into_bytes(), &leaf),
        (leaf.trim_end().as_bytes().to_vec(), key.trim_end().as_bytes().to_vec(), &leaf),
        (der(&leaf), private.private_key_to_der().unwrap(), &leaf),
        (format!("{key}{leaf}").into_bytes(), format!("{leaf}{key}").into_bytes(), &leaf),
    ];
    for (certificate, key, expected) in cases {
        assert_eq!(written(folder.path(), &certificate, &key).unwrap(), *expected);
    }
    // A PKCS#12 file without a password is both.
    let archive = Pkcs12::builder().cert(&X509::from_pem(leaf.as_bytes()).unwrap()).pkey(&private).build2("").unwrap();
    let archive = archive.to_der().unwrap();
    assert_eq!(written(folder.path(), &archive, &archive).unwrap(), leaf);
}

#[test]
fn what_cannot_be_put_right_is_told_with_line_and_mend() {
    let folder = folder();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let [leaf, key, other] = ["tpp-a-qwac.pem", "tpp-a-qwac.key", "tpp-b-qwac.key"].map(read);
    let utf16: Vec<u8> = leaf.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&[u8], &[u8], &str, &str); 6] = [
        (&utf16, key.as_bytes(), "UTF-16", "iconv"),
        (leaf.as_bytes(), other.as_bytes(), "does not belong to the certificate", "requested with"),
        (leaf.as_bytes(), leaf.as_bytes(), "holds no private key, but a certificate", "private key"),
        (key.as_bytes(), key.as_bytes(), "holds no certificate, but a private key", "certificate"),
        (b"", key.as_bytes(), "it is empty", "export"),
        (&[b'A'; 10_000_000], key.as_bytes(), "more than 1000000 octets", "bundle"),
    ];
    for (certificate, key, problem, mend) in cases {
        let error = written(folder.path(), certificate, key).unwrap_err();
        assert!(error.problem.contains(problem) && error.mend.contains(mend) && error.line.is_some(), "{error}");
    }
    let two = written(folder.path(), leaf.as_bytes(), format!("{key}{other}").as_bytes()).unwrap_err();
    assert!(two.problem.contains("2 private keys"), "{two}");
}
