//! The register of personal tables: erasure, retention and access answers walk it and nothing else.

use futures_util::future::BoxFuture;
use kernel::ContactId;

use crate::{Ctx, NewJob, Result, Sql, SubjectKeys};

/// Reads what a table holds about one person, opened, as JSON objects fit for that person's eyes.
pub type Collect = for<'a> fn(&'a Ctx, ContactId, &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<serde_json::Value>>>;

/// A table (or a kind of file) that holds something about people.
pub struct PersonalTable {
    /// The table's name.
    pub table: &'static str,
    /// Its retention class, such as `marketing.contact` or `comms.traffic`.
    pub class: &'static str,
    /// The column that names the subject.
    pub subject: &'static str,
    /// The columns that hold sealed or keyed-hash personal values.
    pub columns: &'static [&'static str],
    /// The statements that erase one person's rows; `$1` workspace, `$2` subject.
    pub erase: &'static [Sql],
    /// Why law lets the rows stay after erasure, when it does.
    pub kept: Option<&'static str>,
    /// Reads the rows for an access answer; `None` when there is nothing a person would read.
    pub collect: Option<Collect>,
}

inventory::collect!(PersonalTable);

impl PersonalTable {
    /// Every registered table of every linked crate.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        inventory::iter::<Self>()
    }
}

/// Registers a [`PersonalTable`].
#[macro_export]
macro_rules! personal {
    ($table:expr) => {
        $crate::inventory::submit! { $table }
    };
}

/// What has to happen elsewhere because one person's rows of a table go, such as sending money back.
pub struct Parting {
    /// The table; under a hold its rows stay, and nothing happens.
    pub table: &'static str,
    /// The jobs, read while the rows are there, and kept in the commit that takes them away.
    pub jobs: for<'a> fn(&'a Ctx, ContactId) -> BoxFuture<'a, Result<Vec<NewJob>>>,
}

inventory::collect!(Parting);

impl Parting {
    /// Every registered one of every linked crate.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        inventory::iter::<Self>()
    }
}

/// Registers a [`Parting`].
#[macro_export]
macro_rules! parting {
    ($parting:expr) => {
        $crate::inventory::submit! { $parting }
    };
}
