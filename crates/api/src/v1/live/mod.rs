//! What happens, told to browsers while it happens (server-sent events).

mod changes;
mod stream;
mod watch;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("live": stream)
}

/// Something changed; the data of `change` events. Ids and kinds only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct LiveChange {
    /// What happened, such as `campaign.updated`.
    kind: String,
    /// To what; null when it happened to many at once, or to nothing with an id.
    id: Option<String>,
    /// How often, when it happened to many at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}
