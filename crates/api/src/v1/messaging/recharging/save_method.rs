//! `POST /v1/balance/payment-method`

use billing::recharge::method;
use kernel::PaymentMethodId;

use super::shapes::AgreedWords;
use crate::v1::prelude::*;

/// That a payment method be kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SaveMethod {
    /// The words that the member agrees to.
    words: AgreedWords,
}

/// Where to enter it.
#[derive(Serialize, ToSchema)]
pub(super) struct MethodPage {
    /// The method that is to be.
    #[schema(value_type = String)]
    id: PaymentMethodId,
    /// The provider's page.
    url: String,
}

/// Agree that the provider keeps a payment method, and get the page on which to enter it. Only a signed-in member can.
#[utoipa::path(post, path = "/v1/balance/payment-method", request_body = SaveMethod, security(("key" = ["balance:write"])),
    responses((status = 201, body = MethodPage)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    ClientInfo(client): ClientInfo,
    JsonBody(input): JsonBody<SaveMethod>,
) -> Result<(StatusCode, JsonBody<MethodPage>)> {
    let ctx = caller.require("balance:write")?;
    let (id, url) = method::begin(&ctx, app.tills.as_ref(), &input.words.by(client)).await?;
    Ok((StatusCode::CREATED, JsonBody(MethodPage { id, url })))
}
