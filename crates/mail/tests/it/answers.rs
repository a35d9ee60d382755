//! Answers that leave without a human, and those that a human sends (RFC 3834).

use mail::incoming::{Reply, Wanted, answer, list, waiting};
use testkit::Fixture;

use crate::sink::{Script, Sink};
use crate::world::{Got, World};

const LINA: &str = "lina@example.net";
const SOURCE: &str = "Where did you get my address?";
const WHAT: &str = "What data do you hold about me?";

struct House {
    sink: Sink,
    world: World,
    got: Got,
}

impl House {
    async fn new(t: Fixture) -> Self {
        let sink = Sink::start(Script::default()).await;
        let world = World::answering(t, sink.address).await;
        let lina = world.subscriber(LINA).await;
        world.queue(&[(lina, LINA)]).await;
        world.drain().await;
        let raw = sink.messages().pop().unwrap();
        let got = Got::of(&sink.seen.lock().commands, raw);
        world.advance(60);
        Self { sink, world, got }
    }

    /// Lina writes back, `more` being further headers; what left because of it.
    async fn asks(&self, text: &str, more: &str) -> Option<Got> {
        let before = self.sink.messages().len();
        let message = format!(
            "From: {LINA}\r\nTo: news@example.com\r\nIn-Reply-To: <{}>\r\n{more}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
            self.got.message_id()
        );
        assert_eq!(self.world.comes_in(LINA, "news@example.com", &message).await, "250");
        self.world.drain().await;
        self.world.advance(60);
        self.left(before)
    }

    fn left(&self, before: usize) -> Option<Got> {
        let messages = self.sink.messages();
        assert!(messages.len() <= before + 1);
        messages.into_iter().nth(before).map(|raw| Got::of(&self.sink.seen.lock().commands, raw))
    }

    async fn waits(&self) -> usize {
        waiting(&self.world.ctx, None, 10).await.unwrap().len()
    }
}

testkit::each_engine! {
    /// RFC 3834 section 3.3: the return path is empty, or an address that never answers by itself.
    async fn nothing_answers_at_the_return_path_of_an_automatic_answer(t: Fixture) {
        let house = House::new(t).await;
        let sent = house.asks(SOURCE, "").await.unwrap();
        assert!(!sent.return_path.is_empty() && sent.return_path != LINA, "{}", sent.return_path);
        let before = house.sink.messages().len();
        for text in [WHAT, SOURCE, "I am out of the office."] {
            let message = format!("From: {LINA}\r\nTo: {}\r\nSubject: Re: you\r\n\r\n{text}\r\n", sent.return_path);
            assert_eq!(house.world.comes_in(LINA, &sent.return_path, &message).await, "250");
            house.world.drain().await;
        }
        assert!(house.left(before).is_none());
    }

    async fn an_automatic_answer_says_so_and_refers_to_what_it_answers(t: Fixture) {
        let house = House::new(t).await;
        let asked = format!("Message-ID: <ask.1@mx.example.net>\r\nReferences: <root@example.net>\r\n <{}>\r\n", house.got.message_id());
        let sent = house.asks(SOURCE, &asked).await.unwrap();
        assert_eq!(sent.header("Auto-Submitted"), "auto-replied");
        assert_eq!(sent.header("In-Reply-To"), "<ask.1@mx.example.net>");
        let references = format!("<root@example.net> <{}> <ask.1@mx.example.net>", house.got.message_id());
        assert_eq!(sent.header("References"), references);
        assert!(sent.header("To").contains(LINA) && sent.header("List-Unsubscribe").is_empty());
        let settled = list(&house.world.ctx, &Wanted::default(), 10).await.unwrap();
        assert_eq!(settled[0].decision.as_deref(), Some("answered_automatically"));
        assert!(answer(&house.world.ctx, &house.world.outbound, settled[0].id, Reply::default()).await.is_err());
    }

    async fn a_question_is_answered_once_within_seven_days(t: Fixture) {
        let house = House::new(t).await;
        assert!(house.asks(SOURCE, "Message-ID: <a1@mx.example.net>\r\n").await.is_some());
        assert!(house.asks(SOURCE, "Message-ID: <a2@mx.example.net>\r\n").await.is_none());
        assert_eq!(house.waits().await, 1);
        assert!(house.asks(WHAT, "Message-ID: <a3@mx.example.net>\r\n").await.is_some(), "another question");
        house.world.advance(7 * 86_400);
        assert!(house.asks(SOURCE, "Message-ID: <a4@mx.example.net>\r\n").await.is_some());
    }

    async fn machines_and_lists_get_no_answer(t: Fixture) {
        let house = House::new(t).await;
        for more in [
            "Auto-Submitted: auto-replied\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "X-Autoreply: yes\r\n",
            "X-Auto-Response-Suppress: All\r\n",
            "Return-Path: <>\r\n",
            "Precedence: bulk\r\n",
            "Precedence: list\r\n",
            "List-Id: <friends.example.net>\r\n",
            "List-Unsubscribe: <mailto:leave@example.net>\r\n",
        ] {
            assert!(house.asks(SOURCE, more).await.is_none(), "{more}");
        }
        assert!(house.asks(SOURCE, "Auto-Submitted: no\r\n").await.is_some());
    }

    async fn ids_from_outside_never_become_headers(t: Fixture) {
        let house = House::new(t).await;
        let sent = house.asks(SOURCE, "Message-ID: <a b\u{fc}@x>\r\nReferences: <c@d@e>\r\n").await.unwrap();
        assert_eq!((sent.header("In-Reply-To"), sent.header("References")), (String::new(), String::new()));
        assert_eq!(sent.header("Auto-Submitted"), "auto-replied");
    }

    async fn what_a_human_answers_is_no_automatic_answer(t: Fixture) {
        let house = House::new(t).await;
        assert!(house.asks(SOURCE, "").await.is_some());
        assert!(house.asks(SOURCE, "Message-ID: <again@mx.example.net>\r\n").await.is_none());
        let message = waiting(&house.world.ctx, None, 10).await.unwrap().remove(0).id;
        let before = house.sink.messages().len();
        let (ctx, outbound) = (&house.world.ctx, &house.world.outbound);
        let settled = answer(ctx, outbound, message, Reply { text: Some("As I wrote.".into()), ..Reply::default() }).await.unwrap();
        assert_eq!((settled.waiting, settled.decision.as_deref()), (false, Some("answered")));
        assert!(answer(ctx, outbound, message, Reply::default()).await.is_err());
        house.world.drain().await;
        let sent = house.left(before).unwrap();
        assert!(sent.header("Auto-Submitted").is_empty() && sent.raw.contains("As I wrote."));
        assert_eq!(sent.header("In-Reply-To"), "<again@mx.example.net>");
    }
}
