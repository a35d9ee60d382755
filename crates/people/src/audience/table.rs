use kernel::Timestamp;
use store::Ctx;

use super::cursor::{self, Cursor};
use super::{Selection, Status, status};
use crate::Result;
use crate::contacts::{self, Contact};
use crate::segments::index::{Slice, Sort};
use crate::segments::live::Live;

/// The most rows of a page.
const MAX_ROWS: usize = 200;

/// What of the table is wanted.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Who.
    pub selection: Selection,
    /// By what they are ordered; when they came to be, when absent.
    pub sort: Option<Sort>,
    /// The greatest first; when absent, instants so and texts not.
    pub descending: Option<bool>,
    /// How many, 1 to 200; 50 when absent.
    pub limit: Option<usize>,
    /// `next` or `prev` of another page.
    pub cursor: Option<String>,
}

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Row {
    /// The person, without events.
    pub contact: Contact,
    /// How they stand.
    pub status: Status,
    /// When they last did something.
    pub active_at: Option<Timestamp>,
}

/// One page of the table.
#[derive(Debug, Clone)]
pub struct TablePage {
    /// The lines.
    pub rows: Vec<Row>,
    /// The cursor of the page behind.
    pub next: Option<String>,
    /// The cursor of the page before.
    pub prev: Option<String>,
    /// How many there are altogether.
    pub total: u64,
    /// Whether everybody was looked at.
    pub complete: bool,
    /// Microseconds the index took.
    pub micros: u64,
    /// By what it is ordered.
    pub sort: Sort,
    /// The greatest first.
    pub descending: bool,
}

/// A page of the audience. Who goes between index and page is left out of it.
///
/// # Errors
/// `index_building`; `invalid_input` for a cursor of another search or order, and for names of tags, topics and
/// fields that are not there.
pub async fn table(ctx: &Ctx, live: &Live, query: Query) -> Result<TablePage> {
    let sort = query.sort.unwrap_or(Sort::CreatedAt);
    let descending = query.descending.unwrap_or(sort.is_instant());
    let filter = query.selection.filter(ctx).await?;
    let keys = ctx.keys().await?;
    let asked = cursor::asked(&keys, &filter, sort, descending);
    let (from, back) = match &query.cursor {
        None => (None, false),
        Some(text) => {
            let (place, back) = Cursor::read(&keys, text, &asked)?;
            (Some(place), back)
        }
    };
    let limit = query.limit.unwrap_or(50).clamp(1, MAX_ROWS);
    let found = live.table(ctx, filter, Slice { sort, descending, from, back, limit }).await?;
    let ids: Vec<_> = found.page.people.iter().map(|person| person.0).collect();
    let people: Vec<Contact> = contacts::rows(ctx, crate::ReadFor::Work, &ids).await?;
    let statuses = status::of_many(ctx, &people).await?;
    let active: std::collections::HashMap<_, _> = found.page.people.iter().copied().collect();
    let rows = people.into_iter().zip(statuses).map(|(contact, status)| {
        let active_at = active.get(&contact.loaded.id).copied().flatten();
        Row { contact, status, active_at }
    });
    Ok(TablePage {
        rows: rows.collect(),
        next: found.page.last.and_then(|place| Cursor::write(&keys, place, false, &asked)),
        prev: found.page.first.and_then(|place| Cursor::write(&keys, place, true, &asked)),
        total: found.total,
        complete: found.complete,
        micros: found.micros,
        sort,
        descending,
    })
}
