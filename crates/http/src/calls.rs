//! The log of API calls, off the request's path: an answered call goes into a bounded buffer, and a task writes
//! the buffer in one batch per workspace. When the disk cannot keep up, calls are dropped and counted rather
//! than held in memory or waited for.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use accounts::calls::{self, Call};
use axum::body::HttpBody;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use kernel::{Timestamp, WorkspaceId};
use parking_lot::Mutex;
use store::{Actor, Core};

use crate::metrics::Counter;
use crate::{Peer, Toolbox, client_address};

/// The most calls that wait to be written.
const CAPACITY: usize = 20_000;
/// So many calls are written at once, at the latest.
const CHUNK: usize = 500;

/// Who turned out to be calling; filled in by [`crate::Caller`], read when the answer is there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen(Arc<OnceLock<(WorkspaceId, Actor)>>);

impl Seen {
    pub(crate) fn mark(parts: &Parts, workspace: WorkspaceId, actor: Actor) {
        if let Some(seen) = parts.extensions.get::<Self>() {
            // A request has one caller; a second extraction says the same.
            let _ = seen.0.set((workspace, actor));
        }
    }
}

/// What is noted before a request is answered.
pub(crate) struct Begun {
    at: Timestamp,
    address: Option<IpAddr>,
    bytes_in: u64,
    seen: Seen,
}

impl Begun {
    pub(crate) fn new(toolbox: &Toolbox, request: &mut axum::extract::Request) -> Self {
        let peer = request.extensions().get::<Peer>().map(|Peer(socket)| socket.ip());
        let seen = Seen::default();
        request.extensions_mut().insert(seen.clone());
        Self {
            at: toolbox.core().now(),
            address: client_address(peer, request.headers(), toolbox.trusted_proxies()),
            bytes_in: announced(request.headers()),
            seen,
        }
    }

    /// Hands the answered call to the log, when somebody known made it.
    pub(crate) fn answered(self, toolbox: &Toolbox, operation: String, (response, micros): (&Response, i64)) {
        let Some(&(workspace, actor)) = self.seen.0.get() else { return };
        let call = Call {
            at: self.at,
            actor,
            operation,
            status: response.status().as_u16(),
            address: self.address,
            bytes_in: self.bytes_in,
            bytes_out: response.body().size_hint().exact().unwrap_or(0),
            micros,
        };
        toolbox.calls().push(toolbox.core(), workspace, call);
    }
}

fn announced(headers: &HeaderMap) -> u64 {
    headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0)
}

#[derive(Debug)]
struct Inner {
    waiting: Mutex<Vec<(WorkspaceId, Call)>>,
    writing: AtomicBool,
    dropped: Arc<Counter>,
}

/// The calls of this process that wait to be written. Cheap to clone.
#[derive(Debug, Clone)]
pub struct CallLog(Arc<Inner>);

impl CallLog {
    pub(crate) fn new(dropped: Arc<Counter>) -> Self {
        Self(Arc::new(Inner { waiting: Mutex::default(), writing: AtomicBool::new(false), dropped }))
    }

    fn push(&self, core: &Core, workspace: WorkspaceId, call: Call) {
        let full = {
            let mut waiting = self.0.waiting.lock();
            if waiting.len() >= CAPACITY {
                self.0.dropped.inc();
                return;
            }
            waiting.push((workspace, call));
            waiting.len() >= CHUNK
        };
        if full && !self.0.writing.swap(true, Ordering::AcqRel) {
            let (log, core) = (self.clone(), core.clone());
            tokio::spawn(async move {
                log.flush(&core).await;
                log.0.writing.store(false, Ordering::Release);
            });
        }
    }

    /// Writes what waits. Call it every second, before the log is read, and when the process ends.
    pub async fn flush(&self, core: &Core) {
        loop {
            let chunk: Vec<(WorkspaceId, Call)> = {
                let mut waiting = self.0.waiting.lock();
                let count = waiting.len().min(CHUNK);
                waiting.drain(..count).collect()
            };
            if chunk.is_empty() {
                return;
            }
            let mut by_workspace: BTreeMap<WorkspaceId, Vec<Call>> = BTreeMap::new();
            for (workspace, call) in chunk {
                by_workspace.entry(workspace).or_default().push(call);
            }
            for (workspace, calls) in by_workspace {
                let count = calls.len() as u64;
                if let Err(error) = write(core, workspace, &calls).await {
                    self.0.dropped.add(count);
                    tracing::warn!(%error, count, "calls were not written to the log of API calls");
                }
            }
        }
    }

    /// How many calls wait.
    pub fn waiting(&self) -> usize {
        self.0.waiting.lock().len()
    }
}

async fn write(core: &Core, workspace: WorkspaceId, calls: &[Call]) -> store::Result<()> {
    let ctx = core.ctx(workspace, Actor::System);
    let keys = ctx.keys().await?;
    let mut batch = ctx.batch();
    for call in calls {
        calls::record(&mut batch, &ctx, &keys, call);
    }
    core.db.apply(batch).await?;
    Ok(())
}
