//! Signatures on messages, with whatever a TPP may write or an attacker send.

use bankproof::targets::signing::Form;
use serde_json::json;

use crate::probes::signatures::sent_order;
use crate::world::{World, answer};

#[tokio::test]
async fn whatever_the_order_says_its_signature_fits() {
    let world = World::new(&[]).await;
    let seal = &world.pki.tpps[0].qsealc;
    for text in
        ["ordinary", "dots. in. it", "\"quoted\", back\\slashed", "Zażółć gęślą jaźń €", "\u{1f600}\u{0}\n\t", ""]
    {
        let mut order = world.order();
        order["endToEndIdentification"] = json!(text.chars().take(35).collect::<String>());
        let wanted = if text.trim().is_empty() { 400 } else { 201 };
        for form in [Form::BerlinGroup, Form::UkJws, Form::Rfc9421] {
            let response = sent_order(&world, form, "", seal, &order).await;
            assert_eq!(response.status(), wanted, "{text:?} in {form:?}");
        }
    }
}

#[tokio::test]
async fn a_signature_that_is_none_is_refused_and_breaks_nothing() {
    let world = World::new(&[]).await;
    let certificate = world.pki.tpps[0].qsealc.certificate_pem.replace('\n', "");
    let long = "a=\"b\",".repeat(500);
    let values = [
        "x",
        "=",
        ",",
        ";",
        ":",
        "..",
        "a.b.c",
        "e30..",
        "e30..AAAA",
        "\"",
        "\\",
        "keyId=\"",
        "keyId=,headers=",
        "sig1=",
        "sig1=()",
        "sig1=(",
        "sig1=(\"@method\";created=1",
        "sig1=(\"a\" \"a\");created=999999999999999999999",
        "headers=\"\\u0000 :: (request-target) \",signature=\"AA==\"",
        &long,
    ];
    for header in ["Signature", "x-jws-signature", "Signature-Input", "Digest", "Content-Digest"] {
        for value in values {
            let request = world.initiation(&world.a, &world.order());
            let request = request.header("Signature", value).header("TPP-Signature-Certificate", &certificate);
            let (status, body) = answer(request.header(header, value)).await;
            assert_eq!(status, 401, "{header}: {value:.40}: {body}");
        }
    }
}
