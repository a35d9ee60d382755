//! Mailboxes by workspace and listener.

use std::collections::HashMap;

use kernel::{UserId, VisitorId, WorkspaceId};

use super::{Bye, Line, Listener, Signal};

/// Connections of one visitor.
const OF_VISITOR: usize = 5;
/// Connections of one member.
const OF_AGENT: usize = 16;

#[derive(Default)]
struct Room {
    visitors: HashMap<VisitorId, Vec<Line>>,
    agents: HashMap<UserId, Vec<Line>>,
}

#[derive(Default)]
pub(super) struct Rooms {
    rooms: HashMap<WorkspaceId, Room>,
    next: u64,
}

fn enter(lines: &mut Vec<Line>, line: Line, most: usize) {
    if lines.len() >= most {
        let oldest = lines.remove(0);
        // What is in its mailbox is told first; one that is full is slow anyway.
        oldest.post(&Signal::Bye(Bye::Replaced));
    }
    lines.push(line);
    lines.shrink_to_fit();
}

impl Rooms {
    pub(super) fn enter(&mut self, workspace: WorkspaceId, listener: Listener, mut line: Line) -> u64 {
        self.next += 1;
        line.id = self.next;
        let room = self.rooms.entry(workspace).or_default();
        match listener {
            Listener::Visitor(id) => enter(room.visitors.entry(id).or_default(), line, OF_VISITOR),
            Listener::Agent(id) => enter(room.agents.entry(id).or_default(), line, OF_AGENT),
        }
        self.next
    }

    /// Takes a mailbox out; whether it was the listener's last one.
    pub(super) fn leave(&mut self, workspace: WorkspaceId, listener: Listener, id: u64) -> bool {
        let Some(room) = self.rooms.get_mut(&workspace) else { return false };
        let last = match listener {
            Listener::Visitor(who) => {
                let Some(lines) = room.visitors.get_mut(&who) else { return false };
                lines.retain(|line| line.id != id);
                let last = lines.is_empty();
                if last {
                    room.visitors.remove(&who);
                }
                last
            }
            Listener::Agent(who) => {
                let Some(lines) = room.agents.get_mut(&who) else { return false };
                lines.retain(|line| line.id != id);
                let last = lines.is_empty();
                if last {
                    room.agents.remove(&who);
                }
                last
            }
        };
        if room.visitors.is_empty() && room.agents.is_empty() {
            self.rooms.remove(&workspace);
        }
        last
    }

    pub(super) fn to_agents(&self, workspace: WorkspaceId, signal: &Signal) {
        if let Some(room) = self.rooms.get(&workspace) {
            room.agents.values().flatten().for_each(|line| line.post(signal));
        }
    }

    pub(super) fn to_visitor(&self, workspace: WorkspaceId, visitor: VisitorId, signal: &Signal) {
        let lines = self.rooms.get(&workspace).and_then(|room| room.visitors.get(&visitor));
        lines.into_iter().flatten().for_each(|line| line.post(signal));
    }

    pub(super) fn to_all(&self, signal: &Signal) {
        for room in self.rooms.values() {
            room.agents.values().chain(room.visitors.values()).flatten().for_each(|line| line.post(signal));
        }
    }

    pub(super) fn workspaces(&self) -> Vec<WorkspaceId> {
        self.rooms.keys().copied().collect()
    }

    pub(super) fn counts(&self) -> (usize, usize) {
        self.rooms.values().fold((0, 0), |(visitors, agents), room| {
            (
                visitors + room.visitors.values().map(Vec::len).sum::<usize>(),
                agents + room.agents.values().map(Vec::len).sum::<usize>(),
            )
        })
    }

    pub(super) fn agents(&self, workspace: WorkspaceId) -> Vec<UserId> {
        self.rooms.get(&workspace).map(|room| room.agents.keys().copied().collect()).unwrap_or_default()
    }

    pub(super) fn has_visitor(&self, workspace: WorkspaceId, visitor: VisitorId) -> bool {
        self.rooms.get(&workspace).is_some_and(|room| room.visitors.contains_key(&visitor))
    }
}
