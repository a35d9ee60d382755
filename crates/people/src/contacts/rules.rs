//! How what is said about a person meets what is known: newer values win, sources are kept,
//! bounds hold.

use kernel::{Email, Phone, Problem, ProvenanceId};
use serde_json::Value as Json;

use super::model::{Draft, Profile, Sourced, Standard};
use crate::import::{Country, values};

/// The most addresses, and the most numbers, of one person.
pub const MAX_IDENTITIES: usize = 20;
/// The most custom values of one person.
pub const MAX_ATTRIBUTES: usize = 200;
/// The largest sealed profile, in bytes of JSON.
pub const MAX_PROFILE: usize = 64 * 1024;

/// Checks a draft's standard fields and bounds and brings values into their stored form.
pub fn validate(mut draft: Draft) -> Result<Draft, Problem> {
    if draft.emails.len() > MAX_IDENTITIES || draft.phones.len() > MAX_IDENTITIES {
        return Err(Problem::field("email", "at most 20 addresses and 20 numbers"));
    }
    if draft.attributes.len() > MAX_ATTRIBUTES {
        return Err(Problem::field("attributes", "at most 200 custom fields"));
    }
    if draft.tags.len() > values::MAX_TAGS {
        return Err(Problem::field("tags", "at most 50 tags at once"));
    }
    for (field, value) in &mut draft.values {
        if value.trim().is_empty() {
            value.clear();
            continue;
        }
        let read = match field {
            Standard::FirstName | Standard::LastName | Standard::Company => values::line(value),
            Standard::Language => values::language(value).map(|tag| tag.as_str().to_owned()),
            Standard::Country => Country::parse(value).map(|country| country.as_str().to_owned()),
            Standard::TimeZone => values::time_zone(value),
            Standard::RecipientType => values::recipient_type(value).map(str::to_owned),
        };
        *value = read.ok_or_else(|| Problem::field(field.as_str(), expected(*field)))?;
    }
    Ok(draft)
}

const fn expected(field: Standard) -> &'static str {
    match field {
        Standard::FirstName | Standard::LastName | Standard::Company => "at most 200 characters",
        Standard::Language => "a language tag such as ar or en-GB",
        Standard::Country => "an ISO 3166 code such as SA, or the country's name",
        Standard::TimeZone => "an IANA time zone such as Asia/Riyadh",
        Standard::RecipientType => "individual, sole_trader, corporate_named, corporate_generic or public_body",
    }
}

/// Whether every value of a profile says where it came from. A profile with a value that does not is never
/// sealed.
pub fn is_sourced(profile: &Profile) -> bool {
    let known = |number: u16| profile.sources.get(usize::from(number)).is_some_and(|id| id.0 != [0; 16]);
    profile.emails.iter().all(|value| known(value.1))
        && profile.phones.iter().all(|value| known(value.1))
        && profile.values.values().all(|value| known(value.1))
        && profile.attributes.values().all(|value| known(value.1))
}

/// Whether a profile is larger than what is sealed.
pub fn is_too_large(profile: &Profile) -> bool {
    serde_json::to_vec(profile).map_or(true, |text| text.len() > MAX_PROFILE)
}

/// What a merge did to a profile.
#[derive(Debug, Default, PartialEq)]
pub struct Absorbed {
    /// Whether anything is different.
    pub changed: bool,
    /// Whether something the gate rests on is different (country, kind, time zone, phone).
    pub facts: bool,
    /// Addresses that are new.
    pub emails: Vec<Email>,
    /// Numbers that are new.
    pub phones: Vec<Phone>,
}

/// How a draft meets values that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// The newer value wins.
    Yes,
    /// What is there stays: for input of somebody who has not proved to be that person.
    OnlyEmpty,
}

/// Merges a draft into a profile. Values that are the same keep their older source.
pub fn absorb(profile: &mut Profile, draft: &Draft, source: ProvenanceId, overwrite: Overwrite) -> Absorbed {
    let mut done = Absorbed::default();
    let mut number = None;
    let mut number_of = |sources: &mut Vec<ProvenanceId>| {
        *number.get_or_insert_with(|| {
            let found = sources.iter().position(|known| *known == source);
            found.unwrap_or_else(|| {
                sources.push(source);
                sources.len() - 1
            }) as u16
        })
    };
    for email in &draft.emails {
        let normal = email.normal();
        if profile.emails.len() < MAX_IDENTITIES && !profile.emails.iter().any(|known| known.0.normal() == normal) {
            let number = number_of(&mut profile.sources);
            profile.emails.push(Sourced(email.clone(), number));
            done.emails.push(email.clone());
            done.changed = true;
        }
    }
    for phone in &draft.phones {
        if profile.phones.len() < MAX_IDENTITIES && !profile.phones.iter().any(|known| known.0 == phone.as_str()) {
            let number = number_of(&mut profile.sources);
            profile.phones.push(Sourced(phone.as_str().to_owned(), number));
            done.phones.push(phone.clone());
            (done.changed, done.facts) = (true, true);
        }
    }
    for (field, value) in &draft.values {
        let known = profile.values.get(field).map(|known| known.0.as_str());
        if known.unwrap_or_default() == value || (known.is_some() && overwrite == Overwrite::OnlyEmpty) {
            continue;
        }
        if value.is_empty() {
            profile.values.remove(field);
        } else {
            let number = number_of(&mut profile.sources);
            profile.values.insert(*field, Sourced(value.clone(), number));
        }
        done.changed = true;
        done.facts |= matches!(field, Standard::Country | Standard::TimeZone | Standard::RecipientType);
    }
    for (key, value) in &draft.attributes {
        let known = profile.attributes.get(key).map(|known| &known.0);
        if known.unwrap_or(&Json::Null) == value || (known.is_some() && overwrite == Overwrite::OnlyEmpty) {
            continue;
        }
        if value.is_null() {
            profile.attributes.remove(key);
        } else if known.is_some() || profile.attributes.len() < MAX_ATTRIBUTES {
            let number = number_of(&mut profile.sources);
            profile.attributes.insert(key.clone(), Sourced(value.clone(), number));
        }
        done.changed = true;
    }
    if done.changed {
        forget_unused_sources(profile);
    }
    done
}

/// Merges a duplicate's profile into the one that stays: what is there stays, the rest is taken
/// over with its own source.
pub fn unite(kept: &mut Profile, duplicate: &Profile) {
    let offset = kept.sources.len() as u16;
    kept.sources.extend_from_slice(&duplicate.sources);
    let moved = |number: u16| number.saturating_add(offset);
    for email in &duplicate.emails {
        if !kept.emails.iter().any(|known| known.0.normal() == email.0.normal()) {
            kept.emails.push(Sourced(email.0.clone(), moved(email.1)));
        }
    }
    for phone in &duplicate.phones {
        if !kept.phones.iter().any(|known| known.0 == phone.0) {
            kept.phones.push(Sourced(phone.0.clone(), moved(phone.1)));
        }
    }
    for (field, value) in &duplicate.values {
        kept.values.entry(*field).or_insert_with(|| Sourced(value.0.clone(), moved(value.1)));
    }
    for (key, value) in &duplicate.attributes {
        kept.attributes.entry(key.clone()).or_insert_with(|| Sourced(value.0.clone(), moved(value.1)));
    }
    forget_unused_sources(kept);
}

/// Drops sources that no value refers to any more, and doubles.
pub(crate) fn forget_unused_sources(profile: &mut Profile) {
    let before = std::mem::take(&mut profile.sources);
    let mut after: Vec<ProvenanceId> = Vec::with_capacity(before.len());
    let mut renumber = |number: &mut u16| {
        let Some(id) = before.get(usize::from(*number)) else { return };
        let at = after.iter().position(|known| known == id).unwrap_or_else(|| {
            after.push(*id);
            after.len() - 1
        });
        *number = at as u16;
    };
    profile.emails.iter_mut().for_each(|value| renumber(&mut value.1));
    profile.phones.iter_mut().for_each(|value| renumber(&mut value.1));
    profile.values.values_mut().for_each(|value| renumber(&mut value.1));
    profile.attributes.values_mut().for_each(|value| renumber(&mut value.1));
    profile.sources = after;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn draft(first: &str, size: i64) -> Draft {
        Draft {
            emails: vec![Email::parse("lina@example.com").unwrap()],
            values: [(Standard::FirstName, first.to_owned())].into(),
            attributes: [("size".to_owned(), Json::from(size))].into(),
            ..Draft::default()
        }
    }

    const A: ProvenanceId = ProvenanceId([1; 16]);
    const B: ProvenanceId = ProvenanceId([2; 16]);

    #[test]
    fn newer_values_win_and_keep_their_own_source() {
        let mut profile = Profile::default();
        assert_eq!(absorb(&mut profile, &draft("Lina", 38), A, Overwrite::Yes).emails.len(), 1);
        assert!(!absorb(&mut profile, &draft("Lina", 38), B, Overwrite::Yes).changed);
        assert_eq!(profile.sources, [A]);
        assert!(absorb(&mut profile, &draft("Leena", 38), B, Overwrite::Yes).changed);
        assert_eq!(profile.source(&profile.values[&Standard::FirstName]), Some(B));
        assert_eq!(profile.source(&profile.attributes["size"]), Some(A));
        let mut clear = draft("", 38);
        clear.attributes.insert("size".into(), Json::Null);
        absorb(&mut profile, &clear, B, Overwrite::Yes);
        assert!(profile.values.is_empty() && profile.attributes.is_empty());
        assert_eq!(profile.sources, [A]);
    }

    proptest! {
        /// Whatever is merged in whatever order, no value is ever without its source.
        #[test]
        fn every_value_keeps_a_source(steps in proptest::collection::vec((0u8..4, 1u8..6, any::<bool>(), 0i64..3), 0..20)) {
            let mut profile = Profile::default();
            for (what, source, empty, value) in steps {
                let mut said = Draft::default();
                match what {
                    0 => said.emails = vec![Email::parse(&format!("p{value}@example.com")).unwrap()],
                    1 => drop(said.values.insert(Standard::Company, if empty { String::new() } else { format!("c{value}") })),
                    2 => drop(said.attributes.insert(format!("k{value}"), if empty { Json::Null } else { Json::from(value) })),
                    _ => drop(said.values.insert(Standard::FirstName, format!("n{value}"))),
                }
                absorb(&mut profile, &said, ProvenanceId([source; 16]), Overwrite::Yes);
                prop_assert!(is_sourced(&profile));
            }
        }
    }

    #[test]
    fn a_value_without_a_source_is_seen() {
        let mut profile = Profile::default();
        profile.values.insert(Standard::Company, Sourced("Crane".to_owned(), 0));
        assert!(!is_sourced(&profile));
        absorb(&mut profile, &draft("Lina", 38), ProvenanceId([0; 16]), Overwrite::Yes);
        assert!(!is_sourced(&profile));
    }

    #[test]
    fn strangers_fill_gaps_only() {
        let mut profile = Profile::default();
        absorb(&mut profile, &draft("Lina", 38), A, Overwrite::Yes);
        let mut other = draft("Mallory", 1);
        other.values.insert(Standard::Country, "SA".into());
        absorb(&mut profile, &other, B, Overwrite::OnlyEmpty);
        assert_eq!(profile.value(Standard::FirstName), Some("Lina"));
        assert_eq!(profile.value(Standard::Country), Some("SA"));
    }

    #[test]
    fn duplicates_unite_with_their_sources() {
        let (mut kept, mut duplicate) = (Profile::default(), Profile::default());
        absorb(&mut kept, &draft("Lina", 38), A, Overwrite::Yes);
        let mut other = draft("Leena", 40);
        other.values.insert(Standard::Company, "Barid".into());
        absorb(&mut duplicate, &other, B, Overwrite::Yes);
        unite(&mut kept, &duplicate);
        assert_eq!(kept.value(Standard::FirstName), Some("Lina"));
        assert_eq!(kept.source(&kept.values[&Standard::Company]), Some(B));
        assert_eq!((kept.emails.len(), kept.sources.len()), (1, 2));
    }

    #[test]
    fn bad_values_are_named_by_field() {
        let mut bad = Draft::default();
        bad.values.insert(Standard::Country, "Atlantis".into());
        assert_eq!(validate(bad).unwrap_err().fields[0].field, "country");
    }

    proptest! {
        #[test]
        fn profiles_survive_sealing(first in "\\PC{1,20}", size: i64) {
            let mut profile = Profile::default();
            absorb(&mut profile, &draft(&first, size), A, Overwrite::Yes);
            let text = serde_json::to_vec(&profile).unwrap();
            prop_assert_eq!(serde_json::from_slice::<Profile>(&text).unwrap(), profile);
        }
    }
}
