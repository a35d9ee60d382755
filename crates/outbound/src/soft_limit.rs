//! Addresses that keep failing softly: five final soft failures within thirty days, on at least three
//! different days and without a sign of a human in between, are suppressed until verified again.

use kernel::{ContactId, Timestamp};
use people::segments::conditions::{EventClass, EventKind};
use privacy::gate::{Gate, Withdrawal};
use privacy::suppression::Reason;
use privacy::vocabulary::Scope;
use serde_json::json;
use store::{Blind, Ctx, params, sql};

use crate::Result;

/// Failures that end in suppression.
const FAILURES: usize = 5;
/// The days they must be spread over.
const DAYS: usize = 3;
/// The window, in seconds.
const WINDOW: i64 = 30 * 86_400;

sql! {
    INSERT = "INSERT INTO soft_failure (workspace, address, at, contact) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace, address, at) DO NOTHING";
    SINCE = "SELECT at FROM soft_failure WHERE workspace = $1 AND address = $2 AND at >= $3 ORDER BY at";
    TRIM = "DELETE FROM soft_failure WHERE workspace = $1 AND address = $2 AND at < $3";
    ERASE_SOFT_FAILURES = "DELETE FROM soft_failure WHERE workspace = $1 AND contact = $2";
}

/// Whether a class of the bounce reference is a soft failure.
pub(crate) fn is_soft(class: &str) -> bool {
    matches!(class, "soft" | "full" | "transient")
}

/// Whether failures at these instants are enough.
fn reached(failures: &[Timestamp]) -> bool {
    let mut days: Vec<i32> = failures.iter().map(|at| at.day()).collect();
    days.dedup();
    failures.len() >= FAILURES && days.len() >= DAYS
}

/// Counts a final soft failure and suppresses the address when there were too many.
///
/// # Errors
/// The store's.
pub(crate) async fn count(ctx: &Ctx, gate: &Gate, contact: ContactId, address: Blind) -> Result<()> {
    let now = ctx.now();
    let mut since = now.plus_seconds(-WINDOW);
    let mut batch = ctx.batch();
    batch.push(INSERT, params![ctx.workspace, address, now, contact]);
    batch.push(TRIM, params![ctx.workspace, address, since]);
    ctx.db.apply(batch).await?;
    let interest = |event: &people::events::EventRow| {
        event.class == EventClass::Human && matches!(event.kind, EventKind::Opened | EventKind::Clicked)
    };
    if let Some(event) = people::events::of(ctx, contact, 100).await?.into_iter().find(interest) {
        since = since.max(event.at);
    }
    let failures: Vec<(Timestamp,)> = ctx.db.all(SINCE, params![ctx.workspace, address, since]).await?;
    let failures: Vec<Timestamp> = failures.into_iter().map(|row| row.0).collect();
    if reached(&failures) {
        let withdrawal = Withdrawal {
            subject: contact,
            addresses: vec![address],
            scope: Scope::Address,
            reason: Reason::SoftLimit,
            evidence: json!({ "failures": failures.len() }),
        };
        gate.withdraw(ctx, withdrawal).await?;
    }
    Ok(())
}

store::personal!(store::PersonalTable {
    table: "soft_failure",
    class: "abuse",
    subject: "contact",
    columns: &["address"],
    erase: &[ERASE_SOFT_FAILURES],
    kept: None,
    collect: None,
});

#[cfg(test)]
mod tests {
    use super::{Timestamp, reached};

    #[test]
    fn five_failures_count_only_over_three_days() {
        let at = |day: i64| Timestamp(day * Timestamp::DAY);
        assert!(reached(&[at(1), at(1), at(2), at(2), at(3)]));
        assert!(!reached(&[at(1), at(1), at(1), at(2), at(2)]));
        assert!(!reached(&[at(1), at(2), at(3), at(4)]));
    }
}
