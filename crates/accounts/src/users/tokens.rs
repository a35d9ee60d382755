//! Single-use links that are mailed: confirmation, password reset, change of address, invitation.
//!
//! A row says that a link was asked for; the link's text is signed from the row's id when the
//! message is written. So neither the table nor the job that asks for the mail holds a secret.

use kernel::{Email, EventId, Locale, Pii, Timestamp, UserId, WorkspaceId};
use store::{Actor, Batch, Core, Ctx, NewJob, WorkspaceKeys, params};

use super::{OwnChange, Profile, State, queries};
use crate::{Accounts, Error, Result, members, workspaces};

const LABEL: &str = "account.link";
/// An account that does not exist.
const NOBODY: UserId = UserId([0; 16]);
const NEW_ADDRESS: &str = "email_token.sealed";

/// The queue on which mail is asked for. The payload is `{"notice": KIND, "token": "evt_…"}`.
pub const NOTICE_QUEUE: &str = "notice";

/// What a mailed link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Confirms the address of a new account.
    Confirm,
    /// Sets a new password.
    Reset,
    /// Confirms a new address of an existing account; sent to the new address.
    Change,
    /// Joins a workspace.
    Invite,
    /// No link to act on: tells an account's owner that somebody tried to sign up with their address.
    Exists,
    /// No link to act on: tells an owner that the workspace will be closed unless somebody signs in.
    Inactive,
    /// No link to act on: tells an owner that the operator opened the workspace in an emergency.
    Emergency,
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Confirm, Self::Reset, Self::Change, Self::Invite, Self::Exists, Self::Inactive, Self::Emergency];

    /// The kind as kept in rows and jobs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "account.confirm",
            Self::Reset => "account.reset",
            Self::Change => "account.change",
            Self::Invite => "account.invite",
            Self::Exists => "account.exists",
            Self::Inactive => "account.inactive",
            Self::Emergency => "account.emergency",
        }
    }

    /// Seconds for which the link works.
    pub const fn lifetime(self) -> i64 {
        match self {
            Self::Reset | Self::Change => 3_600,
            Self::Confirm => 2 * 86_400,
            Self::Invite | Self::Exists | Self::Emergency => 7 * 86_400,
            Self::Inactive => 31 * 86_400,
        }
    }
}

/// Adds to `batch` a link and the job that mails it. `new_address` goes with [`Kind::Change`].
pub(crate) fn ask(
    batch: &mut Batch,
    ctx: &Ctx,
    kind: Kind,
    user: UserId,
    new_address: Option<(&WorkspaceKeys, &Email)>,
) {
    let id: EventId = ctx.id();
    let now = ctx.now();
    let sealed = new_address.map(|(keys, email)| keys.seal(NEW_ADDRESS, email.wire().as_bytes()));
    // Only the newest link of a kind works; what is told about one workspace stays beside what is told about another.
    if !matches!(kind, Kind::Invite | Kind::Inactive | Kind::Emergency) {
        batch.push(queries::VOID_TOKENS, params![user, kind.as_str(), now]);
    }
    batch.push(
        queries::INSERT_TOKEN,
        params![id, user, kind.as_str(), ctx.workspace, sealed, now.plus_seconds(kind.lifetime())],
    );
    batch.job(NewJob::now(NOTICE_QUEUE, serde_json::json!({ "notice": kind.as_str(), "token": id })));
}

/// What a notice needs to be written: to whom, about what, with which link.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What it is about.
    pub kind: Kind,
    /// Whose account.
    pub user: UserId,
    /// The workspace in whose name it is sent.
    pub workspace: WorkspaceId,
    /// That workspace's name.
    pub workspace_name: String,
    /// To whom.
    pub to: Pii<Email>,
    /// The person's name; may be empty.
    pub name: Pii<String>,
    /// The language the person reads.
    pub language: Locale,
    /// The secret part of the link. Give it to nobody but the recipient.
    pub token: Pii<String>,
    /// Until when it works.
    pub expires_at: Timestamp,
}

struct Asked {
    id: EventId,
    user: UserId,
    kind: Kind,
    workspace: WorkspaceId,
    sealed: Option<Vec<u8>>,
    expires_at: Timestamp,
    used: bool,
}

async fn asked(core: &Core, id: EventId) -> Result<Option<Asked>> {
    type Row = (UserId, String, WorkspaceId, Option<Vec<u8>>, Timestamp, Option<Timestamp>);
    let row: Option<Row> = core.db.get(queries::GET_TOKEN, params![id]).await?;
    Ok(row.and_then(|(user, kind, workspace, sealed, expires_at, used_at)| {
        let kind = Kind::ALL.into_iter().find(|known| known.as_str() == kind)?;
        Some(Asked { id, user, kind, workspace, sealed, expires_at, used: used_at.is_some() })
    }))
}

fn new_address(keys: &WorkspaceKeys, asked: &Asked) -> Result<Email> {
    let sealed = asked.sealed.as_deref().ok_or(Error::Internal("a change of address without the address"))?;
    let plain = keys.open(NEW_ADDRESS, sealed)?;
    std::str::from_utf8(&plain)
        .ok()
        .and_then(|text| Email::parse(text).ok())
        .ok_or(Error::Internal("a change of address with an address that cannot be read"))
}

/// The notice behind a job of [`NOTICE_QUEUE`]; None when its link was used, replaced or has
/// expired meanwhile, so that there is nothing to send any more.
pub async fn notice(core: &Core, id: EventId) -> Result<Option<Notice>> {
    let now = core.clock.now();
    let Some(asked) = asked(core, id).await?.filter(|asked| !asked.used && asked.expires_at > now) else {
        return Ok(None);
    };
    let keys = super::keys(core);
    let user = super::get(core, asked.user).await?;
    let to = if asked.kind == Kind::Change { Pii::new(new_address(&keys, &asked)?) } else { user.email };
    let workspace_name = workspaces::find(core, asked.workspace).await?.map(|w| w.name).unwrap_or_default();
    Ok(Some(Notice {
        kind: asked.kind,
        user: asked.user,
        workspace: asked.workspace,
        workspace_name,
        to,
        name: user.name,
        language: user.language,
        token: Pii::new(keys.sign(LABEL, &id.0)),
        expires_at: asked.expires_at,
    }))
}

impl Accounts {
    /// Reads a link. A text that was never a link is unknown; one that is used up or expired is gone.
    async fn link(&self, token: &str, kind: Kind) -> Result<Asked> {
        let keys = super::keys(self.core());
        let payload = keys.verify(LABEL, token).ok_or(Error::NotFound("link"))?;
        let id = EventId(payload.try_into().map_err(|_| Error::NotFound("link"))?);
        let asked = asked(self.core(), id).await?.ok_or(Error::Gone)?;
        if asked.kind != kind {
            return Err(Error::NotFound("link"));
        }
        if asked.used || asked.expires_at <= self.core().clock.now() {
            return Err(Error::Gone);
        }
        Ok(asked)
    }

    async fn use_up(&self, asked: &Asked) -> Result<OwnChange> {
        let mut change = OwnChange::of(self.core(), asked.user).await?;
        let now = change.ctx.now();
        change.batch.guard(queries::USE_TOKEN, params![asked.id, now]);
        Ok(change)
    }

    /// Follows a confirmation link: the account becomes active, and so do the workspaces it owns.
    pub async fn confirm(&self, token: &str) -> Result<UserId> {
        let asked = self.link(token, Kind::Confirm).await?;
        let mut change = self.use_up(&asked).await?;
        let now = change.ctx.now();
        change.batch.push(queries::CONFIRM_ACCOUNT, params![asked.user, now]);
        change.batch.push(workspaces::ACTIVATE_OWNED, params![asked.user, now]);
        change.audit("user.confirmed", &[&asked.user]);
        change.apply().await.map_err(|error| Error::on_guard(error, Error::Gone))?;
        Ok(asked.user)
    }

    /// Mails a new confirmation link to a pending account.
    pub async fn resend_confirmation(&self, user: UserId) -> Result<()> {
        if super::get(self.core(), user).await?.state != State::Pending {
            return Err(Error::Conflict("the e-mail address is confirmed already"));
        }
        self.spend_on_mail(user)?;
        let mut change = OwnChange::of(self.core(), user).await?;
        ask(&mut change.batch, &change.ctx, Kind::Confirm, user, None);
        change.audit("user.confirmation_asked", &[&user]);
        Ok(change.apply().await?)
    }

    /// Mails a link that sets a new password. Answers the same whether or not the address is known.
    pub async fn ask_reset(&self, email: &str, client: &super::Client) -> Result<()> {
        self.spend_on_address(client)?;
        let Ok(email) = Email::parse(email) else { return Ok(()) };
        let keys = super::keys(self.core());
        let known = super::find_by_email(self.core(), &keys, &email).await?;
        let known = known.filter(|user| user.state != State::Suspended && self.spend_on_mail(user.id).is_ok());
        let user = known.as_ref().map_or(NOBODY, |user| user.id);
        let mut change = OwnChange::of(self.core(), user).await?;
        change.ctx.actor = Actor::Person;
        if known.is_some() {
            ask(&mut change.batch, &change.ctx, Kind::Reset, user, None);
            change.audit("user.reset_asked", &[&user]);
        } else {
            // Changes nothing, but takes as long as asking for a mail.
            let now = change.ctx.now();
            change.batch.push(queries::VOID_TOKENS, params![user, Kind::Reset.as_str(), now]);
        }
        Ok(change.apply().await?)
    }

    /// Follows a reset link: sets the password and ends every session. Whoever reads the mailbox
    /// has thereby confirmed the address, too.
    pub async fn reset(&self, token: &str, password: &str) -> Result<UserId> {
        let asked = self.link(token, Kind::Reset).await?;
        let user = super::get(self.core(), asked.user).await?;
        let hash = self.hash_new(password, user.email.expose(), None).await?;
        let mut change = self.use_up(&asked).await?;
        let now = change.ctx.now();
        change.batch.push(queries::SET_PASSWORD, params![asked.user, hash, now]);
        change.batch.push(queries::CONFIRM_ACCOUNT, params![asked.user, now]);
        change.batch.push(workspaces::ACTIVATE_OWNED, params![asked.user, now]);
        change.batch.push(queries::DELETE_SESSIONS, params![asked.user, kernel::SessionId([0; 16])]);
        change.audit("user.password_reset", &[&asked.user]);
        change.apply().await.map_err(|error| Error::on_guard(error, Error::Gone))?;
        Ok(asked.user)
    }

    /// Asks for another address: the password is needed, and the link goes to the new address.
    pub async fn ask_change(&self, user: UserId, password: &str, to: &Email) -> Result<()> {
        self.require_password(user, password).await?;
        self.spend_on_mail(user)?;
        let keys = super::keys(self.core());
        let mut change = OwnChange::of(self.core(), user).await?;
        ask(&mut change.batch, &change.ctx, Kind::Change, user, Some((&*keys, to)));
        change.audit("user.address_change_asked", &[&user]);
        Ok(change.apply().await?)
    }

    /// Follows a change-of-address link. When the address has become somebody else's, the link is gone.
    pub async fn change_address(&self, token: &str) -> Result<UserId> {
        let asked = self.link(token, Kind::Change).await?;
        let keys = super::keys(self.core());
        let email = new_address(&keys, &asked)?;
        let profile = Profile { email, name: super::get(self.core(), asked.user).await?.name.into_inner() };
        let mut change = self.use_up(&asked).await?;
        let now = change.ctx.now();
        let blind = super::blind(&keys, &profile.email);
        change.batch.push(queries::SET_PROFILE, params![asked.user, blind, profile.seal(&keys), now]);
        change.batch.push(queries::CONFIRM_ACCOUNT, params![asked.user, now]);
        change.batch.push(workspaces::ACTIVATE_OWNED, params![asked.user, now]);
        change.audit("user.address_changed", &[&asked.user]);
        change.apply().await.map_err(|error| Error::on_guard(error, Error::Gone))?;
        Ok(asked.user)
    }

    /// Follows an invitation: joins the workspace. Somebody whose address was never confirmed chooses
    /// a password and a name (a password set before may be a stranger's, so it goes, with its
    /// sessions); for an existing account both are ignored.
    pub async fn accept_invitation(&self, token: &str, name: &str, password: &str) -> Result<(UserId, WorkspaceId)> {
        let asked = self.link(token, Kind::Invite).await?;
        let user = super::get(self.core(), asked.user).await?;
        let mut change = self.use_up(&asked).await?;
        let now = change.ctx.now();
        if user.password.is_none() || user.state == State::Pending {
            let keys = super::keys(self.core());
            let hash = self.hash_new(password, user.email.expose(), None).await?;
            let email = user.email.into_inner();
            let profile = Profile { email, name: super::sign_up::checked_name(name)? };
            change.batch.push(queries::SET_PASSWORD, params![asked.user, hash, now]);
            change.batch.push(queries::DELETE_SESSIONS, params![asked.user, kernel::SessionId([0; 16])]);
            change.batch.push(
                queries::SET_PROFILE,
                params![asked.user, super::blind(&keys, &profile.email), profile.seal(&keys), now],
            );
        }
        change.batch.push(queries::CONFIRM_ACCOUNT, params![asked.user, now]);
        change.batch.guard(members::JOIN_MEMBER, params![asked.user, asked.workspace, now]);
        change.workspaces.push(asked.workspace);
        change.audit("member.joined", &[&asked.user]);
        change.apply().await.map_err(|error| Error::on_guard(error, Error::Gone))?;
        Ok((asked.user, asked.workspace))
    }
}
