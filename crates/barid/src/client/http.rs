//! One server, one key, and how its problems are told.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value as Json;

use crate::cli::Server;
use crate::outcome::{Failure, Result, is_input};

/// The most of an answer that is read as one document.
const LONGEST: usize = 256 << 20;

/// A server to talk to.
#[derive(Debug, Clone)]
pub struct Client {
    base: Url,
    key: String,
    http: reqwest::Client,
}

/// Why a request did not come through.
pub fn unreachable(error: &reqwest::Error) -> Failure {
    let mut detail = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        detail = format!("{detail}: {inner}");
        cause = inner.source();
    }
    if error.is_connect() {
        detail.push_str("; is the server running there (--server, BARID_SERVER)?");
    }
    Failure::failed(detail)
}

/// A problem document (RFC 9457) as a failure.
fn problem(status: StatusCode, body: &[u8]) -> Failure {
    let document: Json = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| document[name].as_str().unwrap_or_default();
    let title = if text("title").is_empty() {
        status.canonical_reason().unwrap_or("the server refused")
    } else {
        text("title")
    };
    let detail =
        if text("detail").is_empty() { format!("status {}", status.as_u16()) } else { text("detail").to_owned() };
    let fields = document["fields"].as_array().into_iter().flatten();
    let part = |field: &Json, name: &str| field[name].as_str().unwrap_or_default().to_owned();
    Failure {
        input: is_input(status.as_u16()),
        code: if text("code").is_empty() { "failed" } else { text("code") }.to_owned(),
        detail: format!("{title}: {detail}"),
        fields: fields.map(|field| (part(field, "field"), part(field, "detail"))).collect(),
    }
}

impl Client {
    /// A client for the server and key that the command names.
    ///
    /// # Errors
    /// Exit 2 when one of them is missing or no URL.
    pub fn new(server: &Server) -> Result<Self> {
        let mut base = Url::parse(&server.server)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| {
                Failure::input("--server: expected a URL such as http://127.0.0.1:8080 (or BARID_SERVER)")
            })?;
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let key = server.key.clone().filter(|key| !key.is_empty() && key.is_ascii());
        let key = key.ok_or_else(|| {
            Failure::input("--key: an API key is needed (or BARID_KEY); `barid key create` makes one")
        })?;
        let http = reqwest::Client::builder()
            .user_agent(concat!("barid/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .build()
            .map_err(|error| Failure::failed(format_args!("the HTTP client cannot be set up: {error}")))?;
        Ok(Self { base, key, http })
    }

    /// A request to a path made of segments, each encoded as needed.
    pub fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        self.http.request(method, url).bearer_auth(&self.key)
    }

    /// Sends a request; answers other than 2xx are failures.
    ///
    /// # Errors
    /// The server's problem, or why it was not reached.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response> {
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        Err(problem(status, &response.bytes().await.unwrap_or_default()))
    }

    /// Sends a request and reads the answer as JSON; an empty answer is null.
    ///
    /// # Errors
    /// As [`Client::send`], or an answer that is no JSON.
    pub async fn json(&self, request: RequestBuilder) -> Result<Json> {
        let mut response = self.send(request).await?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST {
                return Err(Failure::failed("the server's answer is longer than 256 MiB"));
            }
        }
        if body.is_empty() {
            return Ok(Json::Null);
        }
        serde_json::from_slice(&body)
            .map_err(|_| Failure::failed("the answer is no JSON; is this a Barid server (--server)?"))
    }

    /// GET, as JSON.
    ///
    /// # Errors
    /// As [`Client::json`].
    pub async fn get(&self, path: &[&str]) -> Result<Json> {
        self.json(self.request(Method::GET, path)).await
    }

    /// POST of a JSON body, as JSON.
    ///
    /// # Errors
    /// As [`Client::json`].
    pub async fn post(&self, path: &[&str], body: &Json) -> Result<Json> {
        self.json(self.request(Method::POST, path).json(body)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_become_failures() {
        let body = br#"{"title":"The input is not valid","status":422,"code":"invalid_input","detail":"topic: unknown",
            "fields":[{"field":"topic","detail":"unknown"}]}"#;
        let failure = problem(StatusCode::UNPROCESSABLE_ENTITY, body);
        assert!(failure.input);
        assert_eq!(failure.detail, "The input is not valid: topic: unknown");
        assert_eq!(failure.fields, [("topic".to_owned(), "unknown".to_owned())]);
        let failure = problem(StatusCode::BAD_GATEWAY, b"<html>");
        assert!(!failure.input);
        assert_eq!(failure.detail, "Bad Gateway: status 502");
    }

    #[test]
    fn paths_are_encoded() {
        let server = Server { server: "http://h:1/under".into(), key: Some("k".into()) };
        let client = Client::new(&server).unwrap();
        let request = client.request(Method::GET, &["v1", "domains", "a/b c"]).build().unwrap();
        assert_eq!(request.url().as_str(), "http://h:1/under/v1/domains/a%2Fb%20c");
    }

    #[test]
    fn server_and_key_are_needed() {
        let server = |server: &str, key: Option<&str>| Server { server: server.into(), key: key.map(str::to_owned) };
        for wrong in [server("nowhere", Some("k")), server("ftp://h", Some("k")), server("http://h", None)] {
            assert!(Client::new(&wrong).unwrap_err().input);
        }
    }
}
