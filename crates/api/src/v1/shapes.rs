//! What answers look like that the slices render themselves. Only the document is made of these; a
//! test holds every one of them against what is really answered.

use std::collections::BTreeMap;

use content::design::Design;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

/// A contact.
#[derive(Serialize, ToSchema)]
pub(super) struct Contact {
    id: String,
    /// The address that is written to.
    email: Option<String>,
    /// The number that is called.
    phone: Option<String>,
    emails: Vec<String>,
    /// In E.164.
    phones: Vec<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// Language tag.
    language: Option<String>,
    /// ISO 3166.
    country: Option<String>,
    /// IANA name.
    time_zone: Option<String>,
    company: Option<String>,
    recipient_type: Option<String>,
    /// Custom fields by key.
    attributes: BTreeMap<String, Json>,
    /// Names of tags.
    tags: Vec<String>,
    /// Name of the topic → `pending`, `subscribed` or `unsubscribed`.
    topics: BTreeMap<String, String>,
    /// The newest hundred: kind, campaign, instant.
    events: Vec<Json>,
    /// Put aside: kept, and no longer written to.
    archived: bool,
    /// Counts changes.
    version: i64,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

/// A topic.
#[derive(Serialize, ToSchema)]
pub(super) struct Topic {
    id: String,
    name: String,
    /// What people get, in English.
    description_en: String,
    /// What people get, in Arabic.
    description_ar: String,
    /// The purpose people consent to.
    purpose: String,
    /// Whether a sign-up waits for the person's confirmation.
    double_opt_in: bool,
    /// Whether the preference centre shows it to everybody.
    public: bool,
    /// Out of use since.
    #[schema(format = DateTime)]
    archived_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    /// How many people by state; where one topic is read, and in lists with `counts`.
    members: Option<BTreeMap<String, u64>>,
}

/// A tag.
#[derive(Serialize, ToSchema)]
pub(super) struct Tag {
    id: String,
    name: String,
    #[schema(format = DateTime)]
    created_at: String,
    /// How many people have it; in lists with `counts`.
    people: Option<u64>,
}

/// A custom field.
#[derive(Serialize, ToSchema)]
pub(super) struct Field {
    /// Under which values are stored.
    key: String,
    /// `text`, `number`, `bool` or `date`.
    kind: String,
    /// What people call it.
    label: String,
    /// What it is kept for.
    purpose: String,
    #[schema(format = DateTime)]
    created_at: String,
    /// How many people have a value; in lists with `counts`.
    people: Option<u64>,
}

/// A saved segment.
#[derive(Serialize, ToSchema)]
pub(super) struct Segment {
    id: String,
    name: String,
    /// Who is in it.
    r#where: Json,
    /// Counts changes.
    version: i64,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    /// Since when it is in the bin.
    #[schema(format = DateTime)]
    deleted_at: Option<String>,
    /// When the bin lets it go; in lists of the bin.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
}

/// The body of a message as its author wrote it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the document is made of it")]
pub(super) enum WrittenBody {
    /// An MJML document.
    Mjml(String),
    /// An HTML document or fragment.
    Html(String),
    /// A document of the block editor.
    Design(Box<Design>),
}

/// A message in one language, as its author wrote it.
#[derive(Serialize, ToSchema)]
pub(super) struct Written {
    body: WrittenBody,
    /// The text part; made from the body when absent.
    text: Option<String>,
    /// With merge tags.
    subject: String,
    /// The line shown beside the subject.
    preheader: Option<String>,
    /// Language tag.
    language: String,
}

/// The same message in several languages.
#[derive(Serialize, ToSchema)]
pub(super) struct WrittenVariants {
    /// For everybody whose language has no variant of its own.
    default: Written,
    /// By language tag.
    #[schema(required = false)]
    by_language: BTreeMap<String, Written>,
}

/// A saved design.
#[derive(Serialize, ToSchema)]
pub(super) struct Template {
    id: String,
    name: String,
    /// What it contains; lists leave it out.
    source: Option<WrittenVariants>,
    /// Counts changes.
    revision: i64,
    /// Lists leave it out.
    #[schema(format = DateTime)]
    created_at: Option<String>,
    #[schema(format = DateTime)]
    updated_at: String,
    /// `usr_…`, `key_…`, `console` or `system`: who changed it last.
    updated_by: Option<String>,
    /// Since when it is in the bin; in lists.
    #[schema(format = DateTime)]
    deleted_at: Option<String>,
    /// When the bin lets it go; in lists of the bin.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
}

/// A campaign.
#[derive(Serialize, ToSchema)]
pub(super) struct Campaign {
    id: String,
    /// `campaign`, or `prospecting` for people who did not ask.
    kind: String,
    /// What a campaign to prospects states: `targeting`, `activity`, `assessment`.
    prospecting: Option<Json>,
    /// The segment's condition as it was frozen when sending was decided.
    criteria: Option<Json>,
    /// `draft`, `scheduled`, `preparing`, `sending`, `paused`, `sent` or `cancelled`.
    state: String,
    name: String,
    from_name: String,
    from_email: String,
    reply_to: Option<String>,
    topic: String,
    segment: Option<String>,
    purpose: String,
    reason: Option<String>,
    track: bool,
    /// `email` or `sms`.
    channel: String,
    /// What a campaign by SMS says instead of subject and content; null by e-mail.
    sms: Option<CampaignTexts>,
    /// Why it waits by itself: `insufficient_balance` (paused until it is resumed) or `daily_cap` (until tomorrow, UTC).
    halted_by: Option<String>,
    /// The content; lists leave it out.
    content: Option<Written>,
    /// The content in other languages, by language tag; lists leave it out.
    variants: Option<BTreeMap<String, Written>>,
    /// Counts changes of the draft.
    version: i64,
    /// The same; give it back with a change to be shown what somebody else did meanwhile.
    revision: i64,
    /// The subject of the first language.
    subject: String,
    /// `usr_…`, `key_…`, `console` or `system`: who changed the draft last.
    updated_by: Option<String>,
    /// Their name, when it was a member.
    updated_by_name: Option<String>,
    /// When a test was sent last.
    #[schema(format = DateTime)]
    tested_at: Option<String>,
    /// Since when it is in the bin.
    #[schema(format = DateTime)]
    deleted_at: Option<String>,
    /// When the bin lets it go.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
    #[schema(format = DateTime)]
    scheduled_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    /// When sending was asked for.
    #[schema(format = DateTime)]
    started_at: Option<String>,
    /// When everything had ended.
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    counts: Counts,
}

/// What a campaign by SMS says.
#[derive(Serialize, ToSchema)]
pub(super) struct CampaignTexts {
    /// The words, with merge tags.
    text: String,
    /// Language tag.
    language: String,
    /// The words in other languages, by language tag.
    variants: BTreeMap<String, String>,
    /// From which originator; null when each country decides.
    originator: Option<String>,
    /// Whether web addresses are written short.
    shorten: bool,
    /// For how many seconds a message may be delivered; null for two days.
    validity: Option<u32>,
}

/// What is told of a campaign by SMS besides.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportTexts {
    /// Messages that telephones have.
    delivered: u64,
    /// Sent, and no receipt says yet what became of them.
    unconfirmed: u64,
    /// Their validity ended, or no receipt ever came.
    expired: u64,
    /// Waiting because the campaign is paused.
    held: u64,
    /// Parts of all messages that were not denied.
    parts: u64,
    /// What is charged so far, in millionths of the currency.
    cost_micros: i64,
    /// What is set aside for messages under way, in millionths.
    reserved_micros: i64,
    /// The balance's currency (ISO 4217).
    currency: String,
    /// People who followed a link, as far as they allow counting.
    clicked: u64,
    /// People who left by an answer or by the link to leave.
    unsubscribed: u64,
    /// Messages, parts and money by country.
    by_country: Vec<ReportCountry>,
}

/// What went to one country.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportCountry {
    /// The country (ISO 3166).
    country: String,
    /// Messages that were not denied.
    messages: u64,
    /// Their parts.
    parts: u64,
    /// What was charged, in millionths of the currency.
    cost_micros: i64,
}

/// How many deliveries stand where.
#[derive(Serialize, ToSchema)]
pub(super) struct Counts {
    queued: u64,
    sending: u64,
    sent: u64,
    failed: u64,
    /// Accepted first, returned later.
    bounced: u64,
    /// The gate said no.
    denied: u64,
    cancelled: u64,
    /// The process died during the hand-over; not sent again.
    in_doubt: u64,
    denied_by_reason: BTreeMap<String, u64>,
    /// Failures at hand-over and bounces together.
    failed_by_class: BTreeMap<String, u64>,
    /// Bounces alone.
    bounced_by_class: BTreeMap<String, u64>,
}

/// Counts of one kind of hit, by who caused it.
#[derive(Serialize, ToSchema)]
pub(super) struct HitsByClass {
    /// Caused by people.
    human: u64,
    /// Probably caused by a mail program on its own.
    probable_machine: u64,
    /// Caused by scanners and robots.
    machine: u64,
    /// Different messages with at least one hit by a person.
    unique_human: u64,
}

/// Clicks of one link.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportLink {
    /// Its number in the content; `data-link` in the campaign's shown content.
    number: u32,
    /// Where it leads; a link with merge tags as the author wrote it.
    url: String,
    clicks: HitsByClass,
}

/// What happened in one hour.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportHour {
    /// The hour's first instant.
    #[schema(format = DateTime)]
    at: String,
    /// Messages handed over; null while the audience is being read.
    sent: Option<u64>,
    /// Messages that came back; null while the audience is being read.
    bounced: Option<u64>,
    opens: HitsByClass,
    clicks: HitsByClass,
    /// How many left.
    unsubscribed: u64,
    /// How many reported it as spam.
    complained: u64,
}

/// One step of a campaign's way to people.
#[derive(Serialize, ToSchema)]
pub(super) struct FunnelStep {
    /// `selected`, `denied`, `sent`, `delivered`, `opened`, `clicked`, `unsubscribed` or `complained`.
    step: String,
    people: u64,
}

/// Something that figures do not say by themselves.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportNote {
    /// `tracking_off`, `opens_are_a_lower_bound`, `machine_opens`, `still_going`, `in_doubt` or `figures_kept_only`.
    code: String,
    /// The number it speaks of: of machine opens, per cent of all opens.
    value: Option<u64>,
}

/// The numbers of a campaign.
#[derive(Serialize, ToSchema)]
pub(super) struct Report {
    id: String,
    state: String,
    queued: u64,
    sending: u64,
    sent: u64,
    failed: u64,
    bounced: u64,
    denied: u64,
    cancelled: u64,
    in_doubt: u64,
    denied_by_reason: BTreeMap<String, u64>,
    /// Failures at hand-over and bounces together.
    failed_by_class: BTreeMap<String, u64>,
    /// Bounces alone.
    bounced_by_class: BTreeMap<String, u64>,
    /// Everybody who was selected, whatever became of the message.
    selected: u64,
    /// Sent and not returned.
    delivered: u64,
    /// Step by step, in people.
    funnel: Vec<FunnelStep>,
    /// Whether opens and clicks are counted, of those who allow it.
    track: bool,
    /// What must be known to read the figures rightly.
    notes: Vec<ReportNote>,
    unsubscribed: u64,
    complained: u64,
    opens: HitsByClass,
    clicks: HitsByClass,
    /// Per link.
    links: Vec<ReportLink>,
    /// Per hour.
    series: Vec<ReportHour>,
    /// What is told of a campaign by SMS besides; null by e-mail.
    sms: Option<ReportTexts>,
}

/// What the gate would say to a campaign now.
#[derive(Serialize, ToSchema)]
pub(super) struct Preflight {
    /// Subscribers of the topic who are in the segment.
    selected: u64,
    /// Who would be written to.
    allowed: u64,
    /// Who would not, by reason.
    denied: BTreeMap<String, u64>,
    /// Of the allowed, who would wait, by reason.
    deferred: BTreeMap<String, u64>,
    /// What keeps the whole campaign from being sent: code and detail.
    blockers: Vec<Json>,
}

/// One message to one person.
#[derive(Serialize, ToSchema)]
pub(super) struct Delivery {
    id: String,
    contact: String,
    /// `queued`, `sending`, `sent`, `failed`, `bounced`, `denied`, `cancelled` or `in_doubt`.
    state: String,
    /// Why: a reason of the gate, or a class of bounces.
    reason: Option<String>,
    /// The row of the rule pack that decided.
    rule: String,
    /// The lawful basis it rests on; empty when denied.
    basis: String,
    attempts: u32,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    sent_at: Option<String>,
    /// The next hop's status code.
    status: Option<String>,
}

/// An endpoint of outgoing webhooks.
#[derive(Serialize, ToSchema)]
pub(super) struct Webhook {
    id: String,
    url: String,
    kinds: Vec<String>,
    /// How messages are written: `barid` or `appointlet`.
    shape: String,
    /// `active`, `paused` or `disabled`.
    state: String,
    /// Why it is disabled.
    reason: Option<String>,
    #[schema(format = DateTime)]
    failing_since: Option<String>,
    created_by: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    /// What signs the messages; in the answer that made the endpoint, and never again.
    secret: Option<String>,
}

/// An API key as listed.
#[derive(Serialize, ToSchema)]
pub(super) struct Key {
    id: String,
    name: String,
    /// What it may do.
    scopes: Vec<String>,
    created_by: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Give or take an hour.
    #[schema(format = DateTime)]
    used_at: Option<String>,
    /// Whether what it sends is only tried out: it never leaves this machine and costs nothing.
    test: bool,
}

/// An entry of the audit trail.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditEntry {
    id: String,
    #[schema(format = DateTime)]
    at: String,
    /// `usr_…`, `key_…`, `console`, `system` or `person`.
    actor: String,
    /// `area.verb`.
    action: String,
    /// Ids of what it was done to.
    objects: Vec<String>,
    detail: Option<Json>,
}

/// A workspace.
#[derive(Serialize, ToSchema)]
pub(super) struct Workspace {
    id: String,
    name: String,
    /// Its name in addresses.
    slug: String,
    language: String,
    /// What marketing messages carry.
    postal_address: String,
    /// Free settings such as `default_sender`.
    settings: Json,
    /// The roles that need a second factor.
    second_factor: Vec<String>,
    /// `pending`, `active`, `suspended` or `closed`.
    state: String,
    /// Counts changes.
    version: i64,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    /// The gate's settings.
    gate: Json,
}

/// What happened to one table when a person was erased.
#[derive(Serialize, ToSchema)]
pub(super) struct ErasedTable {
    table: String,
    /// Its retention class.
    class: String,
    /// Whether the rows were deleted.
    erased: bool,
    /// Why rows stay, when they do.
    kept: Option<String>,
    /// Until when at the latest.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// The kind of hold that keeps the rows for now.
    held: Option<String>,
    /// The class that the hold keeps, when it is another than the table's.
    held_class: Option<String>,
    /// The provision by which the rows may stay.
    article: Option<String>,
}

/// A signed statement that a person was erased.
#[derive(Serialize, ToSchema)]
pub(super) struct Certificate {
    id: String,
    /// How it is signed: 2 is Ed25519 over the JSON without `signature` in canonical form (RFC 8785); absent in
    /// the first certificates.
    version: Option<u32>,
    workspace: String,
    subject: String,
    #[schema(format = DateTime)]
    requested_at: String,
    #[schema(format = DateTime)]
    completed_at: String,
    /// How many keyed hashes keep the person from being written to.
    suppressed: u64,
    /// Table by table: what was deleted, what law or a hold keeps, by which provision and until when.
    tables: Vec<ErasedTable>,
    note: String,
    /// Ed25519, in hex.
    public_key: String,
    /// Over everything else, in hex.
    signature: String,
}

/// A signed head of the ledger.
#[derive(Serialize, ToSchema)]
pub(super) struct Checkpoint {
    workspace: String,
    /// The last record covered.
    seq: u64,
    /// Its hash, in hex.
    hash: String,
    #[schema(format = DateTime)]
    at: String,
    /// Ed25519, in hex.
    public_key: String,
    /// In hex.
    signature: String,
}

/// Everything held about one person.
#[derive(Serialize, ToSchema)]
pub(super) struct Answer {
    subject: String,
    #[schema(format = DateTime)]
    at: String,
    /// What processing rests on.
    basis: Vec<Json>,
    /// Table by table: values with references to sources, messages with basis and decision, evidence.
    sections: Vec<Json>,
    /// The sources that values refer to.
    sources: Vec<Json>,
    /// Disputes and tax duties that keep records for now.
    holds: Vec<Json>,
    /// Blocks in force.
    suppressions: Vec<Json>,
    /// The certificate, when the person was erased.
    erased: Option<Json>,
}
