//! `GET` and `POST /w/chat/{widget}/keys`: to whom the visitor's page seals the chat's key.

use axum::Json as Body;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use conversations::chat;
use conversations::encryption::{self, Recipient, WrappedKey};
use http_server::parse_json;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::super::visitor::Visitor;
use super::{Known, Limits, answer_known};
use crate::App;

pub(super) async fn read(
    State(app): State<App>,
    Extension(limits): Extension<Limits>,
    from: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    answer_known(&app, &id, &headers, async |known: Known| {
        limits.spend(&known, &from)?;
        let row = chat::current(&known.ctx, known.token.visitor).await?;
        if !row.is_encrypted() {
            return Err(super::wrong("widget", "this chat is not encrypted end to end"));
        }
        let status = encryption::status(&known.ctx, &row).await?;
        let devices = status
            .devices
            .iter()
            .map(|one| json!({ "device": one.id, "public_key": one.written_key(), "fingerprint": one.fingerprint() }));
        let reception = status
            .reception
            .iter()
            .map(|one| json!({ "reception": one.id, "public_key": encryption::encoded(&one.public_key) }));
        Ok(Body(json!({
            "conversation": row.id,
            "key_id": status.key_id,
            "rotate": status.rotate,
            "devices": devices.collect::<Vec<Json>>(),
            "reception": reception.collect::<Vec<Json>>(),
            "missing": status.missing.iter().map(Recipient::to_string).collect::<Vec<_>>(),
        })))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysSent {
    key_id: String,
    shares: Vec<WrappedKey>,
}

pub(super) async fn add(
    State(app): State<App>,
    Extension(limits): Extension<Limits>,
    from: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer_known(&app, &id, &headers, async |known: Known| {
        limits.spend(&known, &from)?;
        let sent: KeysSent = parse_json(&body)?;
        let (hub, visitor) = (app.shell.chat().hub(), known.token.visitor);
        encryption::by_visitor(&known.ctx, hub, visitor, (&sent.key_id, &sent.shares)).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
