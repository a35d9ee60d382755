//! One open stream: where it is in the change feed, what it told last, and what it tells next.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use accounts::members::{self, Permissions};
use accounts::users::Session;
use accounts::workspaces::State;
use kernel::Timestamp;
use serde::Serialize;
use serde_json::json;
use store::{Ctx, feed};
use tokio::sync::{broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior};

use super::changes::told;
use crate::App;
use crate::shell::live::Slot;
use crate::shell::presence::Moved;
use crate::v1::activity;
use crate::v1::prelude::{Failure, Result};
use crate::v1::presence::named;

/// Entries read at a time.
const PAGE: u32 = 500;
/// A stream that is further behind than this is told to load anew.
const FAR: i64 = 5000;
/// Between two comments that keep proxies from closing the connection; then the session is looked at, too.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Between two looks at long work and presence, while there is long work or something was committed …
const BUSY: Duration = Duration::from_secs(1);
/// … and so many times as long while there is nothing. Changes are told at once in either case.
const IDLE: u32 = 5;
/// Changes that come together are told together.
const GATHER: Duration = Duration::from_millis(100);

/// An open stream.
pub(super) struct Watch {
    app: App,
    ctx: Ctx,
    session: Session,
    may: Permissions,
    seq: i64,
    /// What was told of each piece of long work.
    works: HashMap<String, String>,
    busy: bool,
    moved: broadcast::Receiver<Moved>,
    ended: broadcast::Receiver<kernel::SessionId>,
    closing: watch::Receiver<bool>,
    committed: watch::Receiver<u64>,
    beat: Interval,
    /// When long work is looked at: looking is dearer than telling, so that commits alone do not cause it.
    look: Interval,
    /// Ticks of `look` since the last look.
    ticks: u32,
    begun: bool,
    over: bool,
    _slot: Slot,
}

fn every(pause: Duration) -> Interval {
    let mut ticks = tokio::time::interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// An event as it goes over the wire.
fn event(out: &mut String, name: &str, id: Option<i64>, data: &impl Serialize) {
    if let Some(id) = id {
        let _ = writeln!(out, "id: {id}");
    }
    let data = serde_json::to_string(data).unwrap_or_default();
    let _ = write!(out, "event: {name}\ndata: {data}\n\n");
}

impl Watch {
    /// A stream that goes on after `last`, or begins now.
    pub(super) async fn open(
        (app, slot): (App, Slot),
        ctx: Ctx,
        (session, may): (Session, Permissions),
        last: Option<i64>,
    ) -> Result<Self> {
        let head = feed::head(&ctx.db, ctx.workspace).await?;
        let shell = app.shell.clone();
        Ok(Self {
            seq: last.filter(|seq| (0..=head).contains(seq)).unwrap_or(head),
            works: HashMap::new(),
            busy: false,
            moved: shell.presence().hear(),
            ended: shell.streams().ended(),
            closing: shell.streams().closing(),
            committed: ctx.db.feed_changed(),
            beat: every(HEARTBEAT),
            look: every(BUSY),
            ticks: 0,
            begun: false,
            over: false,
            _slot: slot,
            app,
            ctx,
            session,
            may,
        })
    }

    /// The next piece of the stream; None when it has ended.
    pub(super) async fn next(&mut self) -> Option<String> {
        if self.over {
            return None;
        }
        let told = if self.begun { self.wait().await } else { self.begin().await };
        match told {
            Ok(text) => Some(text),
            Err(failure) => {
                tracing::debug!(code = failure.0.code.as_str(), "a stream of events ends");
                self.over = true;
                None
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.ctx.now()
    }

    async fn begin(&mut self) -> Result<String> {
        self.begun = true;
        let mut out = String::from("retry: 3000\n\n");
        event(&mut out, "hello", Some(self.seq), &json!({ "at": self.now(), "seq": self.seq }));
        self.changes(&mut out).await?;
        self.works(&mut out).await?;
        for object in self.app.shell.presence().objects(self.ctx.workspace) {
            self.presence(&mut out, &object).await?;
        }
        Ok(out)
    }

    fn bye(&mut self, reason: &str) -> String {
        self.over = true;
        let mut out = String::new();
        event(&mut out, "bye", None, &json!({ "reason": reason }));
        out
    }

    /// Waits until there is something to tell.
    async fn wait(&mut self) -> Result<String> {
        let mut out = String::new();
        while out.is_empty() {
            tokio::select! {
                () = async { let _ = self.closing.wait_for(|closing| *closing).await; } => return Ok(self.bye("shutdown")),
                ended = self.ended.recv() => {
                    // Heard too late for some: whether this session is still there, the store knows.
                    let lagged = matches!(ended, Err(broadcast::error::RecvError::Lagged(_)));
                    if ended.is_ok_and(|session| session == self.session.id) || (lagged && !self.lives().await?) {
                        return Ok(self.bye("signed_out"));
                    }
                }
                moved = self.moved.recv() => {
                    if let Ok(moved) = moved && moved.workspace == self.ctx.workspace {
                        self.presence(&mut out, &moved.object).await?;
                    }
                }
                _ = self.committed.changed() => {
                    tokio::time::sleep(GATHER).await;
                    self.committed.borrow_and_update();
                    self.changes(&mut out).await?;
                    self.busy = true;
                }
                _ = self.beat.tick() => {
                    if let Some(reason) = self.barred().await? {
                        return Ok(self.bye(reason));
                    }
                    out.push_str(": still here\n\n");
                }
                _ = self.look.tick() => {
                    self.app.shell.presence().forget(self.now());
                    self.ticks += 1;
                    if !self.busy && self.ticks < IDLE {
                        continue;
                    }
                    self.ticks = 0;
                    // Other nodes commit, too.
                    self.changes(&mut out).await?;
                    self.works(&mut out).await?;
                }
            }
        }
        Ok(out)
    }

    async fn lives(&self) -> Result<bool> {
        let open = self.app.accounts.list_sessions(self.session.user).await?;
        Ok(open.iter().any(|one| one.id == self.session.id))
    }

    /// Why the member may not listen any more; takes note of another role.
    async fn barred(&mut self) -> Result<Option<&'static str>> {
        if !self.lives().await? {
            return Ok(Some("signed_out"));
        }
        match members::access(&self.ctx, self.session.user, self.ctx.workspace).await? {
            Some(access) if access.state != State::Closed => {
                self.may = access.role.permissions();
                Ok(None)
            }
            _ => Ok(Some("no_access")),
        }
    }

    async fn changes(&mut self, out: &mut String) -> Result<()> {
        let (db, workspace) = (&self.ctx.db, self.ctx.workspace);
        let head = feed::head(db, workspace).await?;
        if head - self.seq > FAR {
            self.seq = head;
            event(out, "resync", Some(head), &json!({ "at": self.ctx.now() }));
            return Ok(());
        }
        while self.seq < head {
            let rows = feed::read_after(db, workspace, self.seq, PAGE).await?;
            let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
                self.seq = head;
                break;
            };
            if first.seq != self.seq + 1 {
                // What came between is kept no longer.
                event(out, "resync", Some(first.seq), &json!({ "at": self.ctx.now() }));
            }
            self.seq = last.seq;
            let changes = told(&rows, self.may);
            let final_one = changes.len().saturating_sub(1);
            for (number, change) in changes.iter().enumerate() {
                // Resuming in the middle of a reading would repeat what was gathered.
                event(out, "change", (number == final_one).then_some(self.seq), change);
            }
        }
        Ok(())
    }

    /// Long work that is not as it was told last.
    async fn works(&mut self, out: &mut String) -> Result<()> {
        let all = activity::all(&self.ctx).await?;
        self.busy = all.iter().any(|work| !work.is_over());
        let mut now: HashMap<String, String> = HashMap::with_capacity(all.len());
        for work in &all {
            let text = serde_json::to_string(work).unwrap_or_default();
            let known = self.works.get(work.id());
            // What was over before the stream began stands in the list already.
            let news = known.is_some_and(|known| *known != text) || (known.is_none() && !work.is_over());
            if news {
                event(out, "activity", None, work);
            }
            now.insert(work.id().to_owned(), text);
        }
        self.works = now;
        Ok(())
    }

    async fn presence(&self, out: &mut String, object: &str) -> Result<(), Failure> {
        let present = self.app.shell.presence().at(self.ctx.workspace, object, self.now());
        let answer = named(&self.ctx, self.session.user, object, present).await?;
        event(out, "presence", None, &answer);
        Ok(())
    }
}
