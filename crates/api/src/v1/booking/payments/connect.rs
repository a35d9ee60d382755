//! `PUT /v1/booking/payment-provider`

use billing::payment::accounts::Connect;

use super::PaymentProvider;
use crate::v1::prelude::*;

/// The organisation's account at its provider. What is absent stays as it was.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaymentAccount {
    /// `stripe`.
    #[serde(default)]
    provider: Option<String>,
    /// Where the provider's interface is, when that is not Stripe's own.
    #[serde(default)]
    api_base: Option<String>,
    /// The key that orders; kept sealed and never shown.
    #[serde(default)]
    secret_key: Option<String>,
    /// The key that the provider's calls are signed with; kept sealed and never shown.
    #[serde(default)]
    webhook_secret: Option<String>,
}

/// Connect the account that appointments are paid to, or change how.
#[utoipa::path(put, path = "/v1/booking/payment-provider", request_body = PaymentAccount, security(("key" = ["bookings:manage"])),
    responses((status = 200, body = PaymentProvider)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<PaymentAccount>,
) -> Result<JsonBody<PaymentProvider>> {
    let ctx = caller.require("bookings:manage")?;
    if input.provider.is_some_and(|provider| provider != "stripe") {
        return Err(Problem::field("provider", "expected stripe").into());
    }
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    let change =
        Connect { secret: some(input.secret_key), signing: some(input.webhook_secret), base: some(input.api_base) };
    let standing = app.payments.connect(&ctx, change).await?;
    Ok(JsonBody(PaymentProvider::of(&app, &ctx, standing)))
}
