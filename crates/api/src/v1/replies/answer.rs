//! `POST /v1/replies/{id}/answer`

use kernel::EventId;
use mail::incoming::{Reply, answer};

use super::shown;
use crate::v1::prelude::*;

/// The longest answer, in bytes.
const LONGEST: usize = 100_000;
/// The longest subject, in characters.
const SUBJECT: usize = 200;

/// The answer; what is absent is taken from the prepared one.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct AnswerRequest {
    /// The subject, one line.
    subject: Option<String>,
    /// The text.
    text: Option<String>,
}

/// Answer a message as its person's own request: the prepared answer, or an edited one. It is then settled.
#[utoipa::path(post, path = "/v1/replies/{id}/answer", params(("id" = String, Path)), request_body = AnswerRequest,
    security(("key" = ["contacts:write"])), responses((status = 202, body = Json)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EventId>,
    JsonBody(input): JsonBody<AnswerRequest>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("contacts:write")?;
    if input.text.as_ref().is_some_and(|text| text.len() > LONGEST) {
        return Err(Problem::field("text", "an answer has at most 100000 bytes").into());
    }
    let wrong = |subject: &String| subject.chars().count() > SUBJECT || subject.contains(char::is_control);
    if input.subject.as_ref().is_some_and(wrong) {
        return Err(Problem::field("subject", "a subject is one line of at most 200 characters").into());
    }
    let reply = Reply { subject: input.subject, text: input.text };
    let settled = answer(&ctx, &app.outbound, id, reply).await?;
    Ok((StatusCode::ACCEPTED, JsonBody(shown(&settled))))
}
