//! People in a sequence: enrolled, moved on, stopped, and counted. Every move that counts happens in
//! one transaction with its number, so that the report stays true when a person is erased later.

use kernel::{ContactId, DeliveryId, Page, PageRequest, Problem, RawId, SequenceId, Timestamp};
use privacy::halts;
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::{Ctx, Sql, Tx, Value, params};

use super::model::PersonState;
use super::queries as sql;
use crate::{Error, Result};

store::row! {
    /// A person of a sequence.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Enrolled {
        /// The person.
        pub contact: ContactId,
        /// Where they stand, as a code of [`PersonState`].
        pub state: String,
        /// How many messages they got.
        pub step: i64,
        /// When the next one is due, while they wait.
        pub due_at: Timestamp,
        /// Why it ended, or waits for a human.
        pub reason: Option<String>,
        /// Since when they are in.
        pub enrolled_at: Timestamp,
        /// When they last moved.
        pub updated_at: Timestamp,
    }
}

/// A move of people and what it is counted as.
pub(super) struct Move {
    pub(super) sql: Sql,
    pub(super) values: Vec<Value>,
    /// What it counts as, and of which message.
    pub(super) counted: (String, i64),
}

/// Makes the moves that still apply, each with its count, in one transaction; tells how many did.
pub(super) async fn apply(ctx: &Ctx, sequence: SequenceId, moves: Vec<Move>) -> Result<u64> {
    if moves.is_empty() {
        return Ok(0);
    }
    let (workspace, moves) = (ctx.workspace, std::sync::Arc::new(moves));
    let moved = ctx.db.tx(move |tx: &mut Tx<'_>| {
        let mut moved = 0;
        for one in moves.iter() {
            let rows: Vec<(ContactId,)> = tx.all(one.sql, one.values.clone())?;
            if !rows.is_empty() {
                let (what, step) = &one.counted;
                tx.exec(sql::ADD, params![workspace, sequence, what.as_str(), *step, rows.len()])?;
                moved += rows.len() as u64;
            }
        }
        Ok(moved)
    });
    Ok(moved.await?)
}

pub(super) fn enrolment(ctx: &Ctx, sequence: SequenceId, contact: ContactId, due: Timestamp) -> Move {
    Move {
        sql: sql::ENROL,
        values: params![ctx.workspace, sequence, contact, due, ctx.now()],
        counted: ("enrolled".to_owned(), 0),
    }
}

pub(super) fn stopping(ctx: &Ctx, sequence: SequenceId, contact: ContactId, reason: &str) -> Move {
    Move {
        sql: sql::STOP,
        values: params![ctx.workspace, sequence, contact, reason, ctx.now()],
        counted: (format!("stopped:{reason}"), 0),
    }
}

/// A message left: the person waits for the next one from `due` on, or has them all.
pub(super) fn sent(
    ctx: &Ctx,
    sequence: SequenceId,
    (contact, delivery): (ContactId, DeliveryId),
    (wave, step): (RawId, i64),
    next: Result<Timestamp, Option<&str>>,
) -> Move {
    let (workspace, now, after) = (ctx.workspace, ctx.now(), step + 1);
    let (sql, values) = match next {
        Ok(due) => (sql::SENT, params![workspace, sequence, contact, after, due, delivery, wave, now]),
        Err(reason) => (sql::COMPLETED, params![workspace, sequence, contact, after, reason, wave, now]),
    };
    Move { sql, values, counted: ("sent".to_owned(), step) }
}

pub(super) fn pausing(ctx: &Ctx, sequence: SequenceId, contact: ContactId) -> Move {
    Move {
        sql: sql::PAUSE,
        values: params![ctx.workspace, sequence, contact, ctx.now()],
        counted: ("paused".to_owned(), 0),
    }
}

/// The people of a sequence with their states, in order of their ids.
///
/// # Errors
/// The store's.
pub async fn enrolled(ctx: &Ctx, sequence: SequenceId, request: &PageRequest) -> Result<Page<Enrolled>> {
    super::get(ctx, sequence).await?;
    let after = match request.cursor.as_deref() {
        Some(text) => text.parse().map_err(|_| Error::Invalid(Problem::field("cursor", "take it from `next`")))?,
        None => ContactId([0; 16]),
    };
    let limit = request.limit();
    let mut items: Vec<Enrolled> = ctx.db.all(sql::PEOPLE, params![ctx.workspace, sequence, after, limit + 1]).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|person| person.contact.to_string());
    Ok(Page { items, next })
}

/// Lets a sequence go on for a person whose answer a human has read.
///
/// # Errors
/// [`Error::NotFound`] when the person does not wait for that.
pub async fn release(ctx: &Ctx, sequence: SequenceId, contact: ContactId) -> Result<()> {
    super::get(ctx, sequence).await?;
    let now = ctx.now();
    let mut batch = ctx.batch();
    batch.guard(sql::RELEASE, params![ctx.workspace, sequence, contact, now, now]);
    halts::lift(&mut batch, ctx, sequence.into(), contact);
    super::jobs::kick(&mut batch, sequence);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::NotFound),
        other => Ok(other.map(|_| ())?),
    }
}

type Row = (SequenceId, String, i64, Timestamp, Option<String>, Timestamp);

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    _: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Row> = ctx.db.all(sql::OF_CONTACT, params![ctx.workspace, subject]).await?;
        let show = |(sequence, state, step, due, reason, since): Row| {
            let due = (state == PersonState::Waiting.as_str()).then_some(due);
            json!({"sequence": sequence, "state": state, "messages": step, "next": due, "reason": reason, "since": since})
        };
        Ok(rows.into_iter().map(show).collect())
    })
}

store::personal!(store::PersonalTable {
    table: "sequence_person",
    class: "comms.traffic",
    subject: "contact",
    columns: &[],
    erase: &[sql::ERASE_PERSON],
    kept: None,
    collect: Some(collect),
});
// While a sequence runs, who was in it stays, so that nobody is written to twice.
store::retention!(store::RetentionRule {
    table: "sequence_person",
    class: "comms.traffic",
    covers: &[],
    event: "the sequence ended",
    due_by: store::DueBy::Instant,
    find: sql::DUE_PEOPLE,
    end: &[sql::END_PERSON],
    before: None,
    after: None,
});
