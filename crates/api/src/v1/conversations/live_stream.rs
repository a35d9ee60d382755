//! One open stream of a member: the change feed from where it left off, and what passes.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use accounts::users::Session;
use conversations::conversations::{self as rows, Members};
use conversations::events::{self, Event};
use conversations::hub::{Bye, Listener, Mailbox, Signal};
use conversations::{agents, files, routing, visitors};
use kernel::{ConversationId, UserId};
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::feed::{self, FeedRow};
use store::{BoxFuture, Ctx};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use super::lines;
use super::shapes::{self, ConversationEvent};
use super::visits::visit_of;
use crate::App;
use crate::shell::live::Slot;
use crate::v1::prelude::*;

/// Entries read at a time.
const PAGE: u32 = 500;
/// A stream that is further behind is told to load anew.
const FAR: i64 = 5000;
/// Between two comments that keep proxies from closing the connection; then the session is looked at, too.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Between two looks at the feed while nothing is committed here: other nodes commit, too.
const LOOK: Duration = Duration::from_secs(1);

/// An open stream.
pub(super) struct Watch {
    app: App,
    ctx: Ctx,
    session: Session,
    seq: i64,
    mailbox: Mailbox,
    members: Members,
    committed: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    beat: Interval,
    look: Interval,
    begun: bool,
    over: bool,
    _slot: Slot,
}

fn every(pause: Duration) -> Interval {
    let mut ticks = tokio::time::interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

fn event(out: &mut String, name: &str, id: Option<i64>, data: &impl Serialize) {
    if let Some(id) = id {
        let _ = writeln!(out, "id: {id}");
    }
    let data = serde_json::to_string(data).unwrap_or_default();
    let _ = write!(out, "event: {name}\ndata: {data}\n\n");
}

impl Watch {
    /// A stream that goes on after `last`, or begins now.
    pub(super) async fn open(app: App, slot: Slot, ctx: Ctx, session: Session, last: Option<i64>) -> Result<Self> {
        let mailbox = app.shell.chat().hub().listen(ctx.workspace, Listener::Agent(session.user));
        let head = feed::head(&ctx.db, ctx.workspace).await?;
        Ok(Self {
            seq: last.filter(|seq| (0..=head).contains(seq)).unwrap_or(head),
            members: Members::read(&ctx).await?,
            committed: ctx.db.feed_changed(),
            closing: app.shell.streams().closing(),
            beat: every(HEARTBEAT),
            look: every(LOOK),
            begun: false,
            over: false,
            _slot: slot,
            mailbox,
            app,
            ctx,
            session,
        })
    }

    /// The next piece of the stream; None when it has ended.
    pub(super) async fn next(&mut self) -> Option<String> {
        if self.over {
            return None;
        }
        let told = if self.begun { self.wait().await } else { self.begin().await };
        told.map_err(|failure| {
            tracing::debug!(code = failure.0.code.as_str(), "a stream of conversations ends");
            self.over = true;
        })
        .ok()
    }

    async fn begin(&mut self) -> Result<String> {
        self.begun = true;
        self.beat.tick().await;
        let mut out = String::from("retry: 2000\n\n");
        let online: Vec<UserId> = self.app.shell.chat().hub().agents_here(self.ctx.workspace);
        event(
            &mut out,
            "ready",
            Some(self.seq),
            &json!({ "seq": self.seq, "me": self.session.user, "online": online }),
        );
        self.changes(&mut out).await?;
        Ok(out)
    }

    fn bye(&mut self, bye: Bye) -> String {
        self.over = true;
        let mut out = String::new();
        event(&mut out, "bye", None, &json!({ "reason": bye.as_str(), "retry": bye.is_passing() }));
        out
    }

    async fn wait(&mut self) -> Result<String> {
        let mut out = String::new();
        while out.is_empty() {
            // Nothing is awaited inside the choice but the taking: what was taken is told.
            let signal = tokio::select! {
                () = async { let _ = self.closing.wait_for(|closing| *closing).await; } => return Ok(self.bye(Bye::Shutdown)),
                signal = self.mailbox.next() => Some(signal),
                _ = self.committed.changed() => None,
                _ = self.look.tick() => None,
                _ = self.beat.tick() => {
                    if !self.may_listen().await? {
                        return Ok(self.bye(Bye::Expired));
                    }
                    self.members = Members::read(&self.ctx).await?;
                    out.push_str(": still here\n\n");
                    None
                }
            };
            match signal {
                Some(Signal::Bye(bye)) => return Ok(self.bye(bye)),
                Some(signal) => self.passes(&mut out, signal).await?,
                None => self.changes(&mut out).await?,
            }
        }
        Ok(out)
    }

    async fn may_listen(&self) -> Result<bool> {
        let open = self.app.accounts.list_sessions(self.session.user).await?;
        let access = accounts::members::access(&self.ctx, self.session.user, self.ctx.workspace).await?;
        let may = access
            .is_some_and(|access| access.role.permissions().has(accounts::members::Permission::ConversationsRead));
        Ok(may && open.iter().any(|one| one.id == self.session.id))
    }

    async fn changes(&mut self, out: &mut String) -> Result<()> {
        let head = feed::head(&self.ctx.db, self.ctx.workspace).await?;
        if head - self.seq > FAR {
            self.seq = head;
            event(out, "resync", Some(head), &json!({}));
            return Ok(());
        }
        while self.seq < head {
            let rows = feed::read_after(&self.ctx.db, self.ctx.workspace, self.seq, PAGE).await?;
            let Some(last) = rows.last().map(|row| row.seq) else {
                self.seq = head;
                break;
            };
            let mut changed: HashMap<ConversationId, (i64, String)> = HashMap::new();
            for row in &rows {
                self.change(out, row, &mut changed).await?;
            }
            self.seq = last;
            for (id, (_, kind)) in changed {
                event(out, "changed", None, &json!({ "conversation": id, "kind": kind }));
            }
            // After everything of the page, so that resuming repeats it as a whole or not at all.
            if !out.is_empty() {
                event(out, "at", Some(last), &json!({ "seq": last }));
            }
        }
        Ok(())
    }

    async fn change(
        &self,
        out: &mut String,
        row: &FeedRow,
        changed: &mut HashMap<ConversationId, (i64, String)>,
    ) -> Result<()> {
        let id = ConversationId(row.entity);
        match row.kind.as_str() {
            "conversation.event" => {
                let Some(seq) = row.data["seq"].as_i64() else { return Ok(()) };
                let kept: Option<Arc<Event>> = self.app.shell.chat().hub().recent(self.ctx.workspace, id, seq);
                let found = match kept {
                    Some(event) => Some(event),
                    // Somebody was erased meanwhile: nothing is told of what they said.
                    None => events::one(&self.ctx, id, seq).await.ok().flatten().map(Arc::new),
                };
                if let Some(found) = found {
                    let mut shown = [ConversationEvent::of(&found, &self.members)];
                    shapes::with_file_states(&self.ctx, id, &mut shown).await;
                    lines::with_deliveries(&self.ctx, id, &mut shown).await?;
                    event(out, "event", None, &json!({ "conversation": id, "event": shown[0] }));
                }
            }
            "conversation.delivery" => {
                let Some(seq) = row.data["seq"].as_i64() else { return Ok(()) };
                let known = conversations::lines::of_events(&self.ctx, id, (seq, seq)).await?.remove(&seq);
                let delivery = known.map(lines::ConversationDelivery::from);
                event(out, "delivery", None, &json!({ "conversation": id, "seq": seq, "delivery": delivery }));
            }
            "conversation.changed" | "conversation.erased" => {
                changed.insert(id, (row.seq, row.kind.clone()));
            }
            "conversation.seen" => {
                let who = row.data["who"].clone();
                let who = if who.is_null() { json!("visitor") } else { who };
                event(out, "seen", None, &json!({ "conversation": id, "who": who, "seq": row.data["seq"] }));
            }
            _ => {}
        }
        Ok(())
    }

    /// What passes and is kept nowhere.
    fn passes<'a>(&'a self, out: &'a mut String, signal: Signal) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let hub = self.app.shell.chat().hub();
            match signal {
                Signal::Typing { conversation, by, on, .. } if by != Some(self.session.user) => {
                    let who = by.map_or_else(|| json!("visitor"), |user| json!(user));
                    let name = by.map(|user| self.members.name(user));
                    event(
                        out,
                        "typing",
                        None,
                        &json!({ "conversation": conversation, "who": who, "name": name, "on": on }),
                    );
                }
                Signal::Peek { conversation, text } => {
                    event(out, "peek", None, &json!({ "conversation": conversation, "text": text.expose() }));
                }
                Signal::Visitor(id) => {
                    let visitor = visitors::find(&self.ctx, id).await?;
                    let row = rows::of_visitor(&self.ctx, id).await?;
                    let visit = hub.visit(self.ctx.workspace, id);
                    if let Some(shown) = visit_of(visitor.as_ref(), visit, row.as_ref(), self.ctx.now()) {
                        event(out, "visitor", None, &shown);
                    }
                }
                Signal::VisitorLeft(id) => event(out, "visitor_left", None, &json!({ "id": id })),
                Signal::Agent(user) => {
                    let agent = agents::get(&self.ctx, user).await?;
                    let online = hub.agents_here(self.ctx.workspace).contains(&user);
                    let shown = json!({ "id": user, "name": self.members.name(user), "status": agent.status,
                        "limit": agent.limit, "online": online });
                    event(out, "agent", None, &shown);
                }
                Signal::Queue => {
                    let (waiting, since) = routing::waiting(&self.ctx).await?;
                    let longest = since.map(|since| (self.ctx.now().0 - since.0) / Timestamp::SECOND);
                    event(out, "queue", None, &json!({ "waiting": waiting, "longest_seconds": longest }));
                }
                Signal::Devices => event(out, "devices", None, &json!({})),
                Signal::File { conversation, file } => {
                    if let Ok(file) = files::get(&self.ctx, conversation, file).await {
                        let shown: Json = json!(shapes::file(&file, &format!("/v1/conversations/{conversation}")));
                        event(out, "file", None, &json!({ "conversation": conversation, "file": shown }));
                    }
                }
                // Committed things come by the feed.
                _ => {}
            }
            Ok(())
        })
    }
}
