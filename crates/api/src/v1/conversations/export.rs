//! `GET /v1/conversations/export`

use std::fmt::Write as _;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use conversations::conversations::{self as rows, View, Wanted};
use conversations::mailing::{self, Line};
use futures_util::stream;
use kernel::ConversationId;
use store::Ctx;

use crate::v1::prelude::*;

/// The head of a CSV file, after the mark that tells spreadsheets that it is UTF-8.
pub(super) const CSV_HEAD: &str = "\u{feff}conversation,seq,at,by,name,note,text\r\n";

/// Which conversations, and in which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// `csv` or `json` (one line each); `csv` when absent.
    format: Option<String>,
    /// In which something happened since.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
}

/// A field of a CSV file; one that a spreadsheet would take for a formula is made harmless.
fn quoted(out: &mut String, value: &str) {
    let risky = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let _ = write!(out, "\"{}{}\"", if risky { "'" } else { "" }, value.replace('"', "\"\""));
}

/// The words of a line; none of what only devices can read, which stands beside them.
pub(super) fn readable(line: &Line) -> &str {
    if line.encrypted.is_some() { "" } else { &line.text }
}

/// One line of a CSV file.
pub(super) fn csv_line(out: &mut String, id: ConversationId, line: &Line) {
    let by = if line.by_person { "visitor" } else { "agent" };
    let _ = write!(out, "{id},{},{},{by},", line.seq, line.at);
    quoted(out, &line.name);
    let _ = write!(out, ",{},", line.note);
    quoted(out, &line.text);
    out.push_str("\r\n");
}

struct Export {
    ctx: Ctx,
    wanted: Option<Wanted>,
    from: Option<Timestamp>,
    csv: bool,
    begun: bool,
}

impl Export {
    async fn next(&mut self) -> Option<String> {
        let wanted = self.wanted.take()?;
        let mut out = String::new();
        if !self.begun && self.csv {
            out.push_str(CSV_HEAD);
        }
        self.begun = true;
        let (page, next) = rows::list(&self.ctx, &wanted).await.ok()?;
        let mut over = false;
        for row in page {
            if self.from.is_some_and(|from| row.updated_at < from) {
                over = true;
                break;
            }
            let Ok(lines) = mailing::transcript(&self.ctx, row.id, None, true).await else { continue };
            if self.csv {
                for line in &lines {
                    csv_line(&mut out, row.id, line);
                }
            } else {
                let all: Vec<Json> = lines
                    .iter()
                    .map(|line| {
                        json!({ "seq": line.seq, "at": line.at, "name": line.name, "text": readable(line), "encrypted": line.encrypted,
                        "by": if line.by_person { "visitor" } else { "agent" }, "note": line.note })
                    })
                    .collect();
                let shown = json!({ "conversation": row.id, "channel": row.channel.as_str(), "state": row.state,
                    "contact": row.contact, "created_at": row.created_at, "updated_at": row.updated_at, "events": all });
                let _ = writeln!(out, "{shown}");
            }
        }
        self.wanted = next.filter(|_| !over).map(|next| Wanted { after: Some(next), ..wanted });
        Some(out)
    }
}

/// All conversations of a time as a file, written while it is read.
#[utoipa::path(get, path = "/v1/conversations/export", params(ExportQuery),
    security(("key" = ["conversations:manage"])),
    responses((status = 200, body = String, content_type = "text/csv")))]
pub(super) async fn handle(caller: Caller, Query(query): Query<ExportQuery>) -> Result<Response> {
    let ctx = caller.require("conversations:manage")?;
    let csv = match query.format.as_deref().unwrap_or("csv") {
        "csv" => true,
        "json" => false,
        _ => return Err(Problem::field("format", "expected csv or json").into()),
    };
    crate::v1::trail::note(&ctx, "conversations.exported", &[]).await?;
    let after = query.to.map(|to| (to, ConversationId([0; 16])));
    let wanted = Wanted { after, limit: 50, ..Wanted::of(View::All) };
    let export = Export { ctx, wanted: Some(wanted), from: query.from, csv, begun: false };
    let body = Body::from_stream(stream::unfold(export, |mut export| async move {
        let text = export.next().await?;
        Some((Ok::<Bytes, std::convert::Infallible>(Bytes::from(text)), export))
    }));
    let mut response = body.into_response();
    let kind = if csv { "text/csv; charset=utf-8" } else { "application/x-ndjson" };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name =
        if csv { "attachment; filename=\"conversations.csv\"" } else { "attachment; filename=\"conversations.jsonl\"" };
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless_and_arabic_stays() {
        let line = Line {
            seq: 1,
            at: Timestamp(0),
            by_person: true,
            name: "=HYPERLINK(\"x\")".to_owned(),
            text: "مرحبا \"يا\" صديقي".to_owned(),
            note: false,
            encrypted: None,
        };
        let mut out = String::new();
        csv_line(&mut out, ConversationId([0; 16]), &line);
        assert!(out.contains("\"'=HYPERLINK(\"\"x\"\")\"") && out.contains("مرحبا \"\"يا\"\" صديقي"), "{out}");
    }
}
