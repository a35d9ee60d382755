//! `POST /v1/messages/preview`

use crate::v1::prelude::*;

/// A text that may be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SmsText {
    /// The words.
    text: String,
}

/// How a text would travel.
#[derive(Serialize, ToSchema)]
pub(super) struct SmsParts {
    /// `GSM_7BIT` or `UCS2`.
    encoding: &'static str,
    /// How many parts.
    parts: usize,
    /// Units of each part: septets (an extension character counts two) or UTF-16 code units.
    units: Vec<usize>,
    /// How many units the last part has room for.
    left: usize,
    /// The first characters, at most ten, because of which the whole text is UCS-2.
    because: Vec<String>,
}

/// Count the parts of a text, as it is written: the numbers that will be paid.
#[utoipa::path(post, path = "/v1/messages/preview", request_body = SmsText, security(("key" = ["messages:send"])),
    responses((status = 200, body = SmsParts)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<SmsText>) -> Result<JsonBody<SmsParts>> {
    caller.require("messages:send")?;
    let explained = telecom::sms::explain(&input.text).map_err(telecom::Error::from)?;
    let most = if explained.parts == 1 {
        explained.encoding.alone()
    } else {
        explained.encoding.together(telecom::sms::Reference::Short)
    };
    let left = most.saturating_sub(explained.units.last().copied().unwrap_or_default());
    let mut because: Vec<String> = Vec::new();
    for c in input.text.chars().filter(|c| telecom::sms::septets(*c).is_none()) {
        let shown = c.to_string();
        if because.len() < 10 && !because.contains(&shown) {
            because.push(shown);
        }
    }
    let (encoding, parts) = (explained.encoding.as_str(), explained.parts);
    Ok(JsonBody(SmsParts { encoding, parts, units: explained.units, left, because }))
}
