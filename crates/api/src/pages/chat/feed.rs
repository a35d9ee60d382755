//! What an open connection of a visitor is told, whatever carries it: everything after the number it came with,
//! from the database, then what happens, in order and nothing twice.

use conversations::conversations as rows;
use conversations::events::{self, Event};
use conversations::hub::{Bye, Hub, Listener, Mailbox, Signal};
use conversations::visitors::Token;
use conversations::{Visibility, agents, files};
use http_server::Result;
use kernel::{ConversationId, VisitorId};
use serde_json::{Value as Json, json};
use store::Ctx;

use super::view;

/// Something to be told.
pub(super) struct Push {
    pub(super) name: &'static str,
    /// The event's number: where to go on.
    pub(super) id: Option<i64>,
    pub(super) data: Json,
}

impl Push {
    const fn new(name: &'static str, data: Json) -> Self {
        Self { name, id: None, data }
    }

    pub(super) fn bye(bye: Bye) -> Self {
        Self::new("bye", json!({ "reason": bye.as_str(), "retry": bye.is_passing() }))
    }
}

/// Where a connection is.
pub(super) struct Feed {
    ctx: Ctx,
    widget: Box<str>,
    visitor: VisitorId,
    conversation: Option<ConversationId>,
    /// The last number that was told, or passed over because it is members' own.
    seq: i64,
    until: kernel::Timestamp,
}

impl Feed {
    /// A connection that knows everything up to `after`, and its mailbox. The mailbox is opened first: what is
    /// committed while the past is read waits in it.
    pub(super) fn open(hub: &Hub, ctx: Ctx, token: &Token, after: i64) -> (Self, Mailbox) {
        let mailbox = hub.listen(ctx.workspace, Listener::Visitor(token.visitor));
        let feed = Self {
            ctx,
            widget: token.widget.to_string().into(),
            visitor: token.visitor,
            conversation: None,
            seq: after.max(0),
            until: token.until,
        };
        (feed, mailbox)
    }

    /// Everything that was missed, then where things stand.
    pub(super) async fn begin(&mut self) -> Result<Vec<Push>> {
        let mut out = Vec::new();
        let row = rows::of_visitor(&self.ctx, self.visitor).await?;
        self.conversation = row.as_ref().map(|row| row.id);
        if row.as_ref().is_some_and(|row| self.seq > row.last_seq) {
            // The number is of a conversation before this one.
            self.seq = 0;
        }
        self.catch_up(&mut out).await?;
        let conversation = match &row {
            Some(row) => view::conversation(&self.ctx, row).await?,
            None => Json::Null,
        };
        out.push(Push::new("ready", json!({ "last_seq": self.seq, "conversation": conversation })));
        Ok(out)
    }

    async fn catch_up(&mut self, out: &mut Vec<Push>) -> Result<()> {
        let Some(id) = self.conversation else { return Ok(()) };
        loop {
            let page = events::after(&self.ctx, id, self.seq, events::MOST).await?;
            if page.is_empty() {
                return Ok(());
            }
            for event in &page {
                self.tell(event, out).await?;
            }
        }
    }

    async fn tell(&mut self, event: &Event, out: &mut Vec<Push>) -> Result<()> {
        self.seq = self.seq.max(event.seq);
        if let Some(data) = view::event(&self.ctx, event, &self.widget).await? {
            out.push(Push { name: "event", id: Some(event.seq), data });
        }
        Ok(())
    }

    /// Follows another conversation from its beginning on: a chat may be followed by one that is encrypted
    /// differently.
    fn turn_to(&mut self, conversation: ConversationId) {
        if self.conversation.replace(conversation).is_some_and(|before| before != conversation) {
            self.seq = 0;
        }
    }

    /// What a signal means for this connection.
    pub(super) async fn take(&mut self, signal: Signal) -> Result<Vec<Push>> {
        let mut out = Vec::new();
        if self.ctx.now() >= self.until {
            return Ok(vec![Push::bye(Bye::Expired)]);
        }
        match signal {
            Signal::Event(event) => {
                self.turn_to(event.conversation);
                if event.visibility != Visibility::All {
                    return Ok(out);
                }
                if event.seq == self.seq + 1 || (event.deleted && event.seq <= self.seq) {
                    self.tell(&event, &mut out).await?;
                } else if event.seq > self.seq {
                    self.catch_up(&mut out).await?;
                }
            }
            Signal::Wake { conversation, seq } => {
                self.turn_to(conversation);
                if seq > self.seq {
                    self.catch_up(&mut out).await?;
                }
            }
            Signal::Changed { conversation } => {
                self.turn_to(conversation);
                if let Ok(row) = rows::get(&self.ctx, conversation).await {
                    if row.last_seq > self.seq {
                        self.catch_up(&mut out).await?;
                    }
                    out.push(Push::new("conversation", view::conversation(&self.ctx, &row).await?));
                }
            }
            Signal::Typing { by: Some(user), on, name, .. } => {
                let name = match name {
                    Some(name) => Some(name),
                    None => agents::shown_name(&self.ctx, Some(user)).await?,
                };
                out.push(Push::new("typing", json!({ "on": on, "name": name })));
            }
            Signal::Seen { by: Some(_), seq, .. } => out.push(Push::new("seen", json!({ "seq": seq }))),
            Signal::File { conversation, file } => {
                if let Ok(file) = files::get(&self.ctx, conversation, file).await {
                    out.push(Push::new("file", json!(view::FileView::of(&file, &self.widget))));
                }
            }
            Signal::Bye(bye) => out.push(Push::bye(bye)),
            // Members' own.
            Signal::Typing { by: None, .. }
            | Signal::Seen { by: None, .. }
            | Signal::Peek { .. }
            | Signal::Visitor(_)
            | Signal::VisitorLeft(_)
            | Signal::Agent(_)
            | Signal::Queue
            | Signal::Devices => {}
        }
        Ok(out)
    }
}
