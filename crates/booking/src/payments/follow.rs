//! A booking follows its payment.

use billing::payment::{self, PaymentState};
use kernel::{BookingId, PaymentId};
use store::Ctx;

use super::told;
use crate::Result;
use crate::reservations::paid::{self, Came};

/// Brings a payment's booking to where the payment stands. Told again, nothing happens again. Money for a booking that
/// ended meanwhile, is paid already or was erased goes back.
///
/// # Errors
/// When there is no such payment, or the store fails.
pub async fn follow(ctx: &Ctx, id: PaymentId) -> Result<()> {
    let payment = payment::get(ctx, id).await.map_err(told)?;
    let booking = BookingId(payment.reference);
    match payment.state {
        PaymentState::Waiting | PaymentState::Expired => Ok(()),
        PaymentState::Paid => paid::came(ctx, booking, id, Came::Whole).await,
        PaymentState::Mismatched => paid::came(ctx, booking, id, Came::Otherwise).await,
        PaymentState::Failed => paid::failed(ctx, booking).await,
        PaymentState::Refunded => paid::went_back(ctx, booking, id).await,
    }
}
