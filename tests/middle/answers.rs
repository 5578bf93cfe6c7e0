//! What the bank answers to the TPP itself.

use super::{
    bent_bank::judged,
    man::{Answered, Asked},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_unbent_bank_is_conformant() {
    judged(&["FLOW", "BG", "TOKEN"], |_: &Asked, _: &mut Answered| {}).await.is_accused_by(&[]);
}
