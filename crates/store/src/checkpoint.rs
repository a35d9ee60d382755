//! The write-ahead log is folded into the file beside the writer, which would otherwise stand still for it: SQLite lets
//! one connection fold while another one writes (<https://sqlite.org/wal.html#concurrency>). What is left for the writer
//! when the log begins anew is what came in the last moments.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;

use crate::{Error, Result};

/// How long what is written waits in the log.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Default)]
struct Shared {
    /// Something was written since the last time.
    written: AtomicBool,
    /// Who folds: only one may at a time, and the other one would be told to try again.
    folding: Mutex<()>,
}

/// A thread that folds the log; it ends with this.
pub(crate) struct Checkpointer {
    shared: Arc<Shared>,
    open: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Folds with a connection of its own.
    pub(crate) fn start(connection: Connection) -> Result<Self> {
        let shared = Arc::new(Shared::default());
        let (open, closed) = mpsc::channel();
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-fold".to_owned())
            .spawn(move || fold(&connection, &theirs, &closed))
            .map_err(|e| Error::Unavailable(e.to_string()))?;
        Ok(Self { shared, open: Some(open), thread: Some(thread) })
    }

    /// Something was written.
    pub(crate) fn wrote(&self) {
        self.shared.written.store(true, Ordering::Relaxed);
    }

    /// Runs what folds by itself, while nobody else does.
    pub(crate) fn instead<T>(&self, act: impl FnOnce() -> T) -> T {
        let _alone = self.shared.folding.lock();
        act()
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.open.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn fold(connection: &Connection, shared: &Shared, closed: &mpsc::Receiver<()>) {
    while closed.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
        if shared.written.swap(false, Ordering::Relaxed) {
            let _alone = shared.folding.lock();
            // What it cannot do now it does next time, and the writer does it in the end.
            let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }
}
