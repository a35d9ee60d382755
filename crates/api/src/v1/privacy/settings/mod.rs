//! What the workspace decides about its own sending.

mod read;
mod set;

use std::collections::BTreeMap;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("privacy_settings": read, set)
}

/// When telephone channels are open, in the recipient's time.
#[derive(Serialize, ToSchema)]
struct QuietHours {
    /// From this time of day (`HH:MM`).
    start: String,
    /// Until before this time of day.
    end: String,
    /// Whether Sunday is open.
    sunday: Option<bool>,
}

/// At most so many marketing messages within so many days.
#[derive(Serialize, ToSchema)]
struct FrequencyCap {
    cap: u32,
    days: u32,
}

/// The gate's settings; the law's limits hold beside them.
#[derive(Serialize, ToSchema)]
pub(super) struct GateSettings {
    /// The age below which nobody is written to; the rule pack's (18) when null.
    min_age: Option<u8>,
    /// Channels that need the approval of a country that asks for one; `sms` and `voice` when null.
    approvals_required_on: Option<Vec<String>>,
    /// The lawful bases the workspace works with; every one when null. Others are neither stated nor imported,
    /// and carry no message (`basis_forbidden`). `legal_obligation` and `subject_request` always hold.
    bases: Option<Vec<String>>,
    /// The window for telephone channels: `start`, `end` (`HH:MM`, the recipient's time), and whether
    /// `sunday` is open; 09:00 to 20:00 when null. Where Friday is the day of rest it is closed instead.
    quiet: Option<QuietHours>,
    /// `cap` marketing messages within `days` days; no cap when null.
    frequency: Option<FrequencyCap>,
    /// Channel → the countries it may reach; a channel that is not named reaches all.
    destinations: Option<BTreeMap<String, Vec<String>>>,
    /// Whether sending is stopped altogether.
    paused: bool,
}
