use std::collections::BTreeMap;

use kernel::{Email, FieldProblem, NoticeId, Phone, Problem, TopicId};
use serde::{Deserialize, Serialize};

use super::age::MinimumAge;
use super::display::{Display, Kind};
use super::origins;
use super::theme::Theme;
use crate::contacts::{Draft, Standard};
use crate::fields::Field;

/// The most fields of a form.
pub const MAX_FIELDS: usize = 30;
/// The longest text of a form, in characters.
pub const MAX_TEXT: usize = 4000;

/// The most topics to choose from, beside the form's own.
pub const MAX_TOPICS: usize = 9;

/// What happens once somebody has sent the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "then", rename_all = "snake_case", deny_unknown_fields)]
pub enum Success {
    /// The thanks stand in the form's place.
    #[default]
    Message,
    /// The visitor is led to another page.
    Redirect {
        /// A path on the embedding site, or a URL of one of the form's origins.
        url: String,
    },
}

/// What a form consists of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// What it asks for, in order; one of `email` or `phone` is required.
    pub fields: Vec<FormField>,
    /// The words in English.
    pub en: Texts,
    /// The words in Arabic.
    pub ar: Texts,
    /// The version of the privacy notice shown.
    #[serde(default)]
    pub notice: Option<NoticeId>,
    /// Whether people confirm by mail even when the topic itself does not ask for it.
    #[serde(default)]
    pub double_opt_in: bool,
    /// Names of tags everybody gets.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What it is on the page that embeds it.
    #[serde(default)]
    pub kind: Kind,
    /// How it looks there.
    #[serde(default)]
    pub theme: Theme,
    /// When it comes up by itself.
    #[serde(default)]
    pub display: Display,
    /// What happens once it was sent.
    #[serde(default)]
    pub success: Success,
    /// Further topics to choose from beside the form's own; none is ticked beforehand. When empty, people
    /// join the form's own.
    #[serde(default)]
    pub topics: Vec<TopicId>,
    /// Asks for the age.
    #[serde(default)]
    pub minimum_age: Option<MinimumAge>,
    /// The sites that may embed it, such as `https://www.example.com` or `https://*.example.com`.
    #[serde(default)]
    pub origins: Vec<String>,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// `email`, `phone`, a standard field, or the key of a custom field.
    pub key: String,
    /// What it is asked for; a field without a purpose is refused.
    pub purpose: String,
    /// Whether the form cannot be sent without it.
    #[serde(default)]
    pub required: bool,
    /// Its label in English.
    pub label_en: String,
    /// Its label in Arabic.
    pub label_ar: String,
    /// What somebody cannot have who leaves a required field empty, in English. For address and number a
    /// sentence stands ready.
    #[serde(default)]
    pub if_refused_en: String,
    /// The same in Arabic.
    #[serde(default)]
    pub if_refused_ar: String,
}

impl FormField {
    /// What somebody cannot have who leaves this required field empty (GDPR Art. 13(2)(e)); nothing for a
    /// field that may be left empty.
    pub fn if_refused(&self, language: &str) -> Option<String> {
        if !self.required {
            return None;
        }
        let (language, own) =
            if language.starts_with("ar") { ("ar", &self.if_refused_ar) } else { ("en", &self.if_refused_en) };
        if !own.trim().is_empty() {
            return Some(own.trim().to_owned());
        }
        privacy::announcements::words(language, &format!("form.if_refused.{}", self.key), &[]).ok()
    }
}

/// The words of a form in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// The heading.
    pub title: String,
    /// What people get, above the fields.
    #[serde(default)]
    pub intro: String,
    /// What they agree to, beside the box; kept as evidence word for word.
    pub consent: String,
    /// On the button.
    pub button: String,
    /// After sending.
    #[serde(default)]
    pub thanks: String,
}

/// What a person filled in.
#[derive(Clone, Default)]
pub struct Submission {
    /// In which language the form was shown.
    pub language: String,
    /// Key of the field → text.
    pub values: BTreeMap<String, String>,
    /// Whether the box was ticked.
    pub agreed: bool,
    /// The topics that were chosen, where there is a choice.
    pub topics: Vec<TopicId>,
    /// The date of birth, where it is asked for; compared and not kept.
    pub birth_date: String,
}

fn is_known(key: &str, fields: &BTreeMap<String, Field>) -> bool {
    matches!(key, "email" | "phone") || Standard::named(key).is_some() || fields.contains_key(key)
}

impl Definition {
    /// Checks that every field is bound to a purpose and known, that people can be identified, and
    /// that both languages have their words.
    pub fn check(&self, fields: &BTreeMap<String, Field>) -> Result<(), Problem> {
        let mut problems = Vec::new();
        let mut add = |field: String, detail: &str| problems.push(FieldProblem { field, detail: detail.to_owned() });
        if self.fields.is_empty() || self.fields.len() > MAX_FIELDS {
            add("fields".into(), "a form has 1 to 30 fields");
        }
        if !self.fields.iter().any(|field| matches!(field.key.as_str(), "email" | "phone") && field.required) {
            add("fields".into(), "email or phone must be there and required");
        }
        for (index, field) in self.fields.iter().enumerate() {
            let at = |member: &str| format!("fields[{index}].{member}");
            if !is_known(&field.key, fields) {
                add(at("key"), "there is no such field; define it first");
            }
            if self.fields.iter().filter(|other| other.key == field.key).count() > 1 {
                add(at("key"), "every field is asked once");
            }
            if privacy::vocabulary::Purpose::new(&field.purpose).is_err() {
                add(at("purpose"), "say what this field is for, such as marketing");
            }
            if field.label_en.trim().is_empty() || field.label_ar.trim().is_empty() {
                add(at("label"), "a label in English and in Arabic");
            }
            if field.required && (field.if_refused("en").is_none() || field.if_refused("ar").is_none()) {
                add(at("if_refused"), "say in both languages what somebody cannot have who leaves it empty");
            }
            if [&field.if_refused_en, &field.if_refused_ar].iter().any(|text| text.chars().count() > 500) {
                add(at("if_refused"), "at most 500 characters");
            }
        }
        for (language, texts) in [("en", &self.en), ("ar", &self.ar)] {
            for (member, text) in [("title", &texts.title), ("consent", &texts.consent), ("button", &texts.button)] {
                if text.trim().is_empty() {
                    add(format!("{language}.{member}"), "this text is needed");
                }
            }
            let all = [&texts.title, &texts.intro, &texts.consent, &texts.button, &texts.thanks];
            if all.iter().any(|text| text.chars().count() > MAX_TEXT) {
                add(language.to_owned(), "a text has at most 4000 characters");
            }
        }
        self.theme.check(&self.origins, &mut add);
        self.display.check(&mut add);
        self.check_places(&mut add);
        refuse(problems)
    }

    fn check_places(&self, add: &mut dyn FnMut(String, &str)) {
        if self.origins.len() > origins::MOST {
            add("origins".to_owned(), "at most 50 origins");
        }
        for (index, origin) in self.origins.iter().enumerate() {
            if !origins::is_pattern(origin) {
                let detail =
                    "an origin is written like https://www.example.com or https://*.example.com, in lower case";
                add(format!("origins[{index}]"), detail);
            }
        }
        if let Success::Redirect { url } = &self.success
            && !origins::is_own(url, &self.origins)
        {
            let detail = "a path that begins with /, or a URL of one of the form's origins";
            add("success.url".to_owned(), detail);
        }
        if self.topics.len() > MAX_TOPICS {
            add("topics".to_owned(), "at most nine further topics");
        }
        if self.tags.len() > crate::import::values::MAX_TAGS {
            add("tags".to_owned(), "at most 50 tags");
        }
    }

    /// Whether a page of this origin may show the form.
    pub fn allows(&self, origin: &str) -> bool {
        origins::covers(&self.origins, origin)
    }

    /// The words in a language; English when there are none.
    pub fn texts(&self, language: &str) -> &Texts {
        if language.starts_with("ar") { &self.ar } else { &self.en }
    }

    /// Reads what was filled in. Fields the form does not ask for are ignored; every field that is wrong is
    /// named.
    pub fn read(&self, mut submission: Submission, fields: &BTreeMap<String, Field>) -> Result<Draft, Problem> {
        let mut problems = Vec::new();
        let mut draft = Draft { tags: self.tags.clone(), ..Draft::default() };
        let country = submission.values.get("country").cloned();
        for field in &self.fields {
            let text = submission.values.remove(&field.key).unwrap_or_default();
            let text = text.trim();
            if text.is_empty() {
                if field.required {
                    problems.push(FieldProblem { field: field.key.clone(), detail: NEEDED.to_owned() });
                }
            } else if let Err(detail) = put(&mut draft, &field.key, (text, country.as_deref()), fields) {
                problems.push(FieldProblem { field: field.key.clone(), detail });
            }
        }
        if !submission.agreed {
            problems.push(FieldProblem { field: "agreed".to_owned(), detail: "tick the box to sign up".to_owned() });
        }
        refuse(problems)?;
        if !draft.values.contains_key(&Standard::Language) && !submission.language.is_empty() {
            draft.values.insert(Standard::Language, submission.language);
        }
        Ok(draft)
    }
}

/// What is said of a field that was left empty.
pub const NEEDED: &str = "this field is needed";

/// Puts a value into the draft of a person; says what is wrong with it otherwise.
fn put(
    draft: &mut Draft,
    key: &str,
    (text, country): (&str, Option<&str>),
    fields: &BTreeMap<String, Field>,
) -> Result<(), String> {
    match (key, Standard::named(key), fields.get(key)) {
        ("email", ..) => draft.emails.push(Email::parse(text).map_err(|error| error.to_string())?),
        ("phone", ..) => draft.phones.push(Phone::parse(text, country).map_err(|error| error.to_string())?),
        (_, Some(standard), _) => {
            draft.values.insert(standard, text.to_owned());
        }
        (key, _, Some(custom)) => {
            let value = custom.kind.read(text).ok_or_else(|| format!("expected a {}", custom.kind.as_str()))?;
            draft.attributes.insert(key.to_owned(), value);
        }
        _ => {}
    }
    Ok(())
}

/// The problem of all these fields; nothing when there are none.
pub(super) fn refuse(problems: Vec<FieldProblem>) -> Result<(), Problem> {
    let Some(first) = problems.first() else { return Ok(()) };
    let detail = format!("{}: {}", first.field, first.detail);
    Err(Problem { code: kernel::Code::InvalidInput, detail, fields: problems, retry_after: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition() -> Definition {
        let field = |key: &str, required| FormField {
            key: key.into(),
            purpose: "marketing".into(),
            required,
            label_en: key.into(),
            label_ar: key.into(),
            if_refused_en: String::new(),
            if_refused_ar: String::new(),
        };
        let texts = Texts { title: "t".into(), consent: "c".into(), button: "b".into(), ..Texts::default() };
        Definition {
            fields: vec![field("email", true), field("first_name", false)],
            en: texts.clone(),
            ar: texts,
            ..Definition::default()
        }
    }

    #[test]
    fn unbound_fields_and_missing_words_are_refused() {
        let known = BTreeMap::new();
        assert_eq!(definition().check(&known), Ok(()));
        let mut bad = definition();
        bad.fields[1].purpose.clear();
        bad.ar.consent.clear();
        let problem = bad.check(&known).unwrap_err();
        let places: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(places, ["fields[1].purpose", "ar.consent"]);
        let mut bad = definition();
        bad.fields[0].required = false;
        bad.fields[1].key = "shoe_size".into();
        assert_eq!(bad.check(&known).unwrap_err().fields.len(), 2);
    }

    #[test]
    fn what_is_needed_says_what_follows_from_refusal() {
        let known = BTreeMap::new();
        let mut form = definition();
        assert!(form.fields[0].if_refused("ar").is_some_and(|text| text.contains("البريد") || text.contains("بريد")));
        form.fields[1].required = true;
        assert_eq!(form.check(&known).unwrap_err().fields[0].field, "fields[1].if_refused");
        form.fields[1].if_refused_en = "We cannot greet you by name.".into();
        assert!(form.check(&known).is_err());
        form.fields[1].if_refused_ar = "لن نستطيع مخاطبتك باسمك.".into();
        assert_eq!(form.check(&known), Ok(()));
        assert_eq!(form.fields[1].if_refused("en").as_deref(), Some("We cannot greet you by name."));
    }

    #[test]
    fn submissions_are_read_and_checked() {
        let values = [("email", "lina@example.com"), ("first_name", "Lina"), ("other", "x")];
        let values = values.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let filled = Submission { language: "ar".into(), values, agreed: true, ..Submission::default() };
        let draft = definition().read(filled.clone(), &BTreeMap::new()).unwrap();
        assert_eq!((draft.emails.len(), draft.values.len()), (1, 2));
        let refused = definition().read(Submission { agreed: false, ..filled.clone() }, &BTreeMap::new()).unwrap_err();
        assert_eq!(refused.fields[0].field, "agreed");
        let empty = Submission { values: BTreeMap::new(), ..filled };
        assert_eq!(definition().read(empty, &BTreeMap::new()).unwrap_err().fields[0].field, "email");
        let nothing = definition().read(Submission::default(), &BTreeMap::new()).unwrap_err();
        let places: Vec<&str> = nothing.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(places, ["email", "agreed"], "everything that is wrong at once");
    }

    #[test]
    fn definitions_of_earlier_releases_are_read() {
        let text = r#"{"fields":[{"key":"email","purpose":"marketing","required":true,"label_en":"E","label_ar":"ب"}],
            "en":{"title":"t","consent":"c","button":"b"},"ar":{"title":"t","consent":"c","button":"b"},"notice":null}"#;
        let old: Definition = serde_json::from_str(text).unwrap();
        assert_eq!((old.kind, &old.success, old.minimum_age), (Kind::Inline, &Success::Message, None));
        assert_eq!(old.check(&BTreeMap::new()), Ok(()));
        let again: Definition = serde_json::from_str(&serde_json::to_string(&old).unwrap()).unwrap();
        assert_eq!(again, old);
    }

    #[test]
    fn looks_places_and_rules_are_checked() {
        use super::super::display::{Frequency, Match, PageRule, Trigger};
        let mut bad = definition();
        bad.theme.text = "#aaaaaa".into();
        bad.theme.dark_button = "green".into();
        bad.theme.radius = 90;
        bad.theme.image = Some(super::super::theme::Image {
            url: "https://cdn.example/a.png".into(),
            alt_en: String::new(),
            alt_ar: String::new(),
        });
        bad.display.pages = vec![PageRule { r#match: Match::Contains, value: String::new() }];
        bad.display.trigger = Trigger::Scroll { percent: 0 };
        bad.display.frequency = Frequency::Days { days: 0 };
        bad.display.languages = vec!["klingon!".into()];
        bad.origins = vec!["https://shop.example".into(), "shop.example".into()];
        bad.success = Success::Redirect { url: "https://evil.example/".into() };
        bad.topics = vec![TopicId([1; 16]); 10];
        let problem = bad.check(&BTreeMap::new()).unwrap_err();
        let places: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(
            places,
            [
                "theme.text",
                "theme.dark_button",
                "theme.radius",
                "theme.image.url",
                "display.pages",
                "display.languages",
                "display.trigger",
                "display.frequency",
                "origins[1]",
                "success.url",
                "topics"
            ]
        );
        let mut good = definition();
        good.origins = vec!["https://shop.example".into()];
        good.success = Success::Redirect { url: "https://shop.example/thanks".into() };
        assert_eq!(good.check(&BTreeMap::new()), Ok(()));
        assert!(good.allows("https://shop.example") && !good.allows("https://evil.example"));
    }
}
