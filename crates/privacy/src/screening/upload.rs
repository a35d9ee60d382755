use std::sync::Arc;

use accounts::audit;
use jiff::tz::TimeZone;
use kernel::{Code, Date, Problem, ScreeningId, Timestamp};
use store::{Blind, Ctx, WorkspaceKeys, params};

use super::entry::{Line, Reader};
use super::{Screening, get, list, queries};
use crate::rules::Country;
use crate::vocabulary::Channel;
use crate::{Error, Result};

/// The largest list, in bytes: 512 MiB.
const MAX_BYTES: u64 = 512 << 20;
/// The longest line, in bytes; a longer one is not read.
const MAX_LINE: usize = 1024;
/// Entries written in one commit.
const CHUNK: usize = 2000;
/// The most lists in force at the same time.
const MAX_LISTS: usize = 100;

/// Which list it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The country whose people it names.
    pub country: Country,
    /// The channel it concerns.
    pub channel: Channel,
    /// Its name, such as `ecg`, `robinson`, `ctps`; a new upload of the same name replaces the old one.
    pub list: String,
    /// Who delivered it.
    pub source: String,
    /// The day the register made it; its thirty days count from here.
    pub dated: Date,
}

impl Draft {
    fn check(&self, now: Timestamp) -> Result<Timestamp> {
        let wrong = |field, detail| Err(Error::Invalid { field, detail });
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
        if !(1..=40).contains(&self.list.len()) || !self.list.bytes().all(plain) {
            return wrong("list", "1 to 40 of a-z, 0-9, '_' and '-'");
        }
        if !(1..=200).contains(&self.source.trim().chars().count()) {
            return wrong("source", "say who delivered the list, in 1 to 200 characters");
        }
        let dated = self.dated.to_zoned(TimeZone::UTC).map(|at| Timestamp::from(at.timestamp()));
        match dated {
            // East of Greenwich the day has begun already.
            Ok(at) if at <= now.plus_seconds(14 * 3600) => Ok(at),
            _ => wrong("dated", "the day lies in the future"),
        }
    }
}

/// A list on its way in. It is in force when it has come in whole, not before.
pub struct Upload {
    ctx: Ctx,
    keys: Arc<WorkspaceKeys>,
    draft: Draft,
    id: ScreeningId,
    line: Vec<u8>,
    overlong: bool,
    waiting: Vec<Blind>,
    forms: u8,
    bytes: u64,
    entries: u64,
    unreadable: u64,
}

/// A list that has come in whole.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Loaded {
    /// The list.
    #[serde(flatten)]
    pub screening: Screening,
    /// Lines that could not be read as an entry.
    pub unreadable: u64,
}

impl Upload {
    /// Begins to take a list.
    ///
    /// # Errors
    /// [`Error::Invalid`] when what is said about it is wrong, or a hundred lists are in force.
    pub async fn begin(ctx: &Ctx, draft: Draft) -> Result<Self> {
        let dated = draft.check(ctx.now())?;
        let same = |one: &&Screening| {
            (one.country.as_str(), one.channel, &one.list) == (draft.country.as_str(), draft.channel, &draft.list)
        };
        let lists = list(ctx).await?;
        if lists.len() >= MAX_LISTS && !lists.iter().any(|one| same(&one)) {
            return Err(Error::Invalid { field: "list", detail: "a workspace has at most 100 lists" });
        }
        let (id, keys) = (ctx.id::<ScreeningId>(), ctx.keys().await?);
        let (country, channel) = (draft.country.as_str(), draft.channel.as_str());
        let (name, source, actor) = (draft.list.as_str(), draft.source.trim(), ctx.actor.to_string());
        let mut batch = ctx.batch();
        batch.push(queries::BEGIN, params![ctx.workspace, id, country, channel, name, source, dated, actor, ctx.now()]);
        ctx.db.apply(batch).await?;
        Ok(Self {
            ctx: ctx.clone(),
            keys,
            draft,
            id,
            line: Vec::new(),
            overlong: false,
            waiting: Vec::with_capacity(CHUNK),
            forms: 0,
            bytes: 0,
            entries: 0,
            unreadable: 0,
        })
    }

    /// Takes the next bytes, broken anywhere.
    ///
    /// # Errors
    /// When the list is larger than 512 MiB; when the store fails.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MAX_BYTES {
            self.abandon().await?;
            let problem = Problem::new(Code::PayloadTooLarge, "a list has at most 512 MiB");
            return Err(store::Error::from(problem).into());
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let ends = piece.last() == Some(&b'\n');
            let room = MAX_LINE - self.line.len();
            self.overlong |= piece.len() > room + usize::from(ends);
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            if ends {
                self.take_line();
            }
            if self.waiting.len() >= CHUNK {
                self.flush().await?;
            }
        }
        Ok(())
    }

    fn take_line(&mut self) {
        let reader = Reader { keys: &self.keys, country: self.draft.country, channel: self.draft.channel };
        match reader.read(&self.line) {
            _ if self.overlong => self.unreadable += 1,
            Line::Empty => {}
            Line::Unreadable => self.unreadable += 1,
            Line::Entry(hash, form) => {
                self.forms |= form;
                self.entries += 1;
                self.waiting.push(hash);
            }
        }
        self.line.clear();
        self.overlong = false;
    }

    async fn flush(&mut self) -> Result<()> {
        let mut batch = self.ctx.batch();
        for hash in self.waiting.drain(..) {
            batch.push(queries::INSERT_ENTRY, params![self.ctx.workspace, self.id, hash]);
        }
        if !batch.is_empty() {
            self.ctx.db.apply(batch).await?;
        }
        Ok(())
    }

    async fn abandon(&mut self) -> Result<()> {
        let mut batch = self.ctx.batch();
        batch.push(queries::ABANDON, params![self.ctx.workspace, self.id]);
        self.ctx.db.apply(batch).await?;
        Ok(())
    }

    /// Puts the list in force in place of the one it replaces.
    ///
    /// # Errors
    /// [`Error::Invalid`] when no line of it names anybody, or more lines cannot be read than can: then
    /// the old list stays.
    pub async fn finish(mut self) -> Result<Loaded> {
        self.take_line();
        if self.entries == 0 || self.unreadable > self.entries {
            self.abandon().await?;
            return Err(Error::Invalid {
                field: "body",
                detail: "not a list of one address, number, SHA-1 or SHA-256 (hex) of an address per line",
            });
        }
        self.flush().await?;
        let (ctx, draft) = (&self.ctx, &self.draft);
        let mut batch = ctx.batch();
        batch.guard(queries::FINISH, params![ctx.workspace, self.id, self.forms, self.entries]);
        let (country, channel) = (draft.country.as_str(), draft.channel.as_str());
        batch.push(queries::REPLACE_OLDER, params![ctx.workspace, self.id, country, channel, draft.list.as_str()]);
        audit::record(&mut batch, ctx, "screening.uploaded", &[&self.id]);
        ctx.db.apply(batch).await?;
        Ok(Loaded { screening: get(ctx, self.id).await?, unreadable: self.unreadable })
    }
}
