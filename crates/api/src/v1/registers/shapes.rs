//! What the registers' requests and answers look like. Only the document is made of these; the privacy engine
//! reads and writes the same members, and a test holds every answer against its shape.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// Somebody who answers for the processing.
#[derive(Serialize, ToSchema)]
pub(super) struct Party {
    name: String,
    /// The postal address.
    address: String,
    email: String,
    phone: String,
}

/// A place where data rest.
#[derive(Serialize, ToSchema)]
pub(super) struct HostingPlace {
    /// What is there, such as "database and backups".
    what: String,
    /// City and country.
    place: String,
}

/// Who answers for the processing.
#[derive(Serialize, ToSchema)]
pub(super) struct ControllerEntry {
    controller: Party,
    /// Controllers who decide together with it (GDPR Art. 26).
    joint: Vec<Party>,
    /// Its representative in the Union (Art. 27).
    representative: Option<Party>,
    /// The data protection officer (Art. 37).
    dpo: Option<Party>,
    /// The supervisory authority that leads.
    authority: String,
    /// Where the data live.
    hosting: Vec<HostingPlace>,
    /// Technical and organisational measures, in general terms (Art. 30(1)(g)).
    measures: Vec<String>,
    /// Hours in which an incident must have been assessed; 24 when null.
    incident_hours: Option<u32>,
    /// Counts changes; 0 while nothing was ever said. Give it back to notice somebody else's change.
    version: i64,
    #[schema(format = DateTime)]
    updated_at: Option<String>,
}

/// A purpose of the catalogue.
#[derive(Serialize, ToSchema)]
pub(super) struct PurposeRecord {
    id: String,
    /// Used in statements, claims and asks.
    code: String,
    /// Shown to people.
    name: String,
    /// Of the W3C Data Privacy Vocabulary.
    concept: String,
    /// The retention class of what is kept for it.
    retention: String,
    #[schema(format = DateTime)]
    created_at: String,
    /// Not used for anything new since then.
    #[schema(format = DateTime)]
    retired_at: Option<String>,
    /// The lawful basis; empty while nobody said.
    basis: String,
}

/// A person whose relationship changed, so that their purposes wait for a review.
#[derive(Serialize, ToSchema)]
pub(super) struct PurposeReview {
    id: String,
    contact: String,
    /// What the person was: `lead`, `subscriber`, `customer` or `former`.
    before: String,
    /// What the person is now.
    after: String,
    /// Since when it waits.
    #[schema(format = DateTime)]
    opened_at: String,
    #[schema(format = DateTime)]
    closed_at: Option<String>,
}

/// One language of an announcement.
#[derive(Serialize, ToSchema)]
pub(super) struct AnnouncementWords {
    subject: String,
    /// In paragraphs.
    text: String,
}

/// What an announcement says, in both languages.
#[derive(Serialize, ToSchema)]
pub(super) struct AnnouncementLetter {
    en: AnnouncementWords,
    ar: AnnouncementWords,
    /// Where to read more on this server.
    path: Option<String>,
}

/// What the registers made the workspace say.
#[derive(Serialize, ToSchema)]
pub(super) struct AnnouncementEntry {
    id: String,
    /// What it is, such as `notice_changed`.
    kind: String,
    /// Who is to read it.
    audience: String,
    letter: AnnouncementLetter,
    /// Since when it waits or went out.
    #[schema(format = DateTime)]
    created_at: String,
    /// When everybody had been gone through.
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    /// Messages that the gate let pass.
    queued: i64,
    /// People who could not be written to.
    refused: i64,
}

/// What became of a year's requests of public authorities.
#[derive(Serialize, ToSchema)]
pub(super) struct TransparencyYear {
    /// Requests that arrived.
    received: u64,
    /// Requests that were answered, at least in part.
    answered: u64,
    refused: u64,
    /// Requests of which people may not be told yet.
    barred: u64,
    /// People whose records were handed out.
    people: u64,
}

/// The years in which a request arrived.
#[derive(Serialize, ToSchema)]
#[serde(transparent)]
pub(super) struct TransparencyReport(BTreeMap<String, TransparencyYear>);

/// What is known of a document.
#[derive(Serialize, ToSchema)]
pub(super) struct DocumentDraft {
    /// `dpa`, `scc`, `transfer_assessment`, `iso_certificate`, `soc_report`, `pen_test`, `dpia`, `confidentiality` or `other`.
    kind: String,
    title: String,
    /// Whose it is, when it concerns a recipient of the register.
    processor: Option<String>,
    /// Its first day.
    #[schema(format = Date)]
    valid_from: Option<String>,
    /// Its last day.
    #[schema(format = Date)]
    expires_on: Option<String>,
    /// So many days before the last one people are reminded; 30 when null.
    remind_days: Option<u32>,
    /// Where the document lies.
    #[schema(required = false)]
    place: String,
    #[schema(required = false)]
    note: String,
}

/// A document of the register.
#[derive(Serialize, ToSchema)]
pub(super) struct DocumentEntry {
    id: String,
    kind: String,
    title: String,
    processor: Option<String>,
    #[schema(format = Date)]
    valid_from: Option<String>,
    #[schema(format = Date)]
    expires_on: Option<String>,
    remind_days: Option<u32>,
    place: String,
    note: String,
    /// `valid`, `expiring`, `expired` or `retired`.
    state: String,
    #[schema(format = DateTime)]
    retired_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}
