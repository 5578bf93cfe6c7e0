//! A fresh intent for the customer to approve.

use std::sync::Arc;

use super::{Case, Finding, Layer, refused_payment};
use crate::{
    evidence::operation::Operation,
    tpp::{
        Trouble,
        api::{Fresh, Lodged, fresh, request},
        oauth::authorization::AuthorizationRequest,
        session::Session,
    },
};

/// How the customer is to approve an intent.
pub(super) enum Approval {
    /// By OAuth, with that scope.
    Authorization(Box<AuthorizationRequest>),
    /// On a page of the bank that the payment leads to.
    Redirect(Box<Lodged>, String),
}

impl Approval {
    /// The authorization request, where it is one.
    pub(super) fn request(&self) -> Option<&AuthorizationRequest> {
        match self {
            Self::Authorization(request) => Some(request),
            Self::Redirect(..) => None,
        }
    }
}

/// What the bank would not let begin.
pub(super) enum NotBegun {
    Finding(Box<Finding>),
    Trouble(Trouble),
}

impl From<Trouble> for NotBegun {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// Something fresh to approve; nothing where the target has none.
pub(super) async fn begin(case: &Case, session: &Arc<Session>) -> Result<Option<Approval>, NotBegun> {
    let (target, tpp) = (&case.target, case.target.tpp());
    let by_oauth = session.capabilities().contains("authorization");
    if !target.dialect.has_payments() {
        let scope = target.resource.as_ref().filter(|_| by_oauth).map(|resource| resource.scope.clone());
        return Ok(scope.map(|scope| Approval::Authorization(Box::new(AuthorizationRequest::new(target, tpp, &scope)))));
    }
    if let Some(finding) = without_token(session).await? {
        return Err(NotBegun::Finding(Box::new(finding)));
    }
    let lodged = match fresh(session, &"doctor".into(), tpp).await? {
        Fresh::Lodged(lodged, _) => lodged,
        Fresh::Refused(reply, _) if reply.status >= 300 => {
            return Err(NotBegun::Finding(Box::new(refused_payment::told(case, &reply))));
        }
        Fresh::Refused(_, trouble) => return Err(trouble.into()),
    };
    if by_oauth {
        let what = session.api()?.intent(target, &lodged);
        return Ok(Some(Approval::Authorization(Box::new(AuthorizationRequest::of(target, tpp, &what)))));
    }
    let link = lodged.links.sca_redirect.clone();
    Ok(link.map(|url| Approval::Redirect(lodged, url)))
}

/// Where the API wants a token of the TPP's own first, and the bank gives none.
async fn without_token(session: &Arc<Session>) -> Result<Option<Finding>, Trouble> {
    let client = session.client(session.target.tpp());
    match request::own_token(session, &"doctor".into(), client, Operation::Initiation).await {
        Ok(_) => Ok(None),
        Err(Trouble::Prerequisite(why)) => {
            let mend = "ask the bank whether this TPP is registered for the client credentials grant and the scope \"payments\", \
                        and whether its certificate has PSP_PI";
            Ok(Some(Finding::error(Layer::AuthorizationServer, "own-token-refused", why, mend)))
        }
        Err(other) => Err(other),
    }
}
