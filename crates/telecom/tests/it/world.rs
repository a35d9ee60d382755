//! Somebody with a telephone, and permits to write to them.

use std::sync::Arc;

use kernel::{ContactId, DeliveryId, Phone};
use parking_lot::Mutex;
use people::contacts::{Draft, Origin};
use privacy::claims::{self, Statement};
use privacy::gate::{Ask, ContentMeta, Gate, Recheck, SendPermit};
use privacy::provenance::Method;
use privacy::suppression;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::json;
use store::{BoxFuture, Ctx};
use telecom::smpp::{Address, Inbound, Message, Status};
use telecom::sms::TonNpi;
use testkit::Fixture;
use tokio::sync::Notify;

pub const LINA: &str = "+966501234567";

/// A workspace with one person who asked for messages.
pub struct World {
    pub ctx: Ctx,
    pub gate: Gate,
    pub lina: ContactId,
    _fixture: Fixture,
}

impl World {
    pub async fn new() -> Self {
        let fixture = Fixture::sqlite().await;
        let ctx = fixture.workspace().await;
        let draft = Draft { phones: vec![Phone::parse(LINA, None).unwrap()], ..Draft::default() };
        let origin = Origin { method: Method::Api, source: "a test".into() };
        let lina = people::contacts::create(&ctx, draft, &origin).await.unwrap();
        let keys = ctx.keys().await.unwrap();
        let subject = ctx.vault.subject(ctx.workspace, lina).await.unwrap();
        let mut batch = ctx.batch();
        let statement = Statement {
            subject: lina,
            purpose: Purpose::SERVICE,
            channel: Channel::Sms,
            topic: None,
            basis: BasisKind::SubjectRequest,
            state: ConsentState::Given,
            at: ctx.now(),
            expires_at: None,
            detail: json!({ "source": "test" }),
        };
        claims::state(&mut batch, &ctx, &keys, &subject, statement).unwrap();
        ctx.db.apply(batch).await.unwrap();
        Self { ctx, gate: Gate::new(), lina, _fixture: fixture }
    }

    /// Leave to write to Lina now, so many times.
    pub async fn permits(&self, count: usize) -> Vec<SendPermit> {
        let keys = self.ctx.keys().await.unwrap();
        let address = suppression::phone_hash(&keys, &Phone::parse(LINA, None).unwrap());
        let ask = Ask {
            subject: self.lina,
            address,
            domain: address,
            channel: Channel::Sms,
            purpose: Purpose::SERVICE,
            topic: None,
            content: ContentMeta { hash: [1; 32], missing: Vec::new(), promotional: false },
            sender_verified: true,
        };
        let checks = (0..count).map(|_| Recheck { delivery: self.ctx.id::<DeliveryId>(), ask: ask.clone() }).collect();
        let answers = self.gate.recheck_many(&self.ctx, checks).await.unwrap();
        answers.into_iter().map(|answer| answer.unwrap_or_else(|denial| panic!("{denial:?}"))).collect()
    }

    pub async fn permit(&self) -> SendPermit {
        self.permits(1).await.remove(0)
    }
}

/// A message to Lina.
pub fn message(text: &str) -> Message {
    Message {
        source: Address { kind: TonNpi::NAME, text: "Barid".into() },
        destination: Address { kind: TonNpi::INTERNATIONAL, text: LINA.trim_start_matches('+').into() },
        registered_delivery: 1,
        short_message: text.as_bytes().to_vec(),
        ..Message::default()
    }
}

/// Keeps what is delivered.
#[derive(Default)]
pub struct Kept {
    pub messages: Mutex<Vec<Message>>,
    pub came: Notify,
}

impl Kept {
    /// Waits until so many have come.
    pub async fn wait(&self, count: usize) {
        loop {
            let came = self.came.notified();
            if self.messages.lock().len() >= count {
                return;
            }
            came.await;
        }
    }
}

impl Inbound for Kept {
    fn deliver(&self, message: Message) -> BoxFuture<'_, Result<(), Status>> {
        self.messages.lock().push(message);
        self.came.notify_waiters();
        self.came.notify_one();
        Box::pin(async { Ok(()) })
    }
}

pub fn kept() -> Arc<Kept> {
    Arc::default()
}
