//! Who is there now, and what visitors who agreed look at. In memory only: a restart forgets it.

use std::collections::HashMap;

use kernel::{Timestamp, UserId, VisitorId, WorkspaceId};

use super::{Hub, Listener, Signal};

/// The most pages that are remembered of a visit.
const PAGES: usize = 20;
/// The most visits of a workspace that are remembered.
const VISITS: usize = 5000;
/// A visitor without a connection counts as gone after so many seconds.
const GONE: i64 = 90;

/// A page that a visitor looks at.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Since when.
    pub at: Timestamp,
}

/// A visit that goes on.
#[derive(Clone)]
pub struct Visit {
    /// Whose.
    pub visitor: VisitorId,
    /// Since when.
    pub since: Timestamp,
    /// When something was heard last.
    pub seen: Timestamp,
    /// A connection is open.
    pub online: bool,
    /// Pages, the newest last; empty without consent.
    pub pages: Vec<Page>,
    /// Where they came from; none without consent.
    pub referrer: Option<String>,
}

impl std::fmt::Debug for Visit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Visit({})", self.visitor)
    }
}

/// Visits that go on, by workspace.
#[derive(Default)]
pub struct Presence(HashMap<WorkspaceId, HashMap<VisitorId, Visit>>);

impl Hub {
    pub(super) fn arrived(&self, workspace: WorkspaceId, listener: Listener) {
        match listener {
            Listener::Visitor(visitor) => self.tell_agents(workspace, &Signal::Visitor(visitor)),
            Listener::Agent(user) => self.tell_agents(workspace, &Signal::Agent(user)),
        }
    }

    pub(super) fn gone(&self, workspace: WorkspaceId, listener: Listener) {
        match listener {
            Listener::Visitor(visitor) => {
                if let Some(visit) =
                    self.0.presence.lock().0.get_mut(&workspace).and_then(|visits| visits.get_mut(&visitor))
                {
                    visit.online = false;
                }
                self.tell_agents(workspace, &Signal::VisitorLeft(visitor));
            }
            Listener::Agent(user) => self.tell_agents(workspace, &Signal::Agent(user)),
        }
    }

    /// Something was heard of a visitor; `page` and `referrer` only when they agreed to be seen.
    pub fn heard(
        &self,
        workspace: WorkspaceId,
        visitor: VisitorId,
        now: Timestamp,
        page: Option<(Page, Option<String>)>,
    ) {
        let online = self.0.rooms.lock().has_visitor(workspace, visitor);
        let mut presence = self.0.presence.lock();
        let visits = presence.0.entry(workspace).or_default();
        if visits.len() >= VISITS && !visits.contains_key(&visitor) {
            visits.retain(|_, visit| visit.online || now.0 - visit.seen.0 < GONE * Timestamp::SECOND);
            if visits.len() >= VISITS {
                return;
            }
        }
        let visit = visits.entry(visitor).or_insert_with(|| Visit {
            visitor,
            since: now,
            seen: now,
            online,
            pages: Vec::new(),
            referrer: None,
        });
        (visit.seen, visit.online) = (now, online);
        if let Some((page, referrer)) = page {
            if visit.pages.last().is_none_or(|last| last.url != page.url) {
                visit.pages.push(page);
                if visit.pages.len() > PAGES {
                    visit.pages.remove(0);
                }
            }
            visit.referrer = visit.referrer.take().or(referrer);
        }
        drop(presence);
        self.tell_agents(workspace, &Signal::Visitor(visitor));
    }

    /// Forgets what a visitor looked at: consent was withdrawn, or they were erased.
    pub fn forget_pages(&self, workspace: WorkspaceId, visitor: VisitorId) {
        if let Some(visit) = self.0.presence.lock().0.get_mut(&workspace).and_then(|visits| visits.get_mut(&visitor)) {
            visit.pages.clear();
            visit.referrer = None;
        }
    }

    /// Visits that go on, the newest first.
    pub fn visits(&self, workspace: WorkspaceId, now: Timestamp) -> Vec<Visit> {
        let mut presence = self.0.presence.lock();
        let Some(visits) = presence.0.get_mut(&workspace) else { return Vec::new() };
        visits.retain(|_, visit| visit.online || now.0 - visit.seen.0 < GONE * Timestamp::SECOND);
        let mut out: Vec<Visit> = visits.values().cloned().collect();
        out.sort_by_key(|visit| std::cmp::Reverse((visit.since, visit.visitor)));
        out
    }

    /// One visit.
    pub fn visit(&self, workspace: WorkspaceId, visitor: VisitorId) -> Option<Visit> {
        self.0.presence.lock().0.get(&workspace)?.get(&visitor).cloned()
    }

    /// Whether a visitor has an open connection to this node.
    pub fn is_here(&self, workspace: WorkspaceId, visitor: VisitorId) -> bool {
        self.0.rooms.lock().has_visitor(workspace, visitor)
    }

    /// Members with an open connection to this node.
    pub fn agents_here(&self, workspace: WorkspaceId) -> Vec<UserId> {
        self.0.rooms.lock().agents(workspace)
    }
}
