use kernel::{ContactId, Timestamp, TopicId};
use serde_json::json;
use store::{Batch, Blind, Ctx, SafetyEntry, SafetyKind, SubjectKeys, WorkspaceKeys, params};

use super::subject_hash;
use crate::Result;
use crate::ledger::{Entry, Kind};
use crate::vocabulary::{Channel, Purpose, Scope};

/// The reason under which the safety log remembers that a block was lifted.
pub(crate) const LIFTED: &str = "lifted";

store::sql! {
    pub(crate) LIFT_SUPPRESSION = "DELETE FROM suppression WHERE workspace = $1 AND hash = $2 AND scope = $3 AND at <= $4
        AND reason NOT IN ('legal_block', 'domain_block')";
    LIFT_BOUNCE = "DELETE FROM suppression WHERE workspace = $1 AND hash = $2 AND scope = 'address' AND at <= $3
        AND reason IN ('hard_bounce', 'soft_limit')";
    LIFT_PAUSE = "DELETE FROM suppression WHERE workspace = $1 AND hash = $2 AND reason = 'pause' AND at <= $3";
}

/// What the person asked for anew by a confirmed double opt-in.
#[derive(Debug, Clone)]
pub struct Lift {
    /// The person.
    pub subject: ContactId,
    /// Hashes of the addresses that were confirmed.
    pub addresses: Vec<Blind>,
    /// The purpose consented to.
    pub purpose: Purpose,
    /// The channel consented to.
    pub channel: Channel,
    /// The topic consented to.
    pub topic: Option<TopicId>,
    /// When it was confirmed; later blocks stay.
    pub confirmed_at: Timestamp,
}

/// A lift that still has to be remembered outside the data: call [`Lifted::remember`] after the
/// batch was applied. Should the process die in between, a later restore blocks once more, which
/// is the safe side.
#[derive(Debug)]
#[must_use = "remember the lift after the batch was applied"]
pub struct Lifted {
    entries: Vec<SafetyEntry>,
}

impl Lifted {
    /// Writes the lift to the safety log, so that replaying it does not block again.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn remember(self, ctx: &Ctx) -> Result<()> {
        Ok(ctx.vault.safety(ctx.workspace, &self.entries).await?)
    }
}

fn remembered(ctx: &Ctx, subject: ContactId, hash: Blind, scope: &Scope, at: Timestamp) -> SafetyEntry {
    SafetyEntry {
        id: ctx.id(),
        kind: SafetyKind::Suppression,
        subject: Some(subject),
        hash: Some(hash),
        scope: scope.to_string(),
        reason: LIFTED.to_owned(),
        at,
        done: true,
    }
}

/// Lifts, in the caller's batch, the blocks that the person's own confirmed double opt-in
/// answers: of the person, of this purpose, channel and topic. Legal and company blocks stay.
///
/// # Errors
/// When the person has been erased.
pub fn lift(
    batch: &mut Batch,
    ctx: &Ctx,
    keys: &WorkspaceKeys,
    subject_keys: &SubjectKeys,
    asked: &Lift,
) -> Result<Lifted> {
    let mut scopes = vec![Scope::Person, Scope::Purpose(asked.purpose.clone()), Scope::Channel(asked.channel)];
    scopes.push(Scope::Address);
    scopes.extend(asked.topic.map(|topic| Scope::Topic(topic.to_string())));
    let mut entries = Vec::new();
    for hash in asked.addresses.iter().copied().chain([subject_hash(keys, asked.subject)]) {
        for scope in &scopes {
            batch.push(LIFT_SUPPRESSION, params![ctx.workspace, hash, scope.to_string(), asked.confirmed_at]);
            entries.push(remembered(ctx, asked.subject, hash, scope, asked.confirmed_at));
        }
    }
    let payload = json!({"by": "double_opt_in", "confirmed_at": asked.confirmed_at});
    let mut entry = Entry::new(Kind::Lift, asked.subject, asked.confirmed_at, &payload);
    (entry.purpose, entry.channel, entry.topic) =
        (Some(asked.purpose.as_str()), Some(asked.channel.as_str()), asked.topic);
    entry.push(batch, ctx, keys, subject_keys)?;
    Ok(Lifted { entries })
}

/// Lifts the bounce of an address that was verified again.
///
/// # Errors
/// When the store fails or the person has been erased.
pub async fn lift_bounce(ctx: &Ctx, subject: ContactId, address: Blind) -> Result<()> {
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, subject).await?);
    let now = ctx.now();
    let mut batch = ctx.batch();
    batch.push(LIFT_BOUNCE, params![ctx.workspace, address, now]);
    let payload = json!({"by": "verification"});
    Entry::new(Kind::Lift, subject, now, &payload).push(&mut batch, ctx, &keys, &subject_keys)?;
    ctx.db.apply(batch).await?;
    let entries = vec![remembered(ctx, subject, address, &Scope::Address, now)];
    Lifted { entries }.remember(ctx).await
}

/// A human has decided: sending to this person waits no longer. Everything else that stands against it stays. The
/// safety log keeps the pause: restoring an older backup asks a human once more.
///
/// # Errors
/// When the store fails or the person has been erased.
pub async fn resume(ctx: &Ctx, subject: ContactId, addresses: &[Blind]) -> Result<()> {
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, subject).await?);
    let now = ctx.now();
    let mut batch = ctx.batch();
    for hash in addresses.iter().copied().chain([subject_hash(&keys, subject)]) {
        batch.push(LIFT_PAUSE, params![ctx.workspace, hash, now]);
    }
    let payload = json!({"by": "decision", "lifted": "pause"});
    Entry::new(Kind::Lift, subject, now, &payload).push(&mut batch, ctx, &keys, &subject_keys)?;
    ctx.db.apply(batch).await?;
    Ok(())
}
