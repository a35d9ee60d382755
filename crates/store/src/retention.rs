//! How rows come to their end: every crate says for its own tables from which instant a retention
//! class runs and which statements end a row. The engine above walks this register and nothing else.

use std::collections::HashMap;
use std::sync::OnceLock;

use futures_util::future::BoxFuture;
use kernel::{ContactId, RawId, Timestamp, WorkspaceId};
use parking_lot::Mutex;

use crate::{Ctx, Db, FromRow, Result, Row, Sql, Value, params, table_columns};

/// In which form [`RetentionRule::find`] takes the instant before which a row is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueBy {
    /// As the smallest id made at that instant: ids are UUIDv7 (RFC 9562), so the primary key is the
    /// index of due dates.
    Id,
    /// As microseconds.
    Instant,
    /// As the number of the day since 1970.
    Day,
}

/// Looks at rows that are about to end or have ended: keeps what may be kept of them (counters without
/// people), or says what others must know.
pub type AtEnd = for<'a> fn(&'a Ctx, &'a [DueRow]) -> BoxFuture<'a, Result<()>>;

/// How the rows of a table end.
pub struct RetentionRule {
    /// The table.
    pub table: &'static str,
    /// The retention class whose period counts.
    pub class: &'static str,
    /// Further tables whose rows the same statements end.
    pub covers: &'static [&'static str],
    /// From which instant it runs, in words.
    pub event: &'static str,
    /// The form of `$2`.
    pub due_by: DueBy,
    /// Rows that are due, oldest first: `$1` workspace, `$2` before when, `$3` how many. Columns: the
    /// contact it is about (or NULL), the instant (or day) the period runs from, then the row's key without
    /// the workspace.
    pub find: Sql,
    /// What ends one row: `$1` workspace, then its key.
    pub end: &'static [Sql],
    /// What happens before.
    pub before: Option<AtEnd>,
    /// What happens after.
    pub after: Option<AtEnd>,
}

inventory::collect!(RetentionRule);

impl RetentionRule {
    /// Every rule of every linked crate, by table.
    pub fn all() -> Vec<&'static Self> {
        let mut all: Vec<&'static Self> = inventory::iter::<Self>().collect();
        // Rows before their parts: what goes as a whole need not be emptied first.
        all.sort_by_key(|rule| (rule.table, std::cmp::Reverse(rule.class)));
        all
    }

    /// `$2` of [`RetentionRule::find`].
    pub fn limit(&self, before: Timestamp) -> Value {
        match self.due_by {
            DueBy::Id => Value::Id(first_id_at(before)),
            DueBy::Instant => Value::Int(before.0),
            // A day is due as a whole when its last instant is.
            DueBy::Day => Value::Int(i64::from(before.day())),
        }
    }
}

/// Registers a [`RetentionRule`].
#[macro_export]
macro_rules! retention {
    ($rule:expr) => {
        $crate::inventory::submit! { $rule }
    };
}

/// A row that is due.
#[derive(Debug, Clone)]
pub struct DueRow {
    /// Whom it is about.
    pub subject: Option<ContactId>,
    /// From when its period runs (microseconds, or a day's number).
    pub at: i64,
    /// Its key, without the workspace.
    pub key: Vec<Value>,
}

impl FromRow for DueRow {
    fn from_row(row: &mut Row) -> Result<Self> {
        let (subject, at) = (row.take()?, row.take()?);
        let mut key = Vec::with_capacity(3);
        while let Ok(value) = row.take::<Value>() {
            key.push(value);
        }
        Ok(Self { subject, at, key })
    }
}

impl DueRow {
    /// The parameters of an ending statement.
    pub fn params(&self, workspace: WorkspaceId) -> Vec<Value> {
        let mut out = params![workspace];
        out.extend(self.key.iter().cloned());
        out
    }
}

/// How a crate takes what happened (messages, opens, events) off a person and onto a random stand-in:
/// `(ctx, person, stand-in)`. What is left names nobody and carries no exact instant.
pub type Detach = for<'a> fn(&'a Ctx, ContactId, ContactId) -> BoxFuture<'a, Result<()>>;

/// A table whose rows survive anonymising, without the person.
pub struct Metric {
    /// The table.
    pub table: &'static str,
    /// Rewrites a person's rows.
    pub detach: Detach,
}

inventory::collect!(Metric);

impl Metric {
    /// Every one of every linked crate, by table.
    pub fn all() -> Vec<&'static Self> {
        let mut all: Vec<&'static Self> = inventory::iter::<Self>().collect();
        all.sort_by_key(|metric| metric.table);
        all
    }
}

/// Registers a [`Metric`].
#[macro_export]
macro_rules! metric {
    ($metric:expr) => {
        $crate::inventory::submit! { $metric }
    };
}

/// The smallest id that [`kernel::Ids`] makes at this instant or later (a millisecond's precision).
pub fn first_id_at(at: Timestamp) -> RawId {
    let millis = u128::from(at.as_millis().max(0).unsigned_abs());
    (millis << 80).to_be_bytes()
}

/// When an id was made, to the millisecond.
pub fn made_at(id: RawId) -> Timestamp {
    let millis = (u128::from_be_bytes(id) >> 80) as i64;
    Timestamp(millis.saturating_mul(1000))
}

/// Statements over whole tables exist only here; each text lives as long as the process, once.
fn leaked(text: String) -> &'static str {
    static TEXTS: OnceLock<Mutex<HashMap<String, &'static str>>> = OnceLock::new();
    let mut texts = TEXTS.get_or_init(Mutex::default).lock();
    if let Some(known) = texts.get(&text) {
        return known;
    }
    let fixed: &'static str = Box::leak(text.clone().into_boxed_str());
    texts.insert(text, fixed);
    fixed
}

impl Db {
    /// Deletes every row of a workspace from every table, whoever owns it: the end of a workspace, or of
    /// what a restored backup brought back of one.
    ///
    /// # Errors
    /// When the database fails; what was deleted stays deleted, so that the call can be repeated.
    pub async fn erase_workspace(&self, workspace: WorkspaceId) -> Result<u64> {
        let mut count = 0;
        for (table, column) in table_columns(self).await? {
            if column != "workspace" {
                continue;
            }
            let text = leaked(format!("DELETE FROM \"{}\" WHERE workspace = $1", table.replace('"', "\"\"")));
            let sql = Sql { name: "ERASE_WORKSPACE", text };
            count += self.tx(move |tx| tx.exec(sql, params![workspace])).await?;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_order_like_instants() {
        let at = Timestamp(1_764_000_000_000_000);
        assert_eq!(made_at(first_id_at(at)), at);
        assert!(first_id_at(at) < first_id_at(at.plus_micros(1000)));
        let mut id = first_id_at(at);
        id[6] = 0x70;
        id[15] = 1;
        assert!(first_id_at(at) < id && id < first_id_at(at.plus_micros(1000)));
    }
}
