//! Deliveries: one row per message to one person, from the gate's first answer to its end.

mod copy;
mod model;
mod personal;
pub(crate) mod queries;
mod queue;
mod record;
mod seal;

pub use copy::{ONE_TIME_CODE, SentCopy};
pub use model::{Counts, DeliveryRow, DeliveryState, DeliveryView, Run, RunState, Source};
pub(crate) use queue::enqueue_alone;
pub use queue::{Draft, Enqueued, enqueue, refuse};
pub(crate) use record::{Ended, claim, record, recover};
pub use seal::Addressee;

pub(crate) use model::Claimed;
