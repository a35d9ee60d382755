//! A workspace with an owner, a topic, people, and a channel that records.

use std::sync::Arc;

use accounts::Accounts;
use accounts::users::NewUser;
use accounts::users::SignUp;
use accounts::workspaces::NewWorkspace;
use campaigns::CampaignDraft;
use content::{Body, Source};
use kernel::{DeliveryId, Email, Locale, Pii, TopicId, WorkspaceId};
use outbound::{Channels, Envelope, Outbound, Sender, Sent};
use parking_lot::Mutex;
use people::import::{Basis, Imports, Origin, Settings, Upload, start};
use people::segments::live::Live;
use people::topics::TopicDraft;
use privacy::assessments;
use privacy::gate::{Gate, SendPermit};
use privacy::vocabulary::{Channel as Kind, Purpose};
use store::jobs::{self, Handler};
use store::{Actor, BoxFuture, Ctx};
use testkit::Fixture;

/// What a message looked like when it left.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub delivery: DeliveryId,
    pub to: String,
    pub subject: String,
    pub html: String,
    pub text: String,
    pub unsubscribe: Option<String>,
    pub thread: Option<DeliveryId>,
}

/// Answers every hand-over as told and remembers it.
pub struct Recorder {
    clock: Arc<testkit::ManualClock>,
    pub sent: Mutex<Vec<Recorded>>,
    pub answer: Mutex<Sent>,
    /// What happens once, in the middle of the next hand-over.
    pub while_sending: Interruption,
    /// What happens once, in the middle of preparing: when the sender is looked at.
    pub while_preparing: Interruption,
}

/// Something that comes in between.
pub type Interruption = Mutex<Option<BoxFuture<'static, ()>>>;

async fn interrupt(by: &Interruption) {
    let event = by.lock().take();
    if let Some(event) = event {
        event.await;
    }
}

impl outbound::Channel for Recorder {
    fn kind(&self) -> Kind {
        Kind::Email
    }

    fn send(&self, permit: SendPermit, envelope: Envelope) -> BoxFuture<'_, Sent> {
        Box::pin(async move {
            let Ok(_handover) = permit.begin(kernel::Clock::now(self.clock.as_ref())) else { return Sent::PermitLost };
            interrupt(&self.while_sending).await;
            let answer = self.answer.lock().clone();
            if matches!(answer, Sent::Accepted { .. }) {
                self.sent.lock().push(Recorded {
                    delivery: envelope.delivery,
                    to: envelope.recipient.into_inner(),
                    subject: envelope.subject.into_inner(),
                    html: envelope.html.map(Pii::into_inner).unwrap_or_default(),
                    text: envelope.text.into_inner(),
                    thread: envelope.thread.and_then(|thread| match thread {
                        outbound::Thread::Delivery(id) => Some(id),
                        outbound::Thread::Letter(_) => None,
                    }),
                    unsubscribe: envelope.list.map(|list| list.unsubscribe),
                });
            }
            answer
        })
    }

    fn sender_verified<'a>(&'a self, _: WorkspaceId, sender: &'a Sender) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            interrupt(&self.while_preparing).await;
            sender.email.domain() == "sender.example"
        })
    }
}

pub struct House {
    pub fixture: Fixture,
    pub ctx: Ctx,
    pub topic: TopicId,
    pub outbound: Outbound,
    pub live: Live,
    pub recorder: Arc<Recorder>,
    handlers: Vec<Arc<dyn Handler>>,
}

pub const HTML: &str = "<html><body><p>Hello {{ first_name | fallback: \"friend\" }}</p><p><a href=\"https://shop.example/a\">A</a></p><p><a href=\"{{ unsubscribe_url }}\">Unsubscribe</a> {{ postal_address }}</p></body></html>";

/// A live assessment.
pub async fn assessed(ctx: &Ctx) -> String {
    let draft = assessments::Draft {
        name: "Cranes".to_owned(),
        purpose: Purpose::MARKETING,
        necessity: "Harbours cannot know of us otherwise".to_owned(),
        balancing: "Business addresses and one letter".to_owned(),
        safeguards: "Notice and opt-out".to_owned(),
        recipients: Vec::new(),
        data: vec!["business e-mail".to_owned()],
    };
    let made = assessments::create(ctx, &draft).await.unwrap();
    assessments::approve(ctx, made.id, made.version, assessments::Period::default()).await.unwrap().id.to_string()
}

impl House {
    pub async fn build(fixture: Fixture) -> Self {
        let core = fixture.core.clone();
        let settings =
            accounts::Settings { cost: accounts::users::password::Cost::cheapest(), ..accounts::Settings::default() };
        let sign_up = SignUp {
            user: NewUser {
                email: Email::parse("owner@sender.example").unwrap(),
                name: Pii::new("Owner".to_owned()),
                password: Pii::new("a long enough password".to_owned()),
            },
            workspace: NewWorkspace {
                name: "Sender".to_owned(),
                language: Locale::en(),
                postal_address: "1 Harbour Street, Hamburg".to_owned(),
            },
        };
        let (workspace, _) = Accounts::new(core.clone(), settings).create_owner(sign_up).await.unwrap();
        let ctx = core.ctx(workspace, Actor::Console);
        let draft = TopicDraft { name: "News".to_owned(), ..TopicDraft::default() };
        let topic = people::topics::create(&ctx, draft).await.unwrap().id;
        let recorder = Arc::new(Recorder {
            clock: Arc::clone(&fixture.clock),
            sent: Mutex::default(),
            answer: Mutex::new(Sent::Accepted { status: "2.0.0".to_owned() }),
            while_sending: Mutex::default(),
            while_preparing: Mutex::default(),
        });
        let channels = Channels::default().with(recorder.clone());
        let outbound = Outbound::new(Gate::new(), channels, "https://post.example");
        let live = Live::new();
        let handlers: Vec<Arc<dyn Handler>> = vec![
            Arc::new(Imports),
            Arc::new(campaigns::StartJob::new(outbound.clone())),
            Arc::new(campaigns::MaterialiseJob::new(outbound.clone(), live.clone())),
            Arc::new(outbound::SendJob::new(outbound.clone())),
            Arc::new(campaigns::FinishJob),
            Arc::new(outbound::incoming::SuppressJob::new(outbound.gate().clone())),
            Arc::new(campaigns::sequences::EnrolJob::new(live.clone())),
            Arc::new(campaigns::sequences::StepJob::new(outbound.clone(), live.clone())),
            Arc::new(campaigns::sequences::WaveJob),
            Arc::new(campaigns::sequences::SignalJob),
            Arc::new(outbound.gate().erasure_jobs()),
        ];
        Self { fixture, ctx, topic, outbound, live, recorder, handlers }
    }

    /// Imports people with confirmed consent: `user0@…` to `user(n-1)@people.example`.
    pub async fn people(&self, count: usize) {
        let row = |n| format!("user{n}@people.example,Name{n},DE,2026-05-01T10:00:00Z\n");
        let csv: String =
            std::iter::once("email,first name,country,confirmed at\n".to_owned()).chain((0..count).map(row)).collect();
        self.import(&csv, Basis::ConsentDoi).await;
    }

    pub async fn import(&self, csv: &str, basis: Basis) {
        let mut upload = Upload::begin(&self.ctx).await.unwrap();
        upload.write(csv.as_bytes()).await.unwrap();
        let staged = upload.finish().await.unwrap();
        let origin = Origin {
            basis,
            source: "shop".to_owned(),
            collected_on: kernel::Date::constant(2026, 5, 1),
            sale_date: None,
            assessment: if basis == Basis::LegitimateInterest { Some(assessed(&self.ctx).await) } else { None },
            page: privacy::provenance::Page::default(),
            reason: Some("You buy harbour cranes".to_owned()),
            profile: None,
        };
        let settings = Settings {
            topic: self.topic,
            origin,
            attributes: Vec::new(),
            purchased: false,
            tracking: false,
            dry_run: false,
        };
        start(&self.ctx, staged, settings).await.unwrap();
        self.work().await;
    }

    /// Runs every job that is due.
    pub async fn work(&self) {
        jobs::drain(&self.ctx.core, &self.handlers).await.unwrap();
    }

    pub fn draft(&self) -> CampaignDraft {
        CampaignDraft {
            name: "First".to_owned(),
            from_name: "Sender".to_owned(),
            from_email: Email::parse("news@sender.example").unwrap(),
            reply_to: None,
            topic: self.topic,
            segment: None,
            purpose: Purpose::MARKETING,
            reason: None,
            prospecting: None,
            track: true,
            content: Source {
                body: Body::Html(HTML.to_owned()),
                text: None,
                subject: "News for {{ first_name | fallback: \"you\" }}".to_owned(),
                preheader: None,
                language: Locale::en(),
            },
            variants: std::collections::BTreeMap::new(),
            texts: None,
        }
    }
}
