//! Entries of the change feed as a member may see them.

use accounts::members::{Permission, Permissions};
use kernel::{
    BookingId, CampaignId, ContactId, DocumentId, DomainId, EndpointId, EventTypeId, FormId, HostId, ImportId,
    IncidentId, RawId, RequestId, SegmentId, SequenceId, TagId, TemplateId, TopicId, WorkspaceId,
};
use store::feed::FeedRow;

use super::LiveChange;

/// How often a kind may occur in one reading before its entries are told as one.
const BURST: usize = 20;

/// What may be read by whom, and what its id looks like. Kinds that are not here are not told.
fn shown(kind: &str, entity: RawId) -> Option<(Permission, Option<String>)> {
    use Permission as P;
    let (area, verb) = kind.split_once('.')?;
    // Joins, departures and imports concern people, whatever they are named after.
    let (permission, id) = match (area, verb) {
        ("topic", "joined" | "left") | ("contact" | "consent", _) => {
            (P::ContactsRead, Some(ContactId(entity).to_string()))
        }
        ("contacts", "imported") | ("import", _) => (P::ContactsImport, Some(ImportId(entity).to_string())),
        ("topic", _) => (P::TopicsRead, Some(TopicId(entity).to_string())),
        ("tag", _) => (P::TagsRead, Some(TagId(entity).to_string())),
        ("segment", _) => (P::SegmentsRead, Some(SegmentId(entity).to_string())),
        ("form", _) => (P::FormsRead, Some(FormId(entity).to_string())),
        ("field", _) => (P::FieldsRead, None),
        ("template", _) => (P::TemplatesRead, Some(TemplateId(entity).to_string())),
        ("campaign", _) => (P::CampaignsRead, Some(CampaignId(entity).to_string())),
        ("sequence", _) => (P::CampaignsRead, Some(SequenceId(entity).to_string())),
        ("message", _) => (P::ReportsRead, None),
        ("domain", _) => (P::DomainsRead, Some(DomainId(entity).to_string())),
        ("webhook", _) => (P::WebhooksRead, Some(EndpointId(entity).to_string())),
        ("workspace", _) => (P::WorkspaceRead, Some(WorkspaceId(entity).to_string())),
        ("booking", "host.created" | "host.left") => (P::BookingsRead, Some(HostId(entity).to_string())),
        ("booking", verb) if verb.starts_with("schedule.") => (P::BookingsRead, None),
        ("booking", _) => (P::BookingsRead, Some(BookingId(entity).to_string())),
        ("event_type", _) => (P::BookingsRead, Some(EventTypeId(entity).to_string())),
        ("calendar", _) => (P::BookingsRead, None),
        ("incident", _) => (P::PrivacyRead, Some(IncidentId(entity).to_string())),
        ("document", _) => (P::PrivacyRead, Some(DocumentId(entity).to_string())),
        ("request", _) => (P::PrivacyRead, Some(RequestId(entity).to_string())),
        ("controller" | "notice" | "purpose" | "recipient" | "retention" | "hygiene", _) => (P::PrivacyRead, None),
        _ => return None,
    };
    Some((permission, id))
}

/// The entries that somebody with these permissions may see. What happened more than a few times is told
/// once, with its number; the same thing to the same object is told once.
pub(super) fn told(rows: &[FeedRow], may: Permissions) -> Vec<LiveChange> {
    let often = |kind: &str| rows.iter().filter(|row| row.kind == kind).count();
    let mut out: Vec<LiveChange> = Vec::new();
    for row in rows {
        let Some((permission, id)) = shown(&row.kind, row.entity) else { continue };
        if !may.has(permission) {
            continue;
        }
        let number = often(&row.kind);
        let many = number > BURST;
        let change = LiveChange {
            kind: row.kind.clone(),
            id: id.filter(|_| !many),
            count: many.then_some(number as u64),
            at: row.at,
        };
        match out.iter_mut().find(|known| known.kind == change.kind && known.id == change.id) {
            Some(known) => known.at = change.at,
            None => out.push(change),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use accounts::members::Role;
    use kernel::Timestamp;

    use super::*;

    fn row(seq: i64, kind: &str, entity: u8) -> FeedRow {
        FeedRow {
            seq,
            at: Timestamp(seq),
            kind: kind.to_owned(),
            entity: [entity; 16],
            data: serde_json::json!({ "address": "never told" }),
        }
    }

    #[test]
    fn members_hear_what_their_role_may_read() {
        let rows = [row(1, "contact.updated", 1), row(2, "campaign.updated", 2), row(3, "something.else", 3)];
        let kinds = |role: Role| told(&rows, role.permissions()).into_iter().map(|c| c.kind).collect::<Vec<_>>();
        assert_eq!(kinds(Role::Owner), ["contact.updated", "campaign.updated"]);
        assert_eq!(kinds(Role::Analyst), ["campaign.updated"]);
        assert_eq!(kinds(Role::Agent), ["contact.updated"]);
    }

    #[test]
    fn bursts_and_repetitions_are_told_once() {
        let mut rows: Vec<FeedRow> = (0..100).map(|n| row(n, "contact.updated", n as u8)).collect();
        rows.push(row(100, "campaign.updated", 1));
        rows.push(row(101, "campaign.updated", 1));
        let told = told(&rows, Permissions::all());
        assert_eq!(told.len(), 2);
        assert_eq!((told[0].id.as_deref(), told[0].count), (None, Some(100)));
        assert!(told[1].id.as_deref().unwrap().starts_with("cmp_"));
        assert_eq!(told[1].at, Timestamp(101));
    }
}
