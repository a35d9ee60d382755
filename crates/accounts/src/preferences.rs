//! How a member wants the app to look and count. Choices from short lists, nothing personal.

use std::fmt;
use std::str::FromStr;

use kernel::UserId;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use store::{Actor, Core, params};

use crate::Result;

store::sql! {
    GET_PREFERENCE = "SELECT choices FROM preference WHERE account = $1";
    PUT_PREFERENCE = "INSERT INTO preference (account, choices, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (account) DO UPDATE SET choices = excluded.choices, updated_at = excluded.updated_at";
}

/// A text that is none of a choice's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected one of {0}")]
pub struct UnknownChoice(&'static str);

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident ($all:literal) { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub enum $name { $($(#[$word_doc])* $variant,)* }

        impl $name {
            /// Every choice there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The choice as written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownChoice;
            fn from_str(text: &str) -> Result<Self, UnknownChoice> {
                Self::ALL.iter().copied().find(|choice| choice.as_str() == text).ok_or(UnknownChoice($all))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

choices! {
    /// Which digits numbers are written with.
    Digits ("auto, latn, arab") {
        /// As is usual in the language.
        #[default]
        Auto = "auto",
        /// 0123456789.
        Latn = "latn",
        /// ٠١٢٣٤٥٦٧٨٩.
        Arab = "arab",
    }
    /// Which calendar dates are shown in (CLDR calendar keys).
    Calendar ("auto, gregory, islamic-umalqura") {
        /// As is usual in the language and country.
        #[default]
        Auto = "auto",
        /// The Gregorian one.
        Gregory = "gregory",
        /// The calendar of Umm al-Qura.
        UmAlQura = "islamic-umalqura",
    }
    /// Light or dark.
    Theme ("auto, light, dark") {
        /// As the machine.
        #[default]
        Auto = "auto",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
    /// How much stands on a screen.
    Density ("comfortable, compact") {
        /// Room between lines.
        #[default]
        Comfortable = "comfortable",
        /// More lines.
        Compact = "compact",
    }
    /// The day on which weeks begin.
    FirstWeekday ("auto, 0, 1, 2, 3, 4, 5, 6") {
        /// As is usual in the country.
        #[default]
        Auto = "auto",
        /// Sunday.
        Sunday = "0",
        /// Monday.
        Monday = "1",
        /// Tuesday.
        Tuesday = "2",
        /// Wednesday.
        Wednesday = "3",
        /// Thursday.
        Thursday = "4",
        /// Friday.
        Friday = "5",
        /// Saturday.
        Saturday = "6",
    }
    /// How hours are counted (CLDR hour cycles).
    HourCycle ("auto, h12, h23") {
        /// As is usual in the language.
        #[default]
        Auto = "auto",
        /// 1 to 12, twice.
        H12 = "h12",
        /// 0 to 23.
        H23 = "h23",
    }
}

/// What a member chose; what they did not choose stands at its default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Digits of numbers and dates.
    pub digits: Digits,
    /// The calendar of dates.
    pub calendar: Calendar,
    /// Light or dark.
    pub theme: Theme,
    /// How much stands on a screen.
    pub density: Density,
    /// Whether single keys do something (WCAG 2.1.4 asks that they can be turned off).
    pub shortcuts: bool,
    /// The first day of a week.
    pub first_weekday: FirstWeekday,
    /// How hours are counted.
    pub hour_cycle: HourCycle,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            digits: Digits::default(),
            calendar: Calendar::default(),
            theme: Theme::default(),
            density: Density::default(),
            shortcuts: true,
            first_weekday: FirstWeekday::default(),
            hour_cycle: HourCycle::default(),
        }
    }
}

/// What a member chose. What a newer program wrote and this one does not know stands at its default.
///
/// # Errors
/// When the store fails.
pub async fn get(core: &Core, user: UserId) -> Result<Preferences> {
    let row: Option<(String,)> = core.db.get(GET_PREFERENCE, params![user]).await?;
    Ok(row.and_then(|(text,)| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Puts a member's choices in place of the ones before.
///
/// # Errors
/// When the store fails.
pub async fn set(core: &Core, user: UserId, chosen: &Preferences) -> Result<()> {
    let ctx = core.ctx(kernel::WorkspaceId([0; 16]), Actor::User(user));
    let mut batch = ctx.batch();
    batch.push(PUT_PREFERENCE, params![user, serde_json::json!(chosen).to_string(), ctx.now()]);
    core.db.apply(batch).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_stands_at_its_default_and_nonsense_is_refused() {
        let read = |text: &str| serde_json::from_str::<Preferences>(text);
        assert_eq!(read("{}").unwrap(), Preferences::default());
        let chosen = read(r#"{"digits":"arab","first_weekday":"6","calendar":"islamic-umalqura"}"#).unwrap();
        assert_eq!((chosen.digits, chosen.first_weekday), (Digits::Arab, FirstWeekday::Saturday));
        assert_eq!(read(&serde_json::json!(chosen).to_string()).unwrap(), chosen);
        let error = read(r#"{"first_weekday":"7"}"#).unwrap_err().to_string();
        assert!(error.contains("auto, 0, 1"), "{error}");
    }
}
