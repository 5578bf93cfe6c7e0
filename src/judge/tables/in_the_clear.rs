//! Judges of what is answered without TLS.

use std::sync::Arc;

use super::{answered, failed, json, table};
use crate::{
    evidence::exchange::Exchange,
    judge::{Finding, tls::http},
};

fn alone(judge: impl Fn(&[Arc<Exchange>]) -> Finding) -> impl Fn(&Exchange) -> Finding {
    move |exchange| judge(&[Arc::new(exchange.clone())])
}

#[test]
fn silent_in_the_clear() {
    let to = |address: &str| answered(308, &[("location", address)], "");
    table(
        alone(http::silent_in_the_clear),
        [
            (failed("closed"), "holds"),
            (failed("timeout"), "holds"),
            (to("https://bank.example/token"), "holds"),
            (to("http://bank.example/other"), "granted"),
            (json(200, r#"{"active":false}"#), "granted"),
            // What a proxy says that wants TLS.
            (answered(400, &[], "The plain HTTP request was sent to HTTPS port"), "holds"),
            (json(403, r#"{"error":"invalid_request","error_description":"HTTPS is required"}"#), "holds"),
            (json(426, r#"{"code":"upgrade required"}"#), "holds"),
            // What only the endpoint itself says.
            (json(401, r#"{"error":"invalid_client"}"#), "granted"),
            (json(400, r#"{"error":"unsupported_grant_type"}"#), "granted"),
            (json(401, r#"{"tppMessages":[{"category":"ERROR","code":"CERTIFICATE_MISSING"}]}"#), "granted"),
            (answered(401, &[], ""), "granted"),
        ],
    );
}
