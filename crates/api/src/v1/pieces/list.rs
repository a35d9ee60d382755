//! `GET /v1/pieces`

use content::pieces::{self, Kind};
use kernel::PageRequest;

use super::PieceAnswer;
use crate::v1::prelude::*;

/// Which pieces are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PieceQuery {
    /// Of this kind; blocks when absent.
    kind: Option<Kind>,
    /// Of this message: a campaign's or template's id, a colon, the language. For earlier states.
    #[serde(default)]
    about: String,
    /// How many items, 1 to 1000; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// What is kept of a kind, newest first, without the documents.
#[utoipa::path(get, path = "/v1/pieces", params(PieceQuery), security(("key" = ["templates:read"])),
    responses((status = 200, body = Listed<PieceAnswer>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<PieceQuery>) -> Result<JsonBody<Listed<PieceAnswer>>> {
    let ctx = caller.require("templates:read")?;
    let page = PageRequest { limit: query.limit, cursor: query.cursor };
    let limit = page.limit().min(999);
    let before = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = pieces::list(&ctx, (query.kind.unwrap_or(Kind::Block), &query.about), before, limit + 1).await?;
    let found = http_server::cursor::page(found, limit, |one| one.id);
    Ok(JsonBody(Listed::of(found, PieceAnswer::from)))
}
