//! Lists: `{"items": […], "next": cursor}`.

use http_server::Result;
use kernel::{Page, PageRequest, Timestamp};
use people::segments::conditions::Field;
use people::segments::live::Holders;
use privacy::retention::Settings;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::Ctx;
use utoipa::{IntoParams, ToSchema};

use crate::App;

/// Which part of a list is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// How many items, 1 to 1000; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl From<PageQuery> for PageRequest {
    fn from(query: PageQuery) -> Self {
        Self { limit: query.limit, cursor: query.cursor }
    }
}

/// Which part of a list is wanted, and whether of the bin.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct BinQuery {
    /// How many items, 1 to 1000; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// What is in the bin, instead of what is not.
    bin: Option<bool>,
}

impl BinQuery {
    pub(super) fn bin(&self) -> bool {
        self.bin.unwrap_or_default()
    }
}

impl From<BinQuery> for PageRequest {
    fn from(query: BinQuery) -> Self {
        Self { limit: query.limit, cursor: query.cursor }
    }
}

/// Adds when the bin lets go of something that was deleted.
pub(super) fn with_end(settings: &Settings, mut shown: Json, deleted_at: Option<Timestamp>) -> Json {
    shown["ends_at"] = json!(deleted_at.map(|at| settings.period_of(campaigns::BIN).after(at)));
    shown
}

/// Whether people are counted too.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CountsQuery {
    /// With how many people each has; 503 `index_building` while the audience is being read.
    #[serde(default)]
    counts: bool,
}

impl CountsQuery {
    /// The counts, when they are wanted.
    pub(super) async fn holders(&self, app: &App, ctx: &Ctx, fields: Vec<Field>) -> Result<Option<Holders>> {
        if self.counts { Ok(Some(app.live.holders(ctx, fields).await?)) } else { Ok(None) }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Listed<T> {
    /// The items, in the list's order.
    items: Vec<T>,
    /// The cursor of the next page; null on the last one.
    next: Option<String>,
}

impl<T> From<Vec<T>> for Listed<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

impl<T> From<Page<T>> for Listed<T> {
    fn from(page: Page<T>) -> Self {
        Self { items: page.items, next: page.next }
    }
}

impl<T> Listed<T> {
    /// The same page with every item shown as `show` says.
    pub(super) fn of<S>(page: Page<S>, show: impl FnMut(S) -> T) -> Self {
        Self { items: page.items.into_iter().map(show).collect(), next: page.next }
    }
}
