use std::fmt;

use serde_json::{Map, Number, Value as Json, json};

use super::{
    Bound, CountBound, EventCondition, FieldCondition, Moment, Node, Operand, Test, TopicCondition, TopicState,
};

/// The JSON form of a node.
pub(super) fn to_json(node: &Node) -> Json {
    let all = |parts: &[Node]| Json::Array(parts.iter().map(to_json).collect());
    match node {
        Node::Everyone => json!({}),
        Node::And(parts) => json!({ "and": all(parts) }),
        Node::Or(parts) => json!({ "or": all(parts) }),
        Node::Not(part) => json!({ "not": to_json(part) }),
        Node::Field(condition) => field(condition),
        Node::Tag(tag) => json!({ "tag": tag.written }),
        Node::Topic(TopicCondition { topic, state: TopicState::Subscribed }) => json!({ "topic": topic.written }),
        Node::Topic(TopicCondition { topic, state }) => json!({ "topic": topic.written, "state": state.as_str() }),
        Node::Event(condition) => event(condition),
    }
}

fn number(number: f64) -> Json {
    Number::from_f64(number).map_or(Json::Null, Json::Number)
}

fn operand(operand: &Operand) -> Json {
    match operand {
        Operand::Text(text, _) => json!(text),
        Operand::Number(value) => number(*value),
        Operand::Bool(flag) => json!(flag),
    }
}

fn moment(moment: Moment) -> Json {
    Json::String(moment.to_string())
}

fn bound(bound: Bound) -> Json {
    match bound {
        Bound::Number(value) => number(value),
        Bound::Moment(value) => moment(value),
    }
}

fn operator(test: &Test) -> &'static str {
    match test {
        Test::Exists => "exists",
        Test::Missing => "missing",
        Test::Is(_) => "is",
        Test::IsNot(_) => "is_not",
        Test::In(_) => "in",
        Test::NotIn(_) => "not_in",
        Test::Contains(_) => "contains",
        Test::StartsWith(_) => "starts_with",
        Test::EndsWith(_) => "ends_with",
        Test::Less(_) => "lt",
        Test::LessOrEqual(_) => "lte",
        Test::Greater(_) => "gt",
        Test::GreaterOrEqual(_) => "gte",
        Test::Between(..) => "between",
        Test::Before(_) => "before",
        Test::After(_) => "after",
        Test::On(_) => "on",
        Test::WithinDays(_) => "within_days",
        Test::OlderThanDays(_) => "older_than_days",
    }
}

fn value(test: &Test) -> Option<Json> {
    Some(match test {
        Test::Exists | Test::Missing => return None,
        Test::Is(value)
        | Test::IsNot(value)
        | Test::Contains(value)
        | Test::StartsWith(value)
        | Test::EndsWith(value) => operand(value),
        Test::In(values) | Test::NotIn(values) => Json::Array(values.iter().map(operand).collect()),
        Test::Less(value) | Test::LessOrEqual(value) | Test::Greater(value) | Test::GreaterOrEqual(value) => {
            bound(*value)
        }
        Test::Between(low, high) => json!([bound(*low), bound(*high)]),
        Test::Before(at) | Test::After(at) | Test::On(at) => moment(*at),
        Test::WithinDays(days) | Test::OlderThanDays(days) => json!(days),
    })
}

fn field(condition: &FieldCondition) -> Json {
    let mut object = Map::new();
    object.insert("field".into(), json!(condition.field.to_string()));
    object.insert("op".into(), json!(operator(&condition.test)));
    if let Some(value) = value(&condition.test) {
        object.insert("value".into(), value);
    }
    Json::Object(object)
}

fn event(condition: &EventCondition) -> Json {
    let mut object = Map::new();
    object.insert("event".into(), json!(condition.kind.as_str()));
    let mut put = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            object.insert(key.into(), value);
        }
    };
    put("campaign", condition.campaign.as_ref().map(|campaign| json!(campaign.to_string())));
    put("machine", condition.machine.then_some(Json::Bool(true)));
    put("within_days", condition.within_days.map(|days| json!(days)));
    put("after", condition.after.map(moment));
    put("before", condition.before.map(moment));
    match condition.count {
        CountBound::Never => put("never", Some(Json::Bool(true))),
        CountBound::Between { at_least, at_most } => {
            put("at_least", at_least.map(|count| json!(count)));
            put("at_most", at_most.map(|count| json!(count)));
        }
    }
    Json::Object(object)
}

impl fmt::Display for Node {
    /// The condition as one line of JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", to_json(self))
    }
}
