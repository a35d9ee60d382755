//! Joining, confirming and leaving: the commands that change what people get. Each states its
//! evidence to the privacy engine in the same commit that changes the membership.

mod confirm;
mod join;
mod leave;
mod token;

pub use confirm::{Confirmed, confirm, invited};
pub(crate) use join::{Joining, join};
pub use join::{Subscribe, Subscribed, subscribe};
pub use leave::{Leave, unsubscribe, unsubscribe_by};
pub use token::{Invitation, LIFE, issue, read};

use std::net::IpAddr;

use kernel::{FormId, NoticeId};
use serde_json::{Map, Value as Json};

/// The queue of confirmation mails that double opt-in waits for. Payload: `contact`, `topic`, `also`
/// (further topics of the same request), `requested_at`; the notice asks for a message with the link that [`issue`] makes.
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
    /// The version of the form whose words were shown.
    pub form_version: Option<i64>,
    /// The page on which they did it, without query and fragment.
    pub page: Option<String>,
    /// The age in years that the person was asked about and had; the date of birth itself is not kept.
    pub minimum_age: Option<u8>,
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof([pii])")
    }
}

/// The longest user agent that is kept, in characters.
const MAX_AGENT: usize = 400;
/// The longest address of a page that is kept, in characters.
const MAX_PAGE: usize = 1000;

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
        put("page", self.page.as_ref().map(|page| page.chars().take(MAX_PAGE).collect()));
        if let Some(version) = self.form_version {
            out.insert("form_version".to_owned(), version.into());
        }
        if let Some(years) = self.minimum_age {
            out.insert("minimum_age".to_owned(), years.into());
        }
        out
    }
}
