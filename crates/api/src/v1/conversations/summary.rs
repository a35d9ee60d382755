//! `GET /v1/conversations`

use conversations::conversations::{self as rows, View, Wanted};
use http_server::cursor;
use kernel::{ContactId, ConversationId, GroupId, UserId};

use super::me;
use super::shapes::{ConversationRow, rows_of};
use crate::v1::prelude::*;

/// Which conversations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ConversationQuery {
    /// `mine`, `unassigned`, `queued`, `bot`, `open`, `snoozed`, `closed`, `all` or `supervised`; `open` when absent.
    view: Option<String>,
    /// Of this group.
    #[param(value_type = Option<String>)]
    group: Option<GroupId>,
    /// Of this member.
    #[param(value_type = Option<String>)]
    assignee: Option<UserId>,
    /// With this tag on the newest thread.
    tag: Option<String>,
    /// Over this channel.
    channel: Option<String>,
    /// Of this contact.
    #[param(value_type = Option<String>)]
    contact: Option<ContactId>,
    /// With something you have not read.
    unread: Option<bool>,
    /// How many items, 1 to 100; 50 when absent.
    limit: Option<usize>,
    /// `next` of the page before, with the same filters.
    cursor: Option<String>,
}

/// Conversations, those first in which something happened last.
#[utoipa::path(get, path = "/v1/conversations", params(ConversationQuery), security(("key" = ["conversations:read"])),
    responses((status = 200, body = Listed<ConversationRow>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ConversationQuery>,
) -> Result<JsonBody<Listed<ConversationRow>>> {
    let ctx = caller.require("conversations:read")?;
    let user = me(&caller);
    let after: Option<(Timestamp, ConversationId)> = query
        .cursor
        .as_deref()
        .map(cursor::decode::<(i64, ConversationId)>)
        .transpose()?
        .map(|(at, id)| (Timestamp(at), id));
    let wanted = Wanted {
        group: query.group,
        assignee: query.assignee,
        tag: query.tag,
        channel: query.channel,
        contact: query.contact,
        unread: user.filter(|_| query.unread.unwrap_or_default()),
        after,
        limit: query.limit.unwrap_or(50),
        ..Wanted::of(View::named(query.view.as_deref().unwrap_or("open"), user)?)
    };
    let (page, next) = rows::list(&ctx, &wanted).await?;
    let next = next.map(|(at, id)| cursor::encode(&(at.0, id)));
    Ok(JsonBody(kernel::Page { items: rows_of(&app, &ctx, user, page).await?, next }.into()))
}
