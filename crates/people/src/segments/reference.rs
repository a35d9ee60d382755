//! The plain, slow evaluator over one decrypted contact: the oracle for the index, and what
//! explains a decision to people.

use kernel::Timestamp;
use serde::Serialize;

use super::conditions::{EventCondition, Node, Path, Where};
use super::document::ContactDoc;

/// A condition that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Where the condition stands, such as `where.and[2]`.
    pub path: String,
    /// The condition as JSON text.
    pub condition: String,
    /// Whether it holds for the contact.
    pub holds: bool,
    /// What was found. Never a value of the contact.
    pub found: String,
}

/// Whether the contact is in the segment, seen from `now`, and the conditions that decided it:
/// of an `and` that fails the parts that fail, of an `or` that holds the parts that hold, else all.
pub fn matches(condition: &Where, contact: &ContactDoc, now: Timestamp) -> (bool, Vec<Reason>) {
    evaluate(condition.root(), &Path::Root("where"), contact, now)
}

fn evaluate(node: &Node, path: &Path<'_>, contact: &ContactDoc, now: Timestamp) -> (bool, Vec<Reason>) {
    match node {
        Node::And(parts) => group(parts, &path.key("and"), false, &|part, path| evaluate(part, path, contact, now)),
        Node::Or(parts) => group(parts, &path.key("or"), true, &|part, path| evaluate(part, path, contact, now)),
        Node::Not(part) => {
            let (holds, because) = evaluate(part, &path.key("not"), contact, now);
            (!holds, because)
        }
        leaf => {
            let (holds, found) = condition(leaf, contact, now);
            (holds, vec![Reason { path: path.to_string(), condition: leaf.to_string(), holds, found }])
        }
    }
}

type Answer = (bool, Vec<Reason>);

/// A group is `decisive` as soon as one part is.
fn group(parts: &[Node], path: &Path<'_>, decisive: bool, evaluate: &dyn Fn(&Node, &Path<'_>) -> Answer) -> Answer {
    let answers: Vec<_> = parts.iter().enumerate().map(|(i, part)| evaluate(part, &path.index(i))).collect();
    let holds = if answers.iter().any(|(holds, _)| *holds == decisive) { decisive } else { !decisive };
    (holds, answers.into_iter().filter(|(part, _)| *part == holds).flat_map(|(_, because)| because).collect())
}

fn condition(node: &Node, contact: &ContactDoc, now: Timestamp) -> (bool, String) {
    let found = |holds, yes: &str, no: &str| (holds, if holds { yes } else { no }.to_owned());
    match node {
        Node::Field(condition) => contact.with_value(&condition.field, |value| {
            let holds = condition.test.holds(value, now);
            let (yes, no) =
                if value.is_some() { ("the value meets it", "the value does not") } else { (MISSING, MISSING) };
            found(holds, yes, no)
        }),
        Node::Tag(tag) => found(contact.tags.contains(&tag.key), "has the tag", "does not have the tag"),
        Node::Topic(topic) => {
            let states = contact.topics.iter().filter(|(key, _)| *key == topic.topic.key).map(|(_, state)| *state);
            let states: Vec<_> = states.collect();
            let text = states.first().map_or("not in the topic", |state| state.as_str());
            (states.contains(&topic.state), text.to_owned())
        }
        Node::Event(event) => {
            let count = count(event, contact, now);
            let (low, high) = event.count.range();
            let holds = usize::from(low) <= count && (high == u16::MAX || count <= usize::from(high));
            (holds, format!("{count} such events"))
        }
        Node::Everyone | Node::And(_) | Node::Or(_) | Node::Not(_) => (true, "everyone".to_owned()),
    }
}

const MISSING: &str = "the value is missing";

fn count(condition: &EventCondition, contact: &ContactDoc, now: Timestamp) -> usize {
    let (from, to) = condition.window(now);
    let counts = |event: &&super::document::ContactEvent| {
        event.kind == condition.kind
            && condition.counts(event.class)
            && (condition.campaign.is_none() || condition.campaign == event.campaign)
            && from <= event.at.0
            && event.at.0 < to
    };
    contact.events.iter().filter(counts).count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_deciding_conditions_are_told() {
        let condition = Where::from_json(&json!({"and": [
            {"or": [{"tag": "vip"}, {"field": "country", "op": "is", "value": "de"}]},
            {"not": {"topic": "news"}},
            {"event": "opened", "at_least": 2}
        ]}))
        .unwrap();
        let contact = ContactDoc::from_json(&json!({"country": "DE", "events": [
            {"kind": "opened", "at": "2026-01-01"}, {"kind": "opened", "at": "2026-01-01"},
            {"kind": "opened", "at": "2026-01-02", "class": "machine"}]}))
        .unwrap();
        let (holds, because) = matches(&condition, &contact, Timestamp(0));
        assert!(holds);
        let told: Vec<_> = because.iter().map(|r| (r.path.as_str(), r.holds, r.found.as_str())).collect();
        assert_eq!(
            told,
            [
                ("where.and[0].or[1]", true, "the value meets it"),
                ("where.and[1].not", false, "not in the topic"),
                ("where.and[2]", true, "2 such events"),
            ]
        );
        let (holds, because) = matches(&condition, &ContactDoc::default(), Timestamp(0));
        assert!(!holds);
        assert_eq!(because.len(), 3, "both failing parts of the or, and the event");
    }
}
