//! Domestic payments as UK Open Banking's Read/Write API spells them, 3.1.11 and 4.0: a consent, which the customer
//! authorises, and an order under it. What is sent here is what both releases have in common, and a text for the payee, which
//! each has in a form of its own.

use std::borrow::Cow;

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Api, Draft, Field, Intent, Lodged, Ordered, Started, Wish};
use crate::{
    evidence::operation::Operation,
    targets::{Identity, Payment, Secret, Target, UkVersion},
    tpp::{Trouble, transport::Reply},
};

/// The customer's address as the TPP reports it: one of the block for documentation (RFC 5737).
const CUSTOMER_IP_ADDRESS: &str = "192.0.2.10";
const CONSENTS: &str = "/domestic-payment-consents";
const PAYMENTS: &str = "/domestic-payments";
/// Sort code and account number in one.
const SCHEME: &str = "UK.OBIE.SortCodeAccountNumber";
/// What the payee reads.
const FOR_THE_PAYEE: &str = "Bankproof check";

/// Read/Write API, by release.
pub(super) struct UkOpenBanking {
    /// By which a consent goes nowhere any more.
    rejected: &'static str,
    /// Texts for the payee are a list.
    lists_texts: bool,
}

/// The API of that release.
pub(super) fn of(version: UkVersion) -> &'static UkOpenBanking {
    match version {
        UkVersion::V3 => &UkOpenBanking { rejected: "Rejected", lists_texts: false },
        UkVersion::V4 => &UkOpenBanking { rejected: "RJCT", lists_texts: true },
    }
}

impl Api for UkOpenBanking {
    fn method(&self, operation: Operation) -> Method {
        match operation {
            Operation::Initiation | Operation::Order => Method::POST,
            _ => Method::GET,
        }
    }

    fn headers(&self, operation: Operation) -> Vec<(&'static str, String)> {
        let typed = self.method(operation) == Method::POST;
        let media_type = typed.then(|| ("Content-Type", "application/json".to_owned()));
        let usual = [
            ("Accept", "application/json".to_owned()),
            ("x-fapi-interaction-id", Uuid::new_v4().to_string()),
            ("x-fapi-customer-ip-address", CUSTOMER_IP_ADDRESS.to_owned()),
        ];
        media_type.into_iter().chain(usual).collect()
    }

    fn payment_headers(&self, _: &Identity) -> Vec<(&'static str, String)> {
        vec![("x-idempotency-key", Uuid::new_v4().simple().to_string())]
    }

    fn token_scope(&self, operation: Operation) -> Option<&'static str> {
        match operation {
            Operation::Initiation | Operation::Status | Operation::Payment => Some("payments"),
            Operation::OrderStatus | Operation::OrderDetails => Some("payments"),
            _ => None,
        }
    }

    fn protected(&self) -> Operation {
        Operation::FundsConfirmation
    }

    fn payments_path(&self, _: Option<&str>) -> String {
        CONSENTS.to_owned()
    }

    fn payment_body(&self, payment: &Payment) -> Value {
        let id = Uuid::new_v4().simple().to_string();
        let account = |account: &Secret| json!({ "SchemeName": SCHEME, "Identification": account.value() });
        let mut initiation = json!({
            "InstructionIdentification": format!("BP-{}", &id[..20]),
            "EndToEndIdentification": format!("BPE-{}", &id[12..]),
            "InstructedAmount": { "Amount": payment.amount, "Currency": payment.currency },
        });
        let text = if self.lists_texts { json!([FOR_THE_PAYEE]) } else { json!(FOR_THE_PAYEE) };
        initiation["RemittanceInformation"] = json!({ "Unstructured": text });
        if let Some(debtor) = payment.debtor() {
            initiation["DebtorAccount"] = account(debtor);
        }
        if let Some(creditor) = payment.creditor() {
            initiation["CreditorAccount"] = account(creditor);
            initiation["CreditorAccount"]["Name"] = payment.creditor_name.as_str().into();
        }
        json!({ "Data": { "Initiation": initiation }, "Risk": { "PaymentContextCode": "TransferToThirdParty" } })
    }

    fn pointer(&self, field: Field) -> Option<&'static str> {
        Some(match field {
            Field::Amount => "/Data/Initiation/InstructedAmount/Amount",
            Field::Payee => "/Data/Initiation/CreditorAccount",
            Field::PayeeAccount => "/Data/Initiation/CreditorAccount/Identification",
            Field::PayeeName => "/Data/Initiation/CreditorAccount/Name",
            Field::Identification => "/Data/Initiation/InstructionIdentification",
            Field::Risk => "/Risk",
            Field::Context => "/Risk/PaymentContextCode",
            Field::AuthorisedBy => "/Data/Authorisation/AuthorisationType",
            Field::Completion => "/Data/Authorisation/CompletionDateTime",
        })
    }

    fn wish(&self, wish: &Wish) -> Result<Vec<(&'static str, String)>, Trouble> {
        let what = match wish {
            Wish::StartAuthorisation => "authorisations are started by OAuth alone",
            Wish::FailuresTo(_) => "every customer comes back at the redirect_uri",
            Wish::Decoupled => "payments are authorised on another device by CIBA, which is not spoken here",
        };
        Err(Trouble::DoesNotApply(format!("in UK Open Banking {what}")))
    }

    fn lodged(&self, draft: &Draft, url: &str, reply: &Reply) -> Result<Lodged, Trouble> {
        let json = reply.json();
        let Some(id) = json["Data"]["ConsentId"].as_str().filter(|_| reply.status < 300) else {
            return Err(Trouble::Prerequisite(format!("no consent was created: the bank answered {}", reply.status)));
        };
        let status = json["Data"]["Status"].as_str();
        if status == Some(self.rejected) {
            let why = format!(
                "the bank answered {} at once: are the accounts and the amount under [payment] good?",
                self.rejected
            );
            return Err(Trouble::Prerequisite(why));
        }
        Ok(Lodged {
            url: format!("{url}/{id}"),
            id: id.to_owned(),
            status: status.map(str::to_owned),
            sent: draft.body().clone(),
            ..Lodged::default()
        })
    }

    fn takes_up_again(&self) -> bool {
        true
    }

    fn started(&self, _: &Lodged, _: &Reply) -> Option<Started> {
        None
    }

    fn url(&self, lodged: &Lodged, operation: Operation) -> Result<String, Trouble> {
        let nothing = |what: &str| Err(Trouble::DoesNotApply(format!("UK Open Banking has no {what} of a payment")));
        match operation {
            Operation::FundsConfirmation => Ok(format!("{}/funds-confirmation", lodged.url)),
            Operation::ScaStatus => nothing("status of an authorisation"),
            Operation::Authorisation | Operation::AuthorisationList => nothing("explicit authorisation"),
            Operation::Cancellation => nothing("cancellation"),
            _ => Ok(lodged.url.clone()),
        }
    }

    fn order(&self, lodged: &Lodged) -> Result<(&'static str, Value), Trouble> {
        let initiation = lodged.sent["Data"]["Initiation"].clone();
        let data = json!({ "ConsentId": lodged.id, "Initiation": initiation });
        Ok((PAYMENTS, json!({ "Data": data, "Risk": lodged.sent["Risk"] })))
    }

    fn ordered(&self, url: &str, reply: &Reply) -> Result<Ordered, Trouble> {
        let json = reply.json();
        let id = json["Data"]["DomesticPaymentId"].as_str().filter(|_| reply.status < 300);
        let missing = || Trouble::Prerequisite(format!("no payment was created: the bank answered {}", reply.status));
        let id = id.ok_or_else(missing)?;
        Ok(Ordered { id: id.to_owned(), url: format!("{url}/{id}") })
    }

    fn reference<'a>(&self, _: &Target, link: &'a str) -> Cow<'a, str> {
        link.into()
    }

    /// Both places, for banks read either.
    fn intent(&self, _: &Target, lodged: &Lodged) -> Intent {
        let intent = json!({ "openbanking_intent_id": { "value": lodged.id, "essential": true } });
        let claims = json!({ "id_token": intent, "userinfo": intent });
        Intent::Claim { scope: "openid payments".into(), claims }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(debtor: Option<&str>) -> Payment {
        let text = "creditor_name = \"Shop\"\namount = \"1.50\"\ncurrency = \"GBP\"";
        let account = |number: &str| Secret::from(number.to_owned());
        Payment {
            debtor_account: debtor.map(account),
            creditor_account: Some(account("20405318203745")),
            ..toml::from_str(text).unwrap()
        }
    }

    fn lodged() -> Lodged {
        let sent = of(UkVersion::V4).payment_body(&payment(None));
        let url = "https://bank.example/open-banking/v4.0/pisp/domestic-payment-consents/c1".to_owned();
        Lodged { id: "c1".into(), url, sent, ..Lodged::default() }
    }

    #[test]
    fn a_consent_holds_what_all_releases_have_in_common() {
        for version in [UkVersion::V3, UkVersion::V4] {
            let body = of(version).payment_body(&payment(Some("20405371946028")));
            let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
            assert_eq!(text("/Data/Initiation/DebtorAccount/Identification"), "20405371946028");
            for (field, value) in
                [(Field::Amount, "1.50"), (Field::PayeeAccount, "20405318203745"), (Field::PayeeName, "Shop")]
            {
                assert_eq!(text(of(version).pointer(field).unwrap()), value);
            }
            for (name, longest) in [("InstructionIdentification", 35), ("EndToEndIdentification", 31)] {
                assert!((1..=longest).contains(&text(&format!("/Data/Initiation/{name}")).len()), "{name}");
            }
        }
        assert_eq!(of(UkVersion::V4).payment_body(&payment(None)).pointer("/Data/Initiation/DebtorAccount"), None);
        let texts =
            |version| of(version).payment_body(&payment(None))["Data"]["Initiation"]["RemittanceInformation"].clone();
        assert_eq!(texts(UkVersion::V3), json!({ "Unstructured": FOR_THE_PAYEE }));
        assert_eq!(texts(UkVersion::V4), json!({ "Unstructured": [FOR_THE_PAYEE] }));
    }

    #[test]
    fn an_order_repeats_its_consent() {
        let lodged = lodged();
        let (path, body) = of(UkVersion::V4).order(&lodged).unwrap();
        assert_eq!((path, &body["Data"]["ConsentId"]), ("/domestic-payments", &json!("c1")));
        assert_eq!(body["Data"]["Initiation"], lodged.sent["Data"]["Initiation"]);
        assert_eq!(body["Risk"], lodged.sent["Risk"]);
    }

    #[test]
    fn each_operation_has_its_token_and_its_place() {
        use Operation::{
            Authorisation, Cancellation, FundsConfirmation, Initiation, Order, OrderStatus, ScaStatus, Status,
        };
        let (api, lodged) = (of(UkVersion::V4), lodged());
        for own in [Initiation, Status, OrderStatus] {
            assert_eq!(api.token_scope(own), Some("payments"), "{own:?}");
        }
        for customers in [Order, FundsConfirmation] {
            assert_eq!(api.token_scope(customers), None, "{customers:?}");
        }
        assert!(
            api.url(&lodged, FundsConfirmation).unwrap().ends_with("/domestic-payment-consents/c1/funds-confirmation")
        );
        assert_eq!(api.url(&lodged, Status).unwrap(), lodged.url);
        for none in [ScaStatus, Authorisation, Cancellation] {
            assert!(matches!(api.url(&lodged, none), Err(Trouble::DoesNotApply(_))), "{none:?}");
        }
        for wish in [Wish::Decoupled, Wish::StartAuthorisation, Wish::FailuresTo("https://a".into())] {
            assert!(matches!(api.wish(&wish), Err(Trouble::DoesNotApply(_))), "{wish:?}");
        }
        assert!(!Order.may_be_repeated() && OrderStatus.may_be_repeated());
    }

    #[test]
    fn what_has_no_body_has_no_media_type() {
        let has = |operation| of(UkVersion::V4).headers(operation).iter().any(|(name, _)| *name == "Content-Type");
        assert!(has(Operation::Order) && has(Operation::Initiation) && !has(Operation::OrderStatus));
    }
}
