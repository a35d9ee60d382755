//! Conversations over SMS and chat apps as members see them: the line, and what became of what left over it.

use conversations::conversations::{self as rows, Conversation};
use kernel::{ConversationId, Timestamp};
use serde::Serialize;
use store::Ctx;
use utoipa::ToSchema;

use super::shapes::ConversationEvent;
use crate::App;
use crate::v1::prelude::*;

/// What became of an event that left over a line: SMS or a chat app.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationDelivery {
    /// The message in its channel's log.
    pub(crate) message: String,
    /// `waiting`, `queued`, `sent`, `delivered`, `read`, `failed`, `denied`, `cancelled`, `in_doubt` or `expired`.
    pub(crate) state: conversations::lines::DeliveryState,
    /// Why, when that is not plain: a reason of the gate, a code of the operator or the app.
    pub(crate) reason: Option<String>,
    /// How many messages the operator counts.
    pub(crate) parts: u32,
    /// What it costs, in millionths of the balance's currency.
    pub(crate) price_micros: i64,
    /// Since when it stands so.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
}

impl From<conversations::lines::Delivery> for ConversationDelivery {
    fn from(one: conversations::lines::Delivery) -> Self {
        Self {
            message: one.message.to_string(),
            state: one.state,
            reason: one.reason,
            parts: one.parts,
            price_micros: one.price,
            at: one.at,
        }
    }
}

/// The line of a conversation over SMS or a chat app.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ConversationLine {
    /// Our end: a number, or the id of a connected channel.
    pub(crate) account: String,
    /// What our end is called: the number, or the channel's name.
    pub(crate) account_name: String,
    /// Their end, as the channel writes it.
    pub(crate) address: String,
    /// Until when the person may be answered in free words; null where the channel knows no such window.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) window_until: Option<Timestamp>,
    /// Free words leave now; otherwise an approved template only, or nothing.
    pub(crate) open: bool,
}

/// The line of a conversation, with whether free words leave over it now.
pub(super) async fn line_of(
    app: &App,
    ctx: &Ctx,
    row: &Conversation,
    details: &rows::Details,
) -> Result<Option<ConversationLine>> {
    let Some(line) = &details.line else { return Ok(None) };
    let account_name = match line.account.parse() {
        Ok(id) => match telecom::chat_apps::channels::get(ctx, id).await {
            Ok(channel) => channel.name,
            Err(_) => String::new(),
        },
        Err(_) => line.account.clone(),
    };
    let words = outbound::lines::Words { text: "?".to_owned(), ..outbound::lines::Words::default() };
    let quote = conversations::lines::quote(ctx, app.shell.chat().carriers(), row, words).await;
    let quote = quote.ok().flatten().unwrap_or_default();
    Ok(Some(ConversationLine {
        account: line.account.clone(),
        account_name,
        address: line.address.clone(),
        window_until: quote.window_until,
        open: quote.refused.is_none_or(|problem| problem.code != Code::WindowClosed),
    }))
}

/// Says of each event that left over a line what became of it.
pub(crate) async fn with_deliveries(ctx: &Ctx, id: ConversationId, items: &mut [ConversationEvent]) -> Result<()> {
    let (Some(first), Some(last)) = (items.first(), items.last()) else { return Ok(()) };
    let mut known = conversations::lines::of_events(ctx, id, (first.seq, last.seq)).await?;
    for item in items {
        item.delivery = known.remove(&item.seq).map(ConversationDelivery::from);
    }
    Ok(())
}
