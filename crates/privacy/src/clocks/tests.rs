use jiff::civil::Weekday;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The last local day on which an answer is in time.
fn last_day(received: &str, name: &str, months: u8) -> String {
    let zone = zone(name).unwrap();
    let due = if months == 1 { request_due(at(received), &zone) } else { request_extended_due(at(received), &zone) };
    day_of(due.plus_micros(-1), &zone).to_string()
}

#[test]
fn a_month_ends_on_the_same_day_number_or_the_months_last() {
    for (received, one, three) in [
        ("2026-01-28T12:00:00Z", "2026-02-28", "2026-04-28"),
        ("2026-01-29T12:00:00Z", "2026-02-28", "2026-04-29"),
        ("2026-01-30T12:00:00Z", "2026-02-28", "2026-04-30"),
        ("2026-01-31T12:00:00Z", "2026-02-28", "2026-04-30"),
        ("2028-01-31T12:00:00Z", "2028-02-29", "2028-04-30"),
        ("2028-02-29T12:00:00Z", "2028-03-29", "2028-05-29"),
        ("2027-11-30T12:00:00Z", "2027-12-30", "2028-02-29"),
        ("2026-11-30T12:00:00Z", "2026-12-30", "2027-02-28"),
        ("2026-03-31T12:00:00Z", "2026-04-30", "2026-06-30"),
        ("2026-12-31T12:00:00Z", "2027-01-31", "2027-03-31"),
        ("2100-01-31T12:00:00Z", "2100-02-28", "2100-04-30"),
    ] {
        assert_eq!(last_day(received, "UTC", 1), one, "{received}");
        assert_eq!(last_day(received, "UTC", 3), three, "{received}");
    }
}

#[test]
fn the_term_ends_with_the_local_day() {
    let berlin = zone("Europe/Berlin").unwrap();
    // 23:30 UTC on 30 January is 31 January in Berlin.
    assert_eq!(request_due(at("2026-01-30T23:30:00Z"), &berlin), at("2026-02-28T23:00:00Z"));
    // The clocks go forward on 29 March: the day ends at 22:00 UTC.
    assert_eq!(request_due(at("2026-02-28T12:00:00Z"), &berlin), at("2026-03-28T23:00:00Z"));
    assert_eq!(request_due(at("2026-03-01T12:00:00Z"), &berlin), at("2026-04-01T22:00:00Z"));
    assert_eq!(request_due(at("2026-01-31T12:00:00Z"), &zone("Asia/Riyadh").unwrap()), at("2026-02-28T21:00:00Z"));
    // In Cairo the clocks jump at midnight: 24 April 2026 begins at 01:00.
    let cairo = zone("Africa/Cairo").unwrap();
    assert_eq!(request_due(at("2026-03-23T12:00:00Z"), &cairo), at("2026-04-23T22:00:00Z"));
}

#[test]
fn the_internal_target_is_thirty_days_or_the_legal_date() {
    let utc = TimeZone::UTC;
    assert_eq!(internal_target(at("2026-01-31T12:00:00Z"), &utc, 30), at("2026-03-01T00:00:00Z"));
    assert_eq!(internal_target(at("2026-03-01T12:00:00Z"), &utc, 30), at("2026-04-01T00:00:00Z"));
    assert_eq!(internal_target(at("2026-03-01T12:00:00Z"), &utc, 3), at("2026-03-05T00:00:00Z"));
}

#[test]
fn incident_clocks_run_in_elapsed_hours() {
    for (kind, due) in [("incident_48h", "2026-03-30T10:00:00Z"), ("incident_72h", "2026-03-31T10:00:00Z")] {
        let asked = json!({"kind": kind, "from": "2026-03-28T10:00:00Z", "zone": "Europe/Berlin"});
        assert_eq!(explain_due(&asked).unwrap(), json!({ "due": due }));
    }
}

#[test]
fn periods_are_counted_on_the_local_calendar() {
    for (period, zone, from, due) in [
        ("P6M", "UTC", "2026-08-31T10:00:00Z", "2027-02-28T10:00:00Z"),
        ("P1M", "UTC", "2028-01-31T23:59:59Z", "2028-02-29T23:59:59Z"),
        ("P2Y", "America/Toronto", "2024-02-29T12:00:00Z", "2026-02-28T12:00:00Z"),
        ("P1D", "Europe/Berlin", "2026-03-28T11:00:00Z", "2026-03-29T10:00:00Z"),
        ("PT24H", "Europe/Berlin", "2026-03-28T11:00:00Z", "2026-03-29T11:00:00Z"),
        ("P0D", "UTC", "2026-03-28T11:00:00Z", "2026-03-28T11:00:00Z"),
        ("P10Y", "UTC", "2026-12-31T00:00:00Z", "2036-12-31T00:00:00Z"),
    ] {
        for kind in ["retention", "consent_expiry", "credit_expiry"] {
            let asked = json!({"kind": kind, "from": from, "zone": zone, "period": period});
            assert_eq!(explain_due(&asked).unwrap(), json!({ "due": due }), "{period} {zone}");
        }
    }
}

#[test]
fn bad_questions_name_their_field() {
    let base = json!({"kind": "retention", "from": "2026-08-31T10:00:00Z", "zone": "UTC", "period": "P6M"});
    for (field, value) in [
        ("kind", json!("weekly")),
        ("kind", json!(null)),
        ("from", json!("yesterday")),
        ("from", json!(7)),
        ("zone", json!("Europe/Atlantis")),
        ("period", json!("-P6M")),
        ("period", json!("P-6M")),
        ("period", json!("six months")),
        ("period", json!(null)),
        ("period", json!("P19999Y")),
    ] {
        let mut asked = base.clone();
        asked[field] = value.clone();
        let error = explain_due(&asked).unwrap_err();
        assert!(error.detail.contains(field), "{field} {value}: {}", error.detail);
    }
    assert!(explain_due(&json!([])).is_err());
    assert!(explain_due(&json!({"colour": "blue"})).unwrap_err().detail.contains("colour"));
}

proptest! {
    /// The law's text, checked day by day: never before the same day number of the next month,
    /// never after that day or that month's last.
    #[test]
    fn terms_hold_in_every_zone(seconds in 0i64..4_000_000_000, which in 0usize..8) {
        let names = ["UTC", "Asia/Riyadh", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Asia/Beirut",
            "Pacific/Apia", "Asia/Kathmandu"];
        let zone = zone(names[which]).unwrap();
        let received = Timestamp(0).plus_seconds(seconds);
        for (months, due) in [(1, request_due(received, &zone)), (3, request_extended_due(received, &zone))] {
            let (first, last) = (day_of(received, &zone), day_of(due.plus_micros(-1), &zone));
            prop_assert!(due > received);
            let passed = (i32::from(last.year()) * 12 + i32::from(last.month()))
                - (i32::from(first.year()) * 12 + i32::from(first.month()));
            prop_assert_eq!(passed, months);
            // Apia left out a whole day once.
            if which != 6 {
                prop_assert_eq!(last.day(), first.day().min(last.days_in_month()));
            }
            prop_assert_ne!(day_of(due, &zone), last);
            let weekend = matches!(last.weekday(), Weekday::Saturday | Weekday::Sunday);
            prop_assert_eq!(ends_on_weekend(due, &zone), weekend);
        }
        prop_assert!(internal_target(received, &zone, 30) <= request_due(received, &zone));
        prop_assert!(request_due(received, &zone) < request_extended_due(received, &zone));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        let _ = Period::parse(&text);
        let _ = zone(&text);
        let _ = explain_due(&json!({"kind": "retention", "from": "2026-01-31T00:00:00Z", "period": text, "zone": text}));
    }
}
