//! Any endpoint of the API, by method and path: what has no command of its own has this one.

use std::io::Read;
use std::path::Path;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Method, RequestBuilder};

use super::http::{Client, unreachable};
use super::people::save;
use super::text::lines;
use super::transfer;
use crate::cli::Ask;
use crate::outcome::{Done, Failure, Report, Result};

/// The longest body that is sent from standard input.
const LONGEST: u64 = 64 << 20;

/// Path segments and query of `/v1/…`, as they are typed.
fn target(path: &str) -> Result<(Vec<&str>, Vec<(String, String)>)> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let rest = path.strip_prefix("/v1/").filter(|rest| !rest.is_empty());
    let rest = rest.ok_or_else(|| Failure::input("PATH: expected a path of the API, such as /v1/contacts"))?;
    let segments = std::iter::once("v1").chain(rest.split('/')).collect();
    let query = reqwest::Url::parse(&format!("http://query/?{query}"))
        .map_err(|_| Failure::input("PATH: what follows the question mark is no query"))?;
    Ok((segments, query.query_pairs().into_owned().collect()))
}

async fn with_body(request: RequestBuilder, input: &Path, kind: Option<&str>) -> Result<RequestBuilder> {
    let guess = match input.extension().and_then(std::ffi::OsStr::to_str) {
        Some("csv") => "text/csv",
        Some("txt") => "text/plain",
        Some("eml") => "message/rfc822",
        _ => "application/json",
    };
    let request = request.header(CONTENT_TYPE, kind.unwrap_or(guess));
    if input != Path::new("-") {
        return Ok(request.body(transfer::upload(input).await?.0));
    }
    let mut body = Vec::new();
    let read = std::io::stdin().lock().take(LONGEST + 1).read_to_end(&mut body);
    read.map_err(|error| Failure::failed(format_args!("standard input: {error}")))?;
    if body.len() as u64 > LONGEST {
        return Err(Failure::input("standard input: longer than 64 MiB; name a file with --input"));
    }
    Ok(request.body(body))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/json")
}

/// `barid api`.
///
/// # Errors
/// A path outside the API, a file that cannot be read or written, what the server refuses.
pub async fn api(ask: Ask) -> Result<Done> {
    let method = Method::from_bytes(ask.method.to_ascii_uppercase().as_bytes())
        .map_err(|_| Failure::input("METHOD: expected GET, POST, PUT, PATCH or DELETE"))?;
    let (path, query) = target(&ask.path)?;
    let client = Client::new(&ask.server)?;
    let mut request = client.request(method, &path).query(&query);
    if let Some(input) = &ask.input {
        request = with_body(request, input, ask.content_type.as_deref()).await?;
    }
    if ask.output.is_some() {
        return save(&client, request, ask.output.as_deref()).await;
    }
    let response = client.send(request).await?;
    if !is_json(response.headers()) && response.content_length() != Some(0) {
        transfer::print(response).await?;
        return Ok(Done::Written(true));
    }
    let body = response.bytes().await.map_err(|error| unreachable(&error))?;
    let answer = serde_json::from_slice(&body).unwrap_or_default();
    let text = lines(&answer);
    Ok(Done::Report(Report::new(answer, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_of_the_api_only() {
        let (path, query) = target("/v1/contacts?limit=2&cursor=a%20b").unwrap();
        assert_eq!(path, ["v1", "contacts"]);
        assert_eq!(query, [("limit".to_owned(), "2".to_owned()), ("cursor".to_owned(), "a b".to_owned())]);
        for wrong in ["contacts", "/v2/x", "http://h/v1/x", "/v1/", ""] {
            assert!(target(wrong).unwrap_err().input, "{wrong}");
        }
    }
}
