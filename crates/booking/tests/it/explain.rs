//! `explain slots`: the reference page's examples word for word, and documents that are no question.

use booking::slots::{Reason, explain};
use serde_json::{Value as Json, json};

const PAGE: &str = include_str!("../../../../docs/reference/slots.md");

fn answers() -> Vec<Json> {
    let mut out = Vec::new();
    for block in PAGE.split("```json\n").skip(1) {
        let text = block.split("```").next().unwrap();
        out.push(explain(&serde_json::from_str(text).unwrap()).unwrap());
    }
    out
}

fn reason_at(answer: &Json, at: &str) -> Option<String> {
    let at: kernel::Timestamp = at.parse().unwrap();
    let read = |json: &Json| json.as_str().unwrap().parse::<kernel::Timestamp>().unwrap();
    let found = answer["why"].as_array().unwrap().iter().find(|why| read(&why["from"]) <= at && at < read(&why["to"]));
    found.map(|why| why["reason"].as_str().unwrap().to_owned())
}

#[test]
fn the_examples_of_the_page_hold() {
    let answers = answers();
    assert_eq!(answers[0]["starts"], json!(["2026-04-23T22:00:00Z", "2026-04-23T23:00:00Z"]));
    assert_eq!(answers[1]["starts"], json!(["2026-06-01T06:00:00Z", "2026-06-01T07:30:00Z"]));
    assert_eq!(reason_at(&answers[1], "2026-06-01T06:30:00Z").as_deref(), Some("buffer"));
    assert_eq!(reason_at(&answers[1], "2026-06-01T07:00:00Z").as_deref(), Some("busy"));
    assert_eq!(reason_at(&answers[1], "2026-06-01T12:00:00Z").as_deref(), Some("outside_hours"));
    assert_eq!(answers[2]["free_hosts"], json!({ "2026-06-01T09:00:00Z": ["b"] }));
    assert_eq!(reason_at(&answers[2], "2026-06-01T09:00:00Z").as_deref(), Some("full"));
}

#[test]
fn the_page_knows_every_reason() {
    for reason in Reason::ALL {
        assert!(PAGE.contains(&format!("| `{}` |", reason.as_str())), "{}", reason.as_str());
    }
}

fn question(change: impl Fn(&mut Json)) -> Json {
    let mut question = json!({
        "now": "2026-03-20T00:00:00Z",
        "meeting": { "duration": 60 },
        "hosts": [{ "id": "h", "timezone": "Europe/Berlin", "rules": [{ "days": [1, 2, 3, 4, 5, 6, 7], "start": "09:00", "end": "12:00" }] }],
        "query": ["2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z"],
    });
    change(&mut question);
    question
}

#[test]
fn a_weekly_event_keeps_its_local_time_over_the_transition() {
    let event = json!({ "start": "2026-03-21T10:00:00", "end": "2026-03-21T11:00:00", "tz": "Europe/Berlin",
        "rrule": { "freq": "WEEKLY", "byday": ["SA", "SU"], "until": "2026-04-30T00:00:00Z" } });
    let answer = explain(&question(|q| q["hosts"][0]["events"] = json!([event.clone()]))).unwrap();
    // 09:00 and 11:00 in Berlin: winter time on Saturday, summer time on Sunday.
    assert_eq!(
        answer["starts"],
        json!(["2026-03-28T08:00:00Z", "2026-03-28T10:00:00Z", "2026-03-29T07:00:00Z", "2026-03-29T09:00:00Z"])
    );
    for (field, value) in [("transp", "TRANSPARENT"), ("status", "CANCELLED"), ("partstat", "DECLINED")] {
        let mut free = event.clone();
        free[field] = json!(value);
        let answer = explain(&question(|q| q["hosts"][0]["events"] = json!([free.clone()]))).unwrap();
        assert_eq!(answer["starts"].as_array().unwrap().len(), 6, "{field}");
    }
    for partstat in ["TENTATIVE", "NEEDS-ACTION"] {
        let mut perhaps = event.clone();
        perhaps["partstat"] = json!(partstat);
        let asked = question(|q| q["hosts"][0]["events"] = json!([perhaps.clone()]));
        assert_eq!(explain(&asked).unwrap()["starts"].as_array().unwrap().len(), 4, "{partstat}");
    }
}

#[test]
fn a_whole_day_is_the_hosts_day() {
    let all_day = json!({ "start": "2026-03-28", "all_day": true, "tz": "Pacific/Auckland" });
    let answer = explain(&question(|q| q["hosts"][0]["events"] = json!([all_day.clone()]))).unwrap();
    assert_eq!(answer["starts"].as_array().unwrap().len(), 3);
    assert!(answer["starts"][0].as_str().unwrap().starts_with("2026-03-29"));
}

#[test]
fn what_is_no_question_is_refused_with_its_place() {
    for (change, code) in [
        (json!({ "hosts": [{ "timezone": "Mars/Olympus" }] }), "unknown_zone"),
        (json!({ "query": ["yesterday", "today"] }), "invalid_input"),
        (json!({ "query": ["2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z"] }), "too_large"),
        (json!({ "meeting": { "duration": 0 } }), "invalid_input"),
        (json!({ "meeting": { "duration": -5 } }), "invalid_input"),
        (json!({ "meeting": { "duration": 9_223_372_036_854_775_807_i64 } }), "invalid_input"),
        (json!({ "meeting": { "min_notice": -1 } }), "invalid_input"),
        (json!({ "meeting": { "capacity": 0 } }), "invalid_input"),
        (json!({ "hosts": [] }), "invalid_input"),
        (json!({ "hosts": [{ "rules": [{ "days": [8], "start": "09:00", "end": "10:00" }] }] }), "invalid_input"),
        (json!({ "hosts": [{ "rules": [{ "days": [1], "start": "25:00", "end": "10:00" }] }] }), "invalid_input"),
        (json!({ "hosts": [{ "events": [{ "start": "soon" }] }] }), "invalid_input"),
        (json!({ "hosts": [{ "events": [{ "start": "2026-01-01", "rrule": "FREQ=SOMETIMES" }] }] }), "invalid_input"),
    ] {
        let asked = question(|q| {
            for (name, value) in change.as_object().unwrap() {
                q[name] = value.clone();
            }
        });
        assert_eq!(explain(&asked).unwrap_err().code, code, "{change}");
    }
    assert_eq!(explain(&json!([1])).unwrap_err().code, "invalid_input");
}

#[test]
fn misspelt_fields_are_named() {
    let answer = explain(&question(|q| {
        q["meeting"]["buffer_befor"] = json!(10);
        q["hosts"][0]["rules"][0]["day"] = json!(1);
    }))
    .unwrap();
    assert_eq!(answer["ignored"], json!(["meeting.buffer_befor", "hosts[0].rules[0].day"]));
}

#[test]
fn far_numbers_do_not_overflow() {
    for (from, to) in [
        ("9999-12-29T00:00:00Z", "9999-12-30T20:00:00Z"),
        ("-009999-01-03T00:00:00Z", "-009999-01-05T00:00:00Z"),
        ("1850-01-01T00:00:00Z", "1850-01-03T00:00:00Z"),
    ] {
        explain(&question(|q| {
            q["query"] = json!([from, to]);
            q["meeting"]["min_notice"] = json!(i64::MAX);
            q["meeting"]["rolling_days"] = json!(i64::MAX);
            q["hosts"][0]["bookings"] =
                json!([{ "start": from, "end": to, "buffer_before": i64::MAX, "buffer_after": i64::MIN }]);
            q["holds"] = json!([{ "start": from, "end": to, "expires": to, "buffer_after": i64::MAX }]);
        }))
        .unwrap();
    }
}
