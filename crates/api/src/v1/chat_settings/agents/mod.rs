//! Members as those who answer.

mod list;
mod mine;
mod remove_photo;
mod set;
mod set_mine;
mod set_photo;

use std::collections::BTreeMap;

use axum::extract::DefaultBodyLimit;
use conversations::agents::{self as slice, Agent, Change, Status};
use conversations::conversations::{Members, View, Wanted};
use conversations::groups;
use kernel::{GroupId, UserId};
use store::Ctx;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("agents": list, mine, set_mine, set, remove_photo)
}

/// The endpoint that takes a picture; its body is no JSON.
pub(super) fn uploads() -> Routes {
    routes!("agents": set_photo).map(|router| router.layer(DefaultBodyLimit::max(slice::LARGEST_PHOTO + 1024)))
}

/// A group of a member.
#[derive(Serialize, ToSchema)]
pub(super) struct AgentGroup {
    /// The group.
    #[schema(value_type = String)]
    id: GroupId,
    /// What it is called.
    name: String,
    /// `first`, `normal`, `last` or `supervisor`.
    #[schema(value_type = groups::Priority)]
    priority: String,
}

/// A member as one who answers.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatAgent {
    /// Who.
    #[schema(value_type = String)]
    id: UserId,
    /// Their name, among members.
    name: String,
    /// `accepting`, `not_accepting` or `offline`.
    #[schema(value_type = Status)]
    status: String,
    /// A connection is open.
    online: bool,
    /// Conversations they have.
    chats: u64,
    /// So many at a time.
    limit: u32,
    /// Groups they belong to.
    groups: Vec<AgentGroup>,
    /// The name that people see.
    shown_name: Option<String>,
    /// People may see it; otherwise they see the organisation's.
    show_name: bool,
    /// Where their photo is; people see it beside the name that is shown.
    photo_url: Option<String>,
    /// In this status since.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

/// What changes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentChange {
    /// `accepting`, `not_accepting` or `offline`.
    #[serde(default)]
    status: Option<Status>,
    /// So many at a time, 1 to 50.
    #[serde(default)]
    limit: Option<u32>,
    /// The name that people see.
    #[serde(default)]
    shown_name: Option<String>,
    /// People may see it.
    #[serde(default)]
    show_name: Option<bool>,
}

impl AgentChange {
    fn read(self) -> Change {
        Change { status: self.status, limit: self.limit, show_name: self.show_name, shown: self.shown_name }
    }
}

/// Members who answer, by name.
async fn shown(app: &App, ctx: &Ctx, only: Option<UserId>) -> Result<Vec<ChatAgent>> {
    let (members, mut known) = (Members::read(ctx).await?, slice::list(ctx).await?);
    let groups = groups::list(ctx).await?;
    let mut photos = slice::photos(ctx).await?;
    let here = app.shell.chat().hub().agents_here(ctx.workspace);
    let mut loads: BTreeMap<UserId, u64> = BTreeMap::new();
    let mut wanted = Wanted { limit: 100, ..Wanted::of(View::Open) };
    loop {
        let (page, next) = conversations::conversations::list(ctx, &wanted).await?;
        for user in page.iter().filter_map(|row| row.assignee) {
            *loads.entry(user).or_default() += 1;
        }
        let Some(next) = next else { break };
        wanted.after = Some(next);
    }
    let mut out: Vec<ChatAgent> = Vec::new();
    for user in members.ids().filter(|user| only.is_none_or(|only| only == *user)) {
        let agent = known.remove(&user).unwrap_or_else(|| Agent::new(user));
        let own = groups.iter().filter_map(|group| {
            let priority = group.members.get(&user)?;
            Some(AgentGroup { id: group.id, name: group.name.clone(), priority: priority.as_str().to_owned() })
        });
        out.push(ChatAgent {
            id: user,
            name: members.name(user),
            status: agent.status.as_str().to_owned(),
            online: here.contains(&user),
            chats: loads.get(&user).copied().unwrap_or_default(),
            limit: agent.limit,
            groups: own.collect(),
            shown_name: agent.shown.map(kernel::Pii::into_inner),
            show_name: agent.show_name,
            photo_url: photos.remove(&user),
            since: (agent.since.0 > 0).then_some(agent.since),
        });
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

async fn one(app: &App, ctx: &Ctx, user: UserId) -> Result<ChatAgent> {
    shown(app, ctx, Some(user)).await?.pop().ok_or_else(|| Failure::not_found("member"))
}
