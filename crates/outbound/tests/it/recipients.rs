//! What recipients of data are told (GDPR Art. 19).

use std::sync::Arc;

use aws_lc_rs::hmac;
use data_encoding::BASE64;
use kernel::Email;
use outbound::request_notices::RecipientNotices;
use outbound::webhooks::{Policy, SystemLookup, Webhooks, call_secret};
use outbound::{Channels, Outbound};
use people::contacts::{self, Draft, Origin};
use privacy::disclosures::{self, Disclosure, Notify, RecipientKind};
use privacy::gate::Gate;
use privacy::provenance::Method;
use privacy::requests::recipients::{RECIPIENT_QUEUE, State, of_subject};
use serde_json::json;
use store::jobs::{self, Handler};
use testkit::each_engine;

use crate::receiver::Receiver;

each_engine! {
    async fn a_recipient_is_called_until_it_accepts(t: testkit::Fixture) {
        let (ctx, receiver) = (t.workspace().await, Receiver::start().await);
        let draft = Draft { emails: vec![Email::parse("lina@example.com").unwrap()], ..Draft::default() };
        let origin = Origin { method: Method::Given, source: "told at the desk".into() };
        let lina = contacts::create(&ctx, draft, &origin).await.unwrap();
        let mut batch = ctx.batch();
        let disclosure = Disclosure {
            subject: Some(lina),
            recipient: "Partner GmbH",
            kind: RecipientKind::Partner,
            categories: &["contact"],
            purpose: "a joint fair",
            notify: Some(Notify::Url(receiver.url())),
            reference: Some("fair-7"),
        };
        disclosures::record(&mut batch, &ctx, disclosure).await.unwrap();
        ctx.db.apply(batch).await.unwrap();

        let gate = Gate::new();
        let outbound = Outbound::new(gate.clone(), Channels::default(), "https://post.example.com");
        let policy = Policy::new(["127.0.0.1"]).unwrap();
        let webhooks = Webhooks::new(t.core.clone(), policy, Arc::new(SystemLookup)).unwrap();
        let handlers: [Arc<dyn Handler>; 1] = [Arc::new(RecipientNotices::new(outbound, webhooks))];
        contacts::erase(&ctx, &gate, lina).await.unwrap();
        receiver.will_answer(&[503]);
        jobs::drain(&t.core, &handlers).await.unwrap();
        let notice = of_subject(&ctx, lina).await.unwrap().remove(0);
        assert_eq!((notice.state, notice.attempts), (State::Waiting, 1));
        t.clock.advance(3600);
        jobs::drain(&t.core, &handlers).await.unwrap();
        let notice = of_subject(&ctx, lina).await.unwrap().remove(0);
        assert_eq!((notice.state, notice.acknowledged_at), (State::Acknowledged, Some(ctx.now())));
        assert_eq!(jobs::pending(&ctx.db, RECIPIENT_QUEUE).await.unwrap(), 0);

        let received = receiver.received();
        assert_eq!(received.len(), 2);
        let body = received[1].json();
        assert_eq!((&body["act"], &body["reference"]), (&json!("erased"), &json!("fair-7")));
        assert_eq!(body["addresses"], json!(["email:lina@example.com"]));
        let secret = call_secret(&ctx.keys().await.unwrap(), &receiver.url()).unwrap();
        let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
        let (id, at) = (received[1].header("webhook-id"), received[1].header("webhook-timestamp"));
        let signed = [format!("{id}.{at}.").as_bytes(), &received[1].body].concat();
        let tag = received[1].header("webhook-signature").strip_prefix("v1,").unwrap().to_owned();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        assert!(hmac::verify(&key, &signed, &BASE64.decode(tag.as_bytes()).unwrap()).is_ok());
    }
}
