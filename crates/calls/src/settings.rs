//! What a workspace allows itself in calls.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use store::{Ctx, params, sql};

use crate::{Error, Result};

sql! {
    GET = "SELECT settings FROM voice_settings WHERE workspace = $1";
    PUT = "INSERT INTO voice_settings (workspace, settings, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at";
}

/// A workspace's settings for calls. Nobody is called anywhere until a country is named: whoever steals a key
/// shall not be able to call expensive numbers that share their price with him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Countries (ISO 3166) that may be called.
    pub countries: BTreeSet<String>,
    /// Most seconds of a call.
    pub longest: u32,
    /// Most calls at the same time, over all trunks.
    pub together: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { countries: BTreeSet::new(), longest: 3600, together: 50 }
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
    if !(30..=7200).contains(&settings.longest) {
        return Err(Error::field("max_seconds", "30 to 7200"));
    }
    if !(1..=1000).contains(&settings.together) {
        return Err(Error::field("max_calls", "1 to 1000"));
    }
    let text = serde_json::to_string(settings).map_err(|_| store::Error::Column("settings"))?;
    let mut batch = ctx.batch();
    batch.push(PUT, params![ctx.workspace, text, ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(())
}
