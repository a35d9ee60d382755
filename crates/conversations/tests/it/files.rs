use conversations::chat::{self, Words};
use conversations::files::{self, FileState, Upload};
use testkit::Fixture;

use crate::house::House;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and some pixels";

testkit::each_engine! {
    async fn files_are_what_their_octets_say(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        let rules = &house.widget.settings.files;
        let upload = |bytes: &'static [u8], declared: Option<&'static str>| Upload { name: "صورة.png", declared, bytes, by_agent: false };
        for (bytes, declared) in [
            (&b"<html>"[..], Some("image/png")),
            (PNG, Some("application/pdf")),
            (b"MZ\x90", None),
            (b"", None),
            (b"PK\x03\x04zip", None),
        ] {
            assert!(files::keep(&house.person, &row, rules, upload(bytes, declared), false).await.is_err());
        }
        let small = conversations::widgets::FileRules { max_bytes: 4, ..rules.clone() };
        assert!(files::keep(&house.person, &row, &small, upload(PNG, None), false).await.is_err());
        let file = files::keep(&house.person, &row, rules, upload(PNG, Some("image/png")), false).await.unwrap();
        assert_eq!(file.meta.media_type, "image/png");
        let words = Words::File(file.id, Some("look".into()));
        let given = chat::say(&house.person, &house.hub, visitor, "f", words).await.unwrap();
        assert_eq!(given.event.body.file.as_ref().unwrap().name, "صورة.png");
        let (_, bytes) = files::content(&house.ctx, &row, file.id).await.unwrap();
        assert_eq!(bytes, PNG);
        // Nobody else's conversation has it.
        let (_, other) = house.visitor("other").await;
        assert!(files::content(&house.ctx, &other, file.id).await.is_err());
    }

    async fn a_file_waits_for_the_scanner(t: Fixture) {
        let house = House::build(t).await;
        let (_, row) = house.visitor("hello").await;
        let rules = &house.widget.settings.files;
        let keep = |name| files::keep(&house.person, &row, rules, Upload { name, declared: None, bytes: PNG, by_agent: false }, true);
        let (good, bad) = (keep("good.png").await.unwrap(), keep("bad.png").await.unwrap());
        assert_eq!(good.state, FileState::Checking);
        assert!(files::content(&house.ctx, &row, good.id).await.is_err(), "it waits");
        assert_eq!(files::to_scan(&house.ctx, good.id).await.unwrap().as_deref(), Some(PNG));
        files::scanned(&house.ctx, &house.hub, good.id, true).await.unwrap();
        files::scanned(&house.ctx, &house.hub, bad.id, false).await.unwrap();
        assert!(files::content(&house.ctx, &row, good.id).await.is_ok());
        assert!(files::content(&house.ctx, &row, bad.id).await.is_err());
        assert!(files::to_scan(&house.ctx, bad.id).await.unwrap().is_none());
    }

    async fn files_that_nobody_sent_are_deleted(t: Fixture) {
        let house = House::build(t).await;
        let (_, row) = house.visitor("hello").await;
        let upload = Upload { name: "a.png", declared: None, bytes: PNG, by_agent: false };
        let file = files::keep(&house.person, &row, &house.widget.settings.files, upload, false).await.unwrap();
        files::trim(&house.ctx).await.unwrap();
        assert!(files::get(&house.ctx, row.id, file.id).await.is_ok());
        house.fixture.clock.advance(86_401);
        files::trim(&house.ctx).await.unwrap();
        assert!(files::get(&house.ctx, row.id, file.id).await.is_err());
    }
}
