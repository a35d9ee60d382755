use kernel::{Code, Problem};

/// Result of look-ups.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a number is not looked up. Never carries the number.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value is not acceptable.
    #[error("{field}: {detail}")]
    Field {
        /// Which.
        field: &'static str,
        /// Why, and what to do.
        detail: String,
    },
    /// Nobody can be asked.
    #[error("no look-up provider is connected")]
    NoProvider,
    /// Whoever was asked did not answer as agreed; nothing is charged.
    #[error("the look-up provider {0}; nothing was charged")]
    Provider(&'static str),
    /// Money.
    #[error(transparent)]
    Billing(#[from] billing::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// A field that is not acceptable.
    pub fn field(field: &'static str, detail: impl ToString) -> Self {
        Self::Field { field, detail: detail.to_string() }
    }

    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Field { field, detail } => Problem::field(*field, detail.clone()),
            Self::NoProvider => Problem::new(Code::Conflict, self.to_string()),
            Self::Provider(_) => Problem::new(Code::Unavailable, self.to_string()).retry_after(60),
            Self::Billing(error) => error.problem(),
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}
