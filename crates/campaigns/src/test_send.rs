use kernel::{CampaignId, Email, EventId, Problem};
use outbound::{Outbound, notices};
use store::{Ctx, params};

use crate::lifecycle::{self, get, told};
use crate::{Error, Result, queries as sql};

/// The most addresses of one test.
const MOST: usize = 10;

/// Sends the campaign as it stands to members of the workspace, marked as a test in its subject.
/// Only to members: anybody else is written to through the gate like everybody.
///
/// # Errors
/// [`Error::Invalid`] for an address that is no member's.
pub async fn test(ctx: &Ctx, outbound: &Outbound, id: CampaignId, to: &[Email]) -> Result<()> {
    if to.is_empty() || to.len() > MOST {
        return Err(Error::Invalid(Problem::field("to", "expected 1 to 10 addresses of members")));
    }
    let campaign = get(ctx, id).await?;
    if campaign.draft.texts.is_some() {
        return Err(Error::Invalid(Problem::field("to", "this campaign is tested by SMS: give numbers")));
    }
    let (mut run, frozen) = lifecycle::run(ctx, outbound, &campaign, ctx.now()).await?;
    let mut variants = campaign.draft.variants();
    for source in std::iter::once(&mut variants.default).chain(variants.by_language.values_mut()) {
        source.subject = format!("[Test] {}", source.subject);
    }
    let catalog = lifecycle::catalog(ctx).await?;
    let version = outbound.versions().save_with(ctx, &variants, &catalog, &frozen.fields()).await?;
    if campaign.draft.prospecting.is_some() {
        // A member is no prospect: the reason is shown as its author wrote it.
        run.settings.reason.clone_from(&campaign.draft.reason);
    }
    let verified = lifecycle::sender_verified(ctx, outbound, &campaign.draft).await?;
    (run.content, run.content_hash) = (version.id.into(), version.hash);
    let members = accounts::members::list(ctx, None, 1000)
        .await
        .map_err(|error| Error::Store(store::Error::Refused(error.problem())))?;
    for address in to {
        let known = members.iter().find(|member| member.email.expose().normal() == address.normal());
        let Some(member) = known.filter(|member| member.confirmed) else {
            let detail = "a test goes to members whose address is confirmed; invite this person first";
            return Err(Error::Invalid(Problem::field("to", detail)));
        };
        let source: EventId = ctx.id();
        run.source = source.into();
        notices::to_member(outbound, ctx, &run, member, verified).await?;
    }
    let mut batch = ctx.batch();
    batch.push(sql::TESTED, params![ctx.workspace, id, ctx.now(), campaign.version]);
    told(&mut batch, "campaign.tested", id);
    ctx.db.apply(batch).await?;
    Ok(())
}
