//! `POST /v1/contacts/bulk`

use kernel::ContactId;
use people::bulk::{self, Action, Terms, Who};
use people::topics;

use super::BulkAnswer;
use crate::v1::contacts::search::SelectionInput;
use crate::v1::prelude::*;

/// What is done to whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BulkRequest {
    /// These people, at most 10000; or
    #[schema(value_type = Option<Vec<String>>)]
    ids: Option<Vec<ContactId>>,
    /// whoever is selected now.
    select: Option<SelectionInput>,
    /// `tag`, `untag`, `archive`, `unsubscribe`, `erase` or `export`.
    #[schema(value_type = String)]
    action: Action,
    /// Names of tags, for `tag` and `untag`.
    #[serde(default)]
    tags: Vec<String>,
    /// The topic by id or name, for `unsubscribe`; everything when absent.
    topic: Option<String>,
    /// What proves their wish, for `unsubscribe`; kept sealed.
    note: Option<String>,
    /// How many people are to be erased, for `erase`; another number is refused.
    confirm_count: Option<u64>,
}

/// Do something to many people, in the background.
///
/// Needs `contacts:write` to tag, archive and unsubscribe, `contacts:erase` to erase, `contacts:export` to export.
#[utoipa::path(post, path = "/v1/contacts/bulk", request_body = BulkRequest,
    security(("key" = ["contacts:write"])), responses((status = 202, body = BulkAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<BulkRequest>,
) -> Result<(StatusCode, JsonBody<BulkAnswer>)> {
    let ctx = caller.require(input.action.permission())?;
    let who = match (input.ids, input.select) {
        (Some(ids), None) => Who::Named(ids),
        (None, Some(selection)) => Who::Selected(Box::new(selection.read()?)),
        _ => return Err(Failure(Problem::field("ids", "give either ids or select"))),
    };
    let topic = match &input.topic {
        Some(topic) => Some(topics::find(&ctx, topic).await?.id),
        None => None,
    };
    let terms = Terms { tags: input.tags, topic, note: input.note, confirm_count: input.confirm_count };
    let begun = bulk::start(&ctx, &app.live, who, (input.action, terms)).await?;
    Ok((StatusCode::ACCEPTED, JsonBody(begun.into())))
}
