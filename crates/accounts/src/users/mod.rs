//! People who sign in: accounts, sign-up, confirmation, passwords, sessions, second factors.
//!
//! Accounts are global and joined to workspaces by membership. E-mail address and name rest sealed
//! under the installation's own keys; a blind index finds the account at sign-in.

pub mod leaked;
pub mod password;
pub(crate) mod queries;
mod second_factor;
pub(crate) mod sessions;
mod sign_in;
mod sign_up;
pub mod tokens;
pub mod totp;

use std::sync::Arc;

use kernel::{Email, Locale, Pii, UserId, WorkspaceId};
use store::{Actor, Batch, Blind, Core, Ctx, WorkspaceKeys, params};

pub use second_factor::{Enrolment, SecondFactorStatus};
pub use sessions::{NewSession, Session, SessionInfo, SessionPolicy};
pub use sign_in::{Client, SignIn};
pub use sign_up::{NewUser, SignUp};

use crate::{Accounts, Error, Result, audit, members};

const PROFILE: &str = "account.sealed";

/// An account's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The e-mail address is not confirmed: nothing may be sent, no keys made.
    Pending,
    /// Confirmed.
    Active,
    /// Stopped by the operator: no sign-in.
    Suspended,
}

impl State {
    /// The state as kept in rows and written in responses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    pub(crate) fn read(text: &str) -> Self {
        match text {
            "pending" => Self::Pending,
            "active" => Self::Active,
            _ => Self::Suspended,
        }
    }
}

/// What is known of a person, sealed as one.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Profile {
    pub(crate) email: Email,
    pub(crate) name: String,
}

impl Profile {
    pub(crate) fn open(keys: &WorkspaceKeys, sealed: &[u8]) -> Result<Self> {
        let plain = keys.open(PROFILE, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Error::Internal("an account's profile cannot be read"))
    }

    pub(crate) fn seal(&self, keys: &WorkspaceKeys) -> Vec<u8> {
        keys.seal(PROFILE, serde_json::json!(self).to_string().as_bytes())
    }
}

/// An account.
#[derive(Debug, Clone)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The address it signs in with.
    pub email: Pii<Email>,
    /// The person's name.
    pub name: Pii<String>,
    /// Its state.
    pub state: State,
    /// The language the person reads.
    pub language: Locale,
    pub(crate) password: Option<String>,
}

store::row! {
    struct Row {
        id: UserId,
        sealed: Vec<u8>,
        password: Option<String>,
        state: String,
        language: String,
    }
}

impl Row {
    fn open(self, keys: &WorkspaceKeys) -> Result<User> {
        let profile = Profile::open(keys, &self.sealed)?;
        Ok(User {
            id: self.id,
            email: Pii::new(profile.email),
            name: Pii::new(profile.name),
            state: State::read(&self.state),
            language: self.language.parse().unwrap_or_else(|_| Locale::en()),
            password: self.password,
        })
    }
}

/// The installation's own keys, which are no workspace's.
pub(crate) fn keys(core: &Core) -> Arc<WorkspaceKeys> {
    core.vault.global_keys()
}

pub(crate) fn blind(keys: &WorkspaceKeys, email: &Email) -> Blind {
    keys.blind("account", &email.normal())
}

pub(crate) async fn find_by_email(core: &Core, keys: &WorkspaceKeys, email: &Email) -> Result<Option<User>> {
    let row: Option<Row> = core.db.opt(queries::ACCOUNT_BY_EMAIL, params![blind(keys, email)]).await?;
    row.map(|row| row.open(keys)).transpose()
}

/// An account by id.
pub async fn get(core: &Core, id: UserId) -> Result<User> {
    let row: Option<Row> = core.db.get(queries::ACCOUNT_BY_ID, params![id]).await?;
    row.ok_or(Error::NotFound("user"))?.open(&keys(core))
}

/// Whether nobody has an account yet: the set-up wizard is shown then.
pub async fn none_yet(core: &Core) -> Result<bool> {
    let row: Option<(UserId,)> = core.db.opt(queries::ANY_ACCOUNT, params![UserId([0; 16])]).await?;
    Ok(row.is_none())
}

/// Adds an account to `batch`.
pub(crate) fn insert(
    batch: &mut Batch,
    core: &Core,
    keys: &WorkspaceKeys,
    profile: &Profile,
    (password, state, language): (Option<String>, State, &Locale),
) -> UserId {
    let id: UserId = core.ids.next();
    let (sealed, now) = (profile.seal(keys), core.clock.now());
    batch.push(
        queries::INSERT_ACCOUNT,
        params![id, blind(keys, &profile.email), sealed, password, state.as_str(), language.as_str(), now],
    );
    id
}

/// Refuses when the acting user's own address is not confirmed. Keys, the console and the system
/// have no address to confirm.
pub(crate) async fn require_confirmed(core: &Core, actor: Actor) -> Result<()> {
    match actor {
        Actor::User(user) if get(core, user).await?.state == State::Pending => Err(Error::Pending),
        _ => Ok(()),
    }
}

/// A change by a person to their own account: it has no workspace of its own, so it is told to
/// every workspace they belong to.
pub(crate) struct OwnChange {
    pub(crate) ctx: Ctx,
    pub(crate) workspaces: Vec<WorkspaceId>,
    pub(crate) batch: Batch,
}

impl OwnChange {
    pub(crate) async fn of(core: &Core, user: UserId) -> Result<Self> {
        let memberships = members::of(core, user).await?;
        let workspaces: Vec<_> = memberships.into_iter().map(|membership| membership.workspace).collect();
        let home = workspaces.first().copied().unwrap_or(WorkspaceId([0; 16]));
        let ctx = core.ctx(home, Actor::User(user));
        Ok(Self { batch: ctx.batch(), ctx, workspaces })
    }

    pub(crate) fn audit(&mut self, action: &'static str, objects: &[&dyn std::fmt::Display]) {
        let (workspaces, actor) = (&self.workspaces, self.ctx.actor);
        audit::record_everywhere(&mut self.batch, &self.ctx, workspaces, actor, (action, objects));
    }

    pub(crate) async fn apply(self) -> Result<(), store::Error> {
        self.ctx.db.apply(self.batch).await.map(|_| ())
    }
}

impl Accounts {
    /// Changes a person's own name and language.
    pub async fn set_profile(&self, user: UserId, name: &str, language: &Locale) -> Result<()> {
        let keys = keys(self.core());
        let before = get(self.core(), user).await?;
        let profile = Profile { email: before.email.into_inner(), name: sign_up::checked_name(name)? };
        let mut change = OwnChange::of(self.core(), user).await?;
        let now = change.ctx.now();
        change.batch.guard(queries::SET_LANGUAGE, params![user, profile.seal(&keys), language.as_str(), now]);
        change.audit("user.profile_changed", &[&user]);
        Ok(change.apply().await?)
    }

    /// Ends an account: memberships, sessions, keys to sign in and the profile go. Refused while it is
    /// the only owner of a workspace. What it did stays in the audit trail, under its id.
    pub async fn delete_account(&self, user: UserId, password: &str) -> Result<()> {
        self.require_password(user, password).await?;
        let memberships = members::of(self.core(), user).await?;
        let mut change = OwnChange::of(self.core(), user).await?;
        for membership in &memberships {
            change.batch.guard(members::DELETE_MEMBER, params![membership.workspace, membership.member]);
        }
        for statement in queries::DELETE_EVERYTHING {
            change.batch.push(statement, params![user]);
        }
        change.audit("user.deleted", &[&user]);
        let last =
            Error::Conflict("you are the only owner of a workspace; make somebody else owner, or close it, first");
        change.apply().await.map_err(|error| Error::on_guard(error, last))
    }

    /// Suspends an account (its sessions end) or lets it in again, as confirmed. For the operator.
    pub async fn set_suspended(&self, user: UserId, suspended: bool) -> Result<()> {
        let mut change = OwnChange::of(self.core(), user).await?;
        change.ctx.actor = Actor::Console;
        let (now, state) = (change.ctx.now(), if suspended { State::Suspended } else { State::Active });
        change.batch.guard(queries::SET_ACCOUNT_STATE, params![user, state.as_str(), now]);
        if suspended {
            change.batch.push(queries::DELETE_SESSIONS, params![user, kernel::SessionId([0; 16])]);
        }
        change.audit(if suspended { "user.suspended" } else { "user.restored" }, &[&user]);
        let done = change.apply().await;
        done.map_err(|error| Error::on_guard(error, Error::Conflict("the account is in that state already")))
    }
}
