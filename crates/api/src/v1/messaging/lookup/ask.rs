//! `POST /v1/lookup/{number}/hlr`

use billing::Micros;
use calls::lookup::Answer;
use kernel::{LookupId, Phone};

use super::CountryQuery;
use crate::v1::prelude::*;

/// What the network says of a number.
#[derive(Serialize, ToSchema)]
pub(super) struct NetworkAnswer {
    /// The question.
    #[schema(value_type = String)]
    id: LookupId,
    /// `active`, `absent`, `unassigned` or `unknown`.
    status: &'static str,
    /// The network that serves the number now (MCC and MNC).
    network: Option<String>,
    /// The country of that network (ISO 3166).
    country: Option<String>,
    /// Whether it left the network that it was first given by.
    ported: Option<bool>,
    /// Whether it is abroad.
    roaming: Option<bool>,
    /// Whether it is remembered from the last 24 hours: nobody was asked.
    remembered: bool,
    /// What it cost.
    #[schema(value_type = i64)]
    price_micros: Micros,
    /// When the network was asked.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
}

impl From<Answer> for NetworkAnswer {
    fn from(answer: Answer) -> Self {
        Self {
            id: answer.id,
            status: answer.status.as_str(),
            network: answer.network,
            country: answer.country,
            ported: answer.ported,
            roaming: answer.roaming,
            remembered: answer.remembered,
            price_micros: answer.price,
            asked_at: answer.at,
        }
    }
}

/// Ask the network about a number through the connected provider (HLR). Costs the price of the service `lookup`, once
/// in 24 hours; a question that is not answered costs nothing. A test key asks nobody.
#[utoipa::path(post, path = "/v1/lookup/{number}/hlr", params(("number" = String, Path), CountryQuery),
    security(("key" = ["messages:send"])), responses((status = 200, body = NetworkAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(number): Path<String>,
    Query(query): Query<CountryQuery>,
) -> Result<JsonBody<NetworkAnswer>> {
    let ctx = caller.require("messages:send")?;
    let plan = calls::lookup::plan(&number, query.country.as_deref())?;
    let number = Phone::parse(&plan.e164, None).map_err(|error| Problem::field("number", error.to_string()))?;
    Ok(JsonBody(app.lookups.ask(&ctx, &number, caller.is_test()).await?.into()))
}
