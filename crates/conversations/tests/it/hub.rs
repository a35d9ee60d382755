use std::collections::HashMap;

use conversations::Author;
use conversations::conversations::{self as rows, Said};
use conversations::events::NewEvent;
use conversations::hub::{Bye, Hub, Listener, Signal};
use conversations::visitors;
use testkit::Fixture;

use crate::house::House;

testkit::each_engine! {
    async fn the_person_is_told_what_they_may_read_and_nobody_else_is(t: Fixture) {
        let house = House::build(t).await;
        let workspace = house.ctx.workspace;
        let (visitor, row) = house.visitor("hello").await;
        let (stranger, _) = house.visitor("other").await;
        let mut own = house.hub.listen(workspace, Listener::Visitor(visitor));
        let mut other = house.hub.listen(workspace, Listener::Visitor(stranger));
        let note = NewEvent::note(Author::agent(house.users[1]), "whisper".into());
        rows::send(&house.ctx, &house.hub, row.id, Said { event: note, resume: false }).await.unwrap();
        house.hub.peek(workspace, row.id, "unsent".into());
        house.answers(1, &row, "a", "spoken").await;
        let mut heard = Vec::new();
        loop {
            match own.next().await {
                Signal::Event(event) => {
                    let text = event.body.text.clone();
                    heard.extend(text.clone());
                    if text.as_deref() == Some("spoken") {
                        break;
                    }
                }
                Signal::Peek { .. } => panic!("what is not sent is told to members only"),
                _ => {}
            }
        }
        assert_eq!(heard, ["spoken"]);
        house.hub.tell_visitor(workspace, stranger, &Signal::Bye(Bye::Shutdown));
        assert!(matches!(other.next().await, Signal::Bye(Bye::Shutdown)), "nothing of somebody else's came before");
    }

    async fn a_slow_reader_is_told_why_it_ends_and_misses_nothing(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        let mut slow = house.hub.listen(house.ctx.workspace, Listener::Visitor(visitor));
        for n in 0..80 {
            house.answers(1, &row, &format!("a{n}"), "word").await;
        }
        let last = loop {
            if let Signal::Bye(bye) = slow.next().await {
                break bye;
            }
        };
        assert_eq!(last, Bye::SlowConsumer);
        assert!(last.is_passing());
        drop(slow);
        assert_eq!(house.hub.open(), (0, 0));
    }

    async fn another_node_wakes_the_readers_of_this_one(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        let here = Hub::new();
        let mut own = here.listen(house.ctx.workspace, Listener::Visitor(visitor));
        let mut known = HashMap::new();
        here.step(&house.ctx.core, &mut known).await.unwrap();
        let given = house.answers(1, &row, "a", "from elsewhere").await;
        here.step(&house.ctx.core, &mut known).await.unwrap();
        let woken = loop {
            match own.next().await {
                Signal::Wake { conversation, seq } if seq == given.event.seq => break conversation,
                _ => {}
            }
        };
        assert_eq!(woken, row.id);
    }

    async fn somebody_banned_is_shown_out(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, _) = house.visitor("hello").await;
        let mut own = house.hub.listen(house.ctx.workspace, Listener::Visitor(visitor));
        let until = house.ctx.now().plus_seconds(3600);
        visitors::ban(&house.ctx, &house.hub, visitor, Some(until)).await.unwrap();
        assert!(matches!(own.next().await, Signal::Bye(Bye::Banned)));
        let words = conversations::chat::Words::Text("but".into());
        assert!(conversations::chat::say(&house.person, &house.hub, visitor, "x", words).await.is_err());
        house.fixture.clock.advance(3600);
        house.says(visitor, "y", "again").await;
    }
}
