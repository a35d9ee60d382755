//! Who gets a conversation: rules say where it goes, the group's members take turns, and whoever finds nobody
//! waits in a queue with a place and an estimate.

mod pick;
mod queue;
mod rules;

use kernel::{GroupId, UserId};
use store::Ctx;

pub use pick::{Candidate, choose};
pub use queue::{Place, place_of, waiting};
pub use rules::{Condition, ConditionKind, Known, Match, Op, Rule, Rules, To, decide};

use crate::agents::{self, Status};
use crate::conversations::{Conversation, Head, heads};
use crate::events::NewEvent;
use crate::groups::{self, Group, Pick};
use crate::hub::{Hub, Signal};
use crate::model::{Routing, State};
use crate::reports::What;
use crate::work::Work;
use crate::{Result, bots, settings, visitors};

/// The name of the rules among the settings.
const RULES: &str = "routing";

/// The workspace's rules.
///
/// # Errors
/// When the store fails.
pub async fn rules(ctx: &Ctx) -> Result<Rules> {
    Ok(settings::read(ctx, RULES).await?.unwrap_or_default())
}

/// Sets the workspace's rules.
///
/// # Errors
/// Rules that are not right.
pub async fn set_rules(ctx: &Ctx, rules: &Rules) -> Result<()> {
    rules.check()?;
    let groups = groups::list(ctx).await?;
    let targets = rules.rules.iter().map(|rule| rule.to).chain([rules.fallback]);
    for group in targets.filter_map(|to| to.group) {
        if !groups.iter().any(|known| known.id == group) {
            return Err(crate::Error::field("rules", "names a group that does not exist"));
        }
    }
    settings::write(ctx, RULES, rules, "chat_routing.updated").await
}

/// What rules look at, of a conversation under way.
async fn known(work: &Work) -> Result<Known> {
    let (ctx, row, details) = (work.ctx().clone(), &work.row, &work.details);
    let mut out = Known {
        url: details.page.clone(),
        language: details.language.clone(),
        channel: row.channel.as_str().to_owned(),
        widget: row.widget.map(|id| id.to_string()),
        answers: details.answers.iter().map(|answer| (answer.key.clone(), answer.value.clone())).collect(),
        ..Known::default()
    };
    if let Some(visitor) = row.visitor
        && let Some(visitor) = visitors::find(&ctx, visitor).await?
    {
        out.attributes.extend(visitor.profile.attributes.clone());
        out.language = out.language.or_else(|| visitor.profile.language.clone());
        out.country.clone_from(&visitor.profile.country);
    }
    if let Some(contact) = row.contact {
        let read = people::ReadFor::Work;
        let loaded = people::contacts::get_many(&ctx, read, &[contact]).await?.pop().flatten();
        if let Some(loaded) = loaded {
            use people::contacts::Standard;
            let profile = &loaded.profile;
            let own = |field| profile.value(field).map(str::to_owned);
            out.country = own(Standard::Country).or(out.country);
            out.language = out.language.or_else(|| own(Standard::Language));
            for (name, value) in &profile.attributes {
                let value = value.0.as_str().map_or_else(|| value.0.to_string(), str::to_owned);
                out.attributes.push((name.clone(), value));
            }
        }
        out.tags = people::tags::names_of(&ctx, &[contact]).await?.pop().unwrap_or_default();
    }
    Ok(out)
}

/// Finds somebody for a conversation that nobody has: a bot, a member, or a place in the queue.
///
/// # Errors
/// When the store fails.
pub(crate) async fn place(work: &mut Work) -> Result<()> {
    let ctx = work.ctx().clone();
    let rules = rules(&ctx).await?;
    let widget = match work.row.widget {
        Some(id) => crate::widgets::find(&ctx, id).await?,
        None => None,
    };
    let own = widget.as_ref().map(|widget| To { group: widget.settings.group, bot: widget.settings.bot, user: None });
    let asked = work.row.group.map(|group| To { group: Some(group), ..To::default() });
    let by_rule = decide(&rules, &known(work).await?);
    let to = asked.or(by_rule).or(own.filter(|own| *own != To::default())).unwrap_or(rules.fallback);
    let bot = to.bot.or(if to.user.is_none() { own.and_then(|own| own.bot) } else { None });
    // A bot runs here and could read nothing.
    let bot = bot.filter(|_| !work.row.is_encrypted());
    let group = to.group.or(own.and_then(|own| own.group)).or(rules.fallback.group);
    if let Some(bot) = bot
        && work.row.thread_n > 0
        && work.details.bot.is_none()
        && work.thread.first_response_at.is_none()
        && bots::begin(work, bot).await?
    {
        work.row.group = group;
        return Ok(());
    }
    if let Some(user) = to.user
        && has_room(&ctx, user).await?
    {
        assign_to(work, user).await?;
        return Ok(());
    }
    let last = if rules.last_agent { last_agent(work).await? } else { None };
    match group.or(first_group(&ctx).await?) {
        Some(group) => place_last(work, group, (None, last)).await,
        None => place_anywhere(work, last).await,
    }
}

async fn first_group(ctx: &Ctx) -> Result<Option<GroupId>> {
    let groups = groups::list(ctx).await?;
    // With one group there is no question; with several and no rule everybody answers.
    Ok(if groups.len() == 1 { groups.first().map(|group| group.id) } else { None })
}

async fn last_agent(work: &Work) -> Result<Option<UserId>> {
    if work.row.thread_n < 2 {
        return Ok(None);
    }
    let threads = crate::conversations::threads(work.ctx(), work.row.id).await?;
    Ok(threads.iter().rev().find_map(|thread| thread.agent))
}

/// Finds somebody in a group.
///
/// # Errors
/// When the store fails.
pub(crate) async fn place_in(work: &mut Work, group: GroupId, not: Option<UserId>) -> Result<()> {
    place_last(work, group, (not, None)).await
}

async fn place_last(work: &mut Work, group: GroupId, (not, last): (Option<UserId>, Option<UserId>)) -> Result<()> {
    let ctx = work.ctx().clone();
    work.row.group = Some(group);
    let Some(group) = groups::list(&ctx).await?.into_iter().find(|known| known.id == group) else {
        return place_anywhere(work, last).await;
    };
    if group.settings.pick == Pick::Automatic && group.is_open(ctx.now()) {
        let heads = heads(&ctx).await?;
        let candidates = candidates(&ctx, Some(&group), &heads).await?;
        let candidates: Vec<Candidate> = candidates.into_iter().filter(|one| Some(one.user) != not).collect();
        if let Some(user) = choose(&candidates, last) {
            return assign_to(work, user).await;
        }
    }
    enqueue(work, &group).await
}

async fn place_anywhere(work: &mut Work, last: Option<UserId>) -> Result<()> {
    let ctx = work.ctx().clone();
    let candidates = candidates(&ctx, None, &heads(&ctx).await?).await?;
    if let Some(user) = choose(&candidates, last) {
        return assign_to(work, user).await;
    }
    work.row.routing = Routing::Unassigned;
    work.touch();
    Ok(())
}

/// Puts it into the group's queue, or leaves it unassigned where members pick, where nobody is there, and where
/// the queue is full.
async fn enqueue(work: &mut Work, group: &Group) -> Result<()> {
    let ctx = work.ctx().clone();
    work.touch();
    let queued = heads(&ctx)
        .await?
        .iter()
        .filter(|head| head.group == Some(group.id) && head.routing == Routing::Queued)
        .count();
    let room = queued < group.settings.queue_limit as usize;
    if group.settings.pick == Pick::Manual || !group.is_open(ctx.now()) || !room {
        work.row.routing = Routing::Unassigned;
        if !group.is_open(ctx.now()) {
            work.add(NewEvent::system("away"));
        }
        return Ok(());
    }
    if work.row.routing != Routing::Queued {
        work.row.routing = Routing::Queued;
        work.row.queued_at = Some(ctx.now());
        work.count(What::Queued, 0);
        work.add(NewEvent::system("queued"));
    }
    Ok(())
}

async fn assign_to(work: &mut Work, user: UserId) -> Result<()> {
    let name = agents::shown_name(work.ctx(), Some(user)).await?.unwrap_or_default();
    crate::conversations::take_over(work, Some(user));
    agents::given(work, user);
    work.add(NewEvent::system("assigned").with("name", name));
    Ok(())
}

async fn has_room(ctx: &Ctx, user: UserId) -> Result<bool> {
    let agent = agents::get(ctx, user).await?;
    let load = heads(ctx).await?.iter().filter(|head| head.assignee == Some(user)).count();
    Ok(agent.status == Status::Accepting && load < agent.limit as usize)
}

/// Members who accept, with their load; of a group, or everybody.
async fn candidates(ctx: &Ctx, group: Option<&Group>, heads: &[Head]) -> Result<Vec<Candidate>> {
    let agents = agents::list(ctx).await?;
    Ok(agents
        .into_values()
        .filter(|agent| agent.status == Status::Accepting)
        .filter_map(|agent| {
            let priority = match group {
                Some(group) => *group.members.get(&agent.user)?,
                None => groups::Priority::Normal,
            };
            let load = heads.iter().filter(|head| head.assignee == Some(agent.user)).count() as u32;
            Some(Candidate { user: agent.user, priority, load, limit: agent.limit, given_at: agent.given_at })
        })
        .collect())
}

/// Serves the queue, the longest waiting first, as far as members have room.
///
/// # Errors
/// When the store fails.
pub async fn serve(ctx: &Ctx, hub: &Hub) -> Result<()> {
    let all = heads(ctx).await?;
    let mut queued: Vec<&Head> = all.iter().filter(|head| head.routing == Routing::Queued).collect();
    queued.sort_by_key(|head| (head.queued_at, head.id));
    if queued.is_empty() {
        return Ok(());
    }
    let groups = groups::list(ctx).await?;
    let mut full: Vec<Option<GroupId>> = Vec::new();
    for head in queued {
        if full.contains(&head.group) {
            continue;
        }
        let group = groups.iter().find(|group| Some(group.id) == head.group);
        let candidates = candidates(ctx, group, &heads(ctx).await?).await?;
        let Some(user) = choose(&candidates, None) else {
            full.push(head.group);
            continue;
        };
        let served = crate::raced(|| async {
            let mut work = Work::open(ctx, head.id).await?;
            if work.row.state != State::Open || work.row.routing != Routing::Queued {
                return Ok(());
            }
            assign_to(&mut work, user).await?;
            work.commit(hub).await.map(|_| ())
        });
        served.await?;
    }
    told(ctx, hub).await
}

/// Members and those who wait hear that the queue moved.
async fn told(ctx: &Ctx, hub: &Hub) -> Result<()> {
    hub.tell_agents(ctx.workspace, &Signal::Queue);
    for head in heads(ctx).await?.iter().filter(|head| head.routing == Routing::Queued) {
        let row = crate::conversations::get(ctx, head.id).await?;
        if let Some(visitor) = row.visitor {
            hub.tell_visitor(ctx.workspace, visitor, &Signal::Changed { conversation: row.id });
        }
    }
    Ok(())
}

/// What follows from a change for those who wait. It is late rather than lost when it fails: the timers do it
/// again.
pub(crate) async fn after(ctx: &Ctx, hub: &Hub, row: &Conversation) {
    let moved = row.state == State::Closed || row.routing != Routing::Assigned;
    if !moved {
        return;
    }
    if let Err(error) = serve(ctx, hub).await {
        tracing::warn!(%error, "the queue is served later");
    }
}
