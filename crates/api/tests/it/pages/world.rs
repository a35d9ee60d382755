//! A server with one workspace, two readers and a message to each.

use std::collections::BTreeMap;
use std::sync::Arc;

use accounts::users::password::Cost;
use accounts::users::{NewUser, SignUp};
use accounts::workspaces::NewWorkspace;
use accounts::{Accounts, Settings};
use api::App;
use api::pages::Hits;
use content::{Body, FieldCatalog, Links, MergeValues, Source as Content, Variants};
use http_server::testing::TestClient;
use http_server::{Options, Toolbox};
use kernel::{ContactId, Email, FormId, NoticeId, RawId, TopicId};
use mail::dns::Resolver;
use outbound::tracking::{DeliveryLinks, Stats};
use outbound::webhooks::{Policy, SystemLookup, Webhooks};
use outbound::{Addressee, Channels, Draft, Outbound, Run, RunState, Sender, Source};
use people::contacts::{self, Contact, Origin, Standard};
use people::forms::{self, Definition, FormField, Texts};
use people::segments::live::Live;
use people::subscribe::{Proof, Subscribe, subscribe};
use people::topics::{self, TopicDraft};
use privacy::gate::Gate;
use privacy::provenance::Method;
use privacy::vocabulary::{Channel, Purpose};
use store::{Actor, Ctx};
use testkit::Fixture;

pub const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36";

const HTML: &str = "<html><body><h1>Spring {{ first_name | fallback: \"friend\" }}</h1>\
    <script>alert(1)</script><p>{{ postal_address }}</p><p><a href=\"https://example.org/a?x=1&amp;y=2\">A</a> \
    <a href=\"https://example.org/b\">B</a> <a href=\"{{ unsubscribe_url }}\">Leave</a></p></body></html>";

/// A server.
pub struct World {
    pub t: Fixture,
    pub app: App,
    pub hits: Hits,
    pub router: axum::Router,
    /// Acts for the workspace.
    pub ctx: Ctx,
    pub news: TopicId,
    pub events: TopicId,
    pub run: Run,
}

/// Whoever runs the server has no account at a payment provider.
pub fn till() -> Arc<outbound::till::HouseTill> {
    let policy = Policy::default();
    Arc::new(outbound::till::HouseTill::new(policy, Arc::new(SystemLookup), None, "http://127.0.0.1:8080").unwrap())
}

/// A reader with a message.
pub struct Reader {
    pub contact: ContactId,
    /// Of unsubscribe and preference links.
    pub token: String,
    /// Of opens and clicks.
    pub tracking: String,
}

impl World {
    pub async fn new(t: Fixture) -> Self {
        let accounts = Accounts::new(t.core.clone(), Settings { cost: Cost::cheapest(), ..Settings::default() });
        let (workspace, _) = accounts.create_owner(sign_up()).await.unwrap();
        let toolbox = Toolbox::new(accounts.clone(), Options::default());
        let outbound = Outbound::new(Gate::new(), Channels::default(), "http://127.0.0.1:8080");
        let sms = telecom::messages::Sms::new(Gate::new(), telecom::routes::Live::default())
            .reached_at("https://post.example");
        let codes = Arc::new(api::verify_sms::CodesBySms::new(sms.clone()));
        let app = App {
            core: t.core.clone(),
            accounts,
            customers: telecom::customers::Desk::new(t.core.clone(), sms.clone()),
            verify: calls::verify::Verify::new(outbound.clone(), codes),
            lookups: calls::lookup::Lookups::new(Policy::default(), Arc::new(SystemLookup)).unwrap(),
            outbound,
            live: Live::new(),
            sms,
            voice: voice(&t.core),
            webhooks: Webhooks::new(t.core.clone(), Policy::new(["*"]).unwrap(), Arc::new(SystemLookup)).unwrap(),
            calendars: booking::calendars::Calendars::new(
                Policy::new(["127.0.0.1"]).unwrap(),
                Arc::new(SystemLookup),
                "http://127.0.0.1:8080",
            )
            .unwrap(),
            tills: till(),
            payments: booking::payments::Payments::new(
                Policy::new(["127.0.0.1", "api.stripe.com"]).unwrap(),
                Arc::new(SystemLookup),
                "http://127.0.0.1:8080",
            )
            .unwrap(),
            resolver: Resolver::new(Some("127.0.0.1:9".parse().unwrap()), 25, t.core.rng.clone()).unwrap(),
            mail_host: "mx.barid.example".into(),
            toolbox: toolbox.clone(),
            data: t.path().to_owned(),
            image_quota: 1_000_000,
            shell: api::shell::Shell::default(),
        };
        let hits = Hits::default();
        let router = toolbox.finish(api::pages::router_with(hits.clone()).with_state(app.clone()));
        let ctx = t.core.ctx(workspace, Actor::System);
        let news = topic(&ctx, "News & “notes”", ("What is new, once a month.", "الجديد مرةً كل شهر."), false).await;
        let events = topic(&ctx, "Events", ("Invitations near you.", "دعوات بالقرب منك."), true).await;
        let run = run(&app, &ctx, news).await;
        Self { t, app, hits, router, ctx, news, events, run }
    }

    pub fn client(&self) -> TestClient {
        TestClient::new(self.router.clone()).with("user-agent", BROWSER)
    }

    /// Somebody who joined the first topic and was sent the message.
    pub async fn reader(&self, email: &str, first_name: &str, language: &str) -> Reader {
        let email: Email = email.parse().unwrap();
        let values = [
            (Standard::FirstName, first_name.to_owned()),
            (Standard::Language, language.to_owned()),
            (Standard::Country, "SA".to_owned()),
        ];
        let draft =
            contacts::Draft { emails: vec![email.clone()], values: values.into(), ..contacts::Draft::default() };
        let person = self.ctx.core.ctx(self.ctx.workspace, Actor::Person);
        let origin = Origin { method: Method::Form, source: "the stand at the book fair".to_owned() };
        let command = Subscribe { draft, topic: self.news, origin, proof: Proof::default() };
        let contact = subscribe(&person, command).await.unwrap().contact();
        let fields = BTreeMap::from([("first_name".to_owned(), first_name.to_owned())]);
        let addressee = Addressee {
            invitation: None,
            address: email.wire(),
            name: None,
            language: Some(language.to_owned()),
            thread: None,
            values: MergeValues { fields, ..MergeValues::default() },
        };
        let draft = Draft { contact, email, addressee };
        outbound::enqueue(&self.ctx, self.app.outbound.gate(), &self.run, vec![draft], true).await.unwrap();
        let sent = outbound::list_deliveries(&self.ctx, self.run.source, None, 1000).await.unwrap();
        let delivery = sent.iter().find(|row| row.contact == contact).unwrap();
        assert_eq!(delivery.state.as_str(), "queued", "{:?}", delivery.reason);
        let delivery = delivery.id;
        let keys = self.ctx.keys().await.unwrap();
        let links = DeliveryLinks::new(&keys, "", (self.ctx.workspace, delivery), true);
        let token = links.unsubscribe_url().trim_start_matches("/u/").to_owned();
        let mut pixel = String::new();
        links.pixel(&mut pixel);
        let tracking = pixel.trim_start_matches("/t/o/").trim_end_matches(".gif").to_owned();
        Reader { contact, token, tracking }
    }

    pub async fn lina(&self) -> Reader {
        self.reader("lina@example.com", "Lina", "en").await
    }

    pub async fn contact(&self, reader: &Reader) -> Contact {
        contacts::get(&self.ctx, people::ReadFor::Work, reader.contact).await.unwrap()
    }

    /// A person's topics as their JSON shows them.
    pub async fn topics(&self, reader: &Reader) -> serde_json::Value {
        self.contact(reader).await.to_json()["topics"].clone()
    }

    pub async fn stats(&self) -> Stats {
        self.hits.settled().await;
        outbound::tracking::stats(&self.app.outbound, &self.ctx, self.run.source, self.run.content).await.unwrap()
    }

    pub async fn form(&self, topic: TopicId, notice: Option<NoticeId>) -> FormId {
        let field = |key: &str, required, label_en: &str, label_ar: &str| FormField {
            key: key.into(),
            purpose: "marketing".into(),
            required,
            label_en: label_en.into(),
            label_ar: label_ar.into(),
            if_refused_en: String::new(),
            if_refused_ar: String::new(),
        };
        let definition = Definition {
            fields: vec![
                field("first_name", false, "First name", "الاسم الأول"),
                field("email", true, "E-mail address", "عنوان البريد"),
            ],
            en: Texts {
                title: "Our newsletter".into(),
                intro: "Once a month, four good stories.".into(),
                consent: "Yes, send me the newsletter. I can leave at any time.".into(),
                button: "Sign up".into(),
                thanks: String::new(),
            },
            ar: Texts {
                title: "نشرتنا البريدية".into(),
                intro: "أربع قصص جميلة كل شهر.".into(),
                consent: "نعم، أرسلوا إليّ النشرة. يمكنني الانسحاب في أي وقت.".into(),
                button: "اشتراك".into(),
                thanks: String::new(),
            },
            notice,
            ..Definition::default()
        };
        forms::create(&self.ctx, "Website", topic, definition).await.unwrap().id
    }
}

async fn topic(ctx: &Ctx, name: &str, (en, ar): (&str, &str), double_opt_in: bool) -> TopicId {
    let draft = TopicDraft {
        name: name.into(),
        description_en: en.into(),
        description_ar: ar.into(),
        double_opt_in,
        ..TopicDraft::default()
    };
    topics::create(ctx, draft).await.unwrap().id
}

async fn run(app: &App, ctx: &Ctx, topic: TopicId) -> Run {
    let source = Content {
        body: Body::Html(HTML.to_owned()),
        text: None,
        subject: "Spring in the garden".to_owned(),
        preheader: None,
        language: "en".parse().unwrap(),
    };
    let variants = Variants { default: source, by_language: BTreeMap::new() };
    let version = app.outbound.versions().save(ctx, &variants, &FieldCatalog::standard()).await.unwrap();
    let run = Run {
        workspace: ctx.workspace,
        source: ctx.id::<kernel::CampaignId>().0,
        channel: Channel::Email,
        purpose: Purpose::MARKETING,
        topic: Some(topic),
        content: RawId::from(version.id),
        content_hash: version.hash,
        settings: Source {
            sender: Sender { name: "Nur".into(), email: "news@example.org".parse().unwrap(), reply_to: None },
            list: Some("News".into()),
            organisation: "Nur Foundation".into(),
            postal_address: "1 Palm Street, Amman".into(),
            reason: None,
            missing: Vec::new(),
            track: true,
            series: None,
        },
        state: RunState::Running,
        complete: false,
        not_before: ctx.now(),
    };
    let mut batch = ctx.batch();
    outbound::open(&mut batch, ctx, &run, "");
    ctx.db.apply(batch).await.unwrap();
    run
}

fn sign_up() -> SignUp {
    SignUp {
        user: NewUser {
            email: Email::parse("owner@example.com").unwrap(),
            name: "Omar".to_owned().into(),
            password: "correct horse battery".to_owned().into(),
        },
        workspace: NewWorkspace {
            name: "Nur Foundation".to_owned(),
            language: "en".parse().unwrap(),
            postal_address: "1 Palm Street, Amman".to_owned(),
        },
    }
}

/// Calls without sockets: they can be accepted and wait.
pub fn voice(core: &store::Core) -> calls::voice::Voice {
    let policy = outbound::webhooks::Policy::new(["*"]).unwrap();
    let lookup = std::sync::Arc::new(outbound::webhooks::SystemLookup);
    let client = outbound::webhooks::GuardedClient::new(policy, lookup, std::time::Duration::from_secs(5)).unwrap();
    calls::voice::Voice::new(core.clone(), privacy::gate::Gate::new(), client, &calls::voice::Options::default())
}
