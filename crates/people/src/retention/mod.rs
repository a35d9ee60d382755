//! When people are to be forgotten, and which sources nobody refers to any more.
//!
//! A person stays as long as a relationship lasts: a consent, a soft opt-in, a contract, a duty. Somebody
//! without one is a prospect and stays for the period of leads from the day the data were collected
//! (shorter when everything came from enrichment), or for the period of contacts from the end of the
//! relationship, whichever ends later.

mod figures;
mod sources;

pub use sources::sweep as sweep_sources;

use std::collections::HashMap;

use kernel::{ContactId, ProvenanceId, Timestamp};
use privacy::claims::Standing;
use privacy::provenance::{self, Method};
use privacy::retention::{Ends, Settings};
use privacy::vocabulary::{BasisKind, Purpose};
use store::{BoxFuture, Ctx};

use crate::contacts::{self, Loaded};

const CONTACT: &str = "marketing.contact";
const LEAD: &str = "marketing.lead";
const ENRICHED: &str = "marketing.lead_enriched";

/// Where somebody's data came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Collected {
    at: Timestamp,
    enriched: bool,
}

/// Whether a claim speaks of a relationship, rather than of an interest of the sender's, of a single
/// request, or of how messages are counted.
fn is_relationship(claim: &Standing) -> bool {
    !matches!(claim.basis, BasisKind::LegitimateInterest | BasisKind::SubjectRequest)
        && claim.purpose != Purpose::ENGAGEMENT_TRACKING
}

/// When somebody is to be forgotten; `None` while a relationship lasts without an end in sight.
fn ends(settings: &Settings, claims: &[Standing], collected: Collected, now: Timestamp) -> Ends {
    let (mut live, mut ended): (Option<Option<Timestamp>>, Option<Timestamp>) = (None, None);
    for claim in claims.iter().filter(|claim| is_relationship(claim)) {
        match (claim.state.is_valid(), claim.expires_at) {
            (true, None) => live = Some(None),
            (true, Some(at)) if at > now => {
                live = live.map_or(Some(Some(at)), |last| Some(last.map(|last| last.max(at))));
            }
            (true, Some(at)) => ended = ended.max(Some(at)),
            (false, _) => ended = ended.max(Some(claim.at)),
        }
    }
    let after = |class: &'static str, at: Timestamp| (class, settings.period_of(class).after(at));
    match live {
        Some(None) => None,
        Some(Some(last)) => Some(after(CONTACT, last)),
        None => {
            let lead = after(if collected.enriched { ENRICHED } else { LEAD }, collected.at);
            let contact = ended.filter(|_| claims.iter().any(was_given)).map(|at| after(CONTACT, at));
            contact.filter(|(_, at)| *at > lead.1).or(Some(lead))
        }
    }
}

/// A refusal of somebody who never agreed ends no relationship.
fn was_given(claim: &Standing) -> bool {
    is_relationship(claim) && claim.was_given
}

fn collected(person: &Loaded, sources: &HashMap<ProvenanceId, (Method, Timestamp)>) -> Collected {
    let known: Vec<&(Method, Timestamp)> = person.profile.sources.iter().filter_map(|id| sources.get(id)).collect();
    let found =
        |method: Method| matches!(method, Method::Enrichment | Method::InferredPattern | Method::VerifiedByTool);
    Collected {
        at: known.iter().map(|(_, at)| *at).max().unwrap_or(person.created_at),
        enriched: !known.is_empty() && known.iter().all(|(method, _)| found(*method)),
    }
}

async fn sources_of(ctx: &Ctx, people: &[Option<Loaded>]) -> store::Result<HashMap<ProvenanceId, (Method, Timestamp)>> {
    let mut ids: Vec<ProvenanceId> =
        people.iter().flatten().flat_map(|person| person.profile.sources.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let read = provenance::origins(ctx, &ids).await.map_err(|error| error.problem())?;
    Ok(read.into_iter().map(|origin| (origin.id, (origin.method, origin.collected))).collect())
}

fn evaluate<'a>(
    ctx: &'a Ctx,
    settings: &'a Settings,
    people: &'a [ContactId],
) -> BoxFuture<'a, store::Result<Vec<Ends>>> {
    Box::pin(async move {
        let loaded = contacts::get_many(ctx, crate::ReadFor::Upkeep, people).await.map_err(|error| error.problem())?;
        let sources = sources_of(ctx, &loaded).await?;
        let claims = privacy::claims::standing(ctx, people).await.map_err(|error| error.problem())?;
        let now = ctx.now();
        let one = |(person, claims): (Option<Loaded>, Vec<Standing>)| {
            ends(settings, &claims, collected(&person?, &sources), now)
        };
        Ok(loaded.into_iter().zip(claims).map(one).collect())
    })
}

privacy::evaluator!(evaluate);

#[cfg(test)]
mod tests {
    use privacy::vocabulary::ConsentState;

    use super::*;

    const DAY: i64 = Timestamp::DAY;

    fn claim(basis: BasisKind, state: ConsentState, at: i64, expires_at: Option<i64>) -> Standing {
        let expires_at = expires_at.map(Timestamp);
        Standing { purpose: Purpose::MARKETING, basis, state, at: Timestamp(at), expires_at, was_given: true }
    }

    fn at(claims: &[Standing], enriched: bool) -> Ends {
        let collected = Collected { at: Timestamp(0), enriched };
        ends(&Settings::default(), claims, collected, Timestamp(500 * DAY))
    }

    #[test]
    fn relationships_keep_and_their_end_is_what_counts() {
        let given = |basis| claim(basis, ConsentState::Given, 0, None);
        assert_eq!(at(&[given(BasisKind::Consent)], false), None);
        assert_eq!(at(&[given(BasisKind::Contract)], false), None);
        assert_eq!(at(&[given(BasisKind::LegitimateInterest)], false), Some((LEAD, Timestamp(365 * DAY))));
        assert_eq!(at(&[], false), Some((LEAD, Timestamp(365 * DAY))));
        assert_eq!(at(&[], true), Some((ENRICHED, Timestamp(30 * DAY))));
        let left = claim(BasisKind::Consent, ConsentState::Withdrawn, 400 * DAY, None);
        assert_eq!(at(std::slice::from_ref(&left), false), Some((CONTACT, Timestamp(430 * DAY))));
        assert_eq!(at(&[left, given(BasisKind::SoftOptIn)], false), None);
        let expired = claim(BasisKind::ImpliedConsent, ConsentState::Given, 0, Some(450 * DAY));
        assert_eq!(at(&[expired], false), Some((CONTACT, Timestamp(480 * DAY))));
        let early = claim(BasisKind::Consent, ConsentState::Withdrawn, 10 * DAY, None);
        assert_eq!(at(&[early], false), Some((LEAD, Timestamp(365 * DAY))));
        let running = claim(BasisKind::ImpliedConsent, ConsentState::Given, 0, Some(700 * DAY));
        assert_eq!(at(&[running], false), Some((CONTACT, Timestamp(730 * DAY))));
        assert_eq!(at(&[claim(BasisKind::Consent, ConsentState::Requested, 0, None)], false).unwrap().0, LEAD);
    }
}
