use outbound::incoming::{self, Asked, Bounce};
use outbound::tracking;
use privacy::replies::Intent;
use serde_json::json;
use testkit::each_engine;

use crate::house::House;

async fn sent_to_one(house: &House) -> crate::house::Recorded {
    house.people(1).await;
    let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
    campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap();
    house.work().await;
    house.recorder.sent.lock().pop().unwrap()
}

async fn allowed_next(house: &House) -> u64 {
    let again = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
    campaigns::preflight(&house.ctx, &house.outbound, &house.live, again.id).await.unwrap().allowed
}

each_engine! {
    async fn who_leaves_while_queued_gets_nothing(t: testkit::Fixture) {
        let house = House::build(t).await;
        let message = sent_to_one(&house).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 60).await.unwrap();
        house.work().await;
        let gate = house.outbound.gate();
        incoming::unsubscribed(&house.ctx, gate, message.delivery, Asked::ThisTopic, json!({})).await.unwrap();
        incoming::unsubscribed(&house.ctx, gate, message.delivery, Asked::ThisTopic, json!({})).await.unwrap();
        house.fixture.clock.advance(120);
        house.work().await;
        assert!(house.recorder.sent.lock().is_empty());
        let report = campaigns::report(&house.ctx, &house.outbound, campaign.id).await.unwrap();
        assert_eq!((report.counts.denied, report.counts.sent), (1, 0));
    }

    async fn importing_again_brings_nobody_back(t: testkit::Fixture) {
        let house = House::build(t).await;
        let message = sent_to_one(&house).await;
        incoming::unsubscribed(&house.ctx, house.outbound.gate(), message.delivery, Asked::Everything, json!({}))
            .await
            .unwrap();
        house.people(1).await;
        assert_eq!(allowed_next(&house).await, 0);
        let first = campaigns::list(&house.ctx, &campaigns::Wanted::default(), &kernel::PageRequest::default()).await.unwrap().items.pop().unwrap();
        let report = campaigns::report(&house.ctx, &house.outbound, first.id).await.unwrap();
        assert_eq!((report.engagement.unsubscribed, report.engagement.complained), (1, 0));
    }

    async fn replies_bounces_and_complaints_stop_what_they_should(t: testkit::Fixture) {
        let house = House::build(t).await;
        let message = sent_to_one(&house).await;
        let gate = house.outbound.gate();
        let policy = Bounce { delivery: message.delivery, class: "policy", suppress: false, status: None };
        incoming::bounced(&house.ctx, gate, policy).await.unwrap();
        assert_eq!(allowed_next(&house).await, 1, "a policy refusal is not held against the person");
        incoming::replied(&house.ctx, gate, message.delivery, Intent::NotOptout).await.unwrap();
        assert_eq!(allowed_next(&house).await, 1);
        incoming::replied(&house.ctx, gate, message.delivery, Intent::Optout).await.unwrap();
        assert_eq!(allowed_next(&house).await, 0);
    }

    async fn a_complaint_is_an_objection(t: testkit::Fixture) {
        let house = House::build(t).await;
        let message = sent_to_one(&house).await;
        incoming::complained(&house.ctx, house.outbound.gate(), message.delivery, "abuse").await.unwrap();
        assert_eq!(allowed_next(&house).await, 0);
    }

    async fn erasure_takes_queued_messages_with_it(t: testkit::Fixture) {
        let house = House::build(t).await;
        let message = sent_to_one(&house).await;
        let row = outbound::DeliveryRow::find(&house.ctx, message.delivery).await.unwrap().unwrap();
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 60).await.unwrap();
        house.work().await;
        privacy::erasure::erase(&house.ctx, house.outbound.gate(), row.contact).await.unwrap();
        house.fixture.clock.advance(120);
        house.work().await;
        assert!(house.recorder.sent.lock().is_empty());
        assert!(outbound::DeliveryRow::find(&house.ctx, message.delivery).await.unwrap().is_none());
        // The old link says nothing and breaks nothing.
        incoming::unsubscribed(&house.ctx, house.outbound.gate(), message.delivery, Asked::Everything, json!({}))
            .await
            .unwrap();
    }

    async fn tokens_cannot_be_forged_or_used_for_something_else(t: testkit::Fixture) {
        let house = House::build(t).await;
        let message = sent_to_one(&house).await;
        let link = message.unsubscribe.unwrap();
        let token = link.rsplit('/').next().unwrap();
        let core = &house.ctx.core;
        let found = tracking::delivery_of_unsubscribe_token(core, token).await.unwrap();
        assert_eq!(found.delivery, message.delivery);
        assert!(tracking::delivery_of_tracking_token(core, token).await.is_none());
        for index in 0..token.len() {
            let mut changed = token.as_bytes().to_vec();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(tracking::delivery_of_unsubscribe_token(core, &changed).await.is_none());
        }
    }
}
