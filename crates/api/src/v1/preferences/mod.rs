//! How members want the app to look and count.

mod read;
mod set;

use accounts::preferences::Preferences;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("preferences": read, set)
}

/// The words of the choices, for the document.
mod words {
    #![expect(dead_code, reason = "only the document is made of these; a test holds them to the real ones")]

    use utoipa::ToSchema;

    #[derive(ToSchema)]
    #[schema(rename_all = "lowercase")]
    pub enum DigitsChoice {
        Auto,
        Latn,
        Arab,
    }

    #[derive(ToSchema)]
    #[schema(rename_all = "kebab-case")]
    pub enum CalendarChoice {
        Auto,
        Gregory,
        IslamicUmalqura,
    }

    #[derive(ToSchema)]
    #[schema(rename_all = "lowercase")]
    pub enum ThemeChoice {
        Auto,
        Light,
        Dark,
    }

    #[derive(ToSchema)]
    #[schema(rename_all = "lowercase")]
    pub enum DensityChoice {
        Comfortable,
        Compact,
    }

    #[derive(ToSchema)]
    pub enum FirstWeekdayChoice {
        #[schema(rename = "auto")]
        Auto,
        #[schema(rename = "0")]
        Sunday,
        #[schema(rename = "1")]
        Monday,
        #[schema(rename = "2")]
        Tuesday,
        #[schema(rename = "3")]
        Wednesday,
        #[schema(rename = "4")]
        Thursday,
        #[schema(rename = "5")]
        Friday,
        #[schema(rename = "6")]
        Saturday,
    }

    #[derive(ToSchema)]
    #[schema(rename_all = "lowercase")]
    pub enum HourCycleChoice {
        Auto,
        H12,
        H23,
    }
}

/// A member's choices.
#[derive(Serialize, ToSchema)]
#[schema(as = Preferences)]
pub(super) struct PreferencesAnswer {
    /// Digits of numbers and dates.
    #[schema(value_type = words::DigitsChoice)]
    digits: accounts::preferences::Digits,
    /// The calendar of dates.
    #[schema(value_type = words::CalendarChoice)]
    calendar: accounts::preferences::Calendar,
    /// Light or dark.
    #[schema(value_type = words::ThemeChoice)]
    theme: accounts::preferences::Theme,
    /// How much stands on a screen.
    #[schema(value_type = words::DensityChoice)]
    density: accounts::preferences::Density,
    /// Whether single keys do something.
    shortcuts: bool,
    /// The first day of a week; 0 is Sunday.
    #[schema(value_type = words::FirstWeekdayChoice)]
    first_weekday: accounts::preferences::FirstWeekday,
    /// How hours are counted.
    #[schema(value_type = words::HourCycleChoice)]
    hour_cycle: accounts::preferences::HourCycle,
}

impl From<Preferences> for PreferencesAnswer {
    fn from(chosen: Preferences) -> Self {
        let Preferences { digits, calendar, theme, density, shortcuts, first_weekday, hour_cycle } = chosen;
        Self { digits, calendar, theme, density, shortcuts, first_weekday, hour_cycle }
    }
}

#[cfg(test)]
mod tests {
    use accounts::preferences as real;
    use utoipa::PartialSchema;

    use super::*;

    fn documented<T: PartialSchema>() -> Vec<String> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        schema["enum"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_document_has_the_real_words() {
        let texts = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(documented::<words::DigitsChoice>(), texts(real::Digits::ALL.iter().map(|w| w.as_str()).collect()));
        assert_eq!(
            documented::<words::CalendarChoice>(),
            texts(real::Calendar::ALL.iter().map(|w| w.as_str()).collect())
        );
        assert_eq!(documented::<words::ThemeChoice>(), texts(real::Theme::ALL.iter().map(|w| w.as_str()).collect()));
        assert_eq!(
            documented::<words::DensityChoice>(),
            texts(real::Density::ALL.iter().map(|w| w.as_str()).collect())
        );
        assert_eq!(
            documented::<words::FirstWeekdayChoice>(),
            texts(real::FirstWeekday::ALL.iter().map(|w| w.as_str()).collect())
        );
        assert_eq!(
            documented::<words::HourCycleChoice>(),
            texts(real::HourCycle::ALL.iter().map(|w| w.as_str()).collect())
        );
    }
}
