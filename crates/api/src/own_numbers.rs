//! Conversations over SMS, as the inventory of numbers says: what comes in to a number whose messages go to webhooks
//! begins no conversation.

use calls::numbers::{SmsTo, forward_of};
use kernel::{ContactId, EventId, Problem};
use outbound::lines::{CameIn, Carried, Carrier, Line, Parcel, Quote};
use store::{BoxFuture, Ctx};
use telecom::messages::SmsLine;

/// Conversations over the organisation's own numbers.
pub struct OwnNumbers(SmsLine);

impl OwnNumbers {
    /// Over the line that carries the messages.
    pub fn new(line: SmsLine) -> Self {
        Self(line)
    }
}

impl Carrier for OwnNumbers {
    fn channels(&self) -> &'static [&'static str] {
        self.0.channels()
    }

    fn reach<'a>(
        &'a self,
        ctx: &'a Ctx,
        channel: &'a str,
        contact: ContactId,
        account: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Line, Problem>> {
        self.0.reach(ctx, channel, contact, account)
    }

    fn quote<'a>(&'a self, ctx: &'a Ctx, parcel: &'a Parcel) -> BoxFuture<'a, Result<Quote, Problem>> {
        self.0.quote(ctx, parcel)
    }

    fn carry<'a>(&'a self, ctx: &'a Ctx, parcel: Parcel) -> BoxFuture<'a, Result<Carried, Problem>> {
        self.0.carry(ctx, parcel)
    }

    fn came_in<'a>(&'a self, ctx: &'a Ctx, message: EventId) -> BoxFuture<'a, Result<Option<CameIn>, Problem>> {
        Box::pin(async move {
            let Some(came) = self.0.came_in(ctx, message).await? else { return Ok(None) };
            let forward = forward_of(ctx, &came.line.account).await.map_err(|error| error.problem())?;
            // A stop ends what is open, wherever words go.
            Ok((came.stop || forward.sms == SmsTo::Conversation).then_some(came))
        })
    }
}
