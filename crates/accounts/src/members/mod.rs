//! Members: accounts joined to workspaces, each with a role.

mod permission;
mod queries;

use kernel::{Email, Locale, MemberId, Pii, Timestamp, UserId, WorkspaceId};
use store::{Actor, Batch, Core, Ctx, params};

pub use permission::{ParsePermissionError, ParseRoleError, Permission, Permissions, Role};
pub(crate) use queries::{DELETE_MEMBER, JOIN_MEMBER};

use crate::users::{self, tokens};
use crate::workspaces::{self, State};
use crate::{Error, Result, audit};

/// A member as listed to those who manage members.
#[derive(Debug, Clone)]
pub struct Member {
    /// The membership.
    pub id: MemberId,
    /// The account behind it.
    pub user: UserId,
    /// The member's e-mail address.
    pub email: Pii<Email>,
    /// The member's name.
    pub name: Pii<String>,
    /// What they are here.
    pub role: Role,
    /// Whether the invitation has not been accepted yet.
    pub invited: bool,
    /// Whether the account's e-mail address is confirmed.
    pub confirmed: bool,
    /// Whether they sign in with a second factor.
    pub second_factor: bool,
    /// Since when.
    pub created_at: Timestamp,
}

/// A workspace as its member sees it in the list of their workspaces.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Membership {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its state.
    pub state: State,
    /// The member.
    pub member: MemberId,
    /// What they are there.
    pub role: Role,
    /// Whether this role needs a second factor there.
    pub second_factor: bool,
}

/// What a member may do in a workspace, as needed to answer a request.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// The membership.
    pub member: MemberId,
    /// The role.
    pub role: Role,
    /// The workspace's state.
    pub state: State,
    /// Whether this role needs a second factor here.
    pub second_factor: bool,
    /// When the member's password is over here; never, unless the workspace sets a term.
    pub password_ends: Option<Timestamp>,
}

fn role(text: &str) -> Result<Role> {
    text.parse().map_err(|_| Error::Internal("a membership row has an unknown role"))
}

/// The workspaces an account belongs to.
pub async fn of(core: &Core, user: UserId) -> Result<Vec<Membership>> {
    let rows: Vec<(WorkspaceId, MemberId, String, String, String, String, String)> =
        core.db.all(queries::MEMBERSHIPS_OF, params![user]).await?;
    rows.into_iter()
        .map(|(workspace, member, role_text, name, slug, state, roles)| {
            let role = role(&role_text)?;
            let second_factor = workspaces::read_roles(&roles).contains(&role);
            Ok(Membership { workspace, name, slug, state: State::read(&state), member, role, second_factor })
        })
        .collect()
}

/// What `user` may do in `workspace`; None when they are no member of it.
pub async fn access(core: &Core, user: UserId, workspace: WorkspaceId) -> Result<Option<Access>> {
    let row: Option<(MemberId, String, String, String, String, Timestamp)> =
        core.db.get(queries::ACCESS, params![user, workspace]).await?;
    row.map(|(member, role_text, state, roles, settings, password_at)| {
        let role = role(&role_text)?;
        let second_factor = workspaces::read_roles(&roles).contains(&role);
        let password_ends =
            workspaces::password_days(&settings).map(|days| password_at.plus_seconds(i64::from(days) * 86_400));
        Ok(Access { member, role, state: State::read(&state), second_factor, password_ends })
    })
    .transpose()
}

/// The members of the workspace, in the order they came, after `after` when given.
pub async fn list(ctx: &Ctx, after: Option<MemberId>, limit: u32) -> Result<Vec<Member>> {
    type Row = (MemberId, UserId, String, String, Timestamp, Vec<u8>, String, Option<bool>);
    let after = after.unwrap_or(MemberId([0; 16]));
    let rows: Vec<Row> = ctx.db.all(queries::LIST_MEMBERS, params![ctx.workspace, after, limit]).await?;
    let keys = users::keys(ctx);
    rows.into_iter()
        .map(|(id, user, role_text, state, created_at, sealed, account, totp)| {
            let profile = users::Profile::open(&keys, &sealed)?;
            Ok(Member {
                id,
                user,
                email: Pii::new(profile.email),
                name: Pii::new(profile.name),
                role: role(&role_text)?,
                invited: state == "invited",
                confirmed: account == "active",
                second_factor: totp.unwrap_or(false),
                created_at,
            })
        })
        .collect()
}

pub(crate) fn insert(batch: &mut Batch, ctx: &Ctx, user: UserId, role: Role, state: &'static str) -> MemberId {
    let id: MemberId = ctx.id();
    batch.push(queries::INSERT_MEMBER, params![ctx.workspace, id, user, role.as_str(), state, ctx.now()]);
    id
}

fn may_own(by: Permissions, concerns_owner: bool) -> Result<()> {
    if concerns_owner && !by.has(Permission::MembersOwn) {
        return Err(Error::Forbidden("only an owner makes, changes or removes owners".to_owned()));
    }
    Ok(())
}

/// Invites a person by e-mail. They join when they follow the link in the message, whether or not
/// they have an account elsewhere: the answer does not tell. `by` is what the inviter may do.
pub async fn invite(ctx: &Ctx, by: Permissions, email: &Email, role: Role, language: Locale) -> Result<MemberId> {
    may_own(by, role == Role::Owner)?;
    users::require_confirmed(ctx, ctx.actor).await?;
    let keys = users::keys(ctx);
    let known = users::find_by_email(ctx, &keys, email).await?;
    let mut batch = ctx.batch();
    let user = if let Some(account) = known {
        account.id
    } else {
        let profile = users::Profile { email: email.clone(), name: String::new() };
        users::insert(&mut batch, ctx, &keys, &profile, (None, users::State::Pending, &language))
    };
    let member = insert(&mut batch, ctx, user, role, "invited");
    tokens::ask(&mut batch, ctx, tokens::Kind::Invite, user, None);
    audit::record(&mut batch, ctx, "member.invited", &[&member, &user]);
    let done = ctx.db.apply(batch).await;
    done.map_err(|error| Error::on_guard(error, Error::Exists("a member with this address")))?;
    Ok(member)
}

async fn current_role(ctx: &Ctx, member: MemberId) -> Result<(UserId, Role)> {
    let row: Option<(UserId, String, String)> = ctx.db.get(queries::GET_MEMBER, params![ctx.workspace, member]).await?;
    let (user, role_text, _) = row.ok_or(Error::NotFound("member"))?;
    Ok((user, role(&role_text)?))
}

const LAST_OWNER: Error = Error::Conflict("a workspace needs an owner; make somebody else owner first");

/// Gives a member another role. The last owner stays owner.
pub async fn set_role(ctx: &Ctx, by: Permissions, member: MemberId, to: Role) -> Result<()> {
    let (user, before) = current_role(ctx, member).await?;
    may_own(by, before == Role::Owner || to == Role::Owner)?;
    let mut batch = ctx.batch();
    batch.guard(queries::SET_ROLE, params![ctx.workspace, member, to.as_str(), ctx.now()]);
    audit::record(&mut batch, ctx, "member.role_changed", &[&member, &user, &to]);
    ctx.db.apply(batch).await.map_err(|error| Error::on_guard(error, LAST_OWNER))?;
    Ok(())
}

/// Takes a member out of the workspace; their sessions lose it at once. The last owner stays.
pub async fn remove(ctx: &Ctx, by: Permissions, member: MemberId) -> Result<()> {
    let (user, role) = current_role(ctx, member).await?;
    let leaves = ctx.actor == Actor::User(user);
    if !leaves {
        may_own(by, role == Role::Owner)?;
    }
    let mut batch = ctx.batch();
    batch.guard(queries::DELETE_MEMBER, params![ctx.workspace, member]);
    batch.push(crate::views::DELETE_VIEWS_HERE, params![ctx.workspace, user]);
    audit::record(&mut batch, ctx, if leaves { "member.left" } else { "member.removed" }, &[&member, &user]);
    ctx.db.apply(batch).await.map_err(|error| Error::on_guard(error, LAST_OWNER))?;
    Ok(())
}
