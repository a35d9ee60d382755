//! `GET /v1/session`

use accounts::members::{self, Membership};
use accounts::{preferences, workspaces};
use axum::http::HeaderMap;
use kernel::WorkspaceId;

use crate::shell::Mode;
use crate::v1::account::{Profile, profile};
use crate::v1::preferences::PreferencesAnswer;
use crate::v1::prelude::*;

/// The session of this browser: what the app needs to begin with, in one call.
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
    /// The language the user reads.
    language: String,
    /// What they chose.
    preferences: PreferencesAnswer,
    /// The workspace that `X-Barid-Workspace` names, or the only one; null when one has to be chosen.
    workspace: Option<String>,
    /// The workspaces the user belongs to, with role and permissions there.
    workspaces: Vec<SessionWorkspace>,
    /// The server.
    server: SessionServer,
}

/// A workspace of the user.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionWorkspace {
    /// The workspace.
    workspace: String,
    name: String,
    /// Its name in addresses.
    slug: String,
    /// `pending`, `active`, `suspended` or `closed`.
    #[schema(value_type = String)]
    state: workspaces::State,
    /// The membership.
    member: String,
    /// `owner`, `admin`, `author`, `analyst` or `agent`.
    #[schema(value_type = String)]
    role: members::Role,
    /// Whether this role needs a second factor there.
    second_factor: bool,
    /// What the role may do, as `area:verb`.
    #[schema(value_type = Vec<String>)]
    permissions: members::Permissions,
    /// The language the workspace works in.
    language: String,
    /// Its time zone (IANA), when it is set.
    time_zone: Option<String>,
}

/// What the app says about the server.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionServer {
    /// The program's version.
    version: &'static str,
    /// How browsers reach it.
    public_url: String,
    /// Where mail goes from here.
    mode: Mode,
}

/// Who is signed in, where they belong and what they may do there.
#[utoipa::path(get, path = "/v1/session", security(("session" = [])), responses((status = 200, body = SessionAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    headers: HeaderMap,
    signed_in: SignedIn,
) -> Result<JsonBody<SessionAnswer>> {
    let session = signed_in.session;
    let memberships = members::of(&app.core, session.user).await?;
    let named: Option<WorkspaceId> =
        headers.get("x-barid-workspace").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let workspace = match (named, memberships.as_slice()) {
        (Some(named), all) => all.iter().find(|membership| membership.workspace == named),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let workspace = workspace.map(|membership| membership.workspace.to_string());
    let mut workspaces = Vec::with_capacity(memberships.len());
    for membership in memberships {
        workspaces.push(shown(&app, membership).await?);
    }
    let user = profile(&app, session.user).await?;
    Ok(JsonBody(SessionAnswer {
        id: session.id,
        second_factor: session.second_factor,
        expires_at: session.expires_at,
        language: user.language.to_string(),
        user,
        preferences: preferences::get(&app.core, session.user).await?.into(),
        workspace,
        workspaces,
        server: SessionServer {
            version: env!("CARGO_PKG_VERSION"),
            public_url: app.toolbox.public_url().to_owned(),
            mode: app.shell.sending().mode,
        },
    }))
}

async fn shown(app: &App, membership: Membership) -> Result<SessionWorkspace> {
    let found = workspaces::find(&app.core, membership.workspace).await?;
    let time_zone = found.as_ref().and_then(|workspace| workspace.setting("time_zone"));
    Ok(SessionWorkspace {
        workspace: membership.workspace.to_string(),
        permissions: membership.role.permissions(),
        name: membership.name,
        slug: membership.slug,
        state: membership.state,
        member: membership.member.to_string(),
        role: membership.role,
        second_factor: membership.second_factor,
        language: found.map_or_else(|| "en".to_owned(), |workspace| workspace.language.to_string()),
        time_zone,
    })
}
