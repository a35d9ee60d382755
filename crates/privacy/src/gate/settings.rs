use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::{Ctx, params};

use crate::rules::{Country, RulePack, State, permitted};
use crate::vocabulary::{BasisKind, Channel};
use crate::{Error, Result};

store::sql! {
    UPSERT_SETTINGS = "INSERT INTO gate_setting (workspace, settings, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at";
    pub(super) SETTINGS = "SELECT settings FROM gate_setting WHERE workspace = $1";
}

/// What a workspace decides about its own sending; the law's limits hold beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The age below which nobody is written to; the rule pack's when absent.
    pub min_age: Option<u8>,
    /// Channels that need the approval of a country that asks for one ([`crate::approvals`]); the pack's (SMS and voice) when absent.
    pub approvals_required_on: Option<Vec<Channel>>,
    /// The lawful bases the workspace works with; every one when absent. Elsewhere the gate denies with
    /// `basis_forbidden`, and such a basis is neither stated nor imported. A legal obligation and a request
    /// of the person hold without being named.
    pub bases: Option<Vec<BasisKind>>,
    /// The window for telephone channels.
    pub quiet: Option<QuietHours>,
    /// How often a person may be written to with marketing.
    pub frequency: Option<FrequencyCap>,
    /// Where a channel may be used, by channel; everywhere when absent. Elsewhere, and where the
    /// country is unknown, the gate denies with `channel_unavailable`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub destinations: BTreeMap<Channel, Vec<Country>>,
    /// Sending is stopped altogether.
    pub paused: bool,
}

/// Hours in which telephone channels may be used, as `HH:MM` in the recipient's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// From.
    pub start: String,
    /// Until (half-open).
    pub end: String,
    /// Whether Sunday is open; as the recipient's country has it when absent: closed where it is the day
    /// of rest, open where Friday is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sunday: Option<bool>,
}

/// At most `cap` marketing messages within `days` days (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrequencyCap {
    /// How many.
    pub cap: u32,
    /// In how many days, 1 to 90.
    pub days: u32,
}

impl Settings {
    /// Whether a channel may be used to write to this country.
    pub(super) fn reaches(&self, channel: Channel, country: Option<Country>) -> bool {
        self.destinations.get(&channel).is_none_or(|known| country.is_some_and(|country| known.contains(&country)))
    }

    /// The state every decision of the workspace starts from.
    pub(super) fn base(&self) -> Result<State> {
        let mut value = serde_json::json!({
            "account": if self.paused { "suspended" } else { "active" },
        });
        if let Some(map) = value.as_object_mut() {
            if let Some(age) = self.min_age {
                map.insert("min_age".into(), age.into());
            }
            if let Some(channels) = &self.approvals_required_on {
                map.insert("approvals_required_on".into(), serde_json::json!(channels));
            }
            if let Some(bases) = &self.bases {
                map.insert("bases_allowed".into(), serde_json::json!(bases));
            }
            if let Some(quiet) = &self.quiet {
                map.insert("quiet".into(), serde_json::json!(quiet));
            }
        }
        serde_json::from_value(value)
            .map_err(|_| Error::Invalid { field: "settings", detail: "the quiet hours are not written right" })
    }

    pub(super) fn read(row: Option<(String,)>) -> Result<Self> {
        row.map_or_else(
            || Ok(Self::default()),
            |(text,)| serde_json::from_str(&text).map_err(|_| Error::Corrupt("gate settings")),
        )
    }
}

/// The workspace's settings.
///
/// # Errors
/// When the store fails.
pub async fn settings(ctx: &Ctx) -> Result<Settings> {
    Settings::read(ctx.db.get(SETTINGS, params![ctx.workspace]).await?)
}

/// The age in years below which the workspace writes to nobody: its own setting, or the rule pack's.
///
/// # Errors
/// When the store fails.
pub async fn minimum_age(ctx: &Ctx) -> Result<u8> {
    Ok(settings(ctx).await?.min_age.unwrap_or_else(|| RulePack::current().min_age()))
}

/// Changes the workspace's settings; they hold from the next question to the gate on.
///
/// # Errors
/// [`Error::Invalid`] when a value is out of range or not written right.
pub async fn configure(ctx: &Ctx, settings: &Settings) -> Result<()> {
    settings.base()?;
    if settings.frequency.is_some_and(|cap| !(1..=90).contains(&cap.days)) {
        return Err(Error::Invalid { field: "frequency.days", detail: "from 1 to 90" });
    }
    if settings.destinations.values().any(|countries| countries.len() > 26 * 26) {
        return Err(Error::Invalid { field: "destinations", detail: "more countries than there are" });
    }
    if settings.bases.as_ref().is_some_and(|bases| bases.is_empty() || bases.len() > BasisKind::ALL.len()) {
        return Err(Error::Invalid {
            field: "bases",
            detail: "name at least one lawful basis, each once, or null for all",
        });
    }
    let text = serde_json::to_string(settings).map_err(|_| Error::Corrupt("gate settings"))?;
    let mut batch = ctx.batch();
    batch.push(UPSERT_SETTINGS, params![ctx.workspace, text, ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Refuses a basis that the workspace does not work with, before anything is stated on it.
///
/// # Errors
/// [`Error::Invalid`] for `basis`.
pub async fn require_basis(ctx: &Ctx, basis: BasisKind) -> Result<()> {
    if permitted(basis, settings(ctx).await?.bases.as_deref()) {
        return Ok(());
    }
    let detail = "this workspace does not work with this lawful basis; its privacy settings name those it does";
    Err(Error::Invalid { field: "basis", detail })
}
