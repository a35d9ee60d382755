//! The contact as conditions see it.

use std::collections::BTreeMap;
use std::fmt;

use kernel::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::conditions::{
    CampaignKey, EventClass, EventKind, Field, LabelKey, Moment, Path, Scalar, SegmentError, StandardField, TopicState,
};

/// A decrypted contact with its tags, topics and events. `Debug` prints nothing personal.
#[derive(Clone, Default, PartialEq)]
pub struct ContactDoc {
    /// The standard text fields that have a value; `email_domain` is derived from `email`.
    pub fields: BTreeMap<StandardField, String>,
    /// The custom attributes that have a value.
    pub attributes: BTreeMap<String, Attribute>,
    /// Keys of the tags.
    pub tags: Vec<LabelKey>,
    /// States in topics.
    pub topics: Vec<(LabelKey, TopicState)>,
    /// What happened, in any order; two equal events are two events.
    pub events: Vec<ContactEvent>,
    /// When the contact came to be.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// The value of a custom attribute. Dates are text (`2026-11-21` or RFC 3339).
#[derive(Clone, PartialEq)]
pub enum Attribute {
    /// Text or a date.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
}

/// One event of a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactEvent {
    /// What happened.
    pub kind: EventKind,
    /// Who caused it.
    pub class: EventClass,
    /// In which campaign, if any.
    pub campaign: Option<CampaignKey>,
    /// When.
    pub at: Timestamp,
}

impl ContactEvent {
    /// Whether the person did it, rather than that it happened to them or a machine did it.
    pub const fn is_activity(&self) -> bool {
        matches!(self.class, EventClass::Human)
            && matches!(
                self.kind,
                EventKind::Opened
                    | EventKind::Clicked
                    | EventKind::Joined
                    | EventKind::Unsubscribed
                    | EventKind::Complained
            )
    }
}

impl fmt::Debug for ContactDoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactDoc([pii])")
    }
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pii]")
    }
}

impl ContactDoc {
    /// Reads the contact's JSON; unknown members and `null` are passed over. Errors name the place
    /// below `contact` and never a value.
    pub fn from_json(json: &Json) -> Result<Self, SegmentError> {
        let root = Path::Root("contact");
        let object = json.as_object().ok_or_else(|| root.error("expected an object"))?;
        let mut doc = Self::default();
        for &field in StandardField::ALL {
            let path = root.key(field.as_str());
            match object.get(field.as_str()) {
                None | Some(Json::Null) => {}
                Some(json) if field.is_instant() => doc.set_instant(field, instant(json, &path)?),
                // Derived from the address, never believed.
                Some(_) if field == StandardField::EmailDomain => {}
                Some(json) => {
                    let text = json.as_str().ok_or_else(|| path.error("expected text"))?;
                    doc.set(field, text);
                }
            }
        }
        if let Some(json) = present(object, "attributes") {
            doc.attributes = attributes(json, &root.key("attributes"))?;
        }
        if let Some(json) = present(object, "tags") {
            doc.tags = tags(json, &root.key("tags"))?;
        }
        if let Some(json) = present(object, "topics") {
            doc.topics = topics(json, &root.key("topics"))?;
        }
        if let Some(json) = present(object, "events") {
            doc.events = events(json, &root.key("events"))?;
        }
        Ok(doc)
    }

    /// Sets a standard text field; an address sets `email_domain`, too. Not for instants.
    pub fn set(&mut self, field: StandardField, text: &str) {
        if field == StandardField::Email
            && let Some((_, domain)) = text.rsplit_once('@')
        {
            self.fields.insert(StandardField::EmailDomain, domain.to_owned());
        }
        self.fields.insert(field, text.to_owned());
    }

    fn set_instant(&mut self, field: StandardField, at: Timestamp) {
        if field == StandardField::CreatedAt {
            self.created_at = Some(at);
        } else {
            self.updated_at = Some(at);
        }
    }

    /// Hands the value of a field to `look`, folded; `None` when it is missing.
    pub fn with_value<T>(&self, field: &Field, look: impl FnOnce(Option<Scalar<'_>>) -> T) -> T {
        let folded;
        let value = match field {
            Field::Standard(StandardField::CreatedAt) => self.created_at.map(|at| Scalar::Instant(at.0)),
            Field::Standard(StandardField::UpdatedAt) => self.updated_at.map(|at| Scalar::Instant(at.0)),
            Field::Standard(field) => {
                folded = self.fields.get(field).map_or_else(String::new, |text| kernel::fold(text));
                Scalar::text(&folded)
            }
            Field::Attribute(name) => match self.attributes.get(&**name) {
                None => None,
                Some(Attribute::Number(number)) => Some(Scalar::Number(*number)),
                Some(Attribute::Bool(flag)) => Some(Scalar::Bool(*flag)),
                Some(Attribute::Text(text)) => {
                    folded = kernel::fold(text);
                    Scalar::text(&folded)
                }
            },
        };
        look(value)
    }

    /// The newest instant the contact tells of: of its events, creation and last change.
    pub fn newest(&self) -> Option<Timestamp> {
        self.events.iter().map(|event| event.at).chain(self.created_at).chain(self.updated_at).max()
    }
}

fn present<'a>(object: &'a Map<String, Json>, key: &str) -> Option<&'a Json> {
    object.get(key).filter(|json| !json.is_null())
}

fn instant(json: &Json, path: &Path<'_>) -> Result<Timestamp, SegmentError> {
    json.as_str()
        .and_then(Moment::parse)
        .map(|moment| Timestamp(moment.start()))
        .ok_or_else(|| path.error("expected an instant such as 2026-11-21T09:30:00Z"))
}

fn attributes(json: &Json, path: &Path<'_>) -> Result<BTreeMap<String, Attribute>, SegmentError> {
    let object = json.as_object().ok_or_else(|| path.error("expected an object"))?;
    let mut attributes = BTreeMap::new();
    for (name, json) in object {
        let value = match json {
            Json::Null => continue,
            Json::String(text) => Attribute::Text(text.clone()),
            Json::Bool(flag) => Attribute::Bool(*flag),
            Json::Number(number) => number.as_f64().map(Attribute::Number).ok_or_else(|| path.error("bad number"))?,
            Json::Array(_) | Json::Object(_) => {
                return Err(path.key(name).error("expected text, a number, true, false or null"));
            }
        };
        attributes.insert(name.clone(), value);
    }
    Ok(attributes)
}

fn tags(json: &Json, path: &Path<'_>) -> Result<Vec<LabelKey>, SegmentError> {
    let list = json.as_array().ok_or_else(|| path.error("expected a list of tags"))?;
    let tag = |(i, json): (usize, &Json)| {
        json.as_str().map(LabelKey::new).ok_or_else(|| path.index(i).error("expected the name or id of a tag"))
    };
    list.iter().enumerate().map(tag).collect()
}

fn topics(json: &Json, path: &Path<'_>) -> Result<Vec<(LabelKey, TopicState)>, SegmentError> {
    let object = json.as_object().ok_or_else(|| path.error("expected an object of topic and state"))?;
    let topic = |(name, json): (&String, &Json)| {
        let state = json.as_str().and_then(TopicState::from_code);
        state
            .map(|state| (LabelKey::new(name), state))
            .ok_or_else(|| path.key(name).error("expected pending, subscribed or unsubscribed"))
    };
    object.iter().map(topic).collect()
}

fn events(json: &Json, path: &Path<'_>) -> Result<Vec<ContactEvent>, SegmentError> {
    let list = json.as_array().ok_or_else(|| path.error("expected a list of events"))?;
    list.iter().enumerate().map(|(i, json)| event(json, &path.index(i))).collect()
}

fn event(json: &Json, path: &Path<'_>) -> Result<ContactEvent, SegmentError> {
    let object = json.as_object().ok_or_else(|| path.error("expected an object"))?;
    let text = |key: &str| match present(object, key) {
        None => Ok(None),
        Some(json) => json.as_str().map(Some).ok_or_else(|| path.key(key).error("expected text")),
    };
    let kind = text("kind")?.and_then(EventKind::from_code).ok_or_else(|| {
        let codes: Vec<_> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
        path.key("kind").error(format!("expected one of {}", codes.join(", ")))
    })?;
    let class = text("class")?.map_or(Ok(EventClass::Human), |code| {
        EventClass::from_code(code)
            .ok_or_else(|| path.key("class").error("expected human, probable_machine or machine"))
    })?;
    let campaign = text("campaign")?.filter(|campaign| !campaign.is_empty()).map(CampaignKey::new);
    Ok(ContactEvent { kind, class, campaign, at: instant(object.get("at").unwrap_or(&Json::Null), &path.key("at"))? })
}

impl serde::Serialize for ContactDoc {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let attribute = |value: &Attribute| match value {
            Attribute::Text(text) => json!(text),
            Attribute::Number(number) => json!(number),
            Attribute::Bool(flag) => json!(flag),
        };
        let event = |event: &ContactEvent| {
            json!({"kind": event.kind.as_str(), "class": event.class.as_str(), "at": event.at,
                   "campaign": event.campaign.as_ref().map(ToString::to_string)})
        };
        let mut object: Map<String, Json> =
            self.fields.iter().map(|(field, text)| (field.as_str().to_owned(), json!(text))).collect();
        object.insert(
            "attributes".into(),
            Json::Object(self.attributes.iter().map(|(name, value)| (name.clone(), attribute(value))).collect()),
        );
        object.insert("tags".into(), self.tags.iter().map(LabelKey::as_str).collect());
        let topics = self.topics.iter().map(|(topic, state)| (topic.as_str().to_owned(), json!(state.as_str())));
        object.insert("topics".into(), Json::Object(topics.collect()));
        object.insert("events".into(), self.events.iter().map(event).collect());
        for (key, at) in [("created_at", self.created_at), ("updated_at", self.updated_at)] {
            if let Some(at) = at {
                object.insert(key.into(), json!(at));
            }
        }
        object.serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for ContactDoc {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Self::from_json(&json).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let json = json!({
            "id": "con_x", "email": "Lina@Example.com", "country": null, "attributes": {"age": 31.0, "vip": true, "x": null},
            "tags": ["VIP"], "topics": {"News": "pending"}, "created_at": "2026-01-01T00:00:00Z",
            "events": [{"kind": "opened", "campaign": "cmp_1", "at": "2026-02-01T00:00:00Z"}]
        });
        let doc = ContactDoc::from_json(&json).unwrap();
        assert_eq!(doc.fields[&StandardField::EmailDomain], "Example.com");
        assert_eq!(doc.newest(), Some("2026-02-01T00:00:00Z".parse().unwrap()));
        let again: ContactDoc = serde_json::from_value(serde_json::to_value(&doc).unwrap()).unwrap();
        assert_eq!(again, doc);
    }

    #[test]
    fn errors_name_the_place_and_no_value() {
        for (json, expected) in [
            (json!([]), "contact: expected an object"),
            (json!({"email": 5}), "contact.email: expected text"),
            (json!({"attributes": {"a": []}}), "contact.attributes.a: expected text, a number"),
            (json!({"topics": {"n": "gone"}}), "contact.topics.n: expected pending"),
            (json!({"events": [{"kind": "opened"}]}), "contact.events[0].at: expected an instant"),
            (json!({"events": [{"kind": "looked", "at": "2026-01-01"}]}), "contact.events[0].kind: expected one of"),
        ] {
            let refusal = ContactDoc::from_json(&json).unwrap_err().to_string();
            assert!(refusal.starts_with(expected), "{refusal}");
        }
    }
}
