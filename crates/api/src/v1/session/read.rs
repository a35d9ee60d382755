//! `GET /v1/session`

use accounts::members;

use crate::v1::account::{Profile, profile};
use crate::v1::prelude::*;

/// The session of this browser.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionAnswer {
    /// The session.
    #[schema(value_type = String)]
    id: kernel::SessionId,
    /// Who is signed in.
    user: Profile,
    /// Whether a second factor was used.
    second_factor: bool,
    /// When it ends at the latest.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// The workspaces the user belongs to, with role and permissions there.
    workspaces: Vec<Json>,
}

/// Who is signed in, and where they belong.
#[utoipa::path(get, path = "/v1/session", security(("session" = [])), responses((status = 200, body = SessionAnswer)))]
pub(super) async fn handle(State(app): State<App>, signed_in: SignedIn) -> Result<JsonBody<SessionAnswer>> {
    let session = signed_in.session;
    let memberships = members::of(&app.core, session.user).await?;
    let workspaces = memberships.iter().map(|membership| {
        let mut shown = json!(membership);
        shown["permissions"] = json!(membership.role.permissions());
        shown
    });
    Ok(JsonBody(SessionAnswer {
        id: session.id,
        user: profile(&app, session.user).await?,
        second_factor: session.second_factor,
        expires_at: session.expires_at,
        workspaces: workspaces.collect(),
    }))
}
