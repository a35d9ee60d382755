//! Limits of rate and of time.

use std::time::Duration;

use accounts::throttle;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Code, Problem};

use crate::{Failure, Toolbox, caller, origin};

/// Middleware: so many requests per network address.
pub(crate) async fn per_address(State(toolbox): State<Toolbox>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(address) = origin::client(&parts, &toolbox).address {
        let taken = toolbox.per_address().take(throttle::address_key(address), toolbox.core().now());
        if let Err(seconds) = taken {
            return caller::too_many(seconds).into_response();
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

/// How long a handler may take until its answer begins.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Duration);

impl Default for Deadline {
    /// Half a minute.
    fn default() -> Self {
        Self(Duration::from_secs(30))
    }
}

/// Middleware (`axum::middleware::from_fn_with_state(Deadline::default(), deadline)`) for routes that
/// answer at once; not for uploads, whose bodies may take longer to arrive.
pub async fn deadline(State(Deadline(limit)): State<Deadline>, request: Request, next: Next) -> Response {
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let problem = Problem::new(Code::Unavailable, "the request took too long; it may still have been carried out");
        Failure(problem.retry_after(5)).into_response()
    })
}
