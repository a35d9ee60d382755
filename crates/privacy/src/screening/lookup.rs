//! What the lists in force say about the people of a chunk of messages.

use kernel::{ContactId, ScreeningId, Timestamp};
use store::{Blind, Ctx, SubjectKeys, Value, WorkspaceKeys, params};

use super::entry::{PLAIN, SHA_1, SHA_256, digests};
use super::{expires, queries};
use crate::Result;
use crate::facts::FACTS;
use crate::gate::Ask;
use crate::register;
use crate::rules::{Country, Screen};
use crate::vocabulary::{Channel, Purpose};

struct InForce {
    id: ScreeningId,
    country: Country,
    channel: Channel,
    dated: Timestamp,
    forms: u8,
}

async fn in_force(ctx: &Ctx) -> Result<Vec<InForce>> {
    let rows: Vec<(ScreeningId, String, String, Timestamp, u8)> =
        ctx.db.all(queries::IN_FORCE, params![ctx.workspace]).await?;
    let read = |(id, country, channel, dated, forms): (ScreeningId, String, String, Timestamp, u8)| {
        let corrupt = || crate::Error::Corrupt("screening");
        Ok(InForce {
            id,
            country: Country::read(&country).ok_or_else(corrupt)?,
            channel: channel.parse().map_err(|_| corrupt())?,
            dated,
            forms,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Whether a message of this purpose could ever be screened.
fn concerns(ask: &Ask) -> bool {
    let never = [Purpose::SERVICE, Purpose::ENGAGEMENT_TRACKING, Purpose::PROFILING, Purpose::STATUTORY];
    !never.contains(&ask.purpose)
}

/// For each ask what the lists of the person's country say; `None` where no list concerns it. Costs
/// one read when the workspace has no lists.
pub(crate) async fn screen(
    ctx: &Ctx,
    keys: &WorkspaceKeys,
    asks: &[Ask],
    subject_keys: &[SubjectKeys],
) -> Result<Vec<Option<Screen>>> {
    let mut screens = vec![None; asks.len()];
    if !asks.iter().any(concerns) {
        return Ok(screens);
    }
    let lists = in_force(ctx).await?;
    if lists.is_empty() {
        return Ok(screens);
    }
    let rows = asks.iter().map(|ask| params![ctx.workspace, ask.subject]).collect();
    let rows: Vec<Vec<(Vec<u8>,)>> = ctx.db.many(FACTS, rows).await?;
    let now = ctx.now();
    // Which list is asked about which hash, for whom.
    let mut questions: Vec<Vec<Value>> = Vec::new();
    let mut askers: Vec<usize> = Vec::new();
    for (index, ((ask, row), keys_of)) in asks.iter().zip(rows).zip(subject_keys).enumerate() {
        let Some(country) = country(ctx, ask, keys_of, row) else { continue };
        let mine: Vec<&InForce> = lists
            .iter()
            .filter(|list| concerns(ask) && list.country == country && list.channel == ask.channel)
            .collect();
        if mine.is_empty() {
            continue;
        }
        let fresh = mine.iter().all(|list| now < expires(list.dated));
        screens[index] = Some(if fresh { Screen::Clear } else { Screen::Missing });
        for list in mine {
            for hash in hashes(ctx, keys, (ask, keys_of), list.forms).await? {
                questions.push(params![ctx.workspace, list.id, hash]);
                askers.push(index);
            }
        }
    }
    let answers: Vec<Vec<(Blind,)>> = ctx.db.many(queries::LISTED, questions).await?;
    for (index, answer) in askers.into_iter().zip(answers) {
        if !answer.is_empty() {
            screens[index] = Some(Screen::Listed);
        }
    }
    Ok(screens)
}

/// A person whose facts cannot be read has no country here; the gate itself says what that means.
fn country(ctx: &Ctx, ask: &Ask, keys: &SubjectKeys, row: Vec<(Vec<u8>,)>) -> Option<Country> {
    let (sealed,) = row.into_iter().next()?;
    let facts = crate::facts::open(ctx.workspace, ask.subject, keys, &sealed).ok()?;
    Country::read(facts.country.as_deref()?)
}

/// Under which hashes the person may stand on a list. Lists of digests ask for the address itself,
/// which only then is unsealed.
async fn hashes(
    ctx: &Ctx,
    keys: &WorkspaceKeys,
    (ask, subject_keys): (&Ask, &SubjectKeys),
    forms: u8,
) -> Result<Vec<Blind>> {
    let mut found = Vec::new();
    if forms & PLAIN != 0 {
        found.push(ask.address);
        if ask.domain != ask.address {
            found.push(ask.domain);
        }
    }
    if forms & (SHA_1 | SHA_256) != 0 {
        for normal in emails(ctx, ask.subject, subject_keys).await? {
            found.extend(digests(keys, &normal, forms));
        }
    }
    Ok(found)
}

async fn emails(ctx: &Ctx, subject: ContactId, keys: &SubjectKeys) -> Result<Vec<String>> {
    if keys.data().is_err() {
        return Ok(Vec::new());
    }
    let all = register::addresses_of(ctx, subject, keys).await?;
    Ok(all.into_iter().filter_map(|address| Some(address.strip_prefix("email:")?.to_owned())).collect())
}
