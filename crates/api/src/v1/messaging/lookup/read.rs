//! `GET /v1/lookup/{number}`

use kernel::NumberPlan;

use super::CountryQuery;
use crate::v1::prelude::*;

/// A number in its forms.
#[derive(Serialize, ToSchema)]
struct NumberForms {
    /// `+966501234567`
    e164: String,
    /// `+966 50 123 4567`
    international: String,
    /// `050 123 4567`
    national: String,
    /// `tel:+966-50-123-4567`
    rfc3966: String,
}

/// What the number plans say of a number.
#[derive(Serialize, ToSchema)]
pub(super) struct NumberFacts {
    /// Whether a plan knows such numbers; the rest is a guess when it is false.
    valid: bool,
    /// The country (ISO 3166); null for numbers of no country.
    country: Option<String>,
    /// The country calling code.
    country_prefix: u16,
    /// `fixed_line`, `mobile`, `fixed_line_or_mobile`, `toll_free`, `premium_rate`, `shared_cost`,
    /// `personal_number`, `voip`, `pager`, `universal_access_number`, `voice_mail` or `unknown`.
    kind: &'static str,
    /// Whether a text message may reach it.
    sms: bool,
    /// The number in its forms.
    formats: NumberForms,
}

impl From<NumberPlan> for NumberFacts {
    fn from(plan: NumberPlan) -> Self {
        Self {
            valid: plan.valid,
            country: plan.country,
            country_prefix: plan.prefix,
            kind: plan.kind.as_str(),
            sms: plan.kind.takes_sms(),
            formats: NumberForms {
                e164: plan.e164,
                international: plan.international,
                national: plan.national,
                rfc3966: plan.rfc3966,
            },
        }
    }
}

/// What the number plans say of a number. Nobody is asked, nothing is kept, and it costs nothing.
#[utoipa::path(get, path = "/v1/lookup/{number}", params(("number" = String, Path), CountryQuery),
    security(("key" = ["messages:send"])), responses((status = 200, body = NumberFacts)))]
pub(super) async fn handle(
    caller: Caller,
    Path(number): Path<String>,
    Query(query): Query<CountryQuery>,
) -> Result<JsonBody<NumberFacts>> {
    caller.require("messages:send")?;
    Ok(JsonBody(calls::lookup::plan(&number, query.country.as_deref())?.into()))
}
