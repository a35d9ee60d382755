//! What is customary where the visitor is: the clock of twelve or of twenty-four hours, and the day with which a
//! week begins. The facts are CLDR's (supplemental data `timeData` and `weekData`), reduced to zones and regions.

use jiff::civil::Weekday;

/// How hours are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cycle {
    /// 1 to 12, with a word for the part of the day.
    Twelve,
    /// 0 to 23.
    TwentyFour,
}

impl Cycle {
    /// As it stands in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Twelve => "12",
            Self::TwentyFour => "24",
        }
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Twelve => Self::TwentyFour,
            Self::TwentyFour => Self::Twelve,
        }
    }
}

/// Regions that count to twelve.
const TWELVE: [&str; 48] = [
    "US", "CA", "AU", "NZ", "IN", "PK", "BD", "NP", "PH", "MY", "SG", "HK", "TW", "KR", "EG", "SA", "AE", "QA", "BH",
    "KW", "OM", "YE", "JO", "LB", "IQ", "SY", "PS", "LY", "SD", "DZ", "TN", "MR", "DJ", "SO", "ER", "CO", "VE", "PR",
    "GH", "ZM", "MW", "GM", "GR", "CY", "AL", "JM", "TT", "FJ",
];

/// Zones outside America, Australia and the Pacific where people count to twelve.
const TWELVE_ZONES: [&str; 42] = [
    "Africa/Accra",
    "Africa/Algiers",
    "Africa/Asmara",
    "Africa/Banjul",
    "Africa/Blantyre",
    "Africa/Cairo",
    "Africa/Djibouti",
    "Africa/Juba",
    "Africa/Khartoum",
    "Africa/Lusaka",
    "Africa/Mogadishu",
    "Africa/Nouakchott",
    "Africa/Tripoli",
    "Africa/Tunis",
    "Asia/Aden",
    "Asia/Amman",
    "Asia/Baghdad",
    "Asia/Bahrain",
    "Asia/Beirut",
    "Asia/Brunei",
    "Asia/Calcutta",
    "Asia/Damascus",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Famagusta",
    "Asia/Gaza",
    "Asia/Hebron",
    "Asia/Hong_Kong",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Kuala_Lumpur",
    "Asia/Kuching",
    "Asia/Kuwait",
    "Asia/Manila",
    "Asia/Muscat",
    "Asia/Nicosia",
    "Asia/Qatar",
    "Asia/Riyadh",
    "Asia/Seoul",
    "Asia/Singapore",
    "Asia/Taipei",
];

/// American zones where people count to twenty-four.
const TWENTY_FOUR_IN_AMERICA: [&str; 17] = [
    "America/Argentina",
    "America/Asuncion",
    "America/Bahia",
    "America/Belem",
    "America/Cayenne",
    "America/Cuiaba",
    "America/Fortaleza",
    "America/Guatemala",
    "America/La_Paz",
    "America/Lima",
    "America/Manaus",
    "America/Montevideo",
    "America/Nuuk",
    "America/Recife",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Havana",
];

/// The clock that is usual for somebody: by the region their browser names in Accept-Language, or by their zone. `en-US` is what
/// browsers say by default all over the world, so it tells nothing.
pub fn cycle(accepted: &str, zone: &str) -> Cycle {
    let first = accepted.split([',', ';']).next().unwrap_or_default().trim();
    let region = first.rsplit_once('-').map(|(_, region)| region).filter(|region| region.len() == 2);
    let twelve = match region {
        Some(region) if !region.eq_ignore_ascii_case("US") => {
            TWELVE.iter().any(|known| known.eq_ignore_ascii_case(region))
        }
        _ if zone.starts_with("America/") => !TWENTY_FOUR_IN_AMERICA.iter().any(|known| zone.starts_with(known)),
        _ => {
            zone == "Europe/Athens"
                || zone.starts_with("Australia/")
                || zone.starts_with("Pacific/")
                || TWELVE_ZONES.contains(&zone)
                || zone == "UTC" && region.is_some()
        }
    };
    if twelve { Cycle::Twelve } else { Cycle::TwentyFour }
}

/// The day with which calendars begin where a zone is.
pub fn first_day(zone: &str) -> Weekday {
    const SATURDAY: [&str; 13] = [
        "Africa/Algiers",
        "Africa/Cairo",
        "Africa/Djibouti",
        "Africa/Khartoum",
        "Africa/Tripoli",
        "Asia/Amman",
        "Asia/Baghdad",
        "Asia/Bahrain",
        "Asia/Damascus",
        "Asia/Kuwait",
        "Asia/Muscat",
        "Asia/Qatar",
        "Asia/Tehran",
    ];
    const SUNDAY: [&str; 16] = [
        "Asia/Aden",
        "Asia/Dhaka",
        "Asia/Hong_Kong",
        "Asia/Jakarta",
        "Asia/Jerusalem",
        "Asia/Karachi",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Asia/Manila",
        "Asia/Riyadh",
        "Asia/Seoul",
        "Asia/Singapore",
        "Asia/Taipei",
        "Asia/Tokyo",
        "Asia/Bangkok",
        "Europe/Lisbon",
    ];
    if SATURDAY.contains(&zone) {
        Weekday::Saturday
    } else if SUNDAY.contains(&zone) || zone.starts_with("America/") {
        Weekday::Sunday
    } else {
        Weekday::Monday
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_counted_as_is_usual() {
        assert_eq!(cycle("en-US,en;q=0.9", "America/New_York"), Cycle::Twelve);
        assert_eq!(cycle("en-US,en;q=0.9", "Europe/Berlin"), Cycle::TwentyFour, "an English browser in Berlin");
        assert_eq!(cycle("en-GB", "America/New_York"), Cycle::TwentyFour);
        assert_eq!(cycle("ar-EG,ar;q=0.9", "Europe/Berlin"), Cycle::Twelve);
        assert_eq!(cycle("ar", "Asia/Riyadh"), Cycle::Twelve);
        assert_eq!(cycle("ar", "Africa/Casablanca"), Cycle::TwentyFour);
        assert_eq!(cycle("de", "America/Sao_Paulo"), Cycle::TwentyFour);
        assert_eq!(cycle("-", "UTC"), Cycle::TwentyFour);
    }

    #[test]
    fn weeks_begin_where_they_do() {
        assert_eq!(first_day("Asia/Riyadh"), Weekday::Sunday);
        assert_eq!(first_day("Africa/Cairo"), Weekday::Saturday);
        assert_eq!(first_day("Europe/Berlin"), Weekday::Monday);
        assert_eq!(first_day("America/New_York"), Weekday::Sunday);
    }
}
