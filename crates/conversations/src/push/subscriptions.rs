//! Browsers of members that want to be told. Where a browser is reached says something about its owner: it rests
//! sealed.

use data_encoding::BASE64URL_NOPAD;
use kernel::{Code, Problem, PushId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{Ctx, PersonalTable, params};

use super::crypt::{AUTH, POINT, is_point};
use crate::{Error, Result, text};

const SEALED: &str = "push_subscription.sealed";
/// Browsers of one member.
const OF_MEMBER: usize = 20;

store::sql! {
    INSERT = "INSERT INTO push_subscription (workspace, id, member, mark, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace, mark) DO UPDATE SET member = $3, sealed = $5";
    BY_MARK = "SELECT id, member, sealed, created_at, used_at, last_status FROM push_subscription WHERE workspace = $1 AND mark = $2";
    OF = "SELECT id, member, sealed, created_at, used_at, last_status FROM push_subscription WHERE workspace = $1 AND member = $2 ORDER BY id";
    ONE = "SELECT id, member, sealed, created_at, used_at, last_status FROM push_subscription WHERE workspace = $1 AND id = $2";
    ANY = "SELECT id FROM push_subscription WHERE workspace = $1 LIMIT 1";
    DELETE = "DELETE FROM push_subscription WHERE workspace = $1 AND id = $2";
    USED = "UPDATE push_subscription SET used_at = $3, last_status = $4 WHERE workspace = $1 AND id = $2";
    ERASE = "DELETE FROM push_subscription WHERE workspace = $1 AND member = $2";
}

store::row! {
    struct Row {
        id: PushId,
        member: UserId,
        sealed: Vec<u8>,
        created_at: Timestamp,
        used_at: Option<Timestamp>,
        last_status: Option<i64>,
    }
}

/// What a browser gives.
#[derive(Clone, Serialize, Deserialize)]
pub struct Target {
    /// The address at the push service.
    pub endpoint: String,
    /// Its point, base64url.
    pub p256dh: String,
    /// Its secret, base64url.
    pub auth: String,
    /// What its owner calls it.
    pub label: String,
    /// In which language it is told.
    pub language: String,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

impl Target {
    /// The point and the secret.
    pub(super) fn keys(&self) -> Result<(Vec<u8>, Vec<u8>)> {
        let read = |field: &str, text: &str, length: usize| {
            let text = text.trim_end_matches('=');
            let bytes = Some(text).filter(|text| text.len() <= 200).map(str::as_bytes);
            let bytes = bytes.and_then(|text| BASE64URL_NOPAD.decode(text).ok()).filter(|bytes| bytes.len() == length);
            bytes.ok_or_else(|| Error::field(field, format!("expected {length} octets as base64url")))
        };
        Ok((read("keys.p256dh", &self.p256dh, POINT)?, read("keys.auth", &self.auth, AUTH)?))
    }
}

/// A member's browser.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Its id.
    pub id: PushId,
    /// Whose.
    pub member: UserId,
    /// How it is reached.
    pub target: Target,
    /// Since when.
    pub created_at: Timestamp,
    /// Told last.
    pub used_at: Option<Timestamp>,
    /// What the push service answered last.
    pub last_status: Option<i64>,
}

async fn opened(ctx: &Ctx, row: Row) -> Result<Subscription> {
    let plain = ctx.keys().await?.open(SEALED, &row.sealed)?;
    let target = serde_json::from_slice(&plain).map_err(|_| Error::Corrupt("subscription"))?;
    Ok(Subscription {
        id: row.id,
        member: row.member,
        target,
        created_at: row.created_at,
        used_at: row.used_at,
        last_status: row.last_status,
    })
}

/// Keeps a browser's subscription; the same address again is the same one, whoever is signed in there now.
///
/// # Errors
/// Keys that are none, too many browsers.
pub(super) async fn keep(ctx: &Ctx, member: UserId, mut target: Target) -> Result<Subscription> {
    target.label = text::optional("label", &target.label, 120)?;
    let (point, _) = target.keys()?;
    if !is_point(&point) {
        return Err(Error::field("keys.p256dh", "is no point of P-256"));
    }
    let keys = ctx.keys().await?;
    let mark = keys.mac("push_subscription.endpoint", target.endpoint.as_bytes()).to_vec();
    let known: Option<Row> = ctx.db.get(BY_MARK, params![ctx.workspace, mark.clone()]).await?;
    if known.is_none() && of(ctx, member).await?.len() >= OF_MEMBER {
        return Err(Problem::new(Code::Conflict, "a member has at most 20 browsers; take one off first").into());
    }
    let plain = serde_json::to_vec(&target).map_err(|_| Error::Corrupt("subscription"))?;
    let mut batch = ctx.batch();
    let id: PushId = ctx.id();
    let sealed = keys.seal(SEALED, &plain);
    batch.push(INSERT, params![ctx.workspace, id, member, mark.clone(), sealed, ctx.now()]);
    ctx.db.apply(batch).await?;
    let row: Option<Row> = ctx.db.get(BY_MARK, params![ctx.workspace, mark]).await?;
    opened(ctx, row.ok_or(Error::NotFound("subscription"))?).await
}

/// A member's browsers.
///
/// # Errors
/// When the store fails.
pub async fn of(ctx: &Ctx, member: UserId) -> Result<Vec<Subscription>> {
    let rows: Vec<Row> = ctx.db.all(OF, params![ctx.workspace, member]).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(opened(ctx, row).await?);
    }
    Ok(out)
}

/// One subscription, if it is still there.
pub(super) async fn find(ctx: &Ctx, id: PushId) -> Result<Option<Subscription>> {
    match ctx.db.get::<Row>(ONE, params![ctx.workspace, id]).await? {
        Some(row) => opened(ctx, row).await.map(Some),
        None => Ok(None),
    }
}

/// Whether anybody of the workspace wants to be told.
pub(super) async fn any(ctx: &Ctx) -> Result<bool> {
    let row: Option<(PushId,)> = ctx.db.get(ANY, params![ctx.workspace]).await?;
    Ok(row.is_some())
}

/// Takes a member's own browser off.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove(ctx: &Ctx, member: UserId, id: PushId) -> Result<()> {
    let known = find(ctx, id).await?.filter(|one| one.member == member);
    known.ok_or(Error::NotFound("subscription"))?;
    gone(ctx, id).await
}

/// A subscription that holds no longer.
pub(super) async fn gone(ctx: &Ctx, id: PushId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(DELETE, params![ctx.workspace, id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Writes down what the push service answered.
pub(super) async fn answered(ctx: &Ctx, id: PushId, status: u16) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(USED, params![ctx.workspace, id, ctx.now(), i64::from(status)]);
    ctx.db.apply(batch).await?;
    Ok(())
}

store::personal!(PersonalTable {
    table: "push_subscription",
    class: "account.member",
    subject: "member",
    columns: &["sealed", "mark"],
    erase: &[ERASE],
    kept: None,
    collect: None,
});
