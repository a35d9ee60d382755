//! `GET /v1/replies/{id}`

use kernel::EventId;
use mail::incoming::{draft, one, read};

use super::shown;
use crate::v1::prelude::*;

/// One message: its words, and for a question about data the prepared answer as a draft, written from today's records.
#[utoipa::path(get, path = "/v1/replies/{id}", params(("id" = String, Path)), security(("key" = ["messages:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller, Path(id): Path<EventId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("messages:read")?;
    let Some(message) = one(&ctx, id).await? else {
        return Err(Problem::new(Code::NotFound, "there is no such message").into());
    };
    let mut answer = shown(&message);
    answer["message"] = match read(&ctx, id).await {
        Ok(letter) => json!(letter),
        Err(store::Error::KeyDestroyed) => Json::Null,
        Err(error) => return Err(error.into()),
    };
    answer["answer"] = json!(draft(&ctx, &app.outbound, &message).await?);
    Ok(JsonBody(answer))
}
