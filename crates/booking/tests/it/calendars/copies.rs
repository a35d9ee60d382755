use booking::calendars::{Suggested, dismiss, suggestions};
use booking::reservations::{CalendarEntry, State};
use kernel::{BookingId, Pii};
use store::Ctx;
use testkit::Fixture;

use super::{HOST, Server, TYPE, blocked, calendars, connected, sync};

fn entry(ctx: &Ctx, days: i64) -> CalendarEntry {
    let booking = BookingId([3; 16]);
    let start = ctx.now().plus_seconds(days * 86_400);
    CalendarEntry {
        booking,
        event_type: TYPE,
        uid: format!("{booking}@book.example.com"),
        sequence: 0,
        state: State::Confirmed,
        start,
        end: start.plus_seconds(1800),
        zone: "Asia/Riyadh".into(),
        hosts: vec![HOST],
        title: "Consultation, first".into(),
        location: Some(Pii::new("Room; 2".into())),
        attendees: vec![(Pii::new("Lina".into()), Pii::new("lina@example.net".into()))],
        updated_at: ctx.now(),
    }
}

fn objects(server: &Server) -> Vec<(String, String)> {
    server.state.lock().objects.iter().map(|(path, (_, text))| (path.clone(), text.clone())).collect()
}

testkit::each_engine! {
    async fn a_booking_is_written_moved_and_taken_out(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        let account = connected(&ctx, &calendars, &server).await;
        let mut entry = entry(&ctx, 3);
        assert_eq!(calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap(), None);
        let written = objects(&server);
        assert_eq!(written.len(), 1);
        let text = written[0].1.replace("\r\n ", "");
        assert!(text.contains(&format!("UID:{}", entry.uid)) && text.contains("SUMMARY:Consultation\\, first: Lina"), "{text}");
        assert!(text.contains("SCHEDULE-AGENT=CLIENT") && !text.contains("METHOD"), "{text}");
        // Read back, it does not block what the booking itself blocks.
        sync(&ctx, &calendars, &account).await;
        assert!(blocked(&ctx).await.is_empty());

        entry.start = entry.start.plus_seconds(7200);
        entry.end = entry.end.plus_seconds(7200);
        entry.sequence = 1;
        calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap();
        let moved = objects(&server);
        assert_eq!((moved.len(), &moved[0].0), (1, &written[0].0));
        assert!(moved[0].1.contains("SEQUENCE:1"));

        entry.state = State::Cancelled;
        calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap();
        assert!(objects(&server).is_empty());
        // Once more changes nothing.
        assert_eq!(calendars.copy(&ctx, entry.booking, None).await.unwrap(), None);
    }

    async fn writing_twice_makes_one_event(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        connected(&ctx, &calendars, &server).await;
        let entry = entry(&ctx, 3);
        // What a crash after the request left behind: the event is there, the copy is not known.
        let path = format!("/me/cal/work/{}.ics", entry.uid.replace('@', "-"));
        let text = format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:{}\r\nDTSTART:20260101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", entry.uid);
        server.state.lock().put(&path, &text);
        assert_eq!(calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap(), None);
        assert_eq!(objects(&server).len(), 1);
        assert!(objects(&server)[0].1.contains("SUMMARY"));
        // Somebody else's event under that name is never overwritten.
        calendars.copy(&ctx, entry.booking, None).await.unwrap();
        server.state.lock().put(&path, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:other\r\nDTSTART:20260101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        assert!(calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap().is_some());
        assert!(objects(&server)[0].1.contains("UID:other"));
    }

    async fn the_hosts_own_change_is_overwritten_by_the_bookings(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        connected(&ctx, &calendars, &server).await;
        let mut entry = entry(&ctx, 3);
        calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap();
        let (path, text) = objects(&server).remove(0);
        server.state.lock().put(&path, &text.replace("SUMMARY:", "SUMMARY:mine "));
        entry.sequence = 1;
        assert_eq!(calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap(), None);
        assert!(!objects(&server)[0].1.contains("mine"));
        // A server that is away for a while: the job comes back.
        server.state.lock().broken = Some(503);
        assert!(calendars.copy(&ctx, entry.booking, None).await.unwrap().is_some());
        server.state.lock().broken = None;
        assert_eq!(calendars.copy(&ctx, entry.booking, None).await.unwrap(), None);
        assert!(objects(&server).is_empty());
    }

    async fn what_the_host_does_to_a_copy_is_a_suggestion(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        let account = connected(&ctx, &calendars, &server).await;
        let entry = entry(&ctx, 3);
        calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap();
        sync(&ctx, &calendars, &account).await;
        assert!(suggestions(&ctx).await.unwrap().is_empty());
        t.clock.advance(120);
        let (path, text) = objects(&server).remove(0);
        let start = entry.start.to_jiff().strftime("DTSTART:%Y%m%dT%H%M%SZ").to_string();
        let earlier = entry.start.plus_seconds(-3600).to_jiff().strftime("DTSTART:%Y%m%dT%H%M%SZ").to_string();
        server.state.lock().put(&path, &text.replace(&start, &earlier));
        sync(&ctx, &calendars, &account).await;
        let open = suggestions(&ctx).await.unwrap();
        assert_eq!((open.len(), open[0].kind, open[0].booking, open[0].host), (1, Suggested::Moved, entry.booking, HOST));
        dismiss(&ctx, entry.booking).await.unwrap();
        assert!(suggestions(&ctx).await.unwrap().is_empty());
        calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap();
        t.clock.advance(120);
        sync(&ctx, &calendars, &account).await;
        server.state.lock().delete(&path);
        sync(&ctx, &calendars, &account).await;
        let open = suggestions(&ctx).await.unwrap();
        assert_eq!((open.len(), open[0].kind), (1, Suggested::Deleted));
        assert!(dismiss(&ctx, BookingId([4; 16])).await.is_err());
    }

    async fn leaving_takes_coming_copies_out(t: Fixture) {
        let ctx = t.workspace().await;
        let (server, calendars) = (Server::start().await, calendars(&ctx).await);
        let account = connected(&ctx, &calendars, &server).await;
        let entry = entry(&ctx, 3);
        calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap();
        calendars.leave(&ctx, account.id).await.unwrap();
        assert!(objects(&server).is_empty());
        // The booking changes later: nothing is left to change.
        assert_eq!(calendars.copy(&ctx, entry.booking, Some(&entry)).await.unwrap(), None);
    }
}
