use serde_json::{Value as Json, json};

use crate::{code, run_with_input, stdout};

/// Asks line by line; returns the answers and the exit code.
fn explain(what: &str, lines: &[String]) -> (Vec<Json>, i32) {
    let output = run_with_input(&["explain", what], lines.join("\n").as_bytes());
    let answers: Vec<Json> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), lines.len(), "one answer per line");
    (answers, code(&output))
}

#[test]
fn a_malformed_line_is_answered_and_the_run_goes_on() {
    for what in ["gate", "reply", "bounce", "segment", "due"] {
        let (answers, code) =
            explain(what, &["{".to_owned(), "[1]".to_owned(), "\u{1}".to_owned(), "\"text\"".to_owned()]);
        assert_eq!(code, 1, "{what}");
        for answer in answers {
            assert!(answer["error"]["code"].is_string() && answer["error"]["detail"].is_string(), "{what}: {answer}");
        }
    }
}

#[test]
fn nothing_in_nothing_out() {
    let (answers, code) = explain("gate", &[]);
    assert_eq!((answers.len(), code), (0, 0));
}

#[test]
fn octets_that_are_no_text_are_answered() {
    let output = run_with_input(&["explain", "gate"], b"\xff\xfe{}\n{}\n");
    assert_eq!((code(&output), stdout(&output).lines().count()), (1, 2));
}

#[test]
fn gate_answers_like_decide() {
    let question = json!({
        "country": "DE", "recipient_type": "individual", "channel": "email", "purpose": "marketing", "basis": [],
        "now": "2026-11-21T09:00:00Z",
    });
    let (answers, code) = explain("gate", &[question.to_string(), json!({ "colour": "blue" }).to_string()]);
    assert_eq!(answers[0]["decision"], "deny");
    for field in ["reason", "rule", "pack"] {
        assert!(answers[0][field].is_string(), "{field}: {}", answers[0]);
    }
    assert!(answers[1]["error"]["detail"].as_str().unwrap().contains("colour"), "{}", answers[1]);
    assert_eq!(code, 1);
}

#[test]
fn reply_reads_texts_and_whole_messages() {
    let message = "From: a@example.com\r\nTo: b@example.com\r\nSubject: Automatic reply\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n";
    let lines: Vec<String> = [
        json!({ "channel": "email", "raw": "لا شكرًا" }),
        json!({ "lang": null, "channel": "email", "raw": "please unsubscribe me" }),
        json!({ "lang": "de", "channel": "email", "raw": "Bitte nehmen Sie mich aus dem Verteiler." }),
        json!({ "channel": "email", "raw": message }),
    ]
    .iter()
    .map(Json::to_string)
    .collect();
    let (answers, code) = explain("reply", &lines);
    let intents: Vec<&str> = answers.iter().map(|answer| answer["intent"].as_str().unwrap()).collect();
    assert_eq!(intents, ["optout", "optout", "optout", "auto_reply"]);
    assert_eq!(code, 0);
}

#[test]
fn bounce_reads_a_delivery_report() {
    let report = "From: MAILER-DAEMON@mx.example\r\nTo: r@example.com\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
        Final-Recipient: rfc822; x@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n";
    let (answers, code) = explain("bounce", &[json!({ "raw": report }).to_string(), json!({}).to_string()]);
    assert_eq!((answers[0]["status"].as_str(), answers[0]["suppress"].as_bool()), (Some("5.1.1"), Some(true)));
    assert!(answers[0]["class"].is_string() && answers[0]["token"].is_null());
    assert!(answers[1]["error"]["detail"].as_str().unwrap().contains("raw"));
    assert_eq!(code, 1);
}

#[test]
fn segment_says_whether_and_why() {
    let (answers, code) = explain("segment", &["{}".to_owned(), json!({ "where": 7 }).to_string()]);
    assert_eq!(answers[0]["matches"], true);
    assert!(answers[0]["because"].is_array());
    assert!(answers[1]["error"]["code"].is_string());
    assert_eq!(code, 1);
}

#[test]
fn due_ends_a_month_on_its_last_day() {
    let asked = |kind: &str| json!({ "kind": kind, "from": "2026-01-31T10:00:00Z", "zone": "Asia/Riyadh" }).to_string();
    let (answers, code) = explain("due", &[asked("dsar"), asked("dsar_extended"), asked("incident_72h")]);
    let due: Vec<&str> = answers.iter().map(|answer| answer["due"].as_str().unwrap()).collect();
    assert_eq!(due, ["2026-02-28T21:00:00Z", "2026-04-30T21:00:00Z", "2026-02-03T10:00:00Z"]);
    assert_eq!(code, 0);
}

#[test]
fn slots_are_explained_line_by_line() {
    let question = json!({
        "now": "2026-06-01T00:00:00Z", "meeting": { "duration": 30 }, "query": ["2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"],
        "hosts": [{ "id": "a", "timezone": "Asia/Riyadh", "rules": [{ "days": [1], "start": "09:00", "end": "10:00" }] }],
    });
    let (answers, code) = explain("slots", &[question.to_string(), "{}".to_owned(), question.to_string()]);
    assert_eq!(answers[0]["starts"], json!(["2026-06-01T06:00:00Z", "2026-06-01T06:30:00Z"]));
    assert_eq!(answers[1]["error"]["code"], "invalid_input");
    assert_eq!(answers[2], answers[0]);
    assert_eq!(code, 1);
}
