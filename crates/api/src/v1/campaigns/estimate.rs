//! `GET /v1/campaigns/{id}/estimate`

use std::collections::BTreeMap;

use campaigns::texts::{self, OfCountry, OfParts, Wording};
use kernel::CampaignId;

use crate::v1::prelude::*;

/// Recipients and money of one country.
#[derive(Serialize, ToSchema)]
pub(super) struct SmsEstimateCountry {
    /// The country (ISO 3166).
    country: String,
    /// How many people.
    recipients: u64,
    /// Parts of all their messages.
    parts: u64,
    /// What they cost together, in millionths of the currency.
    cost_micros: i64,
}

/// How many people get so many parts.
#[derive(Serialize, ToSchema)]
pub(super) struct SmsEstimateParts {
    /// Parts of a message.
    parts: u32,
    /// How many people.
    recipients: u64,
}

/// One language's wording, as somebody with usual values reads it.
#[derive(Serialize, ToSchema)]
pub(super) struct SmsWording {
    /// The language tag.
    language: String,
    /// `GSM_7BIT` or `UCS2`.
    encoding: &'static str,
    /// How many parts.
    parts: u32,
    /// The first characters, at most ten, because of which it is UCS-2.
    because: Vec<String>,
    /// Whether it says by which word, or link, people stop messages.
    says_stop: bool,
    /// Whether it says by which word people ask for help.
    says_help: bool,
}

/// What a campaign by SMS will weigh and cost if it is sent now.
#[derive(Serialize, ToSchema)]
pub(super) struct SmsEstimate {
    /// Who would be written to.
    recipients: u64,
    /// Who is in the audience and has no number.
    without_phone: u64,
    /// Whom the gate denies.
    denied: u64,
    /// Of the recipients, who wait for a window or a cap.
    deferred: u64,
    /// Whom the gate lets through and the channel refuses: `country_not_allowed`, `no_originator`, `too_many_parts`,
    /// `unpriced`, `required_value_missing`.
    messages_refused: BTreeMap<&'static str, u64>,
    /// Parts of all messages.
    parts: u64,
    /// What they cost, in millionths of the currency.
    cost_micros: i64,
    /// The balance's currency (ISO 4217).
    currency: String,
    /// What the balance has, credit included; null when it is only counted.
    available_micros: Option<i64>,
    /// Whether that is enough.
    covered: bool,
    /// By country, the dearest first.
    by_country: Vec<SmsEstimateCountry>,
    /// Recipients by alphabet: `GSM_7BIT`, `UCS2`.
    by_encoding: BTreeMap<&'static str, u64>,
    /// Recipients by parts.
    by_parts: Vec<SmsEstimateParts>,
    /// The wordings.
    wordings: Vec<SmsWording>,
}

fn wording(wording: Wording) -> SmsWording {
    let Wording { language, encoding, parts, because, says_stop, says_help } = wording;
    let because = because.into_iter().map(String::from).collect();
    SmsWording { language: language.to_string(), encoding, parts, because, says_stop, says_help }
}

fn country(of: OfCountry) -> SmsEstimateCountry {
    let OfCountry { country, recipients, parts, cost_micros } = of;
    SmsEstimateCountry { country, recipients, parts, cost_micros }
}

/// What a campaign by SMS will weigh and cost: recipients, parts and money by country, asked of everybody it is for.
#[utoipa::path(get, path = "/v1/campaigns/{id}/estimate", params(("id" = String, Path)),
    security(("key" = ["campaigns:read"])), responses((status = 200, body = SmsEstimate)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
) -> Result<JsonBody<SmsEstimate>> {
    let ctx = caller.require("campaigns:read")?;
    let found = texts::estimate(&ctx, &app.outbound, &app.live, id).await?;
    let parts = |OfParts { parts, recipients }| SmsEstimateParts { parts, recipients };
    Ok(JsonBody(SmsEstimate {
        recipients: found.recipients,
        without_phone: found.without_phone,
        denied: found.denied,
        deferred: found.deferred,
        messages_refused: found.refused,
        parts: found.parts,
        cost_micros: found.cost_micros,
        currency: found.currency,
        available_micros: found.available_micros,
        covered: found.covered,
        by_country: found.by_country.into_iter().map(country).collect(),
        by_encoding: found.by_encoding,
        by_parts: found.by_parts.into_iter().map(parts).collect(),
        wordings: found.wordings.into_iter().map(wording).collect(),
    }))
}
