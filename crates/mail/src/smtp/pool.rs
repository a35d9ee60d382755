//! Connections to one destination, shared by everything that is sent there.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

use super::outcome::{Failure, Outcome, Parcel, Phase};
use super::pace::Pace;
use super::session::{Server, Session, Timeouts};
use super::transaction::{Job, Ticket};

/// How much one destination may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most connections at once; at least 1.
    pub connections: usize,
    /// Messages after which a connection is closed; at least 1.
    pub messages_per_connection: usize,
    /// How long an unused connection is kept.
    pub idle: Duration,
    /// Messages that may wait; whoever brings more waits too.
    pub queue: usize,
    /// Messages a second at most; `None` for as fast as the server takes them.
    pub per_second: Option<u32>,
    /// Whether PIPELINING is used where offered.
    pub pipelining: bool,
    /// Time-outs of each phase.
    pub timeouts: Timeouts,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4,
            messages_per_connection: 500,
            idle: Duration::from_secs(30),
            queue: 256,
            per_second: None,
            pipelining: true,
            timeouts: Timeouts::default(),
        }
    }
}

struct Waiting {
    job: Job,
    _place: OwnedSemaphorePermit,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Waiting>,
    workers: usize,
    idle: usize,
    /// Workers with an open session.
    open: usize,
    closed: bool,
}

struct Inner {
    server: Server,
    limits: Limits,
    places: Arc<Semaphore>,
    pace: Option<Pace>,
    arrivals: Notify,
    state: Mutex<State>,
    /// Set once the server did not keep to the PIPELINING it had announced.
    lock_step: AtomicBool,
}

/// The connections to one destination. Dropping it stops what has not started yet.
pub struct Pool {
    inner: Arc<Inner>,
}

impl Pool {
    /// A pool that has not connected yet.
    pub fn new(server: Server, limits: Limits) -> Self {
        let limits = Limits {
            connections: limits.connections.max(1),
            messages_per_connection: limits.messages_per_connection.max(1),
            queue: limits.queue.max(1),
            ..limits
        };
        Self {
            inner: Arc::new(Inner {
                places: Arc::new(Semaphore::new(limits.queue)),
                pace: limits.per_second.map(Pace::new),
                server,
                limits,
                arrivals: Notify::new(),
                state: Mutex::default(),
                lock_step: AtomicBool::new(false),
            }),
        }
    }

    /// Hands one message over. Dropping the future before the message started cancels it; after
    /// that the hand-over goes on to its end and only the news of it is lost.
    pub async fn send(&self, parcel: Parcel) -> Outcome {
        match self.enqueue(parcel).await.await {
            Ok(outcome) => outcome,
            Err(_) => Outcome::NotStarted { cause: Failure::Stopped },
        }
    }

    /// Waits for a place in the queue, then returns at once; the receiver gets the outcome. Bringing
    /// several messages this way lets one connection pipeline them.
    pub async fn enqueue(&self, parcel: Parcel) -> oneshot::Receiver<Outcome> {
        if let Some(pace) = &self.inner.pace {
            pace.turn().await;
        }
        let (to, outcome) = oneshot::channel();
        let ticket = Ticket::new(to);
        let Ok(place) = self.inner.places.clone().acquire_owned().await else {
            return outcome;
        };
        let waiting = Waiting { job: Job { parcel, ticket }, _place: place };
        let mut state = self.inner.state.lock();
        if state.closed {
            return outcome;
        }
        state.queue.push_back(waiting);
        if state.idle < state.queue.len() && state.workers < self.inner.limits.connections {
            state.workers += 1;
            tokio::spawn(work(self.inner.clone()));
        }
        drop(state);
        self.inner.arrivals.notify_one();
        outcome
    }

    /// Stops: what waits is told that it was not started, connections end after their present message.
    pub fn close(&self) {
        let waiting = {
            let mut state = self.inner.state.lock();
            state.closed = true;
            std::mem::take(&mut state.queue)
        };
        drop(waiting);
        self.inner.places.close();
        self.inner.arrivals.notify_waiters();
    }

    /// Connections that are open at this moment.
    pub fn connections(&self) -> usize {
        self.inner.state.lock().open
    }

    /// Whether no message waits and no connection exists.
    pub fn is_unused(&self) -> bool {
        let state = self.inner.state.lock();
        state.queue.is_empty() && state.workers == 0
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.close();
    }
}

impl Inner {
    fn pop(&self) -> Option<Job> {
        self.state.lock().queue.pop_front().map(|waiting| waiting.job)
    }

    /// The next message, waiting at most the idle time for it.
    async fn wait(&self) -> Option<Job> {
        self.state.lock().idle += 1;
        let found = timeout(self.limits.idle, async {
            loop {
                let arrival = self.arrivals.notified();
                {
                    let mut state = self.state.lock();
                    if let Some(waiting) = state.queue.pop_front() {
                        return Some(waiting.job);
                    }
                    if state.closed {
                        return None;
                    }
                }
                arrival.await;
            }
        })
        .await;
        self.state.lock().idle -= 1;
        found.unwrap_or(None)
    }

    /// Ends a worker unless there is something to do after all.
    fn leave(&self) -> Option<Job> {
        let mut state = self.state.lock();
        if let Some(waiting) = state.queue.pop_front() {
            return Some(waiting.job);
        }
        state.workers -= 1;
        None
    }

    /// Ends a worker that could not connect. With no other connection open, everything that waits
    /// shares the cause instead of trying one by one.
    fn give_up(&self, job: Job, cause: &Failure) {
        let waiting = {
            let mut state = self.state.lock();
            state.workers -= 1;
            if state.open == 0 || state.workers == 0 { std::mem::take(&mut state.queue) } else { VecDeque::new() }
        };
        tracing::warn!(host = self.server.host, %cause, "no session with the mail server");
        job.ticket.tell(Outcome::NotStarted { cause: cause.clone() });
        for Waiting { job, .. } in waiting {
            job.ticket.tell(Outcome::NotStarted { cause: cause.clone() });
        }
    }

    fn closed_one(&self) {
        self.state.lock().open -= 1;
    }
}

/// One connection's life: opens when there is work, hands over, idles, closes.
async fn work(inner: Arc<Inner>) {
    let mut session: Option<Session> = None;
    loop {
        let found = if session.is_some() { inner.wait().await } else { None };
        let Some(job) = found.or_else(|| if session.is_none() { inner.leave() } else { None }) else {
            match session.take() {
                Some(idle) => {
                    inner.closed_one();
                    idle.quit().await;
                    continue;
                }
                None => return,
            }
        };
        if session.as_mut().is_some_and(|session| !session.wire.is_idle()) {
            session = None;
            inner.closed_one();
        }
        let mut open = match session.take() {
            Some(open) => open,
            None => match Session::open(&inner.server, inner.limits.timeouts).await {
                Ok(opened) => {
                    inner.state.lock().open += 1;
                    opened
                }
                Err(cause) => return inner.give_up(job, &cause),
            },
        };
        let pipelined = open.offers.pipelining && inner.limits.pipelining && !inner.lock_step.load(Ordering::Relaxed);
        let limit = inner.limits.messages_per_connection;
        match open.hand_over(job, pipelined, limit, &mut || inner.pop()).await {
            Ok(()) if open.handed < limit => session = Some(open),
            Ok(()) => {
                inner.closed_one();
                open.quit().await;
            }
            Err(cause) => {
                inner.closed_one();
                if pipelined && breaks_pipelining(&cause) {
                    tracing::warn!(
                        host = inner.server.host,
                        "server does not keep to PIPELINING; one command at a time from now on"
                    );
                    inner.lock_step.store(true, Ordering::Relaxed);
                }
            }
        }
    }
}

/// Silence, hanging up or nonsense between MAIL and 354: what a server does that announces PIPELINING
/// and drops what it had not yet read. Lock-step costs speed only, so suspicion is enough.
const fn breaks_pipelining(cause: &Failure) -> bool {
    matches!(
        cause,
        Failure::Timeout(Phase::Mail | Phase::Recipient | Phase::Data)
            | Failure::Closed(Phase::Mail | Phase::Recipient | Phase::Data)
            | Failure::Protocol(Phase::Mail | Phase::Recipient | Phase::Data | Phase::Final)
    )
}

fn is_used(pool: &Arc<Pool>) -> bool {
    Arc::strong_count(pool) > 1 || !pool.is_unused()
}

/// Pools by destination.
pub struct Pools<K> {
    pools: Mutex<HashMap<K, Arc<Pool>>>,
}

impl<K> Default for Pools<K> {
    fn default() -> Self {
        Self { pools: Mutex::default() }
    }
}

impl<K: Hash + Eq> Pools<K> {
    /// The pool of a destination, made when there is none. One that nobody uses is made anew, so that
    /// it follows the destination's addresses; they are let go when more than a thousand exist.
    pub fn get(&self, destination: K, make: impl FnOnce() -> Pool) -> Arc<Pool> {
        let mut pools = self.pools.lock();
        if pools.len() > 1000 {
            pools.retain(|_, pool| is_used(pool));
        }
        if let Some(pool) = pools.get(&destination).filter(|pool| is_used(pool)) {
            return pool.clone();
        }
        let pool = Arc::new(make());
        pools.insert(destination, pool.clone());
        pool
    }

    /// The pool of a destination, if there is one in use.
    pub fn existing<Q>(&self, destination: &Q) -> Option<Arc<Pool>>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.pools.lock().get(destination).filter(|pool| is_used(pool)).cloned()
    }

    /// Closes every pool.
    pub fn close(&self) {
        for (_, pool) in self.pools.lock().drain() {
            pool.close();
        }
    }
}
