use kernel::Code;
use people::contacts;
use people::subscribe::{Invitation, Leave, Proof, Subscribe, Subscribed, confirm, issue, subscribe, unsubscribe};
use privacy::gate::Gate;
use privacy::vocabulary::ConsentState;
use serde_json::json;
use store::{Actor, Ctx};
use testkit::Fixture;

use crate::{origin, person, topic};

fn join(topic: kernel::TopicId) -> Subscribe {
    let proof =
        Proof { ip: Some("192.0.2.1".parse().unwrap()), wording: Some("Yes, please".into()), ..Proof::default() };
    Subscribe { draft: person("lina@example.com", "Lina"), topic, origin: origin(), proof }
}

fn as_person(ctx: &Ctx) -> Ctx {
    ctx.core.ctx(ctx.workspace, Actor::Person)
}

async fn token(ctx: &Ctx, contact: kernel::ContactId, topic: kernel::TopicId) -> String {
    let invitation = Invitation { workspace: ctx.workspace, contact, topic, requested_at: ctx.now() };
    issue(&ctx.keys().await.unwrap(), &invitation)
}

testkit::each_engine! {
    async fn double_opt_in_waits_for_the_person(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", true).await;
        let person = as_person(&ctx);
        let Subscribed::Requested(contact) = subscribe(&person, join(news)).await.unwrap() else { panic!() };
        assert_eq!(subscribe(&person, join(news)).await.unwrap(), Subscribed::Requested(contact));
        let claims = privacy::claims::list(&ctx, contact).await.unwrap();
        assert_eq!(claims[0].state, ConsentState::Requested);
        assert_eq!(store::jobs::pending(&ctx.db, people::subscribe::CONFIRMATION_QUEUE).await.unwrap(), 1);

        let token = token(&ctx, contact, news).await;
        assert!(confirm(&t.core, &format!("{token}x"), &Proof::default()).await.is_err());
        t.clock.advance(60);
        assert!(!confirm(&t.core, &token, &Proof::default()).await.unwrap().again);
        assert!(confirm(&t.core, &token, &Proof::default()).await.unwrap().again);
        let claims = privacy::claims::list(&ctx, contact).await.unwrap();
        assert_eq!((claims[0].state, claims[0].confirmed_at), (ConsentState::Given, Some(ctx.now())));
        assert_eq!(contacts::get(&ctx, people::ReadFor::Work, contact).await.unwrap().to_json()["topics"], json!({"News": "subscribed"}));
        assert_eq!(subscribe(&ctx, join(news)).await.unwrap(), Subscribed::Already(contact));

        t.clock.advance(8 * 86_400);
        let late = confirm(&t.core, &token, &Proof::default()).await.unwrap_err();
        assert_eq!(late.problem().code, Code::Gone);
    }

    async fn leaving_holds_until_the_person_confirms_anew(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", false).await;
        let Subscribed::Joined(contact) = subscribe(&ctx, join(news)).await.unwrap() else { panic!() };
        let before = token(&ctx, contact, news).await;
        t.clock.advance(60);
        let gate = Gate::new();
        unsubscribe(&as_person(&ctx), &gate, contact, Leave::Topic(news), json!({"by": "link"})).await.unwrap();
        unsubscribe(&as_person(&ctx), &gate, contact, Leave::Topic(news), json!({"by": "link"})).await.unwrap();
        assert_eq!(contacts::get(&ctx, people::ReadFor::Work, contact).await.unwrap().to_json()["topics"], json!({"News": "unsubscribed"}));
        assert_eq!(contacts::get(&ctx, people::ReadFor::Work, contact).await.unwrap().events.len(), 2);
        assert_eq!(privacy::claims::list(&ctx, contact).await.unwrap()[0].state, ConsentState::Withdrawn);
        // A link older than the leaving does not undo it, and members cannot.
        assert!(confirm(&t.core, &before, &Proof::default()).await.is_err());
        assert_eq!(subscribe(&ctx, join(news)).await.unwrap_err().problem().code, Code::BlockedTarget);

        t.clock.advance(60);
        let again = subscribe(&as_person(&ctx), join(news)).await.unwrap();
        assert_eq!(again, Subscribed::Requested(contact));
        let token = token(&ctx, contact, news).await;
        t.clock.advance(60);
        confirm(&t.core, &token, &Proof::default()).await.unwrap();
        let keys = ctx.keys().await.unwrap();
        let hash = privacy::suppression::email_hash(&keys, &"lina@example.com".parse().unwrap());
        assert_eq!(privacy::suppression::check(&ctx, &[hash]).await.unwrap(), [Vec::new()]);
        privacy::ledger::verify_stored(&ctx, true).await.unwrap();
    }

    async fn strangers_cannot_overwrite_a_person(t: Fixture) {
        let ctx = t.workspace().await;
        let news = topic(&ctx, "News", true).await;
        let contact = contacts::create(&ctx, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        let mut command = join(news);
        command.draft = person("lina@example.com", "Mallory");
        subscribe(&as_person(&ctx), command).await.unwrap();
        assert_eq!(contacts::get(&ctx, people::ReadFor::Work, contact).await.unwrap().to_json()["first_name"], "Lina");
    }
}
