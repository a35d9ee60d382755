//! What one imported row and one page of the table cost; run by hand: `cargo test -p barid-people pace -- --ignored
//! --nocapture`.

use std::fmt::Write as _;

use kernel::{ContactId, Timestamp};
use people::import::Basis;
use people::segments::conditions::{StandardField, Where};
use people::segments::index::{Slice, Sort};
use people::segments::{ContactDoc, Index};
use serde_json::json;
use testkit::Fixture;

use crate::imports::{import, settings};
use crate::topic;

/// Microseconds the process spent on the processor (Linux; 0 elsewhere).
fn spent() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> =
        text.rsplit(')').next().unwrap_or_default().split_whitespace().map(|f| f.parse().unwrap_or(0.0)).collect();
    fields.get(11).zip(fields.get(12)).map_or(0.0, |(user, system)| (user + system) * 10_000.0)
}

const ROWS: u32 = 20_000;

#[test]
#[ignore = "a measurement"]
fn pace() {
    testkit::run(async {
        let t = Fixture::sqlite().await;
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let mut file = String::from("email,first name,last name,country,language,company,tags,consent time\n");
        for number in 0..ROWS {
            let _ = writeln!(
                file,
                "person{number}@example{}.com,Lina,حداد,SA,ar,Barid {number},vip;a{},2026-01-02",
                number % 97,
                number % 5
            );
        }
        for pass in ["new", "again"] {
            let before = spent();
            let report = import(&ctx, file.as_bytes(), settings(news, Basis::Consent)).await;
            let each = (spent() - before) / f64::from(ROWS);
            println!(
                "{pass}: {each:.1} µs of processor per row, {} added, {} unchanged",
                report.added, report.unchanged
            );
        }
    });
}

/// People in the index.
const PEOPLE: u64 = 1_000_000;

#[test]
#[ignore = "a measurement"]
fn pace_of_a_page() {
    let mut index = Index::with_capacity(PEOPLE as usize);
    for number in 0..PEOPLE {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut doc = ContactDoc { created_at: Some(Timestamp(number as i64)), ..ContactDoc::default() };
        doc.set(StandardField::Email, &format!("{mixed:016x}@mail{}.example", number % 97));
        doc.set(StandardField::FirstName, ["Lina", "Omar", "ليلى", "Zoë", "Max"][(mixed >> 60) as usize % 5]);
        doc.set(StandardField::LastName, ["Haddad", "Müller", "الحسن", "García"][(mixed >> 50) as usize % 4]);
        doc.set(StandardField::Country, ["DE", "SA", "EG", "FR"][(mixed >> 40) as usize % 4]);
        index.upsert(ContactId(u128::from(number + 1).to_be_bytes()), &doc);
    }
    for sort in [Sort::CreatedAt, Sort::Name, Sort::Email] {
        let mut slice = Slice { sort, descending: sort.is_instant(), from: None, back: false, limit: 50 };
        let before = spent();
        for _ in 0..10 {
            let page = index.ordered(index.everyone(), &slice);
            assert_eq!(page.people.len(), 50);
            slice.from = page.last;
        }
        println!("a page by {}: {:.1} ms of processor", sort.as_str(), (spent() - before) / 10_000.0);
    }
    let condition = json!({"and": [{"field": "country", "op": "in", "value": ["DE", "SA"]},
        {"field": "last_name", "op": "starts_with", "value": "الح"}]});
    let condition = Where::from_json(&condition).unwrap();
    let before = spent();
    for _ in 0..10 {
        index.count(&condition, Timestamp(0));
    }
    println!("a count: {:.1} ms of processor", (spent() - before) / 10_000.0);
}
