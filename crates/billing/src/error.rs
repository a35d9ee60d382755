use kernel::{Code, Problem};

/// Billing's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong with money.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The available amount does not cover it.
    #[error("the balance does not cover this; top it up first")]
    Insufficient,
    /// Nobody said what it costs, and the balance is prepaid.
    #[error("there is no price for this destination; add one to the price list")]
    Unpriced,
    /// A value is not acceptable.
    #[error("{field}: {detail}")]
    Field {
        /// Which.
        field: &'static str,
        /// Why.
        detail: &'static str,
    },
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Its state does not allow it.
    #[error("{0}")]
    State(&'static str),
    /// Only a person may do it.
    #[error("an agreement is a person's own: sign in and agree yourself")]
    Person,
    /// A payment provider did not do it.
    #[error(transparent)]
    Provider(#[from] crate::payment::Refusal),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Insufficient => Problem::new(Code::InsufficientBalance, self.to_string()),
            Self::Unpriced => Problem::new(Code::Unpriced, self.to_string()),
            Self::Field { field, detail } => Problem::field(*field, *detail),
            Self::NotFound(_) => Problem::new(Code::NotFound, self.to_string()),
            Self::Person => Problem::new(Code::Forbidden, self.to_string()),
            Self::State(_) => Problem::new(Code::Conflict, self.to_string()),
            Self::Provider(crate::payment::Refusal::Signature) => Problem::new(Code::Unauthenticated, self.to_string()),
            Self::Provider(_) => Problem::new(Code::Unavailable, self.to_string()),
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}
