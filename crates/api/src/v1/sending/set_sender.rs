//! `PUT /v1/sending/sender`

use accounts::workspaces;
use kernel::Email;

use super::{SendingAnswer, shown};
use crate::v1::prelude::*;

/// Who writes when nothing else is said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SenderChange {
    /// The display name.
    name: String,
    /// The address.
    #[schema(value_type = String)]
    email: Email,
    /// Where answers go, when not to the sender.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    reply_to: Option<Email>,
}

/// Set the default sender: for campaigns that name none, confirmations and notices.
#[utoipa::path(put, path = "/v1/sending/sender", request_body = SenderChange,
    security(("key" = ["workspace:write"])), responses((status = 200, body = SendingAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<SenderChange>,
) -> Result<JsonBody<SendingAnswer>> {
    let ctx = caller.require("workspace:write")?;
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Problem::field("name", "a display name has 1 to 100 characters and no line breaks").into());
    }
    if input.email.needs_smtputf8() {
        return Err(Problem::field("email", "a sender's address needs an ASCII name before the @").into());
    }
    let mut sender = json!({ "name": name, "email": input.email });
    if let Some(reply_to) = input.reply_to {
        sender["reply_to"] = json!(reply_to);
    }
    let settings = Some([("default_sender".to_owned(), sender)].into_iter().collect());
    workspaces::update(&ctx, workspaces::Change { settings, ..workspaces::Change::default() }).await?;
    Ok(JsonBody(shown(&app, &ctx).await?))
}
