use kernel::{Code, Problem};

/// The slice's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong with appointments.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A field is wrong.
    #[error("{0}")]
    Invalid(Problem),
    /// The present state does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// Too many requests of one client.
    #[error("{0}")]
    Limited(&'static str),
    /// A stored value that this program did not write.
    #[error("{0}")]
    Internal(&'static str),
    /// Mail.
    #[error(transparent)]
    Outbound(#[from] outbound::Error),
    /// The people's slice.
    #[error(transparent)]
    People(#[from] people::Error),
    /// The privacy engine.
    #[error(transparent)]
    Privacy(#[from] privacy::Error),
    /// Money.
    #[error(transparent)]
    Billing(billing::Error),
    /// Members.
    #[error(transparent)]
    Accounts(#[from] accounts::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound(_) => Problem::new(Code::NotFound, self.to_string()),
            Self::Invalid(problem) => problem.clone(),
            Self::Conflict(_) => Problem::new(Code::Conflict, self.to_string()),
            Self::Limited(_) => Problem::new(Code::RateLimited, self.to_string()).retry_after(60),
            Self::Internal(_) => Problem::new(Code::Internal, "a stored value cannot be read"),
            Self::Outbound(error) => error.problem(),
            Self::People(error) => error.problem(),
            Self::Privacy(error) => error.problem(),
            Self::Billing(error) => error.problem(),
            Self::Accounts(error) => error.problem(),
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}

/// A wrong field.
pub(crate) fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Error {
    Error::Invalid(Problem::field(field, detail))
}
