//! Certificates and keys in every form in which people have them, made on the spot from those of the bundled bank.

use std::fs;

use openssl::{
    hash::MessageDigest,
    nid::Nid,
    pkcs12::Pkcs12,
    pkey::{PKey, Private},
    provider::Provider,
    symm::Cipher,
    x509::X509,
};

use super::support::Desk;

const PASSWORD: &str = "open-sesame-4711";

/// A pair of the bundled bank, by the name of its files.
struct Pair {
    name: &'static str,
    pem: Vec<u8>,
    key: PKey<Private>,
}

impl Pair {
    fn of(desk: &Desk, name: &'static str) -> Self {
        let read = |ending: &str| fs::read(desk.path(&format!("t-identities/{name}.{ending}"))).unwrap();
        Self { name, pem: read("pem"), key: PKey::private_key_from_pem(&read("key")).unwrap() }
    }

    /// PKCS#12 with the leaf alone; `old` is RC2 and 3DES, as tools wrote it for twenty years.
    fn pkcs12(&self, old: bool) -> Vec<u8> {
        let legacy = old.then(|| Provider::try_load(None, "legacy", true).unwrap());
        let mut builder = Pkcs12::builder();
        builder.name("tpp").pkey(&self.key).cert(&X509::from_pem(&self.pem).unwrap());
        if old {
            builder
                .key_algorithm(Nid::PBE_WITHSHA1AND3_KEY_TRIPLEDES_CBC)
                .cert_algorithm(Nid::PBE_WITHSHA1AND40BITRC2_CBC)
                .mac_md(MessageDigest::sha1());
        }
        let der = builder.build2(PASSWORD).unwrap().to_der().unwrap();
        drop(legacy);
        der
    }

    fn encrypted(&self) -> Vec<u8> {
        self.key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), PASSWORD.as_bytes()).unwrap()
    }

    /// The target file with other lines in place of that pair's.
    fn replaced(&self, target: &str, lines: &str) -> String {
        let own = ["certificate", "key"].map(|key| {
            let ending = if key == "key" { "key" } else { "pem" };
            format!("{key} = \"t-identities/{}.{ending}\"", self.name)
        });
        let (certificate, key) = (own[0].as_str(), own[1].as_str());
        assert!(target.contains(certificate) && target.contains(key), "{target}");
        target.replacen(&format!("{key}\n"), "", 1).replacen(certificate, lines, 1)
    }
}

#[test]
fn every_form_of_certificate_and_key_opens_the_bank() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    let pair = Pair::of(&desk, "tpp-a-qwac");
    let der = X509::from_pem(&pair.pem).unwrap().to_der().unwrap();
    let apart = |key: Vec<u8>| vec![("c.crt", pair.pem.clone()), ("c.key", key)];
    let names_both = "certificate = \"c.crt\"\nkey = \"c.key\"";
    let locked = |names: &str| format!("{names}\nkey_password = {{ env = \"KEY_PASSWORD\" }}");
    let sec1 = pair.key.ec_key().unwrap().private_key_to_pem().unwrap();
    let together = [pair.pem.clone(), pair.key.private_key_to_pem_pkcs8().unwrap()].concat();
    for (form, files, lines) in [
        ("PKCS#8", apart(pair.key.private_key_to_pem_pkcs8().unwrap()), names_both.to_owned()),
        ("PKCS#8 encrypted", apart(pair.encrypted()), locked(names_both)),
        ("SEC1", apart(sec1), names_both.to_owned()),
        ("DER", vec![("c.crt", der), ("c.key", pair.key.private_key_to_der().unwrap())], names_both.to_owned()),
        ("one PEM file", vec![("c.pem", together)], "certificate = \"c.pem\"".to_owned()),
        ("PKCS#12 new", vec![("c.p12", pair.pkcs12(false))], locked("certificate = \"c.p12\"")),
        ("PKCS#12 old", vec![("c.p12", pair.pkcs12(true))], locked("certificate = \"c.p12\"")),
    ] {
        files.into_iter().for_each(|(name, bytes)| fs::write(desk.path(name), bytes).unwrap());
        // The leaf alone is in some of them: the chain's other certificate is known to the bank.
        desk.write("t.toml", &pair.replaced(&good, &lines));
        let ended = desk.bankproof_in(&[("KEY_PASSWORD", PASSWORD)], &["run", "--out", "out", "t.toml", "CERT-023"]);
        assert_eq!(ended.code, 0, "{form}: {}{}", ended.stdout, ended.stderr);
        assert_eq!(desk.last_run().check("CERT-023")["verdict"], "pass", "{form}");
    }
}

#[test]
fn seals_renewed_certificates_and_cas_come_in_every_form_too() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let seal = Pair::of(&desk, "tpp-a-qsealc");
    fs::write(desk.path("seal.key"), seal.key.rsa().unwrap().private_key_to_pem().unwrap()).unwrap();
    assert!(desk.read("seal.key").contains("BEGIN RSA PRIVATE KEY"));
    let renewed = Pair::of(&desk, "tpp-a-renewed-qwac");
    fs::write(desk.path("renewed.p12"), renewed.pkcs12(true)).unwrap();
    let ca = Pair::of(&desk, "ca-issuing");
    fs::write(desk.path("ca.key"), ca.encrypted()).unwrap();
    let locked = format!("key_password = \"{PASSWORD}\"");
    let text = desk.read("t.toml");
    let text = seal.replaced(&text, "certificate = \"t-identities/tpp-a-qsealc.pem\"\nkey = \"seal.key\"");
    let text = renewed.replaced(&text, &format!("certificate = \"renewed.p12\"\n{locked}"));
    let text =
        ca.replaced(&text, &format!("certificate = \"t-identities/ca-issuing.pem\"\nkey = \"ca.key\"\n{locked}"));
    desk.write("t.toml", &text);
    let ended = desk.run(&["t.toml", "SIGN-008", "CERT-024", "CERT-004"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    for id in ["SIGN-008", "CERT-024", "CERT-004"] {
        assert_eq!(desk.last_run().check(id)["verdict"], "pass", "{id}");
    }
    assert!(!desk.last_run().read("journal.ndjson").contains(PASSWORD));
}

#[test]
fn a_key_that_cannot_be_opened_is_told_with_a_mend() {
    let desk = Desk::new();
    let _bank = desk.bank("t.toml", &[]);
    let good = desk.read("t.toml");
    let pair = Pair::of(&desk, "tpp-a-qwac");
    fs::write(desk.path("c.p12"), pair.pkcs12(false)).unwrap();
    fs::write(desk.path("c.key"), pair.encrypted()).unwrap();
    fs::write(desk.path("c.pem"), &pair.pem).unwrap();
    let wrong = "key_password = \"shut-sesame-4711\"";
    for (lines, words) in [
        ("certificate = \"c.p12\"".to_owned(), ["none was given", "key_password = {"]),
        ("certificate = \"c.pem\"\nkey = \"c.key\"".to_owned(), ["an encrypted private key", "key_password = {"]),
        (format!("certificate = \"c.p12\"\n{wrong}"), ["does not open it", "mend"]),
        (format!("certificate = \"c.pem\"\nkey = \"c.key\"\n{wrong}"), ["does not open the private key", "mend"]),
        ("certificate = \"c.pem\"".to_owned(), ["no `key`", "key = \"…\""]),
        (
            "certificate = \"c.p12\"\nkey_password = { env = \"BANKPROOF_NOT_SET\" }".to_owned(),
            ["`identity.key_password`", "is not set"],
        ),
    ] {
        desk.write("t.toml", &pair.replaced(&good, &lines));
        let ended = desk.run(&["t.toml", "META-001"]);
        assert_eq!(ended.code, 2, "{lines}: {}{}", ended.stdout, ended.stderr);
        for word in words.into_iter().chain(["t.toml, line "]) {
            assert!(ended.stderr.contains(word), "{lines}: \"{word}\" is not in {}", ended.stderr);
        }
        assert!(!ended.stderr.contains("shut-sesame"), "{}", ended.stderr);
    }
}
