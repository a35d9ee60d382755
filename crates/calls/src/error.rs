use kernel::{Code, Problem};

/// The result of calls.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call, a trunk or a flow is not accepted. Never carries a number or words.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// There is no such thing in this workspace.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// A value is not acceptable.
    #[error("{field}: {detail}")]
    Field {
        /// Which; in flows with its step, such as `steps[2].text`.
        field: String,
        /// Why, and what to do.
        detail: String,
    },
    /// The present state does not allow it.
    #[error("{0}")]
    Conflict(&'static str),
    /// This server does not speak SIP.
    #[error("this server does not take or make calls: its operator sets sip_listen")]
    Off,
    /// Something below refused or failed.
    #[error("{0:?}")]
    Below(Problem),
}

impl Error {
    /// A field that is not acceptable.
    pub fn field(field: impl Into<String>, detail: impl ToString) -> Self {
        Self::Field { field: field.into(), detail: detail.to_string() }
    }

    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound(_) => Problem::new(Code::NotFound, self.to_string()),
            Self::Field { field, detail } => Problem::field(field.clone(), detail.clone()),
            Self::Conflict(_) | Self::Off => Problem::new(Code::Conflict, self.to_string()),
            Self::Below(problem) => problem.clone(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}

macro_rules! below {
    ($($error:ty),*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::Below(error.problem())
            }
        }
    )*};
}

below!(billing::Error, people::Error, privacy::Error, store::Error, crate::numbers::Error);
