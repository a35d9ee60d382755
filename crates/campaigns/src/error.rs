use kernel::{Code, FieldProblem, Problem};

/// The slice's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong with a campaign.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such campaign.
    #[error("there is no such campaign")]
    NotFound,
    /// The campaign's state does not allow it.
    #[error("a campaign that is {state} cannot be {wanted}")]
    State {
        /// Where it stands.
        state: &'static str,
        /// What was asked.
        wanted: &'static str,
    },
    /// A field is wrong.
    #[error("{0}")]
    Invalid(Problem),
    /// The content lacks elements that every marketing message needs.
    #[error("the content lacks {}", .0.join(", "))]
    Incomplete(Vec<&'static str>),
    /// The sending domain is not verified and the relay is not on this machine.
    #[error("the domain {0} is not verified; add it under sending domains and publish the records shown there")]
    SenderNotVerified(String),
    /// Sending.
    #[error(transparent)]
    Outbound(#[from] outbound::Error),
    /// The content.
    #[error(transparent)]
    Content(#[from] content::Error),
    /// The people's slice.
    #[error(transparent)]
    People(#[from] people::Error),
    /// The privacy engine.
    #[error(transparent)]
    Privacy(#[from] privacy::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::new(Code::NotFound, self.to_string()),
            Self::State { .. } => Problem::new(Code::Conflict, self.to_string()),
            Self::Invalid(problem) => problem.clone(),
            Self::Incomplete(missing) => {
                let mut problem = Problem::new(
                    Code::ContentIncomplete,
                    "the content lacks what such a message needs in each part: an unsubscribe link ({{ unsubscribe_url }}), the postal address ({{ postal_address }}), and to prospects the three slots of the lawful notice ({{ lawful_notice }})",
                );
                problem.fields = missing
                    .iter()
                    .map(|code| FieldProblem {
                        field: (*code).to_owned(),
                        detail: content::Element::explain(code).unwrap_or_else(|| "is missing".to_owned()),
                    })
                    .collect();
                problem
            }
            Self::SenderNotVerified(_) => Problem::new(Code::SenderNotVerified, self.to_string()),
            Self::Outbound(error) => error.problem(),
            Self::Content(error) => error.problem(),
            Self::People(error) => error.problem(),
            Self::Privacy(error) => error.problem(),
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}
