//! Who received people's data: providers, partners, other controllers, authorities.
//!
//! Whatever hands data out (a connector, an export for somebody, an approval, an order of an
//! authority) says so here, in the batch that does it. One row stands for one recipient, purpose
//! and reference of one person; handing out again counts it up. The access answer names every
//! actual recipient (GDPR Art. 15(1)(c)), and erasure, rectification and restriction are passed on
//! to each of them (Art. 19): therefore a row outlives its person's erasure, under the evidence key.

use kernel::{ContactId, DisclosureId, Email, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{Batch, BoxFuture, Ctx, PersonalTable, SubjectKeys, WorkspaceKeys, params};

use crate::vocabulary::vocabulary;
use crate::{Error, Result};

const COLUMN: &str = "disclosure.sealed";
/// Stands where a subject would, in disclosures that concern no single person.
const NOBODY: ContactId = ContactId([0; 16]);
const MAX_NAME: usize = 200;
const MAX_TEXT: usize = 500;
const MAX_CATEGORIES: usize = 50;

store::sql! {
    INSERT = "INSERT INTO disclosure (workspace, subject, recipient, id, kind, actor, first_at, last_at, times, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1, $8)
        ON CONFLICT (workspace, subject, recipient) DO UPDATE SET
            kind = excluded.kind, last_at = excluded.last_at, times = disclosure.times + 1, sealed = excluded.sealed";
    OF_SUBJECT = "SELECT id, subject, kind, actor, first_at, last_at, times, sealed FROM disclosure
        WHERE workspace = $1 AND subject = $2 ORDER BY recipient LIMIT 1000";
    GET = "SELECT id, subject, kind, actor, first_at, last_at, times, sealed FROM disclosure
        WHERE workspace = $1 AND id = $2";
    DUE = "SELECT subject, last_at, subject, recipient FROM disclosure
        WHERE workspace = $1 AND last_at < $2 ORDER BY last_at LIMIT $3";
    END = "DELETE FROM disclosure WHERE workspace = $1 AND subject = $2 AND recipient = $3";
    LIST = "SELECT id, subject, kind, actor, first_at, last_at, times, sealed FROM disclosure
        WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}

vocabulary! {
    /// What a recipient is in law.
    RecipientKind as "recipient kind" {
        /// Works on the data for the workspace (GDPR Art. 28).
        Processor = "processor",
        /// Decides for itself what it does with them.
        Controller = "controller",
        /// Decides together with the workspace, or belongs to its group.
        Partner = "partner",
        /// A court, an agency, the police.
        Authority = "authority",
    }
}

/// Where a recipient is told that data were erased, corrected or restricted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// A mail to this address.
    Email(Email),
    /// A signed POST to this https address.
    Url(String),
}

impl Notify {
    /// Reads an e-mail address or an https address.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is neither.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.len() <= 2000 && text.starts_with("https://") && text.len() > 8 && !text.contains(char::is_whitespace) {
            return Ok(Self::Url(text.to_owned()));
        }
        let wrong = Error::Invalid { field: "notify", detail: "an e-mail address or an https address" };
        Email::parse(text).map(Self::Email).map_err(|_| wrong)
    }
}

/// A disclosure to record.
#[derive(Debug, Clone)]
pub struct Disclosure<'a> {
    /// Whose data; `None` when a recipient gets them of everybody, or of nobody in particular.
    pub subject: Option<ContactId>,
    /// The recipient's name. At most 200 characters.
    pub recipient: &'a str,
    /// What the recipient is.
    pub kind: RecipientKind,
    /// Categories of data, such as `contact` or `comms.traffic`.
    pub categories: &'a [&'a str],
    /// What for, in words. At most 500 characters.
    pub purpose: &'a str,
    /// Where the recipient takes notices of erasure, correction and restriction.
    pub notify: Option<Notify>,
    /// What it hangs on: a connector, a contract, a file number. At most 500 characters.
    pub reference: Option<&'a str>,
}

/// A disclosure as read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disclosed {
    /// Its id.
    pub id: DisclosureId,
    /// Whose data; absent when no single person is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<ContactId>,
    /// The recipient's name.
    pub recipient: String,
    /// What the recipient is.
    pub kind: RecipientKind,
    /// Categories of data.
    pub categories: Vec<String>,
    /// What for.
    pub purpose: String,
    /// Where the recipient takes notices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify: Option<Notify>,
    /// What it hangs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Who handed the data out last.
    pub actor: String,
    /// The first time.
    pub first_at: Timestamp,
    /// The last time.
    pub last_at: Timestamp,
    /// How often.
    pub times: i64,
}

#[derive(Serialize, Deserialize)]
struct Words {
    recipient: String,
    categories: Vec<String>,
    purpose: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notify: Option<Notify>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

fn bounded(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::Invalid { field, detail: "must not be empty" });
    }
    if text.chars().count() > most {
        return Err(Error::Invalid { field, detail: "is too long" });
    }
    Ok(text.to_owned())
}

impl Words {
    fn read(disclosure: &Disclosure<'_>) -> Result<Self> {
        if disclosure.categories.len() > MAX_CATEGORIES {
            return Err(Error::Invalid { field: "categories", detail: "at most 50" });
        }
        let categories = disclosure.categories.iter().map(|name| bounded("categories", name, MAX_NAME));
        Ok(Self {
            recipient: bounded("recipient", disclosure.recipient, MAX_NAME)?,
            categories: categories.collect::<Result<_>>()?,
            purpose: bounded("purpose", disclosure.purpose, MAX_TEXT)?,
            notify: disclosure.notify.clone(),
            reference: disclosure.reference.map(|text| bounded("reference", text, MAX_TEXT)).transpose()?,
        })
    }

    fn key(&self, keys: &WorkspaceKeys) -> [u8; 16] {
        let text = |part: &str| kernel::fold(part).replace('\0', " ");
        let reference = self.reference.as_deref().unwrap_or_default();
        let whole = [text(&self.recipient), text(&self.purpose), text(reference)].join("\0");
        keys.mac("disclosure", whole.as_bytes())
    }
}

/// Records a disclosure in the batch that makes it. The recipient's name and everything else said
/// in words rests sealed: under the person's evidence key, or the workspace's when no single person
/// is meant.
///
/// # Errors
/// [`Error::Invalid`] by field; [`Error::NotFound`] when there is no such person; the store's.
pub async fn record(batch: &mut Batch, ctx: &Ctx, disclosure: Disclosure<'_>) -> Result<()> {
    let words = Words::read(&disclosure)?;
    let keys = ctx.keys().await?;
    let plain = serde_json::to_vec(&words).map_err(|_| Error::Corrupt("disclosure"))?;
    let subject = disclosure.subject.unwrap_or(NOBODY);
    let sealed = if subject == NOBODY {
        keys.seal(COLUMN, &plain)
    } else {
        let subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
        let evidence = subject_keys.evidence().map_err(|_| Error::NotFound("contact"))?;
        evidence.seal(&ctx.aad(subject, COLUMN), &plain, ctx.rng.as_ref())
    };
    let (id, kind, actor) = (ctx.id::<DisclosureId>(), disclosure.kind.as_str(), ctx.actor.to_string());
    batch.push(INSERT, params![ctx.workspace, subject, words.key(&keys), id, kind, actor, ctx.now(), sealed]);
    Ok(())
}

store::row! {
    struct Stored {
        id: DisclosureId,
        subject: ContactId,
        kind: String,
        actor: String,
        first_at: Timestamp,
        last_at: Timestamp,
        times: i64,
        sealed: Vec<u8>,
    }
}

impl Stored {
    /// `None` once the evidence key is gone.
    fn open(self, ctx: &Ctx, keys: &WorkspaceKeys, subject_keys: &SubjectKeys) -> Result<Option<Disclosed>> {
        let plain = if self.subject == NOBODY {
            keys.open(COLUMN, &self.sealed)?
        } else {
            let Ok(evidence) = subject_keys.evidence() else { return Ok(None) };
            evidence.open(&ctx.aad(self.subject, COLUMN), &self.sealed)?
        };
        let words: Words = serde_json::from_slice(&plain).map_err(|_| Error::Corrupt("disclosure"))?;
        Ok(Some(Disclosed {
            id: self.id,
            subject: Some(self.subject).filter(|subject| *subject != NOBODY),
            recipient: words.recipient,
            kind: self.kind.parse().map_err(|_| Error::Corrupt("recipient kind"))?,
            categories: words.categories,
            purpose: words.purpose,
            notify: words.notify,
            reference: words.reference,
            actor: self.actor,
            first_at: self.first_at,
            last_at: self.last_at,
            times: self.times,
        }))
    }
}

/// Every recipient of one person's data, also after erasure while the evidence is kept.
///
/// # Errors
/// When the store fails or a record is damaged.
pub async fn of_subject(ctx: &Ctx, subject: ContactId) -> Result<Vec<Disclosed>> {
    let subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
    let keys = ctx.keys().await?;
    let rows: Vec<Stored> = ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject]).await?;
    rows.into_iter().filter_map(|row| row.open(ctx, &keys, &subject_keys).transpose()).collect()
}

/// One entry of the register; `None` when it is not there or its evidence is gone.
///
/// # Errors
/// When the store fails or the record is damaged.
pub async fn get(ctx: &Ctx, id: DisclosureId) -> Result<Option<Disclosed>> {
    let row: Option<Stored> = ctx.db.opt(GET, params![ctx.workspace, id]).await?;
    let Some(row) = row else { return Ok(None) };
    let subject_keys = ctx.vault.subject(ctx.workspace, row.subject).await?;
    row.open(ctx, ctx.keys().await?.as_ref(), &subject_keys)
}

/// Recipients that get data of everybody, or of nobody in particular.
///
/// # Errors
/// When the store fails or a record is damaged.
pub async fn general(ctx: &Ctx) -> Result<Vec<Disclosed>> {
    of_subject(ctx, NOBODY).await
}

/// The register, newest first, before a given entry.
///
/// # Errors
/// When the store fails or a record is damaged.
pub async fn list(ctx: &Ctx, before: Option<DisclosureId>, limit: u32) -> Result<Vec<Disclosed>> {
    let before = before.unwrap_or(DisclosureId([0xff; 16]));
    let rows: Vec<Stored> = ctx.db.all(LIST, params![ctx.workspace, before, limit]).await?;
    let subjects: Vec<ContactId> = rows.iter().map(|row| row.subject).collect();
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subjects(ctx.workspace, &subjects).await?);
    rows.into_iter()
        .zip(&subject_keys)
        .filter_map(|(row, subject_keys)| row.open(ctx, &keys, subject_keys).transpose())
        .collect()
}

fn collect<'a>(ctx: &'a Ctx, subject: ContactId, _: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let mut found = of_subject(ctx, subject).await?;
        found.extend(general(ctx).await?);
        found.iter().map(|one| serde_json::to_value(one).map_err(|_| store::Error::Column("JSON"))).collect()
    })
}

store::personal!(PersonalTable {
    table: "disclosure",
    class: "disclosure",
    subject: "subject",
    columns: &["recipient", "sealed"],
    erase: &[],
    kept: Some("who received the data, so that recipients can be told to erase them (GDPR Art. 19); five years"),
    collect: Some(collect),
});
store::retention!(store::RetentionRule {
    table: "disclosure",
    class: "disclosure",
    covers: &[],
    event: "the data were last handed out",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});
