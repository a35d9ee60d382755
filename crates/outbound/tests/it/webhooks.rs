use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::hmac;
use data_encoding::BASE64;
use kernel::{ContactId, EndpointId, PageRequest, RawId};
use outbound::webhooks::{
    EndpointState, Error, KINDS, Lookup, MessageState, NewEndpoint, Policy, Replay, Shape, SystemLookup,
    UpdateEndpoint, Webhooks,
};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Core, Ctx, Feed, feed, jobs};
use testkit::each_engine;

use crate::receiver::{Received, Receiver};

const KIND: &str = "contact.updated";

fn webhooks(core: &Core) -> Webhooks {
    let policy = Policy::new(["127.0.0.1", "named.example"]).unwrap();
    Webhooks::new(core.clone(), policy, Arc::new(SystemLookup)).unwrap()
}

async fn endpoint(hooks: &Webhooks, ctx: &Ctx, url: String, kinds: &[&str]) -> (EndpointId, String) {
    let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let (endpoint, secret) = hooks.create(ctx, NewEndpoint { url, kinds, shape: Shape::Barid }).await.unwrap();
    (endpoint.id, secret)
}

async fn happen(ctx: &Ctx, kind: &'static str, entity: RawId, data: Json) {
    let mut batch = ctx.batch();
    batch.feed(Feed { kind, entity, data });
    ctx.db.apply(batch).await.unwrap();
}

/// Feeds and hands over everything that is due now.
async fn settle(hooks: &Webhooks, core: &Core) {
    hooks.feed().await.unwrap();
    jobs::drain(core, &[hooks.handler()]).await.unwrap();
}

/// Verifies as the specification tells receivers to, from what came over the wire alone.
fn verifies(request: &Received, secret: &str) -> bool {
    let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let mut signed = format!("{}.{}.", request.header("webhook-id"), request.header("webhook-timestamp")).into_bytes();
    signed.extend_from_slice(&request.body);
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    request.header("webhook-signature").split(' ').any(|part| {
        let tag = BASE64.decode(part.strip_prefix("v1,").unwrap().as_bytes()).unwrap();
        hmac::verify(&key, &signed, &tag).is_ok()
    })
}

fn counters(receiver: &Receiver) -> Vec<i64> {
    receiver.received().iter().map(|request| request.json()["data"]["n"].as_i64().unwrap()).collect()
}

each_engine! {
    async fn a_wanted_event_arrives_signed_and_without_personal_values(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        happen(&ctx, KIND, [1; 16], json!({ "n": 0 })).await;
        let (id, secret) = endpoint(&hooks, &ctx, receiver.url(), &[KIND]).await;
        happen(&ctx, KIND, [1; 16], json!({ "n": 1, "email": "lina@example.com" })).await;
        happen(&ctx, "contact.created", [1; 16], json!({ "n": 2 })).await;
        settle(&hooks, &t.core).await;
        let received = receiver.received();
        assert_eq!(received.len(), 1, "only what is subscribed to, and only from the endpoint's making on");
        let body = received[0].json();
        assert_eq!(body["type"], KIND);
        assert_eq!(body["workspace"], json!(ctx.workspace));
        assert_eq!(body["data"], json!({ "contact": ContactId([1; 16]), "n": 1 }));
        assert_eq!(body["at"], "2026-11-21T09:00:00Z");
        assert_eq!(received[0].header("webhook-id"), body["id"].as_str().unwrap());
        assert_eq!(received[0].header("webhook-timestamp"), t.core.now().as_seconds().to_string());
        assert!(verifies(&received[0], &secret));
        let attempts = hooks.attempts(&ctx, id, &PageRequest::default()).await.unwrap().items;
        assert_eq!((attempts.len(), attempts[0].status, attempts[0].error.as_deref()), (1, Some(200), None));
        let messages = hooks.messages(&ctx, id, &PageRequest::default()).await.unwrap().items;
        assert_eq!((messages.len(), messages[0].state, messages[0].due_at), (1, MessageState::Delivered, None));
        settle(&hooks, &t.core).await;
        assert_eq!(receiver.received().len(), 1, "told once");
    }

    async fn an_objects_later_events_wait_for_the_earlier_one(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        endpoint(&hooks, &ctx, receiver.url(), &["*"]).await;
        receiver.will_answer(&[500]);
        happen(&ctx, KIND, [1; 16], json!({ "n": 1 })).await;
        settle(&hooks, &t.core).await;
        happen(&ctx, KIND, [1; 16], json!({ "n": 2 })).await;
        happen(&ctx, "topic.left", [1; 16], json!({ "n": 3 })).await;
        happen(&ctx, KIND, [2; 16], json!({ "n": 4 })).await;
        settle(&hooks, &t.core).await;
        assert_eq!(counters(&receiver), [1, 4], "another object does not wait");
        t.clock.advance(10);
        settle(&hooks, &t.core).await;
        assert_eq!(counters(&receiver), [1, 4, 1, 2, 3]);
        let received = receiver.received();
        assert_eq!(received[4].json()["type"], "contact.unsubscribed");
        assert_eq!(received[0].header("webhook-id"), received[2].header("webhook-id"), "one event, one id");
    }

    async fn a_failing_endpoint_is_tried_for_three_days_and_then_disabled(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        let (id, _) = endpoint(&hooks, &ctx, receiver.url(), &["*"]).await;
        receiver.will_answer(&[500; 100]);
        happen(&ctx, KIND, [1; 16], json!({ "n": 1 })).await;
        happen(&ctx, KIND, [1; 16], json!({ "n": 2 })).await;
        hooks.feed().await.unwrap();
        let mut hours = 0;
        while hooks.get(&ctx, id).await.unwrap().state == EndpointState::Active {
            settle(&hooks, &t.core).await;
            t.clock.advance(3600);
            hours += 1;
            assert!(hours < 100, "never disabled");
        }
        assert!((48..=73).contains(&hours), "disabled after {hours} hours");
        assert!((10..=20).contains(&receiver.received().len()), "{} attempts", receiver.received().len());
        let endpoint = hooks.get(&ctx, id).await.unwrap();
        assert_eq!(endpoint.reason.as_deref(), Some("failing"));
        assert!(endpoint.failing_since.is_some());
        let states: Vec<_> = hooks.messages(&ctx, id, &PageRequest::default()).await.unwrap().items;
        assert_eq!(states.iter().map(|m| m.state).collect::<Vec<_>>(), [MessageState::Held, MessageState::Failed]);
        let trail = accounts::audit::list(&ctx, None, 10).await.unwrap();
        assert_eq!((trail[0].action.as_str(), trail[0].actor.as_str()), ("webhook.disabled", "system"));

        receiver.recover();
        let replay = Replay { from: Some(kernel::Timestamp(0)), ..Replay::default() };
        assert!(hooks.replay(&ctx, id, replay.clone()).await.is_err(), "first resume it");
        let resume = UpdateEndpoint { state: Some(EndpointState::Active), ..UpdateEndpoint::default() };
        let resumed = hooks.update(&ctx, id, resume).await.unwrap();
        assert_eq!((resumed.failing_since, resumed.reason), (None, None));
        hooks.replay(&ctx, id, replay).await.unwrap();
        settle(&hooks, &t.core).await;
        assert_eq!(counters(&receiver), [1, 2]);
    }

    async fn a_gone_endpoint_is_disabled_at_once(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        let (id, _) = endpoint(&hooks, &ctx, receiver.url(), &["*"]).await;
        receiver.will_answer(&[410]);
        happen(&ctx, KIND, [1; 16], json!({ "n": 1 })).await;
        settle(&hooks, &t.core).await;
        let endpoint = hooks.get(&ctx, id).await.unwrap();
        assert_eq!((endpoint.state, endpoint.reason.as_deref()), (EndpointState::Disabled, Some("gone")));
        happen(&ctx, KIND, [1; 16], json!({ "n": 2 })).await;
        settle(&hooks, &t.core).await;
        assert_eq!(counters(&receiver), [1]);
    }

    async fn a_span_and_a_single_event_are_replayed_in_order(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        let (id, _) = endpoint(&hooks, &ctx, receiver.url(), &["*"]).await;
        for n in 1..=4 {
            happen(&ctx, KIND, [1; 16], json!({ "n": n })).await;
            t.clock.advance(60);
        }
        settle(&hooks, &t.core).await;
        assert_eq!(counters(&receiver), [1, 2, 3, 4]);
        let start = t.core.now();
        let span = Replay { from: Some(start.plus_seconds(-180)), to: Some(start.plus_seconds(-60)), ..Replay::default() };
        hooks.replay(&ctx, id, span.clone()).await.unwrap();
        settle(&hooks, &t.core).await;
        assert_eq!(counters(&receiver), [1, 2, 3, 4, 2, 3]);
        let event = receiver.received()[3].json()["id"].as_str().unwrap().parse().unwrap();
        hooks.replay(&ctx, id, Replay { event: Some(event), ..Replay::default() }).await.unwrap();
        settle(&hooks, &t.core).await;
        assert_eq!(counters(&receiver), [1, 2, 3, 4, 2, 3, 4]);
        hooks.replay(&ctx, id, Replay { undelivered_only: true, ..span }).await.unwrap();
        settle(&hooks, &t.core).await;
        assert_eq!(receiver.received().len(), 7, "everything was accepted already");
        assert!(hooks.replay(&ctx, id, Replay::default()).await.is_err());
    }

    async fn paused_events_are_held_until_replayed(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        let (id, _) = endpoint(&hooks, &ctx, receiver.url(), &["*"]).await;
        let to = |state| UpdateEndpoint { state: Some(state), ..UpdateEndpoint::default() };
        hooks.update(&ctx, id, to(EndpointState::Paused)).await.unwrap();
        happen(&ctx, KIND, [1; 16], json!({ "n": 1 })).await;
        settle(&hooks, &t.core).await;
        hooks.update(&ctx, id, to(EndpointState::Active)).await.unwrap();
        happen(&ctx, KIND, [1; 16], json!({ "n": 2 })).await;
        settle(&hooks, &t.core).await;
        assert_eq!(counters(&receiver), [2]);
        let replay = Replay { from: Some(kernel::Timestamp(0)), undelivered_only: true, ..Replay::default() };
        hooks.replay(&ctx, id, replay).await.unwrap();
        settle(&hooks, &t.core).await;
        assert_eq!(counters(&receiver), [2, 1]);
        assert!(hooks.update(&ctx, id, to(EndpointState::Disabled)).await.is_err());
    }

    async fn both_secrets_verify_while_a_rotation_lasts(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        let (id, old) = endpoint(&hooks, &ctx, receiver.url(), &["*"]).await;
        let new = hooks.rotate(&ctx, id, 3600).await.unwrap();
        assert_ne!(old, new);
        hooks.test(&ctx, id).await.unwrap();
        t.clock.advance(3600);
        let attempt = hooks.test(&ctx, id).await.unwrap();
        assert_eq!((attempt.status, attempt.error), (Some(200), None));
        let received = receiver.received();
        assert_eq!(received[0].json()["type"], "webhook.test");
        assert!(verifies(&received[0], &old) && verifies(&received[0], &new));
        assert!(!verifies(&received[1], &old) && verifies(&received[1], &new));
        assert!(hooks.rotate(&ctx, id, i64::MAX).await.is_err());
    }

    async fn redirects_are_not_followed_and_retry_after_is_heard(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        let (id, _) = endpoint(&hooks, &ctx, receiver.url(), &["*"]).await;
        receiver.will_answer_with(302, &format!("location: http://127.0.0.1:{}/elsewhere\r\n", receiver.port));
        receiver.will_answer_with(429, "retry-after: 600\r\n");
        assert_eq!(hooks.test(&ctx, id).await.unwrap().error.as_deref(), Some("redirect"));
        happen(&ctx, KIND, [1; 16], json!({ "n": 1 })).await;
        settle(&hooks, &t.core).await;
        let due = hooks.messages(&ctx, id, &PageRequest::default()).await.unwrap().items[0].due_at;
        assert_eq!(due, Some(t.core.now().plus_seconds(600)));
        assert_eq!(receiver.received().len(), 2);
    }

    async fn endpoints_are_checked_sealed_listed_and_deleted(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        let new = |url: &str, kind: &str| NewEndpoint {
            url: url.to_owned(),
            kinds: vec![kind.to_owned()],
            shape: Shape::Barid,
        };
        for url in ["http://10.0.0.1/", "https://unlisted.example/", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/"] {
            assert!(matches!(hooks.create(&ctx, new(url, "*")).await, Err(Error::Blocked(_))), "{url}");
        }
        assert!(hooks.create(&ctx, new("http://127.0.0.1/", "contact.exploded")).await.is_err());
        let (id, _) = endpoint(&hooks, &ctx, receiver.url(), KINDS).await;
        let listed = hooks.list(&ctx).await.unwrap();
        assert_eq!((listed.len(), listed[0].url.as_str(), listed[0].created_by.as_str()), (1, receiver.url().as_str(), "console"));
        let other = t.workspace().await;
        assert!(matches!(hooks.get(&other, id).await, Err(Error::NotFound(_))));
        assert!(matches!(hooks.delete(&other, id).await, Err(Error::NotFound(_))));
        happen(&ctx, KIND, [1; 16], json!({ "n": 1 })).await;
        hooks.feed().await.unwrap();
        hooks.delete(&ctx, id).await.unwrap();
        settle(&hooks, &t.core).await;
        assert!(receiver.received().is_empty());
        assert!(matches!(hooks.get(&ctx, id).await, Err(Error::NotFound(_))));
    }

    async fn a_deleted_endpoint_leaves_no_place_in_the_feed(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        let (kept, _) = endpoint(&hooks, &ctx, receiver.url(), KINDS).await;
        let (gone, _) = endpoint(&hooks, &ctx, receiver.url(), KINDS).await;
        let readers = || async {
            let all = feed::consumers(&ctx.db, "webhook:").await.unwrap();
            all.into_iter().map(|(_, reader)| reader).collect::<Vec<_>>()
        };
        let other = t.workspace().await;
        hooks.delete(&other, gone).await.unwrap_err();
        assert_eq!(readers().await.len(), 2, "nobody else's");
        hooks.delete(&ctx, gone).await.unwrap();
        assert_eq!(readers().await, [format!("webhook:{kept}")]);
        // One that a feeder wrote down at the last moment goes with the next sweep; others' places stay.
        let mut late = ctx.batch();
        feed::advance(&mut late, &format!("webhook:{gone}"), 0);
        feed::advance(&mut late, "somebody.else", 7);
        ctx.db.apply(late).await.unwrap();
        hooks.sweep().await.unwrap();
        assert_eq!(readers().await, [format!("webhook:{kept}")]);
        assert_eq!(feed::position(&ctx.db, ctx.workspace, "somebody.else").await.unwrap(), 7);
        happen(&ctx, KIND, [1; 16], json!({ "n": 1 })).await;
        settle(&hooks, &t.core).await;
        assert_eq!(receiver.received().len(), 1);
    }

    async fn old_messages_and_attempts_are_swept(t: testkit::Fixture) {
        let (ctx, hooks, receiver) = (t.workspace().await, webhooks(&t.core), Receiver::start().await);
        let (id, _) = endpoint(&hooks, &ctx, receiver.url(), &["*"]).await;
        happen(&ctx, KIND, [1; 16], json!({ "n": 1 })).await;
        settle(&hooks, &t.core).await;
        t.clock.advance(31 * 86_400);
        happen(&ctx, KIND, [1; 16], json!({ "n": 2 })).await;
        settle(&hooks, &t.core).await;
        hooks.sweep().await.unwrap();
        assert_eq!(hooks.messages(&ctx, id, &PageRequest::default()).await.unwrap().items.len(), 1);
        assert_eq!(hooks.attempts(&ctx, id, &PageRequest::default()).await.unwrap().items.len(), 1);
        let page = PageRequest { limit: Some(1), cursor: None };
        let first = hooks.attempts(&ctx, id, &page).await.unwrap();
        let rest = PageRequest { cursor: first.next, ..page };
        assert!(hooks.attempts(&ctx, id, &rest).await.unwrap().items.is_empty());
    }
}

/// A name that is public when looked at and private when used.
struct Rebinding(AtomicUsize);

impl Lookup for Rebinding {
    fn lookup(&self, _: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let private = self.0.fetch_add(1, Ordering::SeqCst) > 0;
        let ip: IpAddr = if private { [127, 0, 0, 1].into() } else { [192, 0, 2, 1].into() };
        Box::pin(async move { Ok(vec![ip]) })
    }
}

#[test]
fn a_name_that_leads_inside_is_never_connected_to() {
    testkit::run(async {
        let t = testkit::Fixture::sqlite().await;
        let (ctx, receiver) = (t.workspace().await, Receiver::start().await);
        let lookup = Arc::new(Rebinding(AtomicUsize::new(0)));
        let hooks = Webhooks::new(t.core.clone(), Policy::new(["*"]).unwrap(), lookup.clone()).unwrap();
        let url = format!("http://rebinding.example:{}/", receiver.port);
        let (id, _) = endpoint(&hooks, &ctx, url, &["*"]).await;
        for _ in 0..3 {
            assert_eq!(hooks.test(&ctx, id).await.unwrap().error.as_deref(), Some("blocked"));
        }
        assert_eq!(lookup.0.load(Ordering::SeqCst), 3, "looked up and judged in one step, each time");
        assert!(receiver.received().is_empty());
    });
}

/// Resolves every name to this machine.
struct Here;

impl Lookup for Here {
    fn lookup(&self, _: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async { Ok(vec![[127, 0, 0, 1].into()]) })
    }
}

#[test]
fn a_named_host_may_be_private() {
    testkit::run(async {
        let t = testkit::Fixture::sqlite().await;
        let (ctx, receiver) = (t.workspace().await, Receiver::start().await);
        let policy = Policy::new(["named.example"]).unwrap();
        let hooks = Webhooks::new(t.core.clone(), policy, Arc::new(Here)).unwrap();
        let (id, _) = endpoint(&hooks, &ctx, format!("http://named.example:{}/", receiver.port), &["*"]).await;
        assert_eq!(hooks.test(&ctx, id).await.unwrap().status, Some(200));
    });
}
