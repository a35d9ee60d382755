//! In which country somebody probably is: the one whose time zone their browser keeps. Nobody's network address is
//! looked up for it.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

const PACK: &str = include_str!("../packs/zones.txt");

static ZONES: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = PACK.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .map(|(country, zones)| (country, zones.split(' ').collect()))
        .collect()
});

static COUNTRIES: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| ZONES.iter().flat_map(|(country, zones)| zones.iter().map(|zone| (*zone, *country))).collect());

/// The country (ISO 3166, two capital letters) in which a time zone (IANA's name, an older one too) lies.
pub fn of_zone(zone: &str) -> Option<&'static str> {
    COUNTRIES.get(zone).copied()
}

/// The time zones of a country, written in small or capital letters; none of what is no country.
pub fn zones(country: &str) -> &'static [&'static str] {
    ZONES.get(country.to_ascii_uppercase().as_str()).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_lie_in_one_country_each() {
        let told = [
            ("Asia/Riyadh", Some("SA")),
            ("Asia/Kolkata", Some("IN")),
            ("Asia/Calcutta", Some("IN")),
            ("Atlantic/Reykjavik", Some("IS")),
            ("America/Argentina/Ushuaia", Some("AR")),
            ("UTC", None),
            ("Etc/GMT+3", None),
            ("asia/riyadh\n", None),
            ("", None),
        ];
        for (zone, country) in told {
            assert_eq!(of_zone(zone), country, "{zone}");
        }
        let named: usize = ZONES.values().map(Vec::len).sum();
        assert_eq!(COUNTRIES.len(), named, "a zone stands twice");
    }

    #[test]
    fn every_line_is_a_country_with_zones_that_exist() {
        for (country, zones) in ZONES.iter() {
            assert!(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()), "{country}");
            for zone in zones {
                assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{zone}");
            }
        }
        assert_eq!(zones("sa"), ["Asia/Riyadh"]);
        assert_eq!((zones("XX"), zones("")), (&[][..], &[][..]));
    }
}
