//! Call flows: what is said and asked in calls.

mod create;
mod delete;
mod list;
mod numbers;
mod read;
mod set_numbers;
mod update;
mod validate;

use calls::flows::FlowView;
use kernel::FlowId;

use super::calls::shapes::CallFlowDefinition;
use crate::v1::prelude::*;

/// A call flow.
#[derive(Serialize, ToSchema)]
pub(super) struct CallFlow {
    /// Its id.
    #[schema(value_type = String)]
    id: FlowId,
    /// Grows with every change.
    version: u32,
    /// What happens.
    flow: CallFlowDefinition,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<FlowView> for CallFlow {
    fn from(view: FlowView) -> Self {
        Self {
            id: view.id,
            version: view.version,
            flow: CallFlowDefinition::from(&view.flow),
            created_at: view.created_at,
            updated_at: view.updated_at,
        }
    }
}

/// The numbers whose calls a flow answers (E.164). A number has one flow.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallFlowNumbers {
    /// The numbers.
    numbers: Vec<String>,
}

pub(super) fn routes() -> Routes {
    routes!("call_flows": list, create, validate, read, update, delete, numbers, set_numbers)
}
