//! `GET /v1/campaigns/{id}/report`

use std::collections::BTreeMap;

use kernel::CampaignId;
use people::segments::index::HourTally;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// The numbers of a campaign: deliveries, opens and clicks by who caused them, links, hours.
#[utoipa::path(get, path = "/v1/campaigns/{id}/report", params(("id" = String, Path)),
    security(("key" = ["reports:read"])), responses((status = 200, body = shapes::Report)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("reports:read")?;
    let mut shown = json!(campaigns::report(&ctx, &app.outbound, id).await?);
    match app.live.campaign_hours(&ctx, id).await {
        Ok(hours) => with_hours(&mut shown, &hours),
        Err(people::Error::Refused(problem)) if problem.code == Code::IndexBuilding => {}
        Err(error) => return Err(error.into()),
    }
    Ok(JsonBody(shown))
}

/// Adds what left and came back to the hours in which people did something.
fn with_hours(report: &mut Json, hours: &BTreeMap<i64, HourTally>) {
    let Some(series) = report.get_mut("series").and_then(Json::as_array_mut) else { return };
    let instant = |point: &Json| point["at"].as_str().and_then(|at| at.parse::<Timestamp>().ok()).unwrap_or_default();
    let hour = |point: &Json| instant(point).0.div_euclid(3600 * Timestamp::SECOND);
    let nothing = json!({ "human": 0, "probable_machine": 0, "machine": 0, "unique_human": 0 });
    for number in hours.keys() {
        if series.iter().all(|point| hour(point) != *number) {
            let at = Timestamp(number * 3600 * Timestamp::SECOND);
            series.push(json!({ "at": at, "opens": nothing, "clicks": nothing, "unsubscribed": 0, "complained": 0 }));
        }
    }
    series.sort_by_key(|point| instant(point));
    for point in series {
        let tally = hours.get(&hour(point)).copied().unwrap_or_default();
        point["sent"] = json!(tally.sent);
        point["bounced"] = json!(tally.bounced);
    }
}
