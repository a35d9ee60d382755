use conversations::conversations as rows;
use conversations::groups::{Inactivity, Priority, Settings};
use conversations::{Routing, State};
use testkit::Fixture;

use crate::house::House;

testkit::each_engine! {
    async fn a_snooze_ends_by_itself_or_with_a_word(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        house.work().await;
        let until = house.ctx.now().plus_seconds(3600);
        rows::snooze(&house.ctx, &house.hub, row.id, until).await.unwrap();
        house.later(3500).await;
        assert_eq!(house.row(&row).await.state, State::Snoozed);
        house.later(101).await;
        assert_eq!(house.row(&row).await.state, State::Open);
        rows::snooze(&house.ctx, &house.hub, row.id, house.ctx.now().plus_seconds(3600)).await.unwrap();
        house.says(visitor, "m2", "are you there?").await;
        assert_eq!(house.row(&row).await.state, State::Open);
        let past = rows::snooze(&house.ctx, &house.hub, row.id, house.ctx.now()).await;
        assert!(past.is_err());
    }

    async fn silence_hands_on_and_then_closes(t: Fixture) {
        let house = House::build(t).await;
        let inactivity =
            Inactivity { agent_minutes: Some(5), visitor_minutes: Some(10), close_minutes: Some(60) };
        let settings = Settings { inactivity, ..Settings::default() };
        house.group("Support", &[(1, Priority::First), (2, Priority::Normal)], settings).await;
        house.accepts(1, 5).await;
        house.accepts(2, 5).await;
        let (_, row) = house.visitor("hello").await;
        assert_eq!(row.assignee, Some(house.users[1]));
        house.work().await;
        house.later(299).await;
        assert_eq!(house.row(&row).await.assignee, Some(house.users[1]));
        house.later(10).await;
        let moved = house.row(&row).await;
        assert_eq!((moved.routing, moved.assignee), (Routing::Assigned, Some(house.users[2])));
        house.answers(2, &row, "a", "sorry for the wait").await;
        house.later(590).await;
        assert_eq!(house.row(&row).await.state, State::Open);
        house.later(70).await;
        assert_eq!(house.row(&row).await.state, State::Closed);
        assert_eq!(rows::threads(&house.ctx, row.id).await.unwrap()[0].ended_by, Some(conversations::EndedBy::Inactivity));
    }
}
