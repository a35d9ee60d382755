use kernel::{AuthorityRequestId, ContactId, Timestamp};
use serde::Serialize;
use serde_json::Value as Json;
use store::{Ctx, PersonalTable};

use super::record::{self, Request};
use super::subjects;
use crate::{Result, entry};

/// Members of a record that say when it came to be, the most telling first.
const INSTANTS: [&str; 12] = [
    "at",
    "sent_at",
    "occurred_at",
    "created_at",
    "recorded_at",
    "given_at",
    "first_at",
    "since",
    "state_at",
    "day",
    "updated_at",
    "requested_at",
];

/// One record that is handed out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// Of whom.
    pub subject: ContactId,
    /// From which table.
    pub table: &'static str,
    /// Its class.
    pub class: &'static str,
    /// When it came to be.
    pub at: Timestamp,
    /// The record.
    pub record: Json,
}

/// What is handed out, and nothing else.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Export {
    /// For which request.
    pub request: AuthorityRequestId,
    /// When.
    pub at: Timestamp,
    /// The categories that the request names.
    pub categories: Vec<String>,
    /// From this instant on.
    pub period_from: Option<Timestamp>,
    /// Before this instant.
    pub period_to: Option<Timestamp>,
    /// The records.
    pub records: Vec<Record>,
}

/// The instant of an id made of it (UUIDv7): milliseconds in its first six bytes.
fn minted(text: &str) -> Option<Timestamp> {
    let id: kernel::ProvenanceId = text.parse().ok()?;
    let raw: kernel::RawId = id.into();
    let millis = raw[..6].iter().fold(0i64, |all, byte| (all << 8) | i64::from(*byte));
    (millis > 0).then(|| Timestamp(millis.saturating_mul(1_000)))
}

/// When a record came to be: what it says itself, else when its source was written down. A record of which
/// that cannot be said is in no period.
fn instant(record: &Json) -> Option<Timestamp> {
    let text = |name: &str| record.get(name).and_then(Json::as_str);
    let own = INSTANTS.iter().find_map(|name| {
        let text = text(name)?;
        text.parse().ok().or_else(|| format!("{text}T00:00:00Z").parse().ok())
    });
    let dated = || text("value").filter(|_| text("field") == Some("created_at")).and_then(|text| text.parse().ok());
    let header = || record.pointer("/header/at").and_then(Json::as_str).and_then(|text| text.parse().ok());
    own.or_else(header).or_else(dated).or_else(|| text("provenance").and_then(minted))
}

async fn of_person(ctx: &Ctx, request: &Request, subject: ContactId) -> Result<Vec<Record>> {
    let keys = ctx.vault.subject(ctx.workspace, subject).await?;
    let mut out = Vec::new();
    if keys.data().is_err() {
        return Ok(out);
    }
    let wanted =
        |table: &PersonalTable| request.intake.categories.iter().any(|one| one == table.table || one == table.class);
    let inside = |at: Timestamp| {
        request.intake.period_from.is_some_and(|from| at >= from) && request.intake.period_to.is_some_and(|to| at < to)
    };
    for table in PersonalTable::all().filter(|table| wanted(table)) {
        let Some(collect) = table.collect else { continue };
        for record in collect(ctx, subject, &keys).await? {
            if let Some(at) = instant(&record).filter(|at| inside(*at)) {
                out.push(Record { subject, table: table.table, class: table.class, at, record });
            }
        }
    }
    out.sort_by_key(|record| (record.table, record.at));
    Ok(out)
}

/// Hands out the named categories of the named period of the people named. Those with something in it are
/// told, and the disclosure recorded, at once or as soon as nothing bars it any more.
///
/// # Errors
/// 409 naming the checks that do not hold; 409 when nobody is named or the request is closed.
pub async fn export(ctx: &Ctx, id: AuthorityRequestId) -> Result<Export> {
    let request = record::get(ctx, id).await?;
    let failing: Vec<&'static str> =
        request.checks.iter().filter(|check| !check.holds).map(|check| check.check).collect();
    if !failing.is_empty() {
        return Err(entry::incomplete("this request", &failing));
    }
    if request.closed_at.is_some() {
        return Err(entry::conflict("this request is closed"));
    }
    let people = subjects::people(ctx, id).await?;
    if people.is_empty() {
        return Err(entry::incomplete("this request", &["people"]));
    }
    let mut records = Vec::new();
    let mut batch = ctx.batch();
    for subject in people {
        let found = of_person(ctx, &request, subject).await?;
        if found.is_empty() {
            continue;
        }
        subjects::disclosed(&mut batch, ctx, id, subject);
        records.extend(found);
    }
    record::exported(&mut batch, ctx, &request);
    ctx.db.apply(batch).await?;
    let after = record::get(ctx, id).await?;
    let barred = after.intake.barred_until.is_some_and(|until| until > ctx.now());
    if !barred && after.subjects_told_at.is_none() && !records.is_empty() {
        record::tell(ctx, &after).await?;
    }
    Ok(Export {
        request: id,
        at: ctx.now(),
        categories: request.intake.categories,
        period_from: request.intake.period_from,
        period_to: request.intake.period_to,
        records,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn records_say_when_they_came_to_be() {
        let at = Some("2026-05-01T00:00:00Z".parse().unwrap());
        assert_eq!(instant(&json!({ "at": "2026-05-01T00:00:00Z" })), at);
        assert_eq!(instant(&json!({ "day": "2026-05-01" })), at);
        assert_eq!(instant(&json!({ "field": "created_at", "value": "2026-05-01T00:00:00Z" })), at);
        assert_eq!(instant(&json!({ "field": "born", "value": "2026-05-01T00:00:00Z" })), None);
        assert_eq!(instant(&json!({ "name": "Lina" })), None);
    }
}
