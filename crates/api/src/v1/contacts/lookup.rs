//! `POST /v1/contacts/lookup`

use kernel::{Email, Phone};
use people::contacts;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// By what a contact is looked up: one of the two. In a body, because addresses do not belong in logs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Lookup {
    /// An e-mail address.
    email: Option<String>,
    /// A telephone number.
    phone: Option<String>,
}

/// The contact with this address or number.
#[utoipa::path(post, path = "/v1/contacts/lookup", request_body = Lookup, security(("key" = ["contacts:read"])),
    responses((status = 200, body = shapes::Contact)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<Lookup>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:read")?;
    let found = match (input.email, input.phone) {
        (Some(text), None) => {
            let email = Email::parse(&text).map_err(|error| Problem::field("email", error.to_string()))?;
            contacts::by_email(&ctx, &email).await?
        }
        (None, Some(text)) => {
            let phone = Phone::parse(&text, None).map_err(|error| Problem::field("phone", error.to_string()))?;
            contacts::by_phone(&ctx, &phone).await?
        }
        _ => return Err(Failure(Problem::field("email", "give either email or phone"))),
    };
    let id = found.ok_or_else(|| Failure::not_found("contact"))?;
    Ok(JsonBody(shown(&ctx, id).await?))
}
