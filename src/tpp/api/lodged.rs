//! Intents that a bank has taken for the customer to authorise, and the authorisations of them.

use serde_json::Value;

/// An intent that the bank has taken: a payment, or a consent to one.
#[derive(Clone, Debug, Default)]
pub struct Lodged {
    /// The bank's id for it.
    pub id: String,
    /// Its resource.
    pub url: String,
    /// The status that it was created with, as the bank spells it.
    pub status: Option<String>,
    /// What it was asked for, as the dialect has it.
    pub sent: Value,
    /// Where authorisations are started, where the bank says so.
    pub authorisations: Option<String>,
    /// The bank has fixed no authorisation: the TPP has to start one first, also where it has not asked for that.
    pub leaves_the_start_to_the_tpp: bool,
    /// How the customer goes on, and where that is told.
    pub links: Started,
    /// Where a PSU is sent who succeeds.
    pub redirect_uri: String,
    /// Where a PSU is sent who fails, if the TPP asked for another place than on success.
    pub nok_redirect_uri: Option<String>,
}

/// An authorisation, by whoever it was started.
#[derive(Clone, Debug, Default)]
pub struct Started {
    /// Where the customer authorises at the bank's own pages.
    pub sca_redirect: Option<String>,
    /// The metadata of the authorization server where the customer authorises by OAuth.
    pub sca_oauth: Option<String>,
    /// Where its status is told.
    pub sca_status: Option<String>,
}

/// What the bank has carried out, or is about to.
#[derive(Clone, Debug, Default)]
pub struct Ordered {
    /// The bank's id for it.
    pub id: String,
    /// Its resource.
    pub url: String,
}

impl Lodged {
    /// Goes on with that authorisation: where the customer authorises, and where that is told.
    pub fn go_on_with(&mut self, started: Started) {
        let Started { sca_oauth, sca_status, .. } = started;
        self.links.sca_oauth = sca_oauth.or(self.links.sca_oauth.take());
        self.links.sca_status = sca_status.or(self.links.sca_status.take());
    }
}
