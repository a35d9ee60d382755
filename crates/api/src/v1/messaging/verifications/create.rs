//! `POST /v1/verifications`

use calls::verify::NewVerification;
use kernel::{Locale, VerificationServiceId};

use super::shapes::{Verification, way, whole};
use crate::v1::prelude::*;

/// A code to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewVerification)]
pub(super) struct Asked {
    /// A telephone number with its country code (text, or digits as a JSON number), or a mail address.
    #[schema(value_type = String, example = "+966501234567")]
    to: To,
    /// By the settings of this verification service.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    service: Option<VerificationServiceId>,
    /// `sms`, `voice` or `email`, and no other; absent: the service's ladder, or what the address is.
    #[serde(default)]
    channel: Option<String>,
    /// The words, with `{code}` where the code stands, and `{organisation}` and `{span}` where wanted; absent: the
    /// service's, or Barid's own in English or Arabic.
    #[serde(default)]
    text: Option<String>,
    /// From which of the workspace's originators.
    #[serde(default)]
    originator: Option<String>,
    /// Digits of the code, 4 to 10.
    #[serde(default)]
    code_length: Option<u8>,
    /// For how many seconds the code is good, 30 to 86400.
    #[serde(default)]
    expires_in: Option<u32>,
    /// How many codes may come back, 1 to 20.
    #[serde(default)]
    max_attempts: Option<u32>,
    /// The web site that may read the code from the message (WebOTP), such as `example.com`.
    #[serde(default)]
    web_otp: Option<String>,
    /// In which language, such as `ar`; the workspace's when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    locale: Option<Locale>,
    /// What you call it, at most 100 characters; kept sealed.
    #[serde(default)]
    reference: Option<String>,
    /// The end user's network address as your application saw it: it may begin so many verifications an hour. Kept
    /// as a keyed hash.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "203.0.113.9")]
    client_address: Option<std::net::IpAddr>,
}

/// Programs write numbers as text and as JSON numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum To {
    Digits(u64),
    Text(String),
}

/// Send a code to a number or a mail address. A verification that is open for the same address and service is taken
/// back. Refused with `rate_limited` shortly after the last code and after too many a day, with `pumping_suspected`
/// while hardly any code to such numbers is used; then nothing is kept and nothing is charged.
#[utoipa::path(post, path = "/v1/verifications", request_body = Asked, security(("key" = ["messages:send"])),
    responses((status = 201, body = Verification)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<Asked>,
) -> Result<(StatusCode, JsonBody<Verification>)> {
    let ctx = caller.require("messages:send")?;
    let to = match input.to {
        To::Digits(digits) => format!("+{digits}"),
        To::Text(text) => text,
    };
    let new = NewVerification {
        to,
        service: input.service,
        channel: way(input.channel.as_deref())?,
        text: input.text,
        originator: input.originator,
        code_length: input.code_length,
        expires_in: input.expires_in,
        max_attempts: input.max_attempts,
        web_otp: input.web_otp,
        locale: input.locale,
        reference: input.reference,
        client: input.client_address,
        trial: caller.is_test(),
    };
    let begun = app.verify.begin(&ctx, new).await?;
    Ok((StatusCode::CREATED, JsonBody(whole(&ctx, begun.id).await?)))
}
