//! PEM as people have it: with either line end, text around the blocks, and now and then half of it missing.
//! The block reader of the TLS library stops at the first fault and does not say where, so the lines are taken apart here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::pkey::PKey;

use super::{FileError, Item, Kind, Source, der};

/// One block.
struct Block {
    label: String,
    /// Where its BEGIN line is, from 1.
    line: usize,
    /// The base64 text, and before it the headers of an old encrypted key.
    body: String,
}

pub(super) fn items(source: &Source, bytes: &[u8]) -> Result<Vec<Item>, FileError> {
    // The blocks are ASCII; the text around them may be in any encoding.
    let text = String::from_utf8_lossy(bytes);
    blocks(source, &text)?.iter().map(|block| item(source, block)).collect()
}

fn blocks(source: &Source, text: &str) -> Result<Vec<Block>, FileError> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    // Old Macs end a line with a carriage return alone.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for (index, line) in text.split('\n').map(str::trim).enumerate() {
        if let Some(label) = mark(line, "-----BEGIN ") {
            if let Some(block) = open {
                return Err(unfinished(source, &block));
            }
            open = Some(Block { label: label.to_owned(), line: index + 1, body: String::new() });
        } else if let Some(label) = mark(line, "-----END ") {
            let block = open.take().filter(|block| block.label == label).ok_or_else(|| {
                let found = format!("line {} ends a block \"{label}\" that was not begun", index + 1);
                source.error(found, "copy each block whole, with its own BEGIN and END lines")
            })?;
            blocks.push(block);
        } else if let Some(block) = open.as_mut().filter(|_| !line.is_empty()) {
            block.body.push_str(line);
            block.body.push('\n');
        }
    }
    match open {
        Some(block) => Err(unfinished(source, &block)),
        None if blocks.is_empty() => Err(source.error(
            "it has a -----BEGIN line that is damaged",
            "a block begins with a line such as -----BEGIN CERTIFICATE-----, with five hyphens on either side",
        )),
        None => Ok(blocks),
    }
}

fn mark<'a>(line: &'a str, begin: &str) -> Option<&'a str> {
    line.strip_prefix(begin)?.strip_suffix("-----")
}

fn unfinished(source: &Source, block: &Block) -> FileError {
    source.error(
        format!("the block \"{}\" of line {} has no -----END line: the file is cut off", block.label, block.line),
        "copy the file again, up to and with its END line",
    )
}

fn item(source: &Source, block: &Block) -> Result<Item, FileError> {
    Ok(match block.label.as_str() {
        "CERTIFICATE" | "X509 CERTIFICATE" => Item::Certificate(decode(source, block)?),
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "DSA PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => {
            key(source, block)?
        }
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Item::Request(decode(source, block)?),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Item::Other(Kind::PublicKey),
        "X509 CRL" => Item::Other(Kind::Crl),
        "PKCS7" | "CMS" => Item::Other(Kind::Pkcs7),
        "TRUSTED CERTIFICATE" => Item::Other(Kind::TrustedCertificate),
        "OPENSSH PRIVATE KEY" => Item::Other(Kind::OpenSsh),
        "EC PARAMETERS" | "DH PARAMETERS" | "DSA PARAMETERS" => Item::Other(Kind::Parameters),
        // A PKCS#12 file in PEM armour does exist.
        "PKCS12" => return Err(armoured_pkcs12(source)),
        _ => Item::Other(Kind::Unknown),
    })
}

fn decode(source: &Source, block: &Block) -> Result<Vec<u8>, FileError> {
    let text: String = block.body.split_ascii_whitespace().collect();
    STANDARD.decode(text).map_err(|_| {
        source.error(
            format!("the block \"{}\" of line {} is no base64", block.label, block.line),
            "copy the file again: a line is damaged or missing",
        )
    })
}

fn key(source: &Source, block: &Block) -> Result<Item, FileError> {
    let locked = block.label.starts_with("ENCRYPTED") || block.body.contains("ENCRYPTED");
    let Some(password) = source.password.filter(|_| locked) else {
        return if locked { Ok(Item::Other(Kind::LockedKey)) } else { plain_key(source, block) };
    };
    let label = &block.label;
    // Old keys have headers, and an empty line must part them from the rest.
    let mut body = block.body.clone();
    if let Some(at) = body.find("DEK-Info:").and_then(|at| body[at..].find('\n').map(|end| at + end)) {
        body.insert(at, '\n');
    }
    let pem = format!("-----BEGIN {label}-----\n{body}-----END {label}-----\n");
    PKey::private_key_from_pem_passphrase(pem.as_bytes(), password.as_bytes()).map(Item::Key).map_err(|_| {
        source.error(
            "the password does not open the private key",
            format!("give the right one; `openssl pkey -in {} -noout` asks for it", source.path.display()),
        )
    })
}

fn plain_key(source: &Source, block: &Block) -> Result<Item, FileError> {
    der::key(&decode(source, block)?).map(Item::Key).ok_or_else(|| {
        source.error(
            format!("the private key of line {} cannot be read", block.line),
            "export it again as an unencrypted PKCS#8, PKCS#1 or SEC1 key; `openssl pkey -in KEY -check` examines it",
        )
    })
}

fn armoured_pkcs12(source: &Source) -> FileError {
    let file = source.path.display();
    let mend = format!("convert it: grep -v -e ----- {file} | openssl base64 -d > {file}.p12");
    source.error("it is PKCS#12 in PEM lines", mend)
}
