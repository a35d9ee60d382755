//! One change of a conversation: read, decided, committed at once, then told.
//!
//! The row's version guards the commit: whoever was slower looks again ([`crate::error::raced`]). Sequence numbers
//! come from the row, so they have no gaps; a client's own id makes a repeated request add nothing.

use kernel::{ContactId, ConversationId, ThreadId, Timestamp};
use serde_json::json;
use store::{Batch, Ctx, Feed, NewJob, SubjectKeys, jobs, params};

use crate::conversations::{Conversation, Details, Thread, queries as rows};
use crate::events::{self, Event, NewEvent, queries as sql};
use crate::hub::{Hub, Signal};
use crate::model::{AuthorKind, ChannelCode, EndedBy, Kind, Routing, State, Visibility};
use crate::reports::{Cell, What};
use crate::{Error, Result, timers};

pub(crate) const DETAILS: &str = "conversation.sealed";
pub(crate) const THREAD: &str = "conversation_thread.sealed";

/// A change under way.
pub struct Work {
    ctx: Ctx,
    keys: SubjectKeys,
    /// The row as it is to be.
    pub row: Conversation,
    /// The newest thread as it is to be.
    pub thread: Thread,
    /// What rests sealed, as it is to be.
    pub details: Details,
    /// What else belongs to the commit.
    pub batch: Batch,
    before: Details,
    new: Vec<NewEvent>,
    cells: Vec<Cell>,
    fresh: bool,
    /// Something happened that lists show.
    touched: bool,
}

/// Where a conversation begins.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// Under whose key it rests.
    pub subject: ContactId,
    /// The contact, when known.
    pub contact: Option<ContactId>,
    /// The visitor, on the web.
    pub visitor: Option<kernel::VisitorId>,
    /// The channel.
    pub channel: ChannelCode,
    /// The widget.
    pub widget: Option<kernel::WidgetId>,
    /// How it is encrypted beyond what rests sealed.
    pub encryption: Option<crate::encryption::Encryption>,
    /// What is known.
    pub details: Details,
}

/// What was committed.
#[derive(Debug, Clone)]
pub struct Done {
    /// The conversation as it is now.
    pub row: Conversation,
    /// What was added.
    pub events: Vec<Event>,
}

impl Work {
    /// Reads a conversation in order to change it.
    ///
    /// # Errors
    /// [`Error::NotFound`], or the key is destroyed.
    pub async fn open(ctx: &Ctx, id: ConversationId) -> Result<Self> {
        let row = crate::conversations::get(ctx, id).await?;
        let thread = crate::conversations::thread(ctx, row.thread).await?;
        let keys = ctx.vault.subject(ctx.workspace, row.subject).await?;
        let details: Details = events::open(ctx, (row.subject, &keys), DETAILS, &row.sealed)?;
        Ok(Self {
            batch: ctx.batch(),
            before: details.clone(),
            ctx: ctx.clone(),
            keys,
            row,
            thread,
            details,
            new: Vec::new(),
            cells: Vec::new(),
            fresh: false,
            touched: false,
        })
    }

    /// A new conversation with its first thread. The subject has keys already.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn begin(ctx: &Ctx, beginning: Beginning) -> Result<Self> {
        let keys = ctx.vault.subject(ctx.workspace, beginning.subject).await?;
        let (now, id, thread): (Timestamp, ConversationId, ThreadId) = (ctx.now(), ctx.id(), ctx.id());
        let row = Conversation {
            id,
            subject: beginning.subject,
            contact: beginning.contact,
            visitor: beginning.visitor,
            channel: beginning.channel,
            widget: beginning.widget,
            group: None,
            assignee: None,
            bot: None,
            state: State::Open,
            routing: Routing::Unassigned,
            thread,
            thread_n: 1,
            last_seq: 0,
            snoozed_until: None,
            queued_at: None,
            waiting_since: None,
            agent_at: None,
            visitor_at: None,
            sealed: Vec::new(),
            version: 0,
            created_at: now,
            updated_at: now,
            encryption: beginning.encryption,
        };
        let thread = thread_of(&row, now);
        let mut work = Self {
            batch: ctx.batch(),
            before: Details::default(),
            ctx: ctx.clone(),
            keys,
            row,
            thread,
            details: beginning.details,
            new: Vec::new(),
            cells: Vec::new(),
            fresh: true,
            touched: true,
        };
        work.count(What::Started, 0);
        Ok(work)
    }

    /// The call.
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    /// The subject's keys.
    pub fn keys(&self) -> &SubjectKeys {
        &self.keys
    }

    /// Opens a new thread after the last one ended.
    pub fn resume(&mut self) {
        let now = self.ctx.now();
        self.row.state = State::Open;
        self.row.routing = Routing::Unassigned;
        (self.row.assignee, self.row.bot, self.row.queued_at, self.row.snoozed_until) = (None, None, None, None);
        self.row.thread = self.ctx.id();
        self.row.thread_n += 1;
        self.thread = thread_of(&self.row, now);
        self.details.bot = None;
        self.touched = true;
        self.count(What::Started, 0);
    }

    /// Adds an event.
    pub fn add(&mut self, event: NewEvent) {
        self.new.push(event);
    }

    /// Whether anything was added.
    pub fn adds(&self) -> bool {
        !self.new.is_empty()
    }

    /// Says that lists show it anew.
    pub fn touch(&mut self) {
        self.touched = true;
    }

    /// Counts something for the reports, under the group and member that have the conversation now.
    pub(crate) fn count(&mut self, what: What, sum: i64) {
        let cell = Cell { what, group: self.row.group, agent: self.row.assignee, count: 1, sum };
        self.cells.push(cell);
    }

    /// Counts something that may be taken back.
    pub(crate) fn count_by(&mut self, what: What, count: i64) {
        let cell = Cell { what, group: self.row.group, agent: self.row.assignee.or(self.thread.agent), count, sum: 0 };
        self.cells.push(cell);
    }

    /// Ends the open thread.
    pub(crate) fn end(&mut self, by: EndedBy) {
        let now = self.ctx.now();
        self.touched = true;
        self.row.state = State::Closed;
        self.row.snoozed_until = None;
        self.thread.ended_at = Some(now);
        self.thread.ended_by = Some(by);
        (self.thread.group, self.thread.agent) = (self.row.group, self.row.assignee);
        self.count(What::Closed, seconds(self.thread.started_at, now));
        if let Some(since) = self.row.queued_at.take() {
            self.count(What::Abandoned, seconds(since, now));
        }
        if self.row.waiting_since.take().is_some() && self.thread.first_response_at.is_none() {
            self.count(What::Missed, 0);
        }
        self.details.bot = None;
    }

    /// What follows from an event for the row, the thread and the figures.
    fn follow(&mut self, event: &NewEvent, now: Timestamp) {
        if event.kind == Kind::System || event.visibility == Visibility::Agents {
            return;
        }
        match event.author.kind {
            AuthorKind::Visitor => {
                self.row.visitor_at = Some(now);
                self.row.waiting_since.get_or_insert(now);
                if self.row.state == State::Snoozed {
                    (self.row.state, self.row.snoozed_until) = (State::Open, None);
                }
                self.count(What::Received, 0);
            }
            AuthorKind::Agent => {
                self.row.agent_at = Some(now);
                self.count(What::Sent, 0);
                if let Some(since) = self.row.waiting_since.take() {
                    self.count(What::Response, seconds(since, now));
                    if self.thread.first_response_at.is_none() {
                        self.thread.first_response_at = Some(now);
                        self.count(What::FirstResponse, seconds(self.thread.started_at, now));
                    }
                }
            }
            AuthorKind::Bot => self.row.agent_at = Some(now),
            AuthorKind::System => {}
        }
    }

    fn push_event(&mut self, keys: &store::WorkspaceKeys, mut event: NewEvent, now: Timestamp) -> Result<Event> {
        let ctx = self.ctx.clone();
        self.row.last_seq += 1;
        let seq = self.row.last_seq;
        if self.thread.first_seq == 0 {
            self.thread.first_seq = seq;
        }
        let n = seq - self.thread.first_seq + 1;
        let mark = event.client.as_deref().map(|client| events::mark(keys, self.row.id, event.author, client).to_vec());
        event.body.client.clone_from(&event.client);
        let sealed = events::seal(&ctx, (self.row.subject, &self.keys), "conversation_event.sealed", &event.body)?;
        self.batch.push(
            sql::INSERT,
            params![
                ctx.workspace,
                self.row.id,
                seq,
                self.row.subject,
                self.row.thread,
                n,
                now,
                event.kind,
                event.visibility,
                event.author.kind,
                event.author.id,
                mark,
                false,
                sealed
            ],
        );
        let data = json!({
            "seq": seq,
            "thread": self.row.thread,
            "visibility": event.visibility,
            "author": event.author.kind,
            "visitor": self.row.visitor,
        });
        self.batch.feed(Feed { kind: "conversation.event", entity: self.row.id.0, data });
        // Whoever writes has read what stands before.
        let reader = match event.author.kind {
            AuthorKind::Visitor => Some((self.row.subject.0, false)),
            AuthorKind::Agent => event.author.id.map(|id| (id, true)),
            AuthorKind::Bot | AuthorKind::System => None,
        };
        if let Some((who, is_agent)) = reader {
            self.batch.push(rows::SEE, params![ctx.workspace, self.row.id, who, is_agent, seq, now]);
        }
        Ok(Event {
            conversation: self.row.id,
            seq,
            thread: self.row.thread,
            n,
            at: now,
            kind: event.kind,
            visibility: event.visibility,
            author: event.author,
            deleted: false,
            body: event.body,
        })
    }

    /// Commits the change and tells everybody who is connected.
    ///
    /// # Errors
    /// [`Error::Raced`] when somebody was faster; nothing happened then.
    pub async fn commit(mut self, hub: &Hub) -> Result<Done> {
        let (ctx, keys, now) = (self.ctx.clone(), self.ctx.keys().await?, self.ctx.now());
        let added = std::mem::take(&mut self.new);
        let mut told = Vec::with_capacity(added.len());
        for event in added {
            crate::encryption::guard(&self.row, &event)?;
            self.follow(&event, now);
            let event = self.push_event(&keys, event, now)?;
            crate::lines::leaves(&mut self, &event);
            told.push(event);
        }
        if told.iter().any(|event| event.author.kind == AuthorKind::Visitor && event.kind != Kind::System) {
            crate::push::wants(&mut self).await?;
        }
        if self.fresh || self.before != self.details {
            self.row.sealed = events::seal(&ctx, (self.row.subject, &self.keys), DETAILS, &self.details)?;
        }
        let row = &mut self.row;
        if self.touched || !told.is_empty() {
            row.updated_at = now;
        }
        let values = params![
            ctx.workspace,
            row.id,
            row.subject,
            row.contact,
            row.visitor,
            &row.channel,
            row.widget,
            row.group,
            row.assignee,
            row.bot,
            row.state,
            row.routing,
            row.thread,
            row.thread_n,
            row.last_seq,
            row.snoozed_until,
            row.queued_at,
            row.waiting_since,
            row.agent_at,
            row.visitor_at,
            row.sealed.clone(),
            row.version,
            row.created_at,
            row.updated_at,
            row.encryption,
        ];
        let mut batch = ctx.batch();
        if self.fresh {
            batch.push(rows::INSERT, values);
        } else {
            batch.guard(rows::UPDATE, values);
            row.version += 1;
        }
        let thread = &self.thread;
        batch.push(
            rows::INSERT_THREAD,
            params![
                ctx.workspace,
                thread.id,
                thread.conversation,
                thread.subject,
                thread.n,
                row.group.or(thread.group),
                row.assignee.or(thread.agent),
                thread.first_seq,
                thread.started_at,
                thread.ended_at,
                thread.ended_by,
                thread.first_response_at,
                thread.score,
                thread.sealed.clone(),
            ],
        );
        batch.append(self.batch);
        for cell in &self.cells {
            cell.push(&mut batch, now);
        }
        if self.touched && row.state != State::Closed {
            // The timer's job is looked at anew: its instant may be an earlier one now.
            let (key, payload) = (row.id.to_string(), json!({ "conversation": row.id }));
            jobs::cancel(&mut batch, timers::QUEUE, &key);
            batch.job(NewJob::now(timers::QUEUE, payload).key(key).at(now.plus_seconds(1)));
        }
        batch.feed(Feed {
            kind: "conversation.changed",
            entity: row.id.0,
            data: json!({"version": row.version, "visitor": row.visitor}),
        });
        match ctx.db.apply(batch).await {
            Ok(_) => {}
            Err(store::Error::Guard(_) | store::Error::Unique(_)) => return Err(Error::Raced),
            Err(error) => return Err(error.into()),
        }
        for event in &told {
            hub.told(ctx.workspace, &self.row, event);
        }
        if let Some(visitor) = self.row.visitor {
            hub.tell_visitor(ctx.workspace, visitor, &Signal::Changed { conversation: self.row.id });
        }
        Ok(Done { row: self.row, events: told })
    }
}

fn thread_of(row: &Conversation, now: Timestamp) -> Thread {
    Thread {
        id: row.thread,
        conversation: row.id,
        subject: row.subject,
        n: row.thread_n,
        group: None,
        agent: None,
        first_seq: 0,
        started_at: now,
        ended_at: None,
        ended_by: None,
        first_response_at: None,
        score: None,
        sealed: None,
    }
}

pub(crate) fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    (to.0 - from.0).max(0) / Timestamp::SECOND
}
