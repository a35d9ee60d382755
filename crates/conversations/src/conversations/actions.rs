//! What members do to a conversation. Each is one commit.

use kernel::{ContactId, ConversationId, GroupId, Timestamp, UserId};
use serde_json::json;
use store::{Ctx, Feed, params};

use super::details::Properties;
use super::{Conversation, queries};
use crate::agents;
use crate::events::{self, Event, NewEvent, queries as sql};
use crate::hub::{Hub, Signal};
use crate::mailing;
use crate::model::{Author, AuthorKind, EndedBy, Kind, MemberRole, Routing, State, Visibility};
use crate::reports::What;
use crate::routing;
use crate::work::{Done, Work, seconds};
use crate::{Error, Result, raced};

/// The longest time for which a conversation is put out of sight, in seconds.
const LONGEST_SNOOZE: i64 = 366 * 86_400;

/// What is to be said.
#[derive(Clone)]
pub struct Said {
    /// The event; its author is the one who acts.
    pub event: NewEvent,
    /// A closed conversation begins a new thread; otherwise it refuses.
    pub resume: bool,
}

/// What was said.
#[derive(Debug, Clone)]
pub struct Given {
    /// The event.
    pub event: Event,
    /// It was there before: the request was repeated.
    pub repeated: bool,
    /// The conversation as it is now.
    pub row: Conversation,
}

/// Says something in a conversation, once per client id.
///
/// # Errors
/// [`Error::NotFound`], and [`Error::State`] when it is closed and is not to be resumed.
pub async fn send(ctx: &Ctx, hub: &Hub, id: ConversationId, said: Said) -> Result<Given> {
    raced(|| async {
        if let Some(client) = &said.event.client
            && let Some(event) = events::by_client(ctx, id, said.event.author, client).await?
        {
            return Ok(Given { event, repeated: true, row: super::get(ctx, id).await? });
        }
        let mut work = Work::open(ctx, id).await?;
        let by = said.event.author;
        if said.event.kind == Kind::Encrypted {
            crate::encryption::admit(&mut work, &said.event).await?;
        }
        if work.row.state == State::Closed && said.event.visibility == Visibility::All {
            if !said.resume {
                return Err(Error::State("the conversation is closed; reopen it first"));
            }
            work.resume();
            work.add(NewEvent::system("chat_resumed"));
            if let (AuthorKind::Agent, Some(user)) = (by.kind, by.id) {
                take_over(&mut work, Some(UserId(user)));
            }
        }
        let mut event = said.event.clone();
        if by.kind == AuthorKind::Agent && event.visibility == Visibility::All {
            if work.row.routing == Routing::Bot || work.row.assignee.is_none() {
                // Whoever answers has it.
                take_over(&mut work, by.id.map(UserId));
            }
            if event.body.name.is_none() {
                event.body.name = agents::shown_name(ctx, by.id.map(UserId)).await?;
            }
            mailing::after_answer(&mut work);
        }
        let from_person = by.kind == AuthorKind::Visitor;
        work.add(event);
        if from_person && work.row.assignee.is_none() && work.row.routing == Routing::Unassigned {
            routing::place(&mut work).await?;
        }
        let done = work.commit(hub).await?;
        let event = done.events.iter().rfind(|event| event.author == by).cloned().ok_or(Error::Corrupt("event"))?;
        routing::after(ctx, hub, &done.row).await;
        Ok(Given { event, repeated: false, row: done.row })
    })
    .await
}

/// Gives it to a member, or takes it from whoever has it, without words.
pub(crate) fn take_over(work: &mut Work, user: Option<UserId>) {
    let now = work.ctx().now();
    work.touch();
    if let (Some(since), Some(_)) = (work.row.queued_at.take(), user) {
        work.row.assignee = user;
        work.count(What::Served, seconds(since, now));
    }
    work.row.assignee = user;
    work.row.bot = None;
    work.row.routing = if user.is_some() { Routing::Assigned } else { Routing::Unassigned };
    work.details.bot = None;
}

/// Gives a conversation to a member; none gives it back to nobody.
///
/// # Errors
/// [`Error::NotFound`], [`Error::State`] when it is closed.
pub async fn assign(ctx: &Ctx, hub: &Hub, id: ConversationId, user: Option<UserId>) -> Result<Conversation> {
    if let Some(user) = user
        && !super::Members::read(ctx).await?.has(user)
    {
        return Err(Error::field("user", "is no member of this workspace"));
    }
    let name = agents::shown_name(ctx, user).await?;
    let done = raced(|| async {
        let mut work = Work::open(ctx, id).await?;
        if work.row.state == State::Closed {
            return Err(Error::State("the conversation is closed; reopen it first"));
        }
        if work.row.assignee != user || user.is_none() {
            take_over(&mut work, user);
            work.row.state = State::Open;
            work.row.snoozed_until = None;
            work.add(match &name {
                Some(name) => NewEvent::system("assigned").with("name", name.as_str()),
                None => NewEvent::system("agent_left"),
            });
            if let Some(user) = user {
                agents::given(&mut work, user);
            }
        }
        work.commit(hub).await
    })
    .await?;
    routing::after(ctx, hub, &done.row).await;
    Ok(done.row)
}

/// Where a conversation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To a group, which picks.
    Group(GroupId),
    /// To a member.
    Agent(UserId),
}

/// Hands a conversation on, with an optional note for whoever gets it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::State`] when it is closed.
pub async fn transfer(
    ctx: &Ctx,
    hub: &Hub,
    id: ConversationId,
    target: Target,
    (by, note): (Author, Option<String>),
) -> Result<Conversation> {
    let name = match target {
        Target::Group(group) => Some(crate::groups::get(ctx, group).await?.name),
        Target::Agent(user) => {
            if !super::Members::read(ctx).await?.has(user) {
                return Err(Error::field("user", "is no member of this workspace"));
            }
            agents::shown_name(ctx, Some(user)).await?
        }
    };
    let done = raced(|| async {
        let mut work = Work::open(ctx, id).await?;
        if work.row.state == State::Closed {
            return Err(Error::State("the conversation is closed; reopen it first"));
        }
        work.count(What::Transferred, 0);
        let before = work.row.assignee;
        match target {
            Target::Agent(user) => {
                take_over(&mut work, Some(user));
                agents::given(&mut work, user);
            }
            Target::Group(group) => {
                take_over(&mut work, None);
                work.row.group = Some(group);
                routing::place_in(&mut work, group, before).await?;
            }
        }
        work.add(NewEvent::system("transferred").with("name", name.clone().unwrap_or_default()));
        if let Some(note) = &note {
            work.add(NewEvent::note(by, note.clone()));
        }
        work.commit(hub).await
    })
    .await?;
    routing::after(ctx, hub, &done.row).await;
    Ok(done.row)
}

/// Puts a conversation out of sight until an instant, or until the person writes.
///
/// # Errors
/// An instant that has passed or is more than a year away.
pub async fn snooze(ctx: &Ctx, hub: &Hub, id: ConversationId, until: Timestamp) -> Result<Conversation> {
    if until <= ctx.now() || until > ctx.now().plus_seconds(LONGEST_SNOOZE) {
        return Err(Error::field("until", "expected an instant to come, at most a year away"));
    }
    change(ctx, hub, id, |work| {
        if work.row.state == State::Closed {
            return Err(Error::State("the conversation is closed; reopen it first"));
        }
        (work.row.state, work.row.snoozed_until) = (State::Snoozed, Some(until));
        work.touch();
        Ok(())
    })
    .await
}

/// Ends the open thread. Twice is fine.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn close(ctx: &Ctx, hub: &Hub, id: ConversationId, by: EndedBy) -> Result<Conversation> {
    let code = match by {
        EndedBy::Agent | EndedBy::Bot => "closed_by_agent",
        EndedBy::Visitor => "closed_by_visitor",
        EndedBy::Inactivity => "closed_inactive",
    };
    let row = change(ctx, hub, id, |work| {
        if work.row.state != State::Closed {
            work.add(NewEvent::system(code));
            work.end(by);
        }
        Ok(())
    })
    .await?;
    routing::after(ctx, hub, &row).await;
    Ok(row)
}

/// Brings a closed or snoozed conversation back.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn reopen(ctx: &Ctx, hub: &Hub, id: ConversationId, by: Option<UserId>) -> Result<Conversation> {
    change(ctx, hub, id, |work| {
        match work.row.state {
            State::Open => {}
            State::Snoozed => {
                (work.row.state, work.row.snoozed_until) = (State::Open, None);
                work.touch();
            }
            State::Closed => {
                work.resume();
                work.add(NewEvent::system("reopened"));
                take_over(work, by);
            }
        }
        Ok(())
    })
    .await
}

/// Reads along, or stops.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn supervise(ctx: &Ctx, id: ConversationId, user: UserId, on: bool) -> Result<()> {
    super::get(ctx, id).await?;
    let mut batch = ctx.batch();
    if on {
        batch.push(queries::JOIN, params![ctx.workspace, id, user, MemberRole::Supervisor, ctx.now()]);
    } else {
        batch.push(queries::LEAVE, params![ctx.workspace, id, user]);
    }
    batch.feed(Feed { kind: "conversation.changed", entity: id.0, data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Destroys what an event says; that there was one stays.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete_event(ctx: &Ctx, hub: &Hub, id: ConversationId, seq: i64) -> Result<()> {
    let event = events::one(ctx, id, seq).await?.ok_or(Error::NotFound("event"))?;
    let row = super::get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(sql::DELETE_CONTENT, params![ctx.workspace, id, seq, true]);
    if let Some(file) = event.body.file.as_ref().and_then(events::FileRef::file) {
        batch.push(crate::files::DELETE, params![ctx.workspace, file]);
    }
    let data = json!({"seq": seq, "thread": event.thread, "visibility": event.visibility, "author": event.author.kind, "visitor": row.visitor});
    batch.feed(Feed { kind: "conversation.event", entity: id.0, data });
    accounts::audit::record(&mut batch, ctx, "conversation.message_deleted", &[&id]);
    ctx.db.apply(batch).await?;
    hub.forget(id);
    let deleted = Event { deleted: true, body: events::EventBody::default(), ..event };
    hub.told(ctx.workspace, &row, &deleted);
    Ok(())
}

/// Erases a conversation for good; the person stays.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn erase(ctx: &Ctx, hub: &Hub, id: ConversationId) -> Result<()> {
    let row = super::get(ctx, id).await?;
    let mut batch = ctx.batch();
    for sql in [
        queries::END_TAGS,
        queries::END_THREADS,
        queries::END_SEEN,
        queries::END_MEMBERS,
        queries::END_EVENTS,
        queries::END_FILES,
        queries::END_SHARES,
        crate::lines::queries::END_DELIVERIES,
        crate::lines::queries::END_LINES,
        queries::DELETE,
    ] {
        batch.push(sql, params![ctx.workspace, id]);
    }
    batch.feed(Feed { kind: "conversation.erased", entity: id.0, data: json!({ "visitor": row.visitor }) });
    accounts::audit::record(&mut batch, ctx, "conversation.erased", &[&id]);
    ctx.db.apply(batch).await?;
    hub.forget(id);
    ctx.db.checkpoint().await.ok();
    Ok(())
}

/// Changes properties: null takes one away. Answers all of them.
///
/// # Errors
/// [`Error::NotFound`], too many or too long.
pub async fn set_properties(ctx: &Ctx, hub: &Hub, id: ConversationId, change: Properties) -> Result<Properties> {
    raced(|| async {
        let mut work = Work::open(ctx, id).await?;
        work.details.change_properties(change.clone())?;
        let properties = work.details.properties.clone();
        work.commit(hub).await?;
        Ok(properties)
    })
    .await
}

/// It is known who the person is: conversations of the subject belong to the contact from now on.
///
/// # Errors
/// When the store fails.
pub async fn contact_known(ctx: &Ctx, hub: &Hub, subject: ContactId, contact: Option<ContactId>) -> Result<()> {
    let rows: Vec<(ConversationId, String, Timestamp, Timestamp, String)> =
        ctx.db.all(queries::OF_SUBJECT, params![ctx.workspace, subject]).await?;
    let mut batch = ctx.batch();
    batch.push(queries::LINK_CONTACT, params![ctx.workspace, subject, contact]);
    for (id, ..) in &rows {
        batch.feed(Feed { kind: "conversation.changed", entity: id.0, data: json!({}) });
    }
    ctx.db.apply(batch).await?;
    hub.tell_agents(ctx.workspace, &Signal::Queue);
    Ok(())
}

async fn change(
    ctx: &Ctx,
    hub: &Hub,
    id: ConversationId,
    act: impl Fn(&mut Work) -> Result<()>,
) -> Result<Conversation> {
    let done: Done = raced(|| async {
        let mut work = Work::open(ctx, id).await?;
        act(&mut work)?;
        work.commit(hub).await
    })
    .await?;
    Ok(done.row)
}
