//! The texts people read: English and Arabic say the same things with the same placeholders.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::Repository;

/// CLDR's plural categories. A language uses those it has; `other` is always there.
const PLURALS: &[&str] = &["zero", "one", "two", "few", "many", "other"];

/// What differs between the two languages' files.
///
/// # Errors
/// When a file cannot be read.
pub fn check(repository: &Repository) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let english = language(repository, "en")?;
    let arabic = language(repository, "ar")?;
    let areas: BTreeSet<&String> = english.keys().chain(arabic.keys()).collect();
    for area in areas {
        match (english.get(area), arabic.get(area)) {
            (Some(english), Some(arabic)) => wrong.extend(compare(area, english, arabic)),
            (None, _) => wrong.push(format!("i18n/en/{area} is missing")),
            (_, None) => wrong.push(format!("i18n/ar/{area} is missing")),
        }
    }
    Ok(wrong)
}

fn language(repository: &Repository, code: &str) -> Result<BTreeMap<String, Value>> {
    let mut areas = BTreeMap::new();
    for path in repository.files(&format!("i18n/{code}"), &["json"])? {
        let text = repository.read(&path)?;
        let json = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
        areas.insert(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), json);
    }
    Ok(areas)
}

/// Keys that only one of the two has, and texts whose placeholders differ.
fn compare(area: &str, english: &Value, arabic: &Value) -> Vec<String> {
    let (mut english, mut arabic) = (texts(english), texts(arabic));
    let mut wrong = join_forms(&mut english, &["one", "other"], &format!("i18n/en/{area}"));
    wrong.extend(join_forms(&mut arabic, PLURALS, &format!("i18n/ar/{area}")));
    let keys: BTreeSet<&String> = english.keys().chain(arabic.keys()).collect();
    for key in keys {
        match (english.get(key), arabic.get(key)) {
            (Some(english), Some(arabic)) if english != arabic => {
                wrong.push(format!("i18n {area}: {key}: placeholders differ: en {english:?}, ar {arabic:?}"));
            }
            (Some(_), Some(_)) => {}
            (None, _) => wrong.push(format!("i18n/en/{area}: {key} is missing")),
            (_, None) => wrong.push(format!("i18n/ar/{area}: {key} is missing")),
        }
    }
    wrong
}

/// Makes one text of a plural's forms (`people_one`, `people_other`: the spelling of i18next), whose
/// placeholders are those of `other`, and tells which of the language's forms are missing.
fn join_forms(texts: &mut BTreeMap<String, BTreeSet<String>>, forms: &[&str], file: &str) -> Vec<String> {
    let counted: Vec<String> = texts.keys().filter_map(|key| key.strip_suffix("_other").map(str::to_owned)).collect();
    let mut wrong = Vec::new();
    for key in counted {
        let found: Vec<_> = PLURALS.iter().map(|form| (*form, texts.remove(&format!("{key}_{form}")))).collect();
        for (form, text) in found {
            match text {
                Some(text) if form == "other" => {
                    texts.insert(key.clone(), text);
                }
                None if forms.contains(&form) => wrong.push(format!("{file}: {key}_{form} is missing")),
                _ => {}
            }
        }
    }
    wrong
}

/// Every text by its path, with the placeholders it has.
fn texts(json: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    collect(json, "", &mut found);
    found
}

fn collect(json: &Value, path: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
    match json {
        Value::Object(members) if is_plural(members) => {
            // Forms such as "one" may leave the number out: "other" decides.
            found.insert(path.to_owned(), placeholders(members["other"].as_str().unwrap_or_default()));
        }
        Value::Object(members) => {
            for (key, value) in members {
                collect(value, &format!("{path}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                collect(value, &format!("{path}/{place}"), found);
            }
        }
        text => {
            found.insert(path.to_owned(), placeholders(text.as_str().unwrap_or_default()));
        }
    }
}

fn is_plural(members: &serde_json::Map<String, Value>) -> bool {
    members.contains_key("other") && members.keys().all(|key| PLURALS.contains(&key.as_str()))
}

fn placeholders(text: &str) -> BTreeSet<String> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_keys_and_placeholders_pass() {
        let english = json!({"hello": "Hello {name}", "n": {"one": "{n} person", "other": "{n} people"}});
        let arabic = json!({"hello": "مرحبا {name}", "n": {"zero": "لا أحد", "two": "شخصان", "other": "{n} شخص"}});
        assert!(compare("x.json", &english, &arabic).is_empty());
    }

    #[test]
    fn arabic_counts_in_six_forms() {
        let english = json!({"people_one": "{n} person", "people_other": "{n} people"});
        let mut arabic = json!({"people_zero": "لا أحد", "people_one": "شخص", "people_two": "شخصان", "people_few": "{n} أشخاص",
            "people_many": "{n} شخصًا", "people_other": "{n} شخص"});
        assert!(compare("x.json", &english, &arabic).is_empty());
        arabic.as_object_mut().expect("an object").remove("people_two");
        assert_eq!(compare("x.json", &english, &arabic), ["i18n/ar/x.json: /people_two is missing"]);
    }

    #[test]
    fn missing_keys_and_lost_placeholders_are_told() {
        let english = json!({"a": "x", "b": {"c": "Hello {name}"}});
        let arabic = json!({"b": {"c": "مرحبا"}, "d": "y"});
        assert_eq!(compare("x.json", &english, &arabic).len(), 3);
    }
}
