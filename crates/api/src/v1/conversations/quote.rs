//! `POST /v1/conversations/{id}/quote`

use conversations::conversations as rows;
use kernel::ConversationId;
use outbound::lines::Words;

use crate::v1::prelude::*;

/// An answer that may be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationAnswerDraft {
    /// The words.
    text: String,
}

/// What an answer would be.
#[derive(Serialize, ToSchema)]
pub(super) struct ConversationQuote {
    /// `GSM_7BIT` or `UCS2` for SMS; null elsewhere.
    encoding: Option<String>,
    /// How many messages the operator counts; 0 where nothing is counted.
    parts: u32,
    /// How much fits besides without another part.
    left: Option<u32>,
    /// The first characters, at most ten, that make it longer than it had to be.
    because: Vec<String>,
    /// What is set aside for it, in millionths of the balance's currency.
    price_micros: i64,
    /// Until when the person may be answered in free words; null where the channel knows no such window.
    #[schema(value_type = Option<String>, format = DateTime)]
    window_until: Option<Timestamp>,
    /// Why it would not leave; null when it would.
    refused: Option<ConversationRefusal>,
}

/// Why an answer would not leave.
#[derive(Serialize, ToSchema)]
pub(super) struct ConversationRefusal {
    /// The code of the problem, such as `not_mailable` or `window_closed`.
    code: String,
    /// What, and what to do.
    detail: String,
}

/// Count an answer as it is written, before it is sent: parts, price, window, and whether the gate lets it pass.
#[utoipa::path(post, path = "/v1/conversations/{id}/quote", params(("id" = String, Path)),
    request_body = ConversationAnswerDraft, security(("key" = ["conversations:write"])),
    responses((status = 200, body = ConversationQuote)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationAnswerDraft>,
) -> Result<JsonBody<ConversationQuote>> {
    let ctx = caller.require("conversations:write")?;
    let row = rows::get(&ctx, id).await?;
    let text: String = input.text.chars().take(conversations::text::LONGEST).collect();
    let words = Words { text, ..Words::default() };
    let quote = conversations::lines::quote(&ctx, app.shell.chat().carriers(), &row, words).await?.unwrap_or_default();
    Ok(JsonBody(ConversationQuote {
        encoding: quote.encoding.map(str::to_owned),
        parts: quote.parts,
        left: quote.left,
        because: quote.because.iter().map(ToString::to_string).collect(),
        price_micros: quote.price_micros,
        window_until: quote.window_until,
        refused: quote
            .refused
            .map(|problem| ConversationRefusal { code: problem.code.as_str().to_owned(), detail: problem.detail }),
    }))
}
