//! The index answers what the reference evaluator answers: for random people, random conditions,
//! and any history of changes.

use std::collections::BTreeMap;

use kernel::{ContactId, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::conditions::{EventClass, EventKind, LabelKey, StandardField, TopicState};
use super::{Attribute, ContactDoc, ContactEvent, Index, Where, explain, reference};

/// 2026-11-21T00:00:00Z: a day's edge, so that windows end on edges, too.
const NOW: i64 = 1_795_219_200 * Timestamp::SECOND;

/// Few texts, many meetings: spellings that fold together, that look like numbers, dates, flags
/// or nothing at all.
const TEXTS: [&str; 26] = [
    "DE",
    "de",
    "Dé",
    "أحمد",
    "احمد",
    "آحمد",
    "القاهرة",
    "القاهره",
    "مصطفى",
    "مصطفي",
    "Müller",
    "MULLER",
    "",
    " ",
    "ـ",
    "42",
    "٤٢",
    "4.2e1",
    "-0",
    "true",
    "FALSE",
    "2026-11-20",
    "2026-11-21",
    "٢٠٢٦-١١-٢١",
    "2026-11-21T02:59:59.999999+03:00",
    "inf",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(&TEXTS[..]).prop_map(str::to_owned),
        1 => "[a-cA-Cáة ]{0,3}",
        1 => "\\PC{0,4}",
    ]
}

/// Instants around now and around day edges.
fn instant() -> impl Strategy<Value = i64> {
    let near = select(vec![-1, 0, 1, -Timestamp::SECOND]);
    prop_oneof![
        6 => (-9i64..3, near).prop_map(|(day, micros)| NOW + day * Timestamp::DAY + micros),
        2 => (-40 * 24i64..48).prop_map(|hours| NOW + hours * 3_600 * Timestamp::SECOND),
        1 => (-3i64..3).prop_map(|micros| micros),
    ]
}

fn moment() -> impl Strategy<Value = String> {
    prop_oneof![
        instant().prop_map(|at| Timestamp(at).to_string()),
        instant().prop_map(|at| Timestamp(at).to_string()[..10].to_owned()),
        Just("2026-11-20T23:59:59.999999-00:00".to_owned()),
        Just("2026-11-21T05:00:00+05:00".to_owned()),
    ]
}

fn number() -> impl Strategy<Value = f64> {
    select(vec![0.0, -0.0, 1.0, 42.0, 42.5, -7.0, 1e21, 2026.0])
}

const NAMES: [&str; 3] = ["a", "b", "دور"];
const LABELS: [&str; 4] = ["vip", "VIP", "عملاء", "tag_00000000000000000000000001"];
const CAMPAIGNS: [&str; 3] = ["cmp_00000000000000000000000001", "cmp_00000000000000000000000002", "spring"];

fn attribute() -> impl Strategy<Value = Attribute> {
    prop_oneof![
        4 => text().prop_map(Attribute::Text),
        2 => number().prop_map(Attribute::Number),
        1 => any::<bool>().prop_map(Attribute::Bool),
    ]
}

fn event() -> impl Strategy<Value = ContactEvent> {
    let kind = select(vec![EventKind::Opened, EventKind::Opened, EventKind::Clicked, EventKind::Joined]);
    let class = select(vec![EventClass::Human, EventClass::Human, EventClass::ProbableMachine, EventClass::Machine]);
    let campaign = proptest::option::of(select(&CAMPAIGNS[..]));
    (kind, class, campaign, instant()).prop_map(|(kind, class, campaign, at)| ContactEvent {
        kind,
        class,
        campaign: campaign.map(super::conditions::CampaignKey::new),
        at: Timestamp(at),
    })
}

prop_compose! {
    fn contact()(
        fields in proptest::collection::vec((select(&StandardField::ALL[..10]), text()), 0..6),
        attributes in proptest::collection::btree_map(select(&NAMES[..]).prop_map(str::to_owned), attribute(), 0..3),
        tags in proptest::collection::vec(select(&LABELS[..]), 0..3),
        topics in proptest::collection::vec((select(&LABELS[..]), select(TopicState::ALL)), 0..3),
        events in proptest::collection::vec(event(), 0..5),
        created in proptest::option::of(instant()),
        updated in proptest::option::of(instant()),
        local in text(),
    ) -> ContactDoc {
        let mut doc = ContactDoc { attributes, events, ..ContactDoc::default() };
        for (field, text) in fields {
            doc.set(field, &text);
        }
        if !local.is_empty() {
            doc.set(StandardField::Email, &format!("{local}@Example.مثال"));
        }
        doc.tags = tags.into_iter().map(LabelKey::new).collect();
        doc.topics = topics.into_iter().map(|(topic, state)| (LabelKey::new(topic), state)).collect();
        doc.created_at = created.map(Timestamp);
        doc.updated_at = updated.map(Timestamp);
        doc
    }
}

fn field_name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(&NAMES[..]).prop_map(|name| format!("attributes.{name}")),
        3 => select(StandardField::ALL).prop_map(|field| field.as_str().to_owned()),
    ]
}

fn operand() -> impl Strategy<Value = Json> {
    prop_oneof![
        4 => text().prop_map(Json::String),
        2 => number().prop_map(|n| json!(n)),
        1 => any::<bool>().prop_map(Json::Bool),
    ]
}

fn bound() -> impl Strategy<Value = Json> {
    prop_oneof![number().prop_map(|n| json!(n)), moment().prop_map(Json::String)]
}

fn test() -> impl Strategy<Value = Json> {
    let op = |names: &'static [&'static str]| select(names);
    prop_oneof![
        1 => op(&["exists", "missing"]).prop_map(|op| json!({"op": op})),
        2 => (op(&["is", "is_not"]), operand()).prop_map(|(op, v)| json!({"op": op, "value": v})),
        2 => (op(&["in", "not_in"]), proptest::collection::vec(text(), 1..4)).prop_map(|(op, v)| json!({"op": op, "value": v})),
        1 => (op(&["in", "not_in"]), proptest::collection::vec(number(), 1..3)).prop_map(|(op, v)| json!({"op": op, "value": v})),
        2 => (op(&["contains", "starts_with", "ends_with"]), text()).prop_map(|(op, v)| json!({"op": op, "value": v})),
        3 => (op(&["lt", "lte", "gt", "gte"]), bound()).prop_map(|(op, v)| json!({"op": op, "value": v})),
        2 => (op(&["before", "after", "on"]), moment()).prop_map(|(op, v)| json!({"op": op, "value": v})),
        1 => (bound(), bound()).prop_map(|(a, b)| json!({"op": "between", "value": [a, b]})),
        2 => (op(&["within_days", "older_than_days"]), 0u32..9).prop_map(|(op, v)| json!({"op": op, "value": v})),
    ]
}

fn event_condition() -> impl Strategy<Value = Json> {
    use proptest::option::of;
    let count = prop_oneof![
        Just(json!({})),
        Just(json!({"never": true})),
        (1u16..4).prop_map(|n| json!({"at_least": n})),
        (0u16..3).prop_map(|n| json!({"at_most": n})),
        (1u16..3, 0u16..3).prop_map(|(n, more)| json!({"at_least": n, "at_most": n + more})),
    ];
    let kind = select(vec!["opened", "opened", "clicked", "joined", "sent"]);
    let campaign = of(select(vec![CAMPAIGNS[0], CAMPAIGNS[2], "unknown"]));
    (kind, count, campaign, of(any::<bool>()), of(0u32..9), of(moment()), of(moment())).prop_map(
        |(kind, mut json, campaign, machine, within, after, before)| {
            json["event"] = json!(kind);
            let optional = [
                ("campaign", campaign.map(|v| json!(v))),
                ("machine", machine.map(|v| json!(v))),
                ("within_days", within.map(|v| json!(v))),
                ("after", after.map(|v| json!(v))),
                ("before", before.map(|v| json!(v))),
            ];
            for (key, value) in optional {
                if let Some(value) = value {
                    json[key] = value;
                }
            }
            json
        },
    )
}

fn leaf() -> impl Strategy<Value = Json> {
    prop_oneof![
        5 => (field_name(), test()).prop_map(|(field, mut test)| {
            test["field"] = json!(field);
            test
        }),
        1 => select(&LABELS[..]).prop_map(|tag| json!({"tag": tag})),
        1 => (select(&LABELS[..]), select(TopicState::ALL))
            .prop_map(|(topic, state)| json!({"topic": topic, "state": state.as_str()})),
        4 => event_condition(),
    ]
}

/// Valid conditions: what the parser refuses is no condition.
fn condition() -> impl Strategy<Value = Where> {
    let leaf = leaf().prop_filter("valid", |json| Where::from_json(json).is_ok());
    let tree = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|parts| json!({"and": parts})),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|parts| json!({"or": parts})),
            inner.prop_map(|part| json!({"not": part})),
        ]
    });
    tree.prop_map(|json| Where::from_json(&json).expect("groups of valid conditions are valid"))
}

/// A change of the workspace.
#[derive(Debug, Clone)]
enum Change {
    Upsert(u8, ContactDoc),
    Event(u8, ContactEvent),
    Remove(u8),
}

fn change() -> impl Strategy<Value = Change> {
    let person = 0u8..12;
    prop_oneof![
        5 => (person.clone(), contact()).prop_map(|(id, doc)| Change::Upsert(id, doc)),
        3 => (person.clone(), event()).prop_map(|(id, event)| Change::Event(id, event)),
        1 => person.prop_map(Change::Remove),
    ]
}

/// Applies a change to the index and to the plain documents beside it.
fn apply(change: Change, index: &mut Index, people: &mut BTreeMap<ContactId, ContactDoc>) {
    match change {
        Change::Upsert(id, mut doc) => {
            let id = ContactId([id; 16]);
            index.upsert(id, &doc);
            // Events belong to the contact, not to a version of its record.
            let new = doc.events.split_off(0);
            doc.events = people.remove(&id).map(|old| old.events).unwrap_or_default();
            for event in new {
                assert!(index.event(id, &event));
                doc.events.push(event);
            }
            people.insert(id, doc);
        }
        Change::Event(id, event) => {
            let id = ContactId([id; 16]);
            let doc = people.get_mut(&id);
            assert_eq!(index.event(id, &event), doc.is_some());
            if let Some(doc) = doc {
                assert!(!index.event_once(id, &event), "an equal event is there");
                doc.events.push(event);
            }
        }
        Change::Remove(id) => {
            let id = ContactId([id; 16]);
            assert_eq!(index.remove(id), people.remove(&id).is_some());
        }
    }
}

fn agree(index: &Index, people: &BTreeMap<ContactId, ContactDoc>, condition: &Where, now: Timestamp) {
    let found = index.evaluate(condition, now);
    let mut indexed: Vec<_> = index.contacts(&found).collect();
    indexed.sort_unstable();
    let expected: Vec<_> =
        people.iter().filter(|(_, doc)| reference::matches(condition, doc, now).0).map(|(id, _)| *id).collect();
    assert_eq!(indexed, expected, "{}", condition.to_json());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_index_agrees_with_the_reference(
        changes in proptest::collection::vec(change(), 0..40),
        conditions in proptest::collection::vec(condition(), 1..12),
        now in instant(),
    ) {
        let (mut index, mut people) = (Index::default(), BTreeMap::new());
        let middle = changes.len() / 2;
        for (step, change) in changes.into_iter().enumerate() {
            apply(change, &mut index, &mut people);
            if step == middle {
                agree(&index, &people, &conditions[0], Timestamp(now));
            }
        }
        prop_assert_eq!(index.len(), people.len());
        for condition in &conditions {
            agree(&index, &people, condition, Timestamp(now));
            agree(&index, &people, condition, Timestamp(NOW));
        }
        let ids: Vec<_> = people.keys().copied().collect();
        for id in ids {
            index.remove(id);
        }
        prop_assert_eq!(index.count(&Where::everyone(), Timestamp(now)), 0);
        prop_assert!(index.is_bare(), "nothing of anyone stays behind");
    }

    #[test]
    fn conditions_write_and_read_back(condition in condition()) {
        prop_assert_eq!(Where::from_json(&condition.to_json()).unwrap(), condition);
    }

    #[test]
    fn explaining_never_finds_a_difference(condition in condition(), contact in contact(), now in proptest::option::of(moment())) {
        let input = json!({"where": condition, "contact": contact, "now": now});
        // JSON keeps one state per topic.
        let contact: ContactDoc = serde_json::from_value(input["contact"].clone()).unwrap();
        let now = now.map_or(contact.newest().unwrap_or_default(), |now| {
            Timestamp(super::conditions::Moment::parse(&now).unwrap().start())
        });
        let answer = explain(&input).unwrap();
        prop_assert_eq!(&answer["matches"], reference::matches(&condition, &contact, now).0);
    }
}

#[test]
fn columns_of_every_size_agree() {
    // Passes through all three layouts: bitmaps, codes alone, arena; and back down to few values.
    let mut index = Index::default();
    let mut people = BTreeMap::new();
    let name = |n: u32| ["أحمد", "Ahmad", "Lina"][n as usize % 3].to_owned() + &(n / 3).to_string();
    let id = |n: u32| ContactId(u128::from(n).to_be_bytes());
    let conditions = [
        json!({"field": "attributes.a", "op": "starts_with", "value": "احمد1"}),
        json!({"field": "attributes.a", "op": "is_not", "value": "ahmad7"}),
        json!({"field": "attributes.a", "op": "missing"}),
        json!({"and": [{"field": "attributes.a", "op": "exists"}, {"not": {"field": "attributes.a", "op": "contains", "value": "2"}}]}),
    ]
    .map(|json| Where::from_json(&json).unwrap());
    for n in 0..70_000u32 {
        let mut doc = ContactDoc::default();
        if n % 10 != 3 {
            doc.attributes.insert("a".into(), Attribute::Text(name(n)));
        }
        index.upsert(id(n), &doc);
        people.insert(id(n), doc);
        if [900, 3_000].contains(&n) {
            for condition in &conditions {
                agree(&index, &people, condition, Timestamp(0));
            }
        }
    }
    for n in 69_000..80_000u32 {
        let mut doc = ContactDoc::default();
        doc.attributes.insert("a".into(), Attribute::Text(name(n)));
        index.upsert(id(n), &doc);
        people.insert(id(n), doc);
    }
    for n in (0..80_000).filter(|n| n % 40 != 0) {
        index.remove(id(n));
        people.remove(&id(n));
    }
    for condition in &conditions {
        agree(&index, &people, condition, Timestamp(0));
    }
}

/// What docs/reference/segments.md shows works as it stands there.
#[test]
fn the_reference_page_is_right() {
    let page = include_str!("../../../../docs/reference/segments.md");
    let mut examples = 0;
    for block in page.split("```json\n").skip(1) {
        for line in block.split("```").next().unwrap_or_default().lines() {
            let json: Json = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            if json.get("contact").is_some() {
                explain(&json).unwrap_or_else(|error| panic!("{line}: {error}"));
            } else {
                Where::from_json(&json).unwrap_or_else(|error| panic!("{line}: {error}"));
            }
            examples += 1;
        }
    }
    assert!(examples > 30, "{examples}");
}
