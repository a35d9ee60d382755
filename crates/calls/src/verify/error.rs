use kernel::{Code, Problem};

/// Result of verifications.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a code is not sent, or not accepted. Never carries an address or a code.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing in this workspace.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// A value is not acceptable.
    #[error("{field}: {detail}")]
    Field {
        /// Which.
        field: &'static str,
        /// Why, and what to do.
        detail: String,
    },
    /// Too soon, or too many.
    #[error("{what}; wait {seconds} seconds")]
    TooSoon {
        /// What there was too much of.
        what: &'static str,
        /// For how long to wait.
        seconds: u32,
    },
    /// Hardly anybody with such a number ever uses a code: somebody earns money with messages to them.
    #[error("of the last {codes} codes to {to}, {used} were used; codes to them are refused for a while")]
    Pumping {
        /// How many were looked at.
        codes: usize,
        /// How many were used.
        used: usize,
        /// `such numbers` or a country.
        to: String,
    },
    /// The code is another one.
    #[error("the code is another one; {left} attempts are left")]
    Wrong {
        /// How many more there are.
        left: u32,
    },
    /// It is over.
    #[error("{0}")]
    Over(&'static str),
    /// The present state does not allow it.
    #[error("{0}")]
    Conflict(&'static str),
    /// Whoever carries the code says no.
    #[error("{0}")]
    Refused(Problem),
    /// Mail.
    #[error(transparent)]
    Outbound(#[from] outbound::Error),
    /// The people's slice.
    #[error(transparent)]
    People(#[from] people::Error),
    /// The privacy engine.
    #[error(transparent)]
    Privacy(#[from] privacy::Error),
    /// Workspaces.
    #[error(transparent)]
    Accounts(#[from] accounts::Error),
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
            Self::NotFound(_) => Problem::new(Code::NotFound, self.to_string()),
            Self::Field { field, detail } => Problem::field(*field, detail.clone()),
            Self::TooSoon { seconds, .. } => Problem::new(Code::RateLimited, self.to_string()).retry_after(*seconds),
            Self::Pumping { .. } => Problem::new(Code::PumpingSuspected, self.to_string()).retry_after(3600),
            Self::Wrong { .. } => Problem::new(Code::WrongCode, self.to_string()),
            Self::Over(_) => Problem::new(Code::Gone, self.to_string()),
            Self::Conflict(_) => Problem::new(Code::Conflict, self.to_string()),
            Self::Refused(problem) => problem.clone(),
            Self::Outbound(error) => error.problem(),
            Self::People(error) => error.problem(),
            Self::Privacy(error) => error.problem(),
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
