//! Files as people have them.

use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::provider::Provider;
use openssl::symm::Cipher;
use openssl::x509::X509;
use proptest::prelude::*;

use super::*;
use crate::pki::{Issued, TestPki};

thread_local!(static PKI: TestPki = TestPki::fresh().unwrap());

fn qwac() -> Issued {
    PKI.with(|pki| pki.tpps[0].qwac.clone())
}

fn read(bytes: impl AsRef<[u8]>) -> Result<Contents, FileError> {
    Contents::from_bytes(Path::new("some.pem"), bytes.as_ref(), None)
}

fn complaint(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let error = read(bytes).and_then(|contents| contents.chain()).unwrap_err().to_string();
    assert!(error.starts_with("some.pem: ") && error.contains("\n  mend: "), "{error}");
    error
}

fn key() -> PKey<Private> {
    PKey::private_key_from_pem(qwac().key_pem.as_bytes()).unwrap()
}

fn pkcs12(password: &str, old: bool) -> Vec<u8> {
    let legacy = old.then(|| Provider::try_load(None, "legacy", true).unwrap());
    let mut builder = Pkcs12::builder();
    builder.name("tpp").pkey(&key()).cert(&X509::from_pem(qwac().certificate_pem.as_bytes()).unwrap());
    if old {
        builder
            .key_algorithm(Nid::PBE_WITHSHA1AND3_KEY_TRIPLEDES_CBC)
            .cert_algorithm(Nid::PBE_WITHSHA1AND40BITRC2_CBC)
            .mac_md(openssl::hash::MessageDigest::sha1());
    }
    let der = builder.build2(password).unwrap().to_der().unwrap();
    drop(legacy);
    der
}

#[test]
fn every_form_of_a_certificate_is_read() {
    let pem = qwac().certificate_pem;
    let der = X509::from_pem(pem.as_bytes()).unwrap().to_der().unwrap();
    let with_text = format!("subject=ä\r\n{}", pem.replace('\n', "\r\n"));
    let forms: [Vec<u8>; 7] = [
        pem.clone().into_bytes(),
        der.clone(),
        pem.trim_end().as_bytes().to_vec(),
        pem.replace('\n', "\r\n").into_bytes(),
        pem.replace('\n', "\r").into_bytes(),
        with_text.into_bytes(),
        [b"\xef\xbb\xbf", pem.as_bytes()].concat(),
    ];
    for form in forms {
        assert_eq!(read(&form).unwrap().chain().unwrap().certificates, std::slice::from_ref(&der), "{form:?}");
    }
}

#[test]
fn every_form_of_a_key_is_read() {
    let (issued, key) = (qwac(), key());
    let forms = [
        issued.key_pem.clone().into_bytes(),
        key.private_key_to_der().unwrap(),
        key.private_key_to_pkcs8().unwrap(),
        key.ec_key().unwrap().private_key_to_pem().unwrap(),
        format!("{}{}", issued.certificate_pem, issued.key_pem.replace('\n', "\r\n")).into_bytes(),
    ];
    for form in forms {
        assert!(read(&form).unwrap().key().unwrap().public_eq(&key));
    }
    let pkcs8 = key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_128_cbc(), b"secret").unwrap();
    let old = key.ec_key().unwrap().private_key_to_pem_passphrase(Cipher::aes_128_cbc(), b"secret").unwrap();
    let der = key.private_key_to_pkcs8_passphrase(Cipher::aes_128_cbc(), b"secret").unwrap();
    for form in [pkcs8, old, der] {
        let with = |password| Contents::from_bytes(Path::new("a.key"), &form, Some(password));
        assert!(with("secret").unwrap().key().unwrap().public_eq(&key));
        assert!(with("other").unwrap_err().found.contains("the password does not open"));
        assert!(read(&form).unwrap().key().unwrap_err().found.contains("but an encrypted private key"));
    }
}

#[test]
fn pkcs12_is_read_new_and_old() {
    for old in [false, true] {
        let archive = pkcs12("secret", old);
        let with = |password| Contents::from_bytes(Path::new("a.p12"), &archive, password);
        assert_eq!(with(Some("secret")).unwrap().inventory(), "a certificate and a private key");
        assert!(with(Some("other")).unwrap_err().found.contains("does not open"));
        assert!(with(Some("se\0cret")).unwrap_err().found.contains("NUL"));
        let error = with(None).unwrap_err().to_string();
        assert!(error.contains("none was given") && error.contains("openssl pkcs12 -legacy -in a.p12"), "{error}");
    }
    assert!(Contents::from_bytes(Path::new("a.p12"), &pkcs12("", false), None).is_ok());
}

#[test]
fn a_chain_is_put_into_order() {
    let (leaf, ca, root) = PKI.with(|pki| {
        (qwac().certificate_pem, pki.issuing.certificate_pem().to_owned(), pki.root.certificate_pem().to_owned())
    });
    let right = read(format!("{leaf}{ca}{root}")).unwrap().chain().unwrap();
    assert!(!right.moved && right.to_pem() == format!("{leaf}{ca}{root}"));
    for wrong in [format!("{root}{ca}{leaf}"), format!("{ca}{leaf}{root}")] {
        let chain = read(wrong).unwrap().chain().unwrap();
        assert!(chain.moved && chain.certificates == right.certificates);
    }
    let other = PKI.with(|pki| pki.tpps[1].qwac.certificate_pem.clone());
    assert!(complaint(format!("{leaf}{other}")).contains("2 certificates that are no chain"));
}

#[test]
fn what_cannot_be_used_is_named_with_its_mend() {
    let issued = qwac();
    let pem = &issued.certificate_pem;
    let utf16: Vec<u8> = pem.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let secret = issued.key_pem.lines().nth(1).unwrap();
    let cases: [(Vec<u8>, &str, &str); 10] = [
        (b" \n".to_vec(), "it is empty", "export"),
        (utf16, "UTF-16", "iconv -f UTF-16"),
        (bare.into_bytes(), "without its BEGIN and END lines", "openssl base64 -d"),
        (b"hello".to_vec(), "5 octets of other text", "openssl asn1parse"),
        (vec![0xfe, 0xed, 0xfe, 0xed, 0, 1], "Java key store", "keytool"),
        (pem.replace("-----END CERTIFICATE-----", "").into_bytes(), "of line 1 has no -----END line", "copy"),
        (pem.replace("-----BEGIN", "----BEGIN").into_bytes(), "no -----BEGIN line", "copy"),
        (pem.replacen("MII", "M*I", 1).into_bytes(), "is no base64", "copy"),
        (issued.key_pem.clone().into_bytes(), "no certificate, but a private key", "file with the certificate"),
        (issued.key_pem.replacen(secret, "AAAA", 1).into_bytes(), "line 1 cannot be read", "openssl pkey"),
    ];
    for (bytes, found, mend) in cases {
        let error = complaint(bytes);
        assert!(error.contains(found) && error.contains(mend), "{error}");
        assert!(!error.contains(secret), "{error}");
    }
    let two = read(format!("{}{}", issued.key_pem, issued.key_pem)).unwrap();
    assert!(two.key().unwrap_err().found.contains("2 private keys"));
    assert!(read(pem).unwrap().key().unwrap_err().found.contains("no private key, but a certificate"));
}

#[test]
fn a_file_is_read_within_bounds() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("big.pem");
    std::fs::write(&path, vec![b'A'; 10_000_000]).unwrap();
    let found = |path: &Path| Contents::read(path, None).unwrap_err().found;
    assert!(found(&path).contains("more than 1000000 octets"));
    assert!(found(dir.path()).contains("directory"));
    assert!(found(&dir.path().join("none.pem")).contains("cannot be read"));
}

proptest! {
    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), first in prop::sample::select(vec![0x30u8, b'-', 0xff])) {
        let _ = read([&[first], bytes.as_slice()].concat()).map(|contents| (contents.chain().is_ok(), contents.key().is_ok()));
    }

    #[test]
    fn damaged_text_does_not_panic(cut in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), octet in any::<u8>()) {
        let whole = [qwac().key_pem, qwac().chain_pem].concat().into_bytes();
        let mut bytes = whole[..cut.index(whole.len() + 1)].to_vec();
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] = octet;
        }
        let _ = read(bytes).map(|contents| (contents.chain().is_ok(), contents.key().is_ok()));
    }
}
