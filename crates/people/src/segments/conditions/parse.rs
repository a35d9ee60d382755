use serde_json::{Map, Value as Json};

use super::{
    Bound, CampaignKey, CountBound, EventCondition, EventKind, Field, FieldCondition, Label, MAX_COUNT, MAX_DAYS,
    MAX_DEPTH, MAX_NODES, MAX_TEXT, MAX_VALUES, Moment, Node, Operand, Path, SegmentError, Test, TopicCondition,
    TopicState,
};

type Object = Map<String, Json>;
type Result<T> = std::result::Result<T, SegmentError>;

const OPERATORS: &str = "is, is_not, in, not_in, contains, starts_with, ends_with, exists, missing, lt, lte, gt, gte, \
                         between, before, after, on, within_days, older_than_days";
const A_MOMENT: &str = "expected a date such as 2026-11-21 or an instant such as 2026-11-21T09:30:00Z";

/// Reads a whole condition.
pub(super) fn parse(json: &Json) -> Result<Node> {
    let root = Path::Root("where");
    if json.as_object().is_some_and(Map::is_empty) {
        return Ok(Node::Everyone);
    }
    Reader { nodes: 0 }.node(json, &root, 1)
}

struct Reader {
    nodes: usize,
}

impl Reader {
    fn node(&mut self, json: &Json, path: &Path<'_>, depth: usize) -> Result<Node> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(path.error(format!("too many conditions; at most {MAX_NODES} are allowed")));
        }
        if depth > MAX_DEPTH {
            return Err(path.error(format!("nested too deep; at most {MAX_DEPTH} levels are allowed")));
        }
        let object = json.as_object().ok_or_else(|| path.error("expected an object"))?;
        let kinds: [&str; 7] = ["and", "or", "not", "field", "tag", "topic", "event"];
        let mut present = kinds.into_iter().filter(|kind| object.contains_key(*kind));
        let (Some(kind), None) = (present.next(), present.next()) else {
            return Err(path.error("expected exactly one of and, or, not, field, tag, topic, event"));
        };
        match kind {
            "and" => Ok(Node::And(self.parts(object, "and", path, depth)?)),
            "or" => Ok(Node::Or(self.parts(object, "or", path, depth)?)),
            "not" => {
                only(object, &["not"], path)?;
                Ok(Node::Not(Box::new(self.node(&object["not"], &path.key("not"), depth + 1)?)))
            }
            "field" => field(object, path).map(Node::Field),
            "tag" => {
                only(object, &["tag"], path)?;
                label(object, "tag", path).map(Node::Tag)
            }
            "topic" => topic(object, path).map(Node::Topic),
            _ => event(object, path).map(Node::Event),
        }
    }

    fn parts(&mut self, object: &Object, key: &str, path: &Path<'_>, depth: usize) -> Result<Vec<Node>> {
        only(object, &[key], path)?;
        let path = path.key(key);
        let parts = object[key].as_array().ok_or_else(|| path.error("expected a list of conditions"))?;
        if parts.is_empty() {
            return Err(path.error("needs at least one condition"));
        }
        parts.iter().enumerate().map(|(i, part)| self.node(part, &path.index(i), depth + 1)).collect()
    }
}

fn only(object: &Object, allowed: &[&str], path: &Path<'_>) -> Result<()> {
    match object.keys().find(|key| !allowed.contains(&key.as_str())) {
        Some(key) if key.len() <= 40 => {
            Err(path.key(key).error(format!("not known here; allowed are {}", allowed.join(", "))))
        }
        Some(_) => Err(path.error(format!("has an unknown member; allowed are {}", allowed.join(", ")))),
        None => Ok(()),
    }
}

fn text<'a>(json: &'a Json, path: &Path<'_>) -> Result<&'a str> {
    let text = json.as_str().ok_or_else(|| path.error("expected text"))?;
    if text.chars().nth(MAX_TEXT).is_some() {
        return Err(path.error(format!("the text is too long; at most {MAX_TEXT} characters are allowed")));
    }
    Ok(text)
}

fn label(object: &Object, key: &str, path: &Path<'_>) -> Result<Label> {
    let path = path.key(key);
    let label = Label::new(text(&object[key], &path)?);
    if label.key.as_str().is_empty() { Err(path.error("expected a name or an id")) } else { Ok(label) }
}

fn topic(object: &Object, path: &Path<'_>) -> Result<TopicCondition> {
    only(object, &["topic", "state"], path)?;
    let state = object.get("state").map_or(Ok(TopicState::Subscribed), |state| {
        state
            .as_str()
            .and_then(TopicState::from_code)
            .ok_or_else(|| path.key("state").error("expected pending, subscribed or unsubscribed"))
    })?;
    Ok(TopicCondition { topic: label(object, "topic", path)?, state })
}

fn field(object: &Object, path: &Path<'_>) -> Result<FieldCondition> {
    only(object, &["field", "op", "value"], path)?;
    let field = Field::from_name(text(&object["field"], &path.key("field"))?)
        .map_err(|reason| path.key("field").error(reason))?;
    let op = object
        .get("op")
        .and_then(Json::as_str)
        .ok_or_else(|| path.key("op").error(format!("expected one of {OPERATORS}")))?;
    let test = test(op, object.get("value"), path)?;
    let of_text_only = matches!(
        test,
        Test::Is(_)
            | Test::IsNot(_)
            | Test::In(_)
            | Test::NotIn(_)
            | Test::Contains(_)
            | Test::StartsWith(_)
            | Test::EndsWith(_)
    );
    let of_number = |bound: &Bound| matches!(bound, Bound::Number(_));
    let numeric = match &test {
        Test::Less(b) | Test::LessOrEqual(b) | Test::Greater(b) | Test::GreaterOrEqual(b) | Test::Between(b, _) => {
            of_number(b)
        }
        _ => false,
    };
    if field.is_instant() && (of_text_only || numeric) {
        let reason = "does not apply to an instant; use on, before, after, between (with dates), within_days, \
                      older_than_days, exists or missing";
        return Err(path.key("op").error(reason));
    }
    Ok(FieldCondition { field, test })
}

fn test(op: &str, value: Option<&Json>, path: &Path<'_>) -> Result<Test> {
    let place = path.key("value");
    if matches!(op, "exists" | "missing") {
        return match value {
            Some(_) => Err(place.error("exists and missing take no value")),
            None if op == "exists" => Ok(Test::Exists),
            None => Ok(Test::Missing),
        };
    }
    let value = || value.ok_or_else(|| place.error("missing; this operator compares with a value"));
    Ok(match op {
        "is" => Test::Is(operand(value()?, &place)?),
        "is_not" => Test::IsNot(operand(value()?, &place)?),
        "in" => Test::In(operands(value()?, &place)?),
        "not_in" => Test::NotIn(operands(value()?, &place)?),
        "contains" => Test::Contains(part(value()?, &place)?),
        "starts_with" => Test::StartsWith(part(value()?, &place)?),
        "ends_with" => Test::EndsWith(part(value()?, &place)?),
        "lt" => Test::Less(bound(value()?, &place)?),
        "lte" => Test::LessOrEqual(bound(value()?, &place)?),
        "gt" => Test::Greater(bound(value()?, &place)?),
        "gte" => Test::GreaterOrEqual(bound(value()?, &place)?),
        "between" => between(value()?, &place)?,
        "before" => Test::Before(moment(value()?, &place)?),
        "after" => Test::After(moment(value()?, &place)?),
        "on" => match moment(value()?, &place)? {
            day @ Moment::Day(_) => Test::On(day),
            Moment::Instant(_) => return Err(place.error("expected a date such as 2026-11-21 (a UTC day)")),
        },
        "within_days" => Test::WithinDays(days(value()?, &place)?),
        "older_than_days" => Test::OlderThanDays(days(value()?, &place)?),
        _ => return Err(path.key("op").error(format!("unknown operator; use one of {OPERATORS}"))),
    })
}

fn operand(json: &Json, path: &Path<'_>) -> Result<Operand> {
    match json {
        Json::String(_) => part(json, path),
        Json::Number(number) => number.as_f64().map(Operand::Number).ok_or_else(|| path.error("expected a number")),
        Json::Bool(flag) => Ok(Operand::Bool(*flag)),
        Json::Null => Err(path.error("null is no value; use the operator missing")),
        Json::Array(_) | Json::Object(_) => Err(path.error("expected text, a number, true or false")),
    }
}

fn part(json: &Json, path: &Path<'_>) -> Result<Operand> {
    match Operand::text(text(json, path)?) {
        Operand::Text(_, folded) if folded.is_empty() => {
            Err(path.error("an empty text is no value; use the operator missing"))
        }
        operand => Ok(operand),
    }
}

fn operands(json: &Json, path: &Path<'_>) -> Result<Vec<Operand>> {
    let values = json.as_array().ok_or_else(|| path.error("expected a list of values"))?;
    if values.is_empty() || values.len() > MAX_VALUES {
        return Err(path.error(format!("expected 1 to {MAX_VALUES} values")));
    }
    let operands: Vec<_> =
        values.iter().enumerate().map(|(i, value)| operand(value, &path.index(i))).collect::<Result<_>>()?;
    let kind = std::mem::discriminant(&operands[0]);
    match operands.iter().position(|operand| std::mem::discriminant(operand) != kind) {
        Some(other) => Err(path.index(other).error("all values of a list must be of one type")),
        None => Ok(operands),
    }
}

fn moment(json: &Json, path: &Path<'_>) -> Result<Moment> {
    json.as_str().and_then(Moment::parse).ok_or_else(|| path.error(A_MOMENT))
}

fn bound(json: &Json, path: &Path<'_>) -> Result<Bound> {
    if let Some(number) = json.as_f64() {
        return Ok(Bound::Number(number));
    }
    let moment = json.as_str().and_then(Moment::parse);
    moment.map(Bound::Moment).ok_or_else(|| {
        path.error("expected a number, a date such as 2026-11-21 or an instant such as 2026-11-21T09:30:00Z")
    })
}

fn between(json: &Json, path: &Path<'_>) -> Result<Test> {
    let Some([low, high]) = json.as_array().map(Vec::as_slice) else {
        return Err(path.error("expected a list of two values, the lower one first"));
    };
    let (low, high) = (bound(low, &path.index(0))?, bound(high, &path.index(1))?);
    let ordered = match (low, high) {
        (Bound::Number(low), Bound::Number(high)) => low <= high,
        (Bound::Moment(low), Bound::Moment(high)) => low.start() < high.end(),
        _ => return Err(path.error("both values must be of one type")),
    };
    if ordered { Ok(Test::Between(low, high)) } else { Err(path.error("the lower value comes first")) }
}

fn days(json: &Json, path: &Path<'_>) -> Result<u32> {
    json.as_u64()
        .and_then(|days| u32::try_from(days).ok())
        .filter(|days| *days <= MAX_DAYS)
        .ok_or_else(|| path.error(format!("expected a whole number of days, 0 to {MAX_DAYS}")))
}

fn count(object: &Object, key: &str, least: u64, path: &Path<'_>) -> Result<Option<u16>> {
    let Some(json) = object.get(key) else { return Ok(None) };
    json.as_u64()
        .filter(|number| (least..=u64::from(MAX_COUNT)).contains(number))
        .map(|number| Some(number as u16))
        .ok_or_else(|| path.key(key).error(format!("expected a whole number, {least} to {MAX_COUNT}")))
}

fn flag(object: &Object, key: &str, path: &Path<'_>) -> Result<bool> {
    object
        .get(key)
        .map_or(Ok(false), |json| json.as_bool().ok_or_else(|| path.key(key).error("expected true or false")))
}

fn event(object: &Object, path: &Path<'_>) -> Result<EventCondition> {
    let known = ["event", "within_days", "after", "before", "at_least", "at_most", "never", "campaign", "machine"];
    only(object, &known, path)?;
    let kind = object["event"].as_str().and_then(EventKind::from_code).ok_or_else(|| {
        let codes: Vec<_> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
        path.key("event").error(format!("expected one of {}", codes.join(", ")))
    })?;
    let optional_moment = |key: &str| object.get(key).map(|json| moment(json, &path.key(key))).transpose();
    let campaign = object.get("campaign").map(|json| {
        let path = path.key("campaign");
        match text(json, &path)? {
            "" => Err(path.error("expected a campaign id")),
            name => Ok(CampaignKey::new(name)),
        }
    });
    Ok(EventCondition {
        kind,
        campaign: campaign.transpose()?,
        machine: flag(object, "machine", path)?,
        within_days: object.get("within_days").map(|json| days(json, &path.key("within_days"))).transpose()?,
        after: optional_moment("after")?,
        before: optional_moment("before")?,
        count: count_bound(object, path)?,
    })
}

fn count_bound(object: &Object, path: &Path<'_>) -> Result<CountBound> {
    let at_least = count(object, "at_least", 1, path)?;
    let at_most = count(object, "at_most", 0, path)?;
    if flag(object, "never", path)? {
        return if at_least.is_some() || at_most.is_some() {
            Err(path.key("never").error("cannot be combined with at_least or at_most"))
        } else {
            Ok(CountBound::Never)
        };
    }
    match (at_least, at_most) {
        (Some(low), Some(high)) if low > high => Err(path.key("at_least").error("is greater than at_most")),
        _ => Ok(CountBound::Between { at_least, at_most }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Where;
    use super::*;

    fn refusal(json: &Json) -> String {
        Where::from_json(json).unwrap_err().to_string()
    }

    #[test]
    fn errors_name_the_place() {
        for (json, expected) in [
            (
                json!({"and": [{"tag": "a"}, {"tag": "b"}, {"field": "country", "op": "like", "value": "D"}]}),
                "where.and[2].op: unknown operator",
            ),
            (json!({"not": {"or": []}}), "where.not.or: needs at least one"),
            (json!([]), "where: expected an object"),
            (json!({"tag": "a", "topic": "b"}), "where: expected exactly one of"),
            (json!({"and": [{}]}), "where.and[0]: expected exactly one of"),
            (json!({"tag": "a", "colour": 1}), "where.colour: not known here"),
            (json!({"field": "plan", "op": "exists"}), "where.field: unknown field; use attributes.NAME"),
            (json!({"field": "country", "op": "in", "value": ["DE", 5]}), "where.value[1]: all values"),
            (json!({"field": "country", "op": "is", "value": " \u{640}"}), "where.value: an empty text"),
            (json!({"field": "country", "op": "is"}), "where.value: missing"),
            (json!({"field": "created_at", "op": "is", "value": "2026-01-01"}), "where.op: does not apply"),
            (json!({"field": "created_at", "op": "lt", "value": 3}), "where.op: does not apply"),
            (json!({"field": "attributes.x", "op": "between", "value": [3, 2]}), "where.value: the lower value"),
            (json!({"field": "attributes.x", "op": "between", "value": [3, "2026-01-01"]}), "where.value: both values"),
            (
                json!({"field": "attributes.x", "op": "on", "value": "2026-01-01T00:00:00Z"}),
                "where.value: expected a date",
            ),
            (json!({"field": "attributes.x", "op": "within_days", "value": -1}), "where.value: expected a whole"),
            (json!({"topic": "news", "state": "cleaned"}), "where.state: expected pending"),
            (json!({"event": "seen"}), "where.event: expected one of sent"),
            (json!({"event": "opened", "never": true, "at_least": 1}), "where.never: cannot be combined"),
            (json!({"event": "opened", "at_least": 3, "at_most": 2}), "where.at_least: is greater"),
            (json!({"event": "opened", "at_least": 0}), "where.at_least: expected a whole number, 1 to"),
            (json!({"event": "opened", "before": "soon"}), "where.before: expected a date"),
        ] {
            let refusal = refusal(&json);
            assert!(refusal.starts_with(expected), "{json}: {refusal}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let nested = |levels: usize| (1..levels).fold(json!({"tag": "a"}), |inner, _| json!({"not": inner}));
        assert!(Where::from_json(&nested(MAX_DEPTH)).is_ok());
        assert!(refusal(&nested(MAX_DEPTH + 1)).contains("nested too deep"));
        let wide = |nodes: usize| json!({"or": vec![json!({"tag": "a"}); nodes - 1]});
        assert!(Where::from_json(&wide(MAX_NODES)).is_ok());
        assert!(refusal(&wide(MAX_NODES + 1)).contains("too many conditions"));
    }

    #[test]
    fn everything_valid_reads_and_writes_back() {
        let text = r#"{"or": [
            {"and": [{"field": "country", "op": "in", "value": ["DE", "AT"]}, {"not": {"tag": "vip"}}]},
            {"field": "attributes.age", "op": "between", "value": [25.0, 34.5]},
            {"field": "attributes.birthday", "op": "between", "value": ["1990-01-01", "1999-12-31"]},
            {"field": "created_at", "op": "lte", "value": "2026-11-21T09:30:00Z"},
            {"field": "attributes.member", "op": "is_not", "value": true},
            {"field": "last_name", "op": "missing"},
            {"field": "email", "op": "ends_with", "value": ".example"},
            {"field": "updated_at", "op": "older_than_days", "value": 7},
            {"topic": "news"}, {"topic": "news", "state": "pending"},
            {"event": "joined"}, {"event": "opened", "never": true, "machine": true, "within_days": 90},
            {"event": "clicked", "at_least": 2, "at_most": 9, "after": "2026-01-01", "before": "2026-02-01T00:00:00Z",
             "campaign": "cmp_00000000000000000000000001"}
        ]}"#;
        let json: Json = serde_json::from_str(text).unwrap();
        let read = Where::from_json(&json).unwrap();
        assert_eq!(read.to_json(), json);
        assert_eq!(Where::from_json(&json!({})).unwrap().to_json(), json!({}));
    }

    proptest::proptest! {
        #[test]
        fn no_json_makes_it_panic(text in r#"[\{\}\[\]",:a-z0-9\\]{0,60}"#, key in "and|or|not|field|tag|topic|event") {
            let inner: Json = serde_json::from_str(&text).unwrap_or(Json::String(text));
            let _ = Where::from_json(&json!({key: inner}));
        }
    }
}
