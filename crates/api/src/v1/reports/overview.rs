//! `GET /v1/reports/overview`

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::csv;
use super::table::{AudienceCounts, AudienceDay, CampaignLine, Figures, ReceiverLine, Span, SpanQuery, written};
use crate::v1::prelude::*;

/// The audience over a span.
#[derive(Serialize, ToSchema)]
pub(super) struct AudienceOverview {
    /// How many people there are now.
    people: u64,
    /// How many of them are in one topic or more now.
    subscribed: u64,
    /// Day by day.
    series: Vec<AudienceDay>,
    /// All days together.
    totals: AudienceCounts,
}

/// The same span before.
#[derive(Serialize, ToSchema)]
pub(super) struct SpanBefore {
    /// Its first day.
    #[schema(format = Date)]
    from: String,
    /// Its last day.
    #[schema(format = Date)]
    to: String,
    /// All of its days together.
    audience: AudienceCounts,
    /// By receiver.
    deliverability: Vec<ReceiverLine>,
}

/// The report across everything.
#[derive(Serialize, ToSchema)]
pub(super) struct Overview {
    /// The first day, UTC.
    #[schema(format = Date)]
    from: String,
    /// The last day.
    #[schema(format = Date)]
    to: String,
    audience: AudienceOverview,
    /// Campaigns in which anything happened, newest first.
    campaigns: Vec<CampaignLine>,
    /// How messages fared, by group of receivers.
    deliverability: Vec<ReceiverLine>,
    /// `opens_are_a_lower_bound`, `small_groups_are_together`, `erased_people_are_not_in_earlier_figures`.
    notes: Vec<&'static str>,
    /// The span before, when it was asked for.
    before: Option<SpanBefore>,
}

/// How the audience, campaigns and deliverability developed; as CSV with `Accept: text/csv`.
#[utoipa::path(get, path = "/v1/reports/overview", params(SpanQuery), security(("key" = ["reports:read"])),
    responses((status = 200, body = Overview)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<SpanQuery>,
) -> Result<Response> {
    let ctx = caller.require("reports:read")?;
    let wants_csv = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if wants_csv.is_some_and(|accept| accept.starts_with("text/csv")) {
        return csv::answer(&app, &ctx, &query).await;
    }
    let span = Span::of(&query, ctx.now())?;
    let figures = Figures::of(&app, &ctx, span).await?;
    let before = match query.compare.as_deref() {
        None => None,
        Some("previous") => {
            let earlier = Figures::of(&app, &ctx, span.before()).await?;
            Some(SpanBefore {
                from: written(span.before().first),
                to: written(span.before().last),
                audience: earlier.totals,
                deliverability: earlier.receivers,
            })
        }
        Some(_) => return Err(Failure(Problem::field("compare", "expected previous"))),
    };
    let shown = Overview {
        from: written(span.first),
        to: written(span.last),
        campaigns: figures.campaign_lines(&ctx).await?,
        audience: AudienceOverview {
            people: app.live.size(&ctx).await?,
            subscribed: figures.subscribed,
            series: figures.days,
            totals: figures.totals,
        },
        deliverability: figures.receivers,
        notes: vec!["opens_are_a_lower_bound", "small_groups_are_together", "erased_people_are_not_in_earlier_figures"],
        before,
    };
    Ok(JsonBody(shown).into_response())
}
