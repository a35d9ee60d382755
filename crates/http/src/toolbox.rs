//! What handlers and middleware need at hand.

use std::sync::Arc;

use accounts::Accounts;
use accounts::throttle::{Buckets, Rate};
use accounts::users::NewSession;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::middleware::{from_fn_with_state, map_response};
use ipnet::IpNet;
use kernel::ApiKeyId;
use store::{Actor, Core};

use crate::{CallLog, Metrics, cookie, idempotency, limits, observe, problem};

/// What an operator may set.
#[derive(Debug, Clone)]
pub struct Options {
    /// How browsers reach this server, such as `https://mail.example.org`; decides cookies and links.
    pub public_url: String,
    /// The proxies whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Requests per key or user.
    pub per_caller: Rate,
    /// Requests per network address on public pages.
    pub per_address: Rate,
    /// Failed authentications per network address.
    pub per_guesser: Rate,
    /// The largest body in bytes where a route does not say otherwise.
    pub max_body: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            trusted_proxies: Vec::new(),
            per_caller: Rate::per_second(50, 200),
            per_address: Rate::per_second(10, 100),
            per_guesser: Rate::one_per(2, 50),
            max_body: 1024 * 1024,
        }
    }
}

struct Inner {
    accounts: Accounts,
    options: Options,
    origin: String,
    metrics: Metrics,
    calls: CallLog,
    per_caller: Buckets<ApiKeyId>,
    per_address: Buckets<u64>,
    per_guesser: Buckets<u64>,
}

/// What handlers and middleware need at hand. Cheap to clone.
#[derive(Clone)]
pub struct Toolbox(Arc<Inner>);

impl Toolbox {
    /// A toolbox over the process's accounts.
    pub fn new(accounts: Accounts, options: Options) -> Self {
        const CAPACITY: usize = 100_000;
        let origin = origin(&options.public_url);
        let metrics = Metrics::default();
        let dropped =
            metrics.counter("barid_api_calls_dropped_total", "Calls that are missing in the log of API calls.");
        let calls = CallLog::new(dropped.with(&[]));
        Self(Arc::new(Inner {
            per_caller: Buckets::new(options.per_caller, CAPACITY),
            per_address: Buckets::new(options.per_address, CAPACITY),
            per_guesser: Buckets::new(options.per_guesser, CAPACITY),
            metrics,
            calls,
            accounts,
            origin,
            options,
        }))
    }

    /// Sign-in, sessions and keys.
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// The store.
    pub fn core(&self) -> &Core {
        self.0.accounts.core()
    }

    /// The registry of metrics.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// The log of API calls.
    pub fn calls(&self) -> &CallLog {
        &self.0.calls
    }

    /// How browsers reach this server, without a trailing slash.
    pub fn public_url(&self) -> &str {
        self.0.options.public_url.trim_end_matches('/')
    }

    /// Whether browsers reach this server by https.
    pub fn secure(&self) -> bool {
        self.0.options.public_url.starts_with("https://")
    }

    /// Puts everything around a finished router: request ids, spans, metrics, security headers,
    /// panics as problems, and the limit on bodies. Call it once, last.
    pub fn finish(&self, router: Router) -> Router {
        router
            .layer(DefaultBodyLimit::max(self.0.options.max_body))
            .layer(map_response(problem::in_our_words))
            .layer(from_fn_with_state(self.clone(), observe::around))
    }

    /// Makes the routes of `router` honour `Idempotency-Key`. For surfaces whose callers authenticate;
    /// not for uploads, whose bodies are not held in memory.
    pub fn idempotent<S: Clone + Send + Sync + 'static>(&self, router: Router<S>) -> Router<S> {
        router.layer(from_fn_with_state(self.clone(), idempotency::around))
    }

    /// Limits the routes of `router` per network address. For pages that anybody may open.
    pub fn public<S: Clone + Send + Sync + 'static>(&self, router: Router<S>) -> Router<S> {
        router.layer(from_fn_with_state(self.clone(), limits::per_address))
    }

    /// The Set-Cookie value that signs a browser in.
    pub fn sign_in_cookie(&self, session: &NewSession) -> HeaderValue {
        cookie::set(session.token.expose(), session.expires_at, self.core().now(), self.secure())
    }

    /// The Set-Cookie value that signs a browser out.
    pub fn sign_out_cookie(&self) -> HeaderValue {
        cookie::clear(self.secure())
    }

    pub(crate) fn origin(&self) -> &str {
        &self.0.origin
    }

    pub(crate) fn trusted_proxies(&self) -> &[IpNet] {
        &self.0.options.trusted_proxies
    }

    pub(crate) fn max_body(&self) -> usize {
        self.0.options.max_body
    }

    /// Takes one request from what `actor` may send.
    pub(crate) fn spend_on_caller(&self, actor: Actor) -> Result<(), u32> {
        let key = match actor {
            Actor::User(user) => ApiKeyId(user.0),
            Actor::Key(key) => key,
            Actor::System | Actor::Console | Actor::Person => return Ok(()),
        };
        self.0.per_caller.take(key, self.core().now())
    }

    pub(crate) fn per_address(&self) -> &Buckets<u64> {
        &self.0.per_address
    }

    pub(crate) fn per_guesser(&self) -> &Buckets<u64> {
        &self.0.per_guesser
    }
}

/// Scheme and authority of a URL.
fn origin(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()).to_ascii_lowercase()
        }
        None => url.to_owned(),
    }
}
