//! The toolbox behind a router of a few routes, in process and over a socket.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod callers;
mod calls;
mod idempotency;
mod requests;
mod serving;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use accounts::members::Permissions;
use accounts::users::password::Cost;
use accounts::users::{Client, NewUser, SignIn, SignUp};
use accounts::workspaces::NewWorkspace;
use accounts::{Accounts, Settings};
use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::{HeaderValue, StatusCode};
use axum::routing::{get, post};
use http_server::testing::TestClient;
use http_server::{Caller, Failure, JsonBody, Options, Path, Query, Result, SignedIn, Toolbox};
use kernel::{Code, ContactId, Email, UserId, WorkspaceId};
use serde_json::{Value as Json, json};
use store::Actor;
use testkit::Fixture;

const PASSWORD: &str = "correct horse battery";

#[derive(Clone)]
struct App {
    toolbox: Toolbox,
    calls: Arc<AtomicU64>,
}

impl FromRef<App> for Toolbox {
    fn from_ref(app: &App) -> Self {
        app.toolbox.clone()
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    name: String,
    #[serde(default)]
    fail: Option<u16>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    limit: Option<u32>,
}

async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("contacts:read")?;
    Ok(JsonBody(json!({ "workspace": ctx.workspace, "actor": ctx.actor.to_string(), "limit": filter.limit })))
}

async fn create(
    State(app): State<App>,
    caller: Caller,
    JsonBody(thing): JsonBody<Thing>,
) -> Result<impl axum::response::IntoResponse> {
    caller.require("contacts:write")?;
    let n = app.calls.fetch_add(1, Ordering::SeqCst) + 1;
    match thing.fail {
        Some(404) => Err(Failure::not_found("thing")),
        Some(_) => Err(Failure::new(Code::Unavailable, "not now")),
        None => Ok((
            StatusCode::CREATED,
            [("location", format!("/v1/things/{n}"))],
            JsonBody(json!({ "n": n, "name": thing.name })),
        )),
    }
}

async fn by_id(caller: Caller, Path(id): Path<ContactId>) -> Result<JsonBody<Json>> {
    caller.require("contacts:read")?;
    Ok(JsonBody(json!({ "id": id })))
}

async fn send(caller: Caller) -> Result<&'static str> {
    caller.require("campaigns:send")?;
    Ok("sent")
}

async fn in_workspace(caller: Caller, Path(_): Path<WorkspaceId>) -> Result<String> {
    Ok(caller.require("workspace:read")?.workspace.to_string())
}

async fn me(signed_in: SignedIn) -> String {
    signed_in.session.user.to_string()
}

async fn broken() -> &'static str {
    panic!("a bug")
}

struct World {
    t: Fixture,
    app: App,
    router: Router,
    workspace: WorkspaceId,
    user: UserId,
}

impl World {
    async fn new(t: Fixture, options: Options) -> Self {
        let accounts = Accounts::new(t.core.clone(), Settings { cost: Cost::cheapest(), ..Settings::default() });
        let (workspace, user) = accounts.create_owner(sign_up("lina@example.com")).await.unwrap();
        let toolbox = Toolbox::new(accounts, options);
        let app = App { toolbox: toolbox.clone(), calls: Arc::default() };
        let api = Router::new()
            .route("/v1/things", get(list).post(create))
            .route("/v1/things/{id}", get(by_id))
            .route("/v1/send", post(send))
            .route("/v1/w/{workspace}", get(in_workspace))
            .route("/v1/me", get(me));
        let public = Router::new().route("/p", get(|| async { "public" })).route("/broken", get(broken));
        let router = toolbox.idempotent(api).merge(toolbox.public(public)).with_state(app.clone());
        Self { router: toolbox.finish(router), t, app, workspace, user }
    }

    fn accounts(&self) -> &Accounts {
        self.app.toolbox.accounts()
    }

    fn toolbox(&self) -> &Toolbox {
        &self.app.toolbox
    }

    fn ctx(&self) -> store::Ctx {
        self.t.core.ctx(self.workspace, Actor::User(self.user))
    }

    fn anonymous(&self) -> TestClient {
        TestClient::new(self.router.clone())
    }

    async fn key(&self, scopes: &[&str]) -> String {
        let ctx = self.t.core.ctx(self.workspace, Actor::User(self.user));
        let new = accounts::keys::NewKey {
            name: "k".to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            role: None,
            expires_at: None,
            test: false,
        };
        self.accounts().create_key(&ctx, Permissions::all(), new).await.unwrap().1
    }

    async fn client(&self) -> TestClient {
        self.anonymous().bearer(&self.key(&["*"]).await)
    }

    async fn cookie(&self, address: &str) -> HeaderValue {
        match self.accounts().sign_in(address, PASSWORD, &Client::default()).await.unwrap() {
            SignIn::Session(session) => self.app.toolbox.sign_in_cookie(&session),
            SignIn::SecondFactor { .. } => panic!("no second factor was set up"),
        }
    }
}

fn sign_up(address: &str) -> SignUp {
    SignUp {
        user: NewUser {
            email: Email::parse(address).unwrap(),
            name: "Lina".to_owned().into(),
            password: PASSWORD.to_owned().into(),
        },
        workspace: NewWorkspace {
            name: "Nur Foundation".to_owned(),
            language: "ar".parse().unwrap(),
            postal_address: String::new(),
        },
    }
}
