//! Files in conversations: looked at before anybody else sees them, sealed under the subject's key.
//!
//! The media type is found by the first octets, never believed; a type that the widget does not allow, or that the
//! octets contradict, is refused. Where the operator names a scanner (a program or an address), a file waits until
//! it has answered.

use std::fmt::Write as _;

use kernel::{ContactId, ConversationId, FileId, Problem, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{BoxFuture, Ctx, DueBy, NewJob, PersonalTable, RetentionRule, SubjectKeys, params};

use crate::conversations::Conversation;
use crate::events::{self, FileRef};
use crate::hub::{Hub, Signal};
use crate::model::codes;
use crate::{Error, Result, text};

const SEALED: &str = "conversation_file.sealed";
const CONTENT: &str = "conversation_file.content";
/// The queue of files that wait for the scanner. Payload: `file`.
pub const SCAN_QUEUE: &str = "conversation.scan";
/// The media type of what only devices can read.
const OPAQUE: &str = "application/octet-stream";
/// The most files of a conversation.
const MOST: u64 = 200;

/// Media types that are recognised by their octets.
pub const KNOWN: [&str; 11] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "text/plain",
    "audio/mpeg",
    "audio/ogg",
    "video/mp4",
    "video/webm",
    "application/zip",
];

codes! {
    /// What the scanner said.
    #[schema(as = ConversationFileState)]
    FileState {
        /// Nothing yet.
        Checking = "checking",
        /// Nothing bad.
        Clean = "clean",
        /// Something bad: the content was destroyed.
        Refused = "refused",
    }
}

/// A file without its content.
#[derive(Debug, Clone)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// Where it was sent.
    pub conversation: ConversationId,
    /// A member sent it.
    pub by_agent: bool,
    /// What the scanner said.
    pub state: FileState,
    /// Its octets.
    pub size: u64,
    /// Its name and type.
    pub meta: Meta,
    /// When it came.
    pub created_at: Timestamp,
}

/// What a file is called; sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Its name.
    pub name: String,
    /// Its media type, as its octets say.
    pub media_type: String,
}

impl std::fmt::Debug for Meta {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

impl File {
    /// As an event shows it.
    pub fn reference(&self) -> FileRef {
        FileRef {
            id: self.id.to_string(),
            name: self.meta.name.clone(),
            media_type: self.meta.media_type.clone(),
            size: self.size,
        }
    }
}

store::sql! {
    INSERT = "INSERT INTO conversation_file (workspace, id, conversation, subject, by_agent, used, state, size, created_at, sealed, content)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    ONE = "SELECT id, conversation, subject, by_agent, state, size, created_at, sealed FROM conversation_file WHERE workspace = $1 AND id = $2";
    READ_CONTENT = "SELECT content FROM conversation_file WHERE workspace = $1 AND id = $2";
    COUNT = "SELECT CAST(count(*) AS BIGINT) FROM conversation_file WHERE workspace = $1 AND conversation = $2";
    SET_STATE = "UPDATE conversation_file SET state = $3 WHERE workspace = $1 AND id = $2";
    REFUSE = "UPDATE conversation_file SET state = $3, content = $4 WHERE workspace = $1 AND id = $2";
    USE = "UPDATE conversation_file SET used = $3 WHERE workspace = $1 AND id = $2";
    pub(crate) DELETE = "DELETE FROM conversation_file WHERE workspace = $1 AND id = $2";
    ERASE = "DELETE FROM conversation_file WHERE workspace = $1 AND subject = $2";
    DUE = "SELECT subject, created_at, id FROM conversation_file WHERE workspace = $1 AND created_at < $2 ORDER BY created_at LIMIT $3";
    UNUSED = "DELETE FROM conversation_file WHERE workspace = $1 AND used = $2 AND created_at < $3";
    OF_SUBJECT = "SELECT id, conversation, subject, by_agent, state, size, created_at, sealed FROM conversation_file WHERE workspace = $1 AND subject = $2 ORDER BY id";
}

store::row! {
    struct FileRow {
        id: FileId,
        conversation: ConversationId,
        subject: ContactId,
        by_agent: bool,
        state: FileState,
        size: u64,
        created_at: Timestamp,
        sealed: Vec<u8>,
    }
}

/// What octets are; none when nothing that is known.
pub fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let starts = |prefix: &[u8]| bytes.starts_with(prefix);
    let at = |from: usize, part: &[u8]| bytes.get(from..from + part.len()) == Some(part);
    Some(match bytes {
        _ if starts(b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if starts(b"\xff\xd8\xff") => "image/jpeg",
        _ if starts(b"GIF87a") || starts(b"GIF89a") => "image/gif",
        _ if starts(b"RIFF") && at(8, b"WEBP") => "image/webp",
        _ if starts(b"%PDF-") => "application/pdf",
        _ if starts(b"ID3") || starts(b"\xff\xfb") || starts(b"\xff\xf3") => "audio/mpeg",
        _ if starts(b"OggS") => "audio/ogg",
        _ if at(4, b"ftyp") => "video/mp4",
        _ if starts(b"\x1a\x45\xdf\xa3") => "video/webm",
        _ if starts(b"PK\x03\x04") => "application/zip",
        _ if is_plain(bytes) => "text/plain",
        _ => return None,
    })
}

/// Whether octets are words: UTF-8 without controls, and nothing that a browser would take for a page.
fn is_plain(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let head: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(1).collect();
    !text.chars().any(odd) && head != "<"
}

/// A name that no program takes for a path; long names are cut in the middle.
fn safe_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = base
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '"' | '<' | '>' | ':' | '|' | '?' | '*'))
        .collect();
    let plain = plain.trim().trim_matches('.').to_owned();
    if plain.is_empty() {
        return "file".to_owned();
    }
    if plain.chars().count() <= 120 {
        return plain;
    }
    let all: Vec<char> = plain.chars().collect();
    let (head, tail) = (&all[..80], &all[all.len() - 39..]);
    head.iter().chain(['…'].iter()).chain(tail).collect()
}

/// A file that came in.
pub struct Upload<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it says that it is.
    pub declared: Option<&'a str>,
    /// Its octets.
    pub bytes: &'a [u8],
    /// A member sent it.
    pub by_agent: bool,
}

/// Keeps a file for a conversation. With a scanner it waits; without one it is there at once.
///
/// # Errors
/// Too large, of a type that is not allowed, or another one than it says.
pub async fn keep(
    ctx: &Ctx,
    row: &Conversation,
    rules: &crate::widgets::FileRules,
    upload: Upload<'_>,
    scanned: bool,
) -> Result<File> {
    let size = upload.bytes.len() as u64;
    if size == 0 {
        return Err(Error::field("file", "is empty"));
    }
    let tag = if row.is_encrypted() { 16 } else { 0 };
    if size > rules.max_bytes + tag {
        let detail = format!("a file has at most {} octets here", rules.max_bytes);
        return Err(Problem::new(kernel::Code::PayloadTooLarge, detail).into());
    }
    let count: (u64,) = ctx.db.one(COUNT, params![ctx.workspace, row.id]).await?;
    if count.0 >= MOST {
        return Err(Error::State("a conversation has at most 200 files"));
    }
    if row.is_encrypted() {
        // Nobody but the devices can look into it: neither its type nor a scanner says anything.
        let meta = Meta { name: "encrypted".to_owned(), media_type: OPAQUE.to_owned() };
        return store_file(ctx, row, meta, (upload.bytes, upload.by_agent), false).await;
    }
    let found = recognised(rules, &upload)?;
    let meta = Meta { name: safe_name(upload.name), media_type: found.to_owned() };
    store_file(ctx, row, meta, (upload.bytes, upload.by_agent), scanned).await
}

/// What the octets are, when that is allowed and what the upload says of itself.
fn recognised(rules: &crate::widgets::FileRules, upload: &Upload<'_>) -> Result<&'static str> {
    let unsupported = |detail: String| Error::from(Problem::new(kernel::Code::UnsupportedMediaType, detail));
    let found = sniff(upload.bytes).ok_or_else(|| unsupported("this kind of file is not known".to_owned()))?;
    if !rules.types.iter().any(|allowed| allowed == found) {
        return Err(unsupported(format!("files of the type {found} are not allowed here")));
    }
    let declared = upload.declared.map(|text| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let vague = |text: &str| text.is_empty() || text == "application/octet-stream";
    if declared.as_deref().is_some_and(|declared| !vague(declared) && declared != found) {
        return Err(unsupported(format!("the file says that it is something else than {found}")));
    }
    Ok(found)
}

async fn store_file(
    ctx: &Ctx,
    row: &Conversation,
    meta: Meta,
    (bytes, by_agent): (&[u8], bool),
    scanned: bool,
) -> Result<File> {
    let size = bytes.len() as u64;
    let keys = ctx.vault.subject(ctx.workspace, row.subject).await?;
    let sealed = events::seal(ctx, (row.subject, &keys), SEALED, &meta)?;
    let content = keys.data()?.seal(&ctx.aad(row.subject, CONTENT), bytes, ctx.rng.as_ref());
    let (id, state): (FileId, _) = (ctx.id(), if scanned { FileState::Checking } else { FileState::Clean });
    let mut batch = ctx.batch();
    batch.push(
        INSERT,
        params![ctx.workspace, id, row.id, row.subject, by_agent, false, state, size, ctx.now(), sealed, content],
    );
    if scanned {
        batch.job(NewJob::now(SCAN_QUEUE, json!({ "file": id })));
    }
    ctx.db.apply(batch).await?;
    Ok(File { id, conversation: row.id, by_agent, state, size, meta, created_at: ctx.now() })
}

fn opened(ctx: &Ctx, row: FileRow, keys: &SubjectKeys) -> Result<File> {
    Ok(File {
        id: row.id,
        conversation: row.conversation,
        by_agent: row.by_agent,
        state: row.state,
        size: row.size,
        meta: events::open(ctx, (row.subject, keys), SEALED, &row.sealed)?,
        created_at: row.created_at,
    })
}

/// One file of a conversation.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, conversation: ConversationId, id: FileId) -> Result<File> {
    let row: Option<FileRow> = ctx.db.opt(ONE, params![ctx.workspace, id]).await?;
    let row = row.filter(|row| row.conversation == conversation).ok_or(Error::NotFound("file"))?;
    let keys = ctx.vault.subject(ctx.workspace, row.subject).await?;
    opened(ctx, row, &keys)
}

async fn octets(ctx: &Ctx, id: FileId, subject: ContactId) -> Result<Vec<u8>> {
    let content: (Vec<u8>,) = ctx.db.one(READ_CONTENT, params![ctx.workspace, id]).await?;
    let keys = ctx.vault.subject(ctx.workspace, subject).await?;
    Ok(keys.data()?.open(&ctx.aad(subject, CONTENT), &content.0)?)
}

/// The octets of a file that was found clean.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::State`] while it is looked at, and when it was refused.
pub async fn content(ctx: &Ctx, row: &Conversation, id: FileId) -> Result<(File, Vec<u8>)> {
    let file = get(ctx, row.id, id).await?;
    match file.state {
        FileState::Clean => {}
        FileState::Checking => return Err(Error::State("the file is still being checked")),
        FileState::Refused => return Err(Error::State("the file was found harmful and destroyed")),
    }
    let bytes = octets(ctx, id, row.subject).await?;
    Ok((file, bytes))
}

/// What waits for the scanner: the octets of a file, if it still waits.
///
/// # Errors
/// When the store fails.
pub async fn to_scan(ctx: &Ctx, id: FileId) -> Result<Option<Vec<u8>>> {
    let row: Option<FileRow> = ctx.db.opt(ONE, params![ctx.workspace, id]).await?;
    match row.filter(|row| row.state == FileState::Checking) {
        Some(row) => octets(ctx, id, row.subject).await.map(Some),
        None => Ok(None),
    }
}

/// What the scanner said. What is harmful is destroyed.
///
/// # Errors
/// When the store fails.
pub async fn scanned(ctx: &Ctx, hub: &Hub, id: FileId, clean: bool) -> Result<()> {
    let row: Option<FileRow> = ctx.db.opt(ONE, params![ctx.workspace, id]).await?;
    let Some(row) = row else { return Ok(()) };
    let mut batch = ctx.batch();
    if clean {
        batch.push(SET_STATE, params![ctx.workspace, id, FileState::Clean]);
    } else {
        batch.push(REFUSE, params![ctx.workspace, id, FileState::Refused, Vec::<u8>::new()]);
        accounts::audit::record(&mut batch, ctx, "conversation.file_refused", &[&row.conversation, &id]);
    }
    batch.feed(store::Feed { kind: "conversation.changed", entity: row.conversation.0, data: json!({}) });
    ctx.db.apply(batch).await?;
    let conversation = crate::conversations::get(ctx, row.conversation).await?;
    let signal = Signal::File { conversation: row.conversation, file: id };
    hub.tell_agents(ctx.workspace, &signal);
    if let Some(visitor) = conversation.visitor {
        hub.tell_visitor(ctx.workspace, visitor, &signal);
    }
    Ok(())
}

/// A file was sent: it stays.
///
/// # Errors
/// When the store fails.
pub async fn mark_used(ctx: &Ctx, id: FileId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(USE, params![ctx.workspace, id, true]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Deletes files that nobody sent within a day of uploading them.
///
/// # Errors
/// When the store fails.
pub async fn trim(ctx: &Ctx) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(UNUSED, params![ctx.workspace, false, ctx.now().plus_seconds(-86_400)]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The name as a header may carry it (RFC 6266, RFC 8187).
pub fn disposition(name: &str) -> String {
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            encoded.push(byte as char);
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

/// A name for a new file of a member, checked.
///
/// # Errors
/// Too long.
pub fn name(name: &str) -> Result<String> {
    text::line("name", name, 500)
}

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    keys: &'a SubjectKeys,
) -> BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let rows: Vec<FileRow> = ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject]).await?;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let file = opened(ctx, row, keys).map_err(|error| store::Error::Refused(error.problem()))?;
            out.push(json!({
                "file": file.id,
                "conversation": file.conversation,
                "name": file.meta.name,
                "type": file.meta.media_type,
                "size": file.size,
                "sent_by": if file.by_agent { "us" } else { "you" },
                "at": file.created_at,
            }));
        }
        Ok(out)
    })
}

store::personal!(PersonalTable {
    table: "conversation_file",
    class: "comms.content",
    subject: "subject",
    columns: &["sealed", "content"],
    erase: &[ERASE],
    kept: None,
    collect: Some(collect),
});
store::retention!(RetentionRule {
    table: "conversation_file",
    class: "comms.content",
    covers: &[],
    event: "the upload",
    due_by: DueBy::Instant,
    find: DUE,
    end: &[DELETE],
    before: None,
    after: None,
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn octets_say_what_they_are() {
        for (bytes, expected) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some("image/png")),
            (b"%PDF-1.7", Some("application/pdf")),
            (b"RIFF....WEBPVP8", Some("image/webp")),
            ("سلام\nworld".as_bytes(), Some("text/plain")),
            (b"<html><script>", None),
            (b"  <svg onload=x>", None),
            (b"MZ\x90\x00", None),
            (b"\x7fELF", None),
            (b"", Some("text/plain")),
        ] {
            assert_eq!(sniff(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn names_are_no_paths() {
        assert_eq!(safe_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_name("C:\\x\\invoice\u{202e}fdp.exe"), "invoicefdp.exe");
        assert_eq!(safe_name("..."), "file");
        assert_eq!(safe_name("فاتورة.pdf"), "فاتورة.pdf");
        assert!(disposition("فا \".pdf").is_ascii());
    }

    proptest! {
        #[test]
        fn any_octets_and_names_are_read(bytes: Vec<u8>, name in "\\PC{0,300}") {
            let _ = sniff(&bytes);
            let kept = safe_name(&name);
            prop_assert!(!kept.is_empty() && kept.chars().count() <= 120 && !kept.contains('/'));
        }
    }
}
