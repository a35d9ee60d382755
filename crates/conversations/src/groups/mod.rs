//! Groups of members who answer together: who of them first, when they are there, how conversations find one of
//! them, and what happens when nobody writes.

mod hours;

use std::collections::BTreeMap;

use kernel::{GroupId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{Ctx, Feed, params};

use crate::model::codes;
use crate::{Error, Result, text};

pub use hours::{DayHours, Hours};

codes! {
    /// When a member's turn comes.
    #[schema(as = ChatPriority)]
    Priority {
        /// Before the others.
        First = "first",
        /// As most.
        Normal = "normal",
        /// When nobody else can.
        Last = "last",
        /// Never by itself.
        Supervisor = "supervisor",
    }
    /// How conversations find a member.
    #[schema(as = ChatPick)]
    Pick {
        /// By themselves.
        Automatic = "automatic",
        /// Members take them.
        Manual = "manual",
    }
}

/// The most groups of a workspace.
const MOST: usize = 200;
/// The most members of a group.
const MOST_MEMBERS: usize = 500;

/// What happens when nobody writes, in minutes; none is never.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Inactivity {
    /// The person waits so long: the conversation goes to somebody else.
    pub agent_minutes: Option<u32>,
    /// The person does not answer for so long: the conversation is closed.
    pub visitor_minutes: Option<u32>,
    /// Nobody writes for so long: the conversation is closed.
    pub close_minutes: Option<u32>,
}

/// A group's settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Languages its members speak; none means any.
    pub languages: Vec<String>,
    /// How conversations find a member.
    pub pick: Pick,
    /// When they are there; none means always.
    pub hours: Option<Hours>,
    /// What happens when nobody writes.
    pub inactivity: Inactivity,
    /// So many may wait in the queue.
    pub queue_limit: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            languages: Vec::new(),
            pick: Pick::Automatic,
            hours: None,
            inactivity: Inactivity::default(),
            queue_limit: 50,
        }
    }
}

impl Settings {
    fn check(&self) -> Result<()> {
        if self.languages.len() > 50 || self.languages.iter().any(|tag| tag.parse::<kernel::Locale>().is_err()) {
            return Err(Error::field("languages", "expected language tags such as ar or en"));
        }
        if let Some(hours) = &self.hours {
            hours.check()?;
        }
        if self.queue_limit > 10_000 {
            return Err(Error::field("queue_limit", "is at most 10000"));
        }
        let minutes = [self.inactivity.agent_minutes, self.inactivity.visitor_minutes, self.inactivity.close_minutes];
        if minutes.into_iter().flatten().any(|minutes| !(1..=40_320).contains(&minutes)) {
            return Err(Error::field("inactivity", "expected minutes between 1 and 40320 (four weeks)"));
        }
        Ok(())
    }
}

/// A group.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// What it is called; people read it where they choose one.
    pub name: String,
    /// Its settings.
    pub settings: Settings,
    /// Its members and when their turn comes.
    pub members: BTreeMap<UserId, Priority>,
    /// Changed last.
    pub updated_at: Timestamp,
}

impl Group {
    /// Whether the group is there at an instant.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.settings.hours.as_ref().is_none_or(|hours| hours.is_open(now))
    }
}

store::sql! {
    PUT = "INSERT INTO chat_group (workspace, id, name, settings, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)
        ON CONFLICT (workspace, id) DO UPDATE SET name = $3, settings = $4, updated_at = $5";
    ALL = "SELECT id, name, settings, updated_at FROM chat_group WHERE workspace = $1 ORDER BY id";
    DELETE = "DELETE FROM chat_group WHERE workspace = $1 AND id = $2";
    MEMBERS = "SELECT grp, member, priority FROM chat_group_member WHERE workspace = $1";
    CLEAR = "DELETE FROM chat_group_member WHERE workspace = $1 AND grp = $2";
    ADD = "INSERT INTO chat_group_member (workspace, grp, member, priority) VALUES ($1, $2, $3, $4)";
}

/// Every group of the workspace, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Group>> {
    let rows: Vec<(GroupId, String, String, Timestamp)> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    let members: Vec<(GroupId, UserId, Priority)> = ctx.db.all(MEMBERS, params![ctx.workspace]).await?;
    let mut out: Vec<Group> = rows
        .into_iter()
        .map(|(id, name, settings, updated_at)| {
            let settings = serde_json::from_str(&settings).map_err(|_| Error::Corrupt("group"))?;
            Ok(Group { id, name, settings, members: BTreeMap::new(), updated_at })
        })
        .collect::<Result<_>>()?;
    for (group, user, priority) in members {
        if let Some(group) = out.iter_mut().find(|known| known.id == group) {
            group.members.insert(user, priority);
        }
    }
    Ok(out)
}

/// One group.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: GroupId) -> Result<Group> {
    list(ctx).await?.into_iter().find(|group| group.id == id).ok_or(Error::NotFound("group"))
}

/// What a group is to be.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it is called.
    pub name: String,
    /// Its settings.
    pub settings: Settings,
    /// Its members.
    pub members: BTreeMap<UserId, Priority>,
}

async fn put(ctx: &Ctx, id: GroupId, draft: Draft, kind: &'static str) -> Result<Group> {
    let name = text::line("name", &draft.name, 200)?;
    draft.settings.check()?;
    if draft.members.len() > MOST_MEMBERS {
        return Err(Error::field("members", "a group has at most 500 members"));
    }
    let known = crate::conversations::Members::read(ctx).await?;
    if draft.members.keys().any(|user| !known.has(*user)) {
        return Err(Error::field("members", "somebody there is no member of this workspace"));
    }
    let settings = serde_json::to_string(&draft.settings).map_err(|_| Error::Corrupt("group"))?;
    let mut batch = ctx.batch();
    batch.push(PUT, params![ctx.workspace, id, name, settings, ctx.now()]);
    batch.push(CLEAR, params![ctx.workspace, id]);
    for (user, priority) in &draft.members {
        batch.push(ADD, params![ctx.workspace, id, *user, *priority]);
    }
    accounts::audit::record(&mut batch, ctx, kind, &[&id]);
    batch.feed(Feed { kind: "chat_group.updated", entity: id.0, data: serde_json::json!({}) });
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Makes a group.
///
/// # Errors
/// Settings that are not right, too many groups.
pub async fn create(ctx: &Ctx, draft: Draft) -> Result<Group> {
    if list(ctx).await?.len() >= MOST {
        return Err(Error::State("a workspace has at most 200 groups"));
    }
    put(ctx, ctx.id(), draft, "chat_group.created").await
}

/// Changes a group.
///
/// # Errors
/// As [`create`], and [`Error::NotFound`].
pub async fn update(ctx: &Ctx, id: GroupId, draft: Draft) -> Result<Group> {
    get(ctx, id).await?;
    put(ctx, id, draft, "chat_group.updated").await
}

/// Deletes a group; its conversations stay and belong to no group.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(ctx: &Ctx, id: GroupId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(CLEAR, params![ctx.workspace, id]);
    batch.push(DELETE, params![ctx.workspace, id]);
    accounts::audit::record(&mut batch, ctx, "chat_group.deleted", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}
