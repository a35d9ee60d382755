//! Lists of conversations: by state, the newest first, narrowed in memory over a bounded stretch.

use kernel::{ContactId, ConversationId, GroupId, Timestamp, UserId};
use store::{Ctx, params};

use super::queries::{self, Conversation, Head};
use super::tags_of_threads;
use crate::model::{Routing, State};
use crate::{Error, Result, events};

/// Rows read at a time.
const PAGE: u32 = 200;
/// Rows one call looks at; a page that is not full by then says where to go on.
const STRETCH: usize = 4000;

/// Which conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Open ones of a member.
    Mine(UserId),
    /// Open ones that nobody has.
    Unassigned,
    /// In the queue.
    Queued,
    /// With a bot.
    Bot,
    /// All open ones.
    Open,
    /// Snoozed ones.
    Snoozed,
    /// Closed ones.
    Closed,
    /// All.
    All,
    /// Open ones that a member supervises.
    Supervised(UserId),
}

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Which.
    pub view: View,
    /// Of this group.
    pub group: Option<GroupId>,
    /// Of this member.
    pub assignee: Option<UserId>,
    /// With this tag on the newest thread.
    pub tag: Option<String>,
    /// Over this channel.
    pub channel: Option<String>,
    /// Of this contact.
    pub contact: Option<ContactId>,
    /// With something this member has not read.
    pub unread: Option<UserId>,
    /// After this place.
    pub after: Option<(Timestamp, ConversationId)>,
    /// How many.
    pub limit: usize,
}

impl Wanted {
    /// A view without further conditions.
    pub const fn of(view: View) -> Self {
        Self {
            view,
            group: None,
            assignee: None,
            tag: None,
            channel: None,
            contact: None,
            unread: None,
            after: None,
            limit: 50,
        }
    }

    fn state(&self) -> Option<State> {
        match self.view {
            View::Snoozed => Some(State::Snoozed),
            View::Closed => Some(State::Closed),
            View::All => None,
            _ => Some(State::Open),
        }
    }

    fn takes(&self, row: &Conversation) -> bool {
        let viewed = match self.view {
            View::Mine(user) => row.assignee == Some(user),
            View::Unassigned => row.routing == Routing::Unassigned,
            View::Queued => row.routing == Routing::Queued,
            View::Bot => row.routing == Routing::Bot,
            _ => true,
        };
        viewed
            && self.group.is_none_or(|group| row.group == Some(group))
            && self.assignee.is_none_or(|user| row.assignee == Some(user))
            && self.channel.as_deref().is_none_or(|channel| row.channel.as_str() == channel)
            && self.contact.is_none_or(|contact| row.contact == Some(contact))
    }

    /// What costs another look at the database.
    async fn narrow(&self, ctx: &Ctx, mut rows: Vec<Conversation>) -> Result<Vec<Conversation>> {
        if let View::Supervised(user) = self.view {
            let sets = rows.iter().map(|row| params![ctx.workspace, row.id]).collect();
            let members: Vec<Vec<(UserId, String)>> = ctx.db.many(queries::MEMBERS, sets).await?;
            let mut members = members.into_iter();
            rows.retain(|_| members.next().is_some_and(|all| all.iter().any(|(member, _)| *member == user)));
        }
        if let Some(tag) = &self.tag {
            let threads: Vec<_> = rows.iter().map(|row| row.thread).collect();
            let mut tags = tags_of_threads(ctx, &threads).await?.into_iter();
            rows.retain(|_| tags.next().is_some_and(|all| all.contains(tag)));
        }
        if let Some(user) = self.unread {
            let unread = unread_of(ctx, &rows, user).await?;
            let mut unread = unread.into_iter();
            rows.retain(|_| unread.next().is_some_and(|count| count > 0));
        }
        Ok(rows)
    }
}

/// How much each conversation has that a member has not read.
pub(crate) async fn unread_of(ctx: &Ctx, rows: &[Conversation], user: UserId) -> Result<Vec<u64>> {
    let sets = rows.iter().map(|row| params![ctx.workspace, row.id, user]).collect();
    let seen: Vec<Vec<(i64,)>> = ctx.db.many(queries::SEEN_BY, sets).await?;
    let places = rows.iter().zip(seen).map(|(row, seen)| (row.id, seen.first().map_or(0, |seen| seen.0)));
    events::count_from_visitor(ctx, &places.collect::<Vec<_>>()).await
}

/// A page of conversations, and where the next one begins.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx, wanted: &Wanted) -> Result<(Vec<Conversation>, Option<(Timestamp, ConversationId)>)> {
    let limit = wanted.limit.clamp(1, 100);
    let mut place = wanted.after.unwrap_or((Timestamp(i64::MAX), ConversationId([0xff; 16])));
    let (mut out, mut looked) = (Vec::with_capacity(limit), 0);
    loop {
        let rows: Vec<Conversation> = match wanted.state() {
            Some(state) => ctx.db.all(queries::IN_STATE, params![ctx.workspace, state, place.0, place.1, PAGE]).await?,
            None => ctx.db.all(queries::RECENT, params![ctx.workspace, place.0, place.1, PAGE]).await?,
        };
        let last = rows.len() < PAGE as usize;
        looked += rows.len();
        let Some(end) = rows.last().map(|row| (row.updated_at, row.id)) else { return Ok((out, None)) };
        let taken: Vec<Conversation> = rows.into_iter().filter(|row| wanted.takes(row)).collect();
        for row in wanted.narrow(ctx, taken).await? {
            if out.len() == limit {
                let next = out.last().map(|row: &Conversation| (row.updated_at, row.id));
                return Ok((out, next));
            }
            out.push(row);
        }
        place = end;
        if last {
            return Ok((out, None));
        }
        if looked >= STRETCH {
            return Ok((out, Some(place)));
        }
    }
}

/// The conversations of a contact, the newest first, at most a hundred.
///
/// # Errors
/// When the store fails.
pub async fn of_contact(ctx: &Ctx, contact: ContactId) -> Result<Vec<Conversation>> {
    Ok(ctx.db.all(queries::OF_CONTACT, params![ctx.workspace, contact, 100]).await?)
}

/// How many there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Open ones of the member who asks.
    pub mine: u64,
    /// Open ones that nobody has.
    pub unassigned: u64,
    /// In the queue.
    pub queued: u64,
    /// With a bot.
    pub bot: u64,
    /// All open ones.
    pub open: u64,
    /// Snoozed ones.
    pub snoozed: u64,
    /// Open ones with something the member has not read.
    pub unread: u64,
    /// In which the person waits for an answer.
    pub waiting: u64,
}

/// How many there are of each kind, as a member sees it.
///
/// # Errors
/// When the store fails.
pub async fn counts(ctx: &Ctx, user: Option<UserId>) -> Result<Counts> {
    let heads: Vec<Head> = ctx.db.all(queries::OPEN_HEADS, params![ctx.workspace]).await?;
    let snoozed: Option<(u64,)> = ctx.db.get(queries::COUNT_STATE, params![ctx.workspace, State::Snoozed]).await?;
    let mut out = Counts { open: heads.len() as u64, snoozed: snoozed.map_or(0, |row| row.0), ..Counts::default() };
    for head in &heads {
        match head.routing {
            Routing::Unassigned => out.unassigned += 1,
            Routing::Queued => out.queued += 1,
            Routing::Bot => out.bot += 1,
            Routing::Assigned => {}
        }
        out.mine += u64::from(user.is_some() && head.assignee == user);
        out.waiting += u64::from(head.waiting_since.is_some());
    }
    if let Some(user) = user {
        let own: Vec<&Head> = heads.iter().filter(|head| head.assignee == Some(user)).collect();
        let sets = own.iter().map(|head| params![ctx.workspace, head.id, user]).collect();
        let seen: Vec<Vec<(i64,)>> = ctx.db.many(queries::SEEN_BY, sets).await?;
        let places = own.iter().zip(seen).map(|(head, seen)| (head.id, seen.first().map_or(0, |seen| seen.0)));
        let unread = events::count_from_visitor(ctx, &places.collect::<Vec<_>>()).await?;
        out.unread = unread.into_iter().filter(|count| *count > 0).count() as u64;
    }
    Ok(out)
}

impl View {
    /// A view by its code.
    ///
    /// # Errors
    /// Another code, or one that needs a member where none asks.
    pub fn named(code: &str, user: Option<UserId>) -> Result<Self> {
        let me = || user.ok_or_else(|| Error::field("view", "this view is a member's; keys have none"));
        Ok(match code {
            "mine" => Self::Mine(me()?),
            "supervised" => Self::Supervised(me()?),
            "unassigned" => Self::Unassigned,
            "queued" => Self::Queued,
            "bot" => Self::Bot,
            "open" => Self::Open,
            "snoozed" => Self::Snoozed,
            "closed" => Self::Closed,
            "all" => Self::All,
            _ => {
                let all = "mine, unassigned, queued, bot, open, snoozed, closed, all, supervised";
                return Err(Error::field("view", format!("expected one of {all}")));
            }
        })
    }
}
