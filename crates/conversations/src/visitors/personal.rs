//! What the table holds about a person, for erasure, access answers and retention.

use kernel::{ContactId, VisitorId};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, DueBy, PersonalTable, RetentionRule, SubjectKeys};

use super::find;

fn collect<'a>(ctx: &'a Ctx, subject: ContactId, _: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let visitor = find(ctx, VisitorId(subject.0)).await.map_err(|error| store::Error::Refused(error.problem()))?;
        let Some(visitor) = visitor else { return Ok(Vec::new()) };
        let profile = &visitor.profile;
        Ok(vec![json!({
            "visitor": visitor.id,
            "name": profile.name,
            "email": profile.email,
            "phone": profile.phone,
            "language": profile.language,
            "country": profile.country,
            "browser": profile.browser,
            "known_to_the_site_as": profile.outside,
            "attributes": profile.attributes,
            "may_be_seen": visitor.tracking,
            "visits": visitor.visits,
            "first_seen": visitor.created_at,
            "last_seen": visitor.seen_at,
        })])
    })
}

store::personal!(PersonalTable {
    table: "visitor",
    class: "comms.traffic",
    subject: "id",
    columns: &["sealed", "outside"],
    erase: &[super::UNLINK, super::ERASE],
    kept: None,
    collect: Some(collect),
});
store::retention!(RetentionRule {
    table: "visitor",
    class: "comms.traffic",
    covers: &[],
    event: "the last visit",
    due_by: DueBy::Instant,
    find: super::DUE,
    end: &[super::ERASE],
    before: None,
    after: None,
});
