//! A workspace with members, a widget and a channel that records.

use std::collections::BTreeMap;
use std::sync::Arc;

use accounts::Accounts;
use accounts::users::{NewUser, SignUp};
use accounts::workspaces::NewWorkspace;
use conversations::agents::{self, Status};
use conversations::chat::{self, Start, Words};
use conversations::conversations::{Conversation, Given, Said};
use conversations::events::NewEvent;
use conversations::groups::{self, Draft, Group, Priority, Settings};
use conversations::hub::Hub;
use conversations::widgets::{self, Widget};
use conversations::{Author, conversations as rows};
use kernel::{Email, Locale, Pii, UserId, VisitorId, WorkspaceId};
use outbound::{Channels, Envelope, Outbound, Sender, Sent};
use parking_lot::Mutex;
use privacy::gate::{Gate, SendPermit};
use privacy::vocabulary::Channel as Kind;
use store::jobs::{self, Handler};
use store::{Actor, BoxFuture, Ctx};
use testkit::Fixture;

/// What a letter looked like when it left.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub source_delivery: kernel::DeliveryId,
}

pub struct Recorder {
    clock: Arc<testkit::ManualClock>,
    pub sent: Mutex<Vec<Recorded>>,
}

impl outbound::Channel for Recorder {
    fn kind(&self) -> Kind {
        Kind::Email
    }

    fn send(&self, permit: SendPermit, envelope: Envelope) -> BoxFuture<'_, Sent> {
        Box::pin(async move {
            let Ok(_handover) = permit.begin(kernel::Clock::now(self.clock.as_ref())) else { return Sent::PermitLost };
            self.sent.lock().push(Recorded {
                to: envelope.recipient.into_inner(),
                subject: envelope.subject.into_inner(),
                text: envelope.text.into_inner(),
                source_delivery: envelope.delivery,
            });
            Sent::Accepted { status: "2.0.0".to_owned() }
        })
    }

    fn sender_verified<'a>(&'a self, _: WorkspaceId, sender: &'a Sender) -> BoxFuture<'a, bool> {
        Box::pin(async move { sender.email.domain() == "sender.example" })
    }
}

pub struct House {
    pub fixture: Fixture,
    /// As Barid itself.
    pub ctx: Ctx,
    /// As the person.
    pub person: Ctx,
    pub hub: Hub,
    pub widget: Widget,
    pub outbound: Outbound,
    pub recorder: Arc<Recorder>,
    /// Members; the first one owns the workspace.
    pub users: Vec<UserId>,
    handlers: Vec<Arc<dyn Handler>>,
}

impl House {
    pub async fn build(fixture: Fixture) -> Self {
        let core = fixture.core.clone();
        let settings =
            accounts::Settings { cost: accounts::users::password::Cost::cheapest(), ..accounts::Settings::default() };
        let accounts = Accounts::new(core.clone(), settings);
        let sign_up = SignUp {
            user: NewUser {
                email: Email::parse("owner@sender.example").unwrap(),
                name: Pii::new("Olga Owner".to_owned()),
                password: Pii::new("a long enough password".to_owned()),
            },
            workspace: NewWorkspace {
                name: "Sender".to_owned(),
                language: Locale::en(),
                postal_address: "1 Harbour Street, Hamburg".to_owned(),
            },
        };
        let (workspace, owner) = accounts.create_owner(sign_up).await.unwrap();
        let ctx = core.ctx(workspace, Actor::Console);
        let mut users = vec![owner];
        for name in ["layla", "omar"] {
            let email = Email::parse(&format!("{name}@sender.example")).unwrap();
            let all = accounts::members::Permissions::all();
            accounts::members::invite(&ctx, all, &email, accounts::members::Role::Agent, Locale::en()).await.unwrap();
            let found = accounts::members::list(&ctx, None, 50).await.unwrap();
            users.push(found.iter().find(|one| one.email.expose() == &email).unwrap().user);
        }
        let settings =
            [("default_sender".to_owned(), serde_json::json!({ "name": "Sender", "email": "help@sender.example" }))];
        let change = accounts::workspaces::Change {
            settings: Some(settings.into_iter().collect()),
            ..accounts::workspaces::Change::default()
        };
        accounts::workspaces::update(&ctx, change).await.unwrap();
        let recorder = Arc::new(Recorder { clock: Arc::clone(&fixture.clock), sent: Mutex::default() });
        let outbound = Outbound::new(Gate::new(), Channels::default().with(recorder.clone()), "https://post.example");
        let hub = Hub::new();
        let handlers: Vec<Arc<dyn Handler>> = vec![
            Arc::new(outbound::SendJob::new(outbound.clone())),
            Arc::new(conversations::mailing::MailJob::new(outbound.clone(), hub.clone())),
            Arc::new(conversations::timers::TimerJob::new(hub.clone())),
            Arc::new(conversations::reports::ReportJob::new(outbound.clone())),
            Arc::new(outbound.gate().erasure_jobs()),
        ];
        let topic = people::topics::TopicDraft { name: "News".to_owned(), ..people::topics::TopicDraft::default() };
        let news = people::topics::create(&ctx, topic).await.unwrap();
        let widget = widgets::create(&ctx, "Site", &widget_settings(news.id)).await.unwrap();
        let person = core.ctx(workspace, Actor::Person);
        Self { fixture, ctx, person, hub, widget, outbound, recorder, users, handlers }
    }

    /// Runs every job that is due.
    pub async fn work(&self) {
        jobs::drain(&self.ctx.core, &self.handlers).await.unwrap();
    }

    /// Lets time pass and runs what is due then.
    pub async fn later(&self, seconds: i64) {
        self.fixture.clock.advance(seconds);
        self.work().await;
    }

    pub async fn accepts(&self, user: usize, limit: u32) {
        let change =
            agents::Change { status: Some(Status::Accepting), limit: Some(limit), ..agents::Change::default() };
        agents::update(&self.ctx, &self.hub, self.users[user], change).await.unwrap();
    }

    pub async fn group(&self, name: &str, members: &[(usize, Priority)], settings: Settings) -> Group {
        let members: BTreeMap<UserId, Priority> =
            members.iter().map(|(user, priority)| (self.users[*user], *priority)).collect();
        groups::create(&self.ctx, Draft { name: name.to_owned(), settings, members }).await.unwrap()
    }

    /// A visitor who begins with some words.
    pub async fn visitor(&self, words: &str) -> (VisitorId, Conversation) {
        let id: VisitorId = self.ctx.id();
        let row = self.starts(id, "start", words).await;
        (id, row)
    }

    pub async fn starts(&self, id: VisitorId, client: &str, words: &str) -> Conversation {
        let start = Start {
            client: client.to_owned(),
            filled: None,
            text: Some(words.to_owned()),
            profile: conversations::visitors::Profile {
                language: Some("en".to_owned()),
                ..conversations::visitors::Profile::default()
            },
            page: None,
            group: None,
        };
        chat::start(&self.person, &self.hub, &self.widget, id, start).await.unwrap().0
    }

    pub async fn says(&self, id: VisitorId, client: &str, words: &str) -> Given {
        chat::say(&self.person, &self.hub, id, client, Words::Text(words.to_owned())).await.unwrap()
    }

    pub async fn answers(&self, user: usize, row: &Conversation, client: &str, words: &str) -> Given {
        let event = NewEvent::message(Author::agent(self.users[user]), words.to_owned());
        let said = Said { event: event.client(Some(client.to_owned())), resume: true };
        rows::send(&self.ctx, &self.hub, row.id, said).await.unwrap()
    }

    pub async fn row(&self, row: &Conversation) -> Conversation {
        rows::get(&self.ctx, row.id).await.unwrap()
    }
}

fn widget_settings(news: kernel::TopicId) -> widgets::Settings {
    serde_json::from_value(serde_json::json!({
        "origins": ["https://shop.example"],
        "forms": {
            "ask_mail": { "enabled": true, "fields": [
                { "key": "email", "kind": "email", "required": true, "purpose": "service",
                  "label": { "en": "Your e-mail", "ar": "بريدك" } },
                { "key": "news", "kind": "consent", "purpose": "marketing", "topic": news,
                  "label": { "en": "Send me news", "ar": "أرسلوا لي الأخبار" } }
            ]},
            "offline": { "enabled": true, "fields": [
                { "key": "email", "kind": "email", "required": true, "purpose": "service",
                  "label": { "en": "Your e-mail", "ar": "بريدك" } },
                { "key": "subject", "kind": "text", "purpose": "service", "label": { "en": "About", "ar": "الموضوع" } },
                { "key": "message", "kind": "textarea", "required": true, "purpose": "service",
                  "label": { "en": "Message", "ar": "الرسالة" } }
            ]}
        }
    }))
    .unwrap()
}
