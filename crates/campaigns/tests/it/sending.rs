use std::collections::BTreeSet;

use campaigns::State;
use outbound::Sent;
use people::import::Basis;
use testkit::each_engine;

use crate::house::House;

each_engine! {
    async fn everybody_allowed_gets_exactly_one_message(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(1200).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        let before = campaigns::preflight(&house.ctx, &house.outbound, &house.live, campaign.id).await.unwrap();
        assert_eq!((before.selected, before.allowed), (1200, 1200), "{before:?}");
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap();
        house.work().await;
        let sent = house.recorder.sent.lock().clone();
        let people: BTreeSet<&str> = sent.iter().map(|message| message.to.as_str()).collect();
        assert_eq!((sent.len(), people.len()), (1200, 1200));
        let one = sent.iter().find(|message| message.to == "user7@people.example").unwrap();
        assert_eq!(one.subject, "News for Name7");
        assert!(one.html.contains("Hello Name7") && one.text.contains("1 Harbour Street"));
        assert!(one.unsubscribe.as_deref().unwrap().starts_with("https://post.example/u/"));
        // Nobody allowed tracking, so links are plain and there is no pixel.
        assert!(one.html.contains("https://shop.example/a") && !one.html.contains("/t/"));
        let report = campaigns::report(&house.ctx, &house.outbound, campaign.id).await.unwrap();
        assert_eq!((report.counts.sent, report.delivered, report.counts.denied), (1200, 1200, 0));
        assert_eq!(report.state, State::Sent);
    }

    async fn people_without_what_their_country_asks_for_are_denied_by_name(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.import("email,country,consent time\na@people.example,DE,2026-05-01\nb@people.example,FR,2026-05-01\n", Basis::Consent).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        let before = campaigns::preflight(&house.ctx, &house.outbound, &house.live, campaign.id).await.unwrap();
        assert_eq!((before.selected, before.allowed), (2, 1));
        assert_eq!(before.denied.get("doi_missing"), Some(&1), "{before:?}");
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap();
        house.work().await;
        assert_eq!(house.recorder.sent.lock().len(), 1);
        let report = campaigns::report(&house.ctx, &house.outbound, campaign.id).await.unwrap();
        assert_eq!((report.counts.sent, report.counts.denied), (1, 1));
    }

    async fn a_dead_address_is_suppressed_and_a_busy_server_is_asked_again(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(1).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        *house.recorder.answer.lock() =
            Sent::Refused { permanent: false, class: "transient", suppress: false, status: "4.2.1".to_owned() };
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap();
        house.work().await;
        let counts = outbound::counts(&house.ctx, campaign.id.into()).await.unwrap();
        assert_eq!((counts.queued, counts.failed), (1, 0));
        *house.recorder.answer.lock() =
            Sent::Refused { permanent: true, class: "hard_address", suppress: true, status: "5.1.1".to_owned() };
        house.fixture.clock.advance(3600);
        house.work().await;
        let counts = outbound::counts(&house.ctx, campaign.id.into()).await.unwrap();
        assert_eq!((counts.queued, counts.failed), (0, 1));
        assert_eq!(counts.failed_by_class.get("hard_address"), Some(&1));
        let again = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        let before = campaigns::preflight(&house.ctx, &house.outbound, &house.live, again.id).await.unwrap();
        assert_eq!((before.selected, before.allowed), (1, 0), "{before:?}");
    }

    async fn deliveries_of_a_dead_process_are_in_doubt_and_not_sent_again(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(10).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        *house.recorder.answer.lock() = Sent::InDoubt { reason: "connection_lost" };
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap();
        house.work().await;
        *house.recorder.answer.lock() = Sent::Accepted { status: "2.0.0".to_owned() };
        assert_eq!(outbound::recover_all(&house.ctx.core, Some(house.ctx.now())).await.unwrap(), 0);
        house.fixture.clock.advance(7200);
        house.work().await;
        let report = campaigns::report(&house.ctx, &house.outbound, campaign.id).await.unwrap();
        assert_eq!((report.counts.in_doubt, report.counts.sent, report.state), (10, 0, State::Sent));
        assert!(house.recorder.sent.lock().is_empty());
    }
}
