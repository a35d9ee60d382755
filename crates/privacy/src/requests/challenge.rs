//! Who asks? A single-use link goes to the address on file, never to one that was merely typed.

use kernel::{Code, EventId, Problem, RawId, RequestId, Timestamp, WorkspaceId};
use store::{Actor, Core, Ctx, WorkspaceKeys, params};

use super::model::{By, Request, RequestState};
use super::{act, rows};
use crate::{Error, Result};

/// Seconds for which a link works.
pub const CHALLENGE_LIFE: i64 = 3 * 86_400;
/// Links of one request.
const MOST: i64 = 3;
const LABEL: &str = "data request";
const STATUS: &str = "data request status";

store::sql! {
    INSERT = "INSERT INTO data_request_challenge (workspace, id, request, made_at, expires_at, used_at)
        VALUES ($1, $2, $3, $4, $5, NULL)";
    GET = "SELECT request, expires_at, used_at FROM data_request_challenge WHERE workspace = $1 AND id = $2";
    COUNT = "SELECT CAST(count(*) AS BIGINT), max(expires_at) FROM data_request_challenge
        WHERE workspace = $1 AND request = $2";
    USE = "UPDATE data_request_challenge SET used_at = $3 WHERE workspace = $1 AND id = $2 AND used_at IS NULL";
    VOID = "UPDATE data_request_challenge SET expires_at = $3
        WHERE workspace = $1 AND request = $2 AND used_at IS NULL AND expires_at > $3";
}

/// Asks for a link to be mailed to the person on file; earlier links of the request stop working.
///
/// # Errors
/// `rate_limited` after three links; `conflict` when the request is past that or names nobody.
pub async fn challenge(ctx: &Ctx, id: RequestId) -> Result<Request> {
    let request = rows::get(ctx, id).await?;
    let refused = |code, detail: &'static str| Error::Store(store::Error::Refused(Problem::new(code, detail)));
    if request.subject.is_none() {
        return Err(refused(Code::Conflict, "nobody is known under that address: there is nowhere to send a link"));
    }
    let (count, _): (i64, Option<Timestamp>) = ctx.db.one(COUNT, params![ctx.workspace, id]).await?;
    if count >= MOST {
        return Err(refused(Code::RateLimited, "three links were sent for this request"));
    }
    let (challenge, now): (EventId, _) = (ctx.id(), ctx.now());
    let mut batch = ctx.batch();
    batch.push(VOID, params![ctx.workspace, id, now]);
    batch.push(INSERT, params![ctx.workspace, challenge, id, now, now.plus_seconds(CHALLENGE_LIFE)]);
    act::challenge_job(&mut batch, id, challenge);
    act::challenged(ctx, id, batch).await
}

/// When the last link of a request stops working.
pub(super) async fn last_expiry(ctx: &Ctx, id: RequestId) -> Result<Option<Timestamp>> {
    let (_, last): (i64, Option<Timestamp>) = ctx.db.one(COUNT, params![ctx.workspace, id]).await?;
    Ok(last)
}

/// The secret part of a challenge's link.
pub fn token(keys: &WorkspaceKeys, workspace: WorkspaceId, challenge: EventId) -> String {
    keys.sign(LABEL, &[workspace.0, challenge.0].concat())
}

fn raw(bytes: &[u8], from: usize) -> Option<RawId> {
    RawId::try_from(bytes.get(from..from + 16)?).ok()
}

async fn payload(core: &Core, label: &str, token: &str) -> Option<(Ctx, Vec<u8>)> {
    let (workspace, bytes) = core.vault.read_token(label, token).await.ok()??;
    Some((core.ctx(workspace, Actor::Person), bytes))
}

async fn live(core: &Core, token: &str) -> Result<(Ctx, EventId, RequestId)> {
    let unknown = Error::NotFound("link");
    let Some((ctx, bytes)) = payload(core, LABEL, token).await else { return Err(unknown) };
    let Some(challenge) = raw(&bytes, 0).filter(|_| bytes.len() == 16).map(EventId) else { return Err(unknown) };
    let row: Option<(RequestId, Timestamp, Option<Timestamp>)> =
        ctx.db.get(GET, params![ctx.workspace, challenge]).await?;
    match row {
        Some((request, expires, None)) if ctx.now() < expires => Ok((ctx, challenge, request)),
        Some(_) => {
            Err(Error::Store(store::Error::Refused(Problem::new(Code::Gone, "the link was used or is too old"))))
        }
        None => Err(unknown),
    }
}

/// The request that a link would verify; changes nothing.
///
/// # Errors
/// [`Error::NotFound`] for forged links; `gone` for used and old ones.
pub async fn find(core: &Core, token: &str) -> Result<(Ctx, Request)> {
    let (ctx, _, request) = live(core, token).await?;
    let request = rows::get(&ctx, request).await?;
    if request.state != RequestState::Challenged {
        return Err(Error::Store(store::Error::Refused(Problem::new(Code::Gone, "the request is past that"))));
    }
    Ok((ctx, request))
}

/// Uses a link up: the request is verified.
///
/// # Errors
/// As [`find`]; whoever comes second gets `version_conflict`.
pub async fn redeem(core: &Core, token: &str) -> Result<(Ctx, Request)> {
    let (ctx, challenge, id) = live(core, token).await?;
    let mut batch = ctx.batch();
    batch.guard(USE, params![ctx.workspace, challenge, ctx.now()]);
    let request = act::verify_with(&ctx, id, By::Link, None, batch).await?;
    Ok((ctx, request))
}

/// A link to a request's page, good until `expires`.
pub fn status_token(keys: &WorkspaceKeys, workspace: WorkspaceId, id: RequestId, expires: Timestamp) -> String {
    keys.sign(STATUS, &[&workspace.0[..], &id.0, &expires.0.to_be_bytes()].concat())
}

/// The request of a status link.
///
/// # Errors
/// [`Error::NotFound`] for forged links; `gone` for old ones.
pub async fn status_of(core: &Core, token: &str) -> Result<(Ctx, Request)> {
    let unknown = Error::NotFound("link");
    let Some((ctx, bytes)) = payload(core, STATUS, token).await else { return Err(unknown) };
    let expires = bytes.get(16..24).and_then(|at| <[u8; 8]>::try_from(at).ok());
    let (Some(id), Some(expires)) = (raw(&bytes, 0).map(RequestId), expires) else { return Err(unknown) };
    if ctx.now() >= Timestamp(i64::from_be_bytes(expires)) {
        return Err(Error::Store(store::Error::Refused(Problem::new(Code::Gone, "the link is too old"))));
    }
    let request = rows::get(&ctx, id).await?;
    Ok((ctx, request))
}
