//! What an endpoint, a message to it and an attempt look like from outside.

use kernel::{EndpointId, EventId, Timestamp};
use serde::{Deserialize, Serialize};

/// Whether an endpoint is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndpointState {
    /// Messages leave as events happen.
    Active,
    /// Somebody stopped it; messages are held.
    Paused,
    /// Barid stopped it after sustained failure; messages are held.
    Disabled,
}

impl EndpointState {
    /// As kept in a row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
        }
    }

    pub(super) fn read(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            "paused" => Self::Paused,
            _ => Self::Disabled,
        }
    }
}

/// How messages are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Barid's own: `{"id", "type", "at", "workspace", "data"}`.
    #[default]
    Barid,
    /// As Appointlet writes them, for whoever listened to Appointlet before: appointments only.
    Appointlet,
}

impl Shape {
    /// As kept in a row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Barid => "barid",
            Self::Appointlet => "appointlet",
        }
    }

    pub(super) fn read(text: Option<&str>) -> Self {
        if text == Some("appointlet") { Self::Appointlet } else { Self::Barid }
    }
}

/// A URL that is told what happens.
#[derive(Debug, Clone, Serialize)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Where messages go.
    pub url: String,
    /// The kinds of events it wants; `*` stands for all.
    pub kinds: Vec<String>,
    /// How messages are written.
    pub shape: Shape,
    /// Whether it is written to.
    pub state: EndpointState,
    /// Why it is disabled: `gone` (it answered 410) or `failing`.
    pub reason: Option<String>,
    /// Since when every attempt failed.
    pub failing_since: Option<Timestamp>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// An endpoint to be made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEndpoint {
    /// Where messages shall go.
    pub url: String,
    /// The kinds of events it wants, from [`super::KINDS`], or `*`.
    pub kinds: Vec<String>,
    /// How messages are written.
    #[serde(default)]
    pub shape: Shape,
}

/// A change to an endpoint; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateEndpoint {
    /// Another URL.
    #[serde(default)]
    pub url: Option<String>,
    /// Other kinds.
    #[serde(default)]
    pub kinds: Option<Vec<String>>,
    /// Another way of writing.
    #[serde(default)]
    pub shape: Option<Shape>,
    /// `active` resumes, `paused` stops. `disabled` cannot be asked for.
    #[serde(default)]
    pub state: Option<EndpointState>,
}

/// What is to be sent again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// One event by its id; the other fields are then ignored.
    #[serde(default)]
    pub event: Option<EventId>,
    /// Events from this instant on.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Events before this instant.
    #[serde(default)]
    pub to: Option<Timestamp>,
    /// Only events that were given up or held, not those that were accepted.
    #[serde(default)]
    pub undelivered_only: bool,
}

/// How a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// It leaves when its turn comes.
    Waiting,
    /// The endpoint answered 2xx.
    Delivered,
    /// It was given up.
    Failed,
    /// The endpoint was paused or disabled; replay sends it.
    Held,
}

impl MessageState {
    /// As kept in a row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Held => "held",
        }
    }

    pub(super) fn read(text: &str) -> Self {
        match text {
            "waiting" => Self::Waiting,
            "delivered" => Self::Delivered,
            "failed" => Self::Failed,
            _ => Self::Held,
        }
    }
}

/// An event as kept for one endpoint.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// The event's id, the same for every endpoint and every attempt (`webhook-id`).
    pub id: EventId,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened.
    pub at: Timestamp,
    /// How it stands.
    pub state: MessageState,
    /// Attempts so far.
    pub attempts: u32,
    /// The next attempt, when it waits.
    pub due_at: Option<Timestamp>,
}

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The answer was not 2xx.
    Status,
    /// The answer was a redirect; redirects are not followed.
    Redirect,
    /// Nothing was answered in time.
    Timeout,
    /// No connection, or TLS failed.
    Connect,
    /// The host has no address, or one that may not be contacted.
    Blocked,
    /// The name could not be resolved.
    Dns,
    /// The answer was not HTTP.
    Protocol,
}

impl Failure {
    /// As kept in a row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Redirect => "redirect",
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Blocked => "blocked",
            Self::Dns => "dns",
            Self::Protocol => "protocol",
        }
    }
}

/// One attempt to hand a message over. Bodies are not kept.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// The event.
    pub event: EventId,
    /// When the attempt began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: u32,
    /// The HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// The kind of failure; absent when the message was accepted.
    pub error: Option<String>,
}
