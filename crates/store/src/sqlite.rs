//! SQLite: one writer thread with group commit, and a few connections for reading.
//!
//! Writes from any number of tasks are collected into one transaction per fsync, each batch in
//! its own savepoint, so that `synchronous=FULL` costs nearly nothing and a failing batch takes
//! nobody else down.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags};
use tokio::sync::{Semaphore, oneshot};

use crate::batch::{Applied, Batch, Op};
use crate::checkpoint::Checkpointer;
use crate::dialect::sqlite_text;
use crate::ledger::TAKE_HEAD;
use crate::{Error, FromRow, Result, Row, Sql, Value};

/// How many batches share one commit at most.
const GROUP: usize = 256;
/// How many statements share one commit at most, so that a reader of the outcome never waits long.
const GROUP_OPS: usize = 20_000;
/// How many writers may wait in the queue before the next one is held back.
const QUEUE: usize = 4096;
/// Connections for reading.
const READERS: usize = 4;
/// After so long without a write the log is folded into the file.
const IDLE: Duration = Duration::from_secs(2);

/// Octets that the log keeps when it begins anew: more than it grows to, for cutting it would hold up every writer. It
/// is cut when the store is idle.
const LOG: u64 = 512 * 1024 * 1024;

enum Write {
    Batch(Box<Batch>, oneshot::Sender<Result<Applied>>),
    /// Runs inside its own savepoint; returns what to do once the commit's outcome is known, or
    /// wants a rollback by returning through `Err` inside.
    Call(Call),
    Checkpoint(oneshot::Sender<Result<()>>),
    Close,
}

/// A transaction closure with its reply channel, type-erased: whether to keep what it did, and whom
/// to tell.
type Call = Box<dyn FnOnce(&Connection) -> (bool, Reply) + Send>;

/// Tells the waiting task how the commit ended.
type Reply = Box<dyn FnOnce(Result<()>) + Send>;

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Bool(flag) => ValueRef::Integer(i64::from(*flag)),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Id(id) => ValueRef::Blob(id),
        }))
    }
}

fn read_value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => bytes.try_into().map_or_else(|_| Value::Bytes(bytes.to_vec()), Value::Id),
    }
}

fn error(statement: &'static str, error: &rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(failure, text) = error {
        let text = text.clone().unwrap_or_default();
        return match failure.code {
            ErrorCode::ConstraintViolation if matches!(failure.extended_code, 1555 | 2067) => {
                Error::Unique(text.trim_start_matches("UNIQUE constraint failed: ").to_owned())
            }
            ErrorCode::DiskFull => Error::Full,
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase => Error::Unavailable(format!("{text} ({failure})")),
            _ => Error::Statement { statement, detail: text },
        };
    }
    Error::Statement { statement, detail: error.to_string() }
}

/// Runs one statement and returns its rows.
pub(crate) fn query<T: FromRow>(connection: &Connection, sql: Sql, params: &[Value]) -> Result<Vec<T>> {
    let fail = |e: rusqlite::Error| error(sql.name, &e);
    let mut statement = connection.prepare_cached(sqlite_text(sql)).map_err(fail)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(fail)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(fail)? {
        let mut values = Vec::with_capacity(columns);
        for index in 0..columns {
            values.push(read_value(row.get_ref(index).map_err(fail)?));
        }
        out.push(T::from_row(&mut Row::new(values))?);
    }
    Ok(out)
}

/// Runs one statement and returns how many rows it touched.
pub(crate) fn execute(connection: &Connection, sql: Sql, params: &[Value]) -> Result<u64> {
    let fail = |e: rusqlite::Error| error(sql.name, &e);
    let mut statement = connection.prepare_cached(sqlite_text(sql)).map_err(fail)?;
    let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(fail)?;
    while rows.next().map_err(fail)?.is_some() {}
    drop(rows);
    drop(statement);
    Ok(connection.changes())
}

/// The statements of a batch, prepared once for all of its operations. Found by where their text
/// lies: a batch has few different ones, and comparing addresses is cheaper than hashing text.
struct Prepared<'c> {
    connection: &'c Connection,
    statements: Vec<(&'static str, CachedStatement<'c>)>,
}

impl<'c> Prepared<'c> {
    fn new(connection: &'c Connection) -> Self {
        Self { connection, statements: Vec::new() }
    }

    fn run(&mut self, op: &Op) -> Result<()> {
        let fail = |e: rusqlite::Error| error(op.sql.name, &e);
        let known = self.statements.iter().position(|(text, _)| std::ptr::eq(*text, op.sql.text));
        let index = if let Some(index) = known {
            index
        } else {
            let statement = self.connection.prepare_cached(sqlite_text(op.sql)).map_err(fail)?;
            self.statements.push((op.sql.text, statement));
            self.statements.len() - 1
        };
        let statement = &mut self.statements[index].1;
        let mut rows = statement.query(rusqlite::params_from_iter(&op.params)).map_err(fail)?;
        while rows.next().map_err(fail)?.is_some() {}
        drop(rows);
        if op.guarded && self.connection.changes() != 1 {
            return Err(Error::Guard(op.sql.name));
        }
        Ok(())
    }
}

/// Runs a whole batch on an open transaction.
pub(crate) fn run_batch(connection: &Connection, mut batch: Batch) -> Result<Applied> {
    let mut prepared = Prepared::new(connection);
    for op in &batch.ops {
        prepared.run(op)?;
    }
    for op in batch.job_ops() {
        prepared.run(&op)?;
    }
    if !batch.moves_head() {
        return Ok(Applied::default());
    }
    let (states, feeds) = (!batch.ledger.is_empty(), !batch.feed.is_empty());
    let head: Vec<(i64, i64, [u8; 32])> = query(connection, TAKE_HEAD, &batch.head_params())?;
    let (feed_seq, ledger_seq, hash) = head.into_iter().next().ok_or(Error::NotFound("WORKSPACE_HEAD"))?;
    for op in batch.head_ops(feed_seq, ledger_seq, hash) {
        prepared.run(&op)?;
    }
    Ok(Applied { feed_seq: if feeds { feed_seq } else { 0 }, ledger_seq: if states { ledger_seq } else { 0 } })
}

pub(crate) struct Sqlite {
    path: PathBuf,
    sender: mpsc::Sender<Write>,
    room: Arc<Semaphore>,
    readers: Arc<Mutex<Vec<Connection>>>,
    read_room: Arc<Semaphore>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

fn open(path: &Path, write: bool, durable: bool) -> Result<Connection> {
    let fail = |e: rusqlite::Error| error("OPEN", &e);
    let flags = if write {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
    };
    let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(fail)?;
    connection.set_prepared_statement_cache_capacity(512);
    // Without this, statistics over bound values make SQLite compile a cached statement anew for
    // nearly every set of parameters.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fail)?;
    let synchronous = if durable { "FULL" } else { "OFF" };
    // The writer's holds the inner pages of a large workspace's indexes; memory is taken page by page as needed,
    // and given back when the database is idle.
    let cache = if write { -256_000 } else { -8_000 };
    connection
        .execute_batch(&format!(
            "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};
             PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size={cache};
             PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=40000; PRAGMA journal_size_limit={LOG};"
        ))
        .map_err(fail)?;
    if !write {
        connection.execute_batch("PRAGMA query_only=ON").map_err(fail)?;
    }
    Ok(connection)
}

impl Sqlite {
    /// Opens (or makes) the file. `durable` off is for tests only: it skips fsync.
    pub(crate) fn open(path: &Path, durable: bool) -> Result<Self> {
        let writer = open(path, true, durable)?;
        let beside = Checkpointer::start(open(path, false, durable)?)?;
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_loop(&writer, beside, &receiver))
            .map_err(|e| Error::Unavailable(e.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            sender,
            room: Arc::new(Semaphore::new(QUEUE)),
            readers: Arc::new(Mutex::new(Vec::new())),
            read_room: Arc::new(Semaphore::new(READERS)),
            writer: Mutex::new(Some(thread)),
        })
    }

    async fn send(&self, write: Write) -> Result<()> {
        let permit = self.room.acquire().await.map_err(|_| closed())?;
        self.sender.send(write).map_err(|_| closed())?;
        // The place is taken back by the writer's pace: an unbounded channel behind a semaphore
        // held until the reply would serialise callers, so the permit only smooths bursts.
        drop(permit);
        Ok(())
    }

    pub(crate) async fn apply(&self, batch: Batch) -> Result<Applied> {
        let (reply, answer) = oneshot::channel();
        self.send(Write::Batch(Box::new(batch), reply)).await?;
        answer.await.map_err(|_| closed())?
    }

    /// Runs `call` inside a savepoint of the writer's transaction; its result arrives after the commit.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel::<Result<T>>();
        let run = Box::new(move |connection: &Connection| {
            let outcome = call(connection);
            let keep = outcome.is_ok();
            let tell: Reply = Box::new(move |commit: Result<()>| {
                // A caller that went away does not mind.
                let _ = reply.send(outcome.and_then(|value| commit.map(|()| value)));
            });
            (keep, tell)
        });
        self.send(Write::Call(run)).await?;
        answer.await.map_err(|_| closed())?
    }

    /// Statistics are read when a connection is opened: those that were open before are let go.
    pub(crate) async fn tell_planner(&self) -> Result<()> {
        if self.call(crate::statistics::told).await? {
            self.readers.lock().clear();
        }
        Ok(())
    }

    pub(crate) async fn checkpoint(&self) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.send(Write::Checkpoint(reply)).await?;
        answer.await.map_err(|_| closed())?
    }

    fn take_reader(&self) -> Result<Connection> {
        let idle = self.readers.lock().pop();
        idle.map_or_else(|| open(&self.path, false, true), Ok)
    }

    /// Runs a read on a blocking thread with a connection of its own.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = Arc::clone(&self.read_room).acquire_owned().await.map_err(|_| closed())?;
        let connection = self.take_reader()?;
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || {
            let outcome = read(&connection);
            readers.lock().push(connection);
            drop(permit);
            outcome
        })
        .await
        .map_err(|e| Error::Unavailable(e.to_string()))?
    }

    /// Runs a short read on the calling thread.
    pub(crate) fn read_inline<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.take_reader()?;
        let outcome = read(&connection);
        let mut readers = self.readers.lock();
        if readers.len() < 2 * READERS {
            readers.push(connection);
        }
        outcome
    }

    /// Copies the database as it is now into a new file, while writing goes on.
    pub(crate) async fn backup(&self, to: PathBuf) -> Result<()> {
        self.read(move |connection| {
            let fail = |e: rusqlite::Error| error("BACKUP", &e);
            let mut target = Connection::open(&to).map_err(fail)?;
            let backup = rusqlite::backup::Backup::new(connection, &mut target).map_err(fail)?;
            // One step for the whole file: a consistent picture, and a reader never blocks the writer in WAL mode.
            backup.step(-1).map_err(fail)?;
            drop(backup);
            target.close().map_err(|(_, e)| error("BACKUP", &e))
        })
        .await
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // The writer may be gone already; then there is nothing to close.
        let _ = self.sender.send(Write::Close);
        if let Some(thread) = self.writer.lock().take() {
            let _ = thread.join();
        }
    }
}

fn closed() -> Error {
    Error::Unavailable("the store is closed".to_owned())
}

fn weight(write: &Write) -> usize {
    match write {
        Write::Batch(batch, _) => batch.ops.len() + batch.ledger.len() + batch.feed.len() + 1,
        Write::Call(_) => 100,
        Write::Checkpoint(_) | Write::Close => 1,
    }
}

fn write_loop(connection: &Connection, beside: Checkpointer, receiver: &mpsc::Receiver<Write>) {
    let mut dirty = false;
    loop {
        let first = match receiver.recv_timeout(IDLE) {
            Ok(write) => write,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                if dirty {
                    dirty = beside.instead(|| truncate(connection)).is_err();
                    let _ = connection.execute_batch("PRAGMA shrink_memory");
                }
                continue;
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => Write::Close,
        };
        let mut group = vec![first];
        let mut total = weight(&group[0]);
        while group.len() < GROUP && total < GROUP_OPS {
            let Ok(next) = receiver.try_recv() else { break };
            total += weight(&next);
            group.push(next);
        }
        dirty = true;
        if !write_group(connection, &beside, group) {
            drop(beside);
            let _ = truncate(connection);
            return;
        }
        beside.wrote();
    }
}

fn truncate(connection: &Connection) -> Result<()> {
    // SQLite answers one row (busy, log frames, moved frames); an error or busy means "later".
    let sql = Sql { name: "CHECKPOINT", text: "PRAGMA wal_checkpoint(TRUNCATE)" };
    let rows: Vec<(i64, i64, i64)> = query(connection, sql, &[])?;
    if rows.first().is_some_and(|row| row.0 != 0) {
        Err(Error::Unavailable("checkpoint is busy".to_owned()))
    } else {
        Ok(())
    }
}

fn command(connection: &Connection, text: &'static str) -> Result<()> {
    let mut statement = connection.prepare_cached(text).map_err(|e| error(text, &e))?;
    statement.execute([]).map(|_| ()).map_err(|e| error(text, &e))
}

/// Runs a group in one transaction; false when the writer should close.
fn write_group(connection: &Connection, beside: &Checkpointer, group: Vec<Write>) -> bool {
    let mut replies: Vec<Reply> = Vec::with_capacity(group.len());
    let mut checkpoints = Vec::new();
    let mut open = true;
    let mut lost: Option<Error> = command(connection, "BEGIN IMMEDIATE").err();
    // Whoever is alone needs no savepoint, which would copy every page it touches.
    let alone = group.len() == 1;
    for write in group {
        match write {
            Write::Close => open = false,
            Write::Checkpoint(reply) => checkpoints.push(reply),
            Write::Batch(batch, reply) => {
                let outcome = match &lost {
                    Some(error) => Err(error.clone()),
                    None if alone => run_batch(connection, *batch).inspect_err(|error| lost = Some(error.clone())),
                    None => in_savepoint(connection, &mut lost, |c| run_batch(c, *batch)),
                };
                replies.push(Box::new(move |commit| {
                    let _ = reply.send(outcome.and_then(|applied| commit.map(|()| applied)));
                }));
            }
            Write::Call(call) => {
                if let Some(error) = &lost {
                    let error = error.clone();
                    // The closure owns its reply, so it has to run; on a lost transaction everything it reads fails.
                    let (_, tell) = call(connection);
                    replies.push(Box::new(move |_| tell(Err(error))));
                    continue;
                }
                if alone {
                    let (keep, tell) = call(connection);
                    lost = if keep { None } else { Some(Error::Guard("TX")) };
                    replies.push(tell);
                    continue;
                }
                let mut tell: Option<Reply> = None;
                let _ = in_savepoint(connection, &mut lost, |c| {
                    let (keep, reply) = call(c);
                    tell = Some(reply);
                    if keep { Ok(()) } else { Err(Error::Guard("TX")) }
                });
                replies.extend(tell);
            }
        }
    }
    let outcome = match lost {
        Some(error) => {
            if !connection.is_autocommit() {
                let _ = command(connection, "ROLLBACK");
            }
            Err(error)
        }
        None => command(connection, "COMMIT").inspect_err(|_| {
            if !connection.is_autocommit() {
                let _ = command(connection, "ROLLBACK");
            }
        }),
    };
    for reply in replies {
        reply(outcome.clone());
    }
    for reply in checkpoints {
        let _ = reply.send(beside.instead(|| truncate(connection)));
    }
    open
}

/// Runs `work` in a savepoint. `lost` is set when SQLite gave up the whole transaction (a full
/// disk does that), so that everybody in the group learns of it.
fn in_savepoint<T>(
    connection: &Connection,
    lost: &mut Option<Error>,
    work: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let outcome = command(connection, "SAVEPOINT one").and_then(|()| work(connection));
    let ended = match &outcome {
        Ok(_) => command(connection, "RELEASE one"),
        Err(_) if connection.is_autocommit() => Err(Error::Unavailable("the transaction was given up".to_owned())),
        Err(_) => command(connection, "ROLLBACK TO one").and_then(|()| command(connection, "RELEASE one")),
    };
    if let Err(error) = ended {
        let error = if let Err(first) = &outcome { first.clone() } else { error };
        *lost = Some(error.clone());
        return Err(error);
    }
    outcome
}

impl Sqlite {
    pub(crate) async fn plan(&self, sql: Sql) -> Result<Vec<String>> {
        self.read(move |connection| {
            let text = format!("EXPLAIN QUERY PLAN {}", sqlite_text(sql));
            let fail = |e: rusqlite::Error| error(sql.name, &e);
            let mut statement = connection.prepare(&text).map_err(fail)?;
            let nulls = vec![Value::Null; statement.parameter_count()];
            let steps = statement
                .query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3))
                .map_err(fail)?
                .collect::<rusqlite::Result<Vec<_>>>()
                .map_err(fail)?;
            Ok(steps)
        })
        .await
    }
}
