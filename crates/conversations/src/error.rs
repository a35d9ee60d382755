use kernel::{Code, Problem};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong in a conversation. Never carries what somebody wrote.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// There is no such thing in this workspace.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Refused, with what the outside is told.
    #[error("{0}")]
    Refused(Problem),
    /// The present state does not allow it.
    #[error("{0}")]
    State(&'static str),
    /// Somebody else was faster; the caller looks again.
    #[error("the conversation changed meanwhile")]
    Raced,
    /// A stored value does not read back: damaged or foreign data.
    #[error("stored {0} is damaged")]
    Corrupt(&'static str),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// A wrong field.
    pub fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Refused(Problem::field(field, detail))
    }

    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound(_) => Problem::new(Code::NotFound, self.to_string()),
            Self::Refused(problem) => problem.clone(),
            Self::State(_) => Problem::new(Code::Conflict, self.to_string()),
            Self::Raced => Problem::new(Code::Unavailable, self.to_string()).retry_after(1),
            Self::Corrupt(_) => Problem::new(Code::Internal, self.to_string()),
            Self::Store(error) => error.problem(),
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

macro_rules! lower {
    ($($crate_name:ident),*) => {$(
        impl From<$crate_name::Error> for Error {
            fn from(error: $crate_name::Error) -> Self {
                Self::Refused(error.problem())
            }
        }
    )*};
}
lower!(accounts, privacy, people, content, outbound);

/// Does something that may lose a race again until it wins, a few times.
pub(crate) async fn raced<T, F: Future<Output = Result<T>>>(mut act: impl FnMut() -> F) -> Result<T> {
    const TRIES: usize = 24;
    for _ in 1..TRIES {
        match act().await {
            Err(Error::Raced) => {}
            other => return other,
        }
        tokio::task::yield_now().await;
    }
    act().await
}
