//! What the signature on an answer comes to, as computed from the answer as it came: what is recorded of it is redacted.

/// A signature on an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureFacts {
    /// The exchange that the answer belongs to.
    pub exchange: String,
    /// The status of the answer.
    pub status: u16,
    /// The header that the signature stands in: `x-jws-signature`.
    pub header: String,
    /// Whether it is there and fits answer and key.
    pub signature: Found,
    /// What it has to say besides and does not, or says wrongly; in words.
    pub complaints: Vec<String>,
}

/// What was found of something that has to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is there and right.
    Right,
    /// It is not there.
    Missing,
    /// It is there and wrong: why.
    Wrong(String),
    /// It is of a kind that is not spoken here: which.
    Unknown(String),
}
