//! A workspace with people, a run and the mail channel, for tests of whole paths.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use accounts::Accounts;
use accounts::users::password::Cost;
use accounts::users::{NewUser, SignUp};
use accounts::workspaces::{Change, NewWorkspace};
use content::{Body, FieldCatalog, MergeValues, Source as Content};
use kernel::{ContactId, DeliveryId, Email, Locale, RawId, TopicId};
use mail::address::Found;
use mail::channel::{MailChannel, NextHop, Settings};
use mail::dns::Resolver;
use mail::incoming::{Inbound, InboundJob};
use mail::smtp::{Limits, Timeouts};
use mail::transport::{Relay, Transport};
use outbound::incoming::SuppressJob;
use outbound::{Addressee, Channels, DeliveryView, Draft, Outbound, Run, RunState, SendJob, Sender, Source};
use people::contacts::{Origin, Standard};
use people::subscribe::{Invitation, Proof, Subscribe, Subscribed, confirm, issue, subscribe};
use people::topics::{self, TopicDraft};
use privacy::gate::Gate;
use privacy::provenance::Method;
use privacy::suppression::{self, Suppressed};
use privacy::vocabulary::{Channel, Purpose};
use store::jobs::Handler;
use store::{Actor, Ctx};
use testkit::{Fixture, SeededRng};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

store::sql! {
    VERIFY = "UPDATE domain SET verified = $3 WHERE workspace = $1 AND id = $2";
}

pub struct World {
    pub ctx: Ctx,
    pub outbound: Outbound,
    pub channel: Arc<MailChannel>,
    pub topic: TopicId,
    handlers: Vec<Arc<dyn Handler>>,
    fixture: Fixture,
}

pub fn relay(address: SocketAddr, timeouts: Timeouts) -> NextHop {
    let relay = Relay::parse(&format!("smtp://{address}")).unwrap();
    let resolver = Resolver::new(Some("127.0.0.1:9".parse().unwrap()), 25, Arc::new(SeededRng::new(1))).unwrap();
    Transport::relay(relay, resolver, "client.example", Limits { timeouts, ..Limits::default() }).unwrap().into()
}

impl World {
    pub async fn new(fixture: Fixture, settings: Settings, hop: impl FnOnce(&Ctx) -> NextHop) -> Self {
        let ctx = fixture.workspace().await;
        Self::within(ctx, fixture, settings, hop).await
    }

    async fn within(ctx: Ctx, fixture: Fixture, settings: Settings, hop: impl FnOnce(&Ctx) -> NextHop) -> Self {
        let channel = Arc::new(MailChannel::new(fixture.core.clone(), hop(&ctx), settings));
        let gate = Gate::new();
        let channels = Channels::default().with(channel.clone());
        let outbound = Outbound::new(gate.clone(), channels, "https://post.example.com");
        let handlers: Vec<Arc<dyn Handler>> = vec![
            Arc::new(SendJob::new(outbound.clone())),
            Arc::new(SuppressJob::new(gate.clone())),
            Arc::new(InboundJob::new(outbound.clone())),
        ];
        let draft = TopicDraft { name: "عروض".into(), double_opt_in: true, ..TopicDraft::default() };
        let topic = topics::create(&ctx, draft).await.unwrap().id;
        Self { ctx, outbound, channel, topic, handlers, fixture }
    }

    pub async fn to(fixture: Fixture, sink: SocketAddr) -> Self {
        let settings = Settings { relay_signs: false, inbound: true };
        Self::new(fixture, settings, |_| relay(sink, Timeouts::default())).await
    }

    /// A workspace of record, which answers questions by itself.
    pub async fn answering(fixture: Fixture, sink: SocketAddr) -> Self {
        let cheap = accounts::Settings { cost: Cost::cheapest(), ..accounts::Settings::default() };
        let owner = SignUp {
            user: NewUser {
                email: "owner@example.com".parse().unwrap(),
                name: "Nur".to_owned().into(),
                password: "correct horse battery".to_owned().into(),
            },
            workspace: NewWorkspace {
                name: "مكتبة النور".to_owned(),
                language: Locale::en(),
                postal_address: "شارع الكتب 1، عمّان".to_owned(),
            },
        };
        let (workspace, _) = Accounts::new(fixture.core.clone(), cheap).create_owner(owner).await.unwrap();
        let ctx = fixture.core.ctx(workspace, Actor::Console);
        let answers = serde_json::json!({ "answers": { "automatic": true } });
        let change = Change { settings: answers.as_object().cloned(), ..Change::default() };
        accounts::workspaces::update(&ctx, change).await.unwrap();
        let settings = Settings { relay_signs: false, inbound: true };
        Self::within(ctx, fixture, settings, |_| relay(sink, Timeouts::default())).await
    }

    /// Somebody who asked for the topic and confirmed it.
    pub async fn subscriber(&self, email: &str) -> ContactId {
        let person = self.ctx.core.ctx(self.ctx.workspace, Actor::Person);
        let draft = people::contacts::Draft {
            emails: vec![email.parse().unwrap()],
            values: [(Standard::FirstName, "Lina".to_owned())].into(),
            ..people::contacts::Draft::default()
        };
        let origin = Origin { method: Method::Given, source: "the form".into() };
        let command = Subscribe { draft, topic: self.topic, origin, proof: Proof::default() };
        let Subscribed::Requested(contact) = subscribe(&person, command).await.unwrap() else { panic!() };
        let invitation =
            Invitation { workspace: self.ctx.workspace, contact, topic: self.topic, requested_at: self.ctx.now() };
        let token = issue(&self.ctx.keys().await.unwrap(), &invitation);
        confirm(&self.ctx.core, &token, &Proof::default()).await.unwrap();
        contact
    }

    /// Says that the domain's records were seen.
    pub async fn verify_domain(&self) {
        let known = mail::domains::by_name(&self.ctx, "example.com").await.unwrap();
        let id = match known {
            Some(domain) => domain.id,
            None => mail::domains::add(&self.ctx, "example.com").await.unwrap().id,
        };
        let workspace = self.ctx.workspace;
        let set = move |tx: &mut store::Tx| tx.exec(VERIFY, store::params![workspace, id, true]);
        self.ctx.db.tx(set).await.unwrap();
    }

    /// Another workspace of the same server.
    pub async fn neighbour(&self) -> Ctx {
        self.fixture.workspace().await
    }

    /// Queues one message to each of these people; `drain` sends them.
    pub async fn queue(&self, people: &[(ContactId, &str)]) -> RawId {
        let content = Content {
            body: Body::Html(
                "<html><body><p>مرحبا {{ first_name | required }}</p><p><a href=\"*|UNSUB|*\">x</a></p></body></html>"
                    .into(),
            ),
            text: None,
            subject: "عرض الربيع".into(),
            preheader: None,
            language: Locale::ar(),
        };
        let ctx = &self.ctx;
        let version = self.outbound.versions().save(ctx, &content.into(), &FieldCatalog::standard()).await.unwrap();
        let sender =
            Sender { name: "مكتبة النور".into(), email: "news@example.com".parse().unwrap(), reply_to: None };
        let verified = {
            use outbound::Channel as _;
            self.channel.sender_verified(ctx.workspace, &sender).await
        };
        let run = Run {
            workspace: ctx.workspace,
            source: ctx.id(),
            channel: Channel::Email,
            purpose: Purpose::MARKETING,
            topic: Some(self.topic),
            content: version.id.into(),
            content_hash: version.hash,
            settings: Source {
                sender,
                list: Some("عروض المكتبة".into()),
                organisation: "مكتبة النور".into(),
                postal_address: "شارع الكتب 1، عمّان".into(),
                reason: None,
                missing: Vec::new(),
                track: false,
                series: None,
            },
            state: RunState::Running,
            complete: true,
            not_before: ctx.now(),
        };
        let mut batch = ctx.batch();
        outbound::open(&mut batch, ctx, &run, "");
        ctx.db.apply(batch).await.unwrap();
        let drafts = people
            .iter()
            .map(|(contact, email)| {
                let email: Email = email.parse().unwrap();
                let values = MergeValues {
                    fields: BTreeMap::from([("first_name".to_owned(), "لينا".to_owned())]),
                    ..MergeValues::default()
                };
                let addressee = Addressee {
                    invitation: None,
                    address: email.wire(),
                    name: Some("لينا حداد".into()),
                    language: Some("ar".into()),
                    thread: None,
                    values,
                };
                Draft { contact: *contact, email, addressee }
            })
            .collect();
        outbound::enqueue(ctx, self.outbound.gate(), &run, drafts, verified).await.unwrap();
        run.source
    }

    /// Runs every due job.
    /// Runs what waits, and with it these handlers.
    pub async fn drain_with(&self, more: &[Arc<dyn Handler>]) {
        let all: Vec<Arc<dyn Handler>> = self.handlers.iter().chain(more).cloned().collect();
        store::jobs::drain(&self.ctx.core, &all).await.unwrap();
    }

    pub async fn drain(&self) {
        store::jobs::drain(&self.ctx.core, &self.handlers).await.unwrap();
    }

    pub async fn deliveries(&self, run: RawId) -> Vec<DeliveryView> {
        outbound::list_deliveries(&self.ctx, run, None, 100).await.unwrap()
    }

    /// State and reason of the run's only delivery.
    pub async fn only(&self, run: RawId) -> (&'static str, Option<String>) {
        let mut all = self.deliveries(run).await;
        assert_eq!(all.len(), 1);
        let view = all.remove(0);
        (view.state.as_str(), view.reason)
    }

    pub fn advance(&self, seconds: i64) {
        self.fixture.clock.advance(seconds);
    }

    /// What stands against writing to this person.
    pub async fn blocks(&self, contact: ContactId, email: &str) -> Vec<Suppressed> {
        let keys = self.ctx.keys().await.unwrap();
        let hashes =
            [suppression::subject_hash(&keys, contact), suppression::email_hash(&keys, &email.parse().unwrap())];
        suppression::check(&self.ctx, &hashes).await.unwrap().into_iter().flatten().collect()
    }

    /// Hands a message to a listener of its own, as another mail server would, and acts on it. Returns
    /// the code after the final dot, or the refusal of the recipient.
    pub async fn comes_in(&self, from: &str, to: &str, message: &str) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inbound = Arc::new(Inbound::new(self.ctx.core.clone()));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        tokio::spawn(mail::inbound::serve(listener, mail::inbound::Settings::new("in.example.com"), inbound, stopped));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let said = format!(
            "EHLO mx\r\nMAIL FROM:<{from}>\r\nRCPT TO:<{to}>\r\nDATA\r\n{}\r\n.\r\nQUIT\r\n",
            message.replace("\r\n", "\n").replace('\n', "\r\n")
        );
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut answered = String::new();
        stream.read_to_string(&mut answered).await.unwrap();
        drop(stop);
        let codes: Vec<&str> =
            answered.lines().filter(|line| line.as_bytes().get(3) == Some(&b' ')).map(|line| &line[..3]).collect();
        self.drain().await;
        let code = if codes[3] == "250" { codes[5] } else { codes[3] };
        code.to_owned()
    }
}

/// A message as the sink got it.
pub struct Got {
    pub raw: String,
    /// The envelope's return path.
    pub return_path: String,
}

impl Got {
    pub fn of(commands: &[String], raw: String) -> Self {
        let mail = commands.iter().rev().find_map(|line| line.strip_prefix("MAIL FROM:<")).unwrap();
        Self { return_path: mail.split('>').next().unwrap().to_owned(), raw }
    }

    /// A header, unfolded.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let prefix = format!("{name}:");
        head.split("\r\n").find_map(|line| line.strip_prefix(&prefix)).unwrap_or_default().trim().to_owned()
    }

    pub fn message_id(&self) -> String {
        self.header("Message-ID").trim_matches(['<', '>']).to_owned()
    }

    /// The address in the mailto of List-Unsubscribe.
    pub fn unsubscribe_address(&self) -> String {
        let header = self.header("List-Unsubscribe");
        header.split("<mailto:").nth(1).unwrap().trim_end_matches('>').to_owned()
    }

    /// The delivery that the return path names.
    pub async fn delivery(&self, ctx: &Ctx) -> DeliveryId {
        let found = Found::in_address(&self.return_path).unwrap();
        mail::address::delivery_of(&ctx.core, &found).await.unwrap().unwrap().1
    }
}
