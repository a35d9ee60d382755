//! Who of the workspace takes part, and what members are called.

use std::collections::BTreeMap;

use kernel::{ConversationId, UserId};
use store::{Ctx, params};

use super::queries;
use crate::Result;
use crate::model::MemberRole;

/// A member who takes part.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// As what.
    pub role: MemberRole,
}

/// Those who take part in a conversation besides its assignee.
///
/// # Errors
/// When the store fails.
pub async fn members(ctx: &Ctx, id: ConversationId) -> Result<Vec<Member>> {
    let rows: Vec<(UserId, MemberRole)> = ctx.db.all(queries::MEMBERS, params![ctx.workspace, id]).await?;
    Ok(rows.into_iter().map(|(user, role)| Member { user, role }).collect())
}

/// What the workspace's members are called, among themselves.
#[derive(Debug, Clone, Default)]
pub struct Members(BTreeMap<UserId, kernel::Pii<String>>);

impl Members {
    /// Reads all of them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn read(ctx: &Ctx) -> Result<Self> {
        const PAGE: u32 = 500;
        let (mut after, mut out) = (None, BTreeMap::new());
        loop {
            let page = accounts::members::list(ctx, after, PAGE).await?;
            let more = page.len() == PAGE as usize;
            for member in page {
                after = Some(member.id);
                let name = member.name.into_inner();
                let name = if name.is_empty() { member.email.expose().to_string() } else { name };
                out.insert(member.user, kernel::Pii::new(name));
            }
            if !more {
                return Ok(Self(out));
            }
        }
    }

    /// A member's name; empty for somebody who is no member any more.
    pub fn name(&self, user: UserId) -> String {
        self.0.get(&user).map(|name| name.expose().clone()).unwrap_or_default()
    }

    /// Whether somebody is a member.
    pub fn has(&self, user: UserId) -> bool {
        self.0.contains_key(&user)
    }

    /// Everybody.
    pub fn ids(&self) -> impl Iterator<Item = UserId> {
        self.0.keys().copied()
    }
}
