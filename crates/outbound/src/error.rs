use kernel::{Code, Problem};

/// Outbound's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong around a message.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such run or delivery.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The run's state does not allow it.
    #[error("{0}")]
    State(&'static str),
    /// The process has no such channel.
    #[error("no {0} channel is set up")]
    NoChannel(privacy::vocabulary::Channel),
    /// The gate said no.
    #[error("the gate does not permit this message: {0}")]
    Denied(String),
    /// The content.
    #[error(transparent)]
    Content(#[from] content::Error),
    /// The privacy engine.
    #[error(transparent)]
    Privacy(#[from] privacy::Error),
    /// The people's slice.
    #[error(transparent)]
    People(#[from] people::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound(_) => Problem::new(Code::NotFound, self.to_string()),
            Self::State(_) => Problem::new(Code::Conflict, self.to_string()),
            Self::NoChannel(_) => Problem::new(Code::Unavailable, self.to_string()),
            Self::Denied(_) => Problem::new(Code::NotMailable, self.to_string()),
            Self::Content(error) => error.problem(),
            Self::Privacy(error) => error.problem(),
            Self::People(error) => error.problem(),
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}
