//! One HTTP request: signed, bounded in time and size, redirects not followed.

use std::time::Duration;

use kernel::{EventId, Timestamp};
use store::Core;
use url::Url;

use super::guarded::{GuardedClient, Refused};
use super::model::Failure;
use super::signature;

/// How long an attempt may take.
pub(super) const WHOLE: Duration = Duration::from_secs(15);
const AGENT: &str = concat!("Barid/", env!("CARGO_PKG_VERSION"), " (webhooks)");
/// Octets of an answer that are read so that its connection can be used again.
const ANSWER: usize = 16 * 1024;

/// How an attempt ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub millis: u32,
    /// The HTTP status.
    pub status: Option<u16>,
    /// Why it failed; `None` when the message was accepted.
    pub failure: Option<Failure>,
    /// Seconds that Retry-After asked for.
    pub retry_after: Option<i64>,
}

/// Why the client gave no answer.
fn failure_of(error: &reqwest::Error) -> Failure {
    match GuardedClient::refused(error) {
        Some(Refused::Blocked) => return Failure::Blocked,
        Some(Refused::Unresolved) => return Failure::Dns,
        None => {}
    }
    if error.is_timeout() {
        Failure::Timeout
    } else if error.is_connect() {
        Failure::Connect
    } else {
        Failure::Protocol
    }
}

fn judge(status: u16) -> Option<Failure> {
    match status {
        200..=299 => None,
        300..=399 => Some(Failure::Redirect),
        _ => Some(Failure::Status),
    }
}

/// What is sent where, signed with what.
pub(super) struct Letter {
    /// Checked against the policy by [`GuardedClient::check`].
    pub url: Url,
    /// The event.
    pub event: EventId,
    /// The body.
    pub body: Vec<u8>,
    /// The current secret and, during a rotation, the one before.
    pub secrets: Vec<Vec<u8>>,
}

/// Makes one attempt.
pub(super) async fn post(client: &GuardedClient, core: &Core, letter: Letter) -> Ended {
    let at = core.now();
    let (id, timestamp) = (letter.event.to_string(), at.as_seconds());
    let request = client
        .client()
        .post(letter.url)
        .header("user-agent", AGENT)
        .header("content-type", "application/json")
        .header("webhook-signature", signature::header(&letter.secrets, &id, timestamp, &letter.body))
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp)
        .body(letter.body);
    let answered = request.send().await;
    let millis = core.now().0.saturating_sub(at.0).max(0) / 1000;
    let mut ended =
        Ended { at, millis: u32::try_from(millis).unwrap_or(u32::MAX), status: None, failure: None, retry_after: None };
    match answered {
        Err(error) => ended.failure = Some(failure_of(&error)),
        Ok(mut answer) => {
            let status = answer.status().as_u16();
            let asked = answer.headers().get("retry-after").and_then(|value| value.to_str().ok());
            ended.status = Some(status);
            ended.failure = judge(status);
            ended.retry_after = asked.and_then(|text| text.trim().parse().ok());
            let mut read = 0;
            while let Ok(Some(chunk)) = answer.chunk().await {
                read += chunk.len();
                if read > ANSWER {
                    break;
                }
            }
        }
    }
    ended
}
