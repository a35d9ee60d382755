//! `/in/{app}/{channel}`: where the servers of chat apps post what people write and what became of messages.
//!
//! GET answers the app's question whether the address is ours. POST is believed by its signature alone; what is not
//! signed leaves no trace.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::ChannelId;
use serde::Deserialize;
use telecom::chat_apps::{App as ChatApp, Posted, challenge, take};

use crate::App;

/// The longest post, in octets.
const LONGEST: usize = 1024 * 1024;

pub(super) fn router() -> Router<App> {
    Router::new().route("/in/{app}/{channel}", get(asked).post(posted)).layer(DefaultBodyLimit::max(LONGEST))
}

/// What an app asks before it posts.
#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.verify_token", default)]
    token: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
}

fn named(app: &str, channel: &str) -> Option<(ChatApp, ChannelId)> {
    Some((ChatApp::named(app)?, channel.parse().ok()?))
}

async fn asked(
    State(app): State<App>,
    Path((kind, channel)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let Some((kind, channel)) = named(&kind, &channel) else { return StatusCode::NOT_FOUND.into_response() };
    let plain = asked.challenge.len() <= 200
        && asked.challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if asked.mode != "subscribe" || !plain {
        return StatusCode::BAD_REQUEST.into_response();
    }
    match challenge(&app.core, kind, channel, &asked.token).await {
        Ok(true) => ([(header::CONTENT_TYPE, "text/plain")], asked.challenge).into_response(),
        Ok(false) => StatusCode::FORBIDDEN.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn posted(
    State(app): State<App>,
    Path((kind, channel)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some((kind, channel)) = named(&kind, &channel) else { return StatusCode::NOT_FOUND.into_response() };
    let Some(apps) = app.shell.chat().apps() else { return StatusCode::NOT_FOUND.into_response() };
    let name = match kind {
        ChatApp::Telegram => "x-telegram-bot-api-secret-token",
        ChatApp::Whatsapp | ChatApp::Messenger => "x-hub-signature-256",
    };
    let signature = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match take(apps, &app.core, (kind, channel), signature, &body).await {
        Ok(Posted::Taken) => StatusCode::OK.into_response(),
        Ok(Posted::Unknown) => StatusCode::NOT_FOUND.into_response(),
        Ok(Posted::Forged) => StatusCode::UNAUTHORIZED.into_response(),
        Ok(Posted::Malformed) => StatusCode::BAD_REQUEST.into_response(),
        Err(error) => {
            tracing::warn!(%error, app = kind.as_str(), %channel, "what an app posted was not kept");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
