//! The versions of the rules.

mod differences;
mod list;
mod read;

use privacy::rules::{Country, Facts, ReviewWarning, Row, RulePack};
use privacy::vocabulary::{Channel, RecipientType};

use super::words::told;
use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("packs": list, read, differences)
}

/// A row of the decision table.
#[derive(Serialize, ToSchema)]
pub(super) struct PackRow {
    /// Its id.
    id: String,
    /// What kind of purpose it decides about: `marketing`, `service`, `tracking` or `statutory`.
    class: Json,
    /// ISO 3166, `@group`, `unlisted`, or `*` for every country.
    countries: Vec<String>,
    /// Which recipients; empty for all.
    recipients: Vec<Json>,
    /// By which channels; empty for all.
    channels: Vec<Json>,
    /// Which bases it allows, each with its conditions.
    bases: Vec<Json>,
    /// What the content must have beside what every message must.
    elements: Vec<String>,
    /// Where it comes from.
    source: String,
    /// The day by which it is to be reviewed.
    review: String,
}

/// The rows of a pack.
pub(super) fn rows(pack: &RulePack) -> Vec<PackRow> {
    let list = |row: &Json, name: &str| row[name].as_array().cloned().unwrap_or_default();
    let shown = |row: &Row| {
        let whole = json!(row);
        let texts = |name| list(&whole, name).iter().filter_map(|text| text.as_str().map(str::to_owned)).collect();
        PackRow {
            id: row.id.clone(),
            class: whole["class"].clone(),
            countries: row.countries.clone(),
            recipients: list(&whole, "recipients"),
            channels: list(&whole, "channels"),
            bases: list(&whole, "bases"),
            elements: texts("elements"),
            source: row.source.clone(),
            review: row.review.to_string(),
        }
    };
    pack.rows().iter().map(shown).collect()
}

/// One thing that wants a review.
#[derive(Serialize, ToSchema)]
pub(super) struct Warned {
    /// `pack_stale` or `row_due`.
    code: &'static str,
    /// The row, when it is one.
    row: Option<String>,
    /// What, in English and Arabic.
    #[schema(value_type = Object)]
    text: Json,
}

/// What of a pack wants a review.
pub(super) fn warnings(pack: &RulePack, now: Timestamp) -> Vec<Warned> {
    let shown = |warning: ReviewWarning| match warning {
        ReviewWarning::PackStale { version, days } => Warned {
            code: "pack_stale",
            row: None,
            text: told("pack_stale", &[("version", &version), ("days", &days.to_string())]),
        },
        ReviewWarning::RowDue { row, countries, review } => Warned {
            code: "row_due",
            text: told(
                "row_due",
                &[("row", &row), ("countries", &countries.join(", ")), ("review", &review.to_string())],
            ),
            row: Some(row),
        },
    };
    pack.stale(now).into_iter().map(shown).collect()
}

/// The row that decides about marketing, by channel and recipient.
fn deciding(pack: &RulePack, country: Option<Country>) -> Json {
    let row = |channel: &Channel, recipient: &RecipientType| {
        let facts = Facts { country, channel: *channel, recipient_type: *recipient, ..Facts::default() };
        pack.row_for(&facts).map(|row| row.id.clone())
    };
    let by_recipient = |channel: &Channel| -> Json {
        RecipientType::ALL.iter().map(|recipient| (recipient.to_string(), json!(row(channel, recipient)))).collect()
    };
    Channel::ALL.iter().map(|channel| (channel.to_string(), by_recipient(channel))).collect()
}

/// Every country that some row names, and `unlisted` for all others. `widened` are the channels for
/// which the workspace wants approvals.
pub(super) fn countries(pack: &RulePack, widened: Option<&[Channel]>) -> Vec<Json> {
    let unlisted = json!({
        "country": "unlisted", "approval_channels": [], "rests_on_friday": false, "rows": deciding(pack, None),
    });
    let named = pack.countries().map(|country| {
        let own = pack.approval_channels(country);
        let approval = if own.is_empty() { own } else { widened.unwrap_or(own) };
        json!({
            "country": country,
            "approval_channels": approval,
            "rests_on_friday": pack.rests_on_friday(country),
            "rows": deciding(pack, Some(country)),
        })
    });
    named.chain([unlisted]).collect()
}

/// A pack by the version in a path.
fn found(version: &str) -> Result<&'static RulePack> {
    RulePack::of_version(version).ok_or_else(|| Failure::not_found("rule pack"))
}
