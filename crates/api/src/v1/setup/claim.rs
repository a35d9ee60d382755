//! `POST /v1/setup`

use accounts::FirstOwner;
use accounts::users::NewUser;
use accounts::workspaces::NewWorkspace;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kernel::{Email, Locale};

use crate::v1::prelude::*;

/// Whoever came with the console's link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupRequest {
    /// What stands behind `#token=` in the link.
    token: String,
    /// Who will own the server.
    owner: SetupOwner,
    /// The organisation.
    workspace: SetupWorkspace,
}

/// The owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupOwner {
    /// The address to sign in with; counts as confirmed.
    #[schema(value_type = String)]
    email: Email,
    /// The person's name.
    #[serde(default)]
    name: String,
    /// The password.
    password: String,
    /// The language the person reads.
    #[schema(value_type = String, example = "ar")]
    language: Locale,
}

/// The organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupWorkspace {
    /// Its name, as recipients will read it.
    name: String,
    /// The language it works in; the owner's when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Option<Locale>,
    /// Its time zone (IANA).
    #[serde(default)]
    #[schema(example = "Asia/Riyadh")]
    time_zone: Option<String>,
    /// Its postal address; may follow later.
    #[serde(default)]
    postal_address: String,
    /// Its country (ISO 3166).
    #[serde(default)]
    #[schema(example = "SA")]
    country: Option<String>,
}

/// The installation has an owner.
#[derive(Serialize, ToSchema)]
pub(super) struct SetupDone {
    /// Who owns it.
    user: String,
    /// Their workspace.
    workspace: String,
    /// When the session ends at the latest.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Become the owner of a new server, with the link that its console printed; signs in.
#[utoipa::path(post, path = "/v1/setup", request_body = SetupRequest, security(()),
    responses((status = 201, body = SetupDone)))]
pub(super) async fn handle(
    State(app): State<App>,
    ClientInfo(client): ClientInfo,
    JsonBody(input): JsonBody<SetupRequest>,
) -> Result<Response> {
    let setup = app.shell.setup();
    setup.attempt(&client, app.core.now()).map_err(|seconds| {
        Problem::new(Code::RateLimited, "too many attempts; Retry-After says for how long").retry_after(seconds)
    })?;
    let _turn = setup.turn().await;
    if setup.is_owned(&app.accounts).await? {
        let detail = "somebody owns this server already; sign in, or ask them for an invitation";
        return Err(Failure::new(Code::Conflict, detail));
    }
    if !setup.is_link(&input.token) {
        let detail = "this is not the link that the console printed last; restart the server for a new one";
        return Err(Failure::new(Code::Forbidden, detail));
    }
    let SetupRequest { owner, workspace, .. } = input;
    if owner.name.trim().chars().count() > 120 || owner.name.chars().any(char::is_control) {
        return Err(Problem::field("owner.name", "a name has at most 120 characters and no control characters").into());
    }
    let new = FirstOwner {
        user: NewUser { email: owner.email, name: owner.name.into(), password: owner.password.into() },
        workspace: NewWorkspace {
            name: workspace.name,
            language: workspace.language.unwrap_or_else(|| owner.language.clone()),
            postal_address: workspace.postal_address,
        },
        language: owner.language,
        time_zone: workspace.time_zone,
        country: workspace.country,
    };
    let (made, session) = app.accounts.claim(new, &client).await.map_err(|error| placed(error.problem()))?;
    setup.close();
    let answer =
        SetupDone { user: session.user.to_string(), workspace: made.to_string(), expires_at: session.expires_at };
    let cookie = [(header::SET_COOKIE, app.toolbox.sign_in_cookie(&session))];
    Ok((StatusCode::CREATED, cookie, JsonBody(answer)).into_response())
}

/// Says which part of the form a problem concerns. The owner's name was looked at before.
fn placed(mut problem: Problem) -> Failure {
    for field in &mut problem.fields {
        let part = match field.field.as_str() {
            "email" | "password" => "owner",
            "name" | "language" | "time_zone" | "country" | "postal_address" => "workspace",
            _ => continue,
        };
        field.field = format!("{part}.{}", field.field);
    }
    Failure(problem)
}
