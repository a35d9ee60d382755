//! `PUT /v1/account/preferences`

use accounts::preferences::{self, Preferences};

use super::{PreferencesAnswer, words};
use crate::v1::prelude::*;

/// Choices; what is absent goes back to its default.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PreferencesChange {
    /// Digits of numbers and dates.
    #[schema(value_type = Option<words::DigitsChoice>)]
    digits: preferences::Digits,
    /// The calendar of dates.
    #[schema(value_type = Option<words::CalendarChoice>)]
    calendar: preferences::Calendar,
    /// Light or dark.
    #[schema(value_type = Option<words::ThemeChoice>)]
    theme: preferences::Theme,
    /// How much stands on a screen.
    #[schema(value_type = Option<words::DensityChoice>)]
    density: preferences::Density,
    /// Whether single keys do something; they do when absent.
    shortcuts: Option<bool>,
    /// The first day of a week; 0 is Sunday.
    #[schema(value_type = Option<words::FirstWeekdayChoice>)]
    first_weekday: preferences::FirstWeekday,
    /// How hours are counted.
    #[schema(value_type = Option<words::HourCycleChoice>)]
    hour_cycle: preferences::HourCycle,
}

/// Set how you want the app to look and count.
#[utoipa::path(put, path = "/v1/account/preferences", request_body = PreferencesChange, security(("session" = [])),
    responses((status = 200, body = PreferencesAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    JsonBody(input): JsonBody<PreferencesChange>,
) -> Result<JsonBody<PreferencesAnswer>> {
    let PreferencesChange { digits, calendar, theme, density, shortcuts, first_weekday, hour_cycle } = input;
    let shortcuts = shortcuts.unwrap_or(true);
    let chosen = Preferences { digits, calendar, theme, density, shortcuts, first_weekday, hour_cycle };
    preferences::set(&app.core, signed_in.session.user, &chosen).await?;
    Ok(JsonBody(chosen.into()))
}
