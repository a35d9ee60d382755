use std::collections::BTreeMap;

use kernel::{CampaignId, Code, ContactId, Email, PageRequest, Timestamp};
use privacy::provenance::Method;
use serde_json::{Value as Json, json};
use store::{Ctx, Feed, params};

use super::{Live, Progress};
use crate::contacts::{self, Change, Draft, Origin, Standard};
use crate::events::{self, EventRow};
use crate::fields::{self, FieldKind};
use crate::segments::conditions::{EventClass, EventKind, Field, Where};
use crate::segments::saved;
use crate::{Error, tags};

fn origin() -> Origin {
    Origin { method: Method::Given, source: "a test".to_owned() }
}

fn draft(email: &str, first_name: &str) -> Draft {
    Draft {
        emails: vec![Email::parse(email).unwrap()],
        values: BTreeMap::from([(Standard::FirstName, first_name.to_owned()), (Standard::Country, "DE".to_owned())]),
        ..Draft::default()
    }
}

async fn person(ctx: &Ctx, email: &str, first_name: &str) -> ContactId {
    contacts::create(ctx, draft(email, first_name), &origin()).await.unwrap()
}

async fn opened(ctx: &Ctx, contact: ContactId, at: Timestamp) {
    let mut batch = ctx.batch();
    let event = EventRow {
        contact,
        kind: EventKind::Opened,
        class: EventClass::Human,
        campaign: Some(CampaignId([5; 16])),
        message: None,
        at,
    };
    events::push(&mut batch, ctx, &event);
    batch.feed(Feed { kind: "message.opened", entity: [9; 16], data: json!({"contact": contact}) });
    ctx.db.apply(batch).await.unwrap();
}

async fn count(live: &Live, ctx: &Ctx, condition: Json) -> u64 {
    live.count(ctx, &Where::from_json(&condition).unwrap()).await.unwrap().count
}

#[test]
fn while_it_is_read_it_says_when_to_come_back() {
    let slot = super::Slot::default();
    slot.total.store(260_000, std::sync::atomic::Ordering::Relaxed);
    let Err(Error::Refused(problem)) = slot.read(|_| ()) else { panic!("it is not ready") };
    assert_eq!((problem.code, problem.retry_after), (Code::IndexBuilding, Some(6)));
}

testkit::each_engine! {
    async fn what_is_loaded_and_what_follows_are_the_same(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let lina = person(&ctx, "lina@example.com", "لينا").await;
        opened(&ctx, lina, ctx.now()).await;
        fields::define(&ctx, "Age", FieldKind::Number, "marketing").await.unwrap();
        let live = Live::new();
        assert_eq!(live.progress(ctx.workspace), Progress::Cold);
        assert_eq!(count(&live, &ctx, json!({})).await, 1);
        assert_eq!(live.progress(ctx.workspace), Progress::Ready { contacts: 1 });

        let omar = person(&ctx, "omar@example.org", "Omar").await;
        let mut change = Change::default();
        change.draft.tags = vec!["VIP".to_owned()];
        change.draft.attributes.insert("age".to_owned(), json!(31));
        contacts::update(&ctx, omar, change, &origin()).await.unwrap();
        opened(&ctx, omar, ctx.now()).await;
        opened(&ctx, omar, ctx.now().plus_seconds(1)).await;

        let cold = Live::new();
        for (condition, expected) in [
            (json!({}), 2),
            (json!({"tag": "vip"}), 1),
            (json!({"not": {"tag": "Vip"}}), 1),
            (json!({"field": "attributes.age", "op": "gt", "value": 30}), 1),
            (json!({"field": "country", "op": "is", "value": "de"}), 2),
            (json!({"field": "email_domain", "op": "is", "value": "example.org"}), 1),
            (json!({"event": "opened"}), 2),
            (json!({"event": "opened", "at_least": 2, "campaign": CampaignId([5; 16])}), 1),
            (json!({"field": "created_at", "op": "on", "value": "2026-11-21"}), 2),
        ] {
            assert_eq!(count(&live, &ctx, condition.clone()).await, expected, "followed: {condition}");
            assert_eq!(count(&cold, &ctx, condition.clone()).await, expected, "loaded: {condition}");
        }
        let found = live.search(&ctx, "لينا", 10).await.unwrap();
        assert_eq!(found.contacts, [lina]);
        let everyone = Where::everyone();
        let facets = live.facets(&ctx, Field::from_name("country").unwrap(), Some(&everyone), 5).await.unwrap();
        assert_eq!((facets.len(), facets[0].count), (1, 2));
        assert_eq!(live.sample(&ctx, &everyone, 1).await.unwrap().0, 2);
    }

    async fn who_goes_is_gone(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let live = Live::new();
        let lina = person(&ctx, "lina@example.com", "Lina").await;
        let omar = person(&ctx, "omar@example.com", "Omar").await;
        assert_eq!(count(&live, &ctx, json!({})).await, 2);
        contacts::archive(&ctx, lina, true).await.unwrap();
        assert_eq!(count(&live, &ctx, json!({})).await, 1, "put aside");
        contacts::archive(&ctx, lina, false).await.unwrap();
        assert_eq!(count(&live, &ctx, json!({})).await, 2);
        ctx.vault.destroy_data_keys(ctx.workspace, &[omar]).await.unwrap();
        live.forget(ctx.workspace, omar);
        assert_eq!(count(&live, &ctx, json!({"field": "first_name", "op": "is", "value": "Omar"})).await, 0);
        assert_eq!(count(&Live::new(), &ctx, json!({})).await, 1, "without a key nobody is read");
    }

    async fn a_merge_moves_events(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let live = Live::new();
        let kept = person(&ctx, "a@example.com", "Lina").await;
        let other = person(&ctx, "b@example.com", "Lina").await;
        for contact in [kept, other] {
            opened(&ctx, contact, ctx.now().plus_seconds(i64::from(contact == kept))).await;
        }
        assert_eq!(count(&live, &ctx, json!({"event": "opened", "at_least": 2})).await, 0);
        t.clock.advance(86_400);
        contacts::merge(&ctx, kept, other).await.unwrap();
        assert_eq!(count(&live, &ctx, json!({"event": "opened", "at_least": 2})).await, 1);
        assert_eq!(count(&live, &ctx, json!({})).await, 1);
    }

    async fn unknown_names_are_refused(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let live = Live::new();
        for (condition, place) in [
            (json!({"not": {"tag": "unsubscribd"}}), "where.not.tag"),
            (json!({"or": [{"topic": "news"}]}), "where.or[0].topic"),
            (json!({"field": "attributes.plan", "op": "exists"}), "where.field"),
        ] {
            let error = live.count(&ctx, &Where::from_json(&condition).unwrap()).await.unwrap_err();
            let Error::Refused(problem) = error else { panic!("{error}") };
            assert_eq!((problem.code, problem.fields[0].field.as_str()), (Code::InvalidInput, place));
        }
        let id = tags::ensure(&ctx, &["VIP".to_owned()]).await.unwrap()[0];
        person(&ctx, "a@example.com", "A").await;
        assert_eq!(count(&live, &ctx, json!({"tag": id})).await, 0, "by id");
    }

    async fn a_trimmed_feed_leads_to_a_rebuild(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let live = Live::new();
        person(&ctx, "a@example.com", "A").await;
        assert_eq!(count(&live, &ctx, json!({})).await, 1);
        person(&ctx, "b@example.com", "B").await;
        person(&ctx, "c@example.com", "C").await;
        let head = store::feed::head(&ctx.db, ctx.workspace).await.unwrap();
        let mut batch = ctx.batch();
        store::feed::advance(&mut batch, "test", head - 1);
        ctx.db.apply(batch).await.unwrap();
        store::feed::trim(&ctx.db, ctx.workspace, ctx.now().plus_seconds(10)).await.unwrap();
        assert_eq!(count(&live, &ctx, json!({})).await, 3);
    }

    async fn segments_are_saved_sealed(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let condition = Where::from_json(&json!({"field": "email", "op": "is", "value": "lina@example.com"})).unwrap();
        let id = saved::create(&ctx, " Lina alone ", &condition).await.unwrap();
        let read = saved::get(&ctx, id).await.unwrap();
        assert_eq!((read.name.as_str(), &read.condition, read.version), ("Lina alone", &condition, 1));
        saved::update(&ctx, id, 1, "Everyone", &Where::everyone()).await.unwrap();
        assert!(saved::update(&ctx, id, 1, "Late", &condition).await.is_err());
        let page = saved::list(&ctx, &PageRequest::default()).await.unwrap();
        assert_eq!((page.items.len(), page.items[0].name.as_str(), page.next), (1, "Everyone", None));
        assert!(saved::create(&ctx, "two\nlines", &condition).await.is_err());
        saved::delete(&ctx, id).await.unwrap();
        assert!(matches!(saved::delete(&ctx, id).await, Err(Error::NotFound(_))));
        assert!(matches!(saved::get(&ctx, id).await, Err(Error::NotFound(_))));
        let other = saved::create(&ctx, "Again", &condition).await.unwrap();
        let raw: (Vec<u8>,) = ctx.db.one(RAW, params![ctx.workspace, other]).await.unwrap();
        assert!(!raw.0.windows(4).any(|bytes| bytes == b"lina"));
    }
}

store::sql! {
    RAW = "SELECT sealed FROM segment WHERE workspace = $1 AND id = $2";
}
