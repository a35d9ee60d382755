//! What members do with a campaign, state by state.

use std::sync::Arc;

use content::reason::Reason;
use content::{Element, FieldCatalog, Version};
use kernel::{CampaignId, Problem, Timestamp};
use outbound::{Outbound, Run, RunState, Source};
use people::segments::live::Live;
use privacy::vocabulary::{Channel, Purpose};
use serde_json::json;
use store::{Batch, Ctx, Feed, NewJob, jobs, params};

use crate::jobs::{FINISH_QUEUE, MATERIALISE_QUEUE, START_QUEUE};
use crate::model::{Campaign, CampaignDraft, State};
use crate::writing::Writing;
use crate::{Error, Result, followed, prospecting, queries as sql, texts};

/// The fields a workspace's templates may read.
pub(crate) async fn catalog(ctx: &Ctx) -> Result<FieldCatalog> {
    let fields = people::fields::list(ctx).await?;
    Ok(fields.into_iter().fold(FieldCatalog::standard(), |catalog, (key, field)| catalog.with(key, field.label, &[])))
}

/// Makes a draft. The content is compiled, so a template's mistakes are told at once, with line and
/// column.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Content`], [`Error::People`] for an unknown topic.
pub async fn create(ctx: &Ctx, outbound: &Outbound, draft: CampaignDraft) -> Result<Campaign> {
    let text = checked(ctx, outbound, &draft).await?;
    let id: CampaignId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(
        sql::INSERT,
        params![
            ctx.workspace,
            id,
            State::Draft.as_str(),
            draft.topic,
            draft.segment,
            text,
            ctx.now(),
            draft.name.as_str(),
            draft.line(),
            ctx.actor.to_string(),
            draft.channel()
        ],
    );
    told(&mut batch, "campaign.created", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes a draft; `version` is the one that was read.
///
/// # Errors
/// As [`create`]; [`store::Error::Guard`] when somebody else changed it or it is no draft any more.
pub async fn update(
    ctx: &Ctx,
    outbound: &Outbound,
    id: CampaignId,
    version: i64,
    draft: CampaignDraft,
) -> Result<Campaign> {
    expect(&get(ctx, id).await?, &[State::Draft], "changed")?;
    let text = checked(ctx, outbound, &draft).await?;
    let mut batch = ctx.batch();
    batch.guard(
        sql::UPDATE,
        params![
            ctx.workspace,
            id,
            draft.topic,
            draft.segment,
            text,
            ctx.now(),
            version,
            draft.name.as_str(),
            draft.line(),
            ctx.actor.to_string()
        ],
    );
    told(&mut batch, "campaign.updated", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

async fn checked(ctx: &Ctx, outbound: &Outbound, draft: &CampaignDraft) -> Result<String> {
    draft.check().map_err(Error::Invalid)?;
    people::topics::get(ctx, draft.topic).await?;
    if let Some(segment) = draft.segment {
        people::segments::saved::get(ctx, segment).await?;
    }
    let mut unused = ctx.batch();
    let catalog = catalog(ctx).await?;
    let reason = draft.stated().compiled_reason(ctx, &catalog).map_err(Error::Invalid)?;
    let also = reason.as_ref().map_or(&[][..], Reason::fields);
    outbound.versions().push_with(&mut unused, ctx, &draft.variants(), (&catalog, also))?;
    serde_json::to_string(draft).map_err(|_| Error::Store(store::Error::Column("campaign")))
}

/// A campaign.
///
/// # Errors
/// [`Error::NotFound`], or the store's.
pub async fn get(ctx: &Ctx, id: CampaignId) -> Result<Campaign> {
    anywhere(ctx, id).await?.filter(|campaign| campaign.deleted_at.is_none()).ok_or(Error::NotFound)
}

/// A campaign, also one in the bin.
pub(crate) async fn anywhere(ctx: &Ctx, id: CampaignId) -> Result<Option<Campaign>> {
    Ok(ctx.db.get(sql::GET, params![ctx.workspace, id]).await?)
}

pub(crate) fn expect(campaign: &Campaign, allowed: &[State], wanted: &'static str) -> Result<()> {
    if allowed.contains(&campaign.state) {
        return Ok(());
    }
    Err(Error::State { state: campaign.state.as_str(), wanted })
}

pub(crate) fn told(batch: &mut Batch, kind: &'static str, id: CampaignId) {
    batch.feed(Feed { kind, entity: id.into(), data: json!({}) });
}

/// Freezes the content: what is missing for the campaign's purpose, and the version to send.
pub(crate) async fn freeze(ctx: &Ctx, outbound: &Outbound, draft: &CampaignDraft) -> Result<Frozen> {
    let catalog = catalog(ctx).await?;
    let reason = draft.stated().compiled_reason(ctx, &catalog).map_err(Error::Invalid)?;
    let also = reason.as_ref().map_or(&[][..], Reason::fields);
    let version = outbound.versions().save_with(ctx, &draft.variants(), &catalog, also).await?;
    let missing = incomplete(&version, &draft.purpose, draft.prospecting.is_some())?;
    followed::present(ctx, &version.compiled).await?;
    Ok(Frozen { version, missing, reason })
}

/// What a content lacks of the lawful notice, for the gate.
///
/// # Errors
/// [`Error::Content`] when a design is not finished, [`Error::Incomplete`] when it lacks what every message of its kind carries in each part: a message to
/// prospects, all three slots of the notice as well.
pub(crate) fn incomplete(version: &Version, purpose: &Purpose, prospecting: bool) -> Result<Vec<String>> {
    version.finished()?;
    let mut missing: Vec<&'static str> = Vec::new();
    for compiled in version.compiled.all() {
        for code in compiled.elements().missing(Element::LEGITIMATE_INTEREST) {
            if !missing.contains(&code) {
                missing.push(code);
            }
        }
    }
    let required = if prospecting { Element::LEGITIMATE_INTEREST } else { Element::MARKETING };
    let mut basic: Vec<&'static str> = Vec::new();
    for code in version.compiled.all().flat_map(|compiled| compiled.elements().missing(required)) {
        if !basic.contains(&code) {
            basic.push(code);
        }
    }
    if *purpose == Purpose::MARKETING && !basic.is_empty() {
        return Err(Error::Incomplete(basic));
    }
    Ok(missing.into_iter().map(str::to_owned).collect())
}

/// Content as it will be sent.
pub(crate) struct Frozen {
    pub(crate) version: Version,
    /// What it lacks of the lawful notice.
    pub(crate) missing: Vec<String>,
    /// Why each prospect is written to.
    pub(crate) reason: Option<Reason>,
}

impl Frozen {
    /// What is read of each person.
    pub(crate) async fn writing(&self, ctx: &Ctx, live: &Live) -> Result<Writing> {
        Writing::new(ctx, live, Arc::clone(&self.version.compiled), self.reason.clone()).await
    }

    /// The personal fields that the message reads.
    pub(crate) fn fields(&self) -> Vec<String> {
        self.version.compiled.all().flat_map(|compiled| compiled.fields().iter().cloned()).collect()
    }
}

/// The run that a campaign becomes.
pub(crate) async fn run(
    ctx: &Ctx,
    outbound: &Outbound,
    campaign: &Campaign,
    not_before: Timestamp,
) -> Result<(Run, Frozen)> {
    let draft = &campaign.draft;
    draft.stated().require(ctx).await?;
    let frozen = freeze(ctx, outbound, draft).await?;
    let workspace = sending_workspace(ctx, &draft.purpose).await?;
    let topic = people::topics::get(ctx, draft.topic).await?;
    let settings = Source {
        sender: draft.sender(),
        list: (draft.purpose == Purpose::MARKETING).then_some(topic.name),
        organisation: workspace.name,
        postal_address: workspace.postal_address,
        // To prospects everybody has a reason of their own, or gets nothing.
        reason: draft.reason.clone().filter(|_| draft.prospecting.is_none()),
        missing: frozen.missing.clone(),
        track: draft.track,
        series: None,
    };
    let run = Run {
        workspace: ctx.workspace,
        source: campaign.id.into(),
        channel: Channel::Email,
        purpose: draft.purpose.clone(),
        topic: Some(draft.topic),
        content: frozen.version.id.into(),
        content_hash: frozen.version.hash,
        settings,
        state: RunState::Running,
        complete: false,
        not_before,
    };
    Ok((run, frozen))
}

/// The workspace.
pub(crate) async fn workspace(ctx: &Ctx) -> Result<accounts::workspaces::Workspace> {
    accounts::workspaces::find(&ctx.core, ctx.workspace)
        .await
        .map_err(|error| Error::Store(store::Error::Refused(error.problem())))?
        .ok_or(Error::NotFound)
}

/// The workspace, when it has what a message of this purpose says about its sender.
pub(crate) async fn sending_workspace(ctx: &Ctx, purpose: &Purpose) -> Result<accounts::workspaces::Workspace> {
    let workspace = workspace(ctx).await?;
    if *purpose == Purpose::MARKETING && workspace.postal_address.trim().is_empty() {
        let detail = "a marketing message carries the sender's postal address; set it in the workspace's settings";
        return Err(Error::Invalid(Problem::field("postal_address", detail)));
    }
    Ok(workspace)
}

/// Whether the campaign's sender may send now.
pub(crate) async fn sender_verified(ctx: &Ctx, outbound: &Outbound, draft: &CampaignDraft) -> Result<bool> {
    let channel = outbound.channels().get(Channel::Email).ok_or(outbound::Error::NoChannel(Channel::Email))?;
    Ok(channel.sender_verified(ctx.workspace, &draft.sender()).await)
}

/// Sends a campaign. Nothing leaves within the next `grace` seconds, in which it can be cancelled.
///
/// # Errors
/// [`Error::State`], [`Error::Incomplete`], [`Error::SenderNotVerified`], [`Error::Invalid`].
pub async fn send(ctx: &Ctx, outbound: &Outbound, id: CampaignId, grace: u32) -> Result<Campaign> {
    let campaign = get(ctx, id).await?;
    expect(&campaign, &[State::Draft, State::Scheduled], "sent")?;
    let not_before = ctx.now().plus_seconds(i64::from(grace));
    if campaign.draft.texts.is_some() {
        let (run, _, fields) = texts::run(ctx, outbound, &campaign, not_before).await?;
        sendable(ctx, outbound, &campaign, &run).await?;
        return start(ctx, &campaign, (&run, &fields)).await;
    }
    let (run, frozen) = run(ctx, outbound, &campaign, not_before).await?;
    if !sender_verified(ctx, outbound, &campaign.draft).await? {
        return Err(Error::SenderNotVerified(campaign.draft.from_email.ascii_domain().to_owned()));
    }
    start(ctx, &campaign, (&run, &frozen.fields())).await
}

async fn start(ctx: &Ctx, campaign: &Campaign, (run, fields): (&Run, &[String])) -> Result<Campaign> {
    let id = campaign.id;
    people::reads::mark(ctx, people::reads::Reader::Message, fields).await?;
    let mut batch = ctx.batch();
    keep_criteria(&mut batch, ctx, campaign).await?;
    batch.guard(sql::START, params![ctx.workspace, id, ctx.now()]);
    jobs::cancel(&mut batch, START_QUEUE, &id.to_string());
    outbound::open(&mut batch, ctx, run, FINISH_QUEUE);
    batch.job(NewJob::now(MATERIALISE_QUEUE, json!({ "campaign": id })).key(id.to_string()));
    told(&mut batch, "campaign.started", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Whether a campaign by SMS can be sent at all: what it is from is there, and its wording says how to stop it.
async fn sendable(ctx: &Ctx, outbound: &Outbound, campaign: &Campaign, run: &Run) -> Result<()> {
    let from = campaign.draft.texts.as_ref().and_then(|terms| terms.from.as_deref());
    if !outbound.texts()?.originates(ctx, from).await.map_err(Error::Invalid)? {
        let detail = "the workspace does not have this originator; add it under senders first";
        return Err(Error::Invalid(Problem::field("originator", detail)));
    }
    if run.settings.missing.iter().any(|code| code == "opt_out") {
        let detail = "say how to stop messages, in every language: \"Reply STOP\", or {{ unsubscribe_url }}";
        return Err(Error::Invalid(Problem::field("text", detail)));
    }
    Ok(())
}

/// Freezes the criteria of a campaign to prospects, so that the targeting statement stays true.
async fn keep_criteria(batch: &mut Batch, ctx: &Ctx, campaign: &Campaign) -> Result<()> {
    match campaign.draft.segment.filter(|_| campaign.draft.prospecting.is_some()) {
        Some(segment) => prospecting::freeze(batch, ctx, campaign.id.into(), segment).await,
        None => Ok(()),
    }
}

/// Starts the campaign by itself at an instant in the future. What [`send`] checks is checked now
/// and again then.
///
/// # Errors
/// As [`send`].
pub async fn schedule(ctx: &Ctx, outbound: &Outbound, id: CampaignId, at: Timestamp) -> Result<Campaign> {
    let campaign = get(ctx, id).await?;
    expect(&campaign, &[State::Draft, State::Scheduled], "scheduled")?;
    if at <= ctx.now() {
        return Err(Error::Invalid(Problem::field("at", "expected an instant in the future")));
    }
    if campaign.draft.texts.is_some() {
        let (run, ..) = texts::run(ctx, outbound, &campaign, at).await?;
        sendable(ctx, outbound, &campaign, &run).await?;
    } else {
        run(ctx, outbound, &campaign, at).await?;
    }
    if campaign.draft.texts.is_none() && !sender_verified(ctx, outbound, &campaign.draft).await? {
        return Err(Error::SenderNotVerified(campaign.draft.from_email.ascii_domain().to_owned()));
    }
    let mut batch = ctx.batch();
    keep_criteria(&mut batch, ctx, &campaign).await?;
    batch.guard(sql::SCHEDULE, params![ctx.workspace, id, at, ctx.now()]);
    jobs::cancel(&mut batch, START_QUEUE, &id.to_string());
    batch.job(NewJob::now(START_QUEUE, json!({ "campaign": id })).key(id.to_string()).at(at));
    told(&mut batch, "campaign.scheduled", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Makes a scheduled campaign a draft again.
///
/// # Errors
/// [`Error::State`].
pub async fn unschedule(ctx: &Ctx, id: CampaignId) -> Result<Campaign> {
    expect(&get(ctx, id).await?, &[State::Scheduled], "taken back")?;
    let mut batch = ctx.batch();
    batch.guard(sql::UNSCHEDULE, params![ctx.workspace, id, ctx.now()]);
    prospecting::thaw(&mut batch, ctx, id.into());
    jobs::cancel(&mut batch, START_QUEUE, &id.to_string());
    told(&mut batch, "campaign.updated", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Holds a campaign: what is in a worker's hands ends, nothing else leaves.
///
/// # Errors
/// [`Error::State`].
pub async fn pause(ctx: &Ctx, id: CampaignId) -> Result<Campaign> {
    insist(|| pause_once(ctx, id)).await
}

async fn pause_once(ctx: &Ctx, id: CampaignId) -> Result<Campaign> {
    let campaign = get(ctx, id).await?;
    expect(&campaign, &[State::Preparing, State::Sending], "paused")?;
    let mut batch = ctx.batch();
    batch.guard(sql::MOVE, move_params(ctx, id, State::Paused, campaign.state));
    outbound::pause(&mut batch, ctx, id.into());
    changed(&mut batch, &campaign);
    told(&mut batch, "campaign.paused", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// The channel of texts has its messages itself, and hears of it.
fn changed(batch: &mut Batch, campaign: &Campaign) {
    if campaign.draft.texts.is_some() {
        outbound::texts::changed(batch, campaign.id.into());
    }
}

/// Holds a campaign by itself, and says why; whoever resumes it takes that back.
pub(crate) async fn halt(ctx: &Ctx, id: CampaignId, halted_by: &'static str) -> Result<()> {
    match pause_once(ctx, id).await {
        Ok(_) => {}
        // Somebody paused or cancelled it meanwhile.
        Err(Error::State { .. } | Error::Store(store::Error::Guard(_))) => return Ok(()),
        Err(error) => return Err(error),
    }
    let mut batch = ctx.batch();
    batch.push(sql::HALT, params![ctx.workspace, id, halted_by]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Goes on with a held campaign.
///
/// # Errors
/// [`Error::State`].
pub async fn resume(ctx: &Ctx, id: CampaignId) -> Result<Campaign> {
    let campaign = get(ctx, id).await?;
    expect(&campaign, &[State::Paused], "resumed")?;
    let complete = outbound::get(ctx, id.into()).await?.complete;
    let next = if complete { State::Sending } else { State::Preparing };
    let mut batch = ctx.batch();
    batch.guard(sql::MOVE, move_params(ctx, id, next, State::Paused));
    batch.push(sql::HALT, params![ctx.workspace, id, None::<String>]);
    outbound::resume(&mut batch, ctx, id.into());
    changed(&mut batch, &campaign);
    if !complete {
        batch.job(NewJob::now(MATERIALISE_QUEUE, json!({ "campaign": id })).key(id.to_string()));
    }
    told(&mut batch, "campaign.resumed", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Stops a campaign for good; what has not left stays here.
///
/// # Errors
/// [`Error::State`].
pub async fn cancel(ctx: &Ctx, id: CampaignId) -> Result<Campaign> {
    insist(|| cancel_once(ctx, id)).await
}

async fn cancel_once(ctx: &Ctx, id: CampaignId) -> Result<Campaign> {
    let campaign = get(ctx, id).await?;
    if campaign.state == State::Scheduled {
        return unschedule(ctx, id).await;
    }
    expect(&campaign, &[State::Preparing, State::Sending, State::Paused], "cancelled")?;
    let mut batch = ctx.batch();
    batch.guard(sql::MOVE, move_params(ctx, id, State::Cancelled, campaign.state));
    let from = if campaign.state == State::Paused { RunState::Paused } else { RunState::Running };
    outbound::cancel(&mut batch, ctx, id.into(), from);
    changed(&mut batch, &campaign);
    told(&mut batch, "campaign.cancelled", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Tries a change again that lost against the campaign's own jobs: they move it on by themselves, and
/// whoever stops it need not know.
async fn insist<F: Future<Output = Result<Campaign>>>(change: impl Fn() -> F) -> Result<Campaign> {
    for _ in 0..3 {
        match change().await {
            Err(Error::Store(store::Error::Guard(_))) => {}
            done => return done,
        }
    }
    change().await
}

fn move_params(ctx: &Ctx, id: CampaignId, to: State, from: State) -> Vec<store::Value> {
    params![ctx.workspace, id, to.as_str(), from.as_str(), ctx.now()]
}
