use std::collections::BTreeMap;

use kernel::{ContactId, EventId, Timestamp, TopicId};
use serde_json::Value as Json;
use store::{Batch, Ctx, SubjectKeys, WorkspaceKeys, params};

use super::queries;
use super::statement::{Claim, ClaimKey, NO_TOPIC, Projected, terms_of};
use crate::ledger::Kind;
use crate::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use crate::{Error, Result};

/// How far a withdrawal reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reach {
    Everything,
    Purpose(Purpose),
    Channel(Purpose, Channel),
    Topic(TopicId),
}

/// Bases that a withdrawal leaves alone: they do not rest on the person's agreement.
fn stands_alone(basis: &str) -> bool {
    let standing = [BasisKind::Contract, BasisKind::LegalObligation, BasisKind::SubjectRequest];
    standing.iter().any(|kind| kind.as_str() == basis)
}

impl Reach {
    fn covers(&self, (purpose, channel, topic, _): &ClaimKey) -> bool {
        match self {
            Self::Everything => true,
            Self::Purpose(wanted) => wanted.as_str() == purpose,
            Self::Channel(wanted, by) => wanted.as_str() == purpose && by.as_str() == channel,
            Self::Topic(wanted) => wanted == topic,
        }
    }
}

/// Marks the rows in reach of a withdrawal, in the batch that writes its event.
pub(crate) fn withdraw_rows(
    batch: &mut Batch,
    ctx: &Ctx,
    subject: ContactId,
    reach: &Reach,
    (state, at, event): (ConsentState, Timestamp, EventId),
) {
    let mut values = params![ctx.workspace, subject, state.as_str(), at, event];
    let sql = match reach {
        Reach::Everything => queries::WITHDRAW_ALL,
        Reach::Purpose(purpose) => {
            values.extend(params![purpose.as_str()]);
            queries::WITHDRAW_PURPOSE
        }
        Reach::Channel(purpose, channel) => {
            values.extend(params![purpose.as_str(), channel.as_str()]);
            queries::WITHDRAW_CHANNEL
        }
        Reach::Topic(topic) => {
            values.extend(params![*topic]);
            queries::WITHDRAW_TOPIC
        }
    };
    batch.push(sql, values);
}

/// One event as the projection reads it.
struct Event {
    kind: Kind,
    purpose: Option<String>,
    channel: Option<String>,
    topic: Option<TopicId>,
    basis: Option<String>,
    state: Option<ConsentState>,
    at: Timestamp,
    expires: Option<Timestamp>,
    id: EventId,
    detail: Json,
}

impl Event {
    fn read(header: &Json, payload: Option<Json>) -> Option<Self> {
        let text = |name: &str| header.get(name).and_then(Json::as_str);
        Some(Self {
            kind: serde_json::from_value(header.get("kind")?.clone()).ok()?,
            purpose: text("purpose").map(str::to_owned),
            channel: text("channel").map(str::to_owned),
            topic: text("topic").and_then(|id| id.parse().ok()),
            basis: text("basis").map(str::to_owned),
            state: text("state").and_then(|state| state.parse().ok()),
            at: text("at")?.parse().ok()?,
            expires: text("expires").and_then(|at| at.parse().ok()),
            id: text("id")?.parse().ok()?,
            detail: payload.unwrap_or(Json::Null),
        })
    }

    fn reach(&self) -> Option<Reach> {
        Some(match (&self.purpose, &self.channel, self.topic) {
            (_, _, Some(topic)) => Reach::Topic(topic),
            (Some(purpose), Some(channel), None) => Reach::Channel(Purpose::new(purpose).ok()?, channel.parse().ok()?),
            (Some(purpose), None, None) => Reach::Purpose(Purpose::new(purpose).ok()?),
            (None, _, None) => Reach::Everything,
        })
    }
}

fn apply(rows: &mut BTreeMap<ClaimKey, Projected>, event: Event) -> Option<()> {
    match event.kind {
        Kind::Statement | Kind::Merge => {
            let Some(basis) = event.basis else { return Some(()) };
            let key = (event.purpose?, event.channel?, event.topic.unwrap_or(NO_TOPIC), basis);
            if rows.get(&key).is_none_or(|row| event.at >= row.at) {
                let terms = terms_of(&event.detail);
                let new = Projected::new((event.state?, event.at), event.expires, event.id, (&event.detail, terms));
                rows.insert(key, new);
            }
        }
        Kind::Withdrawal => {
            let (reach, state) = (event.reach()?, event.state?);
            for (key, row) in rows.iter_mut() {
                let open = row.state.is_valid() || row.state == ConsentState::Requested;
                if reach.covers(key) && open && row.at <= event.at && !stands_alone(&key.3) {
                    (row.state, row.at, row.event) = (state, event.at, event.id);
                }
            }
        }
        Kind::Block | Kind::Lift | Kind::Erasure | Kind::Restored | Kind::Agreement => {}
    }
    Some(())
}

fn to_claims(rows: BTreeMap<ClaimKey, Projected>) -> Result<Vec<Claim>> {
    let corrupt = || Error::Corrupt("claim");
    rows.into_iter()
        .map(|((purpose, channel, topic, basis), row)| {
            Ok(Claim {
                purpose: Purpose::new(&purpose).map_err(|_| corrupt())?,
                channel: channel.parse().map_err(|_| corrupt())?,
                topic: (topic != NO_TOPIC).then_some(topic),
                basis: basis.parse().map_err(|_| corrupt())?,
                state: row.state,
                at: row.at,
                expires_at: row.expires_at,
                confirmed_at: row.confirmed_at,
                event: row.event,
                terms: row.terms,
            })
        })
        .collect()
}

async fn project(
    ctx: &Ctx,
    keys: &WorkspaceKeys,
    subject: ContactId,
    subject_keys: &SubjectKeys,
) -> Result<BTreeMap<ClaimKey, Projected>> {
    let mut rows = BTreeMap::new();
    for opened in crate::ledger::open(ctx, keys, subject, subject_keys).await? {
        let event = Event::read(&opened.header, opened.payload).ok_or(Error::Corrupt("ledger header"))?;
        apply(&mut rows, event).ok_or(Error::Corrupt("ledger header"))?;
    }
    Ok(rows)
}

/// A person's claims as the ledger alone tells them, in the order of [`super::list`].
///
/// # Errors
/// When the store fails or the ledger does not verify.
pub async fn from_ledger(ctx: &Ctx, subject: ContactId) -> Result<Vec<Claim>> {
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, subject).await?);
    to_claims(project(ctx, &keys, subject, &subject_keys).await?)
}

/// Makes a person's rows anew from the ledger.
///
/// # Errors
/// When the store fails or the ledger does not verify.
pub async fn rebuild(ctx: &Ctx, subject: ContactId) -> Result<()> {
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, subject).await?);
    let rows = project(ctx, &keys, subject, &subject_keys).await?;
    let mut batch = ctx.batch();
    batch.push(queries::ERASE_CLAIMS, params![ctx.workspace, subject]);
    for ((purpose, channel, topic, basis), row) in &rows {
        super::statement::push_row(&mut batch, ctx, &subject_keys, subject, (purpose, channel, *topic, basis), row)?;
    }
    ctx.db.apply(batch).await?;
    Ok(())
}
