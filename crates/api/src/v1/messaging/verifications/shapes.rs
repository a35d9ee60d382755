//! What verifications look like from outside.

use calls::verify::Way;
use kernel::{ContactId, DeliveryId, VerificationId, VerificationServiceId};

use crate::v1::prelude::*;

/// A code that left.
#[derive(Serialize, ToSchema)]
pub(super) struct SentCode {
    /// `sms`, `voice` or `email`.
    channel: &'static str,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The message by SMS, whose life `/v1/messages/{id}/timeline` tells.
    #[schema(value_type = Option<String>)]
    message: Option<DeliveryId>,
}

/// A verification. It never shows its code.
#[derive(Serialize, ToSchema)]
pub(super) struct Verification {
    /// Its id.
    #[schema(value_type = String)]
    pub(super) id: VerificationId,
    /// By whose settings.
    #[schema(value_type = Option<String>)]
    service: Option<VerificationServiceId>,
    /// The person.
    #[schema(value_type = Option<String>)]
    contact: Option<ContactId>,
    /// The number (E.164) or mail address; null in lists, and once it is no longer kept.
    pub(super) to: Option<String>,
    /// The country of the number; null for mail.
    country: Option<String>,
    /// How the code went out last: `sms`, `voice` or `email`.
    channel: &'static str,
    /// `pending`, `verified`, `failed`, `expired` or `cancelled`.
    state: &'static str,
    /// `too_many_attempts`, `superseded` or `cancelled`.
    reason: Option<String>,
    /// What the application calls it; null in lists.
    pub(super) reference: Option<String>,
    /// Whether it was begun with a test key: its code is the beginning of 1234567890, and nothing left this machine.
    test: bool,
    /// How many codes came back.
    attempts: u32,
    /// How many more may.
    attempts_left: u32,
    /// Each time the code left.
    sent: Vec<SentCode>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Until when the code is good.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

impl From<calls::verify::Verification> for Verification {
    fn from(view: calls::verify::Verification) -> Self {
        let sent = view.sent.into_iter();
        let sent = sent.map(|one| SentCode { channel: one.channel.as_str(), at: one.at, message: one.message });
        Self {
            id: view.id,
            service: view.service,
            contact: view.contact,
            to: None,
            country: Some(view.country).filter(|country| !country.is_empty()),
            channel: view.channel.as_str(),
            state: view.state.as_str(),
            reason: view.reason,
            reference: None,
            test: view.trial,
            attempts: view.attempts,
            attempts_left: view.max_attempts.saturating_sub(view.attempts),
            sent: sent.collect(),
            created_at: view.created_at,
            expires_at: view.expires_at,
            finished_at: view.finished_at,
        }
    }
}

/// A verification with its address.
pub(super) async fn whole(ctx: &store::Ctx, id: VerificationId) -> Result<Verification> {
    let (view, words) = calls::verify::find(ctx, id).await?;
    let mut shown = Verification::from(view);
    (shown.to, shown.reference) = words.map_or((None, None), |(to, reference)| (Some(to), reference));
    Ok(shown)
}

/// A way by its name.
pub(super) fn way(name: Option<&str>) -> Result<Option<Way>, Problem> {
    match name {
        None => Ok(None),
        Some(name) => Way::named(name).map(Some).ok_or_else(|| Problem::field("channel", "sms, voice or email")),
    }
}
