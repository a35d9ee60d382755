//! Drives a router in process, for the tests of every surface.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use serde_json::Value as Json;
use tower::ServiceExt;

/// A client of a router. Each call is one request; what is set with the builder methods goes along.
#[derive(Clone)]
pub struct TestClient {
    router: Router,
    headers: HeaderMap,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or(Json::Null)
    }

    /// The problem's code, when the answer is a problem.
    pub fn code(&self) -> Option<String> {
        self.json()["code"].as_str().map(str::to_owned)
    }

    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl TestClient {
    /// A client without credentials.
    pub fn new(router: Router) -> Self {
        Self { router, headers: HeaderMap::new() }
    }

    /// The same with a header.
    ///
    /// # Panics
    /// When name or value cannot be a header: a test's own mistake.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        #[expect(clippy::expect_used, reason = "a test's own mistake")]
        let value = HeaderValue::from_str(value).expect("a header value");
        self.headers.insert(name, value);
        self
    }

    /// The same with an API key.
    pub fn bearer(self, key: &str) -> Self {
        self.with("authorization", &format!("Bearer {key}"))
    }

    /// The same with the cookie of a signed-in browser that is on a page of this server.
    pub fn signed_in(self, set_cookie: &HeaderValue) -> Self {
        let cookie = set_cookie.to_str().unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
        self.with("cookie", &cookie).with("sec-fetch-site", "same-origin")
    }

    /// Sends a request.
    ///
    /// # Panics
    /// When the path is no URI, or the router's body breaks.
    #[expect(clippy::expect_used, reason = "a test's own mistake")]
    pub async fn send(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        let mut request = Request::new(body.into());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("a path");
        *request.headers_mut() = self.headers.clone();
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("the body is whole");
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty()).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, Body::empty()).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: &Json) -> Answer {
        self.send_json(Method::POST, path, body).await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: &Json) -> Answer {
        self.send_json(Method::PATCH, path, body).await
    }

    /// PUT with a JSON body.
    pub async fn put(&self, path: &str, body: &Json) -> Answer {
        self.send_json(Method::PUT, path, body).await
    }

    async fn send_json(&self, method: Method, path: &str, body: &Json) -> Answer {
        let client = if self.headers.contains_key(header::CONTENT_TYPE) {
            self.clone()
        } else {
            self.clone().with("content-type", "application/json")
        };
        client.send(method, path, body.to_string()).await
    }
}
