//! `POST /v1/subjects/{id}/objections`

use kernel::ContactId;
use people::requests::{fulfil, receive};
use privacy::requests::{self, By, Content, New, RequestKind, Via};
use privacy::vocabulary::{Channel, Purpose};
use store::Actor;

use crate::v1::prelude::*;
use crate::v1::trail;

/// What a person objects to.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Objecting {
    /// This channel only; all advertising on every channel when neither is named.
    #[schema(value_type = Option<String>)]
    channel: Option<Channel>,
    /// This purpose only.
    #[schema(value_type = Option<String>)]
    purpose: Option<Purpose>,
    /// How they said it; kept sealed.
    note: Option<String>,
}

/// The objection on record.
#[derive(Serialize, ToSchema)]
pub(super) struct Objection {
    /// The request that keeps it.
    request: String,
    /// What it reaches.
    objection: String,
}

/// Take a person's objection, told to a manager or to support.
///
/// When this answers, no message in its reach starts any more.
#[utoipa::path(post, path = "/v1/subjects/{id}/objections", params(("id" = String, Path)), request_body = Objecting,
    security(("key" = ["privacy:write"])), responses((status = 201, body = Objection)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ContactId>,
    JsonBody(input): JsonBody<Objecting>,
) -> Result<(StatusCode, JsonBody<Objection>)> {
    let ctx = caller.require("privacy:write")?;
    let text = input.note.unwrap_or_default();
    let content = Content { text, channel: input.channel, purpose: input.purpose, ..Content::default() };
    let via = if matches!(ctx.actor, Actor::User(_)) { Via::Dashboard } else { Via::Api };
    let received_at = ctx.now();
    let kind = RequestKind::Objection;
    let new = New { kind, via, subject: Some(id), child: false, received_at, content };
    let request = receive(&ctx, new).await?;
    requests::verify(&ctx, request.id, By::Member, Some("told to a member of staff")).await?;
    let done = fulfil(&ctx, app.outbound.gate(), request.id).await?;
    trail::note(&ctx, "contact.objected", &[&id, &request.id]).await?;
    let objection = done.to_json()["outcome"]["objection"].as_str().unwrap_or_default().to_owned();
    Ok((StatusCode::CREATED, JsonBody(Objection { request: request.id.to_string(), objection })))
}
