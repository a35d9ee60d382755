//! `POST /v1/conversations/{id}/objection`

use conversations::conversations as rows;
use kernel::ConversationId;
use people::subscribe::{Leave, unsubscribe};

use crate::v1::prelude::*;

/// The person does not want to be advertised to: one press, and it ends on every channel (GDPR Art. 21).
#[utoipa::path(post, path = "/v1/conversations/{id}/objection", params(("id" = String, Path)),
    security(("key" = ["conversations:write"])), responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<StatusCode> {
    let ctx = caller.require("conversations:write")?;
    let row = rows::get(&ctx, id).await?;
    let contact = row
        .contact
        .ok_or_else(|| Failure::new(Code::Conflict, "nobody knows who this is; link a contact or an address first"))?;
    let evidence = json!({ "by": "conversation", "conversation": id, "member": caller.actor().to_string() });
    unsubscribe(&ctx, app.outbound.gate(), contact, Leave::Objection, evidence).await?;
    crate::v1::trail::note(&ctx, "conversation.objected", &[&id, &contact]).await?;
    Ok(StatusCode::NO_CONTENT)
}
