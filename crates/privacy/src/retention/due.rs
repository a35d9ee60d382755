//! Due dates of people: computed from what happened to them (the change feed names them), stored and
//! indexed, so that the hourly run reads what is due and nothing else.

use std::collections::BTreeSet;

use kernel::{ContactId, Timestamp};
use serde_json::Value as Json;
use store::{Batch, BoxFuture, Ctx, feed, params};

use super::evidence;
use super::settings::Settings;
use crate::Result;
use crate::erasure::ERASED_AFTER;
use crate::facts::SUBJECTS_AFTER;

/// The consumer's name on the change feed.
const CONSUMER: &str = "retention";
const PAGE: u32 = 1000;

store::sql! {
    UPSERT_DUE = "INSERT INTO retention_due (workspace, subject, class, due_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, subject, class) DO UPDATE SET due_at = excluded.due_at";
    DROP_DUE = "DELETE FROM retention_due WHERE workspace = $1 AND subject = $2";
    pub(super) DUE_PEOPLE = "SELECT subject, class, due_at FROM retention_due WHERE workspace = $1 AND due_at <= $2
        ORDER BY due_at LIMIT $3";
    pub(super) PUT_OFF = "UPDATE retention_due SET due_at = $4 WHERE workspace = $1 AND subject = $2 AND class = $3";
}

/// When somebody is to be forgotten: class and instant.
pub type Ends = Option<(&'static str, Timestamp)>;

/// Who knows people says when each of them is to be forgotten, in their order; `None` while a
/// relationship lasts, or when there is no such person.
pub type Evaluate = for<'a> fn(&'a Ctx, &'a Settings, &'a [ContactId]) -> BoxFuture<'a, store::Result<Vec<Ends>>>;

/// Registers an [`Evaluate`].
pub struct Evaluator {
    /// The function.
    pub evaluate: Evaluate,
}

store::inventory::collect!(Evaluator);

/// Registers the function that says when people are to be forgotten.
#[macro_export]
macro_rules! evaluator {
    ($evaluate:expr) => {
        ::store::inventory::submit! { $crate::retention::Evaluator { evaluate: $evaluate } }
    };
}

/// Has everybody's due dates computed anew at the next run: after a change of periods.
pub(super) fn start_over(batch: &mut Batch) {
    feed::advance(batch, CONSUMER, 0);
}

/// What is due for each person.
pub(super) async fn evaluate(ctx: &Ctx, settings: &Settings, people: &[ContactId]) -> Result<Vec<Ends>> {
    match store::inventory::iter::<Evaluator>().next() {
        Some(evaluator) => Ok((evaluator.evaluate)(ctx, settings, people).await?),
        None => Ok(vec![None; people.len()]),
    }
}

/// When a person's records end by class, as things are now: the person themself (no entry while a
/// relationship lasts), and the next piece of evidence.
///
/// # Errors
/// When the store fails.
pub async fn due_of(ctx: &Ctx, settings: &Settings, subject: ContactId) -> Result<Vec<(&'static str, Timestamp)>> {
    let mut out: Vec<_> = evaluate(ctx, settings, &[subject]).await?.into_iter().flatten().collect();
    let keys = ctx.keys().await?;
    if let Some(at) = evidence::due(ctx, &keys, settings.period_of(evidence::CLASS), subject).await? {
        out.push((evidence::CLASS, at));
    }
    Ok(out)
}

/// Computes and stores the due dates of some people.
pub(super) async fn refresh(ctx: &Ctx, settings: &Settings, people: &[ContactId]) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let keys = ctx.keys().await?;
    let kept = settings.period_of(evidence::CLASS);
    let mut batch = ctx.batch();
    for (subject, ends) in people.iter().zip(evaluate(ctx, settings, people).await?) {
        batch.push(DROP_DUE, params![ctx.workspace, *subject]);
        if let Some((class, at)) = ends {
            batch.push(UPSERT_DUE, params![ctx.workspace, *subject, class, at]);
        }
        if let Some(at) = evidence::due(ctx, &keys, kept, *subject).await? {
            batch.push(UPSERT_DUE, params![ctx.workspace, *subject, evidence::CLASS, at]);
        }
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Whom an entry of the feed concerns.
fn named(entry: &feed::FeedRow, people: &mut BTreeSet<ContactId>) {
    if entry.kind.starts_with("message.") {
        return;
    }
    if ["contact.", "topic.", "consent."].iter().any(|prefix| entry.kind.starts_with(prefix)) {
        people.insert(ContactId(entry.entity));
    }
    let mut add = |value: &Json| people.extend(value.as_str().and_then(|id| id.parse::<ContactId>().ok()));
    entry.data.get("contact").into_iter().for_each(&mut add);
    entry.data.get("from").into_iter().for_each(&mut add);
    entry.data.get("contacts").and_then(Json::as_array).into_iter().flatten().for_each(&mut add);
}

/// Takes in what happened since the last time; everything from the beginning when that is not known.
pub(super) async fn follow(ctx: &Ctx, settings: &Settings) -> Result<()> {
    let position = feed::position(&ctx.db, ctx.workspace, CONSUMER).await?;
    let mut position = if position == 0 {
        let head = feed::head(&ctx.db, ctx.workspace).await?;
        everybody(ctx, settings).await?;
        set_position(ctx, head).await?;
        head
    } else {
        position
    };
    loop {
        let entries = feed::read_after(&ctx.db, ctx.workspace, position, PAGE).await?;
        let Some(last) = entries.last() else { return Ok(()) };
        let mut people = BTreeSet::new();
        for entry in &entries {
            named(entry, &mut people);
        }
        let people: Vec<ContactId> = people.into_iter().collect();
        for chunk in people.chunks(PAGE as usize) {
            refresh(ctx, settings, chunk).await?;
        }
        position = last.seq;
        set_position(ctx, position).await?;
    }
}

async fn set_position(ctx: &Ctx, position: i64) -> Result<()> {
    let mut batch = ctx.batch();
    feed::advance(&mut batch, CONSUMER, position);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Everybody who is known, and everybody who was erased.
async fn everybody(ctx: &Ctx, settings: &Settings) -> Result<()> {
    for sql in [SUBJECTS_AFTER, ERASED_AFTER] {
        let mut after = ContactId([0; 16]);
        loop {
            let page: Vec<(ContactId,)> = ctx.db.all(sql, params![ctx.workspace, after, PAGE]).await?;
            let Some(last) = page.last() else { break };
            after = last.0;
            let people: Vec<ContactId> = page.into_iter().map(|row| row.0).collect();
            refresh(ctx, settings, &people).await?;
        }
    }
    Ok(())
}

store::personal!(store::PersonalTable {
    table: "retention_due",
    class: "marketing.contact",
    subject: "subject",
    columns: &["subject"],
    erase: &[],
    kept: None,
    collect: None,
});
