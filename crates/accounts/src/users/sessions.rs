//! Sessions of browsers: a random token, kept as its hash, with an idle and an absolute end.

use kernel::{SessionId, Timestamp, UserId};
use store::{Core, params};

use super::{Client, OwnChange, State, queries};
use crate::{Accounts, Error, Result, secret};

const AGENT: &str = "session.agent";
/// How often, in seconds, the last use of a session is written down.
const TOUCH_SECONDS: i64 = 300;

/// How long sessions last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionPolicy {
    /// Seconds without use after which a session ends.
    pub idle_seconds: i64,
    /// Seconds after which a session ends in any case.
    pub absolute_seconds: i64,
}

impl Default for SessionPolicy {
    /// A week without use, thirty days in any case.
    fn default() -> Self {
        Self { idle_seconds: 7 * 86_400, absolute_seconds: 30 * 86_400 }
    }
}

/// A session that was just opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// The secret for the cookie; it is not kept and cannot be shown again.
    pub token: kernel::Pii<String>,
    /// Its absolute end.
    pub expires_at: Timestamp,
}

/// A session that a request came with.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// The account's state.
    pub state: State,
    /// Whether it was opened with a second factor.
    pub second_factor: bool,
    /// Its absolute end.
    pub expires_at: Timestamp,
}

/// A session as listed to its owner.
#[derive(Debug, Clone, serde::Serialize)]
pub struct SessionInfo {
    /// Its id.
    pub id: SessionId,
    /// Whether it was opened with a second factor.
    pub second_factor: bool,
    /// What the browser called itself.
    pub agent: Option<String>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last used, give or take five minutes.
    pub seen_at: Timestamp,
    /// Its absolute end.
    pub expires_at: Timestamp,
}

fn hash(token: &str) -> secret::Hash {
    secret::hash(&[b"session", token.as_bytes()])
}

impl Accounts {
    pub(crate) async fn open_session(&self, user: UserId, second_factor: bool, client: &Client) -> Result<NewSession> {
        let mut change = OwnChange::of(self.core(), user).await?;
        let now = change.ctx.now();
        let (id, token): (SessionId, _) = (change.ctx.id(), secret::token(change.ctx.rng.as_ref()));
        let expires_at = now.plus_seconds(self.sessions().absolute_seconds);
        let keys = super::keys(self.core());
        let agent = client.agent.as_deref().map(|agent| {
            let agent: String = agent.chars().filter(|c| !c.is_control()).take(200).collect();
            keys.seal(AGENT, agent.as_bytes())
        });
        change
            .batch
            .push(queries::INSERT_SESSION, params![hash(&token), id, user, second_factor, agent, now, expires_at]);
        change.audit("session.opened", &[&id, &user]);
        change.apply().await?;
        Ok(NewSession { id, user, token: token.into(), expires_at })
    }

    /// The session of a cookie's token.
    pub async fn session(&self, token: &str) -> Result<Session> {
        type Row = (SessionId, UserId, bool, Timestamp, Timestamp, Timestamp, String);
        if token.len() != 43 {
            return Err(Error::Unauthenticated);
        }
        let (core, hash) = (self.core(), hash(token));
        let row: Option<Row> = core.db.get(queries::GET_SESSION, params![hash]).await?;
        let (id, user, second_factor, _, seen_at, expires_at, state) = row.ok_or(Error::Unauthenticated)?;
        let (now, state) = (core.clock.now(), State::read(&state));
        let idle_end = seen_at.plus_seconds(self.sessions().idle_seconds);
        if now >= expires_at || now >= idle_end || state == State::Suspended {
            return Err(Error::Unauthenticated);
        }
        if now >= seen_at.plus_seconds(TOUCH_SECONDS) {
            let mut batch = core.ctx(kernel::WorkspaceId([0; 16]), store::Actor::User(user)).batch();
            batch.push(queries::TOUCH_SESSION, params![hash, now]);
            self.later(batch);
        }
        Ok(Session { id, user, state, second_factor, expires_at })
    }

    /// A person's live sessions, oldest first.
    pub async fn list_sessions(&self, user: UserId) -> Result<Vec<SessionInfo>> {
        type Row = (SessionId, bool, Option<Vec<u8>>, Timestamp, Timestamp, Timestamp);
        let (core, keys) = (self.core(), super::keys(self.core()));
        let now = core.clock.now();
        let idle_since = now.plus_seconds(-self.sessions().idle_seconds);
        let rows: Vec<Row> = core.db.all(queries::LIST_SESSIONS, params![user, now, idle_since]).await?;
        rows.into_iter()
            .map(|(id, second_factor, agent, created_at, seen_at, expires_at)| {
                let agent = agent.map(|sealed| keys.open(AGENT, &sealed)).transpose()?;
                let agent = agent.and_then(|plain| String::from_utf8(plain).ok());
                Ok(SessionInfo { id, second_factor, agent, created_at, seen_at, expires_at })
            })
            .collect()
    }

    /// Ends one session of a person (their own sign-out, or another device).
    pub async fn end_session(&self, user: UserId, session: SessionId) -> Result<()> {
        let mut change = OwnChange::of(self.core(), user).await?;
        change.batch.guard(queries::DELETE_SESSION, params![user, session]);
        change.audit("session.ended", &[&session, &user]);
        change.apply().await.map_err(|error| Error::on_guard(error, Error::NotFound("session")))
    }

    /// Ends every session of a person but `keep`.
    pub async fn end_other_sessions(&self, user: UserId, keep: Option<SessionId>) -> Result<()> {
        let mut change = OwnChange::of(self.core(), user).await?;
        change.batch.push(queries::DELETE_SESSIONS, params![user, keep.unwrap_or(SessionId([0; 16]))]);
        change.audit("session.others_ended", &[&user]);
        Ok(change.apply().await?)
    }
}

/// Deletes sessions that are over and links that nobody can follow any more. Run it daily.
pub(crate) async fn sweep(core: &Core) -> Result<()> {
    const KEEP_LINKS_SECONDS: i64 = 30 * 86_400;
    let now = core.clock.now();
    let mut batch = core.ctx(kernel::WorkspaceId([0; 16]), store::Actor::System).batch();
    batch.push(queries::SWEEP_SESSIONS, params![now]);
    batch.push(queries::SWEEP_TOKENS, params![now.plus_seconds(-KEEP_LINKS_SECONDS)]);
    core.db.apply(batch).await?;
    Ok(())
}
