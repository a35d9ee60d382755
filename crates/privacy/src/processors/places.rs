//! Countries as agreements name them, and which of them are inside the European Economic Area.

use kernel::fold;

use super::model::Mechanism;

/// The European Economic Area: the Union's 27 members, Iceland, Liechtenstein, Norway.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Countries that the Commission found adequate, as known in November 2026; to be reviewed with the rule pack.
const ADEQUATE: [&str; 15] = ["AD", "AR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "US", "UY"];

/// Names by which agreements call countries (folded), longest first where one contains another.
const NAMES: [(&str, &str); 92] = [
    ("united states of america", "US"),
    ("united states", "US"),
    ("united kingdom", "GB"),
    ("great britain", "GB"),
    ("northern ireland", "GB"),
    ("united arab emirates", "AE"),
    ("saudi arabia", "SA"),
    ("south africa", "ZA"),
    ("south korea", "KR"),
    ("czech republic", "CZ"),
    ("the netherlands", "NL"),
    ("new zealand", "NZ"),
    ("hong kong", "HK"),
    ("sri lanka", "LK"),
    ("austria", "AT"),
    ("belgium", "BE"),
    ("bulgaria", "BG"),
    ("cyprus", "CY"),
    ("czechia", "CZ"),
    ("germany", "DE"),
    ("deutschland", "DE"),
    ("denmark", "DK"),
    ("estonia", "EE"),
    ("spain", "ES"),
    ("finland", "FI"),
    ("france", "FR"),
    ("greece", "GR"),
    ("croatia", "HR"),
    ("hungary", "HU"),
    ("ireland", "IE"),
    ("iceland", "IS"),
    ("italy", "IT"),
    ("liechtenstein", "LI"),
    ("lithuania", "LT"),
    ("luxembourg", "LU"),
    ("latvia", "LV"),
    ("malta", "MT"),
    ("netherlands", "NL"),
    ("holland", "NL"),
    ("norway", "NO"),
    ("poland", "PL"),
    ("portugal", "PT"),
    ("romania", "RO"),
    ("sweden", "SE"),
    ("slovenia", "SI"),
    ("slovakia", "SK"),
    ("switzerland", "CH"),
    ("england", "GB"),
    ("scotland", "GB"),
    ("usa", "US"),
    ("u.s.a", "US"),
    ("u.s", "US"),
    ("us", "US"),
    ("uk", "GB"),
    ("u.k", "GB"),
    ("canada", "CA"),
    ("mexico", "MX"),
    ("brazil", "BR"),
    ("argentina", "AR"),
    ("uruguay", "UY"),
    ("colombia", "CO"),
    ("chile", "CL"),
    ("australia", "AU"),
    ("japan", "JP"),
    ("china", "CN"),
    ("india", "IN"),
    ("singapore", "SG"),
    ("malaysia", "MY"),
    ("indonesia", "ID"),
    ("philippines", "PH"),
    ("thailand", "TH"),
    ("vietnam", "VN"),
    ("israel", "IL"),
    ("turkey", "TR"),
    ("turkiye", "TR"),
    ("ukraine", "UA"),
    ("serbia", "RS"),
    ("belarus", "BY"),
    ("russia", "RU"),
    ("uae", "AE"),
    ("ksa", "SA"),
    ("qatar", "QA"),
    ("bahrain", "BH"),
    ("kuwait", "KW"),
    ("oman", "OM"),
    ("egypt", "EG"),
    ("jordan", "JO"),
    ("lebanon", "LB"),
    ("morocco", "MA"),
    ("tunisia", "TN"),
    ("kenya", "KE"),
    ("nigeria", "NG"),
];

/// Whether a country (two letters) belongs to the European Economic Area.
pub fn in_eea(code: &str) -> bool {
    EEA.contains(&code)
}

pub(super) fn adequate(code: &str) -> bool {
    ADEQUATE.contains(&code)
}

/// The countries that a place names, in the order of the text: full names, common abbreviations, and
/// two-letter codes in capitals.
pub fn recognised(place: &str) -> Vec<&'static str> {
    let separators = [',', ';', '/', '(', ')', '|', '&', '\n'];
    let mut out: Vec<&'static str> = Vec::new();
    for part in place.split(separators).flat_map(|part| part.split(" and ")) {
        let plain = fold(part);
        let plain = plain.trim().trim_end_matches('.');
        let named = NAMES
            .iter()
            .find(|(name, _)| *name == plain || plain.strip_suffix(name).is_some_and(|rest| rest.ends_with(' ')));
        let code = part.trim();
        let coded = (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
            .then(|| {
                EEA.iter().chain(&ADEQUATE).chain(NAMES.iter().map(|(_, code)| code)).find(|known| **known == code)
            })
            .flatten();
        if let Some(found) = named.map(|(_, code)| *code).or(coded.copied())
            && !out.contains(&found)
        {
            out.push(found);
        }
    }
    out
}

/// Whether an entry still treats the United Kingdom as a member of the Union: it says so, or names no
/// mechanism for a transfer there.
pub(super) fn stale_union(location: &str, countries: &[String], mechanism: Option<Mechanism>) -> bool {
    if !countries.iter().any(|code| code == "GB") {
        return false;
    }
    let words = fold(location);
    let says = words.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "eu" | "eea" | "european"));
    says || matches!(mechanism, None | Some(Mechanism::NoneEea))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_name_their_countries() {
        assert_eq!(recognised("Amsterdam, The Netherlands"), ["NL"]);
        assert_eq!(recognised("London, United Kingdom (EU)"), ["GB"]);
        assert_eq!(recognised("USA and Ireland / DE"), ["US", "IE", "DE"]);
        assert_eq!(recognised("San Francisco, U.S.A."), ["US"]);
        assert_eq!(recognised("the Moon"), Vec::<&str>::new());
        assert_eq!(recognised("Belarus"), ["BY"]);
    }

    #[test]
    fn the_kingdom_is_no_member() {
        let kingdom = ["GB".to_owned()];
        assert!(stale_union("United Kingdom (EU)", &kingdom, Some(Mechanism::Scc)));
        assert!(stale_union("United Kingdom", &kingdom, Some(Mechanism::NoneEea)));
        assert!(!stale_union("United Kingdom", &kingdom, Some(Mechanism::Adequacy)));
        assert!(!stale_union("Ireland (EU)", &["IE".to_owned()], Some(Mechanism::NoneEea)));
    }

    proptest::proptest! {
        #[test]
        fn any_place_is_read(place in "\\PC{0,80}") {
            for code in recognised(&place) {
                proptest::prop_assert_eq!(code.len(), 2);
            }
        }
    }
}
