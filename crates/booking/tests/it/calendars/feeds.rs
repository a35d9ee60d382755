use booking::calendars::{AccountKind, Connect, Detail, ics, publish, published, rendered, withdraw};
use kernel::Locale;
use testkit::Fixture;

use super::{HOST, Server, blocked, calendars, sync};

fn feed(server: &Server) -> Connect {
    Connect {
        host: HOST,
        kind: AccountKind::Feed,
        url: server.url("/feed.ics"),
        username: None,
        password: None,
        label: Some("Holidays".into()),
        addresses: Vec::new(),
        time_zone: Some("Africa/Cairo".into()),
    }
}

testkit::each_engine! {
    async fn a_feed_is_polled_with_its_version(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        let day = ctx.now().plus_seconds(2 * 86_400).to_jiff().strftime("%Y%m%d").to_string();
        let event = format!("BEGIN:VEVENT\r\nUID:1\r\nDTSTART:{day}T100000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n");
        server.state.lock().feed = format!("BEGIN:VCALENDAR\r\n{event}END:VCALENDAR\r\n");
        let account = calendars.connect(&ctx, feed(&server)).await.unwrap();
        assert!(!account.calendars[0].target && !account.calendars[0].writable && account.calendars[0].conflicts);
        sync(&ctx, &calendars, &account).await;
        assert_eq!(blocked(&ctx).await.len(), 1);
        sync(&ctx, &calendars, &account).await;
        assert_eq!(blocked(&ctx).await.len(), 1, "not modified is not empty");
        let twice = event.replace("UID:1", "UID:2").replace("T100000Z", "T150000Z");
        server.state.lock().feed = format!("BEGIN:VCALENDAR\r\n{event}{twice}END:VCALENDAR\r\n");
        sync(&ctx, &calendars, &account).await;
        assert_eq!(blocked(&ctx).await.len(), 2);
        // Whatever comes later, what is known stays until something better is.
        for bad in ["<html>", &"x".repeat(21 << 20)] {
            bad.clone_into(&mut server.state.lock().feed);
            sync(&ctx, &calendars, &account).await;
            assert_eq!(blocked(&ctx).await.len(), 2);
        }
        let shown = calendars.account(&ctx, account.id).await.unwrap();
        assert_eq!(shown.calendars[0].error.as_deref(), Some("too_large"));
        // A server that says "not modified" for ever is not believed for longer than a day.
        server.state.lock().feed = format!("BEGIN:VCALENDAR\r\n{event}END:VCALENDAR\r\n");
        sync(&ctx, &calendars, &account).await;
        t.clock.advance(86_400 + 60);
        sync(&ctx, &calendars, &account).await;
        assert!(server.seen("GET /feed.ics") >= 7);
    }

    async fn a_bomb_blocks_instead_of_offering(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        let day = ctx.now().plus_seconds(2 * 86_400).to_jiff().strftime("%Y%m%d").to_string();
        let bomb = format!("BEGIN:VEVENT\r\nUID:1\r\nDTSTART:{day}T000000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n");
        server.state.lock().feed = format!("BEGIN:VCALENDAR\r\n{bomb}END:VCALENDAR\r\n");
        let account = calendars.connect(&ctx, feed(&server)).await.unwrap();
        sync(&ctx, &calendars, &account).await;
        let blocked = blocked(&ctx).await;
        assert!(blocked.len() <= 10_001);
        assert_eq!(calendars.account(&ctx, account.id).await.unwrap().calendars[0].doubtful, 1);
    }

    async fn a_published_feed_tells_what_it_may_to_who_knows_it(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        let day = ctx.now().plus_seconds(2 * 86_400).to_jiff().strftime("%Y%m%d").to_string();
        server.state.lock().feed = format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:secret\r\nSUMMARY:surgeon\r\nDTSTART:{day}T100000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        let account = calendars.connect(&ctx, feed(&server)).await.unwrap();
        sync(&ctx, &calendars, &account).await;
        let feed = publish(&ctx, HOST, Detail::Busy).await.unwrap();
        let english: Locale = "en".parse().unwrap();
        let text = rendered(&t.core, &feed.token, &english).await.unwrap();
        assert!(!text.contains("surgeon") && !text.contains("secret") && text.contains("SUMMARY:Busy"), "{text}");
        assert_eq!(ics::parse(text.as_bytes()).unwrap().events.len(), 1);
        let arabic: Locale = "ar".parse().unwrap();
        assert!(rendered(&t.core, &feed.token, &arabic).await.unwrap().contains("SUMMARY:مشغول"));
        assert!(published(&ctx, Some(HOST)).await.unwrap()[0].read_at.is_some());
        for forged in ["", "x", &feed.token[1..], &format!("{}x", feed.token)] {
            assert!(rendered(&t.core, forged, &english).await.is_err(), "{forged}");
        }
        assert!(withdraw(&t.workspace().await, feed.id).await.is_err());
        withdraw(&ctx, feed.id).await.unwrap();
        assert!(rendered(&t.core, &feed.token, &english).await.is_err());
    }
}
