//! What was booked elsewhere comes once, as it was, and without a word to anybody.

use booking::event_types::{self, TypeState};
use booking::import::{Report, Wanted, run};
use booking::offer::{Wanted as Asked, offer};
use booking::reservations::{self, By, Filter, State};
use kernel::{Code, Email};
use serde_json::json;
use testkit::Fixture;

use crate::house::{House, at};

const HEAD: &str = "User Email,Invitee Name,Invitee Email,Invitee Time Zone,Event Type Name,Start Date & Time,End Date & Time,Canceled,Cancellation reason,Marked as No-Show,Question 1,Response 1,Question 2,Response 2,Invitee UUID";

fn types() -> String {
    json!({ "collection": [
        { "uri": "https://api.calendly.com/event_types/A", "name": "Intro", "slug": "intro", "duration": 30, "active": true,
          "custom_questions": [{ "name": "What about?", "type": "text", "enabled": true }] },
        { "uri": "https://api.calendly.com/event_types/B", "name": "Old", "slug": "intro", "duration": 45, "active": false },
        { "uri": "https://api.calendly.com/event_types/C", "name": "Wrong", "duration": 0 },
    ] })
    .to_string()
}

fn events() -> String {
    let line = |name: &str, mail: &str, start: &str, end: &str, rest: &str| {
        format!("owner@house.example,{name},{mail}@guest.example,Europe/Berlin,Intro,{start},{end},{rest}\n")
    };
    [
        format!("{HEAD}\n"),
        // Took place, came to or not; called off; to come; at the same time as the one before.
        line(
            "Lina H",
            "lina",
            "2026-10-01 09:00 am",
            "2026-10-01 09:30 am",
            "false,,,What about?,canary-answer,Shoe size?,44,u-1",
        ),
        line("Omar F", "omar", "2026-10-02 09:00 am", "2026-10-02 09:30 am", "false,,yes,,,,,u-2"),
        line("Huda K", "huda", "2026-10-03 09:00 am", "2026-10-03 09:30 am", "true,was ill,,,,,,u-3"),
        line("Noor A", "noor", "2026-12-01 09:00 am", "2026-12-01 09:30 am", "false,,,,,,,u-4"),
        line("Sami B", "sami", "2026-12-01 09:15 am", "2026-12-01 09:45 am", "false,,,,,,,u-5"),
        "nobody@house.example,X,x@guest.example,,Intro,2026-10-04 09:00 am,2026-10-04 09:30 am,false,,,,,,,u-6\n"
            .to_owned(),
        "owner@house.example,X,x@guest.example,,Unheard of,2026-10-04 09:00 am,2026-10-04 09:30 am,false,,,,,,,u-7\n"
            .to_owned(),
        "owner@house.example,X,nobody,,Intro,2026-10-04 09:00 am,2026-10-04 09:30 am,false,,,,,,,u-8\n".to_owned(),
    ]
    .concat()
}

async fn import(house: &House, dry_run: bool) -> Report {
    let wanted = Wanted {
        event_types: Some(types()),
        events: Some(events()),
        timezone: Some("Asia/Riyadh".into()),
        dry_run,
        ..Wanted::default()
    };
    run(&house.ctx, &wanted).await.unwrap()
}

testkit::each_engine! {
    async fn twice_is_once_and_a_look_changes_nothing(t: Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let ctx = &house.ctx;
        let look = import(&house, true).await;
        assert!(look.dry_run && event_types::all(ctx).await.unwrap().is_empty());
        let done = import(&house, false).await;
        assert_eq!((done.event_types.rows, done.event_types.new, done.event_types.rejected), (3, 2, 1));
        assert_eq!((look.event_types.clone(), look.answers_left_out), (done.event_types.clone(), done.answers_left_out));
        assert_eq!((done.bookings.rows, done.bookings.new, done.bookings.rejected, done.answers_left_out), (8, 4, 4, 1));
        let told: Vec<(&str, u64)> = done.rejected.iter().map(|one| (one.file, one.line)).collect();
        assert_eq!(told, [("event_types", 3), ("events", 9), ("events", 6), ("events", 7), ("events", 8)]);
        assert!(!format!("{:?}", done.rejected).contains("guest.example"), "no content in reports");
        let all = event_types::all(ctx).await.unwrap();
        let found: Vec<(&str, TypeState)> = all.iter().map(|of| (of.slug.as_str(), of.state)).collect();
        assert_eq!(found, [("intro", TypeState::Hidden), ("intro-2", TypeState::Archived)]);
        let again = import(&house, false).await;
        assert_eq!((again.event_types.known, again.event_types.new, again.bookings.known, again.bookings.new), (2, 0, 4, 0));

        let filter = Filter { from: at("2026-09-01T00:00:00Z"), to: at("2027-01-01T00:00:00Z"), ..Filter::default() };
        let rows = reservations::list(ctx, &filter, 50).await.unwrap();
        let states: Vec<(State, bool)> = rows.iter().map(|one| (one.state, one.no_show)).collect();
        let (came, gone) = (State::Confirmed, State::Cancelled);
        assert_eq!(states, [(came, false), (came, true), (gone, false), (came, false)]);
        assert_eq!((rows[0].civil.as_str(), rows[0].source.as_str()), ("2026-10-01T09:00:00", "import"));
        let details = rows[0].details(ctx).await.unwrap().unwrap();
        assert_eq!(details.answers, [("question_1".to_owned(), json!("canary-answer"))].into());
        assert_eq!(rows[0].parts(ctx).await.unwrap().0, [host]);
        assert_eq!(rows[2].details(ctx).await.unwrap().unwrap().reason.as_deref(), Some("was ill"));
        // What is to come takes its time, and can be called off like every other.
        let start = rows[3].start;
        let free = async || {
            let asked = Asked::between(start, start.plus_seconds(60));
            let found = offer(ctx, &all[0], &asked).await.unwrap();
            found.answer.starts.iter().any(|one| one.at == start.0)
        };
        assert!(!free().await);
        reservations::cancel(ctx, &rows[3], By::Member, None).await.unwrap();
        assert!(free().await);
        // What was erased does not come back.
        reservations::erase_by_email(ctx, &Email::parse("lina@guest.example").unwrap()).await.unwrap();
        assert_eq!(import(&house, false).await.bookings.new, 1, "the one whose time is free now");
        let left = reservations::list(ctx, &filter, 50).await.unwrap();
        assert!(left.iter().all(|one| one.contact != rows[0].contact));
        let waiting = store::jobs::waiting(&ctx.db, ctx.workspace, "booking.mail", 100).await.unwrap();
        assert!(waiting.iter().all(|job| job.payload["what"] != "confirmed"), "nobody is written to");
    }

    async fn what_cannot_be_understood_is_refused_whole(t: Fixture) {
        let house = House::build(t).await;
        let ctx = &house.ctx;
        for wanted in [
            Wanted::default(),
            Wanted { events: Some("a,b\n1,2\n".into()), ..Wanted::default() },
            Wanted { events: Some("x".repeat(9 * 1024 * 1024)), ..Wanted::default() },
            Wanted { event_types: Some("[]".into()), ..Wanted::default() },
            Wanted { events: Some(events()), timezone: Some("Mars/Olympus".into()), ..Wanted::default() },
            Wanted { events: Some(events()), host: Some(kernel::HostId([7; 16])), ..Wanted::default() },
        ] {
            assert_eq!(run(ctx, &wanted).await.unwrap_err().problem().code, Code::InvalidInput);
        }
        // Twenty thousand lines and not one more.
        let line = "owner@house.example,X,x@guest.example,,Intro,2026-10-04 09:00 am,2026-10-04 09:30 am,false,,,,,,,u\n";
        let wanted = Wanted { events: Some(format!("{HEAD}\n{}", line.repeat(20_002))), ..Wanted::default() };
        let report = run(ctx, &Wanted { dry_run: true, ..wanted }).await.unwrap();
        assert!(report.rejected.iter().any(|one| one.detail.contains("20000")));
    }
}
