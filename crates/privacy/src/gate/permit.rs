//! Permits and the book that can take them back.
//!
//! **Why no hand-over starts after a withdrawal was acknowledged.** [`PermitBook::register`] runs
//! *before* the re-check reads committed state. Let W be the commit of a withdrawal, which is
//! followed by [`PermitBook::cancel`] and only then acknowledged. A read after W sees it, and no
//! permit is made. A read before W belongs to a ticket registered before W, hence before the
//! cancelling, which therefore finds it: either the ticket is still open, then it is cancelled and
//! [`SendPermit::begin`] fails for ever; or the hand-over had begun already, then the withdrawal
//! waits for its end. There is no third order. On other nodes, which do not share the book, a
//! permit dies two seconds after its re-check.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use kernel::{ContactId, DeliveryId, Timestamp, WorkspaceId};
use parking_lot::Mutex;
use store::Blind;
use tokio::sync::Notify;

use super::verdict::Grant;
use crate::vocabulary::{Channel, Purpose};

/// How long a permit lives, in seconds.
pub const LIFE: i64 = 2;
/// How long a withdrawal waits for hand-overs that had begun before it.
const PATIENCE: Duration = Duration::from_secs(10);
const SHARDS: usize = 64;

const OPEN: u8 = 0;
const BEGUN: u8 = 1;
const CANCELLED: u8 = 2;
const ENDED: u8 = 3;

#[derive(Debug)]
struct Ticket {
    number: u64,
    workspace: WorkspaceId,
    subject: ContactId,
    address: Blind,
    domain: Blind,
    state: AtomicU8,
}

#[derive(Debug, Default)]
struct Shard {
    tickets: Mutex<HashMap<u64, Arc<Ticket>>>,
    ended: Notify,
}

/// Every permit under way in this process, by subject.
#[derive(Debug)]
pub(super) struct PermitBook {
    shards: Vec<Shard>,
    next: AtomicU64,
}

impl Default for PermitBook {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Shard::default()).collect(), next: AtomicU64::new(0) }
    }
}

/// Whose permits are taken back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached<'a> {
    pub(super) workspace: WorkspaceId,
    pub(super) subject: Option<ContactId>,
    /// Hashes of addresses or domains.
    pub(super) hashes: &'a [Blind],
}

impl Reached<'_> {
    fn covers(&self, ticket: &Ticket) -> bool {
        ticket.workspace == self.workspace
            && (self.subject == Some(ticket.subject)
                || self.hashes.contains(&ticket.address)
                || self.hashes.contains(&ticket.domain))
    }
}

impl PermitBook {
    fn shard(&self, subject: ContactId) -> &Shard {
        // The last octet of an identifier is random.
        &self.shards[usize::from(subject.0[15]) % SHARDS]
    }

    /// Enters a permit that is about to be decided on.
    pub(super) fn register(
        self: &Arc<Self>,
        workspace: WorkspaceId,
        (subject, address, domain): (ContactId, Blind, Blind),
    ) -> Entered {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let ticket = Arc::new(Ticket { number, workspace, subject, address, domain, state: AtomicU8::new(OPEN) });
        self.shard(subject).tickets.lock().insert(number, Arc::clone(&ticket));
        Entered { ticket, book: Arc::clone(self) }
    }

    /// Takes back every open permit in reach and waits, within bounds, for hand-overs that had
    /// begun. Answers how many were still under way when patience ended.
    pub(super) async fn cancel(&self, reached: Reached<'_>) -> usize {
        let begun = self.take_back(reached);
        let ends = async {
            for ticket in &begun {
                self.ended(ticket).await;
            }
        };
        if !begun.is_empty() && tokio::time::timeout(PATIENCE, ends).await.is_err() {
            return begun.iter().filter(|ticket| ticket.state.load(Ordering::Acquire) != ENDED).count();
        }
        0
    }

    fn take_back(&self, reached: Reached<'_>) -> Vec<Arc<Ticket>> {
        let mut begun = Vec::new();
        for shard in &self.shards {
            for ticket in shard.tickets.lock().values().filter(|ticket| reached.covers(ticket)) {
                let was = ticket.state.compare_exchange(OPEN, CANCELLED, Ordering::AcqRel, Ordering::Acquire);
                if was == Err(BEGUN) {
                    begun.push(Arc::clone(ticket));
                }
            }
        }
        begun
    }

    async fn ended(&self, ticket: &Ticket) {
        let shard = self.shard(ticket.subject);
        loop {
            let mut end = std::pin::pin!(shard.ended.notified());
            // Listening starts before looking, so that an end in between is not missed.
            end.as_mut().enable();
            if ticket.state.load(Ordering::Acquire) == ENDED {
                return;
            }
            end.await;
        }
    }

    /// How many permits and hand-overs are under way.
    pub(super) fn outstanding(&self) -> usize {
        self.shards.iter().map(|shard| shard.tickets.lock().len()).sum()
    }
}

/// A ticket's stay in the book; leaves it when dropped.
#[derive(Debug)]
pub(super) struct Entered {
    ticket: Arc<Ticket>,
    book: Arc<PermitBook>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let shard = self.book.shard(self.ticket.subject);
        shard.tickets.lock().remove(&self.ticket.number);
        if self.ticket.state.swap(ENDED, Ordering::AcqRel) == BEGUN {
            shard.ended.notify_waiters();
        }
    }
}

/// Why a permit no longer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PermitLost {
    /// Its two seconds are over; ask again.
    #[error("the permit has expired")]
    Expired,
    /// The person withdrew, or was erased, since; ask again, and expect a denial.
    #[error("the permit was taken back")]
    Cancelled,
}

/// The gate's leave to hand one message over, now: made only by [`super::Gate::recheck_many`], bound
/// to one delivery, address, purpose and content, taken **by value** by everything that can put a
/// message on a wire. It cannot be built, copied or stored, so a sender that skips the gate does
/// not compile.
///
/// ```
/// fn send(permit: privacy::gate::SendPermit, now: kernel::Timestamp) {
///     let handover = permit.begin(now);
///     // … the bytes go out here …
///     drop(handover);
/// }
/// ```
/// ```compile_fail,E0061
/// # fn send(permit: privacy::gate::SendPermit) {}
/// send();
/// ```
/// ```compile_fail,E0382
/// # fn send(permit: privacy::gate::SendPermit) {}
/// # fn twice(permit: privacy::gate::SendPermit) {
/// send(permit);
/// send(permit);
/// # }
/// ```
/// ```compile_fail,E0599
/// # fn copy(permit: privacy::gate::SendPermit) -> (privacy::gate::SendPermit, privacy::gate::SendPermit) {
/// (permit.clone(), permit)
/// # }
/// ```
/// ```compile_fail,E0277
/// # fn store(permit: privacy::gate::SendPermit) -> String {
/// serde_json::to_string(&permit).unwrap()
/// # }
/// ```
/// ```compile_fail,E0277
/// # fn conjure() -> privacy::gate::SendPermit {
/// serde_json::from_str("{}").unwrap()
/// # }
/// ```
/// ```compile_fail,E0451
/// # fn forge(permit: privacy::gate::SendPermit, grant: privacy::gate::Grant) -> privacy::gate::SendPermit {
/// privacy::gate::SendPermit { grant, ..permit }
/// # }
/// ```
/// ```compile_fail,E0624
/// # fn make() { let _ = privacy::gate::SendPermit::new; }
/// ```
#[derive(Debug)]
#[must_use = "hand the message over with it"]
pub struct SendPermit {
    entered: Entered,
    bound: Bound,
    expires: Timestamp,
    grant: Grant,
}

/// What a permit is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) delivery: DeliveryId,
    pub(super) channel: Channel,
    pub(super) purpose: Purpose,
    pub(super) content: [u8; 32],
}

impl SendPermit {
    pub(super) fn new(entered: Entered, bound: Bound, now: Timestamp, grant: Grant) -> Self {
        Self { entered, bound, expires: now.plus_seconds(LIFE), grant }
    }

    /// Whether this permit is for exactly this delivery, address hash and content.
    pub fn covers(&self, delivery: DeliveryId, address: &Blind, content: &[u8; 32]) -> bool {
        (self.bound.delivery, &self.entered.ticket.address, &self.bound.content) == (delivery, address, content)
    }

    /// The delivery.
    pub const fn delivery(&self) -> DeliveryId {
        self.bound.delivery
    }

    /// The person.
    pub fn subject(&self) -> ContactId {
        self.entered.ticket.subject
    }

    /// The address's suppression hash.
    pub fn address(&self) -> Blind {
        self.entered.ticket.address
    }

    /// The channel.
    pub const fn channel(&self) -> Channel {
        self.bound.channel
    }

    /// The purpose.
    pub const fn purpose(&self) -> &Purpose {
        &self.bound.purpose
    }

    /// The hash of the content.
    pub const fn content(&self) -> &[u8; 32] {
        &self.bound.content
    }

    /// The first instant at which it no longer counts.
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Why the message may go.
    pub const fn grant(&self) -> &Grant {
        &self.grant
    }

    /// Starts the hand-over; call it right before the first byte of the message goes out.
    ///
    /// # Errors
    /// [`PermitLost`] when the permit expired or was taken back; nothing may be sent then.
    pub fn begin(self, now: Timestamp) -> Result<Handover, PermitLost> {
        if now >= self.expires {
            return Err(PermitLost::Expired);
        }
        let state = &self.entered.ticket.state;
        match state.compare_exchange(OPEN, BEGUN, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(Handover { _entered: self.entered, delivery: self.bound.delivery, grant: self.grant }),
            Err(_) => Err(PermitLost::Cancelled),
        }
    }
}

/// A hand-over under way. Drop it when the other side has answered, or the connection is gone: a
/// withdrawal may be waiting for that. It comes of a permit and of nothing else, once.
///
/// ```compile_fail,E0382
/// # fn twice(permit: privacy::gate::SendPermit, now: kernel::Timestamp) {
/// let _first = permit.begin(now);
/// let _second = permit.begin(now);
/// # }
/// ```
/// ```compile_fail,E0451
/// # fn forge(handover: privacy::gate::Handover, delivery: kernel::DeliveryId) -> privacy::gate::Handover {
/// privacy::gate::Handover { delivery, ..handover }
/// # }
/// ```
/// ```compile_fail,E0599
/// # fn copy(handover: privacy::gate::Handover) -> (privacy::gate::Handover, privacy::gate::Handover) {
/// (handover.clone(), handover)
/// # }
/// ```
#[derive(Debug)]
#[must_use = "keep it until the hand-over ended"]
pub struct Handover {
    _entered: Entered,
    delivery: DeliveryId,
    grant: Grant,
}

impl Handover {
    /// The delivery.
    pub const fn delivery(&self) -> DeliveryId {
        self.delivery
    }

    /// Why the message may go.
    pub const fn grant(&self) -> &Grant {
        &self.grant
    }
}
