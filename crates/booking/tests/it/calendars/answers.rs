use booking::calendars::{Detail, answers, invitation, publish, read_answer, rendered};
use booking::reservations::{By, cancel, for_calendar};
use kernel::Locale;
use testkit::Fixture;

use crate::house::House;

const WHEN: &str = "2026-11-24T08:00:00Z";

fn reply(uid: &str, who: &str, answer: &str, more: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nMETHOD:{}\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:0\r\n{more}ATTENDEE;PARTSTAT={answer}:mailto:{who}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        if more.contains("T12") { "COUNTER" } else { "REPLY" }
    )
}

testkit::each_engine! {
    async fn answers_by_mail_are_kept_and_change_nothing(t: Fixture) {
        let house = House::build(t).await;
        let ctx = &house.ctx;
        let of = house.event(&[house.host().await], |_| {}).await;
        let booked = house.book(&of, "lina", WHEN).await.unwrap();
        let entry = for_calendar(ctx, booked.id).await.unwrap().unwrap();
        let sent = invitation(&entry, "House", Some("See you"));
        assert_eq!(sent.method, "REQUEST");
        assert!(sent.ics.contains(&entry.uid) && sent.ics.contains("PARTSTAT=NEEDS-ACTION"), "{}", sent.ics);
        assert!(!sent.ics.contains("SCHEDULE-AGENT"), "the reader's own program schedules");

        let lina = "lina@guest.example";
        let at = "DTSTART:20261124T080000Z\r\nDTEND:20261124T083000Z\r\n";
        assert!(read_answer(ctx, "Lina@Guest.example", reply(&entry.uid, lina, "ACCEPTED", at).as_bytes()).await.unwrap());
        let later = "DTSTART:20261124T120000Z\r\nDURATION:PT30M\r\n";
        assert!(read_answer(ctx, lina, reply(&entry.uid, lina, "TENTATIVE", later).as_bytes()).await.unwrap());
        let kept = answers(ctx, booked.id).await.unwrap();
        assert_eq!((kept.len(), kept[0].partstat.as_str()), (1, "tentative"));
        assert_eq!(kept[0].proposed_start.unwrap().to_string(), "2026-11-24T12:00:00Z");
        assert_eq!(kept[0].proposed_end.unwrap().to_string(), "2026-11-24T12:30:00Z");
        let still = for_calendar(ctx, booked.id).await.unwrap().unwrap();
        assert_eq!((still.start, still.state), (entry.start, entry.state));
        // Somebody who was not invited, an answer in another's name, another booking, and noise.
        let omar = "omar@guest.example";
        assert!(!read_answer(ctx, omar, reply(&entry.uid, omar, "DECLINED", at).as_bytes()).await.unwrap());
        assert!(!read_answer(ctx, omar, reply(&entry.uid, lina, "DECLINED", at).as_bytes()).await.unwrap());
        assert!(!read_answer(ctx, lina, reply("bkg_1@x", lina, "DECLINED", at).as_bytes()).await.unwrap());
        assert!(!read_answer(ctx, lina, b"BEGIN:VCALENDAR").await.unwrap());
        let foreign = house.fixture.workspace().await;
        assert!(!read_answer(&foreign, lina, reply(&entry.uid, lina, "DECLINED", at).as_bytes()).await.unwrap());
        assert_eq!(answers(ctx, booked.id).await.unwrap(), kept);

        cancel(ctx, &booked, By::Member, None).await.unwrap();
        let entry = for_calendar(ctx, booked.id).await.unwrap().unwrap();
        let sent = invitation(&entry, "House", None);
        assert_eq!((sent.method.as_str(), entry.sequence), ("CANCEL", 1));
        assert!(sent.ics.contains("STATUS:CANCELLED") && sent.ics.contains("SEQUENCE:1"));
    }

    async fn a_full_feed_tells_bookings_and_a_busy_one_only_times(t: Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |_| {}).await;
        house.book(&of, "lina", WHEN).await.unwrap();
        let full = publish(&house.ctx, host, Detail::Full).await.unwrap();
        let text = rendered(&house.ctx.core, &full.token, &Locale::en()).await.unwrap();
        assert!(text.contains("SUMMARY:Consultation") && text.contains("lina@guest.example"), "{text}");
        let busy = publish(&house.ctx, host, Detail::Busy).await.unwrap();
        let text = rendered(&house.ctx.core, &busy.token, &Locale::en()).await.unwrap();
        assert!(text.contains("DTSTART:20261124T080000Z") && !text.contains("lina") && !text.contains("Consultation"), "{text}");
    }
}
