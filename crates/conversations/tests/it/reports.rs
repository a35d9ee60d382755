use conversations::EndedBy;
use conversations::chat;
use conversations::conversations as rows;
use conversations::groups::{Priority, Settings};
use conversations::reports::{self, Every, Schedule, Wanted, What};
use kernel::Date;
use testkit::Fixture;

use crate::house::House;

fn wanted(zone: &str) -> Wanted {
    let (from, to) = (Date::constant(2026, 11, 20), Date::constant(2026, 11, 23));
    Wanted { from, to, zone: zone.to_owned(), group: None, agent: None }
}

testkit::each_engine! {
    async fn figures_are_counted_as_things_happen(t: Fixture) {
        let house = House::build(t).await;
        house.group("Support", &[(1, Priority::Normal)], Settings::default()).await;
        house.accepts(1, 1).await;
        let (visitor, row) = house.visitor("hello").await;
        let (_, waiting) = house.visitor("me too").await;
        house.fixture.clock.advance(40);
        house.answers(1, &row, "a", "good day").await;
        house.says(visitor, "m", "thanks").await;
        house.fixture.clock.advance(20);
        house.answers(1, &row, "b", "welcome").await;
        chat::rate(&house.person, &house.hub, visitor, Some(1), None).await.unwrap();
        chat::rate(&house.person, &house.hub, visitor, Some(-1), None).await.unwrap();
        rows::close(&house.ctx, &house.hub, waiting.id, EndedBy::Visitor).await.unwrap();
        rows::close(&house.ctx, &house.hub, row.id, EndedBy::Agent).await.unwrap();
        let report = reports::report(&house.ctx, &wanted("UTC")).await.unwrap();
        let totals = &report.totals;
        let counts = [What::Started, What::Closed, What::Queued, What::Abandoned, What::Missed, What::Received, What::Sent];
        assert_eq!(counts.map(|what| totals.count(what)), [2, 2, 1, 1, 1, 3, 2]);
        assert_eq!(totals.average(What::FirstResponse), Some(40.0));
        assert_eq!(totals.average(What::Response), Some(30.0));
        assert_eq!(totals.average(What::Closed), Some(60.0));
        assert_eq!((totals.count(What::Good), totals.count(What::Bad)), (0, 1), "a changed mind counts once");
        assert_eq!(report.agents[&house.users[1]].count(What::Sent), 2);
        // The same instant is another hour and day elsewhere.
        assert!(report.by_hour.contains_key(&9));
        let there = reports::report(&house.ctx, &wanted("Pacific/Kiritimati")).await.unwrap();
        assert!(there.by_hour.contains_key(&23) && there.totals == report.totals);
    }

    async fn members_get_the_report_by_mail_once(t: Fixture) {
        let house = House::build(t).await;
        house.visitor("hello").await;
        let schedule = Schedule {
            every: Some(Every::Day),
            to: vec![house.users[0]],
            language: "ar".into(),
            hour: 6,
            zone: "UTC".into(),
        };
        reports::set_schedule(&house.ctx, &schedule).await.unwrap();
        let stranger = Schedule { to: vec![house.ctx.id()], ..schedule };
        assert!(reports::set_schedule(&house.ctx, &stranger).await.is_err());
        house.later(20 * 3600).await;
        assert!(house.recorder.sent.lock().is_empty());
        house.later(3600 + 60).await;
        house.work().await;
        let sent = house.recorder.sent.lock().clone();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].to, "owner@sender.example");
        assert!(sent[0].text.contains("بدأت: 1"), "{}", sent[0].text);
    }
}
