//! Whoever received a person's data is told that they were erased, corrected or restricted
//! (GDPR Art. 19). One notice per recipient, delivered by outbound, acknowledged by the recipient.
//!
//! The recipient must be able to find the person, so a notice carries their addresses, sealed under
//! a key of its own that is destroyed when the notice is acknowledged, and after two weeks at the
//! latest.

use kernel::{ContactId, DisclosureId, EventId, Timestamp, WorkspaceId};
use serde::Serialize;
use serde_json::json;
use store::{Actor, Core, Ctx, NewJob, PersonalTable, WorkspaceKeys, params};

use crate::disclosures::{self, Disclosed};
use crate::vocabulary::vocabulary;
use crate::{Error, Result};

/// The queue of notices to deliver. Payload: `notice`.
pub const RECIPIENT_QUEUE: &str = "privacy.recipient";
/// Seconds after which an unanswered notice is given up and its key destroyed.
pub const LIFE: i64 = 14 * 86_400;

const COLUMN: &str = "recipient_notice.sealed";
const LABEL: &str = "recipient notice";

store::sql! {
    INSERT = "INSERT INTO recipient_notice (workspace, id, subject, disclosure, act, state, attempts, made_at, sent_at,
            acknowledged_at, sealed) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, NULL, NULL, $8)";
    GET = "SELECT id, subject, disclosure, act, state, attempts, made_at, sent_at, acknowledged_at, sealed
        FROM recipient_notice WHERE workspace = $1 AND id = $2";
    OF_SUBJECT = "SELECT id, subject, disclosure, act, state, attempts, made_at, sent_at, acknowledged_at, sealed
        FROM recipient_notice WHERE workspace = $1 AND subject = $2 ORDER BY id LIMIT 1000";
    TRIED = "UPDATE recipient_notice SET attempts = attempts + 1, state = $3, sent_at = $4
        WHERE workspace = $1 AND id = $2 AND acknowledged_at IS NULL";
    ACKNOWLEDGED = "UPDATE recipient_notice SET state = 'acknowledged', acknowledged_at = $3, sealed = NULL
        WHERE workspace = $1 AND id = $2 AND acknowledged_at IS NULL";
    GIVEN_UP = "UPDATE recipient_notice SET state = $3, sealed = NULL WHERE workspace = $1 AND id = $2";
    DUE = "SELECT subject, made_at, id FROM recipient_notice WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    END = "DELETE FROM recipient_notice WHERE workspace = $1 AND id = $2";
    OVER = "SELECT id, state FROM recipient_notice
        WHERE workspace = $1 AND made_at < $2 AND sealed IS NOT NULL ORDER BY id LIMIT 500";
}

vocabulary! {
    /// What recipients are told.
    Act as "act" {
        /// The data were erased: erase them too.
        Erased = "erased",
        /// They were corrected.
        Corrected = "corrected",
        /// They may be kept and nothing else.
        Restricted = "restricted",
    }
}

vocabulary! {
    /// Where a notice stands.
    State as "notice state" {
        /// Not delivered yet.
        Waiting = "waiting",
        /// Delivered.
        Sent = "sent",
        /// The recipient says it was done.
        Acknowledged = "acknowledged",
        /// Given up.
        Failed = "failed",
        /// Nobody knows where to send it; a human must.
        Unreachable = "unreachable",
    }
}

/// A notice to a recipient.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// Its id.
    pub id: EventId,
    /// Whose data.
    pub subject: ContactId,
    /// Which disclosure.
    pub disclosure: DisclosureId,
    /// What the recipient is told.
    pub act: Act,
    /// Where it stands.
    pub state: State,
    /// How often delivery was tried.
    pub attempts: i64,
    /// Since when.
    pub made_at: Timestamp,
    /// When it was delivered.
    pub sent_at: Option<Timestamp>,
    /// When the recipient said that it was done.
    pub acknowledged_at: Option<Timestamp>,
    /// The recipient's name; absent once the evidence is gone.
    pub recipient: Option<String>,
}

/// A notice that is to be delivered.
#[derive(Debug, Clone)]
pub struct Due {
    /// The notice.
    pub notice: Notice,
    /// To whom, and why they have the data.
    pub disclosed: Disclosed,
    /// The person's addresses (`email:…`, `phone:…`) as they were.
    pub addresses: Vec<String>,
}

store::row! {
    struct Stored {
        id: EventId,
        subject: ContactId,
        disclosure: DisclosureId,
        act: String,
        state: String,
        attempts: i64,
        made_at: Timestamp,
        sent_at: Option<Timestamp>,
        acknowledged_at: Option<Timestamp>,
        sealed: Option<Vec<u8>>,
    }
}

impl Stored {
    fn shown(&self, recipient: Option<String>) -> Result<Notice> {
        Ok(Notice {
            id: self.id,
            subject: self.subject,
            disclosure: self.disclosure,
            act: self.act.parse().map_err(|_| Error::Corrupt("notice"))?,
            state: self.state.parse().map_err(|_| Error::Corrupt("notice"))?,
            attempts: self.attempts,
            made_at: self.made_at,
            sent_at: self.sent_at,
            acknowledged_at: self.acknowledged_at,
            recipient,
        })
    }
}

/// Plans a notice for every recipient of a person's data. To be called while the person's addresses
/// can still be read.
///
/// # Errors
/// When the store fails.
pub async fn plan(ctx: &Ctx, subject: ContactId, act: Act, addresses: &[String]) -> Result<usize> {
    let found = disclosures::of_subject(ctx, subject).await?;
    if found.is_empty() {
        return Ok(0);
    }
    let plain = serde_json::to_vec(addresses).map_err(|_| Error::Corrupt("notice"))?;
    let mut batch = ctx.batch();
    for disclosed in &found {
        let id: EventId = ctx.id();
        let (state, sealed) = if disclosed.notify.is_some() {
            let keys = ctx.vault.create_subjects(ctx.workspace, &[ContactId(id.0)]).await?.pop().unwrap_or_default();
            let sealed = keys.data()?.seal(&ctx.aad(ContactId(id.0), COLUMN), &plain, ctx.rng.as_ref());
            batch.job(NewJob::now(RECIPIENT_QUEUE, json!({ "notice": id })).key(id.to_string()));
            (State::Waiting, Some(sealed))
        } else {
            (State::Unreachable, None)
        };
        batch.push(
            INSERT,
            params![ctx.workspace, id, subject, disclosed.id, act.as_str(), state.as_str(), ctx.now(), sealed],
        );
    }
    ctx.db.apply(batch).await?;
    Ok(found.len())
}

/// The notices about one person's data, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_subject(ctx: &Ctx, subject: ContactId) -> Result<Vec<Notice>> {
    let rows: Vec<Stored> = ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject]).await?;
    let known = disclosures::of_subject(ctx, subject).await?;
    let name = |id: DisclosureId| known.iter().find(|one| one.id == id).map(|one| one.recipient.clone());
    rows.iter().map(|row| row.shown(name(row.disclosure))).collect()
}

/// A notice that is still to be delivered; `None` when there is nothing to do any more.
///
/// # Errors
/// When the store fails.
pub async fn due(ctx: &Ctx, id: EventId) -> Result<Option<Due>> {
    let row: Option<Stored> = ctx.db.get(GET, params![ctx.workspace, id]).await?;
    let Some(row) = row else { return Ok(None) };
    let Some(disclosed) = disclosures::get(ctx, row.disclosure).await? else { return Ok(None) };
    let notice = row.shown(Some(disclosed.recipient.clone()))?;
    let keys = ctx.vault.subject(ctx.workspace, ContactId(id.0)).await?;
    let (Some(sealed), Ok(key), State::Waiting) = (&row.sealed, keys.data(), notice.state) else { return Ok(None) };
    let plain = key.open(&ctx.aad(ContactId(id.0), COLUMN), sealed)?;
    let addresses = serde_json::from_slice(&plain).map_err(|_| Error::Corrupt("notice"))?;
    Ok(Some(Due { notice, disclosed, addresses }))
}

/// Notes an attempt; `sent` when the notice was handed over.
///
/// # Errors
/// When the store fails.
pub async fn tried(ctx: &Ctx, id: EventId, sent: bool) -> Result<()> {
    let (state, at) = if sent { (State::Sent, Some(ctx.now())) } else { (State::Waiting, None) };
    let mut batch = ctx.batch();
    batch.push(TRIED, params![ctx.workspace, id, state.as_str(), at]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The recipient says that it was done: the notice's key is destroyed.
///
/// # Errors
/// When the store fails.
pub async fn acknowledged(ctx: &Ctx, id: EventId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(ACKNOWLEDGED, params![ctx.workspace, id, ctx.now()]);
    batch.feed(store::Feed { kind: "recipient.acknowledged", entity: id.0, data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(ctx.vault.destroy_data_keys(ctx.workspace, &[ContactId(id.0)]).await?)
}

/// The secret part of the link by which a recipient acknowledges.
pub fn token(keys: &WorkspaceKeys, workspace: WorkspaceId, id: EventId) -> String {
    keys.sign(LABEL, &[workspace.0, id.0].concat())
}

/// The notice of an acknowledgement link.
///
/// # Errors
/// [`Error::NotFound`] for forged links.
pub async fn of_token(core: &Core, token: &str) -> Result<(Ctx, Notice)> {
    let unknown = Error::NotFound("link");
    let Some((workspace, payload)) = core.vault.read_token(LABEL, token).await? else { return Err(unknown) };
    let ctx = core.ctx(workspace, Actor::System);
    let Ok(id) = payload.try_into().map(EventId) else { return Err(unknown) };
    let row: Option<Stored> = ctx.db.get(GET, params![ctx.workspace, id]).await?;
    let row = row.ok_or(Error::NotFound("link"))?;
    let disclosed = disclosures::get(&ctx, row.disclosure).await?;
    let notice = row.shown(disclosed.map(|disclosed| disclosed.recipient))?;
    Ok((ctx, notice))
}

/// Gives up what nobody acknowledged in time; the keys go.
pub(super) async fn sweep(ctx: &Ctx) -> Result<()> {
    let before = ctx.now().plus_seconds(-LIFE);
    let rows: Vec<(EventId, String)> = ctx.db.all(OVER, params![ctx.workspace, before]).await?;
    let mut batch = ctx.batch();
    for (id, state) in &rows {
        let to = if state == State::Sent.as_str() { State::Sent } else { State::Failed };
        batch.push(GIVEN_UP, params![ctx.workspace, *id, to.as_str()]);
    }
    if !batch.is_empty() {
        ctx.db.apply(batch).await?;
        let ids: Vec<ContactId> = rows.iter().map(|row| ContactId(row.0.0)).collect();
        ctx.vault.destroy_data_keys(ctx.workspace, &ids).await?;
    }
    Ok(())
}

store::personal!(PersonalTable {
    table: "recipient_notice",
    class: "disclosure",
    subject: "subject",
    columns: &["sealed"],
    erase: &[],
    kept: Some("proof that recipients were told (GDPR Art. 19), five years; addresses at most two weeks"),
    collect: None,
});
store::retention!(store::RetentionRule {
    table: "recipient_notice",
    class: "disclosure",
    covers: &[],
    event: "the notice was written",
    due_by: store::DueBy::Id,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});
