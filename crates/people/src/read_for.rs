//! What people's records are read for. Nothing opens a record without saying so: the functions of
//! [`crate::contacts`] that do take a [`ReadFor`], so code that reads for no stated purpose does not compile.
//!
//! ```compile_fail
//! async fn curious(ctx: &store::Ctx, id: kernel::ContactId) {
//!     let _ = people::contacts::get(ctx, id).await;
//! }
//! ```
//!
//! ```
//! async fn at_work(ctx: &store::Ctx, id: kernel::ContactId) {
//!     let _ = people::contacts::get(ctx, people::ReadFor::Work, id).await;
//! }
//! ```
//!
//! How many records were read for what is kept per day, without naming anybody; who read through the API stands
//! in the log of API calls.

use std::collections::BTreeMap;

use kernel::WorkspaceId;
use store::{Actor, Core, Ctx, params};

use crate::Result;

store::sql! {
    COUNT_READ = "INSERT INTO person_read (workspace, day, purpose, people) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, day, purpose) DO UPDATE SET people = person_read.people + excluded.people";
    READS = "SELECT day, purpose, people FROM person_read WHERE workspace = $1 AND day >= $2 ORDER BY day DESC, purpose";
    DUE_READS = "SELECT NULL, day, day, purpose FROM person_read WHERE workspace = $1 AND day < $2 ORDER BY day LIMIT $3";
    END_READS = "DELETE FROM person_read WHERE workspace = $1 AND day = $2 AND purpose = $3";
}

/// The purpose of a read, by the occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReadFor {
    /// A member, or a program with a key, works with the person.
    Work,
    /// A message that advertises is written to them.
    Advertising,
    /// A message that they asked for, or that law makes us send, is written to them.
    Notice,
    /// Their own page is shown to them.
    OwnPage,
    /// A request about their data is answered, or carried out.
    Rights,
    /// They are written to a file that leaves.
    Export,
    /// A file speaks about them.
    Import,
    /// Their time is looked at: retention, hygiene, sources without people.
    Upkeep,
}

impl ReadFor {
    /// Every occasion.
    pub const ALL: [Self; 8] = [
        Self::Work,
        Self::Advertising,
        Self::Notice,
        Self::OwnPage,
        Self::Rights,
        Self::Export,
        Self::Import,
        Self::Upkeep,
    ];

    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Advertising => "advertising",
            Self::Notice => "notice",
            Self::OwnPage => "own_page",
            Self::Rights => "rights",
            Self::Export => "export",
            Self::Import => "import",
            Self::Upkeep => "upkeep",
        }
    }

    /// The purpose of the catalogue that it belongs to.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Work | Self::Export | Self::Import => "provision",
            Self::Advertising => "marketing",
            Self::Notice | Self::OwnPage => "service",
            Self::Rights | Self::Upkeep => "statutory",
        }
    }

    pub(crate) fn count(self, ctx: &Ctx, people: usize) {
        ctx.tally.add(ctx.workspace, self.as_str(), people as u64);
    }
}

/// How many records were read for what on one day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Reads {
    /// The day since 1970 (UTC).
    pub day: i32,
    /// The occasion ([`ReadFor::as_str`]).
    pub read_for: String,
    /// How many records.
    pub people: u64,
}

/// Writes down what was counted since the last time. A count that cannot be written is lost, and says so.
pub async fn write_down(core: &Core) {
    let mut by_workspace: BTreeMap<WorkspaceId, Vec<(&'static str, u64)>> = BTreeMap::new();
    for ((workspace, kind), count) in core.tally.take() {
        by_workspace.entry(workspace).or_default().push((kind, count));
    }
    for (workspace, counts) in by_workspace {
        let ctx = core.ctx(workspace, Actor::System);
        let mut batch = ctx.batch();
        for (kind, count) in counts {
            batch.push(COUNT_READ, params![workspace, ctx.now().day(), kind, count]);
        }
        if let Err(error) = core.db.apply(batch).await {
            tracing::warn!(%workspace, %error, "what people's records were read for was not written down");
        }
    }
}

/// What people's records were read for since a day, newest first.
///
/// # Errors
/// When the store fails.
pub async fn since(ctx: &Ctx, day: i32) -> Result<Vec<Reads>> {
    let rows: Vec<(i32, String, u64)> = ctx.db.all(READS, params![ctx.workspace, day]).await?;
    Ok(rows.into_iter().map(|(day, read_for, people)| Reads { day, read_for, people }).collect())
}

store::retention!(store::RetentionRule {
    table: "person_read",
    class: "audit",
    covers: &[],
    event: "the day",
    due_by: store::DueBy::Day,
    find: DUE_READS,
    end: &[END_READS],
    before: None,
    after: None,
});
