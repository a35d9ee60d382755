use kernel::{ContactId, EventId, Timestamp};
use serde_json::{Value as Json, json};
use store::{Batch, Blind, Ctx, Feed, NewJob, SafetyEntry, SafetyKind, SubjectKeys, WorkspaceKeys};

use super::Gate;
use super::permit::Reached;
use crate::claims::{self, Reach};
use crate::erasure::{self, ERASE_QUEUE};
use crate::ledger::{Entry, Kind};
use crate::suppression::{self, Reason, subject_hash};
use crate::vocabulary::{BasisKind, ConsentState, Purpose, Scope};
use crate::{Result, agreements};

/// Somebody must not be written to any more, wholly or in part: an unsubscribe, an objection, a
/// complaint, a bounce, a block.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    /// The person.
    pub subject: ContactId,
    /// Suppression hashes of the addresses concerned ([`suppression::email_hash`]); with
    /// [`Scope::Domain`], of the domains.
    pub addresses: Vec<Blind>,
    /// How far it reaches.
    pub scope: Scope,
    /// Why.
    pub reason: Reason,
    /// What proves it (the message, the form, the diagnostic code); sealed into the ledger.
    pub evidence: Json,
}

/// What a withdrawal did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawn {
    /// The ledger event; `None` when the person was erased before.
    pub event: Option<EventId>,
    /// Hand-overs that had begun before and had not ended when patience did.
    pub in_flight: usize,
    /// Whether the person was a prospect, held on legitimate interest alone, and is being erased.
    pub erasing: bool,
}

impl Gate {
    /// Takes a withdrawal: safety log, then suppression, ledger event, claims and change feed in one
    /// commit, then every outstanding permit in reach. When this returns, no hand-over in reach
    /// starts any more on this node.
    ///
    /// # Errors
    /// When the store fails; nothing was acknowledged then.
    pub async fn withdraw(&self, ctx: &Ctx, withdrawal: Withdrawal) -> Result<Withdrawn> {
        self.withdraw_with(ctx, withdrawal, ctx.batch()).await
    }

    /// [`Gate::withdraw`] with statements of the caller's own in the same commit.
    ///
    /// # Errors
    /// When the store fails or a guard of the batch refuses; nothing was acknowledged then.
    pub async fn withdraw_with(&self, ctx: &Ctx, mut withdrawal: Withdrawal, mut batch: Batch) -> Result<Withdrawn> {
        let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, withdrawal.subject).await?);
        widen(&mut withdrawal);
        let now = ctx.now();
        let erasing = withdrawal.reason.is_refusal() && is_prospect(ctx, withdrawal.subject, now).await?;
        if erasing {
            // Mail on legitimate interest: any opt-out ends everything, on every channel.
            withdrawal.scope = Scope::Purpose(Purpose::MARKETING);
            withdrawal.reason = withdrawal.reason.min(Reason::UnsubscribeAll);
        }
        let hashes = reached_hashes(&keys, &withdrawal);
        let entries = safety_entries(ctx, &withdrawal, &hashes, now);
        ctx.vault.safety(ctx.workspace, &entries).await?;

        let event = write(&mut batch, ctx, (&keys, &subject_keys), &withdrawal, (&hashes, now))?;
        if erasing {
            let job = NewJob::now(ERASE_QUEUE, json!({"subject": withdrawal.subject}));
            batch.job(job.key(withdrawal.subject.to_string()));
        }
        ctx.db.apply(batch).await?;

        let in_flight = self
            .book()
            .cancel(Reached {
                workspace: ctx.workspace,
                subject: Some(withdrawal.subject),
                hashes: &withdrawal.addresses,
            })
            .await;
        let ids: Vec<EventId> = entries.iter().map(|entry| entry.id).collect();
        ctx.vault.complete_safety(ctx.workspace, &ids).await?;
        Ok(Withdrawn { event, in_flight, erasing })
    }
}

/// A complaint, an objection and "everything" concern all marketing on every channel, wherever they
/// came in.
fn widen(withdrawal: &mut Withdrawal) {
    let everything = matches!(withdrawal.reason, Reason::Complaint | Reason::Objection | Reason::UnsubscribeAll);
    if everything && matches!(withdrawal.scope, Scope::Channel(_) | Scope::Topic(_) | Scope::Address) {
        withdrawal.scope = Scope::Purpose(Purpose::MARKETING);
    }
}

/// Whether the person is held on legitimate interest and on nothing else.
async fn is_prospect(ctx: &Ctx, subject: ContactId, now: Timestamp) -> Result<bool> {
    if ctx.vault.subject(ctx.workspace, subject).await?.data().is_err() {
        return Ok(false);
    }
    let claims = claims::list(ctx, subject).await?;
    // That somebody asked a question, and was answered, makes no relationship.
    let counts = |claim: &&claims::Claim| {
        claim.basis != BasisKind::SubjectRequest
            && claim.state.is_valid()
            && claim.expires_at.is_none_or(|end| now < end)
    };
    let mut live = claims.iter().filter(counts).peekable();
    Ok(live.peek().is_some() && live.all(|claim| claim.basis == BasisKind::LegitimateInterest))
}

/// Under which hashes the block is kept: an address or domain by itself, everything else by the
/// person too, so that it holds for addresses they get later.
fn reached_hashes(keys: &WorkspaceKeys, withdrawal: &Withdrawal) -> Vec<Blind> {
    let mut hashes = withdrawal.addresses.clone();
    if !matches!(withdrawal.scope, Scope::Address | Scope::Domain) {
        hashes.push(subject_hash(keys, withdrawal.subject));
    }
    hashes
}

fn safety_entries(ctx: &Ctx, withdrawal: &Withdrawal, hashes: &[Blind], at: Timestamp) -> Vec<SafetyEntry> {
    let kind = match withdrawal.reason {
        reason if reason.is_objection() => SafetyKind::Objection,
        reason if reason.is_refusal() => SafetyKind::Withdrawal,
        _ => SafetyKind::Suppression,
    };
    let entry = |hash: &Blind| SafetyEntry {
        id: ctx.id(),
        kind,
        subject: Some(withdrawal.subject),
        hash: Some(*hash),
        scope: withdrawal.scope.to_string(),
        reason: withdrawal.reason.as_str().to_owned(),
        at,
        done: false,
    };
    hashes.iter().map(entry).collect()
}

/// Suppression rows, ledger event, claims and feed entry of a withdrawal.
pub(crate) fn write(
    batch: &mut Batch,
    ctx: &Ctx,
    (keys, subject_keys): (&WorkspaceKeys, &SubjectKeys),
    withdrawal: &Withdrawal,
    (hashes, at): (&[Blind], Timestamp),
) -> Result<Option<EventId>> {
    let Withdrawal { subject, scope, reason, .. } = withdrawal;
    let event = if subject_keys.evidence().is_ok() {
        Some(state(batch, ctx, (keys, subject_keys), withdrawal, at)?)
    } else {
        None
    };
    for hash in hashes {
        suppression::add(batch, *hash, scope, (*reason, at), event);
    }
    batch.feed(Feed {
        kind: if reason.is_refusal() { "consent.withdrawn" } else { "contact.suppressed" },
        entity: (*subject).into(),
        data: json!({"scope": scope, "reason": reason, "at": at}),
    });
    Ok(event)
}

fn state(
    batch: &mut Batch,
    ctx: &Ctx,
    keys: (&WorkspaceKeys, &SubjectKeys),
    withdrawal: &Withdrawal,
    at: Timestamp,
) -> Result<EventId> {
    let payload = json!({"scope": withdrawal.scope, "reason": withdrawal.reason, "evidence": withdrawal.evidence});
    let refusal = withdrawal.reason.is_refusal();
    let kind = if refusal { Kind::Withdrawal } else { Kind::Block };
    let mut entry = Entry::new(kind, withdrawal.subject, at, &payload);
    let state = if withdrawal.reason.is_objection() { ConsentState::Objected } else { ConsentState::Withdrawn };
    let reach = refusal.then(|| reach_of(&withdrawal.scope)).flatten();
    let topic = match &reach {
        Some(Reach::Topic(topic)) => Some(*topic),
        _ => None,
    };
    match &reach {
        Some(Reach::Purpose(purpose)) => entry.purpose = Some(purpose.as_str()),
        Some(Reach::Channel(purpose, channel)) => {
            (entry.purpose, entry.channel) = (Some(purpose.as_str()), Some(channel.as_str()));
        }
        _ => {}
    }
    entry.topic = topic;
    entry.state = reach.is_some().then_some(state.as_str());
    if refusal && reach.is_none() {
        // An address alone was refused: nothing about the person's claims changes.
        entry.kind = Kind::Block;
    }
    let event = entry.push(batch, ctx, keys.0, keys.1)?;
    if let Some(reach) = &reach {
        claims::withdraw_rows(batch, ctx, withdrawal.subject, reach, (state, at, event));
    }
    Ok(event)
}

fn reach_of(scope: &Scope) -> Option<Reach> {
    match scope {
        Scope::Person => Some(Reach::Everything),
        Scope::Purpose(purpose) => Some(Reach::Purpose(purpose.clone())),
        Scope::Channel(channel) => Some(Reach::Channel(Purpose::MARKETING, *channel)),
        Scope::Topic(topic) => topic.parse().ok().map(Reach::Topic),
        Scope::Address | Scope::Domain => None,
    }
}

/// Brings one entry of the safety log back into data that lack it (an older backup, or a crash
/// between log and data). Answers whether anything had to be done.
pub(crate) async fn reapply(ctx: &Ctx, entry: &SafetyEntry) -> Result<bool> {
    if let Some((member, purpose)) = agreements::taken_back(entry) {
        return agreements::take_back_again(ctx, (member, &purpose), entry.at).await;
    }
    let (Some(hash), Ok(scope)) = (entry.hash, entry.scope.parse::<Scope>()) else { return Ok(false) };
    if entry.reason == suppression::LIFTED {
        let mut batch = ctx.batch();
        batch.push(suppression::LIFT_SUPPRESSION, store::params![ctx.workspace, hash, entry.scope.as_str(), entry.at]);
        ctx.db.apply(batch).await?;
        return Ok(false);
    }
    let Ok(reason) = entry.reason.parse::<Reason>() else { return Ok(false) };
    let known = suppression::check(ctx, &[hash]).await?.into_iter().flatten();
    if known.into_iter().any(|block| block.scope == scope && block.reason == reason) {
        return Ok(false);
    }
    let keys = ctx.keys().await?;
    let mut batch = ctx.batch();
    match entry.subject.filter(|subject| subject_hash(&keys, *subject) == hash) {
        Some(subject) => {
            let subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
            let evidence = json!({"replayed": true});
            let withdrawal = Withdrawal { subject, addresses: Vec::new(), scope, reason, evidence };
            write(&mut batch, ctx, (&keys, &subject_keys), &withdrawal, (&[hash], entry.at))?;
        }
        None => suppression::add(&mut batch, hash, &scope, (reason, entry.at), None),
    }
    ctx.db.apply(batch).await?;
    Ok(true)
}

impl Gate {
    /// Blocks addresses of a suppression list that is imported: safety log, rows, and permits taken
    /// back. Nobody need be known under them. `hashes` are of addresses, or of domains with
    /// [`Scope::Domain`].
    ///
    /// # Errors
    /// When the store fails.
    pub async fn suppress_many(&self, ctx: &Ctx, hashes: &[Blind], scope: &Scope, reason: Reason) -> Result<()> {
        let at = ctx.now();
        let entry = |hash: &Blind| SafetyEntry {
            id: ctx.id(),
            kind: SafetyKind::Suppression,
            subject: None,
            hash: Some(*hash),
            scope: scope.to_string(),
            reason: reason.as_str().to_owned(),
            at,
            done: false,
        };
        let entries: Vec<SafetyEntry> = hashes.iter().map(entry).collect();
        ctx.vault.safety(ctx.workspace, &entries).await?;
        let mut batch = ctx.batch();
        for hash in hashes {
            suppression::add(&mut batch, *hash, scope, (reason, at), None);
        }
        ctx.db.apply(batch).await?;
        self.book().cancel(Reached { workspace: ctx.workspace, subject: None, hashes }).await;
        let ids: Vec<EventId> = entries.iter().map(|entry| entry.id).collect();
        Ok(ctx.vault.complete_safety(ctx.workspace, &ids).await?)
    }
}

/// The job that erases prospects who opted out.
pub(crate) fn erase_job_subject(payload: &Json) -> Option<ContactId> {
    payload.get("subject")?.as_str()?.parse().ok()
}

impl Gate {
    /// Takes back every permit of a person who is being erased and waits for begun hand-overs.
    pub(crate) async fn stop(&self, ctx: &Ctx, subject: ContactId, hashes: &[Blind]) -> usize {
        self.book().cancel(Reached { workspace: ctx.workspace, subject: Some(subject), hashes }).await
    }

    /// Takes back every outstanding permit of a person, without a withdrawal: what they may still get
    /// is asked about again. Whoever calls this has committed the reason first ([`crate::halts`]).
    pub async fn recall(&self, ctx: &Ctx, subject: ContactId) -> usize {
        self.stop(ctx, subject, &[]).await
    }

    /// What runs the erasures that withdrawals asked for.
    pub fn erasure_jobs(&self) -> erasure::Jobs {
        erasure::Jobs::new(self.clone())
    }
}
