//! The questions about the customer and what there is to pay.

use std::path::Path;

use url::Url;

use super::{
    Stop,
    ask::Answers,
    compose::{Draft, Intent, account_keys},
    path::{beside, kept_beside},
    read,
};
use crate::targets::Dialect;

/// What to pay. The token endpoint's host is where the API is looked for.
pub(super) fn payments(
    answers: &Answers,
    draft: &mut Draft,
    dialect: Dialect,
    token: Option<&str>,
    folder: &Path,
) -> Result<Intent, Stop> {
    let origin = token.and_then(|url| Some(Url::parse(url).ok()?.origin().ascii_serialization()));
    let ask_api = format!("The base address of the payment API, {}?", dialect.wanted_base());
    let [from, to] = account_keys(dialect);
    let (api, debtor, creditor, currency) = match dialect {
        Dialect::UkOpenBanking => {
            let origin = origin.map(|origin| format!("{origin}{}", dialect.usual_base()));
            let seal = "The QSealC that signs requests (none: -): which file?";
            if let Some(seal) = answers.ask("seal", seal, Some("-"), read::certificate_or_none)? {
                let near = Path::new(&seal).with_extension("key");
                let near = near.exists().then(|| near.display().to_string());
                let key = answers.ask("seal_key", "Its key: which file?", near.as_deref(), read::key)?;
                draft.seal = Some((beside(folder, &seal), beside(folder, &key)));
            }
            let debtor =
                "The customer's account, sort code and number in 14 digits (none: -, and the customer chooses)?";
            let creditor = "The payee's account, sort code and number in 14 digits?";
            (
                answers.ask("api", &ask_api, origin.as_deref(), read::uk_api)?,
                answers.ask(from, debtor, None, read::kept_account)?,
                answers.ask(to, creditor, Some("20405318203745"), read::account)?,
                "GBP",
            )
        }
        Dialect::BerlinGroup | Dialect::None => {
            let by_oauth = "Are payments authorised by OAuth (scaOAuth): yes or no?";
            let by_oauth = answers.ask("oauth_sca", by_oauth, Some("yes"), read::yes)?;
            draft.capabilities.extend(by_oauth.then(|| "oauth-sca".to_owned()));
            let payee = Some("DE89370400440532013000");
            (
                answers.ask("api", &ask_api, origin.as_deref(), read::https)?,
                Some(answers.ask(from, "The customer's account (IBAN)?", None, read::kept_iban)?),
                answers.ask(to, "The payee's account (IBAN)?", payee, read::iban)?,
                "EUR",
            )
        }
    };
    Ok(Intent::Payments {
        dialect,
        api,
        debtor: debtor.map(|debtor| kept_beside(folder, debtor)),
        creditor,
        creditor_name: answers.ask("creditor_name", "The payee's name?", Some("Test Merchant"), read::text)?,
        amount: answers.ask("amount", "How much, with a dot?", Some("12.34"), read::amount)?,
        currency: answers.ask("currency", "In which currency?", Some(currency), read::currency)?,
    })
}

/// The customer: each form field as `name=value`, with commas in between.
pub(super) fn customer(answers: &Answers, draft: &mut Draft, folder: &Path) -> Result<(), Stop> {
    let fields = "What the customer types into which form fields, as name=value, …?";
    draft.fields = answers.ask("fields", fields, None, read::pairs)?;
    let secrets = "The same for secrets; env:NAME and file:PATH keep them out of the file?";
    let secrets = answers.ask("secrets", secrets, Some("password=env:BANK_PASSWORD"), read::pairs)?;
    draft.secrets = secrets.into_iter().map(|(name, value)| (name, kept_beside(folder, value))).collect();
    let code = "Which of them is a one-time code (none: -)?";
    draft.one_time_code = answers.ask("one_time_code", code, Some("-"), read::one_time_code(&draft.secrets))?;
    let go_on = "Buttons that go on to the next page, with commas in between?";
    draft.buttons = [
        answers.ask("continue", go_on, Some("Log in, Continue"), read::words)?,
        answers.ask("approve", "Buttons that agree?", Some("Approve"), read::some_words)?,
        answers.ask("deny", "Buttons that refuse (none: -)?", Some("-"), read::words)?,
        answers.ask("cancel", "Buttons that leave (none: -)?", Some("-"), read::words)?,
    ];
    Ok(())
}
