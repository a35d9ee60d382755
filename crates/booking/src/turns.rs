//! One booking of an event type at a time within this process. The database alone prevents double bookings; standing
//! in line here only spares it hundreds of transactions that would be repeated after losing a race.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Weak};

use kernel::{EventTypeId, WorkspaceId};
use parking_lot::Mutex;

type Line = tokio::sync::Mutex<()>;

static LINES: LazyLock<Mutex<HashMap<(WorkspaceId, EventTypeId), Weak<Line>>>> = LazyLock::new(Mutex::default);

/// Whoever holds it is served.
pub(crate) type Turn = tokio::sync::OwnedMutexGuard<()>;

/// Waits for one's turn.
pub(crate) async fn wait(workspace: WorkspaceId, event_type: EventTypeId) -> Turn {
    let line = {
        let mut lines = LINES.lock();
        if lines.len() > 1000 {
            lines.retain(|_, line| line.strong_count() > 0);
        }
        let entry = lines.entry((workspace, event_type)).or_default();
        entry.upgrade().unwrap_or_else(|| {
            let line = Arc::new(Line::default());
            *entry = Arc::downgrade(&line);
            line
        })
    };
    line.lock_owned().await
}
