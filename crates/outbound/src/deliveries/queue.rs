//! Asking the gate and inserting what it answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{ContactId, DeliveryId, Email, Timestamp};
use privacy::gate::{Ask, ContentMeta, Denial, Gate, Grant, Queued};
use privacy::suppression;
use store::{Batch, Ctx, Result, Value, params};

use super::model::{DeliveryState, Run};
use super::queries::{GET_RUN, INSERT_DELIVERY};
use super::seal::Addressee;

/// A message about to be asked for: to whom, with which values.
#[derive(Debug)]
pub struct Draft {
    /// The person.
    pub contact: ContactId,
    /// The address.
    pub email: Email,
    /// What the content will say.
    pub addressee: Addressee,
}

/// What became of the drafts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enqueued {
    /// How many wait for their turn.
    pub queued: u64,
    /// Denials by reason.
    pub denied: BTreeMap<String, u64>,
}

/// One row to insert, everything but the gate's answer.
struct Waiting {
    id: DeliveryId,
    contact: ContactId,
    address: store::Blind,
    domain: store::Blind,
    sealed: Option<Vec<u8>>,
}

enum Answer {
    Queued(Grant),
    Denied(Denial),
}

/// Asks the gate for every draft and inserts the deliveries, allowed and denied, in one transaction.
/// A person who has a delivery of this run already keeps it: running twice mails nobody twice.
///
/// # Errors
/// When the store fails; then nothing was inserted.
pub async fn enqueue(ctx: &Ctx, gate: &Gate, run: &Run, drafts: Vec<Draft>, sender_verified: bool) -> Result<Enqueued> {
    insert_all(ctx, gate, run, (drafts, sender_verified), false).await
}

/// Opens a run of one message and inserts its delivery in the same transaction: a worker that saw the
/// run alone would find nothing to send and end it. A run that is there already keeps what it has.
///
/// # Errors
/// When the store fails; then nothing was inserted.
pub(crate) async fn enqueue_alone(
    ctx: &Ctx,
    gate: &Gate,
    run: &Run,
    draft: Draft,
    sender_verified: bool,
) -> Result<Enqueued> {
    insert_all(ctx, gate, run, (vec![draft], sender_verified), true).await
}

async fn insert_all(
    ctx: &Ctx,
    gate: &Gate,
    run: &Run,
    (drafts, sender_verified): (Vec<Draft>, bool),
    opens: bool,
) -> Result<Enqueued> {
    let keys = ctx.keys().await?;
    let contacts: Vec<ContactId> = drafts.iter().map(|draft| draft.contact).collect();
    let subjects = ctx.vault.subjects(ctx.workspace, &contacts).await?;
    let content = ContentMeta {
        hash: run.content_hash,
        missing: run.settings.missing.iter().filter_map(|code| crate::content_code(code)).collect(),
        promotional: false,
    };
    let mut asks = Vec::with_capacity(drafts.len());
    let mut rows = Vec::with_capacity(drafts.len());
    for (draft, subject) in drafts.into_iter().zip(&subjects) {
        let address = suppression::email_hash(&keys, &draft.email);
        let domain = suppression::domain_hash(&keys, &draft.email);
        asks.push(Ask {
            subject: draft.contact,
            address,
            domain,
            channel: run.channel,
            purpose: run.purpose.clone(),
            topic: run.topic,
            content: content.clone(),
            sender_verified,
        });
        // A person erased since has no key; the gate denies them, and the row carries nothing.
        let sealed = draft.addressee.seal(ctx, draft.contact, subject).ok();
        rows.push(Waiting { id: ctx.id(), contact: draft.contact, address, domain, sealed });
    }
    let prepared = gate.prepare(ctx, asks).await?;
    let (call, gate, run, rows) = (ctx.clone(), gate.clone(), run.clone(), Arc::new(rows));
    ctx.db
        .tx(move |tx| {
            let now = call.now();
            let mut batch = call.batch();
            if opens {
                if tx.opt::<Run>(GET_RUN, params![run.workspace, run.source])?.is_some() {
                    return Ok(Enqueued::default());
                }
                crate::runs::open(&mut batch, &call, &run, "");
            }
            let answers = gate.authorise_many(tx, &prepared, now)?;
            let mut summary = Enqueued::default();
            for (row, answer) in rows.iter().zip(answers) {
                let answer = match answer {
                    Ok(queued) => {
                        summary.queued += 1;
                        Answer::Queued(admit(queued))
                    }
                    Err(denial) => {
                        *summary.denied.entry(denial.reason.clone()).or_default() += 1;
                        Answer::Denied(denial)
                    }
                };
                insert(&mut batch, &run, row, answer, now);
            }
            tx.apply(batch)?;
            Ok(summary)
        })
        .await
}

/// The one place where the gate's leave to queue is used up.
fn admit(queued: Queued) -> Grant {
    queued.into_grant()
}

fn insert(batch: &mut Batch, run: &Run, row: &Waiting, answer: Answer, now: Timestamp) {
    let (state, reason, rule, pack, basis, claim, due_at, finished) = match answer {
        Answer::Queued(grant) => {
            let due = grant.until.unwrap_or(now).max(run.not_before);
            let basis = grant.basis.map_or("", |basis| basis.as_str());
            (DeliveryState::Queued, None, grant.rule, grant.pack, basis, grant.event, due, None)
        }
        Answer::Denied(denial) => {
            (DeliveryState::Denied, Some(denial.reason), denial.rule, denial.pack, "", None, now, Some(now))
        }
    };
    let sealed = if state == DeliveryState::Denied { Value::Null } else { Value::from(row.sealed.clone()) };
    batch.push(
        INSERT_DELIVERY,
        params![
            run.workspace,
            row.id,
            run.source,
            row.contact,
            run.channel.as_str(),
            run.purpose.as_str(),
            run.topic,
            run.content,
            row.address,
            row.domain,
            state,
            reason,
            rule,
            pack,
            basis,
            claim,
            due_at,
            now,
            finished,
            sealed
        ],
    );
}

/// Inserts denied deliveries for people whom the sender cannot write to for a reason of its own, such
/// as a missing reason for writing; nothing is sealed for them, and they get no message of this run.
///
/// # Errors
/// When the store fails.
pub async fn refuse(ctx: &Ctx, run: &Run, people: &[(ContactId, Email)], reason: &str) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let (keys, now) = (ctx.keys().await?, ctx.now());
    let mut batch = ctx.batch();
    for (contact, email) in people {
        let row = Waiting {
            id: ctx.id(),
            contact: *contact,
            address: suppression::email_hash(&keys, email),
            domain: suppression::domain_hash(&keys, email),
            sealed: None,
        };
        let denial = Denial {
            reason: reason.to_owned(),
            rule: "default".to_owned(),
            pack: privacy::rules::RulePack::current().version().to_owned(),
            until: None,
        };
        insert(&mut batch, run, &row, Answer::Denied(denial), now);
    }
    ctx.db.apply(batch).await.map(|_| ())
}
