//! `GET /v1/conversations/{id}/transcript`

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use conversations::{conversations as rows, mailing};
use kernel::ConversationId;

use super::export::{CSV_HEAD, csv_line};
use crate::v1::prelude::*;

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TranscriptQuery {
    /// `json`, `csv` or `text`; `text` when absent.
    format: Option<String>,
}

/// A conversation as a file, notes included and marked.
#[utoipa::path(get, path = "/v1/conversations/{id}/transcript", params(("id" = String, Path), TranscriptQuery),
    security(("key" = ["conversations:read"])),
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<TranscriptQuery>,
) -> Result<Response> {
    let ctx = caller.require("conversations:read")?;
    rows::get(&ctx, id).await?;
    let lines = mailing::transcript(&ctx, id, None, true).await?;
    let (kind, text) = match query.format.as_deref().unwrap_or("text") {
        "json" => {
            let all: Vec<Json> = lines
                .iter()
                .map(|line| {
                    json!({ "seq": line.seq, "at": line.at, "by": if line.by_person { "visitor" } else { "agent" },
                    "name": line.name, "text": super::export::readable(line), "note": line.note, "encrypted": line.encrypted })
                })
                .collect();
            ("application/json", serde_json::to_string(&all).unwrap_or_default())
        }
        "csv" => {
            let mut out = String::from(CSV_HEAD);
            for line in &lines {
                csv_line(&mut out, id, line);
            }
            ("text/csv; charset=utf-8", out)
        }
        "text" => {
            let by = |line: &mailing::Line| {
                if line.by_person {
                    "<"
                } else if line.note {
                    "#"
                } else {
                    ">"
                }
            };
            let all = lines.iter().map(|line| format!("[{}] {} {}: {}\n", line.at, by(line), line.name, line.text));
            ("text/plain; charset=utf-8", all.collect())
        }
        _ => return Err(Problem::field("format", "expected json, csv or text").into()),
    };
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = HeaderValue::from_static("attachment; filename=\"conversation\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
