//! Outbound: every message's life, whatever carries it.
//!
//! A **run** is many messages of one content: a campaign's, or a single notice. Its **deliveries**
//! are inserted with the gate's leave ([`enqueue`]), claimed by workers, asked about once more,
//! rendered and handed to a [`Channel`] with a permit; what came of it is recorded and told on the
//! change feed. What comes back from people and mail servers (opens, clicks, bounces, complaints,
//! unsubscribes, replies) arrives in [`tracking`] and [`incoming`]. [`webhooks`] tells other systems.

pub mod announcements;
pub mod answering;
mod channel;
pub mod correspondence;
mod deliveries;
mod error;
mod events;
mod forget;
pub mod history;
pub mod incoming;
mod invitation;
pub mod lines;
pub mod notices;
pub mod receivers;
pub mod recharge_notices;
pub mod request_notices;
pub mod retention;
mod runs;
pub mod series;
mod service;
mod soft_limit;
pub mod texts;
mod thread;
pub mod till;
pub mod tracking;
pub mod webhooks;
mod worker;

pub use channel::{Channel, Channels, Envelope, ListHeaders, Sender, Sent};
pub use deliveries::{
    Addressee, Counts, DeliveryRow, DeliveryState, DeliveryView, Draft, Enqueued, ONE_TIME_CODE, Run, RunState,
    SentCopy, Source, enqueue, refuse,
};
pub use error::{Error, Result};
pub use forget::forget;
pub use invitation::Invitation;
pub use runs::{
    cancel, cancel_waiting, complete, counts, deliveries as list_deliveries, get, open, pause, recover_all, resume,
    source_of,
};
pub use service::Outbound;
pub use thread::{Letter, Thread, is_message_id};
pub use worker::SendJob;

store::data_map!("outbound", include_str!("../migrations/columns.txt"));
store::migration!("outbound", 5, "retention", include_str!("../migrations/0005_retention.sql"));
store::migration!("outbound", 1, "outbound", include_str!("../migrations/0001_outbound.sql"));
store::migration!("outbound", 14, "receivers", include_str!("../migrations/0014_receivers.sql"));
store::migration!("outbound", 6, "answered_due", include_str!("../migrations/0006_answered_due.sql"));
store::migration!("outbound", 26, "correspondence", include_str!("../migrations/0026_correspondence.sql"));
store::migration!("outbound", 37, "webhook_shape", include_str!("../migrations/0037_webhook_shape.sql"));
store::migration!("outbound", 3, "answered", include_str!("../migrations/0003_answered.sql"));

/// The static code of a required element, for the gate.
pub(crate) fn content_code(code: &str) -> Option<&'static str> {
    content::Element::LEGITIMATE_INTEREST
        .iter()
        .flat_map(|element| [element.missing_in(true), element.missing_in(false)])
        .find(|known| *known == code)
}
