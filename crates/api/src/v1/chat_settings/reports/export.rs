//! `GET /v1/conversation-reports/export`

use std::fmt::Write as _;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::{ChatDay, ChatReport, ReportQuery, gathered, shown};
use crate::v1::prelude::*;

/// The same figures as a file: JSON, or CSV with a line per day.
#[utoipa::path(get, path = "/v1/conversation-reports/export", params(ReportQuery),
    security(("key" = ["conversations:manage"])),
    responses((status = 200, body = String, content_type = "text/csv")))]
pub(super) async fn handle(caller: Caller, Query(query): Query<ReportQuery>) -> Result<Response> {
    let ctx = caller.require("conversations:manage")?;
    let csv = match query.format.as_deref().unwrap_or("csv") {
        "csv" => true,
        "json" => false,
        _ => return Err(Problem::field("format", "expected csv or json").into()),
    };
    let report = shown(&ctx, gathered(&ctx, &query).await?).await?;
    let (text, kind) =
        if csv { (lines(&report), "text/csv; charset=utf-8") } else { (json!(report).to_string(), "application/json") };
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = HeaderValue::from_static("attachment; filename=\"conversation-report\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

fn lines(report: &ChatReport) -> String {
    let mut out = String::from(
        "\u{feff}day,started,closed,missed,messages_in,messages_out,first_response_seconds,response_seconds,\
         duration_seconds,rated_good,rated_bad,queued,abandoned,queue_wait_seconds,transferred\r\n",
    );
    let number = |value: Option<f64>| value.map(|value| format!("{value:.1}")).unwrap_or_default();
    for ChatDay { day, figures: f } in &report.by_day {
        let _ = write!(
            out,
            "{day},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n",
            f.started,
            f.closed,
            f.missed,
            f.messages_in,
            f.messages_out,
            number(f.first_response_seconds),
            number(f.response_seconds),
            number(f.duration_seconds),
            f.rated_good,
            f.rated_bad,
            f.queued,
            f.abandoned,
            number(f.queue_wait_seconds),
            f.transferred
        );
    }
    out
}
