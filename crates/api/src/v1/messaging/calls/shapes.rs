//! What calls look like from outside.

use calls::flows::Flow;
use calls::voice::{CallState, CallView};
use kernel::{CallId, ContactId, EventId, FlowId, TrunkId};

use crate::v1::prelude::*;

/// What happens in a call, step by step. Each step has an `action` (`say`, `play`, `pause`, `gather`, `record`,
/// `transfer`, `fetch`, `send_keys`, `goto`, `hangup`) with its fields, and may have an `id` and conditions in `when`.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallFlowDefinition {
    /// What members call it.
    #[serde(default)]
    pub(crate) title: String,
    /// In which language things are said: `en` or `ar`.
    #[serde(default = "english")]
    pub(crate) language: String,
    /// Step by step.
    #[schema(value_type = Vec<Object>)]
    pub(crate) steps: Vec<Json>,
}

fn english() -> String {
    "en".to_owned()
}

impl CallFlowDefinition {
    pub(crate) fn read(&self) -> Result<Flow, calls::Error> {
        Flow::read(&json!({ "title": self.title, "language": self.language, "steps": self.steps }))
    }
}

impl From<&Flow> for CallFlowDefinition {
    fn from(flow: &Flow) -> Self {
        let steps = flow.to_json()["steps"].as_array().cloned().unwrap_or_default();
        Self { title: flow.title.clone(), language: flow.language.clone(), steps }
    }
}

/// A call.
#[derive(Serialize, ToSchema)]
pub(super) struct PhoneCall {
    /// Its id.
    #[schema(value_type = String)]
    id: CallId,
    /// The person; null when a caller hides their number.
    #[schema(value_type = Option<String>)]
    contact: Option<ContactId>,
    /// `outbound` or `inbound`.
    direction: String,
    /// The person's number (E.164); null in lists, and once it is no longer kept.
    number: Option<String>,
    /// Our number that is shown or was called; empty for the trunk's first.
    our_number: String,
    /// What the caller of the API calls it; null in lists.
    reference: Option<String>,
    /// What it is for.
    purpose: String,
    /// The country of the person's number (ISO 3166).
    country: String,
    /// The flow, when it is one that is kept.
    #[schema(value_type = Option<String>)]
    flow_id: Option<FlowId>,
    /// The flow as it was when the call was accepted; null in lists, and once it is no longer kept.
    #[schema(value_type = Option<Object>)]
    flow: Option<Json>,
    /// Over which trunk.
    #[schema(value_type = Option<String>)]
    trunk: Option<TrunkId>,
    /// The price of a started minute, in millionths of the balance's currency.
    price_micros: i64,
    /// What it cost.
    cost_micros: i64,
    /// Whether nobody is really called.
    trial: bool,
    /// `queued`, `starting`, `ringing`, `ongoing`, `ended`, `busy`, `no_answer`, `failed`, `denied`, `cancelled` or
    /// `in_doubt`.
    #[schema(value_type = String)]
    state: CallState,
    /// Why, when that is not plain.
    reason: Option<String>,
    /// The status with which the other side refused it (SIP).
    sip_status: Option<u32>,
    /// The row of the rule pack that decided.
    rule: String,
    /// The lawful basis it rests on; empty when denied and for calls that came in.
    basis: String,
    /// The ledger event that states this basis.
    #[schema(value_type = Option<String>)]
    evidence: Option<EventId>,
    /// For how many seconds people could speak.
    seconds: u32,
    /// When its turn is, while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// When it was accepted.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

impl From<CallView> for PhoneCall {
    fn from(view: CallView) -> Self {
        Self {
            id: view.id,
            contact: view.contact,
            direction: view.direction,
            number: None,
            our_number: view.number,
            reference: None,
            purpose: view.purpose,
            country: view.country,
            flow_id: view.flow,
            flow: None,
            trunk: view.trunk,
            price_micros: view.price.0,
            cost_micros: view.cost.0,
            trial: view.trial,
            state: view.state,
            reason: view.reason,
            sip_status: view.status,
            rule: view.rule,
            basis: view.basis,
            evidence: view.claim,
            seconds: view.seconds,
            due_at: (view.state == CallState::Queued).then_some(view.due_at),
            created_at: view.created_at,
            answered_at: view.answered_at,
            finished_at: view.finished_at,
        }
    }
}

/// A call with its number and flow.
pub(super) async fn whole(ctx: &store::Ctx, id: CallId) -> Result<PhoneCall> {
    let (view, words) = calls::voice::find(ctx, id).await?;
    let mut shown = PhoneCall::from(view);
    if let Some(words) = words {
        (shown.number, shown.flow, shown.reference) = (Some(words.number), Some(words.flow), words.reference);
    }
    Ok(shown)
}
