//! What one imported row costs; run by hand: `cargo test -p barid-people pace -- --ignored --nocapture`.

use std::fmt::Write as _;

use people::import::Basis;
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
