//! Originators: what messages are from.

mod create;
mod delete;
mod list;
mod update;

use kernel::OriginatorId;
use telecom::senders::{Entry, Rules, names_in};

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("originators": list, create, update, delete)
}

/// How an originator is used.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct OriginatorRules {
    /// Countries it is for; empty for all where it may be used.
    countries: Vec<String>,
    /// Countries where it is registered with the authority or the networks.
    registered: Vec<String>,
    /// How often it is chosen against others; 0 for only when asked for.
    weight: u32,
}

impl Default for OriginatorRules {
    fn default() -> Self {
        Rules::default().into()
    }
}

impl From<Rules> for OriginatorRules {
    fn from(rules: Rules) -> Self {
        Self { countries: rules.countries, registered: rules.registered, weight: rules.weight }
    }
}

impl From<OriginatorRules> for Rules {
    fn from(rules: OriginatorRules) -> Self {
        Self { countries: rules.countries, registered: rules.registered, weight: rules.weight }
    }
}

/// An originator with where it may be used.
#[derive(Serialize, ToSchema)]
struct SmsOriginator {
    /// Its id.
    #[schema(value_type = String)]
    id: OriginatorId,
    /// What people see.
    value: String,
    /// `number`, `short_code` or `name`.
    kind: &'static str,
    /// Whether people can answer it.
    two_way: bool,
    /// How it is used.
    rules: OriginatorRules,
    /// What stands against it, by country, among the countries that the workspace sends to.
    refused_in: Vec<OriginatorRefusal>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Why an originator may not be used in a country.
#[derive(Serialize, ToSchema)]
struct OriginatorRefusal {
    /// The country.
    country: String,
    /// What its networks do with names: `allowed`, `registered`, `overwritten` or `forbidden`.
    #[schema(value_type = String)]
    names: telecom::senders::Names,
    /// In words.
    detail: String,
}

async fn shown(ctx: &store::Ctx, entry: Entry) -> Result<SmsOriginator> {
    let countries = telecom::settings::get(ctx).await?.countries;
    let refused = countries.into_iter().filter_map(|country| {
        let detail = entry.usable_in(&country).err()?;
        Some(OriginatorRefusal { names: names_in(&country), country, detail })
    });
    Ok(SmsOriginator {
        id: entry.id,
        value: entry.value.to_string(),
        kind: entry.value.kind(),
        two_way: entry.value.two_way(),
        refused_in: refused.collect(),
        rules: entry.rules.into(),
        created_at: entry.created_at,
    })
}
