//! Keys on P-521 against OpenSSL, in either version of TLS: the bank's server and ours need not be of one house.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use bankproof::{
    pki::{Issued, KeyKind, Recipe, TestPki},
    targets::KeyPair,
    tpp::tls::client_config,
};
use openssl::{
    pkey::PKey,
    ssl::{SslAcceptor, SslMethod, SslVerifyMode, SslVersion},
    x509::X509,
};
use rustls::pki_types::ServerName;

fn acceptor(pki: &TestPki, server: &Issued, version: SslVersion) -> SslAcceptor {
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
    builder.set_min_proto_version(Some(version)).unwrap();
    builder.set_max_proto_version(Some(version)).unwrap();
    builder.set_private_key(&PKey::private_key_from_pem(server.key_pem.as_bytes()).unwrap()).unwrap();
    builder.set_certificate(&X509::from_pem(server.certificate_pem.as_bytes()).unwrap()).unwrap();
    for authority in [&pki.root, &pki.issuing] {
        let certificate = X509::from_pem(authority.certificate_pem().as_bytes()).unwrap();
        builder.cert_store_mut().add_cert(certificate).unwrap();
    }
    builder.add_extra_chain_cert(X509::from_pem(pki.issuing.certificate_pem().as_bytes()).unwrap()).unwrap();
    builder.set_verify(SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT);
    builder.build()
}

/// What the server reads of the client's certificate.
fn meet(server: KeyKind, client: KeyKind, version: SslVersion) -> String {
    let pki = TestPki::fresh().unwrap();
    let server = pki.issuing.issue(&Recipe::bank_server().key(server)).unwrap();
    let client = pki.issuing.issue(&Recipe::qwac().key(client)).unwrap();
    let acceptor = acceptor(&pki, &server, version);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let told = thread::spawn(move || {
        let mut stream = acceptor.accept(listener.accept().unwrap().0).unwrap();
        stream.read_exact(&mut [0; 1]).unwrap();
        stream.write_all(b"!").unwrap();
        format!("{} bits", stream.ssl().peer_certificate().unwrap().public_key().unwrap().bits())
    });
    let pair = KeyPair { certificate_pem: client.chain_pem, key_pem: client.key_pem };
    let config = client_config(&[pki.root.certificate_pem().to_owned()], Some(&pair)).unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = rustls::ClientConnection::new(config.into(), name).unwrap();
    let mut stream = rustls::StreamOwned::new(connection, std::net::TcpStream::connect(address).unwrap());
    stream.write_all(b"?").unwrap();
    stream.read_exact(&mut [0; 1]).unwrap();
    told.join().unwrap()
}

#[test]
fn either_side_may_have_such_a_key_in_either_version() {
    for version in [SslVersion::TLS1_2, SslVersion::TLS1_3] {
        assert_eq!(meet(KeyKind::P256, KeyKind::P521, version), "521 bits", "{version:?}");
        assert_eq!(meet(KeyKind::P521, KeyKind::P521, version), "521 bits", "{version:?}");
        assert_eq!(meet(KeyKind::P521, KeyKind::P256, version), "256 bits", "{version:?}");
    }
}
