//! `POST /v1/contacts/{id}/unsubscribe`

use kernel::ContactId;
use people::subscribe::{self, Leave};
use people::{contacts, topics};

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// What a person leaves.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Leaving {
    /// A topic by id or name; everything when absent.
    topic: Option<String>,
    /// What proves their wish, in words; kept sealed.
    note: Option<String>,
}

/// Take a person out of a topic, or of everything.
///
/// When this answers, no message to them starts any more. Twice is fine.
#[utoipa::path(post, path = "/v1/contacts/{id}/unsubscribe", params(("id" = String, Path)), request_body = Leaving,
    security(("key" = ["contacts:write"])), responses((status = 200, body = shapes::Contact)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ContactId>,
    JsonBody(input): JsonBody<Leaving>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:write")?;
    contacts::get(&ctx, people::ReadFor::Work, id).await?;
    let leave = match &input.topic {
        Some(topic) => Leave::Topic(topics::find(&ctx, topic).await?.id),
        None => Leave::Everything,
    };
    if input.note.as_ref().is_some_and(|note| note.chars().count() > 4000) {
        return Err(Failure(Problem::field("note", "at most 4000 characters")));
    }
    let evidence = json!({ "by": ctx.actor.to_string(), "note": input.note });
    subscribe::unsubscribe(&ctx, app.outbound.gate(), id, leave, evidence).await?;
    Ok(JsonBody(shown(&ctx, id).await?))
}
