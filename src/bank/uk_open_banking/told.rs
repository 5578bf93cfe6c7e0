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
    if place == Place::ConsentMade && faults.on("uk-consent-told-otherwise") {
        initiation["CreditorAccount"]["Name"] = json!("Somebody Else");
    }
    if place == Place::ConsentRead && faults.on("uk-consent-read-back-differs") {
        initiation["RemittanceInformation"] = json!({ "Reference": "Rent for May" });
    }
    if place == Place::OrderMade && faults.on("uk-order-told-otherwise") {
        initiation["DebtorAccount"]["Identification"] = json!("20405318203745");
    }
    if place == Place::OrderRead && faults.on("uk-order-read-back-differs") {
        initiation["InstructedAmount"] = json!({ "Amount": "999.99", "Currency": "GBP" });
    }
    let amount = &mut initiation["InstructedAmount"]["Amount"];
    let number = amount.as_str().and_then(|text| text.parse::<f64>().ok());
    if let Some(number) = number.filter(|_| faults.on("uk-amounts-as-numbers")) {
        *amount = json!(number);
    }
    habits::amount_as_kept(world, amount);
    initiation
}
