//! Members as those who answer: whether they accept conversations, how many, and under which name people see them.
//! A member's name is their own: without their leave people see the name of the organisation.

mod personal;
mod photo;
mod picture;

pub use photo::{LARGEST as LARGEST_PHOTO, photo, photos, remove_photo, set_photo, shown_photo};

use std::collections::BTreeMap;

use kernel::{Pii, Timestamp, UserId};
use store::{Batch, Ctx, Feed, params};

use crate::hub::{Hub, Signal};
use crate::model::codes;
use crate::reports::{Cell, What};
use crate::work::{Work, seconds};
use crate::{Error, Result, text};

codes! {
    /// Whether a member accepts conversations.
    #[schema(as = ChatAgentStatus)]
    Status {
        /// Conversations come by themselves.
        Accepting = "accepting",
        /// There, and busy.
        NotAccepting = "not_accepting",
        /// Away.
        Offline = "offline",
    }
}

/// Conversations at a time, unless a member says otherwise.
pub const DEFAULT_LIMIT: u32 = 6;
const SHOWN: &str = "chat_agent.shown";

store::sql! {
    PUT = "INSERT INTO chat_agent (workspace, member, status, max_chats, show_name, shown, since, given_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (workspace, member) DO UPDATE SET status = $3, max_chats = $4, show_name = $5, shown = $6, since = $7";
    ALL = "SELECT member, status, max_chats, show_name, shown, since, given_at FROM chat_agent WHERE workspace = $1 ORDER BY member";
    ONE = "SELECT member, status, max_chats, show_name, shown, since, given_at FROM chat_agent WHERE workspace = $1 AND member = $2";
    GIVEN = "UPDATE chat_agent SET given_at = $3 WHERE workspace = $1 AND member = $2";
    pub(crate) ERASE = "DELETE FROM chat_agent WHERE workspace = $1 AND member = $2";
    pub(crate) ERASE_MEMBER = "DELETE FROM chat_group_member WHERE workspace = $1 AND member = $2";
}

store::row! {
    #[derive(Debug, Clone)]
    struct AgentRow {
        user: UserId,
        status: Status,
        limit: u32,
        show_name: bool,
        shown: Option<Vec<u8>>,
        since: Timestamp,
        given_at: Timestamp,
    }
}

/// A member as one who answers.
#[derive(Debug, Clone)]
pub struct Agent {
    /// Who.
    pub user: UserId,
    /// Whether conversations come.
    pub status: Status,
    /// So many at a time.
    pub limit: u32,
    /// People may see the name.
    pub show_name: bool,
    /// The name that people see, when they may.
    pub shown: Option<Pii<String>>,
    /// In this status since.
    pub since: Timestamp,
    /// Got a conversation last at.
    pub given_at: Timestamp,
}

impl Agent {
    /// Somebody who never said anything about it.
    pub const fn new(user: UserId) -> Self {
        Self {
            user,
            status: Status::Offline,
            limit: DEFAULT_LIMIT,
            show_name: false,
            shown: None,
            since: Timestamp(0),
            given_at: Timestamp(0),
        }
    }
}

async fn opened(ctx: &Ctx, row: AgentRow) -> Result<Agent> {
    let keys = ctx.keys().await?;
    let shown = match row.shown {
        Some(sealed) => Some(String::from_utf8(keys.open(SHOWN, &sealed)?).map_err(|_| Error::Corrupt("agent"))?),
        None => None,
    };
    Ok(Agent {
        user: row.user,
        status: row.status,
        limit: row.limit,
        show_name: row.show_name,
        shown: shown.map(Pii::new),
        since: row.since,
        given_at: row.given_at,
    })
}

/// Everybody who ever said anything about it.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<BTreeMap<UserId, Agent>> {
    let rows: Vec<AgentRow> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    let mut out = BTreeMap::new();
    for row in rows {
        out.insert(row.user, opened(ctx, row).await?);
    }
    Ok(out)
}

/// One member.
///
/// # Errors
/// When the store fails.
pub async fn get(ctx: &Ctx, user: UserId) -> Result<Agent> {
    match ctx.db.get::<AgentRow>(ONE, params![ctx.workspace, user]).await? {
        Some(row) => opened(ctx, row).await,
        None => Ok(Agent::new(user)),
    }
}

/// The name under which people see a member, if they may; none for nobody and for whoever does not want it.
///
/// # Errors
/// When the store fails.
pub async fn shown_name(ctx: &Ctx, user: Option<UserId>) -> Result<Option<String>> {
    let Some(user) = user else { return Ok(None) };
    let agent = get(ctx, user).await?;
    if let (true, Some(name)) = (agent.show_name, agent.shown) {
        return Ok(Some(name.into_inner()));
    }
    let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace).await?;
    Ok(Some(workspace.map(|workspace| workspace.name).unwrap_or_default()))
}

/// A change of what a member said.
#[derive(Clone, Default)]
pub struct Change {
    /// Whether conversations come.
    pub status: Option<Status>,
    /// So many at a time.
    pub limit: Option<u32>,
    /// People may see the name.
    pub show_name: Option<bool>,
    /// The name that people see.
    pub shown: Option<String>,
}

/// Changes what a member said; answers how it is now. Whoever begins to accept gets what waits.
///
/// # Errors
/// A limit beyond 50, a name that is too long.
pub async fn update(ctx: &Ctx, hub: &Hub, user: UserId, change: Change) -> Result<Agent> {
    let before = get(ctx, user).await?;
    let mut agent = before.clone();
    if let Some(limit) = change.limit {
        if !(1..=50).contains(&limit) {
            return Err(Error::field("limit", "expected a number between 1 and 50"));
        }
        agent.limit = limit;
    }
    if let Some(shown) = change.shown {
        agent.shown = Some(Pii::new(text::line("shown_name", &shown, 120)?));
    }
    agent.show_name = change.show_name.unwrap_or(agent.show_name);
    if let Some(status) = change.status {
        agent.status = status;
    }
    let mut batch = ctx.batch();
    if agent.status != before.status {
        close_span(&mut batch, &before, ctx.now());
        agent.since = ctx.now();
        accounts::audit::record(&mut batch, ctx, "chat_agent.status", &[&user]);
    }
    put(&mut batch, ctx, &agent).await?;
    batch.feed(Feed { kind: "chat_agent.updated", entity: user.0, data: serde_json::json!({}) });
    ctx.db.apply(batch).await?;
    hub.tell_agents(ctx.workspace, &Signal::Agent(user));
    if agent.status == Status::Accepting {
        crate::routing::serve(ctx, hub).await?;
    }
    Ok(agent)
}

async fn put(batch: &mut Batch, ctx: &Ctx, agent: &Agent) -> Result<()> {
    let keys = ctx.keys().await?;
    let shown = agent.shown.as_ref().map(|name| keys.seal(SHOWN, name.expose().as_bytes()));
    batch.push(
        PUT,
        params![
            ctx.workspace,
            agent.user,
            agent.status,
            agent.limit,
            agent.show_name,
            shown,
            agent.since,
            agent.given_at
        ],
    );
    Ok(())
}

/// Counts the time in which a member accepted or did not, hour by hour.
fn close_span(batch: &mut Batch, agent: &Agent, now: Timestamp) {
    const HOUR: i64 = 3600 * Timestamp::SECOND;
    let what = match agent.status {
        Status::Accepting => What::Accepting,
        Status::NotAccepting => What::NotAccepting,
        Status::Offline => return,
    };
    // Somebody who forgot to go is counted for a month at most.
    let mut from = agent.since.0.max(now.0 - 31 * Timestamp::DAY);
    while from < now.0 {
        let to = ((from / HOUR) + 1).saturating_mul(HOUR).min(now.0);
        let sum = seconds(Timestamp(from), Timestamp(to));
        Cell { what, group: None, agent: Some(agent.user), count: 0, sum }.push(batch, Timestamp(from));
        from = to;
    }
}

/// Counts the time up to now of everybody who is there, so that a report of today is not empty.
///
/// # Errors
/// When the store fails.
pub async fn tick(ctx: &Ctx) -> Result<()> {
    for agent in list(ctx).await?.into_values() {
        if agent.status == Status::Offline || ctx.now().0 - agent.since.0 < 3600 * Timestamp::SECOND {
            continue;
        }
        let mut batch = ctx.batch();
        close_span(&mut batch, &agent, ctx.now());
        put(&mut batch, ctx, &Agent { since: ctx.now(), ..agent }).await?;
        ctx.db.apply(batch).await?;
    }
    Ok(())
}

/// A member got a conversation: others' turn comes first.
pub(crate) fn given(work: &mut Work, user: UserId) {
    let (workspace, now) = (work.ctx().workspace, work.ctx().now());
    work.batch.push(GIVEN, params![workspace, user, now]);
}
