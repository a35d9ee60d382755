//! National opt-out lists (the ECG list in Austria, the list of legal persons in Portugal, Robinson in
//! Spain, CTPS in the United Kingdom): uploaded as the registers deliver them, kept as keyed hashes,
//! and looked into by the gate at each decision.
//!
//! A list counts for thirty days from the day the register made it; whoever stands on an older one is
//! still listed, but nobody is clear by it. A new upload of the same list replaces the old one at
//! once and as a whole.

mod entry;
mod lookup;
mod queries;
mod upload;

use accounts::audit;
use kernel::{ScreeningId, Timestamp};
use serde::Serialize;
use store::{Blind, Ctx, params};

pub(crate) use lookup::screen;
pub use upload::{Draft, Loaded, Upload};

use crate::vocabulary::Channel;
use crate::{Error, Result};

/// For how many days a list counts.
pub const FRESH_DAYS: i64 = 30;
/// An upload that has not ended after so many seconds never will.
const ABANDONED: i64 = 86_400;

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Screening {
    /// Its id.
    pub id: ScreeningId,
    /// ISO 3166, two letters.
    pub country: String,
    /// The channel it concerns.
    pub channel: Channel,
    /// Its name.
    pub list: String,
    /// Who delivered it.
    pub source: String,
    /// `loading`, `ready` or `replaced`.
    pub state: String,
    /// When the register made it.
    pub dated_at: Timestamp,
    /// The first instant at which it counts as missing.
    pub expires_at: Timestamp,
    /// How many entries it has.
    pub entries: u64,
    /// Who uploaded it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

store::row! {
    struct ScreeningRow {
        id: ScreeningId,
        country: String,
        channel: String,
        list: String,
        source: String,
        state: String,
        dated_at: Timestamp,
        entries: u64,
        created_by: String,
        created_at: Timestamp,
    }
}

impl ScreeningRow {
    fn read(self) -> Result<Screening> {
        Ok(Screening {
            id: self.id,
            country: self.country,
            channel: self.channel.parse().map_err(|_| Error::Corrupt("screening"))?,
            list: self.list,
            source: self.source,
            state: self.state,
            dated_at: self.dated_at,
            expires_at: expires(self.dated_at),
            entries: self.entries,
            created_by: self.created_by,
            created_at: self.created_at,
        })
    }
}

pub(crate) const fn expires(dated: Timestamp) -> Timestamp {
    dated.plus_seconds(FRESH_DAYS * 86_400)
}

/// The lists in force and those on their way in, newest first.
///
/// # Errors
/// When the store fails or a row is damaged.
pub async fn list(ctx: &Ctx) -> Result<Vec<Screening>> {
    let rows: Vec<ScreeningRow> = ctx.db.all(queries::SCREENINGS, params![ctx.workspace]).await?;
    rows.into_iter().map(ScreeningRow::read).collect()
}

/// A list.
///
/// # Errors
/// [`Error::NotFound`]; when the store fails.
pub async fn get(ctx: &Ctx, id: ScreeningId) -> Result<Screening> {
    let row: Option<ScreeningRow> = ctx.db.opt(queries::SCREENING, params![ctx.workspace, id]).await?;
    row.ok_or(Error::NotFound("screening list"))?.read()
}

/// Takes a list out of force; where the law wants screening, people count as not screened again.
///
/// # Errors
/// [`Error::NotFound`] when no such list is in force.
pub async fn remove(ctx: &Ctx, id: ScreeningId) -> Result<()> {
    if get(ctx, id).await?.state != "ready" {
        return Err(Error::NotFound("screening list"));
    }
    let mut batch = ctx.batch();
    batch.guard(queries::REMOVE, params![ctx.workspace, id]);
    audit::record(&mut batch, ctx, "screening.removed", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Deletes entries of lists that were replaced, removed or never came in whole; answers of how many lists.
///
/// # Errors
/// When the store fails.
pub async fn sweep(ctx: &Ctx) -> Result<usize> {
    let before = ctx.now().plus_seconds(-ABANDONED);
    let unused: Vec<(ScreeningId,)> = ctx.db.all(queries::UNUSED, params![ctx.workspace, before]).await?;
    for (id,) in &unused {
        let mut batch = ctx.batch();
        batch.push(queries::ABANDON, params![ctx.workspace, *id]);
        ctx.db.apply(batch).await?;
        loop {
            let next: Vec<(Blind,)> = ctx.db.all(queries::NEXT_ENTRIES, params![ctx.workspace, *id]).await?;
            let Some((last,)) = next.last() else { break };
            let mut batch = ctx.batch();
            batch.push(queries::DROP_ENTRIES, params![ctx.workspace, *id, *last]);
            ctx.db.apply(batch).await?;
        }
        let mut batch = ctx.batch();
        batch.push(queries::FORGET, params![ctx.workspace, *id]);
        ctx.db.apply(batch).await?;
    }
    Ok(unused.len())
}

store::personal!(store::PersonalTable {
    table: "screening_entry",
    class: "suppression",
    subject: "",
    columns: &["hash"],
    erase: &[],
    kept: Some("keyed hashes of a public opt-out list; they keep people from being written to and link to nobody"),
    collect: None,
});
