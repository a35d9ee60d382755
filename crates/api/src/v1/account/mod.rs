//! What people do with their own account.

mod accept_invitation;
mod activate_second_factor;
mod ask_confirmation;
mod ask_reset;
mod begin_second_factor;
mod change_address;
mod confirm;
mod confirm_address;
mod end_other_sessions;
mod end_session;
mod password;
mod read;
mod remove_second_factor;
mod renew_recovery_codes;
mod reset;
mod sessions;
mod update;

use accounts::users;
use kernel::UserId;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("account":
        read, update, password, confirm, ask_confirmation, ask_reset, reset, change_address, confirm_address,
        accept_invitation, begin_second_factor, activate_second_factor, renew_recovery_codes, remove_second_factor,
        sessions, end_session, end_other_sessions)
}

/// A person's own account.
#[derive(Serialize, ToSchema)]
pub(super) struct Profile {
    /// The account.
    #[schema(value_type = String)]
    id: UserId,
    /// The address to sign in with.
    email: String,
    /// The person's name.
    name: String,
    /// The language the person reads.
    #[schema(value_type = String)]
    pub(super) language: kernel::Locale,
    /// `pending` until the address is confirmed, then `active`.
    state: &'static str,
}

/// Shows somebody their own account.
pub(super) async fn profile(app: &App, id: UserId) -> Result<Profile> {
    let user = users::get(&app.core, id).await?;
    Ok(Profile {
        id,
        email: user.email.expose().to_string(),
        name: user.name.into_inner(),
        language: user.language,
        state: user.state.as_str(),
    })
}

/// The secret part of a mailed link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkToken {
    /// What stands in the link.
    pub(super) token: String,
}

/// The account that a link belonged to.
#[derive(Serialize, ToSchema)]
pub(super) struct Whose {
    /// The account.
    #[schema(value_type = String)]
    pub(super) user: UserId,
}

/// Codes that work once each, when the authenticator app is lost. Shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodes {
    /// The codes.
    pub(super) recovery_codes: Vec<String>,
}

impl From<Vec<kernel::Pii<String>>> for RecoveryCodes {
    fn from(codes: Vec<kernel::Pii<String>>) -> Self {
        Self { recovery_codes: codes.into_iter().map(kernel::Pii::into_inner).collect() }
    }
}
