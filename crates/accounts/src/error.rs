use kernel::{Code, Problem};

/// The result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong with accounts. Never carries a personal value.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A value is not acceptable.
    #[error("{field}: {detail}")]
    Field {
        /// Which.
        field: &'static str,
        /// Why, and what to do.
        detail: String,
    },
    /// The e-mail address, password or code is wrong; deliberately not said which.
    #[error("the e-mail address, the password or the code is wrong")]
    Credentials,
    /// Too many attempts; try again after so many seconds.
    #[error("too many attempts")]
    Throttled(u32),
    /// The session or key is unknown, expired or revoked.
    #[error("the session or key is not valid")]
    Unauthenticated,
    /// The role asks for a second factor that the session does not have.
    #[error("your role in this workspace needs a second factor; set one up, or sign in with it")]
    SecondFactor,
    /// The workspace puts a term to passwords, and this one is over.
    #[error("your password is older than this workspace allows; set a new one")]
    PasswordExpired,
    /// The account's e-mail address is not confirmed yet.
    #[error("confirm the e-mail address first: the link is in the message we sent")]
    Pending,
    /// Not allowed.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing in this workspace.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The link was used or has expired.
    #[error("this link was used already or has expired; ask for a new one")]
    Gone,
    /// It exists already.
    #[error("{0} exists already")]
    Exists(&'static str),
    /// The present state does not allow it.
    #[error("{0}")]
    Conflict(&'static str),
    /// A bug or a broken set-up.
    #[error("{0}")]
    Internal(&'static str),
}

impl Error {
    /// A field that is not acceptable.
    pub fn field(field: &'static str, detail: impl ToString) -> Self {
        Self::Field { field, detail: detail.to_string() }
    }

    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        let code = match self {
            Self::Store(error) => return error.problem(),
            Self::Field { field, detail } => return Problem::field(*field, detail.clone()),
            Self::Throttled(seconds) => return Problem::new(Code::RateLimited, self.to_string()).retry_after(*seconds),
            Self::Credentials | Self::Unauthenticated => Code::Unauthenticated,
            Self::SecondFactor => Code::SecondFactorRequired,
            Self::PasswordExpired => Code::PasswordExpired,
            Self::Pending => Code::AccountPending,
            Self::Forbidden(_) => Code::Forbidden,
            Self::NotFound(_) => Code::NotFound,
            Self::Gone => Code::Gone,
            Self::Exists(_) => Code::AlreadyExists,
            Self::Conflict(_) => Code::Conflict,
            Self::Internal(_) => Code::Internal,
        };
        Problem::new(code, self.to_string())
    }

    /// Turns a failed guard or unique constraint of the store into what it means here.
    pub(crate) fn on_guard(error: store::Error, meaning: Self) -> Self {
        match error {
            store::Error::Guard(_) | store::Error::Unique(_) => meaning,
            other => Self::Store(other),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}
