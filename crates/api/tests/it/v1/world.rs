//! A server with one workspace and its owner.

use std::sync::Arc;

use accounts::members::{Permissions, Role};
use accounts::users::password::Cost;
use accounts::users::{Client, NewUser, SignIn, SignUp};
use accounts::workspaces::NewWorkspace;
use accounts::{Accounts, Settings, keys};
use api::App;
use http_server::testing::{Answer, TestClient};
use http_server::{Options, Toolbox};
use kernel::{Email, UserId, WorkspaceId};
use mail::dns::Resolver;
use outbound::webhooks::{Policy, SystemLookup, Webhooks};
use outbound::{Channels, Envelope, Outbound, Sender, Sent};
use people::import::job::Imports;
use people::segments::live::Live;
use privacy::gate::{Gate, SendPermit};
use privacy::vocabulary::Channel;
use serde_json::{Value as Json, json};
use store::jobs::Handler;
use store::{Actor, BoxFuture, Ctx};
use testkit::Fixture;

pub const OWNER: &str = "lina@example.com";
pub const PASSWORD: &str = "correct horse battery";
pub const HTML: &str = "<html><body><p>Hello {{ first_name | fallback: \"friend\" }}</p><p>{{ postal_address }}</p>\
    <p><a href=\"https://example.org/a\">Read</a> <a href=\"{{ unsubscribe_url }}\">Leave</a></p></body></html>";

/// A channel that takes every message.
struct Post;

impl outbound::Channel for Post {
    fn kind(&self) -> Channel {
        Channel::Email
    }

    fn send(&self, permit: SendPermit, _: Envelope) -> BoxFuture<'_, Sent> {
        drop(permit);
        Box::pin(async { Sent::Accepted { status: "2.0.0".to_owned() } })
    }

    fn sender_verified<'a>(&'a self, _: WorkspaceId, _: &'a Sender) -> BoxFuture<'a, bool> {
        Box::pin(async { true })
    }
}

/// A server.
pub struct World {
    pub t: Fixture,
    pub app: App,
    pub router: axum::Router,
    pub workspace: WorkspaceId,
    pub user: UserId,
    /// With everything its owner may do.
    pub owner: TestClient,
}

impl World {
    pub async fn new(t: Fixture) -> Self {
        let (app, router) = server(&t);
        let (workspace, user) = app.accounts.create_owner(sign_up(OWNER, "Nur Foundation")).await.unwrap();
        let anonymous = TestClient::new(router.clone());
        let mut world = Self { t, app, router, workspace, user, owner: anonymous };
        world.owner = world.role(Role::Owner).await;
        world
    }

    pub fn ctx(&self) -> Ctx {
        self.t.core.ctx(self.workspace, Actor::User(self.user))
    }

    pub fn anonymous(&self) -> TestClient {
        TestClient::new(self.router.clone())
    }

    async fn key(&self, scopes: &[&str], role: Option<Role>) -> TestClient {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let new = keys::NewKey { name: "test".to_owned(), scopes, role, expires_at: None, test: false };
        let (_, key) = self.app.accounts.create_key(&self.ctx(), Permissions::all(), new).await.unwrap();
        self.anonymous().bearer(&key)
    }

    /// With a key that may do what a role may do.
    pub async fn role(&self, role: Role) -> TestClient {
        self.key(&[], Some(role)).await
    }

    /// With a key that may do just this.
    pub async fn scoped(&self, scopes: &[&str]) -> TestClient {
        self.key(scopes, None).await
    }

    /// A browser in which the owner is signed in.
    pub async fn browser(&self) -> TestClient {
        self.browser_of(OWNER).await
    }

    /// A browser in which the owner of another workspace is signed in.
    pub async fn strangers_browser(&self) -> TestClient {
        self.stranger().await;
        self.browser_of("omar@example.net").await
    }

    async fn browser_of(&self, email: &str) -> TestClient {
        match self.app.accounts.sign_in(email, PASSWORD, &Client::default()).await.unwrap() {
            SignIn::Session(session) => self.anonymous().signed_in(&self.app.toolbox.sign_in_cookie(&session)),
            SignIn::SecondFactor { .. } => panic!("no second factor was set up"),
        }
    }

    /// The owner of another workspace on the same server.
    pub async fn stranger(&self) -> TestClient {
        let sign_up = sign_up("omar@example.net", "Another House");
        let (workspace, user) = self.app.accounts.create_owner(sign_up).await.unwrap();
        let ctx = self.t.core.ctx(workspace, Actor::User(user));
        let new = keys::NewKey {
            name: "test".to_owned(),
            scopes: vec!["*".to_owned()],
            role: None,
            expires_at: None,
            test: false,
        };
        let (_, key) = self.app.accounts.create_key(&ctx, Permissions::all(), new).await.unwrap();
        self.anonymous().bearer(&key)
    }

    /// Makes something; answers what was made.
    pub async fn made(&self, path: &str, body: Json) -> Json {
        let answer = self.owner.post(path, &body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        answer.json()
    }

    /// Does what waits in the queues.
    pub async fn work(&self) {
        let (outbound, live) = (self.app.outbound.clone(), self.app.live.clone());
        let handlers: [Arc<dyn Handler>; 15] = [
            Arc::new(Imports),
            Arc::new(outbound::announcements::Announcements::new(outbound.clone())),
            Arc::new(campaigns::sequences::EnrolJob::new(live.clone())),
            Arc::new(campaigns::sequences::StepJob::new(outbound.clone(), live.clone())),
            Arc::new(campaigns::sequences::WaveJob),
            Arc::new(campaigns::sequences::SignalJob),
            Arc::new(people::unused::FieldValues),
            Arc::new(people::bulk::Bulk::new(outbound.gate().clone(), live.clone())),
            Arc::new(outbound.gate().erasure_jobs()),
            Arc::new(campaigns::StartJob::new(outbound.clone())),
            Arc::new(campaigns::MaterialiseJob::new(outbound.clone(), live)),
            Arc::new(outbound::SendJob::new(outbound)),
            Arc::new(campaigns::FinishJob),
            Arc::new(telecom::messages::RunJob::new(self.app.sms.clone())),
            Arc::new(telecom::messages::SendMessages::new(self.app.sms.clone())),
        ];
        store::jobs::drain(&self.t.core, &handlers).await.unwrap();
    }

    pub async fn contact(&self, email: &str) -> String {
        let made = self.made("/v1/contacts", json!({ "email": email, "first_name": "Sara", "country": "DE" })).await;
        made["id"].as_str().unwrap().to_owned()
    }

    pub async fn topic(&self, name: &str) -> String {
        self.made("/v1/topics", json!({ "name": name })).await["id"].as_str().unwrap().to_owned()
    }

    pub async fn campaign(&self, topic: &str) -> String {
        let body = json!({ "name": "Spring", "from": "Nur <news@example.org>", "subject": "Hello", "html": HTML,
            "topic": topic, "language": "en" });
        self.made("/v1/campaigns", body).await["id"].as_str().unwrap().to_owned()
    }
}

/// A server that nobody owns.
pub fn server(t: &Fixture) -> (App, axum::Router) {
    let accounts = Accounts::new(t.core.clone(), Settings { cost: Cost::cheapest(), ..Settings::default() });
    let rate = accounts::throttle::Rate::per_second(100_000, 1_000_000);
    let options = Options { per_caller: rate, per_address: rate, per_guesser: rate, ..Options::default() };
    let toolbox = Toolbox::new(accounts.clone(), options);
    let nowhere = Some("127.0.0.1:9".parse().unwrap());
    let base = "http://127.0.0.1:8080";
    let outbound = Outbound::new(Gate::new(), Channels::default().with(Arc::new(Post)), base);
    let binds = telecom::routes::Live::default();
    let sms = telecom::messages::Sms::new(outbound.gate().clone(), binds)
        .reached_at(base)
        .calling_off(Arc::new(api::booking_jobs::CancelAppointments));
    outbound.carry_texts(Arc::new(sms.clone()));
    let app = App {
        core: t.core.clone(),
        accounts,
        customers: telecom::customers::Desk::with_cost(t.core.clone(), sms.clone(), Cost::cheapest()),
        verify: calls::verify::Verify::new(outbound.clone(), Arc::new(api::verify_sms::CodesBySms::new(sms.clone()))),
        lookups: calls::lookup::Lookups::new(Policy::new(["127.0.0.1"]).unwrap(), Arc::new(SystemLookup)).unwrap(),
        outbound,
        live: Live::new(),
        sms,
        voice: crate::pages::world::voice(&t.core),
        webhooks: Webhooks::new(t.core.clone(), Policy::new(["*"]).unwrap(), Arc::new(SystemLookup)).unwrap(),
        calendars: booking::calendars::Calendars::new(
            Policy::new(["127.0.0.1"]).unwrap(),
            Arc::new(SystemLookup),
            "https://barid.example.com",
        )
        .unwrap(),
        tills: crate::pages::world::till(),
        payments: booking::payments::Payments::new(
            Policy::new(["127.0.0.1", "api.stripe.com"]).unwrap(),
            Arc::new(SystemLookup),
            "http://127.0.0.1:8080",
        )
        .unwrap(),
        resolver: Resolver::new(nowhere, 25, t.core.rng.clone()).unwrap(),
        mail_host: "mx.barid.example".into(),
        toolbox: toolbox.clone(),
        data: t.path().to_owned(),
        image_quota: 1_000_000,
        shell: api::shell::Shell::default(),
    };
    let apps = telecom::chat_apps::Apps::new(
        Gate::new(),
        Policy::new(["127.0.0.1"]).unwrap(),
        Arc::new(SystemLookup),
        "http://127.0.0.1:8080",
    )
    .unwrap();
    let carriers = outbound::lines::Carriers::default()
        .with(Arc::new(telecom::messages::SmsLine::new(app.sms.clone())))
        .with(Arc::new(telecom::chat_apps::line::AppLine::new(apps.clone())));
    app.shell.chat().carry_with(carriers);
    app.shell.chat().apps_with(apps);
    let router = toolbox.finish(api::v1::router(&toolbox).merge(api::pages::router()).with_state(app.clone()));
    (app, router)
}

pub fn sign_up(address: &str, workspace: &str) -> SignUp {
    SignUp {
        user: NewUser {
            email: Email::parse(address).unwrap(),
            name: "Lina".to_owned().into(),
            password: PASSWORD.to_owned().into(),
        },
        workspace: NewWorkspace {
            name: workspace.to_owned(),
            language: "en".parse().unwrap(),
            postal_address: "1 Palm Street, Amman".to_owned(),
        },
    }
}

/// An answer with what differs from run to run replaced: ids, keys, secrets, hashes.
pub fn shown(answer: &Answer) -> String {
    let mut json = answer.json();
    redact(&mut json);
    format!("{} {}", answer.status.as_u16(), serde_json::to_string_pretty(&json).unwrap())
}

fn redact(json: &mut Json) {
    match json {
        Json::String(text) => {
            let id = text.split_once('_').filter(|(prefix, rest)| {
                prefix.len() <= 5 && prefix.bytes().all(|b| b.is_ascii_lowercase()) && rest.len() >= 26
            });
            if let Some((prefix, _)) = id {
                *text = format!("{prefix}_…");
            } else if text.len() >= 32 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
                "[hex]".clone_into(text);
            }
        }
        Json::Array(items) => items.iter_mut().for_each(redact),
        Json::Object(members) => members.values_mut().for_each(redact),
        _ => {}
    }
}

/// Asserts that an answer is a problem with this code, at this field when one is given.
#[track_caller]
pub fn refused(answer: &Answer, code: &str, field: Option<&str>) {
    let json = answer.json();
    assert_eq!(json["code"], code, "{json}");
    if let Some(field) = field {
        assert_eq!(json["fields"][0]["field"], field, "{json}");
    }
}
