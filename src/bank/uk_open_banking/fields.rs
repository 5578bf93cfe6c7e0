//! The fields of a request for a consent or a payment, in both versions. What lies deep, and this bank does not read, is
//! taken as it comes.

use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use super::errors::{
    FIELD_INVALID, UNSUPPORTED_ACCOUNT, UNSUPPORTED_CURRENCY, UNSUPPORTED_INSTRUMENT, UNSUPPORTED_SCHEME,
};
use super::validate::{Member, Shape, Wrong};
use crate::bank::iban;
use crate::bank::model::consent::Version;
use crate::bank::model::world::World;

const fn must(name: &'static str, shape: Shape) -> Member {
    Member { name, mandatory: true, shape }
}

const fn may(name: &'static str, shape: Shape) -> Member {
    Member { name, mandatory: false, shape }
}

/// The members of a request for a consent.
pub(super) fn consent(version: Version) -> Shape {
    Shape::Members(match version {
        Version::V3 => CONSENT_3,
        Version::V4 => CONSENT_4,
    })
}

/// The members of a request for a payment.
pub(super) fn order(version: Version) -> Shape {
    Shape::Members(match version {
        Version::V3 => ORDER_3,
        Version::V4 => ORDER_4,
    })
}

const CONSENT_3: &[Member] = &[must("Data", Shape::Members(DATA_3)), must("Risk", Shape::Members(RISK_3))];
const CONSENT_4: &[Member] = &[must("Data", Shape::Members(DATA_4)), must("Risk", Shape::Members(RISK_4))];
const ORDER_3: &[Member] = &[must("Data", Shape::Members(ORDERED_3)), must("Risk", Shape::Members(RISK_3))];
const ORDER_4: &[Member] = &[must("Data", Shape::Members(ORDERED_4)), must("Risk", Shape::Members(RISK_4))];

const DATA_3: &[Member] = &[must("Initiation", Shape::Members(INITIATION_3)), REFUND, AUTHORISATION, SCA];
const DATA_4: &[Member] = &[must("Initiation", Shape::Members(INITIATION_4)), REFUND, AUTHORISATION, SCA];
const ORDERED_3: &[Member] = &[must("ConsentId", Shape::UpTo(128)), must("Initiation", Shape::Members(INITIATION_3))];
const ORDERED_4: &[Member] = &[must("ConsentId", Shape::UpTo(128)), must("Initiation", Shape::Members(INITIATION_4))];

const REFUND: Member = may("ReadRefundAccount", Shape::OneOf(&["Yes", "No"]));
const AUTHORISATION: Member = may(
    "Authorisation",
    Shape::Members(&[
        must("AuthorisationType", Shape::OneOf(&["Any", "Single"])),
        may("CompletionDateTime", Shape::Text(date)),
    ]),
);
const SCA: Member = may(
    "SCASupportData",
    Shape::Members(&[
        may(
            "RequestedSCAExemptionType",
            Shape::OneOf(&[
                "BillPayment",
                "ContactlessTravel",
                "EcommerceGoods",
                "EcommerceServices",
                "Kiosk",
                "Parking",
                "PartyToParty",
            ]),
        ),
        may("AppliedAuthenticationApproach", Shape::OneOf(&["CA", "SCA"])),
        may("ReferencePaymentOrderId", Shape::UpTo(40)),
    ]),
);

const INSTRUCTION: Member = must("InstructionIdentification", Shape::UpTo(35));
const END_TO_END: Member = must("EndToEndIdentification", Shape::UpTo(35));
const INSTRUMENT: Member = may("LocalInstrument", Shape::Text(instrument));
const AMOUNT: Member = must(
    "InstructedAmount",
    Shape::Members(&[must("Amount", Shape::Text(amount)), must("Currency", Shape::Text(currency))]),
);
const ADDRESS: Member = may("CreditorPostalAddress", Shape::Object);
const SUPPLEMENT: Member = may("SupplementaryData", Shape::Object);

const INITIATION_3: &[Member] = &[
    INSTRUCTION,
    END_TO_END,
    INSTRUMENT,
    AMOUNT,
    may("DebtorAccount", Shape::Members(&[SCHEME, IDENTIFICATION, may("Name", Shape::UpTo(350)), SECONDARY])),
    must("CreditorAccount", Shape::Members(&[SCHEME, IDENTIFICATION, must("Name", Shape::UpTo(350)), SECONDARY])),
    ADDRESS,
    may(
        "RemittanceInformation",
        Shape::Members(&[may("Unstructured", Shape::UpTo(140)), may("Reference", Shape::UpTo(35))]),
    ),
    SUPPLEMENT,
];

const INITIATION_4: &[Member] = &[
    INSTRUCTION,
    END_TO_END,
    INSTRUMENT,
    AMOUNT,
    may("DebtorAccount", Shape::Members(&[SCHEME, IDENTIFICATION, may("Name", Shape::UpTo(350)), SECONDARY, PROXY])),
    must(
        "CreditorAccount",
        Shape::Members(&[SCHEME, IDENTIFICATION, must("Name", Shape::UpTo(350)), SECONDARY, PROXY]),
    ),
    may("CreditorAgent", Shape::Object),
    ADDRESS,
    may("UltimateCreditor", Shape::Object),
    may("UltimateDebtor", Shape::Object),
    may("RegulatoryReporting", Shape::List(&Shape::Object)),
    may(
        "RemittanceInformation",
        Shape::Members(&[
            may("Structured", Shape::List(&Shape::Object)),
            may("Unstructured", Shape::List(&Shape::UpTo(140))),
        ]),
    ),
    SUPPLEMENT,
];

const SCHEME: Member = must("SchemeName", Shape::Text(scheme));
const IDENTIFICATION: Member = must("Identification", Shape::UpTo(256));
const SECONDARY: Member = may("SecondaryIdentification", Shape::UpTo(34));
const PROXY: Member = may(
    "Proxy",
    Shape::Members(&[
        must("Identification", Shape::UpTo(2048)),
        must("Code", Shape::UpTo(4)),
        may("Type", Shape::UpTo(35)),
    ]),
);

const CATEGORY: Member = may("MerchantCategoryCode", Shape::UpTo(4));
const CUSTOMER: Member = may("MerchantCustomerIdentification", Shape::UpTo(70));
const PREPOPULATED: Member = may("BeneficiaryPrepopulatedIndicator", Shape::Flag);
const PURPOSE: Member = may("PaymentPurposeCode", Shape::UpTo(4));
const ACCOUNT_TYPE: Member = may("BeneficiaryAccountType", Shape::UpTo(40));
const DELIVERY: Member = may("DeliveryAddress", Shape::Object);

const RISK_3: &[Member] = &[
    may(
        "PaymentContextCode",
        Shape::OneOf(&[
            "BillingGoodsAndServicesInAdvance",
            "BillingGoodsAndServicesInArrears",
            "PispPayee",
            "EcommerceMerchantInitiatedPayment",
            "FaceToFacePointOfSale",
            "TransferToSelf",
            "TransferToThirdParty",
            "BillPayment",
            "EcommerceGoods",
            "EcommerceServices",
            "Other",
            "PartyToParty",
        ]),
    ),
    CATEGORY,
    CUSTOMER,
    // The description and the text spell it differently.
    may("ContractPresentInidicator", Shape::Flag),
    may("ContractPresentIndicator", Shape::Flag),
    PREPOPULATED,
    PURPOSE,
    ACCOUNT_TYPE,
    DELIVERY,
];

const RISK_4: &[Member] = &[
    may(
        "PaymentContextCode",
        Shape::OneOf(&[
            "BillingGoodsAndServicesInAdvance",
            "BillingGoodsAndServicesInArrears",
            "EcommerceMerchantInitiatedPayment",
            "FaceToFacePointOfSale",
            "TransferToSelf",
            "TransferToThirdParty",
        ]),
    ),
    CATEGORY,
    CUSTOMER,
    may("ContractPresentIndicator", Shape::Flag),
    PREPOPULATED,
    PURPOSE,
    may("CategoryPurposeCode", Shape::UpTo(4)),
    ACCOUNT_TYPE,
    DELIVERY,
];

/// The pattern of the schema, above zero.
fn amount(_: &World, text: &str) -> Option<Wrong> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|one| one.is_ascii_digit());
    let has_form = digits(whole, 13) && fraction.is_none_or(|fraction| digits(fraction, 5));
    let above_zero = text.bytes().any(|one| (b'1'..=b'9').contains(&one));
    let wrong = (FIELD_INVALID, "an amount is above zero, with at most 13 digits and 5 decimals after a point");
    (!has_form || !above_zero).then_some(wrong)
}

fn currency(_: &World, text: &str) -> Option<Wrong> {
    match text.len() == 3 && text.bytes().all(|one| one.is_ascii_uppercase()) {
        false => Some((FIELD_INVALID, "a currency is three capital letters")),
        true if text != "GBP" => Some((UNSUPPORTED_CURRENCY, "this bank pays in GBP")),
        true => None,
    }
}

fn instrument(_: &World, text: &str) -> Option<Wrong> {
    let offered = ["UK.OBIE.FPS", "UK.OBIE.CHAPS", "UK.OBIE.BACS"];
    (!offered.contains(&text)).then_some((UNSUPPORTED_INSTRUMENT, "this bank pays by FPS, CHAPS or BACS"))
}

fn scheme(_: &World, text: &str) -> Option<Wrong> {
    let offered = ["UK.OBIE.SortCodeAccountNumber", "UK.OBIE.IBAN"];
    (!offered.contains(&text)).then_some((UNSUPPORTED_SCHEME, "accounts are named by sort code and number, or by IBAN"))
}

/// Every form of ISO 8601 will do.
fn date(_: &World, text: &str) -> Option<Wrong> {
    let form = &Iso8601::DEFAULT;
    let zoned = OffsetDateTime::parse(text, form).is_ok();
    let read = zoned || PrimitiveDateTime::parse(text, form).is_ok() || Date::parse(text, form).is_ok();
    (!read).then_some((FIELD_INVALID, "the date is none of ISO 8601"))
}

/// What an account must look like under its scheme.
pub(super) fn account(world: &World, scheme: &str, identification: &str) -> Option<Wrong> {
    let digits = identification.bytes().all(|one| one.is_ascii_digit());
    let wrong = match scheme {
        "UK.OBIE.IBAN" => (!iban::is_valid(identification)).then_some("this is no IBAN"),
        _ => (identification.len() != 14 || !digits).then_some("sort code and number are 14 digits"),
    };
    wrong.filter(|_| !world.faults.on("uk-sort-code-unchecked")).map(|text| (UNSUPPORTED_ACCOUNT, text))
}
