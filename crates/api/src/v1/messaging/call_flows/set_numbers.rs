//! `PUT /v1/call-flows/{id}/numbers`

use kernel::{FlowId, Phone};

use super::CallFlowNumbers;
use crate::v1::prelude::*;
use crate::v1::trail;

/// Say whose calls a flow answers, in the place of what was said before.
#[utoipa::path(put, path = "/v1/call-flows/{id}/numbers", params(("id" = String, Path)),
    request_body = CallFlowNumbers, security(("key" = ["calls:write"])),
    responses((status = 200, body = CallFlowNumbers)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<FlowId>,
    JsonBody(input): JsonBody<CallFlowNumbers>,
) -> Result<JsonBody<CallFlowNumbers>> {
    let ctx = caller.require("calls:write")?;
    let mut numbers = Vec::new();
    for (n, text) in input.numbers.iter().enumerate() {
        let wrong = |error: kernel::PhoneError| calls::Error::field(format!("numbers[{n}]"), error);
        numbers.push(Phone::parse(text, None).map_err(wrong)?);
    }
    let numbers = calls::flows::set_numbers(&ctx, id, &numbers).await?;
    trail::note(&ctx, "call_flow.numbers_changed", &[&id]).await?;
    Ok(JsonBody(CallFlowNumbers { numbers }))
}
