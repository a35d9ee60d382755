//! What answers about keeping and ending look like. Only the document is made of these; a test holds every
//! answer against its shape.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// A period chosen for a class.
#[derive(Serialize, ToSchema)]
pub(super) struct RetentionChoice {
    /// Everywhere, as an ISO 8601 duration.
    period: Option<String>,
    /// In a region, by its code (`eu`, a country's two letters).
    #[schema(required = false)]
    by_region: BTreeMap<String, String>,
}

/// What a workspace decides about keeping.
#[derive(Serialize, ToSchema)]
pub(super) struct RetentionWanted {
    /// The region whose periods count; the general ones when null.
    region: Option<String>,
    /// By class; what is absent counts as the class says.
    #[schema(required = false)]
    classes: BTreeMap<String, RetentionChoice>,
}

/// A class of records and how long it is kept here.
#[derive(Serialize, ToSchema)]
pub(super) struct RetentionClass {
    name: String,
    /// What kind of records.
    category: String,
    /// From what the period runs.
    trigger: String,
    /// What the class says.
    period: String,
    /// What counts here.
    effective: String,
    /// The shortest that may be chosen.
    min: String,
    /// The longest that may be chosen.
    max: String,
    /// What happens then.
    action: String,
    /// The ground of the bounds.
    basis: String,
    /// Whether people are in it.
    personal: bool,
}

/// A period below a legal minimum that waits for a second person.
#[derive(Serialize, ToSchema)]
pub(super) struct RetentionProposal {
    id: String,
    class: String,
    region: Option<String>,
    period: String,
    /// `open`, `confirmed` or `rejected`.
    state: String,
    proposed_by: String,
    #[schema(format = DateTime)]
    proposed_at: String,
    decided_by: Option<String>,
    #[schema(format = DateTime)]
    decided_at: Option<String>,
}

/// How long everything is kept.
#[derive(Serialize, ToSchema)]
pub(super) struct RetentionState {
    region: Option<String>,
    /// What was chosen here.
    overrides: BTreeMap<String, RetentionChoice>,
    classes: Vec<RetentionClass>,
    proposals: Vec<RetentionProposal>,
}

/// What came of choosing periods.
#[derive(Serialize, ToSchema)]
pub(super) struct RetentionChanged {
    classes: Vec<RetentionClass>,
    /// What waits for a second person now.
    proposed: Vec<RetentionProposal>,
}

/// One class and table of a report.
#[derive(Serialize, ToSchema)]
pub(super) struct RetentionLine {
    class: String,
    table: String,
    /// Rows whose time is over.
    due: u64,
    /// There are more than were counted.
    more: bool,
    /// Of those, rows that a hold keeps.
    held: u64,
    ended: u64,
    /// From when the oldest one's period runs.
    #[schema(format = DateTime)]
    oldest: Option<String>,
}

/// What a run of retention found and did.
#[derive(Serialize, ToSchema)]
pub(super) struct RetentionReport {
    id: String,
    /// `dry` or `real`.
    mode: String,
    #[schema(format = DateTime)]
    at: String,
    /// Whether nothing that is due was left for the next run.
    complete: bool,
    lines: Vec<RetentionLine>,
}

/// Something to be kept although its time is over.
#[derive(Serialize, ToSchema)]
pub(super) struct HoldDraft {
    /// `tax`, `dispute` or `government_order`.
    kind: String,
    /// The class that stays; all when null.
    class: Option<String>,
    /// The person whose records stay; everybody's when null.
    subject: Option<String>,
    /// In words: the case, the order.
    reason: String,
    /// When it ends by itself.
    #[schema(format = DateTime)]
    ends_on: Option<String>,
}

/// A hold.
#[derive(Serialize, ToSchema)]
pub(super) struct HoldEntry {
    id: String,
    kind: String,
    class: Option<String>,
    subject: Option<String>,
    reason: String,
    #[schema(format = DateTime)]
    ends_on: Option<String>,
    created_by: String,
    #[schema(format = DateTime)]
    created_at: String,
    lifted_by: Option<String>,
    #[schema(format = DateTime)]
    lifted_at: Option<String>,
}
