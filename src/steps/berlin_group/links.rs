//! Links of payments that have to be followed to be judged.

use std::collections::BTreeMap;

use cucumber::{given, then, when};

use crate::{
    evidence::berlin_group::{Doubt, Followed, doubts},
    judge::berlin_group as judge,
    steps::{Judged, Prepared, World, token, world::own_client},
    tpp::{
        Trouble,
        api::request::{self, Ask},
        documents,
    },
};

/// So many links of a name are followed.
const SAMPLES: usize = 2;

/// Where a link names neither its payment nor another, what it leads to shows. What the customer has to open is asked for with a
/// token that is fetched for that, where the bank gives one.
#[given("the links that do not name their payment have been followed")]
async fn have_been_followed(world: &mut World) -> Prepared {
    if doubts(&world.answers).is_empty() {
        return Ok(());
    }
    let session = world.session()?;
    let token = match token::holds_access_token(world).await {
        Ok(()) => world.access_token().ok().zip(world.last_lodged().ok().map(|lodged| lodged.id.clone())),
        Err(_) => None,
    };
    let own_check = world.check().check;
    let of_here = session.recorder.exchanges().into_iter();
    world.answers.extend(of_here.filter(|it| it.check == own_check && it.operation.is_about_payments()));
    for doubt in samples(doubts(&world.answers)) {
        let customers =
            token.as_ref().filter(|(_, payment)| *payment == doubt.payment).map(|(token, _)| token.as_str());
        let ask = |url| Ask::new(doubt.operation, url, "follow a link of the payment").with(customers);
        let (check, client) = (world.check(), own_client(&session));
        // What is not followed, as it leads to somebody else, is not judged.
        let Ok(there) = request::ask(&session, &check, client, ask(&doubt.address)).await else { continue };
        let Ok(own) = request::ask(&session, &check, client, ask(&doubt.own)).await else { continue };
        world.followed.push(Followed { there: there.exchange, own: own.exchange, doubt });
    }
    Ok(())
}

#[when("the TPP follows the link scaOAuth")]
async fn follows_sca_oauth(world: &mut World) -> Prepared {
    let session = world.session()?;
    let link = world.last_lodged()?.links.sca_oauth.clone();
    let link = link.ok_or_else(|| Trouble::DoesNotApply("the payment has no link scaOAuth".into()))?;
    // That it has TLS is what another check is about.
    let url = request::absolute(&session, &link).ok();
    let url = session
        .endpoint("link scaOAuth", url.as_ref())
        .map_err(|_| Trouble::DoesNotApply("the link scaOAuth leads to no place of the bank's with TLS".into()))?;
    let purpose = "follow the link scaOAuth";
    world.last = Some(documents::fetch_metadata_at(&session, &world.check(), url, purpose).await?);
    Ok(())
}

#[then("it leads to metadata of an authorization server")]
fn is_metadata(world: &mut World) -> Judged {
    world.judge_last(judge::is_metadata)
}

/// The last ones of each name: of the payment that the token is for, where there is one.
fn samples(doubts: Vec<Doubt>) -> Vec<Doubt> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut samples = Vec::new();
    for doubt in doubts.into_iter().rev() {
        let count = taken.entry(doubt.name.clone()).or_default();
        *count += 1;
        if *count <= SAMPLES {
            samples.push(doubt);
        }
    }
    samples
}
