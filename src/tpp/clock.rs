//! Letting time pass: by the bank's own clock where it has one that can be moved, by waiting otherwise.

use serde_json::json;

use super::{Trouble, session::Session, transport::Call};
use crate::evidence::{check_row::CheckRow, operation::Operation};

/// Nobody waits longer than this for one check, in seconds.
const LONGEST_WAIT: u64 = 2 * 3600;

/// Lets `seconds` pass at the bank.
///
/// # Errors
/// The clock does not answer.
pub async fn advance(session: &Session, check: &CheckRow, seconds: u64) -> Result<(), Trouble> {
    let Some(clock) = &session.target.clock else {
        if seconds > LONGEST_WAIT {
            return Err(Trouble::DoesNotApply(format!(
                "{seconds} seconds would have to pass, and the clock cannot be moved"
            )));
        }
        tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
        return Ok(());
    };
    let call = Call::json(Operation::Clock, clock, &json!({ "advance_seconds": seconds }), "let time pass at the bank");
    let reply = session.public().send(check, call).await.map_err(|none| none.trouble())?;
    if (200..300).contains(&reply.status) {
        return Ok(());
    }
    Err(Trouble::Environment(format!("the bank's clock answered {}", reply.status)))
}
