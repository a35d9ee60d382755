//! `GET /v1/reports/overview.csv`

use axum::body::Body;
use axum::response::Response;
use people::export::formula;
use store::Ctx;

use super::table::{Figures, Span, SpanQuery};
use crate::v1::prelude::*;
use crate::v1::stream;

/// One table of the overview as CSV: `audience`, `campaigns` or `deliverability`.
#[utoipa::path(get, path = "/v1/reports/overview.csv", params(SpanQuery), security(("key" = ["reports:read"])),
    responses((status = 200, body = String, content_type = "text/csv")))]
pub(super) async fn handle(State(app): State<App>, caller: Caller, Query(query): Query<SpanQuery>) -> Result<Response> {
    let ctx = caller.require("reports:read")?;
    answer(&app, &ctx, &query).await
}

/// A field between commas: quoted where it must be, and never a formula.
fn cell(text: &str) -> String {
    let safe = formula::neutral(text);
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe.into_owned() }
}

fn lines(header: &str, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = format!("\u{feff}{header}\r\n");
    for row in rows {
        out.push_str(&row.iter().map(|text| cell(text)).collect::<Vec<_>>().join(","));
        out.push_str("\r\n");
    }
    out
}

/// The table that the query names.
pub(super) async fn answer(app: &App, ctx: &Ctx, query: &SpanQuery) -> Result<Response> {
    let part = query.part.as_deref().unwrap_or("audience");
    if !["audience", "campaigns", "deliverability"].contains(&part) {
        return Err(Failure(Problem::field("part", "expected audience, campaigns or deliverability")));
    }
    let figures = Figures::of(app, ctx, Span::of(query, ctx.now())?).await?;
    let text = match part {
        "audience" => lines(
            "day,created,joined,left,bounced,erased",
            figures.days.into_iter().map(|day| {
                let counts = day.counts;
                let counts = [counts.created, counts.joined, counts.left, counts.bounced, counts.erased];
                std::iter::once(day.day).chain(counts.map(|count| count.to_string())).collect()
            }),
        ),
        "campaigns" => lines(
            "id,name,started at,sent,bounced,opened,clicked,unsubscribed,complained",
            figures.campaign_lines(ctx).await?.into_iter().map(|one| {
                let counts = [one.sent, one.bounced, one.opened, one.clicked, one.unsubscribed, one.complained];
                let started = one.started_at.map(|at| at.to_string()).unwrap_or_default();
                [one.id, one.name, started].into_iter().chain(counts.map(|count| count.to_string())).collect()
            }),
        ),
        _ => lines(
            "group,sent,delivered,soft,hard,complaints",
            figures.receivers.into_iter().map(|one| {
                let counts = [one.sent, one.delivered, one.soft, one.hard, one.complaints];
                std::iter::once(one.group).chain(counts.map(|count| count.to_string())).collect()
            }),
        ),
    };
    Ok(stream::file(Body::from(text), "text/csv; charset=utf-8", Some(&format!("{part}.csv"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_run_nothing() {
        assert_eq!(cell("Spring, \"early\""), "\"Spring, \"\"early\"\"\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(lines("a,b", [vec!["1".to_owned(), "x".to_owned()]].into_iter()), "\u{feff}a,b\r\n1,x\r\n");
    }
}
