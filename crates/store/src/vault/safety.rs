//! The safety log: what must survive a restore of older data, as keyed hashes, committed before
//! the data it concerns.

use kernel::{ContactId, EventId, Timestamp, WorkspaceId};

use super::{Blind, Vault};
use crate::{Batch, Error, FromRow, Result, Row, params, sql};

/// What kind of decision an entry keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SafetyKind {
    /// The person's data were erased.
    Erasure,
    /// Consent was withdrawn or a topic left.
    Withdrawal,
    /// The person objected.
    Objection,
    /// An address, person or company was suppressed for another reason.
    Suppression,
}

impl SafetyKind {
    /// The code stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Erasure => "erasure",
            Self::Withdrawal => "withdrawal",
            Self::Objection => "objection",
            Self::Suppression => "suppression",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        [Self::Erasure, Self::Withdrawal, Self::Objection, Self::Suppression]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(Error::Column("kind of safety entry"))
    }
}

/// One entry of the safety log.
#[derive(Debug, Clone)]
pub struct SafetyEntry {
    /// The entry.
    pub id: EventId,
    /// What was decided.
    pub kind: SafetyKind,
    /// The contact, when there is one.
    pub subject: Option<ContactId>,
    /// The suppression hash of an address or domain, when there is one.
    pub hash: Option<Blind>,
    /// The scope in the privacy engine's own notation.
    pub scope: String,
    /// The reason's code.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Whether the data followed.
    pub done: bool,
}

impl FromRow for SafetyEntry {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            kind: SafetyKind::parse(&row.take::<String>()?)?,
            subject: row.take()?,
            hash: row.take()?,
            scope: row.take()?,
            reason: row.take()?,
            at: row.take()?,
            done: row.take()?,
        })
    }
}

sql! { @keys
    INSERT = "INSERT INTO safety_log (workspace, id, kind, subject, hash, scope, reason, at, done)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (workspace, id) DO NOTHING";
    COMPLETE = "UPDATE safety_log SET done = $3 WHERE workspace = $1 AND id = $2";
    LIST = "SELECT id, kind, subject, hash, scope, reason, at, done FROM safety_log WHERE workspace = $1 ORDER BY id";
    COUNT = "SELECT CAST(count(*) AS BIGINT) FROM safety_log WHERE workspace = $1";
    OPEN = "SELECT workspace FROM safety_log WHERE done = $1 GROUP BY workspace";
    OPEN_OF = "SELECT id, kind, subject, hash, scope, reason, at, done FROM safety_log WHERE workspace = $1 AND done = $2 ORDER BY id";
}

impl Vault {
    /// Writes entries; they are on disk when this returns.
    ///
    /// # Errors
    /// When the key store fails; then the data must not be changed.
    pub async fn safety(&self, workspace: WorkspaceId, entries: &[SafetyEntry]) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut batch = self.batch(workspace);
        for entry in entries {
            batch.push(
                INSERT,
                params![
                    workspace,
                    entry.id,
                    entry.kind.as_str(),
                    entry.subject,
                    entry.hash,
                    entry.scope.as_str(),
                    entry.reason.as_str(),
                    entry.at,
                    entry.done
                ],
            );
        }
        self.apply(batch).await
    }

    /// Marks entries whose data followed.
    ///
    /// # Errors
    /// When the key store fails; the entry is then completed at the next start.
    pub async fn complete_safety(&self, workspace: WorkspaceId, ids: &[EventId]) -> Result<()> {
        let mut batch: Batch = self.batch(workspace);
        for id in ids {
            batch.push(COMPLETE, params![workspace, *id, true]);
        }
        self.apply(batch).await
    }

    /// Every entry of a workspace, oldest first: what a restore replays.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn safety_log(&self, workspace: WorkspaceId) -> Result<Vec<SafetyEntry>> {
        self.db().all(LIST, params![workspace]).await
    }

    /// How many entries a workspace has; data that have seen fewer are older than the log.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn safety_count(&self, workspace: WorkspaceId) -> Result<i64> {
        Ok(self.db().one::<(i64,)>(COUNT, params![workspace]).await?.0)
    }

    /// Workspaces with entries whose data did not follow yet.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn unfinished(&self) -> Result<Vec<WorkspaceId>> {
        Ok(self.db().all::<(WorkspaceId,)>(OPEN, params![false]).await?.into_iter().map(|row| row.0).collect())
    }

    /// The entries of a workspace whose data did not follow yet, oldest first.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn open_safety(&self, workspace: WorkspaceId) -> Result<Vec<SafetyEntry>> {
        self.db().all(OPEN_OF, params![workspace, false]).await
    }
}
