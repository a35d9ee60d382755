//! PostgreSQL (or a database that speaks its protocol): pooled connections, pipelined batches,
//! parameters encoded by the type the server announced.

use std::error::Error as StdError;
use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use futures_util::future::try_join_all;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{NoTls, Statement};

use crate::batch::{Applied, Batch, Op};
use crate::dialect::postgres_text;
use crate::ledger::TAKE_HEAD;
use crate::{Error, FromRow, Result, Row, Sql, Value};

/// Connections at most.
const POOL: usize = 16;
/// How often a transaction that lost a race is tried again.
const RETRIES: usize = 12;
/// Statements in flight on one connection.
const PIPELINE: usize = 400;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Int(number) if *ty == Type::INT8 => number.to_sql(ty, out)?,
            Self::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out)?,
            Self::Int(number) if *ty == Type::INT2 => i16::try_from(*number)?.to_sql(ty, out)?,
            Self::Int(number) if *ty == Type::FLOAT8 => (*number as f64).to_sql(ty, out)?,
            Self::Int(number) if *ty == Type::BOOL => (*number != 0).to_sql(ty, out)?,
            Self::Real(number) if *ty == Type::FLOAT8 => number.to_sql(ty, out)?,
            Self::Bool(flag) if *ty == Type::BOOL => flag.to_sql(ty, out)?,
            Self::Text(text) if *ty == Type::TEXT || *ty == Type::VARCHAR => text.to_sql(ty, out)?,
            Self::Bytes(bytes) if *ty == Type::BYTEA => {
                out.extend_from_slice(bytes);
                IsNull::No
            }
            Self::Bytes(bytes) if *ty == Type::UUID && bytes.len() == 16 => {
                out.extend_from_slice(bytes);
                IsNull::No
            }
            Self::Id(id) if *ty == Type::UUID || *ty == Type::BYTEA => {
                out.extend_from_slice(id);
                IsNull::No
            }
            _ => return Err(format!("a parameter does not fit a column of type {ty}").into()),
        };
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i64::from(i32::from_sql(ty, raw)?)),
            Type::INT2 => Self::Int(i64::from(i16::from_sql(ty, raw)?)),
            Type::FLOAT8 => Self::Real(f64::from_sql(ty, raw)?),
            Type::BOOL => Self::Bool(bool::from_sql(ty, raw)?),
            Type::UUID => Self::Id(raw.try_into()?),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            _ => Self::Text(String::from_utf8(raw.to_vec())?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

pub(crate) fn error(statement: &'static str, error: &tokio_postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else {
        return if error.is_closed() || error.to_string().contains("connect") {
            Error::Unavailable(error.to_string())
        } else {
            Error::Statement {
                statement,
                detail: format!("{error}: {:?}", StdError::source(error).map(ToString::to_string)),
            }
        };
    };
    match db.code() {
        &SqlState::UNIQUE_VIOLATION => Error::Unique(db.constraint().unwrap_or_default().to_owned()),
        &SqlState::DISK_FULL | &SqlState::OUT_OF_MEMORY => Error::Full,
        &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => Error::Unavailable(RACE.to_owned()),
        // The detail of a database error may quote values; its message does not.
        _ => Error::Statement { statement, detail: db.message().to_owned() },
    }
}

const RACE: &str = "too many transactions change the same rows";

fn lost_race(error: &Error) -> bool {
    matches!(error, Error::Unavailable(text) if text == RACE)
}

pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// Connects; makes the schema when it is not there and works inside it.
    pub(crate) async fn open(url: &str, schema: &str) -> Result<Self> {
        if schema.is_empty() || !schema.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            return Err(Error::Unavailable("a schema's name is lower-case letters, digits and _".to_owned()));
        }
        let mut config: tokio_postgres::Config =
            url.parse().map_err(|e| Error::Unavailable(format!("the database URL cannot be read: {e}")))?;
        config.options(format!("-c search_path={schema} -c client_min_messages=warning"));
        config.application_name("barid");
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager).max_size(POOL).build().map_err(|e| Error::Unavailable(e.to_string()))?;
        let this = Self { pool };
        this.simple(&format!("CREATE SCHEMA IF NOT EXISTS {schema}")).await?;
        Ok(this)
    }

    pub(crate) async fn client(&self) -> Result<Object> {
        self.pool.get().await.map_err(|e| Error::Unavailable(e.to_string()))
    }

    /// Runs several statements without parameters (migrations).
    pub(crate) async fn simple(&self, text: &str) -> Result<()> {
        self.client().await?.batch_execute(text).await.map_err(|e| error("MIGRATION", &e))
    }

    pub(crate) async fn query<T: FromRow>(&self, sql: Sql, params: &[Value]) -> Result<Vec<T>> {
        query(&self.client().await?, sql, params).await
    }

    async fn begin(&self, command: &'static str) -> Result<Begun> {
        let begun = Begun(Some(self.client().await?));
        begun.client()?.batch_execute(command).await.map_err(|e| error(command, &e))?;
        Ok(begun)
    }

    /// One statement for many parameter sets, pipelined in one snapshot.
    pub(crate) async fn many<T: FromRow>(&self, sql: Sql, sets: &[Vec<Value>]) -> Result<Vec<Vec<T>>> {
        let begun = self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let outcome = many(begun.client()?, sql, sets).await;
        let end = begun.end("COMMIT").await;
        outcome.and_then(|rows| end.map(|()| rows))
    }

    pub(crate) async fn apply(&self, batch: Batch) -> Result<Applied> {
        for attempt in 0..RETRIES {
            wait_after(attempt).await;
            let begun = self.begin("BEGIN").await?;
            match run_batch(begun.client()?, batch.clone()).await {
                Ok(applied) => match begun.end("COMMIT").await {
                    Ok(()) => return Ok(applied),
                    Err(e) if lost_race(&e) => {}
                    Err(e) => return Err(e),
                },
                Err(e) => {
                    begun.end("ROLLBACK").await?;
                    if !lost_race(&e) {
                        return Err(e);
                    }
                }
            }
        }
        Err(Error::Unavailable(RACE.to_owned()))
    }

    /// Runs `work` in a serializable transaction on a blocking thread; tries again after a lost race.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl Fn(&mut PostgresTx) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let handle = tokio::runtime::Handle::current();
        let work = std::sync::Arc::new(work);
        for attempt in 0..RETRIES {
            wait_after(attempt).await;
            let begun = self.begin("BEGIN ISOLATION LEVEL SERIALIZABLE").await?;
            let (handle, work) = (handle.clone(), std::sync::Arc::clone(&work));
            let outcome = tokio::task::spawn_blocking(move || {
                let mut tx = PostgresTx { begun, handle };
                match work(&mut tx) {
                    Ok(value) => tx.end("COMMIT").map(|()| value),
                    Err(e) => tx.end("ROLLBACK").and(Err(e)),
                }
            })
            .await
            .map_err(|e| Error::Unavailable(e.to_string()))?;
            match outcome {
                Err(e) if lost_race(&e) => {}
                other => return other,
            }
        }
        Err(Error::Unavailable(RACE.to_owned()))
    }
}

/// A connection with an open transaction. When whoever waits for it goes away half way, it is closed:
/// the next one to get it from the pool would write into a transaction that nobody commits.
struct Begun(Option<Object>);

impl Begun {
    fn client(&self) -> Result<&Object> {
        self.0.as_ref().ok_or_else(|| Error::Unavailable("the transaction has ended".to_owned()))
    }

    /// Ends the transaction; only then the connection may be used again. A server that refuses to commit
    /// has ended it too.
    async fn end(mut self, command: &'static str) -> Result<()> {
        let ended = self.client()?.batch_execute(command).await;
        if ended.as_ref().err().is_none_or(|e| e.as_db_error().is_some()) {
            drop(self.0.take());
        }
        ended.map_err(|e| error(command, &e))
    }
}

/// Lets the others of a lost race finish, a little longer each time.
async fn wait_after(attempts: usize) {
    if attempts > 0 {
        tokio::time::sleep(Duration::from_millis(1 << attempts.min(6))).await;
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}

async fn prepare(client: &Object, sql: Sql) -> Result<Statement> {
    client.prepare_cached(&postgres_text(sql.text)).await.map_err(|e| error(sql.name, &e))
}

fn borrow(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn read_row<T: FromRow>(row: &tokio_postgres::Row) -> Result<T> {
    let mut values = Vec::with_capacity(row.len());
    for index in 0..row.len() {
        values.push(row.try_get::<_, Value>(index).map_err(|_| Error::Column("a type Barid knows"))?);
    }
    T::from_row(&mut Row::new(values))
}

async fn query<T: FromRow>(client: &Object, sql: Sql, params: &[Value]) -> Result<Vec<T>> {
    let statement = prepare(client, sql).await?;
    let rows = client.query(&statement, &borrow(params)).await.map_err(|e| error(sql.name, &e))?;
    rows.iter().map(read_row).collect()
}

async fn many<T: FromRow>(client: &Object, sql: Sql, sets: &[Vec<Value>]) -> Result<Vec<Vec<T>>> {
    let statement = prepare(client, sql).await?;
    let mut out = Vec::with_capacity(sets.len());
    for chunk in sets.chunks(PIPELINE) {
        let borrowed: Vec<_> = chunk.iter().map(|params| borrow(params)).collect();
        let answers = try_join_all(borrowed.iter().map(|params| client.query(&statement, params)))
            .await
            .map_err(|e| error(sql.name, &e))?;
        for rows in answers {
            out.push(rows.iter().map(read_row).collect::<Result<Vec<T>>>()?);
        }
    }
    Ok(out)
}

/// Sends the statements in one pipeline and looks at the answers in order.
async fn run_ops(client: &Object, ops: &[Op]) -> Result<()> {
    for chunk in ops.chunks(PIPELINE) {
        let mut prepared = Vec::with_capacity(chunk.len());
        for op in chunk {
            prepared.push((prepare(client, op.sql).await?, borrow(&op.params)));
        }
        let answers = futures_util::future::join_all(
            prepared.iter().map(|(statement, params)| client.execute(statement, params)),
        )
        .await;
        for (op, answer) in chunk.iter().zip(answers) {
            let touched = answer.map_err(|e| error(op.sql.name, &e))?;
            if op.guarded && touched != 1 {
                return Err(Error::Guard(op.sql.name));
            }
        }
    }
    Ok(())
}

async fn run_batch(client: &Object, mut batch: Batch) -> Result<Applied> {
    run_ops(client, &batch.ops).await?;
    run_ops(client, &batch.job_ops()).await?;
    if !batch.moves_head() {
        return Ok(Applied::default());
    }
    let (states, feeds) = (!batch.ledger.is_empty(), !batch.feed.is_empty());
    let head: Vec<(i64, i64, [u8; 32])> = query(client, TAKE_HEAD, &batch.head_params()).await?;
    let (feed_seq, ledger_seq, hash) = head.into_iter().next().ok_or(Error::NotFound("WORKSPACE_HEAD"))?;
    run_ops(client, &batch.head_ops(feed_seq, ledger_seq, hash)).await?;
    Ok(Applied { feed_seq: if feeds { feed_seq } else { 0 }, ledger_seq: if states { ledger_seq } else { 0 } })
}

/// An open transaction, driven from a blocking thread.
pub(crate) struct PostgresTx {
    begun: Begun,
    handle: tokio::runtime::Handle,
}

impl PostgresTx {
    fn end(self, command: &'static str) -> Result<()> {
        self.handle.block_on(self.begun.end(command))
    }

    pub(crate) fn query<T: FromRow>(&self, sql: Sql, params: &[Value]) -> Result<Vec<T>> {
        self.handle.block_on(query(self.begun.client()?, sql, params))
    }

    pub(crate) fn many<T: FromRow>(&self, sql: Sql, sets: &[Vec<Value>]) -> Result<Vec<Vec<T>>> {
        self.handle.block_on(many(self.begun.client()?, sql, sets))
    }

    pub(crate) fn execute(&self, sql: Sql, params: &[Value]) -> Result<u64> {
        self.handle.block_on(async {
            let client = self.begun.client()?;
            let statement = prepare(client, sql).await?;
            client.execute(&statement, &borrow(params)).await.map_err(|e| error(sql.name, &e))
        })
    }

    pub(crate) fn apply(&self, batch: Batch) -> Result<Applied> {
        self.handle.block_on(run_batch(self.begun.client()?, batch))
    }
}

impl Postgres {
    pub(crate) async fn describe(&self, sql: Sql) -> Result<(usize, usize)> {
        let statement = prepare(&self.client().await?, sql).await?;
        Ok((statement.params().len(), statement.columns().len()))
    }
}
