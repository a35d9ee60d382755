use kernel::{Code, Problem};

use super::target::Blocked;

/// The result of this module.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong with webhooks. Never carries a URL or a payload.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A value is not acceptable.
    #[error("{field}: {detail}")]
    Field {
        /// Which.
        field: &'static str,
        /// Why, and what to do.
        detail: String,
    },
    /// The URL's host may not be contacted.
    #[error("url: {0}")]
    Blocked(#[from] Blocked),
    /// No such endpoint or event in this workspace.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The workspace has as many endpoints as it may have.
    #[error("the workspace has {0} webhook endpoints already; delete one first")]
    TooMany(usize),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
}

impl Error {
    pub(super) fn field(field: &'static str, detail: impl Into<String>) -> Self {
        Self::Field { field, detail: detail.into() }
    }

    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Store(error) => error.problem(),
            Self::Field { field, detail } => Problem::field(*field, detail.clone()),
            Self::Blocked(blocked) => {
                Problem { code: Code::BlockedTarget, ..Problem::field("url", blocked.to_string()) }
            }
            Self::NotFound(_) => Problem::new(Code::NotFound, self.to_string()),
            Self::TooMany(_) => Problem::new(Code::Conflict, self.to_string()),
            Self::Client(_) => Problem::new(Code::Internal, "the HTTP client cannot be set up"),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}
