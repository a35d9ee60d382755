//! `POST /v1/pieces`

use content::design::Design;
use content::pieces::{self, Kind};

use super::PieceAnswer;
use crate::v1::prelude::*;

/// Something to be kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPiece {
    /// What it is for.
    kind: Kind,
    /// The message that an earlier state is of: its id, a colon, the language.
    #[serde(default)]
    about: String,
    /// Its name; may be empty for an earlier state.
    #[serde(default)]
    name: String,
    /// The document. Of a block its rows count, without the footer's; of a brand the theme and the footer.
    #[schema(value_type = Design)]
    design: Json,
}

/// Keep blocks, the looks of a brand, or a state of a message to come back to. Of one message the newest fifty states
/// stay, for thirty days.
#[utoipa::path(post, path = "/v1/pieces", request_body = NewPiece, security(("key" = ["templates:write"])),
    responses((status = 201, body = PieceAnswer)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewPiece>,
) -> Result<(StatusCode, JsonBody<PieceAnswer>)> {
    let ctx = caller.require("templates:write")?;
    let design = super::document(input.design)?;
    if input.kind == Kind::State && input.about.trim().is_empty() {
        return Err(Problem::field("about", "of which message? Write its id, a colon, and the language").into());
    }
    let new = pieces::NewPiece { kind: input.kind, about: input.about, name: input.name, design };
    Ok((StatusCode::CREATED, JsonBody(pieces::keep(&ctx, new).await?.into())))
}
