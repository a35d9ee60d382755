//! The facade: one way to read, one way to write, one way to do both.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

use crate::batch::{Applied, Batch};
use crate::postgres::{Postgres, PostgresTx};
use crate::sqlite::{self, Sqlite};
use crate::{Error, FromRow, Result, Sql, Value};

/// Which engine is behind a [`Db`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// PostgreSQL or a database that speaks its protocol.
    Postgres,
}

enum Backend {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

struct Inner {
    backend: Backend,
    feed: watch::Sender<u64>,
    /// The part of `feed` that was committed here.
    own: watch::Sender<u64>,
    jobs: watch::Sender<u64>,
}

/// A database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

impl Db {
    fn new(backend: Backend) -> Self {
        Self(Arc::new(Inner {
            backend,
            feed: watch::Sender::new(0),
            own: watch::Sender::new(0),
            jobs: watch::Sender::new(0),
        }))
    }

    /// Opens (or makes) a SQLite file; every commit is on disk when it returns.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open_sqlite(path: &Path) -> Result<Self> {
        Sqlite::open(path, true).map(|engine| Self::new(Backend::Sqlite(engine)))
    }

    /// Opens a SQLite file without waiting for the disk: for tests whose data may be lost.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open_sqlite_volatile(path: &Path) -> Result<Self> {
        Sqlite::open(path, false).map(|engine| Self::new(Backend::Sqlite(engine)))
    }

    /// Connects to PostgreSQL and works inside `schema`, which is made when it is not there.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn open_postgres(url: &str, schema: &str) -> Result<Self> {
        Postgres::open(url, schema).await.map(|engine| Self::new(Backend::Postgres(engine)))
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        match self.0.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// Reads exactly one row.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub async fn one<T: FromRow + Send + 'static>(&self, sql: Sql, params: Vec<Value>) -> Result<T> {
        self.opt(sql, params).await?.ok_or(Error::NotFound(sql.name))
    }

    /// Reads the first row, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn opt<T: FromRow + Send + 'static>(&self, sql: Sql, params: Vec<Value>) -> Result<Option<T>> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    /// Reads all rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all<T: FromRow + Send + 'static>(&self, sql: Sql, params: Vec<Value>) -> Result<Vec<T>> {
        match &self.0.backend {
            Backend::Sqlite(engine) => engine.read(move |c| sqlite::query(c, sql, &params)).await,
            Backend::Postgres(engine) => engine.query(sql, &params).await,
        }
    }

    /// Reads the first row on the calling thread: for look-ups by primary key only.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn get<T: FromRow>(&self, sql: Sql, params: Vec<Value>) -> Result<Option<T>> {
        let rows = match &self.0.backend {
            Backend::Sqlite(engine) => engine.read_inline(|c| sqlite::query(c, sql, &params))?,
            Backend::Postgres(engine) => engine.query(sql, &params).await?,
        };
        Ok(rows.into_iter().next())
    }

    /// Runs one reading statement for many parameter sets in one hop and one snapshot.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn many<T: FromRow + Send + 'static>(&self, sql: Sql, sets: Vec<Vec<Value>>) -> Result<Vec<Vec<T>>> {
        if sets.is_empty() {
            return Ok(Vec::new());
        }
        match &self.0.backend {
            Backend::Sqlite(engine) => {
                engine
                    .read(move |c| {
                        let snapshot = c.unchecked_transaction().map_err(|e| Error::Unavailable(e.to_string()))?;
                        let rows = sets.iter().map(|params| sqlite::query(&snapshot, sql, params)).collect();
                        drop(snapshot);
                        rows
                    })
                    .await
            }
            Backend::Postgres(engine) => engine.many(sql, &sets).await,
        }
    }

    /// Commits a batch: all of it or nothing, on disk when this returns.
    ///
    /// # Errors
    /// [`Error::Guard`] or [`Error::Unique`] when the state does not allow it, [`Error::Full`].
    pub async fn apply(&self, batch: Batch) -> Result<Applied> {
        let (feeds, jobs) = (!batch.feed.is_empty(), !batch.jobs.is_empty());
        let applied = match &self.0.backend {
            Backend::Sqlite(engine) => engine.apply(batch).await?,
            Backend::Postgres(engine) => engine.apply(batch).await?,
        };
        self.announce(feeds, jobs);
        Ok(applied)
    }

    /// Reads, decides and writes in one serializable transaction. The closure may run again after
    /// a lost race, so it must not do anything but use `tx`; keep it short, on SQLite it holds the
    /// only writer.
    ///
    /// # Errors
    /// Whatever the closure returns, or the commit.
    pub async fn tx<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let outcome = self.tx_quiet(work).await;
        if outcome.is_ok() {
            self.announce(true, true);
        }
        outcome
    }

    /// Runs one writing statement that returns rows, committed when it returns. On PostgreSQL it runs as
    /// it is, so that workers that skip each other's locked rows do not stop each other, as they would
    /// in serializable transactions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn returning<T: FromRow + Send + 'static>(&self, sql: Sql, params: Vec<Value>) -> Result<Vec<T>> {
        match &self.0.backend {
            Backend::Sqlite(engine) => engine.call(move |c| sqlite::query(c, sql, &params)).await,
            Backend::Postgres(engine) => engine.query(sql, &params).await,
        }
    }

    /// [`Db::tx`] for transactions that neither feed nor enqueue, so nobody needs waking.
    pub(crate) async fn tx_quiet<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        match &self.0.backend {
            Backend::Sqlite(engine) => engine.call(move |connection| work(&mut Tx(Open::Sqlite(connection)))).await,
            Backend::Postgres(engine) => engine.call(move |tx| work(&mut Tx(Open::Postgres(tx)))).await,
        }
    }

    fn announce(&self, feed: bool, jobs: bool) {
        if feed {
            self.0.feed.send_modify(|count| *count += 1);
            self.0.own.send_modify(|count| *count += 1);
        }
        if jobs {
            self.0.jobs.send_modify(|count| *count += 1);
        }
    }

    /// Changes whenever this process committed change-feed entries, and when it heard that another one did
    /// ([`crate::wake`]).
    pub fn feed_changed(&self) -> watch::Receiver<u64> {
        self.0.feed.subscribe()
    }

    /// Changes whenever this process itself committed change-feed entries.
    pub(crate) fn committed_here(&self) -> watch::Receiver<u64> {
        self.0.own.subscribe()
    }

    /// Another process committed: whoever follows the feed or works off jobs looks.
    pub(crate) fn committed_elsewhere(&self) {
        self.0.feed.send_modify(|count| *count += 1);
        self.0.jobs.send_modify(|count| *count += 1);
    }

    /// Changes whenever this process committed jobs.
    pub fn jobs_changed(&self) -> watch::Receiver<u64> {
        self.0.jobs.subscribe()
    }

    /// Folds SQLite's log into the file, so that nothing deleted stays in it; nothing to do on PostgreSQL.
    ///
    /// # Errors
    /// When a reader holds the log for too long; it is tried again when the database is idle.
    pub async fn checkpoint(&self) -> Result<()> {
        match &self.0.backend {
            Backend::Sqlite(engine) => engine.checkpoint().await,
            Backend::Postgres(_) => Ok(()),
        }
    }

    /// Copies the database as it is now into a new file while writing goes on: a SQLite file, or a dump
    /// of the PostgreSQL schema.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn backup_file(&self, to: PathBuf) -> Result<()> {
        match &self.0.backend {
            Backend::Sqlite(engine) => engine.backup(to).await,
            Backend::Postgres(engine) => engine.dump(&to).await,
        }
    }

    /// Puts a dump of [`Db::backup_file`] in place of a PostgreSQL schema: loaded beside it first, so
    /// that a damaged file leaves the present one untouched.
    ///
    /// # Errors
    /// When the file is damaged or of a newer program.
    pub async fn restore_postgres(url: &str, schema: &str, from: &Path, now: kernel::Timestamp) -> Result<()> {
        Self::restore_schema((url, schema), from, now, false).await
    }

    /// [`Db::restore_postgres`] for the key store.
    ///
    /// # Errors
    /// When the file is damaged or of a newer program.
    pub async fn restore_postgres_keys(url: &str, schema: &str, from: &Path, now: kernel::Timestamp) -> Result<()> {
        Self::restore_schema((url, schema), from, now, true).await
    }

    async fn restore_schema(
        (url, schema): (&str, &str),
        from: &Path,
        now: kernel::Timestamp,
        keys: bool,
    ) -> Result<()> {
        let beside = format!("{schema}_restoring");
        let main = Postgres::open(url, schema).await?;
        main.simple(&format!("DROP SCHEMA IF EXISTS {beside} CASCADE")).await?;
        let fresh = Self::open_postgres(url, &beside).await?;
        fresh.migrate_either(keys, now).await?;
        if let Backend::Postgres(engine) = &fresh.0.backend {
            engine.load(from).await?;
        }
        // Steps that the backup's program did not know yet.
        fresh.migrate_either(keys, now).await?;
        main.replace_schema(&beside, schema).await
    }

    /// Runs DDL text as it is; for migrations.
    pub(crate) async fn run_script(&self, script: String) -> Result<()> {
        match &self.0.backend {
            Backend::Sqlite(engine) => {
                engine.call(move |c| c.execute_batch(&script).map_err(|e| Error::Migration(e.to_string()))).await
            }
            Backend::Postgres(engine) => engine.simple(&format!("BEGIN;\n{script}\nCOMMIT;")).await,
        }
    }

    /// Tells SQLite's planner about the schema; PostgreSQL looks for itself.
    pub(crate) async fn tell_planner(&self) -> Result<()> {
        match &self.0.backend {
            Backend::Sqlite(engine) => engine.tell_planner().await,
            Backend::Postgres(_) => Ok(()),
        }
    }

    /// Asks the engine to prepare a statement: (parameters, columns).
    ///
    /// # Errors
    /// When it does not prepare.
    pub async fn describe(&self, sql: Sql) -> Result<(usize, usize)> {
        match &self.0.backend {
            Backend::Sqlite(engine) => {
                engine
                    .call(move |c| {
                        let statement = c
                            .prepare(crate::dialect::sqlite_text(sql))
                            .map_err(|e| Error::Statement { statement: sql.name, detail: e.to_string() })?;
                        Ok((statement.parameter_count(), statement.column_count()))
                    })
                    .await
            }
            Backend::Postgres(engine) => engine.describe(sql).await,
        }
    }

    /// SQLite's query plan of a statement, one line per step; empty on PostgreSQL.
    ///
    /// # Errors
    /// When it does not prepare.
    pub async fn plan(&self, sql: Sql) -> Result<Vec<String>> {
        match &self.0.backend {
            Backend::Sqlite(engine) => engine.plan(sql).await,
            Backend::Postgres(_) => Ok(Vec::new()),
        }
    }
}

enum Open<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut PostgresTx),
}

/// An open transaction of [`Db::tx`].
pub struct Tx<'a>(Open<'a>);

impl Tx<'_> {
    /// Reads exactly one row.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn one<T: FromRow>(&mut self, sql: Sql, params: Vec<Value>) -> Result<T> {
        self.opt(sql, params)?.ok_or(Error::NotFound(sql.name))
    }

    /// Reads the first row, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn opt<T: FromRow>(&mut self, sql: Sql, params: Vec<Value>) -> Result<Option<T>> {
        Ok(self.all(sql, params)?.into_iter().next())
    }

    /// Reads all rows.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all<T: FromRow>(&mut self, sql: Sql, params: Vec<Value>) -> Result<Vec<T>> {
        match &mut self.0 {
            Open::Sqlite(connection) => sqlite::query(connection, sql, &params),
            Open::Postgres(tx) => tx.query(sql, &params),
        }
    }

    /// Runs one reading statement for many parameter sets.
    ///
    /// # Errors
    /// When the database fails.
    pub fn many<T: FromRow>(&mut self, sql: Sql, sets: &[Vec<Value>]) -> Result<Vec<Vec<T>>> {
        match &mut self.0 {
            Open::Sqlite(connection) => sets.iter().map(|params| sqlite::query(connection, sql, params)).collect(),
            Open::Postgres(tx) => tx.many(sql, sets),
        }
    }

    /// Runs a writing statement; returns how many rows it touched.
    ///
    /// # Errors
    /// When the database fails; any error ends the transaction.
    pub fn exec(&mut self, sql: Sql, params: Vec<Value>) -> Result<u64> {
        match &mut self.0 {
            Open::Sqlite(connection) => sqlite::execute(connection, sql, &params),
            Open::Postgres(tx) => tx.execute(sql, &params),
        }
    }

    /// Runs a whole batch inside the transaction.
    ///
    /// # Errors
    /// As [`Db::apply`].
    pub fn apply(&mut self, batch: Batch) -> Result<Applied> {
        match &mut self.0 {
            Open::Sqlite(connection) => sqlite::run_batch(connection, batch),
            Open::Postgres(tx) => tx.apply(batch),
        }
    }
}
