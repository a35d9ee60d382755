use kernel::{Code, Problem};

use crate::sms::{OriginatorError, TooLong};

/// Telecom's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a message, a route or a sender is not accepted. Never carries a number or a text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing in this workspace.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// A value is not acceptable.
    #[error("{field}: {detail}")]
    Field {
        /// Which.
        field: &'static str,
        /// Why, and what to do.
        detail: String,
    },
    /// The workspace does not send to this country.
    #[error("sending to {0} is not allowed in this workspace's messaging settings")]
    Country(String),
    /// A cap that the workspace set is reached.
    #[error("{0} is reached; it ends with the day (UTC), or raise it in the messaging settings")]
    Capped(&'static str),
    /// No sender may be used for this country.
    #[error("{0}")]
    Sender(String),
    /// The present state does not allow it.
    #[error("{0}")]
    Conflict(&'static str),
    /// The app's window for free words is closed.
    #[error("{0}")]
    WindowClosed(&'static str),
    /// Not now; later.
    #[error("{0}")]
    Busy(&'static str),
    /// Money.
    #[error(transparent)]
    Billing(#[from] billing::Error),
    /// The people's slice.
    #[error(transparent)]
    People(#[from] people::Error),
    /// The privacy engine.
    #[error(transparent)]
    Privacy(#[from] privacy::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// A field that is not acceptable.
    pub fn field(field: &'static str, detail: impl ToString) -> Self {
        Self::Field { field, detail: detail.to_string() }
    }

    /// Nobody may be answered freely any more; `templates` says whether an approved text may still go.
    pub(crate) const fn window(templates: bool) -> Self {
        Self::WindowClosed(if templates {
            "the person's last words are older than 24 hours: WhatsApp takes an approved template only"
        } else {
            "the person's last words are older than 24 hours: Messenger takes no more messages until they write again"
        })
    }

    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound(_) => Problem::new(Code::NotFound, self.to_string()),
            Self::Field { field, detail } => Problem::field(*field, detail.clone()),
            Self::Country(_) => Problem::field("to", self.to_string()),
            Self::Sender(detail) => Problem::field("from", detail.clone()),
            Self::Capped(_) => Problem::new(Code::RateLimited, self.to_string()),
            Self::WindowClosed(_) => Problem::new(Code::WindowClosed, self.to_string()),
            Self::Busy(_) => Problem::new(Code::Unavailable, self.to_string()).retry_after(10),
            Self::Conflict(_) => Problem::new(Code::Conflict, self.to_string()),
            Self::Billing(error) => error.problem(),
            Self::People(error) => error.problem(),
            Self::Privacy(error) => error.problem(),
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}

impl From<TooLong> for Error {
    fn from(error: TooLong) -> Self {
        Self::field("text", error)
    }
}

impl From<OriginatorError> for Error {
    fn from(error: OriginatorError) -> Self {
        Self::field("from", error)
    }
}
