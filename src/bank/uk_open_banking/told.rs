//! `Initiation`, as it is told in an answer.

use serde_json::{Value, json};

use crate::bank::habits;
use crate::bank::model::world::World;

/// In which answer it is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    ConsentMade,
    ConsentRead,
    OrderMade,
    OrderRead,
}

/// What the TPP has sent, as the bank tells it there.
pub(super) fn initiation(world: &World, place: Place, mut initiation: Value) -> Value {
    let faults = &world.faults;
    let bent = match place {
        Place::ConsentMade if faults.on("uk-consent-told-otherwise") => {
            Some(("/CreditorAccount/Name", json!("Somebody Else")))
        }
        Place::ConsentRead if faults.on("uk-consent-read-back-differs") => {
            Some(("/EndToEndIdentification", json!("NOTPROVIDED")))
        }
        Place::OrderMade if faults.on("uk-order-told-otherwise") => {
            Some(("/CreditorAccount/Identification", json!("20405318203746")))
        }
        Place::OrderRead if faults.on("uk-order-read-back-differs") => {
            Some(("/InstructedAmount", json!({ "Amount": "999.99", "Currency": "GBP" })))
        }
        _ => None,
    };
    if let Some((member, other)) = bent
        && let Some(value) = initiation.pointer_mut(member)
    {
        *value = other;
    }
    if let Some(amount) = initiation.pointer_mut("/InstructedAmount/Amount") {
        let number = amount.as_str().and_then(|text| text.parse::<f64>().ok());
        if let Some(number) = number.filter(|_| faults.on("uk-amounts-as-numbers")) {
            *amount = json!(number);
        }
        habits::amount_as_kept(world, amount);
    }
    initiation
}
