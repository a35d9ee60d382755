//! What the live chat needs of the process: the hub, tickets that were used, and how files are scanned.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use conversations::hub::Hub;
use conversations::push::Push;
use conversations::visitors::{TICKET_LIFE, Ticket};
use kernel::{RawId, Timestamp};
use parking_lot::Mutex;

/// Tickets that are remembered at most; each for a minute.
const MOST: usize = 100_000;

/// The program that looks at files before anybody else sees them: the file comes on its standard input; 0 is clean,
/// 1 is harmful, with anything else it is asked again.
#[derive(Debug, Clone)]
pub struct Scanner(pub String);

/// One per process.
#[derive(Clone, Default)]
pub struct Chat(Arc<Inner>);

#[derive(Default)]
struct Inner {
    hub: Hub,
    used: Mutex<HashMap<RawId, Timestamp>>,
    scanner: OnceLock<Scanner>,
    push: OnceLock<Push>,
}

impl Chat {
    /// Who is connected.
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// Says how files are scanned; once, before anything is served.
    pub fn scan_with(&self, scanner: Scanner) {
        let _ = self.0.scanner.set(scanner);
    }

    /// How files are scanned; none when the operator named no way.
    pub fn scanner(&self) -> Option<&Scanner> {
        self.0.scanner.get()
    }

    /// Says how pushes leave; once, before anything is served.
    pub fn push_with(&self, push: Push) {
        let _ = self.0.push.set(push);
    }

    /// How pushes leave.
    pub fn push(&self) -> Option<&Push> {
        self.0.push.get()
    }

    /// Uses a ticket up; false when it was used before.
    pub fn spend(&self, ticket: &Ticket, now: Timestamp) -> bool {
        let mut used = self.0.used.lock();
        if used.len() >= MOST {
            used.retain(|_, at| now.0 - at.0 < TICKET_LIFE * Timestamp::SECOND);
            if used.len() >= MOST {
                return false;
            }
        }
        used.insert(ticket.number, now).is_none()
    }
}
