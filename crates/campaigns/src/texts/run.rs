//! A campaign by SMS becomes a run, and its people's texts are handed to the channel.

use kernel::{Code, ContactId, Problem, Timestamp};
use outbound::texts::{Terms, Words};
use outbound::{Outbound, Run, RunState, Source};
use people::segments::live::Live;
use privacy::vocabulary::{Channel, Purpose};
use store::{Ctx, params};

use super::say::Speaking;
use crate::audience::Audience;
use crate::lifecycle::{self, get};
use crate::model::{Campaign, CampaignDraft, State};
use crate::{Error, Result, queries as sql};

/// People per hand-over.
const CHUNK: u32 = 500;

/// What rendering needs to know about the sender.
pub(super) async fn frame(ctx: &Ctx, draft: &CampaignDraft) -> Result<content::Sender> {
    let workspace = lifecycle::workspace(ctx).await?;
    let from = draft.texts.as_ref().and_then(|terms| terms.from.clone());
    Ok(content::Sender {
        postal_address: workspace.postal_address,
        name: from.unwrap_or_else(|| workspace.name.clone()),
        organisation: workspace.name.clone(),
        list_name: people::topics::get(ctx, draft.topic).await?.name,
        reason: None,
        today: ctx.now().date(),
    })
}

/// What the gate is told that some wording lacks.
pub(super) fn missing(
    outbound: &Outbound,
    (purpose, terms): (&Purpose, &Terms),
    wordings: &[(kernel::Locale, Words)],
) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    if *purpose != Purpose::MARKETING {
        return Ok(missing);
    }
    for (_, words) in wordings {
        let weight = outbound.texts()?.weigh(terms, words).map_err(Error::Invalid)?;
        if !weight.says_stop {
            missing.push("opt_out".to_owned());
        }
        if !(weight.says_stop && weight.says_help) {
            missing.push("stop_help".to_owned());
        }
    }
    missing.sort();
    missing.dedup();
    Ok(missing)
}

/// The run that a campaign by SMS becomes, and what is said in it.
pub(crate) async fn run(
    ctx: &Ctx,
    outbound: &Outbound,
    campaign: &Campaign,
    not_before: Timestamp,
) -> Result<(Run, Speaking, Vec<String>)> {
    let draft = &campaign.draft;
    let terms = draft.texts.clone().unwrap_or_default();
    let catalog = lifecycle::catalog(ctx).await?;
    let version = outbound.versions().save(ctx, &draft.variants(), &catalog).await?;
    if version.compiled.all().any(|compiled| !compiled.follows().is_empty()) {
        let detail = "a text message follows no saved segment: send it to the segment, or ask for a tag";
        return Err(Error::Invalid(Problem::field("text", detail)));
    }
    let fields = version.compiled.all().flat_map(|compiled| compiled.fields().iter().cloned()).collect();
    let frame = frame(ctx, draft).await?;
    let (organisation, list, postal_address) =
        (frame.organisation.clone(), frame.list_name.clone(), frame.postal_address.clone());
    let speaking = Speaking::new(version.compiled, frame);
    let missing = missing(outbound, (&draft.purpose, &terms), &speaking.samples())?;
    let settings = Source {
        sender: outbound::texts::sender(&organisation),
        list: (draft.purpose == Purpose::MARKETING).then_some(list),
        organisation,
        postal_address,
        reason: None,
        missing,
        track: draft.track,
        series: None,
    };
    let run = Run {
        workspace: ctx.workspace,
        source: campaign.id.into(),
        channel: Channel::Sms,
        purpose: draft.purpose.clone(),
        topic: Some(draft.topic),
        content: version.id.into(),
        content_hash: version.hash,
        settings,
        state: RunState::Running,
        complete: false,
        not_before,
    };
    Ok((run, speaking, fields))
}

/// How far a slice of handing over came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handed {
    /// Everybody has a message.
    All,
    /// Go on at this instant.
    Later(Timestamp),
    /// The campaign holds itself until money is there.
    Insufficient,
}

/// Hands the texts of a campaign over, chunk by chunk, until `until`. The cursor is kept after each chunk; who has a
/// message already keeps it, so a chunk that a crash interrupted comes again without harm.
pub(crate) async fn hand_over(
    ctx: &Ctx,
    outbound: &Outbound,
    live: &Live,
    (campaign, until): (&Campaign, Timestamp),
) -> Result<Handed> {
    let run = outbound::get(ctx, campaign.id.into()).await?;
    let version = outbound.versions().load(ctx, content::VersionId(run.content)).await?;
    let speaking = Speaking::new(version.compiled, frame(ctx, &campaign.draft).await?);
    let terms = campaign.draft.texts.clone().unwrap_or_default();
    let draft = &campaign.draft;
    let audience = Audience::of(ctx, live, campaign.id.into(), (draft.topic, draft.segment)).await?;
    let (cursor,): (Option<ContactId>,) = ctx.db.one(sql::CURSOR, params![ctx.workspace, campaign.id]).await?;
    let mut after = cursor.unwrap_or(ContactId([0; 16]));
    loop {
        let (people, next) = audience.people(ctx, after, CHUNK).await?;
        let said = speaking.to(ctx, &people).await?;
        if !said.texts.is_empty() {
            match outbound.texts()?.accept(ctx, &run, &terms, said.texts).await {
                Ok(()) => {}
                Err(problem) if problem.code == Code::InsufficientBalance => return Ok(Handed::Insufficient),
                // A cap of the day: the rest goes on when the day is over (UTC).
                Err(problem) if problem.code == Code::RateLimited => {
                    let tomorrow = (i64::from(ctx.now().day()) + 1) * Timestamp::DAY;
                    note(ctx, campaign, Some("daily_cap")).await?;
                    return Ok(Handed::Later(Timestamp(tomorrow)));
                }
                Err(problem) => return Err(Error::Store(store::Error::Refused(problem))),
            }
            outbound.wake();
        }
        let Some(next) = next else { return Ok(Handed::All) };
        after = next;
        let mut batch = ctx.batch();
        batch.push(sql::SET_CURSOR, params![ctx.workspace, campaign.id, after]);
        ctx.db.apply(batch).await?;
        if ctx.now() >= until || outbound.is_closing() || get(ctx, campaign.id).await?.state != State::Preparing {
            return Ok(Handed::Later(ctx.now()));
        }
    }
}

/// Says why a campaign waits by itself, or that it does not any more.
pub(crate) async fn note(ctx: &Ctx, campaign: &Campaign, halted_by: Option<&str>) -> Result<()> {
    if campaign.halted_by.as_deref() == halted_by {
        return Ok(());
    }
    let mut batch = ctx.batch();
    batch.push(sql::HALT, params![ctx.workspace, campaign.id, halted_by]);
    ctx.db.apply(batch).await?;
    Ok(())
}
