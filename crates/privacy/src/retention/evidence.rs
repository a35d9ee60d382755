//! The end of evidence: five years after the consent it proves has ended, the payload is shredded and,
//! when none is left of an erased person, the key is destroyed. The chain keeps every header, so it
//! still verifies.

use std::collections::BTreeMap;

use kernel::{ContactId, Timestamp, TopicId};
use store::{Ctx, WorkspaceKeys, params};

use super::period::Period;
use crate::ledger::queries::{EVENTS_OF_SUBJECT, EventRow};
use crate::ledger::{Header, Kind, pseudonym};
use crate::vocabulary::ConsentState;
use crate::{Error, Result};

/// The class's name.
pub(crate) const CLASS: &str = "consent.evidence";

store::sql! {
    SHRED_EVENT = "UPDATE ledger_event SET sealed = NULL WHERE workspace = $1 AND seq = $2 AND ordinal = $3";
    ERASED_AT = "SELECT max(completed_at) FROM erasure WHERE workspace = $1 AND subject = $2";
}

type Key = (String, String, Option<TopicId>, String);

/// One payload that is still there, and when what it proves ended; `None` while it lasts.
struct Payload {
    seq: i64,
    ordinal: i64,
    ended: Option<Timestamp>,
}

struct Consent {
    live: bool,
    changed: Timestamp,
    expires: Option<Timestamp>,
    basis: String,
}

impl Consent {
    fn ended(&self, now: Timestamp) -> Option<Timestamp> {
        match (self.live, self.expires.filter(|at| *at <= now)) {
            (true, None) => None,
            (true, Some(at)) => Some(at),
            (false, _) => Some(self.changed),
        }
    }
}

fn key_of(header: &Header<'_>) -> Key {
    let text = |value: &Option<std::borrow::Cow<'_, str>>| value.as_deref().unwrap_or_default().to_owned();
    (text(&header.purpose), text(&header.channel), header.topic, text(&header.basis))
}

/// What a withdrawal ends: everything it does not name otherwise, but no contract or duty.
fn reaches(header: &Header<'_>, key: &Key, consent: &Consent) -> bool {
    let standing = ["contract", "legal_obligation", "subject_request"].contains(&consent.basis.as_str());
    let same = |named: Option<&str>, own: &str| named.is_none_or(|named| named == own);
    !standing
        && header.at >= consent.changed
        && match header.topic {
            Some(topic) => key.2 == Some(topic),
            None => same(header.purpose.as_deref(), &key.0) && same(header.channel.as_deref(), &key.1),
        }
}

fn consents(rows: &[EventRow], erased: Option<Timestamp>) -> Result<BTreeMap<Key, Consent>> {
    let mut out: BTreeMap<Key, Consent> = BTreeMap::new();
    for row in rows {
        let header = Header::parse(&row.body).ok_or(Error::Corrupt("ledger header"))?;
        match header.kind {
            Kind::Statement | Kind::Merge | Kind::Agreement => {
                let state: Option<ConsentState> = header.state.as_deref().and_then(|state| state.parse().ok());
                let live = state.is_some_and(|state| state.is_valid() || state == ConsentState::Requested);
                let basis = header.basis.as_deref().unwrap_or_default().to_owned();
                let new = Consent { live, changed: header.at, expires: header.expires, basis };
                let slot = out.entry(key_of(&header));
                slot.and_modify(|old| {
                    if header.at >= old.changed {
                        *old = Consent { live, changed: header.at, expires: header.expires, basis: new.basis.clone() };
                    }
                })
                .or_insert(new);
            }
            Kind::Withdrawal => {
                for (key, consent) in &mut out {
                    if consent.live && reaches(&header, key, consent) {
                        (consent.live, consent.changed) = (false, header.at);
                    }
                }
            }
            Kind::Block | Kind::Lift | Kind::Erasure | Kind::Restored => {}
        }
    }
    if let Some(at) = erased {
        for consent in out.values_mut().filter(|consent| consent.live) {
            (consent.live, consent.changed) = (false, at);
        }
    }
    Ok(out)
}

async fn payloads(ctx: &Ctx, keys: &WorkspaceKeys, subject: ContactId) -> Result<Vec<Payload>> {
    let (rows, erased): (Vec<EventRow>, (Option<Timestamp>,)) = tokio::try_join!(
        ctx.db.all(EVENTS_OF_SUBJECT, params![ctx.workspace, pseudonym(keys, subject)]),
        ctx.db.one(ERASED_AT, params![ctx.workspace, subject])
    )?;
    let (consents, now) = (consents(&rows, erased.0)?, ctx.now());
    let mut out = Vec::new();
    for row in rows.iter().filter(|row| row.sealed.as_ref().is_some_and(|sealed| !sealed.is_empty())) {
        let header = Header::parse(&row.body).ok_or(Error::Corrupt("ledger header"))?;
        let ended = match header.kind {
            Kind::Statement | Kind::Merge | Kind::Agreement => {
                consents.get(&key_of(&header)).and_then(|consent| consent.ended(now))
            }
            _ => Some(header.at),
        };
        out.push(Payload { seq: row.seq, ordinal: row.ordinal, ended });
    }
    Ok(out)
}

/// When the next payload of a person is due; `None` when none is, as things are.
pub(crate) async fn due(
    ctx: &Ctx,
    keys: &WorkspaceKeys,
    period: Period,
    subject: ContactId,
) -> Result<Option<Timestamp>> {
    let all = payloads(ctx, keys, subject).await?;
    Ok(all.iter().filter_map(|payload| Some(period.after(payload.ended?))).min())
}

/// Shreds what is due of a person; answers how many payloads. When nothing is left of somebody who was
/// erased, the key goes as well.
pub(crate) async fn shred(ctx: &Ctx, keys: &WorkspaceKeys, period: Period, subject: ContactId) -> Result<u64> {
    let (all, now) = (payloads(ctx, keys, subject).await?, ctx.now());
    let due: Vec<&Payload> =
        all.iter().filter(|payload| payload.ended.is_some_and(|at| period.after(at) <= now)).collect();
    let mut batch = ctx.batch();
    for payload in &due {
        batch.push(SHRED_EVENT, params![ctx.workspace, payload.seq, payload.ordinal]);
    }
    if !due.is_empty() {
        ctx.db.apply(batch).await?;
    }
    if due.len() == all.len() && ctx.vault.subject(ctx.workspace, subject).await?.data().is_err() {
        ctx.vault.destroy_evidence_keys(ctx.workspace, &[subject]).await?;
        ctx.vault.forget_subjects(ctx.workspace, &[subject]).await?;
    }
    Ok(due.len() as u64)
}
