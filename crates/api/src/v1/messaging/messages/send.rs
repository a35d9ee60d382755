//! `POST /v1/messages`

use kernel::{Phone, TopicId};
use privacy::vocabulary::{BasisKind, Purpose};
use telecom::messages::{NewMessage, accept};
use telecom::sms::Originator;

use super::shapes::{SmsMessage, whole};
use crate::v1::prelude::*;

/// A message to one person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSms {
    /// To which number, with its country code: text, or digits as a JSON number.
    #[schema(value_type = String, example = "+966501234567")]
    to: Number,
    /// From which of the workspace's originators; absent: the one this person knows, or one by weight.
    #[serde(default)]
    from: Option<String>,
    /// The words.
    text: String,
    /// What it is for: `service` (the default), `marketing` or another purpose of the workspace.
    #[serde(default)]
    purpose: Option<String>,
    /// Under which topic.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    topic: Option<TopicId>,
    /// Why the person is written to, when that is not on record yet: `contract`, `subject_request` or
    /// `legal_obligation`. Marketing rests on what is on record already.
    #[serde(default)]
    basis: Option<String>,
    /// Not before this instant, at most 90 days ahead.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    send_at: Option<Timestamp>,
    /// For how many seconds from then on it may be delivered, 60 to 172800; two days when absent.
    #[serde(default)]
    validity: Option<u32>,
    /// Shown at once and not kept by the telephone.
    #[serde(default)]
    flash: bool,
    /// The network of the number (MCC and MNC), when known.
    #[serde(default)]
    network: Option<String>,
    /// What you call it, at most 100 characters; kept sealed.
    #[serde(default)]
    reference: Option<String>,
    /// Checked, kept and shown like any other, but nothing leaves and nothing is charged.
    #[serde(default)]
    trial: bool,
    /// Web addresses are written short, and clicks of people who allow it are counted. Parts are counted with the
    /// short ones.
    #[serde(default)]
    shorten: bool,
}

/// Programs write numbers as text and as JSON numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Digits(u64),
    Text(String),
}

impl Number {
    fn read(&self) -> Result<Phone, Problem> {
        let text = match self {
            Self::Digits(digits) => format!("+{digits}"),
            Self::Text(text) => text.clone(),
        };
        Phone::parse(&text, None).map_err(|error| Problem::field("to", error.to_string()))
    }
}

/// Send a message by SMS. It is accepted, denied by the gate (state `denied`, with the reason), or refused with a
/// problem: then nothing is kept and nothing is charged. Repeat with the same `Idempotency-Key` to be safe.
#[utoipa::path(post, path = "/v1/messages", request_body = NewSms, security(("key" = ["messages:send"])),
    responses((status = 201, body = SmsMessage)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewSms>,
) -> Result<(StatusCode, JsonBody<SmsMessage>)> {
    let ctx = caller.require("messages:send")?;
    let from = input.from.as_deref().map(str::parse::<Originator>).transpose().map_err(telecom::Error::from)?;
    let purpose = match input.purpose.as_deref() {
        Some(code) => Purpose::new(code).map_err(|error| Problem::field("purpose", error.to_string()))?,
        None => Purpose::SERVICE,
    };
    let basis = match input.basis.as_deref() {
        Some(code) => {
            let unknown = |_| Problem::field("basis", "contract, subject_request or legal_obligation");
            Some(code.parse::<BasisKind>().map_err(unknown)?)
        }
        None => None,
    };
    let new = NewMessage {
        id: None,
        to: input.to.read()?,
        from,
        text: input.text,
        purpose,
        topic: input.topic,
        basis,
        at: input.send_at,
        validity: input.validity,
        flash: input.flash,
        network: input.network,
        reference: input.reference,
        shown: None,
        trial: input.trial || caller.is_test(),
        shorten: input.shorten,
    };
    let accepted = accept(&app.sms, &ctx, new).await?;
    Ok((StatusCode::CREATED, JsonBody(whole(&ctx, accepted.id).await?)))
}
