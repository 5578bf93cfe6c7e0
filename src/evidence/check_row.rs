//! On whose behalf a request is sent.

use std::fmt;

use super::exchange::Text;

/// A check, and which row of its outline; or what comes before every check, such as the doctor.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct CheckRow {
    /// `REDIR-002`.
    pub check: Text,
    /// Its place in the outline, from 0; `None` for what has no rows.
    pub row: Option<usize>,
}

impl From<&str> for CheckRow {
    /// What has no rows.
    fn from(check: &str) -> Self {
        Self { check: check.into(), row: None }
    }
}

impl fmt::Display for CheckRow {
    /// `REDIR-002#3` for its third row.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            None => f.write_str(&self.check),
            Some(row) => write!(f, "{}#{}", self.check, row + 1),
        }
    }
}
