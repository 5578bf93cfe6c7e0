//! What one scenario knows while it runs.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Judged, Prepared};
use crate::{
    evidence::{
        Guessability,
        check_row::CheckRow,
        exchange::Exchange,
        operation::Operation,
        signature::SignatureFacts,
        tls::HostPicture,
        walk_end::{AuthorizationFacts, WalkEnd},
    },
    judge::{
        Comparison, Finding,
        vocabulary::{self, Vocabulary, uk_open_banking::Release},
    },
    targets::{Dialect, Identity, Payment, UkVersion},
    tpp::{
        Trouble,
        api::{
            Draft, Fresh, Intent, Lodged, Started, fresh,
            request::{self, Ask},
        },
        doors::Door,
        oauth::{
            authorization::{Authorization, AuthorizationRequest, authorize},
            form::with,
            token::{self, Tokens},
        },
        psu::{Around, Behaviour, Meanwhile, Walk, misdeed::Sent},
        session::Session,
        tls_picture::resumption::Carried,
        transport::{Client, Reply},
        trust_service::Watched,
        visits::Visits,
    },
};

/// What one scenario knows while it runs, and what it came to.
#[derive(cucumber::World, Default)]
pub struct World {
    session: Option<Arc<Session>>,
    check: CheckRow,
    /// Why the bank must not be asked any more.
    barred: Option<String>,
    began: Option<Instant>,
    finding: Option<Finding>,
    /// What the bank has taken for the customer to authorise, in order.
    pub(super) lodged: Vec<Lodged>,
    /// Authorizations, in order.
    pub(super) authorizations: Vec<Authorization>,
    /// Token responses, in order.
    pub(super) tokens: Vec<Tokens>,
    /// The exchange that the next `Then` is about.
    pub(super) last: Option<Arc<Exchange>>,
    /// What came of it at the other doors that the bank has.
    pub(super) doors: Vec<Door>,
    /// What came of it when the TPP itself asked for the same.
    pub(super) own: Option<Arc<Exchange>>,
    /// The customer's walk through a redirect SCA.
    pub(super) walk: Option<Walk>,
    /// The forms of an earlier walk.
    pub(super) known: Vec<Sent>,
    /// Where the payment is cancelled while the customer is at the bank.
    pub(super) cancelled_at: Option<String>,
    /// Where another payment lies before the customer.
    pub(super) beside_it: Option<String>,
    /// The customer may have agreed in the end.
    pub(super) awaits_yes: bool,
    /// The authorisation that the TPP started.
    pub(super) started: Option<Started>,
    /// An authorisation on the customer's own device.
    pub(super) elsewhere: Option<super::berlin_group::decoupled::Elsewhere>,
    /// The request that waits at the bank, and for how many seconds where that is said.
    pub(super) pushed: Option<(AuthorizationRequest, Option<u64>)>,
    /// How long the bank was asked again and again until it was as it must be, or the window had passed.
    pub(super) waited: Option<Duration>,
    /// Something has been revoked that the bank may take a moment to forget.
    pub(super) awaits_revocation: bool,
    /// A payment has been cancelled, which the bank may take a moment to know of everywhere.
    pub(super) awaits_cancellation: bool,
    /// What the last answer is held against.
    pub(super) beside: Option<Arc<Exchange>>,
    /// A token that is none of the TPP's live ones.
    pub(super) other_token: Option<String>,
    /// What the bank's signature on the last answer comes to.
    pub(super) signature: Option<SignatureFacts>,
    /// The answers that a check over the whole run is about.
    pub(super) answers: Vec<Arc<Exchange>>,
    /// What customers came to whose browser did not keep a cookie, by its name.
    pub(super) without_cookies: Vec<(String, crate::evidence::cookies::Without)>,
    /// What links of payments have led to.
    pub(super) followed: Vec<crate::evidence::berlin_group::Followed>,
    /// A certificate whose status is told by the test CA's trust service.
    pub(super) watched: Option<Watched>,
    /// The TPP with a certificate for other roles.
    pub(super) licensed_otherwise: Option<Client>,
    /// The connections under that certificate.
    pub(super) visits: Option<Visits>,
    /// The TLS of every host of the bank.
    pub(super) pictures: Vec<Arc<HostPicture>>,
    /// A visit with a TLS session of another host, beside one without.
    pub(super) carried: Option<Carried>,
    /// What a scenario about payments of the UK knows besides.
    pub(super) uk: super::uk_open_banking::Seen,
    /// How guessable the run's codes and tokens are.
    pub(super) samples: Vec<Guessability>,
}

/// What a scenario came to.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Every `Then` held; the comparison is the last one's.
    Holds(Comparison),
    /// A `Then` was not met.
    Broken(Comparison),
    /// It could not be told: why.
    Inconclusive(Trouble),
    /// It turned out that the check is not about this bank: why.
    NotApplicable(String),
}

/// A `Then` is not met; the finding is in the world.
pub(super) struct NotMet(());

impl fmt::Display for NotMet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not met")
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("check", &self.check).field("finding", &self.finding).finish_non_exhaustive()
    }
}

impl World {
    /// Lets the scenario of that check begin.
    pub fn enter(&mut self, session: Arc<Session>, check: CheckRow) {
        self.session = Some(session);
        self.check = check;
        self.began = Some(Instant::now());
    }

    /// Lets nothing be asked of the bank: whatever needs it cannot be told, for that reason.
    pub fn bar(&mut self, reason: String) {
        self.barred = Some(reason);
    }

    /// How long ago the scenario began, in milliseconds; `None` where it was not let begin.
    pub fn elapsed_ms(&self) -> Option<f64> {
        self.began.map(|began| crate::evidence::exchange::milliseconds(began.elapsed()))
    }

    /// What the scenario came to; `failure` is why a step could not be carried out.
    pub fn outcome(&self, failure: Option<Trouble>) -> Outcome {
        match (&self.finding, failure) {
            (Some(Finding::Broken(comparison)), _) => Outcome::Broken(comparison.clone()),
            (Some(Finding::Beside(reason)), _) => Outcome::NotApplicable(reason.clone()),
            (Some(Finding::Unclear(reason)), _) => Outcome::Inconclusive(Trouble::Environment(reason.clone())),
            (_, Some(failure)) => self.not_carried_out(failure),
            (Some(Finding::Holds(comparison)), None) => Outcome::Holds(comparison.clone()),
            (None, None) => Outcome::Inconclusive(Trouble::Harness("the scenario has no Then that judges".into())),
        }
    }

    /// What a step could not do, without the secrets that it may have come across.
    fn not_carried_out(&self, failure: Trouble) -> Outcome {
        let redact =
            |why: &str| self.session.as_ref().map_or_else(|| why.to_owned(), |session| session.recorder.redact(why));
        match failure.map(redact) {
            Trouble::DoesNotApply(reason) => Outcome::NotApplicable(reason),
            other => Outcome::Inconclusive(other),
        }
    }

    /// Takes a judge's finding: the only way to a verdict.
    pub(super) fn judge(&mut self, finding: Finding) -> Judged {
        let finding = self.unless_shared(finding);
        let met = matches!(finding, Finding::Holds(_));
        let finding = match self.waited.take() {
            Some(waited) => finding.after(waited),
            None => finding,
        };
        self.finding = Some(finding);
        if met { Ok(()) } else { Err(NotMet(())) }
    }

    /// What the bank did with a payment may be about another one, where both have one id. That they have is for one check to
    /// say, and what an initiation itself is answered with rests on no id.
    fn unless_shared(&self, finding: Finding) -> Finding {
        let went_on = !self.authorizations.is_empty() || self.elsewhere.is_some() || self.started.is_some();
        let is_initiation = self.last.as_ref().is_some_and(|last| last.operation == Operation::Initiation);
        let rests_on_id = went_on || !is_initiation;
        let (Finding::Broken(comparison), Some(session)) = (&finding, &self.session) else { return finding };
        let shared = self.lodged.iter().find_map(|lodged| session.answers_that_share(&lodged.id));
        match shared.filter(|_| rests_on_id && !comparison.granted) {
            Some(answers) => {
                let why = format!("the bank gave one id to {} payments: {}", answers.len(), answers.join(", "));
                Finding::Unclear(format!("{}; {why}", comparison.actual))
            }
            None => finding,
        }
    }

    /// Judges the last exchange.
    pub(super) fn judge_last(&mut self, judge: impl FnOnce(&Exchange) -> Finding) -> Judged {
        self.judge_exchange(self.last.clone(), judge)
    }

    /// Judges that exchange.
    pub(super) fn judge_exchange(
        &mut self,
        exchange: Option<Arc<Exchange>>,
        judge: impl FnOnce(&Exchange) -> Finding,
    ) -> Judged {
        let finding = match &exchange {
            Some(exchange) => judge(exchange),
            None => Finding::Unclear("there is no answer to judge".into()),
        };
        self.judge(finding)
    }

    /// Judges the last authorization.
    pub(super) fn judge_authorization(&mut self, judge: impl FnOnce(&AuthorizationFacts) -> Finding) -> Judged {
        let finding = match (self.authorizations.last(), &self.session) {
            (Some(authorization), Some(session)) => judge(&authorization.facts(session)),
            _ => Finding::Unclear("there is no authorization to judge".into()),
        };
        self.judge(finding)
    }

    /// Judges the bank's signature on the last answer.
    pub(super) fn judge_signature(&mut self, judge: impl FnOnce(&SignatureFacts) -> Finding) -> Judged {
        let finding = match &self.signature {
            Some(facts) => judge(facts),
            None => Finding::Unclear("there is no answer whose signature could be judged".into()),
        };
        self.judge(finding)
    }

    /// The check, and the row of it.
    pub(super) fn check(&self) -> CheckRow {
        self.check.clone()
    }

    /// The way to the bank.
    pub(super) fn session(&self) -> Result<Arc<Session>, Trouble> {
        if let Some(reason) = &self.barred {
            return Err(Trouble::Environment(reason.clone()));
        }
        self.session.clone().ok_or_else(|| Trouble::Harness("the scenario has no session".into()))
    }

    /// The TPP.
    pub(super) fn tpp(&self) -> Result<Identity, Trouble> {
        Ok(self.session()?.target.tpp().clone())
    }

    /// What to pay.
    pub(super) fn payment(&self) -> Result<Payment, Trouble> {
        payment_of(&*self.session()?).cloned()
    }

    /// TPPs that were never registered may come.
    ///
    /// # Errors
    /// No bank of the dialect knows what to do with one.
    pub(super) fn strangers_may_come(&self) -> Result<(), Trouble> {
        match self.session()?.target.dialect.lacks().contains(&"unregistered-tpps") {
            true => Err(Trouble::DoesNotApply("the bank serves no TPP that was not registered before".into())),
            false => Ok(()),
        }
    }

    /// What was lodged last.
    pub(super) fn last_lodged(&self) -> Result<&Lodged, Trouble> {
        self.lodged.last().ok_or_else(|| Trouble::Prerequisite("no payment has been initiated".into()))
    }

    /// The last authorization.
    pub(super) fn last_authorization(&self) -> Result<&Authorization, Trouble> {
        self.authorizations.last().ok_or_else(|| Trouble::Prerequisite("nothing has been authorised".into()))
    }

    /// The last access token.
    pub(super) fn access_token(&self) -> Result<String, Trouble> {
        let token = self.tokens.last().and_then(|tokens| tokens.access_token.clone());
        token.ok_or_else(|| Trouble::Prerequisite("the TPP holds no access token".into()))
    }

    /// The last refresh token.
    pub(super) fn refresh_token(&self) -> Result<String, Trouble> {
        let token = self.tokens.iter().rev().find_map(|tokens| tokens.refresh_token.clone());
        token.ok_or_else(|| Trouble::Prerequisite("the bank issued no refresh token".into()))
    }

    /// What the answers of the API mean.
    pub(super) fn words(&self) -> &'static Vocabulary {
        match self.session.as_ref().map(|session| session.target.dialect) {
            Some(Dialect::BerlinGroup | Dialect::None) | None => &vocabulary::berlin_group::WORDS,
            Some(Dialect::UkOpenBanking) => &self.uk_words().words,
        }
    }

    /// What the answers mean at a bank of the UK, by the release that its API names.
    pub(super) fn uk_words(&self) -> &'static Release {
        let api = self.session.as_ref().and_then(|session| session.target.api.as_deref());
        match api.and_then(UkVersion::of) {
            Some(UkVersion::V3) => &vocabulary::uk_open_banking::V3,
            Some(UkVersion::V4) | None => &vocabulary::uk_open_banking::V4,
        }
    }

    /// A correct payment of the TPP.
    pub(super) fn draft(&self) -> Result<Draft, Trouble> {
        Draft::new(&*self.session()?, &self.tpp()?)
    }

    /// Initiates a payment as the TPP and remembers it if it was taken.
    pub(super) async fn initiate(&mut self, draft: &Draft) -> Result<Reply, Trouble> {
        let session = self.session()?;
        let reply = request::initiate(&session, &self.check, session.client(session.target.tpp()), draft).await?;
        self.lodged.extend(draft.lodged(&session, &reply));
        self.last = Some(reply.exchange.clone());
        Ok(reply)
    }

    /// Initiates a payment that the rest of the scenario needs.
    pub(super) async fn need_lodged(&mut self, draft: &Draft) -> Result<(), Trouble> {
        let reply = self.initiate(draft).await?;
        draft.lodged(&*self.session()?, &reply).map(|_| ())
    }

    /// Where that is asked for of what was lodged last.
    pub(super) fn url_of(&self, operation: Operation) -> Result<String, Trouble> {
        self.session()?.api()?.url(self.last_lodged()?, operation)
    }

    /// What to ask for: a fresh payment where the bank has payments, else the scope of the target file.
    async fn fresh_intent(&mut self, identity: &Identity) -> Result<Intent, Trouble> {
        let target = self.session()?.target.clone();
        if target.dialect.has_payments() && target.capabilities.contains("oauth-sca") {
            let session = self.session()?;
            let (reply, came) = match fresh(&session, &self.check, identity).await? {
                Fresh::Lodged(lodged, reply) => {
                    self.lodged.push(*lodged);
                    (reply, Ok(()))
                }
                Fresh::Refused(reply, trouble) => (reply, Err(trouble)),
            };
            self.last = Some(reply.exchange);
            came?;
            return self.last_intent();
        }
        let resource = target.resource.as_ref().map(|resource| Intent::Scope(resource.scope.clone()));
        resource.ok_or_else(|| Trouble::Prerequisite("the target names nothing to authorise".into()))
    }

    fn last_intent(&self) -> Result<Intent, Trouble> {
        let session = self.session()?;
        Ok(session.api()?.intent(&session.target, self.last_lodged()?))
    }

    /// Whether what is to be authorised names what was lodged last.
    ///
    /// # Errors
    /// What `names` says where it does not.
    pub(super) fn last_is_named(&self, names: impl Fn(&Intent, &str) -> Prepared) -> Prepared {
        names(&self.last_intent()?, &self.last_lodged()?.id)
    }

    /// A correct request of that TPP for what was lodged last.
    pub(super) fn request_for_last(&self, identity: &Identity) -> Result<AuthorizationRequest, Trouble> {
        Ok(AuthorizationRequest::of(&self.session()?.target, identity, &self.last_intent()?))
    }

    /// A correct authorization request for something fresh.
    pub(super) async fn request(&mut self) -> Result<AuthorizationRequest, Trouble> {
        let tpp = self.tpp()?;
        self.request_as(&tpp).await
    }

    /// The same for another TPP.
    pub(super) async fn request_as(&mut self, identity: &Identity) -> Result<AuthorizationRequest, Trouble> {
        let what = self.fresh_intent(identity).await?;
        Ok(AuthorizationRequest::of(&self.session()?.target, identity, &what))
    }

    /// Sends the customer to the bank and remembers what came of it. A code beside an error is tried: where it brings a token,
    /// the bank has said yes.
    pub(super) async fn authorize(
        &mut self,
        request: AuthorizationRequest,
        behaviour: Behaviour,
    ) -> Result<(), Trouble> {
        self.send_to_bank(request, behaviour).await?;
        let (session, last) = (self.session()?, self.last_authorization()?.clone());
        if last.says_both() {
            let identity = session.identity(&last.request.who);
            let verifier = last.request.get("code_challenge").map(|_| last.request.proof_key.verifier.clone());
            let tried = match last.redemption(identity) {
                Ok(form) => {
                    let form = with(form, "code_verifier", verifier.as_deref());
                    let purpose = "try the code that came beside an error";
                    token::request(&session, &self.check, session.client(identity), &form, purpose).await.ok()
                }
                Err(_) => None,
            };
            let opens = tried.is_some_and(|reply| Tokens::of(&reply).access_token.is_some());
            self.authorizations.iter_mut().next_back().into_iter().for_each(|last| last.worthless_code = !opens);
        }
        Ok(())
    }

    /// The same, for a code that is to be redeemed afterwards: there it shows what it opens.
    pub(super) async fn send_to_bank(
        &mut self,
        request: AuthorizationRequest,
        behaviour: Behaviour,
    ) -> Result<(), Trouble> {
        let session = self.session()?;
        let (known, meanwhile) = (self.known.clone(), self.meanwhile(&session));
        let around = Around {
            known: &known,
            meanwhile: meanwhile.as_ref(),
            beside: self.beside_it.as_deref(),
            ..Around::default()
        };
        let authorization = authorize(&session, &self.check, request, (behaviour, around)).await?;
        if let WalkEnd::CalledBack { .. } = &authorization.walk_end
            && let Some(code) = authorization.walk_end.returned("code")
        {
            session.recorder.issued_code(code);
        }
        self.authorizations.push(authorization);
        Ok(())
    }

    /// What is asked of the bank while the customer stands before its decision.
    pub(super) fn meanwhile<'a>(&'a self, session: &'a Session) -> Option<Meanwhile<'a>> {
        let url = self.cancelled_at.as_deref()?;
        let ask = Ask::new(Operation::Cancellation, url, "cancel the payment that lies before the PSU");
        Some(Meanwhile { client: own_client(session), ask })
    }

    /// The same, for a flow that the rest of the scenario needs a code of.
    pub(super) async fn need_code(&mut self, request: AuthorizationRequest) -> Result<(), Trouble> {
        self.send_to_bank(request, Behaviour::Approve).await?;
        self.last_authorization()?.code().map(|_| ())
    }

    /// Remembers a token response, and makes it what the next `Then` is about.
    pub(super) fn take(&mut self, reply: &Reply) {
        let tokens = Tokens::of(reply);
        if let (Some(token), Some(session)) = (&tokens.refresh_token, &self.session) {
            session.recorder.issued_refresh_token(token);
        }
        if tokens.access_token.is_some() {
            self.tokens.push(tokens);
        }
        self.last = Some(reply.exchange.clone());
    }

    /// Whether the last answer is a success.
    pub(super) fn last_was_served(&self) -> bool {
        self.last.as_ref().and_then(|exchange| exchange.status()).is_some_and(|status| status < 300)
    }

    /// The status of the last answer.
    pub(super) fn last_status(&self) -> Option<u16> {
        self.last.as_ref().and_then(|exchange| exchange.status())
    }

    /// What the last token opens: what is asked for, and where.
    pub(super) fn protected_resource(&self) -> Result<(Operation, String), Trouble> {
        if !self.lodged.is_empty() {
            let operation = self.session()?.api()?.protected();
            return Ok((operation, self.url_of(operation)?));
        }
        let resource = self.session()?.target.resource.as_ref().map(|resource| resource.url.get_ref().clone());
        resource
            .map(|url| (Operation::Resource, url))
            .ok_or_else(|| Trouble::Prerequisite("the target names no protected resource".into()))
    }
}

fn payment_of(session: &Session) -> Result<&Payment, Trouble> {
    let missing = || Trouble::Prerequisite("the target file has no [payment]".into());
    session.target.payment.as_ref().ok_or_else(missing)
}

/// The TPP's own client.
pub(super) fn own_client(session: &Session) -> &Client {
    session.client(session.target.tpp())
}
