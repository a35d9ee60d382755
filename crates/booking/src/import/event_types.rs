//! Calendly's event types, as `GET /event_types` of its API answers them.

use serde::Deserialize;

use super::{LONGEST, Read, Reject};
use crate::Result;
use crate::error::invalid;
use crate::model::{Definition, Location, Question, QuestionKind, Texts};
use crate::slots::Mode;

/// How the file is called in reports.
pub(super) const FILE: &str = "event_types";
/// The most event types of a file.
pub const MOST_TYPES: usize = 500;
/// What a question is for until a member says so, in both languages.
const PURPOSE: [&str; 2] = ["to prepare the appointment", "للتحضير للموعد"];

#[derive(Deserialize)]
struct Collection {
    collection: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Theirs {
    uri: String,
    name: String,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    active: Option<bool>,
    duration: u32,
    #[serde(default)]
    duration_options: Option<Vec<u32>>,
    #[serde(default)]
    pooling_type: Option<String>,
    #[serde(default)]
    description_plain: Option<String>,
    #[serde(default)]
    custom_questions: Vec<Asked>,
    #[serde(default)]
    locations: Option<Vec<Where>>,
}

#[derive(Deserialize)]
struct Asked {
    name: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    answer_choices: Vec<String>,
}

#[derive(Deserialize)]
struct Where {
    kind: String,
    #[serde(default)]
    location: Option<String>,
    #[serde(default)]
    phone_number: Option<String>,
}

/// An event type as it was on offer elsewhere. Its hosts are not part of it: who they are is decided here.
#[derive(Debug, Clone, PartialEq)]
pub struct Offered {
    /// What it is known by.
    pub key: String,
    /// Its name in addresses.
    pub slug: String,
    /// Whether it was on offer.
    pub active: bool,
    /// What it is.
    pub definition: Definition,
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').take(most).collect::<String>().trim().to_owned()
}

/// A name as it may stand in addresses.
fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= 50 {
            break;
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() { "calendly".to_owned() } else { out.to_owned() }
}

fn question(number: usize, asked: &Asked) -> Question {
    let label = cut(&asked.name, 400);
    let kind = match asked.kind.as_str() {
        "text" => QuestionKind::Paragraph,
        "phone_number" => QuestionKind::Phone,
        "single_select" if !asked.answer_choices.is_empty() => QuestionKind::Choice,
        "multi_select" if !asked.answer_choices.is_empty() => QuestionKind::Choices,
        _ => QuestionKind::Text,
    };
    let chosen = matches!(kind, QuestionKind::Choice | QuestionKind::Choices);
    let options = asked.answer_choices.iter().filter(|_| chosen).take(50).map(|one| cut(one, 200)).collect();
    Question {
        key: format!("question_{number}"),
        kind,
        label_en: label,
        label_ar: String::new(),
        options,
        // Why an answer is needed, and what somebody cannot have without it, is for a member to say first.
        required: false,
        purpose_en: PURPOSE[0].to_owned(),
        purpose_ar: PURPOSE[1].to_owned(),
        retention_days: None,
        if_refused_en: String::new(),
        if_refused_ar: String::new(),
    }
}

/// Places that exist here, too; those of a vendor's own meeting rooms are left for a member to choose.
fn location(place: &Where) -> Option<Location> {
    let text = |text: &Option<String>| text.as_deref().map(|text| cut(text, 500)).filter(|text| !text.is_empty());
    match place.kind.as_str() {
        "physical" | "custom" => {
            let text = text(&place.location)?;
            if text.starts_with("https://") && crate::model::is_web_address(&text) {
                return Some(Location::Link { template: text });
            }
            Some(Location::Address { text })
        }
        "inbound_call" => {
            let number = text(&place.phone_number)?;
            kernel::Phone::parse(&number, None).is_ok().then_some(Location::CallUs { number })
        }
        "outbound_call" => Some(Location::WeCall {}),
        "ask_invitee" => Some(Location::Attendee {}),
        _ => None,
    }
}

fn offered(theirs: &Theirs) -> std::result::Result<Offered, (&'static str, &'static str)> {
    let title = cut(&theirs.name, 200);
    if title.is_empty() {
        return Err(("name", "the name is missing"));
    }
    if !(1..=1440).contains(&theirs.duration) {
        return Err(("duration", "expected 1 to 1440 minutes"));
    }
    if theirs.uri.trim().is_empty() || theirs.uri.len() > 500 {
        return Err(("uri", "expected its address in Calendly's API"));
    }
    let mode = match theirs.pooling_type.as_deref() {
        Some("round_robin") => Mode::RoundRobin,
        Some("collective") => Mode::Collective,
        _ => Mode::Single,
    };
    let others = theirs.duration_options.iter().flatten().copied();
    let mut durations: Vec<u32> =
        others.filter(|minutes| *minutes != theirs.duration && (1..=1440).contains(minutes)).take(10).collect();
    durations.sort_unstable();
    durations.dedup();
    let asked = theirs.custom_questions.iter().filter(|one| one.enabled != Some(false) && !one.name.trim().is_empty());
    let description = cut(theirs.description_plain.as_deref().unwrap_or_default(), 4000);
    Ok(Offered {
        key: theirs.uri.trim().to_owned(),
        slug: slug(theirs.slug.as_deref().filter(|slug| !slug.is_empty()).unwrap_or(&title)),
        active: theirs.active.unwrap_or(true),
        definition: Definition {
            en: Texts { title, description, ..Texts::default() },
            duration: theirs.duration,
            durations,
            mode,
            questions: asked.take(30).enumerate().map(|(place, one)| question(place + 1, one)).collect(),
            locations: theirs.locations.iter().flatten().filter_map(location).take(10).collect(),
            ..Definition::default()
        },
    })
}

/// Reads the list.
///
/// # Errors
/// A file that is too large or no such list. Items that cannot be read are in the answer.
pub fn read_event_types(text: &str) -> Result<Read<Offered>> {
    if text.len() > LONGEST {
        return Err(invalid("event_types", "at most 8 MiB"));
    }
    let read: Collection = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|_| invalid("event_types", "expected what GET /event_types of Calendly's API answers"))?;
    if read.collection.len() > MOST_TYPES {
        return Err(invalid("event_types", "at most 500"));
    }
    let mut out = Read::default();
    for (line, item) in (1..).zip(read.collection) {
        let refused = |field, detail: &str| Reject { file: FILE, line, field, detail: detail.to_owned() };
        match serde_json::from_value::<Theirs>(item) {
            Err(_) => out.rejects.push(refused(None, "expected at least uri, name and duration")),
            Ok(theirs) => match offered(&theirs) {
                Ok(offered) => out.items.push((line, offered)),
                Err((field, detail)) => out.rejects.push(refused(Some(field), detail)),
            },
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_the_api_says() {
        let text = r#"{"collection":[
            {"uri":"https://api.calendly.com/event_types/AAA","name":"Intro Call & more","slug":"Intro_Call","active":true,"kind":"solo",
             "duration":30,"duration_options":[15,30,60],"pooling_type":null,"description_plain":"Let us talk",
             "custom_questions":[{"name":"What for?","type":"text","enabled":true,"required":true},
                {"name":"Which?","type":"single_select","enabled":true,"answer_choices":["A","B"]},
                {"name":"Old","type":"string","enabled":false}],
             "locations":[{"kind":"physical","location":"1 Road"},{"kind":"zoom_conference"},{"kind":"outbound_call"}]},
            {"uri":"https://api.calendly.com/event_types/BBB","name":"Team","duration":45,"pooling_type":"round_robin"},
            {"uri":"x","name":" ","duration":30},{"name":"No uri"},{"uri":"y","name":"Long","duration":99999}],"pagination":{}}"#;
        let found = read_event_types(text).unwrap();
        let first = &found.items[0].1;
        assert_eq!((first.slug.as_str(), first.definition.durations.as_slice()), ("intro-call", [15, 60].as_slice()));
        assert_eq!(first.definition.questions.len(), 2);
        assert_eq!(first.definition.questions[1].options, ["A", "B"]);
        assert!(first.definition.questions.iter().all(|one| !one.required && !one.purpose_ar.is_empty()));
        assert_eq!(first.definition.locations, [Location::Address { text: "1 Road".into() }, Location::WeCall {}]);
        assert_eq!(found.items[1].1.definition.mode, Mode::RoundRobin);
        assert_eq!(
            found.rejects.iter().map(|one| (one.line, one.field)).collect::<Vec<_>>(),
            [(3, Some("name")), (4, None), (5, Some("duration"))]
        );
        assert!(read_event_types("[]").is_err() && read_event_types("{}").is_err());
    }

    proptest! {
        #[test]
        fn no_list_is_too_odd(text in "\\PC{0,300}", name in "\\PC{0,60}", minutes in any::<i64>()) {
            let _ = read_event_types(&text);
            let item = serde_json::json!({ "uri": name, "name": name, "slug": name, "duration": minutes.unsigned_abs() % 5000,
                "custom_questions": [{ "name": name, "type": name, "answer_choices": [name] }],
                "locations": [{ "kind": "physical", "location": name }] });
            let found = read_event_types(&serde_json::json!({ "collection": [item] }).to_string()).unwrap();
            for (_, offered) in found.items {
                let mut definition = offered.definition;
                definition.hosts.push(crate::model::TypeHost {
                    host: kernel::HostId([1; 16]), fixed: false, weight: 100, priority: 0, schedule: None, since: None,
                });
                prop_assert!(definition.check().is_ok(), "{:?}", definition.check());
            }
        }
    }
}
