use accounts::audit;
use kernel::{ContactId, TagId};
use privacy::gate::Gate;
use serde_json::json;
use store::{Batch, Ctx, params};

use super::{Action, Progress, Terms, queries};
use crate::export::Sheet;
use crate::import::job::INSERT_PART;
use crate::segments::live::Live;
use crate::subscribe::{Leave, unsubscribe};
use crate::{Error, ReadFor, Result, contacts, tags};

/// What became of a chunk.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Done {
    pub(super) changed: u64,
    pub(super) skipped: u64,
    pub(super) failed: u64,
    /// Parts added to the file.
    pub(super) parts: u64,
}

/// An act with everything it needs.
pub(super) struct Acting<'a> {
    ctx: &'a Ctx,
    gate: &'a Gate,
    live: &'a Live,
    action: Action,
    terms: Terms,
    tags: Vec<TagId>,
    sheet: Option<Sheet>,
}

impl<'a> Acting<'a> {
    pub(super) async fn new(
        ctx: &'a Ctx,
        (gate, live): (&'a Gate, &'a Live),
        job: &Progress,
        terms: Terms,
    ) -> Result<Self> {
        let mut found = Vec::new();
        for name in &terms.tags {
            found.extend(tags::by_name(ctx, name).await?.map(|tag| tag.id));
        }
        let sheet = if job.action == Action::Export { Some(Sheet::of(ctx).await?) } else { None };
        Ok(Self { ctx, gate, live, action: job.action, terms, tags: found, sheet })
    }

    /// How many people are dealt with before the place is written down.
    pub(super) const fn step(&self) -> usize {
        match self.action {
            Action::Tag | Action::Untag | Action::Export => 500,
            Action::Archive | Action::Unsubscribe => 50,
            Action::Erase => 10,
        }
    }

    /// Deals with a chunk and moves the job behind it.
    pub(super) async fn act(&self, job: &Progress, chunk: &[ContactId]) -> Result<Done> {
        let mut batch = self.ctx.batch();
        let done = match self.action {
            Action::Tag | Action::Untag => self.tag(&mut batch, chunk).await?,
            Action::Export => self.export(&mut batch, job, chunk).await?,
            Action::Archive | Action::Unsubscribe | Action::Erase => {
                let mut done = Done::default();
                for contact in chunk {
                    match self.one(*contact).await {
                        Ok(true) => done.changed += 1,
                        Ok(false)
                        | Err(
                            Error::NotFound(_)
                            | Error::Privacy(privacy::Error::NotFound(_))
                            | Error::Store(store::Error::KeyDestroyed),
                        ) => {
                            done.skipped += 1;
                        }
                        Err(Error::Refused(_)) => done.failed += 1,
                        // Whoever changed the person meanwhile was faster: once more, then it is told.
                        Err(Error::Store(store::Error::Guard(_))) => match self.one(*contact).await {
                            Ok(_) => done.changed += 1,
                            Err(_) => done.failed += 1,
                        },
                        Err(error) => return Err(error),
                    }
                }
                done
            }
        };
        let moved = Progress {
            done: job.done + chunk.len() as u64,
            changed: job.changed + done.changed,
            skipped: job.skipped + done.skipped,
            failed: job.failed + done.failed,
            result_parts: job.result_parts + done.parts,
            ..job.clone()
        };
        batch.guard(
            queries::MOVE,
            params![
                self.ctx.workspace,
                moved.id,
                moved.done,
                moved.changed,
                moved.skipped,
                moved.failed,
                moved.result_parts,
                self.ctx.now(),
                job.done
            ],
        );
        batch.feed(moved.feed("bulk.moved"));
        self.ctx.db.apply(batch).await?;
        Ok(done)
    }

    async fn tag(&self, batch: &mut Batch, chunk: &[ContactId]) -> Result<Done> {
        let sets = chunk.iter().map(|contact| params![self.ctx.workspace, *contact]).collect();
        let there: Vec<Vec<(ContactId,)>> = self.ctx.db.many(queries::IS_THERE, sets).await?;
        let there: Vec<ContactId> = there.into_iter().flatten().map(|row| row.0).collect();
        let kind = if self.action == Action::Tag { "contact.tagged" } else { "contact.untagged" };
        for tag in &self.tags {
            for contact in &there {
                if self.action == Action::Tag {
                    tags::push(batch, self.ctx, *contact, *tag);
                } else {
                    tags::take(batch, self.ctx, *contact, *tag);
                }
            }
            let data = json!({"tag": tag, "contacts": there});
            batch.feed(store::Feed { kind, entity: (*tag).into(), data });
        }
        let changed = there.len() as u64;
        Ok(Done { changed, skipped: chunk.len() as u64 - changed, ..Done::default() })
    }

    async fn export(&self, batch: &mut Batch, job: &Progress, chunk: &[ContactId]) -> Result<Done> {
        let Some(sheet) = &self.sheet else { return Ok(Done::default()) };
        let people = contacts::rows(self.ctx, ReadFor::Export, chunk).await?;
        let plain = sheet.part(&people, job.result_parts == 0)?;
        let key = self.ctx.vault.file(self.ctx.workspace, job.result).await?;
        let sealed = key.seal(job.result_parts, &plain);
        batch.push(INSERT_PART, params![self.ctx.workspace, job.result, job.result_parts, sealed]);
        let changed = people.len() as u64;
        Ok(Done { changed, skipped: chunk.len() as u64 - changed, parts: 1, ..Done::default() })
    }

    /// Does it to one person; `false` when nothing is different.
    async fn one(&self, contact: ContactId) -> Result<bool> {
        match self.action {
            Action::Archive => {
                let rows = contacts::rows(self.ctx, ReadFor::Work, &[contact]).await?;
                if rows.first().is_none_or(|row| row.loaded.archived_at.is_some()) {
                    return Ok(false);
                }
                contacts::archive(self.ctx, contact, true).await?;
            }
            Action::Unsubscribe => {
                if contacts::rows(self.ctx, ReadFor::Work, &[contact]).await?.is_empty() {
                    return Ok(false);
                }
                let leave = self.terms.topic.map_or(Leave::Everything, Leave::Topic);
                let evidence = json!({"by": self.ctx.actor.to_string(), "note": self.terms.note});
                return unsubscribe(self.ctx, self.gate, contact, leave, evidence).await;
            }
            _ => {
                let known =
                    self.ctx.db.get::<(ContactId,)>(queries::IS_THERE, params![self.ctx.workspace, contact]).await?;
                if known.is_none() {
                    return Ok(false);
                }
                let certificate = contacts::erase(self.ctx, self.gate, contact).await?;
                self.live.forget(self.ctx.workspace, contact);
                let mut batch = self.ctx.batch();
                audit::record(&mut batch, self.ctx, "contact.erased", &[&contact, &certificate.id]);
                self.ctx.db.apply(batch).await?;
            }
        }
        Ok(true)
    }
}
