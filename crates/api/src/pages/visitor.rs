//! Who opens a page: their language, their address and program for evidence, and what their
//! browser says about the request.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use http_server::ClientInfo;
use kernel::Locale;
use people::subscribe::Proof;
use serde_json::{Value as Json, json};

use super::words::{Language, Words};
use crate::App;

/// The longest user agent that is kept, in characters.
const MAX_AGENT: usize = 400;

/// A request's sender.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    /// The address, behind proxies that are trusted.
    pub(super) ip: Option<IpAddr>,
    /// The program.
    pub(super) agent: String,
    /// The method was HEAD.
    pub(super) head: bool,
    /// The request was made ahead of a person's wish.
    pub(super) prefetch: bool,
    /// Global Privacy Control: do not track.
    pub(super) private: bool,
    chosen: Option<Language>,
    accepted: Option<Language>,
}

impl Visitor {
    /// The words to use: what the person chose on the page, what is known of them, what their
    /// browser asks for, what the workspace speaks.
    pub(super) fn words(&self, known: &[Option<&str>], default: Option<&Locale>) -> Words {
        let known = known.iter().flatten().find_map(|tag| Language::of(tag));
        let default = default.and_then(|locale| Language::of(locale.as_str()));
        Words(self.chosen.or(known).or(self.accepted).or(default).unwrap_or(Language::English))
    }

    /// Evidence of an act, as suppressions and claims keep it.
    pub(super) fn evidence(&self, method: &str) -> Json {
        json!({ "method": method, "ip": self.ip.map(|ip| ip.to_string()), "user_agent": self.agent })
    }

    /// Evidence of a wish, with the words the person read.
    pub(super) fn proof(&self, wording: String) -> Proof {
        let agent = Some(self.agent.clone()).filter(|agent| !agent.is_empty());
        Proof { ip: self.ip, user_agent: agent, wording: Some(wording), ..Proof::default() }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let ClientInfo(client) = ClientInfo::from_request_parts(parts, app).await?;
        let headers = &parts.headers;
        Ok(Self {
            ip: client.address,
            agent: client.agent.unwrap_or_default().chars().take(MAX_AGENT).collect(),
            head: parts.method == Method::HEAD,
            prefetch: ["purpose", "sec-purpose", "x-purpose", "x-moz"].iter().any(|name| is_ahead(headers, name)),
            private: text(headers, "sec-gpc").trim() == "1",
            chosen: parts.uri.query().and_then(chosen),
            accepted: accepted(text(headers, header::ACCEPT_LANGUAGE.as_str())),
        })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn is_ahead(headers: &HeaderMap, name: &str) -> bool {
    let value = text(headers, name).to_ascii_lowercase();
    ["prefetch", "prerender", "preview"].iter().any(|word| value.contains(word))
}

/// `lang` of a query string.
fn chosen(query: &str) -> Option<Language> {
    query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Language::of)
}

/// The best of Accept-Language that the pages speak.
fn accepted(header: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for range in header.split(',').take(32) {
        let mut parts = range.split(';');
        let Some(language) = parts.next().and_then(Language::of) else { continue };
        let quality = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
        if quality > 0.0 && best.is_none_or(|(known, _)| quality > known) {
            best = Some((quality, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_negotiated() {
        assert_eq!(accepted("fr, en;q=0.5, ar-EG;q=0.8"), Some(Language::Arabic));
        assert_eq!(accepted("de, *"), None);
        assert_eq!(accepted("ar;q=0, en"), Some(Language::English));
        assert_eq!(chosen("a=b&lang=ar"), Some(Language::Arabic));
        assert_eq!(chosen("lang=xx"), None);
    }
}
