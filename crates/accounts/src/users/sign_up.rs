//! Making accounts: by sign-up (pending until confirmed), or at the console (confirmed).

use kernel::{Email, Pii, UserId, WorkspaceId};
use store::{Actor, params};

use super::{Client, Profile, State, queries, tokens};
use crate::members::{self, Role};
use crate::workspaces::{self, NewWorkspace};
use crate::{Accounts, Error, Result, audit};

/// A person to be given an account.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct NewUser {
    /// The address to sign in with.
    pub email: Email,
    /// The person's name; may be empty.
    #[serde(default, deserialize_with = "personal")]
    pub name: Pii<String>,
    /// The password.
    #[serde(deserialize_with = "personal")]
    pub password: Pii<String>,
}

fn personal<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Pii<String>, D::Error> {
    <String as serde::Deserialize>::deserialize(deserializer).map(Pii::new)
}

/// A sign-up: a person and the workspace they want.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct SignUp {
    /// The person, who will own the workspace.
    pub user: NewUser,
    /// The workspace.
    pub workspace: NewWorkspace,
}

pub(super) fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.chars().count() > 120 || name.chars().any(char::is_control) {
        return Err(Error::field("name", "a name has at most 120 characters and no control characters"));
    }
    Ok(name.to_owned())
}

impl Accounts {
    /// Signs somebody up. The account and its workspace stay pending until the mailed link is
    /// followed. For an address that has an account already the answer is the same; its owner is told.
    pub async fn sign_up(&self, new: SignUp, client: &Client) -> Result<()> {
        self.spend_on_address(client)?;
        let keys = super::keys(self.core());
        // Hashed in either case, so that the time taken does not tell.
        let hash = self.hash_new(new.user.password.expose(), &new.user.email, Some(&new.workspace.name)).await?;
        if let Some(known) = super::find_by_email(self.core(), &keys, &new.user.email).await? {
            if self.spend_on_mail(known.id).is_ok() {
                let mut change = super::OwnChange::of(self.core(), known.id).await?;
                change.ctx.actor = Actor::Person;
                tokens::ask(&mut change.batch, &change.ctx, tokens::Kind::Exists, known.id, None);
                change.audit("user.signed_up_again", &[&known.id]);
                change.apply().await?;
            }
            return Ok(());
        }
        let made = self.make(&new, None, Some(hash), State::Pending).await;
        match made {
            // Two sign-ups of one address at once: the other one was first.
            Err(Error::Exists(_)) => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// Makes a workspace with its owner at the console: both count as confirmed. A confirmed account
    /// becomes owner of the new workspace too, and keeps its password; one that was never confirmed
    /// gets the given password, and its sessions end.
    pub async fn create_owner(&self, new: SignUp) -> Result<(WorkspaceId, UserId)> {
        let keys = super::keys(self.core());
        let known = super::find_by_email(self.core(), &keys, &new.user.email).await?;
        let hash = match &known {
            Some(user) if user.state != State::Pending => None,
            _ => Some(self.hash_new(new.user.password.expose(), &new.user.email, Some(&new.workspace.name)).await?),
        };
        self.make(&new, known.map(|user| user.id), hash, State::Active).await
    }

    /// Makes a further workspace for somebody who has an account. Pending accounts have one.
    pub async fn create_workspace(&self, user: UserId, new: &NewWorkspace) -> Result<WorkspaceId> {
        super::require_confirmed(self.core(), Actor::User(user)).await?;
        let ctx = self.fresh(Actor::User(user)).await?;
        let mut batch = ctx.batch();
        workspaces::insert(&mut batch, &ctx, new, workspaces::State::Active).await?;
        members::insert(&mut batch, &ctx, user, Role::Owner, "active");
        ctx.db.apply(batch).await?;
        Ok(ctx.workspace)
    }

    /// A context in a workspace that does not exist yet but whose keys do: they are committed to the
    /// vault before anything is sealed under them.
    async fn fresh(&self, actor: Actor) -> Result<store::Ctx> {
        let workspace: WorkspaceId = self.core().ids.next();
        self.core().vault.create_workspace(workspace).await?;
        Ok(self.core().ctx(workspace, actor))
    }

    /// Makes a workspace, and its owner unless `known`. A `hash` becomes the owner's password.
    async fn make(
        &self,
        new: &SignUp,
        known: Option<UserId>,
        hash: Option<String>,
        state: State,
    ) -> Result<(WorkspaceId, UserId)> {
        let name = checked_name(new.user.name.expose())?;
        let (actor, open) = match state {
            State::Active => (Actor::Console, workspaces::State::Active),
            State::Pending | State::Suspended => (Actor::Person, workspaces::State::Pending),
        };
        let ctx = self.fresh(actor).await?;
        let mut batch = ctx.batch();
        workspaces::insert(&mut batch, &ctx, &new.workspace, open).await?;
        let owner = if let Some(user) = known {
            if let Some(hash) = hash {
                batch.push(queries::SET_PASSWORD, params![user, hash, ctx.now()]);
                batch.push(queries::CONFIRM_ACCOUNT, params![user, ctx.now()]);
                batch.push(queries::DELETE_SESSIONS, params![user, kernel::SessionId([0; 16])]);
            }
            user
        } else {
            let profile = Profile { email: new.user.email.clone(), name };
            let language = &new.workspace.language;
            super::insert(&mut batch, &ctx, &super::keys(&ctx), &profile, (hash, state, language))
        };
        members::insert(&mut batch, &ctx, owner, Role::Owner, "active");
        audit::record(&mut batch, &ctx, "user.created", &[&owner]);
        if state == State::Pending {
            tokens::ask(&mut batch, &ctx, tokens::Kind::Confirm, owner, None);
        }
        let done = ctx.db.apply(batch).await;
        done.map_err(|error| Error::on_guard(error, Error::Exists("an account with this address")))?;
        Ok((ctx.workspace, owner))
    }
}
