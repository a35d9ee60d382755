//! `GET /v1/campaigns/{id}/deliveries`

use kernel::{CampaignId, PageRequest};
use telecom::messages::{Recipient, Which, recipients};

use crate::v1::prelude::*;
use crate::v1::shapes;

/// The campaign's messages: to whom, how each stands and why, under which rule and basis.
#[utoipa::path(get, path = "/v1/campaigns/{id}/deliveries", params(("id" = String, Path), PageQuery),
    security(("key" = ["messages:read"])), responses((status = 200, body = Listed<shapes::Delivery>)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<CampaignId>,
    Query(page): Query<PageQuery>,
) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("messages:read")?;
    let campaign = campaigns::get(&ctx, id).await?;
    let page = PageRequest::from(page);
    if campaign.draft.texts.is_some() {
        return of_texts(&ctx, id, &page).await;
    }
    let after = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = outbound::list_deliveries(&ctx, id.into(), after, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |delivery| delivery.id);
    Ok(JsonBody(Listed::of(found, |delivery| json!(delivery))))
}

/// Messages by SMS in the words of all channels.
async fn of_texts(ctx: &store::Ctx, id: CampaignId, page: &PageRequest) -> Result<JsonBody<Listed<Json>>> {
    let after = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let (found, next) = recipients(ctx, id.into(), Which::All, (after, page.limit())).await?;
    let shown = |one: &Recipient| {
        json!({
            "id": one.id, "contact": one.contact, "state": one.state, "reason": one.reason, "rule": one.rule,
            "basis": one.basis, "attempts": one.attempts, "created_at": one.created_at, "sent_at": one.sent_at,
            "status": Json::Null,
        })
    };
    let items = found.iter().map(shown).collect();
    Ok(JsonBody(kernel::Page { items, next: next.as_ref().map(http_server::cursor::encode) }.into()))
}
