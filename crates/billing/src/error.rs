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
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}
