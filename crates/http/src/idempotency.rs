//! `Idempotency-Key`: a request that is sent again gets the first answer again, for 24 hours.
//!
//! The first request with a key takes a row; its answer is kept there, sealed. A second one with the
//! same body gets that answer; with another body it is refused; while the first still runs it is
//! told to come back. Answers that a retry should not be stuck with (5xx, 401, 403, 409, 429) are
//! not kept.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Code, Problem, Timestamp};
use store::{Core, Ctx, params};
use tracing::Instrument;

use crate::{Caller, Failure, Result, Toolbox};

/// Set on an answer that was given before.
pub const REPLAYED: &str = "idempotency-replayed";

const HEADER: &str = "idempotency-key";
const MAX_KEY: usize = 255;
const KEEP_SECONDS: i64 = 24 * 3_600;
/// After so many seconds a request that left no answer is taken for dead with its process.
const LOCK_SECONDS: i64 = 120;
/// The largest answer that is kept.
const MAX_RESPONSE: usize = 1024 * 1024;
const COLUMN: &str = "idempotency.response";
/// The headers that belong to an answer, beside its body.
const KEPT_HEADERS: [HeaderName; 4] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG, header::RETRY_AFTER];

store::sql! {
    TAKE = "INSERT INTO idempotency (workspace, key, fingerprint, locked_until, expires_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, key) DO UPDATE SET fingerprint = $3, response = NULL, locked_until = $4, expires_at = $5
        WHERE idempotency.expires_at <= $6
            OR (idempotency.response IS NULL AND idempotency.locked_until <= $6 AND idempotency.fingerprint = $3)";
    READ = "SELECT fingerprint, response FROM idempotency WHERE workspace = $1 AND key = $2";
    KEEP = "UPDATE idempotency SET response = $3 WHERE workspace = $1 AND key = $2 AND locked_until = $4";
    RELEASE = "DELETE FROM idempotency WHERE workspace = $1 AND key = $2 AND response IS NULL AND locked_until = $3";
    SWEEP = "DELETE FROM idempotency WHERE expires_at <= $1";
}

store::personal!(store::PersonalTable {
    table: "idempotency",
    class: "technical.day",
    subject: "key",
    columns: &["response"],
    erase: &[],
    kept: Some("answers kept for 24 hours, so that a request sent twice acts once"),
    collect: None,
});

/// Deletes what is older than a day. Run it hourly.
pub async fn sweep(core: &Core) -> store::Result<()> {
    let mut batch = core.ctx(kernel::WorkspaceId([0; 16]), store::Actor::System).batch();
    batch.push(SWEEP, params![core.now()]);
    core.db.apply(batch).await.map(|_| ())
}

pub(crate) async fn around(State(toolbox): State<Toolbox>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let Some(key) = request.headers().get(HEADER).filter(|_| changes).cloned() else {
        return next.run(request).await;
    };
    let (mut parts, body) = request.into_parts();
    // Whoever is not authenticated gets the handler's own answer.
    let Ok(caller) = Caller::from_request_parts(&mut parts, &toolbox).await else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    if key.is_empty() || key.len() > MAX_KEY {
        return Failure(Problem::field("Idempotency-Key", "has 1 to 255 characters")).into_response();
    }
    let Ok(body) = to_bytes(body, toolbox.max_body()).await else {
        return Failure::new(Code::PayloadTooLarge, "the body is too large for a request with an Idempotency-Key")
            .into_response();
    };
    let path = parts.uri.path_and_query().map_or("", |whole| whole.as_str());
    let fingerprint = accounts::secret::hash(&[parts.method.as_str().as_bytes(), path.as_bytes(), &body]);
    let ctx = caller.ctx();
    let slot = Slot {
        key: accounts::secret::hash(&[ctx.actor.to_string().as_bytes(), key.as_bytes()]),
        fingerprint,
        locked_until: ctx.now().plus_seconds(LOCK_SECONDS),
        ctx,
    };
    match slot.take().await {
        Ok(None) => {}
        Ok(Some(kept)) => return kept,
        Err(failure) => return failure.into_response(),
    }
    let request = Request::from_parts(parts, Body::from(body));
    // A task of its own: when the client hangs up, the work and the keeping of its answer go on.
    let work = async move {
        let response = next.run(request).await;
        slot.keep(response).await
    };
    match tokio::spawn(work.in_current_span()).await {
        Ok(response) => response,
        Err(_) => Failure::new(Code::Internal, "the handler of this request failed").into_response(),
    }
}

struct Slot {
    ctx: Ctx,
    key: accounts::secret::Hash,
    fingerprint: accounts::secret::Hash,
    locked_until: Timestamp,
}

impl Slot {
    /// Takes the row (None), or says what is in it.
    async fn take(&self) -> Result<Option<Response>> {
        type Row = (accounts::secret::Hash, Option<Vec<u8>>);
        let (ctx, now) = (&self.ctx, self.ctx.now());
        let expires_at = now.plus_seconds(KEEP_SECONDS);
        let mut batch = ctx.batch();
        batch.guard(TAKE, params![ctx.workspace, self.key, self.fingerprint, self.locked_until, expires_at, now]);
        match ctx.db.apply(batch).await {
            Ok(_) => return Ok(None),
            Err(store::Error::Guard(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let row: Option<Row> = ctx.db.get(READ, params![ctx.workspace, self.key]).await?;
        match row {
            Some((fingerprint, _)) if fingerprint != self.fingerprint => Err(Failure::new(
                Code::IdempotencyMismatch,
                "this Idempotency-Key came with another request before; use a new one for a new request",
            )),
            Some((_, Some(sealed))) => {
                let plain = ctx.keys().await?.open(COLUMN, &sealed)?;
                read(&plain).map(Some).ok_or_else(|| Failure::new(Code::Internal, "the kept answer cannot be read"))
            }
            _ => Err(Failure(
                Problem::new(Code::Conflict, "the first request with this key is still running").retry_after(1),
            )),
        }
    }

    async fn keep(&self, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        let status = parts.status;
        let passing = status.is_server_error()
            || matches!(
                status,
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS
            );
        let small = http_body_util::BodyExt::collect(http_body_util::Limited::new(body, MAX_RESPONSE)).await;
        let Ok(body) = small.map(http_body_util::Collected::to_bytes) else {
            self.release().await;
            return Failure::new(Code::Internal, "the answer is too large for a request with an Idempotency-Key")
                .into_response();
        };
        if passing {
            self.release().await;
        } else if let Err(failure) = self.write(status, &parts.headers, &body).await {
            tracing::warn!(detail = %failure.0.detail, "an answer was not kept under its Idempotency-Key");
        }
        Response::from_parts(parts, Body::from(body))
    }

    async fn write(&self, status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Result<()> {
        let ctx = &self.ctx;
        let sealed = ctx.keys().await?.seal(COLUMN, &written(status, headers, body));
        let mut batch = ctx.batch();
        batch.push(KEEP, params![ctx.workspace, self.key, sealed, self.locked_until]);
        ctx.db.apply(batch).await?;
        Ok(())
    }

    async fn release(&self) {
        let ctx = &self.ctx;
        let mut batch = ctx.batch();
        batch.push(RELEASE, params![ctx.workspace, self.key, self.locked_until]);
        if let Err(error) = ctx.db.apply(batch).await {
            tracing::warn!(%error, "an Idempotency-Key was not released");
        }
    }
}

/// Status and headers as a line of JSON, then the body.
fn written(status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Vec<u8> {
    let kept: Vec<_> =
        KEPT_HEADERS.iter().map(|name| headers.get(name).and_then(|value| value.to_str().ok())).collect();
    let mut out = serde_json::json!([status.as_u16(), kept]).to_string().into_bytes();
    out.push(b'\n');
    out.extend_from_slice(body);
    out
}

fn read(plain: &[u8]) -> Option<Response> {
    let at = plain.iter().position(|byte| *byte == b'\n')?;
    let (status, kept): (u16, Vec<Option<String>>) = serde_json::from_slice(&plain[..at]).ok()?;
    let mut response = Response::new(Body::from(plain[at + 1..].to_vec()));
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    for (name, value) in KEPT_HEADERS.into_iter().zip(kept) {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Some(response)
}
