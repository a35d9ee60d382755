//! Events of the last moments, opened, so that a message to ten members is unsealed once.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use kernel::{ConversationId, WorkspaceId};

use crate::events::Event;

/// How many are kept.
const MOST: usize = 512;

type Key = (WorkspaceId, ConversationId, i64);

#[derive(Default)]
pub(super) struct Recent {
    events: HashMap<Key, Arc<Event>>,
    order: VecDeque<Key>,
}

impl Recent {
    pub(super) fn keep(&mut self, workspace: WorkspaceId, event: Arc<Event>) {
        let key = (workspace, event.conversation, event.seq);
        if self.events.insert(key, event).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > MOST {
            if let Some(oldest) = self.order.pop_front() {
                self.events.remove(&oldest);
            }
        }
    }

    pub(super) fn find(&self, workspace: WorkspaceId, conversation: ConversationId, seq: i64) -> Option<Arc<Event>> {
        self.events.get(&(workspace, conversation, seq)).map(Arc::clone)
    }

    pub(super) fn forget(&mut self, conversation: ConversationId) {
        self.events.retain(|key, _| key.1 != conversation);
        self.order.retain(|key| key.1 != conversation);
    }
}
