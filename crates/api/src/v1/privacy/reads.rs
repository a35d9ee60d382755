//! `GET /v1/privacy/reads`

use people::ReadFor;

use crate::v1::prelude::*;

/// How far back to look.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReadsQuery {
    /// Days, 1 to 730; 30 when absent.
    days: Option<u16>,
}

/// How many people's records were read for one purpose on one day.
#[derive(Serialize, ToSchema)]
pub(super) struct PeopleRead {
    /// The day (UTC).
    #[schema(value_type = String, format = Date)]
    day: kernel::Date,
    /// The occasion: `work`, `advertising`, `notice`, `own_page`, `rights`, `export`, `import` or `upkeep`.
    read_for: String,
    /// The purpose of the catalogue that it belongs to.
    purpose: &'static str,
    /// How many records.
    people: u64,
}

/// What people's records were read for, day by day, newest first. Names nobody; who read through the API stands in
/// `/v1/api-calls`.
#[utoipa::path(get, path = "/v1/privacy/reads", params(ReadsQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<PeopleRead>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<ReadsQuery>) -> Result<JsonBody<Listed<PeopleRead>>> {
    let ctx = caller.require("privacy:read")?;
    let days = query.days.unwrap_or(30);
    if !(1..=730).contains(&days) {
        return Err(Failure(Problem::field("days", "1 to 730")));
    }
    people::write_reads_down(&ctx.core).await;
    let reads = people::reads_since(&ctx, ctx.now().day() - i32::from(days) + 1).await?;
    let purpose =
        |code: &str| ReadFor::ALL.into_iter().find(|known| known.as_str() == code).map_or("", ReadFor::purpose);
    let shown = reads.into_iter().map(|read| PeopleRead {
        day: Timestamp(i64::from(read.day).saturating_mul(Timestamp::DAY)).date(),
        purpose: purpose(&read.read_for),
        read_for: read.read_for,
        people: read.people,
    });
    Ok(JsonBody(shown.collect::<Vec<_>>().into()))
}
