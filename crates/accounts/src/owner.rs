//! The first owner of an installation, who comes with the link that the console printed.

use kernel::{Locale, WorkspaceId};
use serde_json::{Map, Value as Json, json};
use store::{Actor, Core};

use crate::users::{Client, NewSession, NewUser, SignUp};
use crate::workspaces::{self, NewWorkspace};
use crate::{Accounts, Error, Result};

store::sql! {
    ANY_OWNED = "SELECT workspace FROM workspace WHERE state <> 'pending' ORDER BY workspace LIMIT 1";
}

/// Whether somebody owns a workspace here. A sign-up that nobody confirmed does not count: it must not
/// keep the operator out of their own server.
///
/// # Errors
/// When the store fails.
pub(crate) async fn owned(core: &Core) -> Result<bool> {
    let row: Option<(WorkspaceId,)> = core.db.opt(ANY_OWNED, Vec::new()).await?;
    Ok(row.is_some())
}

/// Who will own the installation's first workspace.
pub struct FirstOwner {
    /// The person; counts as confirmed.
    pub user: NewUser,
    /// The language the person reads.
    pub language: Locale,
    /// The workspace.
    pub workspace: NewWorkspace,
    /// Its time zone (IANA).
    pub time_zone: Option<String>,
    /// Its country (ISO 3166).
    pub country: Option<String>,
}

fn settings(new: &FirstOwner) -> Result<Map<String, Json>> {
    let mut settings = Map::new();
    if let Some(zone) = new.time_zone.as_deref().filter(|zone| !zone.is_empty()) {
        if jiff::tz::TimeZone::get(zone).is_err() {
            return Err(Error::field("time_zone", "expected an IANA time zone such as Asia/Riyadh"));
        }
        settings.insert("time_zone".to_owned(), json!(zone));
    }
    if let Some(country) = new.country.as_deref().filter(|country| !country.is_empty()) {
        if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Error::field("country", "expected an ISO 3166 code of two capital letters, such as SA"));
        }
        settings.insert("country".to_owned(), json!(country));
    }
    Ok(settings)
}

impl Accounts {
    /// Whether somebody owns a workspace of this installation.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_owned(&self) -> Result<bool> {
        owned(self.core()).await
    }

    /// Makes the first workspace with its owner, and signs them in. The caller has checked that the person
    /// holds the console's link, and lets one through at a time.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody owns the installation already; [`Error::Field`].
    pub async fn claim(&self, new: FirstOwner, client: &Client) -> Result<(WorkspaceId, NewSession)> {
        if self.is_owned().await? {
            return Err(Error::Conflict("somebody owns this server already; sign in, or ask them for an invitation"));
        }
        let settings = settings(&new)?;
        let FirstOwner { user, language, workspace, .. } = new;
        let name = user.name.expose().clone();
        let (made, owner) = self.create_owner(SignUp { user, workspace }).await?;
        self.set_profile(owner, &name, &language).await?;
        if !settings.is_empty() {
            let ctx = self.core().ctx(made, Actor::User(owner));
            let change = workspaces::Change { settings: Some(settings), ..workspaces::Change::default() };
            workspaces::update(&ctx, change).await?;
        }
        Ok((made, self.open_session(owner, false, client).await?))
    }
}
