//! Payments that are spelt, started, settled and cancelled otherwise.

use super::Habit;

pub(super) const ROWS: &[Habit] = &[
    Habit {
        id: "accepted-profile-before-sca",
        says: "says ACCP once form and account are checked, before the customer is asked and after a denial, then ACSP until \
               it settles the next day (ISO 20022 ExternalPaymentTransactionStatus1Code); calls a new authorisation \
               psuIdentified and a final one unconfirmed; and forgets cancelled payments (RFC 9110 15.5.5)",
    },
    Habit {
        id: "relative-links",
        says: "writes links without the host (BG-links-href), and ids of payments with characters that paths may have \
               (RFC 3986 3.3)",
    },
    Habit {
        id: "explicit-start-alone",
        says: "leaves it to the TPP to start each authorisation, whatever the TPP prefers, and then sends it to OAuth \
               (BG-links-start-authorisation)",
    },
    Habit {
        id: "implicit-start-alone",
        says: "starts each authorisation itself, though the TPP would rather, and refuses a second one \
               (BG-authorisations-conflict; what the TPP prefers is no order)",
    },
    Habit {
        id: "cancellation-by-psu",
        says: "has the customer authorise cancellations, and answers 202 (BG-cancellation-answer)",
    },
    Habit {
        id: "redirect-alone",
        says: "authorises payments on its own pages and not by OAuth (BG-links-sca-redirect)",
    },
    Habit {
        id: "sca-exempted",
        says: "exempts every payment from strong customer authentication, small as they are (RTS Art. 16 and 18)",
    },
];
