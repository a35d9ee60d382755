//! What a workspace allows itself: countries, caps, lengths.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use store::{Ctx, params, sql};

use crate::sms::MOST_PARTS;
use crate::{Error, Result};

sql! {
    GET = "SELECT settings FROM sms_settings WHERE workspace = $1";
    PUT = "INSERT INTO sms_settings (workspace, settings, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at";
}

/// A workspace's messaging settings. Nothing is sent anywhere until a country is named: whoever steals a
/// key shall not be able to run up costs in places where the organisation knows nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Countries (ISO 3166) that messages may go to.
    pub countries: BTreeSet<String>,
    /// Most parts of one message.
    pub parts: usize,
    /// Most parts a day (UTC) over all countries; `None` for no cap.
    pub parts_a_day: Option<u64>,
    /// Most parts a day to one country; `None` for no cap.
    pub parts_a_day_by_country: Option<u64>,
    /// Most parts a day to numbers that share all but their last three digits. Those who pump traffic for a
    /// share of its price use such blocks of numbers.
    pub parts_a_day_by_block: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            countries: BTreeSet::new(),
            parts: 10,
            parts_a_day: None,
            parts_a_day_by_country: None,
            parts_a_day_by_block: Some(50),
        }
    }
}

/// The workspace's settings.
///
/// # Errors
/// The store's.
pub async fn get(ctx: &Ctx) -> Result<Settings> {
    let row: Option<(String,)> = ctx.db.get(GET, params![ctx.workspace]).await?;
    let read = row.map(|(text,)| serde_json::from_str(&text)).transpose();
    Ok(read.map_err(|_| store::Error::Column("settings"))?.unwrap_or_default())
}

/// Puts other settings in their place.
///
/// # Errors
/// [`Error::Field`] naming what is wrong.
pub async fn put(ctx: &Ctx, settings: &Settings) -> Result<()> {
    let code = |country: &String| country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
    if let Some(wrong) = settings.countries.iter().find(|country| !code(country)) {
        let shown: String = wrong.chars().take(10).collect();
        return Err(Error::field("countries", format_args!("{shown:?} is not two capital letters (ISO 3166)")));
    }
    if !(1..=MOST_PARTS).contains(&settings.parts) {
        return Err(Error::field("parts", "1 to 255"));
    }
    let text = serde_json::to_string(settings).map_err(|_| store::Error::Column("settings"))?;
    let mut batch = ctx.batch();
    batch.push(PUT, params![ctx.workspace, text, ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(())
}
