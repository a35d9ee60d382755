//! The choice of a time zone: places grouped by region, each with its distance from UTC.

use std::sync::LazyLock;

use booking::speech::clock::{offset, place};
use booking::speech::{Clock, Words};
use jiff::tz::TimeZone;
use kernel::Timestamp;

use super::super::markup::Html;

/// The regions, in the order of the list.
const REGIONS: [(&str, &str); 9] = [
    ("Asia", "zone.asia"),
    ("Africa", "zone.africa"),
    ("Europe", "zone.europe"),
    ("America", "zone.america"),
    ("Australia", "zone.australia"),
    ("Pacific", "zone.pacific"),
    ("Indian", "zone.indian"),
    ("Atlantic", "zone.atlantic"),
    ("Antarctica", "zone.antarctica"),
];

/// Older names of places that stand in the list under their present one. They are understood, not offered.
const OLD: &str = " Asia/Calcutta Asia/Saigon Asia/Katmandu Asia/Rangoon Asia/Dacca Asia/Ashkhabad Asia/Chungking \
    Asia/Chongqing Asia/Harbin Asia/Kashgar Asia/Macao Asia/Tel_Aviv Asia/Thimbu Asia/Ujung_Pandang Asia/Ulan_Bator \
    Asia/Istanbul Asia/Choibalsan Europe/Nicosia Europe/Kiev Europe/Belfast Europe/Tiraspol Europe/Uzhgorod \
    Europe/Zaporozhye America/Buenos_Aires America/Catamarca America/Cordoba America/Jujuy America/Mendoza \
    America/Rosario America/Indianapolis America/Louisville America/Fort_Wayne America/Knox_IN America/Atka \
    America/Shiprock America/Virgin America/Porto_Acre America/Ensenada America/Santa_Isabel America/Godthab \
    America/Montreal America/Coral_Harbour America/Nipigon America/Pangnirtung America/Rainy_River \
    America/Thunder_Bay America/Yellowknife America/Argentina/ComodRivadavia Africa/Asmera Africa/Timbuktu \
    Atlantic/Faeroe Atlantic/Jan_Mayen Australia/ACT Australia/Canberra Australia/LHI Australia/NSW Australia/North \
    Australia/Queensland Australia/South Australia/Tasmania Australia/Victoria Australia/West Australia/Yancowinna \
    Australia/Currie Pacific/Enderbury Pacific/Johnston Pacific/Ponape Pacific/Samoa Pacific/Truk Pacific/Yap \
    Antarctica/South_Pole ";

static ZONES: LazyLock<Vec<(String, TimeZone)>> = LazyLock::new(|| {
    let mut zones: Vec<(String, TimeZone)> = jiff::tz::db()
        .available()
        .filter(|name| !OLD.contains(&format!(" {name} ")))
        .filter_map(|name| Some((name.to_string(), TimeZone::get(name.as_str()).ok()?)))
        .collect();
    zones.sort_by(|a, b| a.0.cmp(&b.0));
    zones
});

/// The list, with the visitor's zone chosen.
pub(super) fn select(clock: &Clock, now: Timestamp) -> Html {
    let words = clock.words;
    let mut out = Html::new();
    out.raw("<select id=\"tz\" name=\"tz\">");
    let listed = clock.name == "UTC"
        || ZONES
            .iter()
            .any(|(name, _)| *name == clock.name && REGIONS.iter().any(|(region, _)| in_region(name, region)));
    if !listed {
        option(&mut out, words, (&clock.name, &clock.zone), true, now);
    }
    for (region, title) in REGIONS {
        let mut places: Vec<(String, &str, &TimeZone)> = ZONES
            .iter()
            .filter(|(name, _)| in_region(name, region))
            .map(|(name, zone)| (place(words, name), name.as_str(), zone))
            .collect();
        places.sort_by(|a, b| a.0.cmp(&b.0));
        if places.is_empty() {
            continue;
        }
        out.raw("<optgroup label=\"").text(words.get(title)).raw("\">");
        for (_, name, zone) in places {
            option(&mut out, words, (name, zone), name == clock.name, now);
        }
        out.raw("</optgroup>");
    }
    option(&mut out, words, ("UTC", &TimeZone::UTC), clock.name == "UTC", now);
    out.raw("</select>");
    out
}

fn in_region(name: &str, region: &str) -> bool {
    name.strip_prefix(region).is_some_and(|rest| rest.starts_with('/'))
}

fn option(out: &mut Html, words: Words, (name, zone): (&str, &TimeZone), chosen: bool, now: Timestamp) {
    out.raw("<option value=\"").text(name).raw(if chosen { "\" selected>" } else { "\">" });
    let offset = offset(zone.to_offset(now.to_jiff()));
    if name == "UTC" {
        out.raw("UTC");
    } else {
        // An option holds no markup; the isolating characters keep the sign where it belongs.
        out.text(&place(words, name)).raw(" (\u{2066}").text(&offset).raw("\u{2069})");
    }
    out.raw("</option>");
}

#[cfg(test)]
mod tests {
    use booking::speech::{Cycle, Language};

    use super::*;

    #[test]
    fn every_zone_can_be_chosen_once() {
        for (language, riyadh) in [(Language::English, "Riyadh"), (Language::Arabic, "الرياض")] {
            for zone in ["Asia/Riyadh", "UTC", "Asia/Calcutta", "America/Argentina/Buenos_Aires"] {
                let clock = Clock::new(Words(language), zone, Cycle::Twelve).unwrap();
                let html = select(&clock, Timestamp(0)).into_string();
                assert_eq!(html.matches(" selected").count(), 1, "{zone}");
                assert_eq!(html.matches(&format!("value=\"{zone}\"")).count(), 1, "{zone}");
                assert!(html.matches("<option").count() > 300 && html.matches("<optgroup").count() == 9);
                assert!(html.contains(riyadh));
            }
        }
    }
}
