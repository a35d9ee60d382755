use std::sync::Arc;

use booking::calendars::{CopyJob, Suggested, dismiss, suggestions};
use booking::model::CalendarCopies;
use booking::reservations::{CalendarEntry, State};
use kernel::{BookingId, Pii};
use store::Ctx;
use store::jobs::{self, Handler};
use testkit::Fixture;

use crate::house::House;

use super::{HOST, Server, TYPE, blocked, caldav, calendars, connected, sync};

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

    async fn what_took_place_stays_as_bare_time_where_the_event_type_says_so(t: Fixture) {
        let house = House::build(t).await;
        let ctx = &house.ctx;
        let (server, calendars) = (Server::start().await, calendars(ctx).await);
        connected(ctx, &calendars, &server).await;
        let host = house.host().await;
        let keeps = house.event(&[host], |definition| definition.calendar_copies = CalendarCopies::KeepTime).await;
        let deletes = house.event(&[host], |_| {}).await;
        for (number, of, left) in [(1, &keeps, 1), (2, &deletes, 1)] {
            let mut entry = entry(ctx, 3);
            entry.booking = BookingId([number; 16]);
            entry.uid = format!("{}@barid", entry.booking);
            entry.event_type = of.id;
            calendars.copy(ctx, entry.booking, Some(&entry)).await.unwrap();
            house.fixture.clock.advance(4 * 86_400);
            // Its retention has ended: nothing is left but what the copies' own table knows.
            assert_eq!(calendars.copy(ctx, entry.booking, None).await.unwrap(), None);
            let there = objects(&server);
            assert_eq!(there.len(), left, "{there:?}");
            let text = there[0].1.replace("\r\n ", "");
            assert!(text.contains(&format!("UID:{}@barid", BookingId([1; 16]))) && text.contains("SUMMARY:Consultation\r\n"), "{text}");
            for gone in ["Lina", "lina@example.net", "ATTENDEE", "Room", "LOCATION"] {
                assert!(!text.contains(gone), "{gone} in {text}");
            }
            assert_eq!(calendars.copy(ctx, entry.booking, None).await.unwrap(), None, "once more changes nothing");
        }
        // What is still to come is taken out all the same: its time is free.
        let mut coming = entry(ctx, 3);
        coming.event_type = keeps.id;
        calendars.copy(ctx, coming.booking, Some(&coming)).await.unwrap();
        assert_eq!(objects(&server).len(), 2);
        calendars.copy(ctx, coming.booking, None).await.unwrap();
        assert_eq!(objects(&server).len(), 1);
    }

    async fn no_copy_outlives_its_booking(t: Fixture) {
        let house = House::build(t).await;
        let ctx = &house.ctx;
        let (server, calendars) = (Server::start().await, calendars(ctx).await);
        connected(ctx, &calendars, &server).await;
        let entry = entry(ctx, 3);
        calendars.copy(ctx, entry.booking, Some(&entry)).await.unwrap();
        // No row stands behind it, as after a backup was restored.
        booking::tick(ctx).await.unwrap();
        let handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(CopyJob::new(calendars))];
        jobs::drain(&ctx.core, &handlers).await.unwrap();
        assert!(objects(&server).is_empty());
    }

    async fn a_member_who_leaves_takes_their_calendars_along(t: Fixture) {
        let house = House::build(t).await;
        let ctx = &house.ctx;
        let (server, calendars) = (Server::start().await, calendars(ctx).await);
        let user = house.member("leaves@house.example").await;
        let host = booking::hosts::ensure(ctx, user, "Asia/Riyadh", Some(house.schedule)).await.unwrap();
        let connect = booking::calendars::Connect { host: host.id, ..caldav(&server) };
        calendars.connect(ctx, connect).await.unwrap();
        booking::calendars::publish(ctx, host.id, booking::calendars::Detail::Full).await.unwrap();
        let of = house.event(&[host.id], |_| {}).await;
        let booked = house.book(&of, "lina", "2026-11-24T08:00:00Z").await.unwrap();
        let all = accounts::members::list(ctx, None, 10).await.unwrap();
        let member = all.iter().find(|member| member.user == user).unwrap();
        accounts::members::remove(ctx, accounts::members::Role::Owner.permissions(), member.id).await.unwrap();
        booking::tick(ctx).await.unwrap();
        let handlers: Vec<Arc<dyn Handler>> = vec![Arc::new(CopyJob::new(calendars.clone()))];
        jobs::drain(&ctx.core, &handlers).await.unwrap();
        assert!(calendars.accounts(ctx, Some(host.id)).await.unwrap().is_empty());
        assert!(booking::calendars::published(ctx, Some(host.id)).await.unwrap().is_empty());
        // The meeting still has a host, who is nobody, until somebody takes it over.
        assert_eq!(booked.parts(ctx).await.unwrap().0, [host.id]);
        assert_eq!(booking::hosts::get(ctx, host.id).await.unwrap().member, None);
        let other = house.host().await;
        let taken = booking::reservations::reassign(ctx, &booked, host.id, other).await.unwrap();
        assert_eq!(taken.parts(ctx).await.unwrap().0, [other]);
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
