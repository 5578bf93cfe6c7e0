//! Payments as Berlin Group NextGenPSD2 1.3 spells them.

use std::borrow::Cow;

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{Api, Draft, Field, Intent, Lodged, Ordered, Started, Wish};
use crate::{
    evidence::operation::Operation,
    targets::{Identity, Payment, Secret, Target},
    tpp::{Trouble, transport::Reply},
};

/// The customer's address as the TPP reports it: one of the block for documentation (RFC 5737).
const PSU_IP_ADDRESS: &str = "192.0.2.10";
/// With these a payment goes its way.
const GOES_ON: [&str; 5] = ["ACCP", "ACSP", "ACSC", "ACCC", "ACWC"];

/// NextGenPSD2 1.3.
pub(super) struct BerlinGroup;

impl Api for BerlinGroup {
    fn method(&self, operation: Operation) -> Method {
        match operation {
            Operation::Initiation | Operation::Authorisation => Method::POST,
            Operation::Cancellation => Method::DELETE,
            _ => Method::GET,
        }
    }

    fn headers(&self, operation: Operation) -> Vec<(&'static str, String)> {
        let typed = self.method(operation) == Method::POST;
        let media_type = typed.then(|| ("Content-Type", "application/json".to_owned()));
        let usual = [
            ("Accept", "application/json".to_owned()),
            ("X-Request-ID", Uuid::new_v4().to_string()),
            ("PSU-IP-Address", PSU_IP_ADDRESS.to_owned()),
        ];
        media_type.into_iter().chain(usual).collect()
    }

    fn payment_headers(&self, tpp: &Identity) -> Vec<(&'static str, String)> {
        vec![("TPP-Redirect-Preferred", "true".to_owned()), ("TPP-Redirect-URI", tpp.redirect_uri().to_owned())]
    }

    fn token_scope(&self, _: Operation) -> Option<&'static str> {
        None
    }

    fn protected(&self) -> Operation {
        Operation::Payment
    }

    fn payments_path(&self, product: Option<&str>) -> String {
        format!("/payments/{}", product.unwrap_or("sepa-credit-transfers"))
    }

    fn payment_body(&self, payment: &Payment) -> Value {
        let iban = |account: Option<&Secret>| json!({ "iban": account.map(Secret::value) });
        let id = Uuid::new_v4().simple().to_string();
        json!({
            "debtorAccount": iban(payment.debtor()),
            "instructedAmount": { "currency": payment.currency, "amount": payment.amount },
            "creditorAccount": iban(payment.creditor()),
            "creditorName": payment.creditor_name,
            "endToEndIdentification": format!("BP-{}", &id[..20]),
            // What one payment has of another shows by it.
            "remittanceInformationUnstructured": format!("Bankproof conformance check {}", &id[20..]),
        })
    }

    fn pointer(&self, field: Field) -> Option<&'static str> {
        match field {
            Field::Amount => Some("/instructedAmount/amount"),
            Field::Payee => Some("/creditorAccount"),
            Field::PayeeAccount => Some("/creditorAccount/iban"),
            Field::PayeeName => Some("/creditorName"),
            Field::Identification | Field::Risk | Field::Context | Field::AuthorisedBy | Field::Completion => None,
        }
    }

    fn wish(&self, wish: &Wish) -> Result<Vec<(&'static str, String)>, Trouble> {
        Ok(match wish {
            Wish::StartAuthorisation => vec![("TPP-Explicit-Authorisation-Preferred", "true".to_owned())],
            Wish::FailuresTo(uri) => vec![("TPP-Nok-Redirect-URI", uri.clone())],
            Wish::Decoupled => {
                vec![("TPP-Redirect-Preferred", "false".to_owned()), ("TPP-Decoupled-Preferred", "true".to_owned())]
            }
        })
    }

    fn lodged(&self, draft: &Draft, url: &str, reply: &Reply) -> Result<Lodged, Trouble> {
        let json = reply.json();
        let Some(id) = json["paymentId"].as_str().filter(|_| reply.status < 300) else {
            return Err(Trouble::Prerequisite(format!("no payment was created: the bank answered {}", reply.status)));
        };
        if let Some(status @ ("RJCT" | "CANC")) = json["transactionStatus"].as_str() {
            let why =
                format!("the bank answered {status} at once: are the accounts and the amount under [payment] good?");
            return Err(Trouble::Prerequisite(why));
        }
        if is_exempted(&json) {
            let reason = "the bank exempted the payment from strong customer authentication (RTS Art. 13 to 18)";
            return Err(Trouble::DoesNotApply(reason.into()));
        }
        let names = json["_links"].as_object();
        let has = |prefix: &str| names.is_some_and(|all| all.keys().any(|name| name.starts_with(prefix)));
        let link = |name: &str| link(&json, name);
        Ok(Lodged {
            url: format!("{url}/{id}"),
            id: id.to_owned(),
            status: json["transactionStatus"].as_str().map(str::to_owned),
            authorisations: link("startAuthorisation"),
            leaves_the_start_to_the_tpp: has("startAuthorisation") && !has("sca"),
            links: links(&json),
            sent: draft.body().clone(),
            redirect_uri: draft.sent("TPP-Redirect-URI").unwrap_or_default().to_owned(),
            nok_redirect_uri: draft.sent("TPP-Nok-Redirect-URI").map(str::to_owned),
        })
    }

    fn takes_up_again(&self) -> bool {
        false
    }

    fn started(&self, lodged: &Lodged, reply: &Reply) -> Option<Started> {
        let json = reply.json();
        let by_id = || Some(format!("{}/authorisations/{}", lodged.url, json["authorisationId"].as_str()?));
        let links = links(&json);
        let started = Started { sca_status: links.sca_status.or_else(by_id), ..links };
        Some(started).filter(|started| started.sca_redirect.is_some() || started.sca_oauth.is_some())
    }

    fn url(&self, lodged: &Lodged, operation: Operation) -> Result<String, Trouble> {
        match operation {
            Operation::Status => Ok(format!("{}/status", lodged.url)),
            Operation::Authorisation | Operation::AuthorisationList => {
                Ok(lodged.authorisations.clone().unwrap_or_else(|| format!("{}/authorisations", lodged.url)))
            }
            Operation::ScaStatus => {
                let missing = || Trouble::DoesNotApply("the payment has no scaStatus link".into());
                lodged.links.sca_status.clone().ok_or_else(missing)
            }
            Operation::FundsConfirmation | Operation::Order | Operation::OrderStatus | Operation::OrderDetails => {
                Err(Trouble::DoesNotApply("NextGenPSD2 has no such operation for a payment".into()))
            }
            _ => Ok(lodged.url.clone()),
        }
    }

    fn order(&self, _: &Lodged) -> Result<(&'static str, Value), Trouble> {
        Err(Trouble::DoesNotApply("NextGenPSD2 carries out by itself what the customer has authorised".into()))
    }

    fn ordered(&self, _: &str, reply: &Reply) -> Result<Ordered, Trouble> {
        Err(Trouble::Harness(format!("NextGenPSD2 has no orders, and the bank answered {}", reply.status)))
    }

    /// A path from the root begins at the host (RFC 3986 5.2.2). Many banks mean the root of their API all the same: what
    /// begins with the version, and not with the path of the API itself, begins there.
    fn reference<'a>(&self, target: &Target, link: &'a str) -> Cow<'a, str> {
        let base = target.api.as_deref().unwrap_or_default();
        let own = Url::parse(base).map(|url| url.path().trim_end_matches('/').to_owned()).unwrap_or_default();
        let begins = |path: &str| !path.is_empty() && link.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        match begins(&target.api_version) && !begins(&own) {
            true => format!("{base}{link}").into(),
            false => link.into(),
        }
    }

    fn intent(&self, target: &Target, lodged: &Lodged) -> Intent {
        Intent::Scope(target.oauth.scope_of(&lodged.id))
    }
}

fn link(json: &Value, name: &str) -> Option<String> {
    json["_links"][name]["href"].as_str().map(str::to_owned)
}

fn links(json: &Value) -> Started {
    Started {
        sca_redirect: link(json, "scaRedirect"),
        sca_oauth: link(json, "scaOAuth"),
        sca_status: link(json, "scaStatus"),
    }
}

/// Nothing is left for the customer to authorise, and the payment goes its way all the same.
fn is_exempted(json: &Value) -> bool {
    let is_sca = |name: &String| name.starts_with("sca") || name.starts_with("startAuthorisation");
    let asks = json["_links"].as_object().is_some_and(|links| links.keys().any(is_sca));
    let goes_on = GOES_ON.iter().any(|status| json["transactionStatus"] == *status);
    json["scaStatus"] == "exempted" || (goes_on && !asks)
}
