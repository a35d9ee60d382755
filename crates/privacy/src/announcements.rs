//! Messages that a register makes the workspace send: a material change of a notice, an incident, a change
//! of recipients, a document about to expire. This crate knows no channel: it keeps the letter and who is
//! to read it, and enqueues a job; outbound sends it through the gate, to everybody once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kernel::{AnnouncementId, ContactId, RawId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Batch, BoxFuture, Ctx, NewJob, SubjectKeys, params};

use crate::vocabulary::vocabulary;
use crate::{Error, Result, entry};

/// The queue of the job that sends an announcement; its payload is `{"announcement": id}`.
pub const QUEUE: &str = "privacy.announcement";

const CONTENT: &str = "announcement.content";

/// The registers' words, by language and key.
type Book = BTreeMap<String, String>;

static BOOKS: LazyLock<[(&str, Book); 2]> = LazyLock::new(|| {
    // A test reads both files; a text that cannot be read is refused as missing.
    let book = |text| serde_json::from_str(text).unwrap_or_default();
    [
        ("en", book(include_str!("../../../i18n/en/registers.json"))),
        ("ar", book(include_str!("../../../i18n/ar/registers.json"))),
    ]
});

/// A text of `i18n/*/registers.json` with values in place of `{name}`.
///
/// # Errors
/// [`Error::NotFound`] when there is no such text in the language.
pub fn words(language: &str, key: &str, values: &[(&str, &str)]) -> Result<String> {
    let (_, book) = BOOKS.iter().find(|(known, _)| *known == language).ok_or(Error::NotFound("language"))?;
    let mut rest = book.get(key).ok_or(Error::NotFound("text"))?.as_str();
    let mut out = String::with_capacity(rest.len());
    // One pass, so that a value which itself contains braces is not filled in again.
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

vocabulary! {
    /// Who is to read an announcement.
    Audience as "audience" {
        /// Everybody who works in the workspace: the users of the service.
        Members = "members",
        /// The members who answer for privacy.
        Officers = "officers",
        /// The people on the announcement's own list.
        Listed = "listed",
        /// Everybody with a live consent that names a version of the notice it is about.
        Consenting = "consenting",
    }
}

/// A text in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The subject line.
    pub subject: String,
    /// The text, in paragraphs.
    pub text: String,
}

/// What is sent, in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// In English.
    pub en: Words,
    /// In Arabic.
    pub ar: Words,
    /// Where to read more on this server: a path.
    #[serde(default)]
    pub path: Option<String>,
}

impl Letter {
    /// The letter `letter.{kind}` of the registers' words.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn written(kind: &str, values: &[(&str, &str)]) -> Result<Self> {
        let one = |language| -> Result<Words> {
            let subject = words(language, &format!("letter.{kind}.subject"), values)?;
            Ok(Words { subject, text: words(language, &format!("letter.{kind}.text"), values)? })
        };
        Ok(Self { en: one("en")?, ar: one("ar")?, path: None })
    }

    /// With a link to a page of this server.
    pub fn at(mut self, path: String) -> Self {
        self.path = Some(path);
        self
    }

    /// Bounds a text that a member wrote. Statutory letters say the same to everybody: no merge tags.
    ///
    /// # Errors
    /// The field at fault.
    pub fn checked(self) -> Result<Self> {
        let one = |language: &str, words: Words| -> Result<Words> {
            let subject = entry::needed_line(&format!("{language}.subject"), &words.subject)?;
            let text = entry::text(&format!("{language}.text"), &words.text)?;
            if text.is_empty() {
                return Err(entry::wrong(format!("{language}.text"), "this text is needed"));
            }
            for (part, field) in [(&subject, "subject"), (&text, "text")] {
                if ["{{", "}}", "{%", "*|", "|*"].iter().any(|tag| part.contains(tag)) {
                    return Err(entry::wrong(format!("{language}.{field}"), "a statutory letter has no merge tags"));
                }
            }
            Ok(Words { subject, text })
        };
        Ok(Self { en: one("en", self.en)?, ar: one("ar", self.ar)?, path: self.path })
    }
}

store::sql! {
    INSERT = "INSERT INTO announcement (workspace, id, kind, audience, about, content, created_at, finished_at, queued, refused)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0, 0)";
    ONE = "SELECT id, kind, audience, about, content, created_at, finished_at, queued, refused FROM announcement
        WHERE workspace = $1 AND id = $2";
    ALL = "SELECT id, kind, audience, about, content, created_at, finished_at, queued, refused FROM announcement
        WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    FINISH = "UPDATE announcement SET finished_at = $3, queued = $4, refused = $5
        WHERE workspace = $1 AND id = $2 AND finished_at IS NULL";
    pub(crate) LIST_AFFECTED = "INSERT INTO announcement_recipient (workspace, announcement, subject, told_at, outcome)
        SELECT workspace, CAST($2 AS {id}), subject, NULL, NULL FROM incident_subject WHERE workspace = $1 AND incident = $3";
    INSERT_RECIPIENT = "INSERT INTO announcement_recipient (workspace, announcement, subject, told_at, outcome)
        VALUES ($1, $2, $3, NULL, NULL) ON CONFLICT (workspace, announcement, subject) DO NOTHING";
    WAITING = "SELECT subject FROM announcement_recipient WHERE workspace = $1 AND announcement = $2 AND subject > $3
        AND told_at IS NULL ORDER BY subject LIMIT $4";
    TOLD = "UPDATE announcement_recipient SET told_at = $4, outcome = $5
        WHERE workspace = $1 AND announcement = $2 AND subject = $3 AND told_at IS NULL";
    OF_SUBJECT = "SELECT a.kind, r.told_at, r.outcome FROM announcement_recipient r
        JOIN announcement a ON a.workspace = r.workspace AND a.id = r.announcement
        WHERE r.workspace = $1 AND r.subject = $2";
    DUE = "SELECT r.subject, a.created_at, r.announcement, r.subject FROM announcement a
        JOIN announcement_recipient r ON r.workspace = a.workspace AND r.announcement = a.id
        WHERE a.workspace = $1 AND a.created_at < $2 ORDER BY a.created_at LIMIT $3";
    END = "DELETE FROM announcement_recipient WHERE workspace = $1 AND announcement = $2 AND subject = $3";
    ERASE = "DELETE FROM announcement_recipient WHERE workspace = $1 AND subject = $2";
    CONSENTING = "SELECT DISTINCT subject FROM claim WHERE workspace = $1 AND subject > $2
        AND state IN ('given', 'renewed') AND basis IN ('consent', 'express_consent', 'express_written_consent', 'explicit_consent')
        ORDER BY subject LIMIT $3";
}

store::row! {
    struct Row {
        id: AnnouncementId,
        kind: String,
        audience: String,
        about: RawId,
        content: Vec<u8>,
        created_at: Timestamp,
        finished_at: Option<Timestamp>,
        queued: i64,
        refused: i64,
    }
}

/// An announcement and how far it has come.
#[derive(Debug, Clone, Serialize)]
pub struct Announcement {
    /// Its id.
    pub id: AnnouncementId,
    /// What it is, such as `notice_changed`.
    pub kind: String,
    /// Who is to read it.
    pub audience: Audience,
    /// Of which notice, incident, recipient or document.
    #[serde(skip)]
    pub about: RawId,
    /// What is sent.
    pub letter: Letter,
    /// Since when it waits or went out.
    pub created_at: Timestamp,
    /// When everybody had been gone through.
    pub finished_at: Option<Timestamp>,
    /// Messages that the gate let pass.
    pub queued: i64,
    /// People who could not be written to.
    pub refused: i64,
}

async fn open(ctx: &Ctx, row: Row) -> Result<Announcement> {
    Ok(Announcement {
        id: row.id,
        kind: row.kind,
        audience: row.audience.parse().map_err(|_| Error::Corrupt("announcement"))?,
        about: row.about,
        letter: entry::open(ctx.keys().await?.as_ref(), CONTENT, &row.content)?,
        created_at: row.created_at,
        finished_at: row.finished_at,
        queued: row.queued,
        refused: row.refused,
    })
}

/// Adds an announcement and the job that sends it to the caller's batch.
///
/// # Errors
/// When the workspace's keys cannot be had.
pub async fn announce(
    batch: &mut Batch,
    ctx: &Ctx,
    (kind, audience): (&str, Audience),
    about: RawId,
    letter: &Letter,
) -> Result<AnnouncementId> {
    let id: AnnouncementId = ctx.id();
    let content = entry::seal(ctx.keys().await?.as_ref(), CONTENT, letter)?;
    batch.push(INSERT, params![ctx.workspace, id, kind, audience.as_str(), about, content, ctx.now()]);
    batch.job(NewJob::now(QUEUE, json!({ "announcement": id })).key(id.to_string()));
    Ok(id)
}

/// Puts a person on an announcement's list.
pub fn add_recipient(batch: &mut Batch, ctx: &Ctx, id: AnnouncementId, subject: ContactId) {
    batch.push(INSERT_RECIPIENT, params![ctx.workspace, id, subject]);
}

/// An announcement.
///
/// # Errors
/// [`Error::NotFound`]; store errors.
pub async fn get(ctx: &Ctx, id: AnnouncementId) -> Result<Announcement> {
    let row: Option<Row> = ctx.db.opt(ONE, params![ctx.workspace, id]).await?;
    open(ctx, row.ok_or(Error::NotFound("announcement"))?).await
}

/// Announcements, newest first, older than `before` when given.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx, before: Option<AnnouncementId>, limit: u32) -> Result<Vec<Announcement>> {
    let before = before.unwrap_or(AnnouncementId([0xff; 16]));
    let rows: Vec<Row> = ctx.db.all(ALL, params![ctx.workspace, before, limit]).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(open(ctx, row).await?);
    }
    Ok(out)
}

/// People on the list after `after` who were not told yet.
///
/// # Errors
/// When the store fails.
pub async fn waiting(ctx: &Ctx, id: AnnouncementId, after: ContactId, limit: u32) -> Result<Vec<ContactId>> {
    let rows: Vec<(ContactId,)> = ctx.db.all(WAITING, params![ctx.workspace, id, after, limit]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Records what became of people on the list: queued, or the reason why not.
///
/// # Errors
/// When the store fails.
pub async fn told(ctx: &Ctx, id: AnnouncementId, outcomes: &[(ContactId, String)]) -> Result<()> {
    let mut batch = ctx.batch();
    for (subject, outcome) in outcomes {
        batch.push(TOLD, params![ctx.workspace, id, *subject, ctx.now(), outcome]);
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Notes that everybody was gone through, and how many messages were let pass and refused.
///
/// # Errors
/// When the store fails.
pub async fn finish(ctx: &Ctx, id: AnnouncementId, queued: u64, refused: u64) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(FINISH, params![ctx.workspace, id, ctx.now(), queued, refused]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The next people after `after` with a live consent, and whether each one's evidence names a version of
/// the notice `notice`. The whole evidence is in the ledger; this reads it person by person.
///
/// # Errors
/// When the store fails or the ledger is damaged.
pub async fn consenting(ctx: &Ctx, notice: &str, after: ContactId, limit: u32) -> Result<Vec<(ContactId, bool)>> {
    let rows: Vec<(ContactId,)> = ctx.db.all(CONSENTING, params![ctx.workspace, after, limit]).await?;
    let versions = crate::notices::ids_of(ctx, notice).await?;
    let keys = ctx.keys().await?;
    let mut out = Vec::with_capacity(rows.len());
    for (subject,) in rows {
        let subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
        let live = crate::claims::list(ctx, subject).await?;
        let live: Vec<String> = live
            .iter()
            .filter(|claim| claim.state.is_valid() && claim.basis.is_consent())
            .map(|claim| claim.event.to_string())
            .collect();
        let events = crate::ledger::open(ctx, &keys, subject, &subject_keys).await?;
        let names = events.iter().any(|event| {
            let is_live =
                event.header.get("id").and_then(Json::as_str).is_some_and(|id| live.iter().any(|one| one == id));
            let shown = event.payload.as_ref().and_then(|payload| payload.get("notice")).and_then(Json::as_str);
            is_live && shown.is_some_and(|shown| versions.iter().any(|id| id == shown))
        });
        out.push((subject, names));
    }
    Ok(out)
}

fn collect<'a>(ctx: &'a Ctx, subject: ContactId, _: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<(String, Option<Timestamp>, Option<String>)> =
            ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject]).await?;
        Ok(rows.into_iter().map(|(kind, at, outcome)| json!({ "kind": kind, "at": at, "outcome": outcome })).collect())
    })
}

store::personal!(store::PersonalTable {
    table: "announcement_recipient",
    class: "comms.traffic",
    subject: "subject",
    columns: &[],
    erase: &[ERASE],
    kept: None,
    collect: Some(collect),
});
store::retention!(store::RetentionRule {
    table: "announcement_recipient",
    class: "comms.traffic",
    covers: &[],
    event: "the announcement was made",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});

#[cfg(test)]
mod tests {
    use super::*;

    fn holes(text: &str) -> Vec<&str> {
        let mut out: Vec<&str> = text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let [(_, english), (_, arabic)] = &*BOOKS;
        assert!(english.len() > 20);
        assert_eq!(english.keys().collect::<Vec<_>>(), arabic.keys().collect::<Vec<_>>());
        for (key, text) in english {
            assert_eq!(holes(text), holes(&arabic[key]), "{key}");
        }
    }

    #[test]
    fn values_are_filled_in_once() {
        let letter = Letter::written("processor_added", &[("name", "{day}"), ("service", "x"), ("day", "1")]).unwrap();
        assert!(letter.en.text.contains("{day}"), "{}", letter.en.text);
        assert!(Letter::written("nothing", &[]).is_err());
    }

    #[test]
    fn letters_take_no_merge_tags() {
        let words = |text: &str| Words { subject: "s".into(), text: text.into() };
        let letter = |text: &str| Letter { en: words(text), ar: words("نص"), path: None };
        assert!(letter("plain { text }").checked().is_ok());
        for bad in ["{{ email }}", "*|FNAME|*", " "] {
            assert!(letter(bad).checked().is_err(), "{bad}");
        }
    }
}
