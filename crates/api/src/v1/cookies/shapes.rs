//! What cookie sites look like. Only the document is made of these; a test holds every answer against its shape.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// Something that a service stores in a browser.
#[derive(Serialize, ToSchema)]
pub(super) struct CookieItem {
    /// The name of the cookie or of the entry.
    name: String,
    /// For how many days; 0 for the visit.
    days: u16,
}

/// Something that a site loads.
#[derive(Serialize, ToSchema)]
pub(super) struct CookieService {
    name: String,
    provider: String,
    /// `necessary`, `preferences`, `statistics` or `marketing`.
    category: String,
    /// What it is for, in English.
    purpose_en: String,
    /// What it is for, in Arabic.
    purpose_ar: String,
    /// What is missing without it, in English.
    #[schema(required = false)]
    without_en: String,
    /// What is missing without it, in Arabic.
    #[schema(required = false)]
    without_ar: String,
    /// From where it is loaded.
    hosts: Vec<String>,
    entries: Vec<CookieItem>,
}

/// The site's own words in one language.
#[derive(Serialize, ToSchema)]
pub(super) struct CookieTexts {
    title: String,
    text: String,
}

/// What a site loads and how it asks.
#[derive(Serialize, ToSchema)]
pub(super) struct CookieDesign {
    /// The site's hosts: only they may report choices. `.example.com` means all below it as well.
    hosts: Vec<String>,
    /// One choice for all hosts below this domain; each host by itself when absent.
    shared_domain: Option<String>,
    /// How long a choice is remembered, in days, 1 to 396.
    days: u16,
    /// Where the question stands.
    position: String,
    /// The colour of the buttons, all of them.
    colour: String,
    /// Where the site's privacy notice stands.
    notice_url: Option<String>,
    services: Vec<CookieService>,
    /// By language (`en`, `ar`).
    texts: BTreeMap<String, CookieTexts>,
}

/// A site whose visitors are asked.
#[derive(Serialize, ToSchema)]
pub(super) struct CookieSiteEntry {
    id: String,
    /// What members call it.
    name: String,
    /// Counts changes; a proof names the version that was shown.
    version: i64,
    /// Counts the changes that visitors are asked about again.
    round: i64,
    design: CookieDesign,
    /// What the site's pages must load.
    embed: String,
    #[schema(format = DateTime)]
    archived_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

/// How many chose the same.
#[derive(Serialize, ToSchema)]
pub(super) struct CookieTally {
    /// What visitors did.
    action: String,
    /// The categories they allowed.
    choices: Vec<String>,
    count: u64,
}
