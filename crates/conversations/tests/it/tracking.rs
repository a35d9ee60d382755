//! Being seen needs leave that can be shown, and so does advertising.

use conversations::visitors::{self, Leave};
use conversations::widgets;
use kernel::ContactId;
use people::subscribe::Proof;
use privacy::vocabulary::{Channel, ConsentState};
use privacy::{claims, ledger};
use testkit::Fixture;

use crate::house::House;

testkit::each_engine! {
    async fn leave_to_be_seen_is_evidence_and_so_is_taking_it_back(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, _) = house.visitor("hello").await;
        let leave = |given| Leave {
            given,
            wording: Some("May we see which pages you look at?".to_owned()),
            notice: None,
            country: Some("SA".to_owned()),
            proof: Proof { ip: Some("192.0.2.7".parse().unwrap()), user_agent: Some("Browser/1".into()), ..Proof::default() },
        };
        let subject = ContactId(visitor.0);
        visitors::agree(&house.person, visitor, &leave(false)).await.unwrap();
        assert!(claims::list(&house.ctx, subject).await.unwrap().is_empty(), "nothing was given that could be taken back");
        let seen = visitors::agree(&house.person, visitor, &leave(true)).await.unwrap();
        assert_eq!((seen.tracking, seen.profile.country.as_deref()), (true, Some("SA")));
        let stated = claims::list(&house.ctx, subject).await.unwrap();
        assert_eq!((stated.len(), stated[0].channel, stated[0].state), (1, Channel::Chat, ConsentState::Given));
        assert_eq!(stated[0].purpose.to_string(), "engagement_tracking");
        visitors::change(&house.ctx, visitor, |kept| kept.profile.browser = Some("Browser/1".into())).await.unwrap();
        house.fixture.clock.advance(60);
        let unseen = visitors::agree(&house.person, visitor, &leave(false)).await.unwrap();
        assert!(!unseen.tracking && unseen.profile.browser.is_none() && unseen.profile.country.is_none());
        let stated = claims::list(&house.ctx, subject).await.unwrap();
        assert_eq!(stated[0].state, ConsentState::Withdrawn);
        assert_eq!(claims::from_ledger(&house.ctx, subject).await.unwrap(), stated, "the ledger says the same");
    }

    async fn the_words_of_the_question_stand_in_the_ledger(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, _) = house.visitor("hello").await;
        let words = "هل تسمح بأن نرى الصفحات التي تنظر إليها؟ You can say no later.";
        let leave = |given, wording: Option<&str>| Leave {
            given,
            wording: wording.map(str::to_owned),
            notice: None,
            country: None,
            proof: Proof { ip: Some("192.0.2.7".parse().unwrap()), page: Some("https://shop.example/".into()), ..Proof::default() },
        };
        let too_long = leave(true, Some(&"x".repeat(2001)));
        assert!(visitors::agree(&house.person, visitor, &too_long).await.is_err());
        visitors::agree(&house.person, visitor, &leave(true, Some(words))).await.unwrap();
        house.fixture.clock.advance(60);
        visitors::agree(&house.person, visitor, &leave(false, None)).await.unwrap();
        let subject = ContactId(visitor.0);
        let (keys, own) = (house.ctx.keys().await.unwrap(), house.ctx.vault.subject(house.ctx.workspace, subject).await.unwrap());
        let stated = ledger::open(&house.ctx, &keys, subject, &own).await.unwrap();
        let about: Vec<_> = stated.iter().filter(|one| one.header["purpose"] == "engagement_tracking").collect();
        assert_eq!(about.len(), 2);
        let (given, taken_back) = (about[0].payload.as_ref().unwrap(), about[1].payload.as_ref().unwrap());
        assert_eq!((&given["wording"], &given["page"], &given["ip"]), (&words.into(), &"https://shop.example/".into(), &"192.0.2.7".into()));
        assert!(taken_back["wording"].is_null(), "nothing was asked then");
    }

    async fn a_box_to_tick_names_what_it_joins(t: Fixture) {
        let house = House::build(t).await;
        let settings = |topic: serde_json::Value| -> widgets::Settings {
            serde_json::from_value(serde_json::json!({ "forms": { "pre_chat": { "enabled": true, "fields": [
                { "key": "news", "kind": "consent", "purpose": "marketing", "label": { "en": "News" }, "topic": topic } ] } } }))
            .unwrap()
        };
        let refused = widgets::create(&house.ctx, "W", &settings(serde_json::Value::Null)).await.unwrap_err().problem();
        assert_eq!(refused.fields[0].field, "forms.pre_chat.fields[0].topic");
        let nobody = settings(serde_json::json!("top_00000000000000000000000001"));
        assert!(widgets::create(&house.ctx, "W", &nobody).await.is_err());
    }

    async fn a_photo_is_shown_beside_a_name_that_is_shown(t: Fixture) {
        use conversations::agents::{self, Change};
        let house = House::build(t).await;
        let user = house.users[0];
        let jpeg = b"\xff\xd8\xff\xe0\0\x04JF\xff\xe1\0\x06HOME\xff\xdb\0\x03q\xff\xda\0\x02data\xff\xd9";
        assert!(agents::set_photo(&house.ctx, &house.hub, user, b"<svg/>").await.is_err());
        assert!(agents::set_photo(&house.ctx, &house.hub, user, &vec![0; 600_000]).await.is_err());
        let path = agents::set_photo(&house.ctx, &house.hub, user, jpeg).await.unwrap();
        assert_eq!(agents::shown_photo(&house.ctx, user).await.unwrap(), None, "the name is the member's own to show");
        let change = Change { show_name: Some(true), shown: Some("Lina".into()), ..Change::default() };
        agents::update(&house.ctx, &house.hub, user, change).await.unwrap();
        assert_eq!(agents::shown_photo(&house.ctx, user).await.unwrap(), Some(path.clone()));
        let name = path.rsplit('/').next().unwrap();
        let (media_type, bytes) = agents::photo(&house.ctx.core, name).await.unwrap();
        assert_eq!(media_type, "image/jpeg");
        assert!(!bytes.windows(4).any(|part| part == b"HOME"), "where it was taken is gone");
        assert!(agents::photo(&house.ctx.core, "AAAAAAAAAAAAAAAAAAAAAA").await.is_err());
        assert!(agents::photo(&house.ctx.core, "../etc").await.is_err());
        agents::remove_photo(&house.ctx, &house.hub, user).await.unwrap();
        assert!(agents::photo(&house.ctx.core, name).await.is_err());
    }
}
