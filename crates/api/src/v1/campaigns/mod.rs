//! Campaigns.

mod cancel;
mod checklist;
mod content;
mod create;
mod delete;
mod deliveries;
mod duplicate;
mod estimate;
mod list;
mod pause;
mod preflight;
pub(super) mod prospecting;
mod read;
mod recipients;
mod report;
mod restore;
mod resume;
mod schedule;
mod segment;
mod send;
pub(super) mod sender;
mod test;
mod texts;
mod update;

use axum::extract::DefaultBodyLimit;
use campaigns::Campaign;
use store::Ctx;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    let limit = DefaultBodyLimit::max(super::content::MAX_BODY);
    let written = routes!("campaigns": create, update).map(|router| router.layer(limit));
    written.merge(routes!("campaigns":
        list, read, delete, restore, duplicate, checklist, preflight, estimate, test, send, schedule, pause, resume, cancel, report,
        deliveries, content, recipients, segment))
}

/// A campaign with the counts of its deliveries.
async fn shown(ctx: &Ctx, campaign: Campaign) -> Result<Json> {
    let counts = match campaign.draft.texts {
        Some(_) => telecom::messages::run_counts(ctx, campaign.id.into()).await?,
        None => outbound::counts(ctx, campaign.id.into()).await?,
    };
    let criteria = campaigns::prospecting::criteria(ctx, campaign.id.into()).await?;
    let (kind, deleted_at) = (campaign.draft.kind(), campaign.deleted_at);
    let mut shown = json!(campaign);
    shown["channel"] = json!(campaign.draft.channel());
    shown["kind"] = json!(kind);
    shown["prospecting"] = json!(campaign.draft.prospecting);
    shown["criteria"] = json!(criteria);
    shown["counts"] = json!(counts);
    shown["revision"] = shown["version"].clone();
    shown["subject"] = shown["content"]["subject"].clone();
    texts::shown(&mut shown, &campaign.draft);
    shown["updated_by_name"] = json!(actor_name(ctx, shown["updated_by"].as_str()).await?);
    let ends_at = match deleted_at {
        Some(at) => Some(campaigns::ends_at(ctx, at).await?),
        None => None,
    };
    shown["ends_at"] = json!(ends_at);
    Ok(shown)
}

/// The name of the member behind `usr_…`; nothing for keys, the console, and who is gone.
pub(super) async fn actor_name(ctx: &Ctx, actor: Option<&str>) -> Result<Option<String>> {
    let Some(user) = actor.and_then(|actor| actor.parse::<kernel::UserId>().ok()) else { return Ok(None) };
    match accounts::users::get(ctx, user).await {
        Ok(user) => Ok(Some(user.name.into_inner()).filter(|name| !name.is_empty())),
        Err(accounts::Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
