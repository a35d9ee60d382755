use kernel::{Code, Problem};

/// What can go wrong in this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A field of the input is wrong.
    #[error("{field}: {detail}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong and what to do.
        detail: &'static str,
    },
    /// A lawful basis lacks the evidence it rests on.
    #[error("{basis} needs {missing}")]
    Evidence {
        /// The basis, by its code.
        basis: &'static str,
        /// What is missing.
        missing: &'static str,
    },
    /// There is no such thing in this workspace.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A stored value does not read back: damaged or foreign data.
    #[error("stored {0} is damaged")]
    Corrupt(&'static str),
    /// The ledger does not verify.
    #[error("the ledger breaks at record {seq}: {why}")]
    LedgerBroken {
        /// The first bad record.
        seq: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The person has been erased.
    #[error("this person has been erased")]
    Erased,
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A change that the present state of a record does not allow.
    pub(crate) fn conflict(detail: &'static str) -> Self {
        Self::Store(Problem::new(Code::Conflict, detail).into())
    }

    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Store(error) => error.problem(),
            Self::Invalid { field, detail } => Problem::field(*field, *detail),
            Self::Evidence { .. } => Problem::new(Code::EvidenceMissing, self.to_string()),
            Self::NotFound(_) => Problem::new(Code::NotFound, self.to_string()),
            Self::Corrupt(_) => Problem::new(Code::Internal, self.to_string()),
            Self::LedgerBroken { .. } => Problem::new(Code::LedgerBroken, self.to_string()),
            Self::Erased => Problem::new(Code::Gone, self.to_string()),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}

impl From<Error> for store::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Store(inner) => inner,
            other => Self::Refused(other.problem()),
        }
    }
}
