//! The bank's clock beside ours: certificates, signatures and tokens that hold for minutes fail where they differ.

use time::{Duration, OffsetDateTime, format_description::well_known::Rfc2822};

use super::{Case, Finding, Layer};
use crate::evidence::exchange::Exchange;

/// Signatures with a date are refused by careful banks beyond that, in seconds.
const NOTICEABLE: i64 = 5;
/// Nothing that bears a date can be relied on beyond that, in seconds.
const TOO_FAR: i64 = 60;

/// How far the clocks are apart, by the `Date` of an answer (RFC 9110 6.6.1).
pub(super) fn look(case: &Case) -> Vec<Finding> {
    let exchanges = case.exchanges();
    let seen = exchanges.iter().filter_map(|exchange| Some((skew(exchange)?, exchange)));
    let Some((skew, exchange)) = seen.min_by_key(|(skew, _)| skew.abs()) else { return Vec::new() };
    let seconds = skew.whole_seconds();
    if seconds.abs() <= NOTICEABLE {
        return Vec::new();
    }
    let side = if seconds > 0 { "ahead of" } else { "behind" };
    let url = exchange.request.url.split(['?', '#']).next().unwrap_or_default();
    let cause = format!("by the Date of {url} the bank's clock is {} s {side} this machine's", seconds.abs());
    let mend = format!(
        "compare with a clock that you trust: this machine says {}. Set whichever is wrong (NTP); beyond a minute, \
         certificates and signatures fail for no fault of their own",
        case.now
    );
    vec![match seconds.abs() > TOO_FAR {
        true => Finding::error(Layer::Gateway, "clock-skew", cause, mend),
        false => Finding::warning(Layer::Gateway, "clock-skew", cause, mend),
    }]
}

/// By how much the bank is ahead; nothing where an answer may come from a cache.
fn skew(exchange: &Exchange) -> Option<Duration> {
    let response = exchange.response().filter(|response| response.header("age").is_none())?;
    let date = OffsetDateTime::parse(response.header("date")?, &Rfc2822).ok()?;
    let (sent, received) = (exchange.sent_at, exchange.sent_at + Duration::milliseconds(exchange.duration_ms as i64));
    // `Date` has whole seconds.
    Some(match () {
        () if date > received => date - received,
        () if date + Duration::SECOND < sent => date + Duration::SECOND - sent,
        () => Duration::ZERO,
    })
}
