//! Messages: accepted with the gate's leave and the money set aside, sent with its permit, followed until
//! a telephone has them.

mod accept;
mod calling_off;
mod caps;
pub(crate) mod content;
mod hand_over;
mod incoming;
pub mod insights;
mod kept;
mod keywords;
mod line;
mod links;
mod model;
mod personal;
mod queries;
pub(crate) mod reassembly;
mod receipts;
mod record;
mod runs;
mod send;
mod service;
mod view;
mod waiting;

pub use accept::{NewMessage, accept, cancel};
pub use calling_off::{CalledOff, CallsOff};
pub use incoming::Incoming;
pub use keywords::{Keyword, keyword};
pub use line::SmsLine;
pub(crate) use line::lacks_basis;
pub use links::{Found, find as find_link, follow, leave};
pub use model::{InboundView, MessageState, MessageView, Step};
pub use receipts::MatchReceipts;
pub use runs::{Recipient, RunJob, Which, counts as run_counts, recipients};
pub use send::{QUEUE, SendMessages, recover};
pub use service::Sms;
pub use view::{Filter, find, list, list_inbound, timeline};
