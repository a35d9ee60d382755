//! Codes by SMS: what `calls` wants said, carried by `telecom`.

use calls::verify::{Carried, TextedCode, Texts};
use kernel::{Code, Problem};
use privacy::vocabulary::BasisKind;
use store::{BoxFuture, Ctx};
use telecom::messages::{MessageState, NewMessage, Sms, accept};
use telecom::sms::Originator;

/// Sends codes as service messages that their recipient asked for.
pub struct CodesBySms(Sms);

impl CodesBySms {
    /// Over the process's messages.
    pub fn new(sms: Sms) -> Self {
        Self(sms)
    }

    async fn send(&self, ctx: &Ctx, code: TextedCode) -> Result<Carried, Problem> {
        let from = match code.from.as_deref().map(str::parse::<Originator>).transpose() {
            Ok(from) => from,
            Err(error) => return Err(Problem::field("originator", error.to_string())),
        };
        let new = NewMessage {
            from,
            basis: Some(BasisKind::SubjectRequest),
            // An expired code helps nobody.
            validity: Some(code.validity.clamp(60, 172_800)),
            reference: Some(code.verification.to_string()),
            shown: Some(code.shown),
            trial: code.trial,
            ..NewMessage::new(code.to, code.text)
        };
        let message = accept(&self.0, ctx, new).await.map_err(|error| error.problem())?;
        if message.state == MessageState::Denied {
            let reason = message.reason.unwrap_or_default();
            return Err(Problem::new(Code::NotMailable, format!("the gate does not permit this message: {reason}")));
        }
        Ok(Carried { contact: message.contact, message: Some(message.id) })
    }
}

impl Texts for CodesBySms {
    fn text<'a>(&'a self, ctx: &'a Ctx, code: TextedCode) -> BoxFuture<'a, Result<Carried, Problem>> {
        Box::pin(self.send(ctx, code))
    }
}
