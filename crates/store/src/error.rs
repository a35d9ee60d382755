//! What can go wrong in the store.

use kernel::{Code, Problem};

/// The store's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong in the store. Never carries a parameter's value.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A unique constraint refused the write; the text names constraint or columns.
    #[error("a row with the same key exists ({0})")]
    Unique(String),
    /// A guarded statement did not touch exactly one row; nothing of its batch happened.
    #[error("the state changed meanwhile (guard {0})")]
    Guard(&'static str),
    /// A row that had to be there is not.
    #[error("no such row ({0})")]
    NotFound(&'static str),
    /// A column has another type than the code expects.
    #[error("a column is not {0}")]
    Column(&'static str),
    /// The disk or the database's quota is full; nothing of the batch happened.
    #[error("the disk is full; free some space, nothing already stored is lost")]
    Full,
    /// The database cannot be reached or is busy for too long.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The statement is wrong: a bug.
    #[error("statement {statement} failed: {detail}")]
    Statement {
        /// The statement's name.
        statement: &'static str,
        /// What the engine said.
        detail: String,
    },
    /// The schema cannot be brought up to date.
    #[error("migration: {0}")]
    Migration(String),
    /// The subject's key was destroyed (erasure) or never existed.
    #[error("the key of this person was destroyed")]
    KeyDestroyed,
    /// A sealed value does not open: wrong key, or bytes changed.
    #[error("a sealed value does not open ({0})")]
    Seal(&'static str),
    /// The master key is missing or another one.
    #[error("{0}")]
    MasterKey(String),
    /// A file of the data directory cannot be used.
    #[error("{0}")]
    File(String),
    /// A rule of a caller inside a transaction said no; carries its problem.
    #[error("{0}")]
    Refused(Problem),
}

impl Error {
    /// The problem as told to the outside; internals are kept back, and told to the log.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Unique(_) => Problem::new(Code::AlreadyExists, "something with the same key exists already"),
            Self::Guard(_) => Problem::new(Code::VersionConflict, "it was changed meanwhile; read it again"),
            Self::NotFound(what) => Problem::new(Code::NotFound, format!("no such {}", what.to_lowercase())),
            Self::Full => Problem::new(Code::StorageFull, self.to_string()),
            Self::Unavailable(_) => Problem::new(Code::Unavailable, "the database is not available").retry_after(5),
            Self::KeyDestroyed => Problem::new(Code::Gone, self.to_string()),
            Self::Refused(problem) => problem.clone(),
            Self::Column(_)
            | Self::Statement { .. }
            | Self::Migration(_)
            | Self::Seal(_)
            | Self::MasterKey(_)
            | Self::File(_) => {
                tracing::error!(error = %self, "the store failed");
                Problem::new(Code::Internal, "the store failed; the server's log says more")
            }
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
