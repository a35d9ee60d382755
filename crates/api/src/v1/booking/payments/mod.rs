//! How the workspace is paid for appointments.

mod connect;
mod disconnect;
mod read;

use booking::payments::Standing;
use store::Ctx;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("booking_payments": read, connect, disconnect)
}

/// How the workspace is paid. Secrets never come back.
#[derive(Serialize, ToSchema)]
pub(super) struct PaymentProvider {
    /// `stripe`: whoever speaks its interface.
    provider: &'static str,
    /// Whether an account is connected.
    connected: bool,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    connected_at: Option<Timestamp>,
    /// Where the provider's interface is.
    api_base: String,
    /// Whether a key that orders is kept.
    has_secret_key: bool,
    /// Whether a key that the provider signs with is kept.
    has_webhook_secret: bool,
    /// Whether the key moves no real money.
    test: bool,
    /// The address that the provider is to be given for its calls.
    webhook_url: String,
    /// The events that it is to call for.
    webhook_events: [&'static str; 5],
}

impl PaymentProvider {
    fn of(app: &App, ctx: &Ctx, standing: Standing) -> Self {
        let connected = standing.connected_at.is_some();
        Self {
            provider: "stripe",
            connected,
            connected_at: standing.connected_at,
            api_base: standing.base,
            has_secret_key: connected,
            has_webhook_secret: connected,
            test: standing.test,
            webhook_url: format!("{}/book/pay/{}/webhook", app.outbound.public_url(), ctx.workspace),
            webhook_events: [
                "checkout.session.completed",
                "checkout.session.async_payment_succeeded",
                "checkout.session.async_payment_failed",
                "checkout.session.expired",
                "charge.refunded",
            ],
        }
    }
}
