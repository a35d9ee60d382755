use kernel::{Code, Problem};

/// What can go wrong in this crate. Names fields and reasons, never personal values.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The privacy engine refused or failed.
    #[error(transparent)]
    Privacy(#[from] privacy::Error),
    /// The input or the present state does not allow it.
    #[error("{0}")]
    Refused(Problem),
    /// There is no such thing in this workspace.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A stored value does not read back: damaged or foreign data.
    #[error("stored {0} is damaged")]
    Corrupt(&'static str),
    /// A background task of this process ended early.
    #[error("the work was interrupted; it goes on where it stopped")]
    Interrupted,
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Store(error) => error.problem(),
            Self::Privacy(error) => error.problem(),
            Self::Refused(problem) => problem.clone(),
            Self::NotFound(_) => Problem::new(Code::NotFound, self.to_string()),
            Self::Corrupt(_) => Problem::new(Code::Internal, self.to_string()),
            Self::Interrupted => Problem::new(Code::Unavailable, self.to_string()).retry_after(5),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}
