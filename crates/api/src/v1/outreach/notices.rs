//! `GET /v1/outreach/notices`

use kernel::{ContactId, PageRequest};
use privacy::art14;

use crate::v1::prelude::*;

/// People who are still to be told where their data come from.
#[derive(Serialize, ToSchema)]
pub(super) struct OwedNotices {
    /// How many of all are overdue.
    overdue: u64,
    /// The most urgent first: `contact`, `method`, `since`, `due_at`.
    items: Vec<Json>,
    /// The cursor of the next page; null on the last one.
    next: Option<String>,
}

/// People whose data came from elsewhere and who were not told yet (GDPR Art. 14): within one month, at the latest with
/// the first message.
#[utoipa::path(get, path = "/v1/outreach/notices", params(PageQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, body = OwedNotices)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<OwedNotices>> {
    let ctx = caller.require("privacy:read")?;
    let page = PageRequest::from(page);
    let wrong = || Failure(Problem::field("cursor", "take it from `next`"));
    let after = match page.cursor.as_deref() {
        None => None,
        Some(text) => {
            let (due, contact) = text.split_once('.').ok_or_else(wrong)?;
            let due: i64 = due.parse().map_err(|_| wrong())?;
            let contact: ContactId = contact.parse().map_err(|_| wrong())?;
            Some((Timestamp(due), contact))
        }
    };
    let limit = page.limit();
    let mut owed = art14::owed(&ctx, after, limit + 1).await?;
    let more = owed.len() > limit as usize;
    owed.truncate(limit as usize);
    let next = owed.last().filter(|_| more).map(|duty| format!("{}.{}", duty.due_at.0, duty.contact));
    let items = owed.iter().map(|duty| json!(duty)).collect();
    Ok(JsonBody(OwedNotices { overdue: art14::overdue(&ctx).await?, items, next }))
}
