use campaigns::{Error, State};
use content::Body;
use kernel::Email;
use serde_json::json;
use store::jobs::{self, Handler};
use testkit::each_engine;

use crate::house::House;

each_engine! {
    async fn the_grace_period_lets_a_campaign_be_cancelled(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(20).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 60).await.unwrap();
        house.work().await;
        assert!(house.recorder.sent.lock().is_empty());
        campaigns::cancel(&house.ctx, campaign.id).await.unwrap();
        house.fixture.clock.advance(120);
        house.work().await;
        assert!(house.recorder.sent.lock().is_empty());
        let report = campaigns::report(&house.ctx, &house.outbound, campaign.id).await.unwrap();
        assert_eq!((report.counts.cancelled, report.state), (20, State::Cancelled));
    }

    async fn a_paused_campaign_sends_nothing_until_resumed(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(20).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 60).await.unwrap();
        house.work().await;
        campaigns::pause(&house.ctx, campaign.id).await.unwrap();
        house.fixture.clock.advance(120);
        house.work().await;
        assert!(house.recorder.sent.lock().is_empty());
        campaigns::resume(&house.ctx, campaign.id).await.unwrap();
        house.work().await;
        assert_eq!(house.recorder.sent.lock().len(), 20);
        assert_eq!(campaigns::get(&house.ctx, campaign.id).await.unwrap().state, State::Sent);
    }

    async fn a_closing_process_takes_no_more_into_its_hands(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(20).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 60).await.unwrap();
        house.work().await;
        house.fixture.clock.advance(120);
        house.outbound.close();
        let sender = outbound::SendJob::new(house.outbound.clone());
        let due = jobs::claim(&house.ctx.core, sender.queue(), 5).await.unwrap();
        assert_eq!(due.len(), 1);
        for job in due {
            jobs::run_one(&house.ctx.core, &sender, job).await.unwrap();
        }
        assert!(house.recorder.sent.lock().is_empty());
        let report = campaigns::report(&house.ctx, &house.outbound, campaign.id).await.unwrap();
        assert_eq!((report.counts.queued, report.state), (20, State::Sending));
        assert_eq!(jobs::pending(&house.ctx.core.db, sender.queue()).await.unwrap(), 1);
    }

    async fn a_scheduled_campaign_starts_by_itself(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(3).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        let at = house.ctx.now().plus_seconds(3600);
        campaigns::schedule(&house.ctx, &house.outbound, campaign.id, at).await.unwrap();
        house.work().await;
        assert!(house.recorder.sent.lock().is_empty());
        house.fixture.clock.advance(3600);
        house.work().await;
        assert_eq!(house.recorder.sent.lock().len(), 3);
    }

    async fn what_is_missing_is_named_before_anything_is_sent(t: testkit::Fixture) {
        let house = House::build(t).await;
        let mut draft = house.draft();
        draft.content.body = Body::Html("<p>Hello</p>".to_owned());
        let campaign = campaigns::create(&house.ctx, &house.outbound, draft.clone()).await.unwrap();
        let refused = campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap_err();
        let Error::Incomplete(missing) = &refused else { panic!("{refused}") };
        assert!(missing.contains(&"unsubscribe_link:html") && missing.contains(&"postal_address:text"), "{missing:?}");
        draft.content.body = Body::Html("<p>{{ first_nmae | fallback: \"\" }}</p>".to_owned());
        let refused = campaigns::create(&house.ctx, &house.outbound, draft.clone()).await.unwrap_err();
        assert!(refused.problem().fields[0].field.starts_with("html:1:"), "{:?}", refused.problem());
        draft.content.body = Body::Html(crate::house::HTML.to_owned());
        draft.from_email = Email::parse("news@elsewhere.example").unwrap();
        let campaign = campaigns::create(&house.ctx, &house.outbound, draft).await.unwrap();
        let refused = campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap_err();
        assert!(matches!(refused, Error::SenderNotVerified(_)), "{refused}");
    }

    async fn a_design_is_sent_when_it_is_finished_and_carries_the_notice_when_there_is_a_reason(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(1).await;
        let design = |alt: &str| {
            let image = json!({ "id": "i", "type": "image", "src": "/i/starters/hills.png", "alt": alt });
            let text = json!({ "id": "h", "type": "heading", "level": 1, "content": [{ "type": "text", "text": "Spring" }] });
            let footer = json!({ "id": "f", "type": "footer" });
            let rows = json!([{ "id": "r", "layout": [1], "cols": [[image, text, footer]] }]);
            let design = json!({ "v": 1, "dir": "ltr", "lang": "en", "rows": rows });
            Body::Design(Box::new(content::design::Design::read(design).unwrap()))
        };
        let mut draft = house.draft();
        draft.content.body = design("");
        let campaign = campaigns::create(&house.ctx, &house.outbound, draft.clone()).await.unwrap();
        let refused = campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap_err().problem();
        assert_eq!(refused.fields[0].field, "design:/rows/0/cols/0/0/alt");
        draft.content.body = design("Hills");
        let version = campaign.version;
        campaigns::update(&house.ctx, &house.outbound, campaign.id, version, draft.clone()).await.unwrap();
        campaigns::send(&house.ctx, &house.outbound, campaign.id, 0).await.unwrap();
        house.work().await;
        draft.reason = Some("You met us at the fair.".to_owned());
        let with_reason = campaigns::create(&house.ctx, &house.outbound, draft).await.unwrap();
        campaigns::send(&house.ctx, &house.outbound, with_reason.id, 0).await.unwrap();
        house.work().await;
        let sent = house.recorder.sent.lock().clone();
        assert_eq!(sent.len(), 2);
        assert!(sent[0].html.contains("Spring</h1>") && sent[0].html.contains("alt=\"Hills\""), "{}", sent[0].html);
        assert!(sent[0].html.contains("http") && !sent[0].html.contains("src=\"/i/"), "{}", sent[0].html);
        assert!(sent[0].text.contains("1 Harbour Street") && !sent[0].text.contains("at the fair"), "{}", sent[0].text);
        for part in [&sent[1].html, &sent[1].text] {
            assert!(part.contains("You met us at the fair.") && part.contains("we process only"), "{part}");
        }
    }

    async fn a_test_goes_to_members_only(t: testkit::Fixture) {
        let house = House::build(t).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        let stranger = Email::parse("stranger@people.example").unwrap();
        assert!(campaigns::test(&house.ctx, &house.outbound, campaign.id, &[stranger]).await.is_err());
        let owner = Email::parse("Owner@sender.example").unwrap();
        campaigns::test(&house.ctx, &house.outbound, campaign.id, &[owner]).await.unwrap();
        house.work().await;
        let sent = house.recorder.sent.lock().clone();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].subject.starts_with("[Test] "));
    }

    async fn another_workspace_sees_nothing(t: testkit::Fixture) {
        let house = House::build(t).await;
        let campaign = campaigns::create(&house.ctx, &house.outbound, house.draft()).await.unwrap();
        let other = house.fixture.workspace().await;
        assert!(matches!(campaigns::get(&other, campaign.id).await, Err(Error::NotFound)));
        assert!(campaigns::list(&other, &campaigns::Wanted::default(), &kernel::PageRequest::default()).await.unwrap().items.is_empty());
    }
}
