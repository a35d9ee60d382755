//! Joining, confirming and leaving: the commands that change what people get. Each states its
//! evidence to the privacy engine in the same commit that changes the membership.

mod confirm;
mod join;
mod leave;
mod token;

pub use confirm::{Confirmed, confirm};
pub(crate) use join::join;
pub use join::{Subscribe, Subscribed, subscribe};
pub use leave::{Leave, unsubscribe, unsubscribe_by};
pub use token::{Invitation, LIFE, issue, read};

use std::net::IpAddr;

use kernel::{FormId, NoticeId};
use serde_json::{Map, Value as Json};

/// The queue of confirmation mails that double opt-in waits for. Payload: `contact`, `topic`,
/// `requested_at`; the notice asks for a message with the link that [`issue`] makes.
pub const CONFIRMATION_QUEUE: &str = "people.confirmation";

/// What proves that a person did something: kept sealed in the ledger.
#[derive(Clone, Default)]
pub struct Proof {
    /// The address they did it from.
    pub ip: Option<IpAddr>,
    /// The program they did it with.
    pub user_agent: Option<String>,
    /// The words shown beside the box.
    pub wording: Option<String>,
    /// The version of the privacy notice shown.
    pub notice: Option<NoticeId>,
    /// The form, when it was one.
    pub form: Option<FormId>,
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof([pii])")
    }
}

/// The longest user agent that is kept, in characters.
const MAX_AGENT: usize = 400;

impl Proof {
    /// The members of a statement's detail.
    pub(crate) fn detail(&self) -> Map<String, Json> {
        let mut out = Map::new();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                out.insert(name.to_owned(), Json::String(value));
            }
        };
        put("ip", self.ip.map(|ip| ip.to_string()));
        put("user_agent", self.user_agent.as_ref().map(|agent| agent.chars().take(MAX_AGENT).collect()));
        put("wording", self.wording.clone());
        put("notice", self.notice.map(|id| id.to_string()));
        put("form", self.form.map(|id| id.to_string()));
        out
    }
}
