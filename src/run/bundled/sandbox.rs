//! What the target file says of the customer where the bank is a sandbox.

use toml::Spanned;

use crate::targets::{
    Buttons, Psu, TargetFile,
    psu::{Agent, ConsentHint, Decoupled, Login, MagicUser, Order},
};

/// Nobody is asked: there is nothing to type and nothing to press.
pub(super) fn approves_at_once(file: &mut TargetFile) {
    played_by(file, Agent::Direct302, forget);
}

/// The sandbox is told what the customer does.
pub(super) fn takes_hint(file: &mut TargetFile) {
    played_by(file, Agent::ConsentHint, |psu| {
        forget(psu);
        psu.consent_hint = Some(ConsentHint {
            parameter: Some("psu_consent".into()),
            header: None,
            approve: Some("accepted".into()),
            deny: Some("rejected".into()),
            cancel: Some("abandoned".into()),
            mistype: Some("failed".into()),
        });
    });
}

/// It depends on who logs in what happens.
pub(super) fn magic_users(file: &mut TargetFile) {
    played_by(file, Agent::MagicUser, |psu| {
        let customer = psu.fields.get("username").cloned().unwrap_or_default();
        let login = |suffix: &str| {
            let fields = [("username".to_owned(), format!("{customer}-{suffix}"))].into();
            Some(Login { fields, ..Login::default() })
        };
        psu.magic_user =
            Some(MagicUser { approve: None, deny: login("denies"), cancel: login("cancels"), mistype: login("fails") });
        (psu.buttons.deny, psu.buttons.cancel) = (Vec::new(), Vec::new());
        psu.lockable.clear();
    });
}

/// The customer ticks a box before it agrees.
pub(super) fn ticks(file: &mut TargetFile) {
    if let Some(psu) = file.psu.as_mut().filter(|psu| !psu.fields.is_empty()) {
        psu.fields.insert("agrees".to_owned(), "yes".to_owned());
    }
}

/// The customer goes on from a notice.
pub(super) fn goes_on(file: &mut TargetFile) {
    if let Some(psu) = file.psu.as_mut().filter(|psu| !psu.buttons.go_on.is_empty()) {
        psu.buttons.go_on.push("continue".to_owned());
    }
}

/// Nobody is sent anywhere.
pub(super) fn decoupled_only(file: &mut TargetFile) {
    file.capabilities.retain(|capability| capability.get_ref() != "oauth-sca");
    if let Some(psu) = &mut file.psu {
        psu.agents = vec![Spanned::new(0..0, Agent::Decoupled)];
        forget(psu);
    }
}

/// The customer's device, which does as it is told on this machine.
pub(super) fn device(issuer: &str) -> Decoupled {
    let order = |does: &str| Order {
        url: Some(Spanned::new(0..0, format!("{issuer}/device"))),
        body: Some(format!("{{\"authorisation\": \"{{authorisation_id}}\", \"does\": \"{does}\"}}")),
        ..Order::default()
    };
    Decoupled { approve: Some(order("approve")), deny: Some(order("deny")), interval_seconds: 5, patience_seconds: 120 }
}

fn played_by(file: &mut TargetFile, agent: Agent, adapt: impl FnOnce(&mut Psu)) {
    if let Some(psu) = &mut file.psu {
        psu.agents = [agent, Agent::Decoupled].map(|agent| Spanned::new(0..0, agent)).into();
        adapt(psu);
    }
}

fn forget(psu: &mut Psu) {
    (psu.one_time_code, psu.buttons) = (None, Buttons::default());
    psu.fields.clear();
    psu.secrets.clear();
    psu.lockable.clear();
}
