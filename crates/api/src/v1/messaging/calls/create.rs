//! `POST /v1/calls`

use std::collections::BTreeMap;

use calls::voice::{NewCall, Said, accept};
use kernel::{FlowId, Phone, TopicId};
use privacy::vocabulary::{BasisKind, Purpose};

use super::shapes::{CallFlowDefinition, PhoneCall, whole};
use crate::v1::prelude::*;

/// A call to one person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPhoneCall {
    /// Whom to call, with the country code.
    #[schema(example = "+966501234567")]
    to: String,
    /// Which of your numbers is shown; absent: the trunk's first.
    #[serde(default)]
    from: Option<String>,
    /// What is said: a flow, or the id of one in `flow_id`.
    #[serde(default)]
    flow: Option<CallFlowDefinition>,
    /// A flow that is kept.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    flow_id: Option<FlowId>,
    /// What the flow's words name as `{{name}}`.
    #[serde(default)]
    variables: BTreeMap<String, String>,
    /// What it is for: `service` (the default), `marketing` or another purpose of the workspace.
    #[serde(default)]
    purpose: Option<String>,
    /// Under which topic.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    topic: Option<TopicId>,
    /// Why the person is called, when that is not on record yet: `contract`, `subject_request` or `legal_obligation`.
    #[serde(default)]
    basis: Option<String>,
    /// Not before this instant, at most 90 days ahead.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    call_at: Option<Timestamp>,
    /// For how long it may ring, 5 to 120 seconds; 45 when absent.
    #[serde(default)]
    ring_seconds: Option<u32>,
    /// Most seconds of the call, from 10; 600 when absent. The price of as many minutes is set aside.
    #[serde(default)]
    max_seconds: Option<u32>,
    /// What you call it, at most 100 characters; kept sealed.
    #[serde(default)]
    reference: Option<String>,
    /// Checked, kept and shown like any other, but nobody is called and nothing is charged.
    #[serde(default)]
    trial: bool,
}

fn phone(field: &'static str, text: &str) -> Result<Phone, Problem> {
    Phone::parse(text, None).map_err(|error| Problem::field(field, error.to_string()))
}

/// Call somebody. It is accepted, denied by the gate (state `denied`, with the reason), or refused with a problem:
/// then nothing is kept and nothing is charged. Repeat with the same `Idempotency-Key` to be safe.
#[utoipa::path(post, path = "/v1/calls", request_body = NewPhoneCall, security(("key" = ["calls:write"])),
    responses((status = 201, body = PhoneCall)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewPhoneCall>,
) -> Result<(StatusCode, JsonBody<PhoneCall>)> {
    let ctx = caller.require("calls:write")?;
    let to = phone("to", &input.to)?;
    let said = match (&input.flow, input.flow_id) {
        (Some(flow), None) => Said::Flow(Box::new(flow.read()?)),
        (None, Some(id)) => Said::Kept(id),
        _ => return Err(Problem::field("flow", "either flow or flow_id").into()),
    };
    let defaults = NewCall::new(to.clone(), said.clone());
    let purpose = match input.purpose.as_deref() {
        Some(code) => Purpose::new(code).map_err(|error| Problem::field("purpose", error.to_string()))?,
        None => Purpose::SERVICE,
    };
    let unknown = |_| Problem::field("basis", "contract, subject_request or legal_obligation");
    let new = NewCall {
        from: input.from.as_deref().map(|from| phone("from", from)).transpose()?,
        variables: input.variables,
        purpose,
        topic: input.topic,
        basis: input.basis.as_deref().map(|code| code.parse::<BasisKind>().map_err(unknown)).transpose()?,
        at: input.call_at,
        ring: input.ring_seconds.unwrap_or(defaults.ring),
        longest: input.max_seconds.unwrap_or(defaults.longest),
        reference: input.reference,
        trial: input.trial || caller.is_test(),
        to,
        said,
    };
    let accepted = accept(&app.voice, &ctx, new).await?;
    Ok((StatusCode::CREATED, JsonBody(whole(&ctx, accepted.id).await?)))
}
