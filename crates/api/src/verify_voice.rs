//! Codes by telephone: what verification wants said, carried by calls through the gate.

use calls::verify::{Carried, Speaks, SpokenCode};
use calls::voice::{CallState, CodeCall, Voice, call_with_code};
use kernel::{Code, Phone, Problem};
use store::{BoxFuture, Ctx};

/// Says codes in calls that their recipient asked for.
pub struct CodesByVoice(Voice);

impl CodesByVoice {
    /// Over the process's calls.
    pub fn new(voice: Voice) -> Self {
        Self(voice)
    }

    async fn call(&self, ctx: &Ctx, code: SpokenCode) -> Result<Carried, Problem> {
        let shown = |from: &String| Phone::parse(from, None);
        let from = code.from.as_ref().map(shown).transpose();
        let wanted = CodeCall {
            from: from.map_err(|error| Problem::field("originator", error.to_string()))?,
            to: code.to,
            code: code.code,
            language: code.locale.language().to_owned(),
            organisation: code.organisation,
            trial: code.trial,
        };
        let call = call_with_code(&self.0, ctx, wanted).await.map_err(|error| error.problem())?;
        if call.state == CallState::Denied {
            let reason = call.reason.unwrap_or_default();
            return Err(Problem::new(Code::NotMailable, format!("the gate does not permit this call: {reason}")));
        }
        Ok(Carried { contact: call.contact.unwrap_or(code.contact), message: None })
    }
}

impl Speaks for CodesByVoice {
    fn speak<'a>(&'a self, ctx: &'a Ctx, code: SpokenCode) -> BoxFuture<'a, Result<Carried, Problem>> {
        Box::pin(self.call(ctx, code))
    }
}
