//! What writing to people who did not ask states, as it is handed in.

use campaigns::Prospecting;
use kernel::{ActivityId, AssessmentId};

use crate::v1::prelude::*;

/// What writing to people who did not ask states. All of it must stand before anything is scheduled or sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = Prospecting)]
#[serde(deny_unknown_fields)]
pub(in crate::v1) struct ProspectingInput {
    /// Who is targeted, in words: geography, industry, size, role.
    #[serde(default)]
    targeting: String,
    /// The registered business activity that the offer belongs to.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    activity: Option<ActivityId>,
    /// The assessment of legitimate interest.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    assessment: Option<AssessmentId>,
}

impl From<ProspectingInput> for Prospecting {
    fn from(input: ProspectingInput) -> Self {
        Self { targeting: input.targeting, activity: input.activity, assessment: input.assessment }
    }
}
