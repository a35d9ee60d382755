//! Flows that are kept, and the numbers whose calls they answer.

use kernel::{FlowId, Phone, Timestamp};
use serde_json::Value as Json;
use store::{Ctx, FromRow, Row, params, sql};

use super::model::Flow;
use crate::{Error, Result};

/// Most flows of a workspace.
const MOST: usize = 500;
/// Most numbers of a flow.
const MOST_NUMBERS: usize = 500;

sql! {
    INSERT = "INSERT INTO call_flow (workspace, id, version, flow, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)";
    UPDATE = "UPDATE call_flow SET version = version + 1, flow = $3, updated_at = $4 WHERE workspace = $1 AND id = $2 AND version = $5";
    DELETE = "DELETE FROM call_flow WHERE workspace = $1 AND id = $2";
    GET = "SELECT id, version, flow, created_at, updated_at FROM call_flow WHERE workspace = $1 AND id = $2";
    LIST = "SELECT id, version, flow, created_at, updated_at FROM call_flow WHERE workspace = $1 ORDER BY id LIMIT 500";
    NUMBERS = "SELECT number FROM call_number WHERE workspace = $1 AND flow = $2 ORDER BY number LIMIT 500";
    OF_NUMBER = "SELECT flow FROM call_number WHERE workspace = $1 AND number = $2";
    CLEAR_NUMBERS = "DELETE FROM call_number WHERE workspace = $1 AND flow = $2";
    PUT_NUMBER = "INSERT INTO call_number (workspace, number, flow, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, number) DO UPDATE SET flow = excluded.flow";
}

/// A flow that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowView {
    /// Its id.
    pub id: FlowId,
    /// Grows with every change.
    pub version: u32,
    /// The flow.
    pub flow: Flow,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl FromRow for FlowView {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        let (id, version) = (row.take()?, row.take()?);
        let json: Json = serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("flow"))?;
        let flow = Flow::read(&json).map_err(|_| store::Error::Column("flow"))?;
        Ok(Self { id, version, flow, created_at: row.take()?, updated_at: row.take()? })
    }
}

/// Keeps a flow.
///
/// # Errors
/// [`Error::Field`] naming step and field.
pub async fn add(ctx: &Ctx, flow: &Flow) -> Result<FlowView> {
    flow.check()?;
    if list(ctx).await?.len() >= MOST {
        return Err(Error::Conflict("a workspace has at most 500 call flows"));
    }
    let id: FlowId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(INSERT, params![ctx.workspace, id, 1, flow.to_json().to_string(), ctx.now()]);
    ctx.db.apply(batch).await?;
    find(ctx, id).await
}

/// Puts another flow in the place of one; calls under way go on with what they began with.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Field`]; [`Error::Conflict`] when somebody else changed it since `version`.
pub async fn change(ctx: &Ctx, id: FlowId, flow: &Flow, version: Option<u32>) -> Result<FlowView> {
    flow.check()?;
    let before = find(ctx, id).await?;
    let version = version.unwrap_or(before.version);
    let mut batch = ctx.batch();
    batch.guard(UPDATE, params![ctx.workspace, id, flow.to_json().to_string(), ctx.now(), version]);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::Conflict("somebody else changed this flow since you read it")),
        other => {
            other?;
            find(ctx, id).await
        }
    }
}

/// Takes a flow away, and with it the numbers it answered.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove(ctx: &Ctx, id: FlowId) -> Result<()> {
    find(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(CLEAR_NUMBERS, params![ctx.workspace, id]);
    batch.push(DELETE, params![ctx.workspace, id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// One flow.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(ctx: &Ctx, id: FlowId) -> Result<FlowView> {
    ctx.db.get(GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("call flow"))
}

/// Every flow, the oldest first.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx) -> Result<Vec<FlowView>> {
    Ok(ctx.db.all(LIST, params![ctx.workspace]).await?)
}

/// The numbers whose calls a flow answers.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn numbers(ctx: &Ctx, id: FlowId) -> Result<Vec<String>> {
    find(ctx, id).await?;
    let rows: Vec<(String,)> = ctx.db.all(NUMBERS, params![ctx.workspace, id]).await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}

/// Says whose calls a flow answers, in the place of what was said before. A number has one flow.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Field`].
pub async fn set_numbers(ctx: &Ctx, id: FlowId, numbers: &[Phone]) -> Result<Vec<String>> {
    find(ctx, id).await?;
    if numbers.len() > MOST_NUMBERS {
        return Err(Error::field("numbers", "at most 500"));
    }
    let mut batch = ctx.batch();
    batch.push(CLEAR_NUMBERS, params![ctx.workspace, id]);
    for number in numbers {
        batch.push(PUT_NUMBER, params![ctx.workspace, number.as_str(), id, ctx.now()]);
    }
    ctx.db.apply(batch).await?;
    self::numbers(ctx, id).await
}

/// The flow that answers calls to a number.
///
/// # Errors
/// The store's.
pub async fn flow_of_number(ctx: &Ctx, number: &str) -> Result<Option<FlowView>> {
    let row: Option<(FlowId,)> = ctx.db.get(OF_NUMBER, params![ctx.workspace, number]).await?;
    match row {
        Some((flow,)) => Ok(ctx.db.get(GET, params![ctx.workspace, flow]).await?),
        None => Ok(None),
    }
}
