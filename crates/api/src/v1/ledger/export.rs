//! `GET /v1/ledger/export`

use std::io;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream;
use privacy::ledger;
use store::Ctx;

use crate::v1::prelude::*;

/// The whole ledger as JSON lines, streamed: one record with its events' headers per line.
#[utoipa::path(get, path = "/v1/ledger/export", security(("key" = ["ledger:read"])),
    responses((status = 200, body = String, content_type = "application/x-ndjson")))]
pub(super) async fn handle(caller: Caller) -> Result<Response> {
    let ctx = caller.require("ledger:read")?;
    let body = Body::from_stream(stream::unfold(Some((ctx, 0)), next));
    Ok(crate::v1::stream::file(body, "application/x-ndjson", Some("ledger.jsonl")))
}

type Position = Option<(Ctx, i64)>;

/// The next page; after a failure nothing follows, and the answer is cut off.
async fn next(position: Position) -> Option<(io::Result<Bytes>, Position)> {
    let (ctx, after) = position?;
    match ledger::export(&ctx, after).await {
        Ok(page) => {
            let next = page.next?;
            let mut text = page.lines.join("\n");
            text.push('\n');
            Some((Ok(Bytes::from(text)), Some((ctx, next))))
        }
        Err(error) => Some((Err(io::Error::other(error.to_string())), None)),
    }
}
