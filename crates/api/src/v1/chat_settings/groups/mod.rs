//! Groups of members who answer together.

mod create;
mod delete;
mod list;
mod read;
mod update;

use std::collections::BTreeMap;

use conversations::groups::{self as slice, Group, Hours, Pick, Priority, Settings};
use kernel::{GroupId, UserId};

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("groups": create, delete, list, read, update)
}

/// A member of a group.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupMember {
    /// Who.
    #[schema(value_type = String)]
    user: UserId,
    /// `first`, `normal`, `last` or `supervisor`.
    priority: Priority,
}

/// What happens when nobody writes, in minutes.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the wire says the unit")]
pub(super) struct GroupInactivity {
    /// The person waits so long: somebody else gets it.
    agent_minutes: Option<u32>,
    /// The person does not answer for so long: it is closed.
    visitor_minutes: Option<u32>,
    /// Nobody writes for so long: it is closed.
    close_minutes: Option<u32>,
}

/// What a group is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupDraft {
    /// What it is called; people read it where they choose one.
    name: String,
    /// Languages its members speak.
    #[serde(default)]
    languages: Vec<String>,
    /// `automatic` or `manual`.
    #[serde(default)]
    #[schema(value_type = Option<Pick>)]
    pick: Option<String>,
    /// Its members.
    #[serde(default)]
    members: Vec<GroupMember>,
    /// When they are there; null is always.
    #[serde(default)]
    hours: Option<Hours>,
    /// What happens when nobody writes.
    #[serde(default)]
    inactivity: GroupInactivity,
    /// So many may wait.
    #[serde(default)]
    queue_limit: Option<u32>,
}

impl GroupDraft {
    fn read(self) -> Result<slice::Draft, Problem> {
        let pick = match self.pick.as_deref().unwrap_or("automatic") {
            "automatic" => Pick::Automatic,
            "manual" => Pick::Manual,
            _ => return Err(Problem::field("pick", "expected automatic or manual")),
        };
        let inactivity = slice::Inactivity {
            agent_minutes: self.inactivity.agent_minutes,
            visitor_minutes: self.inactivity.visitor_minutes,
            close_minutes: self.inactivity.close_minutes,
        };
        let queue_limit = self.queue_limit.unwrap_or(50);
        let settings = Settings { languages: self.languages, pick, hours: self.hours, inactivity, queue_limit };
        let members: BTreeMap<UserId, Priority> =
            self.members.into_iter().map(|one| (one.user, one.priority)).collect();
        Ok(slice::Draft { name: self.name, settings, members })
    }
}

/// A group.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatGroup {
    /// Its id.
    #[schema(value_type = String)]
    id: GroupId,
    /// What it is called.
    name: String,
    /// Languages its members speak.
    languages: Vec<String>,
    /// `automatic` or `manual`.
    #[schema(value_type = Pick)]
    pick: String,
    /// Its members.
    members: Vec<GroupMember>,
    /// When they are there.
    hours: Option<Hours>,
    /// What happens when nobody writes.
    inactivity: GroupInactivity,
    /// So many may wait.
    queue_limit: u32,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl ChatGroup {
    fn of(group: Group) -> Self {
        let inactivity = group.settings.inactivity;
        Self {
            id: group.id,
            name: group.name,
            languages: group.settings.languages,
            pick: group.settings.pick.as_str().to_owned(),
            members: group.members.into_iter().map(|(user, priority)| GroupMember { user, priority }).collect(),
            hours: group.settings.hours,
            inactivity: GroupInactivity {
                agent_minutes: inactivity.agent_minutes,
                visitor_minutes: inactivity.visitor_minutes,
                close_minutes: inactivity.close_minutes,
            },
            queue_limit: group.settings.queue_limit,
            updated_at: group.updated_at,
        }
    }
}
