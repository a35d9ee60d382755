use conversations::agents::{self, Status};
use conversations::conversations::{self as rows, Target};
use conversations::groups::{Hours, Pick, Priority, Settings};
use conversations::routing::{self, Rule, Rules, To};
use conversations::{Author, EndedBy, Routing};
use testkit::Fixture;

use crate::house::House;

testkit::each_engine! {
    async fn members_take_turns_up_to_their_limit_and_the_rest_waits(t: Fixture) {
        let house = House::build(t).await;
        house.group("Support", &[(1, Priority::Normal), (2, Priority::Last)], Settings::default()).await;
        house.accepts(1, 1).await;
        let (_, first) = house.visitor("first").await;
        assert_eq!((first.routing, first.assignee), (Routing::Assigned, Some(house.users[1])));
        let (_, second) = house.visitor("second").await;
        house.fixture.clock.advance(5);
        let (_, third) = house.visitor("third").await;
        assert_eq!((second.routing, third.routing), (Routing::Queued, Routing::Queued));
        assert_eq!(routing::place_of(&house.ctx, &second).await.unwrap().unwrap().position, 1);
        assert_eq!(routing::place_of(&house.ctx, &third).await.unwrap().unwrap().position, 2);
        // Somebody begins to accept: the longest waiting comes first.
        house.accepts(2, 1).await;
        assert_eq!(house.row(&second).await.assignee, Some(house.users[2]));
        assert_eq!(routing::place_of(&house.ctx, &house.row(&third).await).await.unwrap().unwrap().position, 1);
        // A place gets free.
        rows::close(&house.ctx, &house.hub, first.id, EndedBy::Agent).await.unwrap();
        let third = house.row(&third).await;
        assert_eq!((third.routing, third.assignee), (Routing::Assigned, Some(house.users[1])));
        assert_eq!(routing::waiting(&house.ctx).await.unwrap().0, 0);
    }

    async fn supervisors_and_busy_members_get_nothing_by_themselves(t: Fixture) {
        let house = House::build(t).await;
        house.group("Support", &[(0, Priority::Supervisor), (1, Priority::Normal)], Settings::default()).await;
        house.accepts(0, 9).await;
        house.accepts(1, 9).await;
        let change = agents::Change { status: Some(Status::NotAccepting), ..agents::Change::default() };
        agents::update(&house.ctx, &house.hub, house.users[1], change).await.unwrap();
        let (_, row) = house.visitor("hello").await;
        assert_eq!((row.routing, row.assignee), (Routing::Queued, None));
    }

    async fn rules_choose_the_group_and_manual_picking_leaves_it_unassigned(t: Fixture) {
        let house = House::build(t).await;
        let sales = house.group("Sales", &[(1, Priority::Normal)], Settings::default()).await;
        let manual = Settings { pick: Pick::Manual, ..Settings::default() };
        let other = house.group("Other", &[(2, Priority::Normal)], manual).await;
        house.accepts(1, 5).await;
        house.accepts(2, 5).await;
        let rule: Rule = serde_json::from_value(serde_json::json!({
            "name": "English to sales", "conditions": [{ "kind": "language", "op": "is", "value": "en" }],
            "to": { "group": sales.id }
        }))
        .unwrap();
        let fallback = To { group: Some(other.id), ..To::default() };
        let rules = Rules { rules: vec![rule.clone()], last_agent: true, fallback };
        routing::set_rules(&house.ctx, &rules).await.unwrap();
        let (_, row) = house.visitor("hello").await;
        assert_eq!((row.group, row.assignee), (Some(sales.id), Some(house.users[1])));
        routing::set_rules(&house.ctx, &Rules { rules: vec![Rule { enabled: false, ..rule }], ..rules }).await.unwrap();
        let (_, row) = house.visitor("hello").await;
        assert_eq!((row.group, row.routing, row.assignee), (Some(other.id), Routing::Unassigned, None));
    }

    async fn whoever_had_the_person_last_comes_first(t: Fixture) {
        let house = House::build(t).await;
        house.group("Support", &[(1, Priority::Normal), (2, Priority::First)], Settings::default()).await;
        house.accepts(1, 5).await;
        let (visitor, row) = house.visitor("hello").await;
        assert_eq!(row.assignee, Some(house.users[1]));
        rows::close(&house.ctx, &house.hub, row.id, EndedBy::Agent).await.unwrap();
        house.accepts(2, 5).await;
        house.says(visitor, "again", "me again").await;
        assert_eq!(house.row(&row).await.assignee, Some(house.users[1]));
        let (_, new) = house.visitor("new").await;
        assert_eq!(new.assignee, Some(house.users[2]));
    }

    async fn nobody_is_given_anything_outside_hours(t: Fixture) {
        let house = House::build(t).await;
        // The clock stands at Saturday, 21 November 2026, 09:00 UTC.
        let hours = Hours { zone: "UTC".into(), days: Vec::new(), closed: Vec::new() };
        let settings = Settings { hours: Some(hours), ..Settings::default() };
        house.group("Support", &[(1, Priority::Normal)], settings).await;
        house.accepts(1, 5).await;
        let (_, row) = house.visitor("hello").await;
        assert_eq!((row.routing, row.assignee), (Routing::Unassigned, None));
    }

    async fn a_transfer_goes_to_the_other_group(t: Fixture) {
        let house = House::build(t).await;
        let first = house.group("First", &[(1, Priority::Normal)], Settings::default()).await;
        let second = house.group("Second", &[(2, Priority::Normal)], Settings::default()).await;
        house.accepts(1, 5).await;
        house.accepts(2, 5).await;
        let fallback = To { group: Some(first.id), ..To::default() };
        routing::set_rules(&house.ctx, &Rules { fallback, ..Rules::default() }).await.unwrap();
        let (_, row) = house.visitor("hello").await;
        assert_eq!(row.assignee, Some(house.users[1]));
        let by = Author::agent(house.users[1]);
        let note = Some("they want a refund".to_owned());
        let row =
            rows::transfer(&house.ctx, &house.hub, row.id, Target::Group(second.id), (by, note)).await.unwrap();
        assert_eq!((row.group, row.assignee), (Some(second.id), Some(house.users[2])));
        let unknown = rows::assign(&house.ctx, &house.hub, row.id, Some(house.ctx.id())).await;
        assert!(unknown.is_err(), "a stranger is no member");
    }
}
