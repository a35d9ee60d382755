//! Holds: what must stay although its time is over, because of tax, a dispute or an authority's order.

use std::collections::{BTreeSet, HashSet};

use kernel::{ContactId, EventId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, NewJob, params};

use super::classes::named;
use crate::erasure::ERASE_QUEUE;
use crate::vocabulary::vocabulary;
use crate::{Error, Result};

const COLUMN: &str = "retention_hold.sealed";
/// The longest reason, in characters.
const LONGEST: usize = 2000;

store::sql! {
    INSERT_HOLD = "INSERT INTO retention_hold (workspace, id, kind, class, subject, sealed, ends_on, created_by, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    HOLDS = "SELECT id, kind, class, subject, sealed, ends_on, created_by, created_at, lifted_by, lifted_at
        FROM retention_hold WHERE workspace = $1 ORDER BY id DESC LIMIT 10000";
    HOLD = "SELECT id, kind, class, subject, sealed, ends_on, created_by, created_at, lifted_by, lifted_at
        FROM retention_hold WHERE workspace = $1 AND id = $2";
    LIFT_HOLD = "UPDATE retention_hold SET lifted_by = $3, lifted_at = $4 WHERE workspace = $1 AND id = $2 AND lifted_at IS NULL";
    END_HOLD = "DELETE FROM retention_hold WHERE workspace = $1 AND id = $2";
    DUE_HOLDS = "SELECT subject, lifted_at, id FROM retention_hold WHERE workspace = $1 AND lifted_at < $2 ORDER BY lifted_at LIMIT $3";
}

vocabulary! {
    /// Why something must stay.
    HoldKind as "hold kind" {
        /// Fiscal law.
        Tax = "tax",
        /// A dispute at law, under way or expected.
        Dispute = "dispute",
        /// An authority's or a court's order.
        GovernmentOrder = "government_order",
    }
}

/// A hold to create. Without a class it covers every class, without a subject everybody.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// Why.
    pub kind: HoldKind,
    /// The class that stays.
    #[serde(default)]
    pub class: Option<String>,
    /// The person whose records stay.
    #[serde(default)]
    pub subject: Option<ContactId>,
    /// In words: the case, the order. Rests sealed.
    pub reason: String,
    /// When it ends by itself.
    #[serde(default)]
    pub ends_on: Option<Timestamp>,
}

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hold {
    /// Its id.
    pub id: EventId,
    /// Why.
    pub kind: HoldKind,
    /// The class that stays; absent means all.
    pub class: Option<String>,
    /// The person whose records stay; absent means everybody.
    pub subject: Option<ContactId>,
    /// In words.
    pub reason: String,
    /// When it ends by itself.
    pub ends_on: Option<Timestamp>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Who lifted it.
    pub lifted_by: Option<String>,
    /// When.
    pub lifted_at: Option<Timestamp>,
}

store::row! {
    struct HoldRow {
        id: EventId,
        kind: String,
        class: Option<String>,
        subject: Option<ContactId>,
        sealed: Vec<u8>,
        ends_on: Option<Timestamp>,
        created_by: String,
        created_at: Timestamp,
        lifted_by: Option<String>,
        lifted_at: Option<Timestamp>,
    }
}

impl Hold {
    fn open(keys: &store::WorkspaceKeys, row: HoldRow) -> Result<Self> {
        let corrupt = || Error::Corrupt("hold");
        Ok(Self {
            id: row.id,
            kind: row.kind.parse().map_err(|_| corrupt())?,
            class: row.class,
            subject: row.subject,
            reason: String::from_utf8(keys.open(COLUMN, &row.sealed)?).map_err(|_| corrupt())?,
            ends_on: row.ends_on,
            created_by: row.created_by,
            created_at: row.created_at,
            lifted_by: row.lifted_by,
            lifted_at: row.lifted_at,
        })
    }

    /// Whether it counts at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.lifted_at.is_none() && self.ends_on.is_none_or(|end| now < end)
    }

    /// Whether it keeps records of this class and person.
    pub fn covers(&self, class: &str, subject: Option<ContactId>) -> bool {
        self.class.as_ref().is_none_or(|held| held == class) && self.subject.is_none_or(|held| Some(held) == subject)
    }
}

/// Every hold, the newest first, lifted ones included.
///
/// # Errors
/// When the store fails.
pub async fn holds(ctx: &Ctx) -> Result<Vec<Hold>> {
    let keys = ctx.keys().await?;
    let rows: Vec<HoldRow> = ctx.db.all(HOLDS, params![ctx.workspace]).await?;
    rows.into_iter().map(|row| Hold::open(&keys, row)).collect()
}

/// The holds that count now for one person, for requests and answers.
///
/// # Errors
/// When the store fails.
pub async fn holds_of(ctx: &Ctx, subject: ContactId) -> Result<Vec<Hold>> {
    let now = ctx.now();
    let mine = |hold: &Hold| hold.is_live(now) && hold.subject.is_none_or(|held| held == subject);
    Ok(holds(ctx).await?.into_iter().filter(mine).collect())
}

/// Creates a hold.
///
/// # Errors
/// [`Error::Invalid`] without a reason, for an unknown class, or when it would hold everything of everybody.
pub async fn hold(ctx: &Ctx, new: NewHold) -> Result<Hold> {
    if new.reason.trim().is_empty() || new.reason.chars().count() > LONGEST {
        return Err(Error::Invalid { field: "reason", detail: "say why, in at most 2000 characters" });
    }
    if new.class.as_ref().is_some_and(|class| named(class).is_none()) {
        return Err(Error::Invalid { field: "class", detail: "there is no such retention class" });
    }
    if new.class.is_none() && new.subject.is_none() {
        return Err(Error::Invalid { field: "class", detail: "name a class, a person, or both" });
    }
    let keys = ctx.keys().await?;
    let id: EventId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(
        INSERT_HOLD,
        params![
            ctx.workspace,
            id,
            new.kind.as_str(),
            new.class,
            new.subject,
            keys.seal(COLUMN, new.reason.trim().as_bytes()),
            new.ends_on,
            ctx.actor.to_string(),
            ctx.now()
        ],
    );
    accounts::audit::record(&mut batch, ctx, "hold.created", &[&id, &new.kind]);
    ctx.db.apply(batch).await?;
    find(ctx, id).await
}

/// One hold.
///
/// # Errors
/// [`Error::NotFound`]; the store's.
pub async fn find(ctx: &Ctx, id: EventId) -> Result<Hold> {
    let keys = ctx.keys().await?;
    let row: Option<HoldRow> = ctx.db.get(HOLD, params![ctx.workspace, id]).await?;
    Hold::open(&keys, row.ok_or(Error::NotFound("hold"))?)
}

/// Lifts a hold; an erasure that it had stopped half way is finished.
///
/// # Errors
/// [`Error::NotFound`] when there is none in force; the store's.
pub async fn lift(ctx: &Ctx, id: EventId) -> Result<Hold> {
    let held = find(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.guard(LIFT_HOLD, params![ctx.workspace, id, ctx.actor.to_string(), ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "hold.lifted", &[&id, &held.kind]);
    for subject in
        crate::erasure::waiting(ctx).await?.into_iter().filter(|who| held.subject.is_none_or(|it| it == *who))
    {
        batch.job(NewJob::now(ERASE_QUEUE, json!({ "subject": subject })).key(subject.to_string()));
    }
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::NotFound("hold")),
        Err(error) => Err(error.into()),
        Ok(_) => find(ctx, id).await,
    }
}

/// The holds in force, as the engine asks them.
#[derive(Debug, Clone, Default)]
pub struct InForce {
    classes: BTreeSet<String>,
    people: HashSet<ContactId>,
    by_class: HashSet<(ContactId, String)>,
    list: Vec<Hold>,
}

impl InForce {
    /// Reads them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn read(ctx: &Ctx, now: Timestamp) -> Result<Self> {
        let mut out = Self::default();
        for hold in holds(ctx).await?.into_iter().filter(|hold| hold.is_live(now)) {
            match (hold.subject, hold.class.clone()) {
                (Some(subject), Some(class)) => _ = out.by_class.insert((subject, class)),
                (Some(subject), None) => _ = out.people.insert(subject),
                (None, Some(class)) => _ = out.classes.insert(class),
                (None, None) => {}
            }
            out.list.push(hold);
        }
        Ok(out)
    }

    /// Whether the whole class stays.
    pub fn stops_class(&self, class: &str) -> bool {
        self.classes.contains(class)
    }

    /// Whether a record of this person in this class stays.
    pub fn stops(&self, class: &str, subject: Option<ContactId>) -> bool {
        self.stops_class(class)
            || subject.is_some_and(|who| {
                self.people.contains(&who)
                    || (!self.by_class.is_empty() && self.by_class.contains(&(who, class.to_owned())))
            })
    }

    /// The hold that keeps a record, to be named in a certificate.
    pub fn which(&self, class: &str, subject: ContactId) -> Option<&Hold> {
        self.list.iter().find(|hold| hold.covers(class, Some(subject)))
    }
}

store::personal!(store::PersonalTable {
    table: "retention_hold",
    class: "request.shell",
    subject: "subject",
    columns: &["sealed"],
    erase: &[],
    kept: Some("why records must stay: a dispute, tax, an order; it ends five years after it was lifted"),
    collect: None,
});
store::retention!(store::RetentionRule {
    table: "retention_hold",
    class: "request.shell",
    covers: &[],
    event: "the hold was lifted",
    due_by: store::DueBy::Instant,
    find: DUE_HOLDS,
    end: &[END_HOLD],
    before: None,
    after: None,
});
