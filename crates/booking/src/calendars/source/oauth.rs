//! OAuth 2.0 authorization code flow with PKCE (RFC 6749, RFC 7636) and refresh.

use aws_lc_rs::digest;
use data_encoding::BASE64URL_NOPAD;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::http::{Ask, Http, Secret};
use super::{Asked, Failure};
use outbound::webhooks::GuardedClient;

/// A registered application at a vendor.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::calendars) struct Application {
    pub(in crate::calendars) client_id: String,
    pub(in crate::calendars) client_secret: String,
    pub(in crate::calendars) auth_url: String,
    pub(in crate::calendars) token_url: String,
    pub(in crate::calendars) api_url: String,
    pub(in crate::calendars) scope: String,
}

/// What an account may do, and until when.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::calendars) struct Tokens {
    pub(in crate::calendars) access: String,
    pub(in crate::calendars) refresh: Option<String>,
    pub(in crate::calendars) expires_at: Timestamp,
}

#[derive(Deserialize)]
struct Answered {
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    expires_in: Option<i64>,
}

/// The address to which the browser is sent.
pub(in crate::calendars) fn address(
    application: &Application,
    redirect: &str,
    state: &str,
    verifier: &str,
) -> Asked<String> {
    let challenge = BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()).as_ref());
    let mut url = Url::parse(&application.auth_url).map_err(|_| Failure::Protocol)?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &application.client_id)
        .append_pair("redirect_uri", redirect)
        .append_pair("scope", &application.scope)
        .append_pair("state", state)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256")
        // Google gives a refresh token only when asked like this; others ignore both.
        .append_pair("access_type", "offline")
        .append_pair("prompt", "consent");
    Ok(url.into())
}

fn encoded(application: &Application, form: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &application.client_id)
        .append_pair("client_secret", &application.client_secret)
        .extend_pairs(form)
        .finish()
}

async fn token(
    client: &GuardedClient,
    application: &Application,
    form: &[(&str, &str)],
    now: Timestamp,
) -> Asked<Tokens> {
    let http = Http::new(client.clone(), &application.token_url, Secret::None)?;
    if http.home().scheme() != "https" && !matches!(http.home().host_str(), Some("127.0.0.1" | "localhost" | "[::1]")) {
        return Err(Failure::Tls);
    }
    let headers = vec![("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")];
    let ask = Ask { method: "POST", url: http.home().clone(), headers, body: Some(encoded(application, form)) };
    let answer = http.ask(ask).await?;
    // 400 `invalid_grant` is how a withdrawn consent is told (RFC 6749 section 5.2).
    if matches!(answer.status, 400 | 401) {
        return Err(Failure::Unauthorised);
    }
    let answer = answer.fine()?;
    let read: Answered = serde_json::from_slice(&answer.body).map_err(|_| Failure::Protocol)?;
    let lasts = read.expires_in.unwrap_or(3600).clamp(60, 86_400);
    Ok(Tokens { access: read.access_token, refresh: read.refresh_token, expires_at: now.plus_seconds(lasts - 30) })
}

/// Turns a code into tokens.
pub(in crate::calendars) async fn exchange(
    client: &GuardedClient,
    application: &Application,
    (code, verifier, redirect): (&str, &str, &str),
    now: Timestamp,
) -> Asked<Tokens> {
    let form =
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect), ("code_verifier", verifier)];
    token(client, application, &form, now).await
}

/// New tokens; the refresh token stays when the vendor sends no other.
pub(in crate::calendars) async fn refresh(
    client: &GuardedClient,
    application: &Application,
    tokens: &Tokens,
    now: Timestamp,
) -> Asked<Tokens> {
    let known = tokens.refresh.as_deref().ok_or(Failure::Unauthorised)?;
    let form = [("grant_type", "refresh_token"), ("refresh_token", known)];
    let mut fresh = token(client, application, &form, now).await?;
    fresh.refresh = fresh.refresh.or_else(|| tokens.refresh.clone());
    Ok(fresh)
}
