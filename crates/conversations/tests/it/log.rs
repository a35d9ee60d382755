use conversations::chat::{self, Words};
use conversations::conversations::{self as rows, Said, View, Wanted};
use conversations::events::{self, NewEvent};
use conversations::{Author, EndedBy, Kind, State, Visibility};
use testkit::Fixture;

use crate::house::House;

testkit::each_engine! {
    async fn a_sequence_has_no_gaps_and_nothing_twice(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        // Twenty at once, each sent twice, as a client does that lost the answer.
        let sends = (0..20).flat_map(|n| [n, n]).map(|n| {
            let house = &house;
            async move { house.says(visitor, &format!("m{n}"), &format!("word {n}")).await }
        });
        let given = futures_util::future::join_all(sends).await;
        assert_eq!(given.iter().filter(|one| !one.repeated).count(), 20);
        let all = events::after(&house.ctx, row.id, 0, 200).await.unwrap();
        let seqs: Vec<i64> = all.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>());
        for n in 0..20 {
            let text = format!("word {n}");
            assert_eq!(all.iter().filter(|event| event.body.text.as_deref() == Some(&text)).count(), 1);
        }
        // Another visitor's request may have the same id.
        let (_, other) = house.visitor("other").await;
        assert_ne!(other.id, row.id);
    }

    async fn a_closed_chat_goes_on_in_a_new_thread(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        house.answers(1, &row, "a1", "good morning").await;
        rows::close(&house.ctx, &house.hub, row.id, EndedBy::Agent).await.unwrap();
        let said = Said { event: NewEvent::message(Author::agent(house.users[1]), "more".into()), resume: false };
        assert!(rows::send(&house.ctx, &house.hub, row.id, said).await.is_err(), "it is closed");
        house.says(visitor, "m2", "one more thing").await;
        let row = house.row(&row).await;
        assert_eq!((row.state, row.thread_n), (State::Open, 2));
        let threads = rows::threads(&house.ctx, row.id).await.unwrap();
        assert_eq!(threads.len(), 2);
        assert!(threads[0].ended_at.is_some() && threads[0].first_response_at.is_some());
        let all = events::after(&house.ctx, row.id, 0, 200).await.unwrap();
        let last = all.iter().find(|event| event.body.text.as_deref() == Some("one more thing")).unwrap();
        assert_eq!((last.thread, last.n), (row.thread, last.seq - threads[1].first_seq + 1));
    }

    async fn notes_are_members_own(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        let note = NewEvent::note(Author::agent(house.users[1]), "careful".into());
        rows::send(&house.ctx, &house.hub, row.id, Said { event: note, resume: false }).await.unwrap();
        let id = visitor;
        let again = conversations::chat::start(
            &house.person,
            &house.hub,
            &house.widget,
            id,
            chat::Start {
                client: "again".into(),
                filled: None,
                text: None,
                profile: conversations::visitors::Profile::default(),
                page: None,
                group: None,
            },
        )
        .await
        .unwrap();
        assert!(again.1.iter().all(|event| event.visibility == Visibility::All));
        assert!(!format!("{:?}", again.1.iter().map(|event| event.body.text.clone()).collect::<Vec<_>>()).contains("careful"));
        let lines = conversations::mailing::transcript(&house.ctx, row.id, None, false).await.unwrap();
        assert!(lines.iter().all(|line| line.text != "careful"));
        let lines = conversations::mailing::transcript(&house.ctx, row.id, None, true).await.unwrap();
        assert!(lines.iter().any(|line| line.text == "careful" && line.note));
    }

    async fn what_is_wrong_is_refused(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        for text in ["", "a\0b", &"x".repeat(16 * 1024 + 1)] {
            let words = Words::Text(text.to_owned());
            assert!(chat::say(&house.person, &house.hub, visitor, "w", words).await.is_err());
        }
        let bad = chat::say(&house.person, &house.hub, visitor, "no spaces", Words::Text("x".into())).await;
        assert!(bad.is_err());
        let postback = Words::Postback(1, "made up".into());
        assert!(chat::say(&house.person, &house.hub, visitor, "p", postback).await.is_err());
        assert!(chat::rate(&house.person, &house.hub, visitor, Some(5), None).await.is_err());
        let bidi = house.says(visitor, "b", "طلب \u{2067}A-1\u{2069}").await;
        assert_eq!(bidi.event.body.text.as_deref(), Some("طلب \u{2067}A-1\u{2069}"));
        assert_eq!(house.row(&row).await.state, State::Open);
    }

    async fn lists_unread_tags_and_ratings(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("one").await;
        house.says(visitor, "m2", "two").await;
        house.answers(1, &row, "a1", "three").await;
        house.says(visitor, "m3", "four").await;
        let rows_of = |view| {
            let house = &house;
            async move { rows::list(&house.ctx, &Wanted::of(view)).await.unwrap().0 }
        };
        let mine = rows_of(View::Mine(house.users[1])).await;
        assert_eq!(mine.len(), 1, "whoever answers has it");
        assert_eq!(rows::unread(&house.ctx, &mine, house.users[1]).await.unwrap(), [1]);
        assert_eq!(rows::unread(&house.ctx, &mine, house.users[2]).await.unwrap(), [3]);
        let row = house.row(&row).await;
        rows::mark_seen(&house.ctx, &house.hub, &row, Some(house.users[1]), 999).await.unwrap();
        rows::mark_seen(&house.ctx, &house.hub, &row, Some(house.users[1]), 1).await.unwrap();
        assert_eq!(rows::unread(&house.ctx, &mine, house.users[1]).await.unwrap(), [0], "marks move forward only");
        rows::set_tags(&house.ctx, &house.hub, row.id, &["Billing".into(), "vip".into()]).await.unwrap();
        rows::set_tags(&house.ctx, &house.hub, row.id, &["vip".into(), "عاجل".into()]).await.unwrap();
        assert_eq!(rows::tags_of(&house.ctx, row.thread).await.unwrap(), ["vip", "عاجل"]);
        let tagged = Wanted { tag: Some("عاجل".into()), ..Wanted::of(View::All) };
        assert_eq!(rows::list(&house.ctx, &tagged).await.unwrap().0.len(), 1);
        chat::rate(&house.person, &house.hub, visitor, Some(1), Some("quick!")).await.unwrap();
        let thread = rows::thread(&house.ctx, row.thread).await.unwrap();
        assert_eq!(thread.score, Some(1));
        assert_eq!(chat::comment_of(&house.ctx, &thread).await.unwrap().as_deref(), Some("quick!"));
        let last = events::last_shown(&house.ctx, &[row.id]).await.unwrap();
        assert_eq!(last[&row.id].body.text.as_deref(), Some("four"));
    }

    async fn samples_load(t: Fixture) {
        let house = House::build(t).await;
        conversations::samples::load(&house.ctx, &house.hub, "https://demo.example").await.unwrap();
        let all = rows::list(&house.ctx, &Wanted::of(View::All)).await.unwrap().0;
        assert_eq!((all.len(), all.iter().filter(|row| row.state == State::Closed).count()), (4, 1));
    }

    async fn pages_of_lists_meet(t: Fixture) {
        let house = House::build(t).await;
        for n in 0..7 {
            house.visitor(&format!("hello {n}")).await;
            house.fixture.clock.advance(1);
        }
        let (mut seen, mut wanted) = (Vec::new(), Wanted { limit: 3, ..Wanted::of(View::Open) });
        loop {
            let (page, next) = rows::list(&house.ctx, &wanted).await.unwrap();
            seen.extend(page.iter().map(|row| row.id));
            let Some(next) = next else { break };
            wanted.after = Some(next);
        }
        let mut once = seen.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!((seen.len(), once.len()), (7, 7));
    }

    async fn a_deleted_message_is_gone(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        let given = house.says(visitor, "secret", "my card is 4111").await;
        rows::delete_event(&house.ctx, &house.hub, row.id, given.event.seq).await.unwrap();
        let event = events::one(&house.ctx, row.id, given.event.seq).await.unwrap().unwrap();
        assert!(event.deleted && event.body.text.is_none() && event.kind == Kind::Message);
        let told = house.hub.recent(house.ctx.workspace, row.id, given.event.seq).unwrap();
        assert!(told.deleted && told.body.text.is_none());
    }
}
