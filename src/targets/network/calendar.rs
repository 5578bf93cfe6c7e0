//! When a bank is not asked: its quiet hours, and the maintenance that it has announced.

use std::{fmt, sync::Arc};

use time::{OffsetDateTime, Time, UtcOffset, format_description::well_known::Rfc3339, macros::format_description};

/// The times in which a bank is not asked.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    clock: Clock,
    offset: Option<UtcOffset>,
    quiet: Vec<(Time, Time)>,
    maintenance: Vec<Maintenance>,
}

/// Who tells the time; in tests it is not the machine.
#[derive(Clone)]
struct Clock(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>);

impl Default for Clock {
    fn default() -> Self {
        Self(Arc::new(OffsetDateTime::now_utc))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

#[derive(Clone, Debug)]
struct Maintenance {
    from: OffsetDateTime,
    until: OffsetDateTime,
    reason: String,
}

impl Calendar {
    /// With quiet hours in that offset from UTC.
    pub(super) fn at_offset(offset: UtcOffset) -> Self {
        Self { offset: Some(offset), ..Self::default() }
    }

    /// `22:00-06:00`; an end before the beginning is on the next day.
    ///
    /// # Errors
    /// It is no such thing, or has no length.
    pub(super) fn add_quiet_hours(&mut self, text: &str) -> Result<(), &'static str> {
        let at = |text: &str| Time::parse(text.trim(), format_description!("[hour]:[minute]")).ok();
        let (from, until) = text.split_once('-').ok_or("is no time from one hour to another")?;
        let (Some(from), Some(until)) = (at(from), at(until)) else {
            return Err("is no time from one hour to another");
        };
        if from == until {
            return Err("begins when it ends");
        }
        self.quiet.push((from, until));
        Ok(())
    }

    /// A time that the bank has announced.
    ///
    /// # Errors
    /// It ends before it begins.
    pub(super) fn add_maintenance(
        &mut self,
        from: OffsetDateTime,
        until: OffsetDateTime,
        reason: &str,
    ) -> Result<(), &'static str> {
        if until <= from {
            return Err("is not after its beginning");
        }
        self.maintenance.push(Maintenance { from, until, reason: reason.to_owned() });
        Ok(())
    }

    /// With a clock of the caller's.
    pub fn with_clock(self, clock: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self { clock: Clock(Arc::new(clock)), ..self }
    }

    /// Why the bank is not asked now, and until when; `None` where it may be.
    pub fn closed_now(&self) -> Option<String> {
        let is_open = self.quiet.is_empty() && self.maintenance.is_empty();
        if is_open { None } else { self.closed((self.clock.0)()) }
    }

    /// Why the bank is not asked at that time, and until when; `None` where it may be.
    pub fn closed(&self, at: OffsetDateTime) -> Option<String> {
        let announced = self.maintenance.iter().find(|window| window.from <= at && at < window.until);
        if let Some(Maintenance { until, reason, .. }) = announced {
            let until = until.format(&Rfc3339).unwrap_or_default();
            return Some(format!("maintenance: {reason}, until {until}"));
        }
        let offset = self.offset.unwrap_or(UtcOffset::UTC);
        let now = at.to_offset(offset).time();
        let holds = |(from, until): &&(Time, Time)| match from < until {
            true => *from <= now && now < *until,
            false => *from <= now || now < *until,
        };
        let (_, until) = self.quiet.iter().find(holds)?;
        Some(format!("the bank's quiet hours, until {:02}:{:02} ({offset})", until.hour(), until.minute()))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{datetime, offset};

    use super::*;

    #[test]
    fn quiet_hours_go_past_midnight() {
        let mut calendar = Calendar::at_offset(offset!(+1));
        calendar.add_quiet_hours("22:00-06:00").unwrap();
        for (at, closed) in [
            (datetime!(2026-12-01 20:59:59 UTC), false),
            (datetime!(2026-12-01 21:00:00 UTC), true),
            (datetime!(2026-12-02 04:59:59 UTC), true),
            (datetime!(2026-12-02 05:00:00 UTC), false),
            (datetime!(2026-12-02 12:00:00 +01:00), false),
        ] {
            assert_eq!(calendar.closed(at).is_some(), closed, "{at}");
        }
        let told = calendar.closed(datetime!(2026-12-01 23:00:00 UTC)).unwrap();
        assert!(told.contains("until 06:00 (+01:00"), "{told}");
    }

    #[test]
    fn maintenance_is_named() {
        let mut calendar = Calendar::default();
        let (from, until) = (datetime!(2026-12-01 20:00:00 UTC), datetime!(2026-12-01 22:00:00 UTC));
        calendar.add_maintenance(from, until, "release 7").unwrap();
        assert_eq!(calendar.closed(from).unwrap(), "maintenance: release 7, until 2026-12-01T22:00:00Z");
        assert_eq!(calendar.closed(until), None);
        assert!(calendar.add_maintenance(until, from, "").is_err());
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "22:00", "22-6", "22:00-25:00", "10:00-10:00", "a-b"] {
            assert!(Calendar::default().add_quiet_hours(text).is_err(), "{text}");
        }
    }
}
