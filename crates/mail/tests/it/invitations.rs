//! Invitations that go with a message, and what comes back.

use mail_parser::{MessageParser, MimeHeaders};
use testkit::Fixture;

use crate::sink::{Script, Sink};
use crate::world::{Got, World};

const LINA: &str = "lina@example.net";

fn invitation() -> outbound::Invitation {
    let organizer = outbound::Invitation::ANSWERS;
    let ics = format!(
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:bkg_1@example.com\r\nDTSTART:20261201T100000Z\r\nSUMMARY:موعد\r\nORGANIZER:mailto:{organizer}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    outbound::Invitation { method: "REQUEST".into(), ics }
}

fn reply(from: &str, to: &str) -> String {
    format!(
        "From: {from}\r\nTo: {to}\r\nSubject: Accepted\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nAccepted\r\n--b\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n\
         BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n--b--\r\n"
    )
}

testkit::each_engine! {
    async fn an_invitation_goes_out_and_its_answer_comes_back(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let lina = world.subscriber(LINA).await;
        world.queue_inviting(&[(lina, LINA)], Some(invitation())).await;
        world.drain().await;
        let raw = sink.messages().pop().unwrap();
        let got = Got::of(&sink.seen.lock().commands, raw.clone());
        let message = MessageParser::default().parse(raw.as_bytes()).unwrap();
        let calendar = message
            .parts
            .iter()
            .find(|part| part.content_type().is_some_and(|kind| kind.subtype() == Some("calendar")))
            .unwrap();
        assert_eq!(calendar.content_type().unwrap().attribute("method"), Some("REQUEST"));
        let text = String::from_utf8_lossy(calendar.contents()).replace("\r\n ", "");
        let answers = got.header("Reply-To");
        let answers = answers.rsplit('<').next().unwrap().trim_end_matches('>');
        assert!(text.contains(&format!("ORGANIZER:mailto:{answers}\r\n")) && text.contains("SUMMARY:موعد"), "{text}");
        assert!(raw.contains("filename=\"invitation.ics\""));

        world.advance(60);
        assert_eq!(world.comes_in(LINA, answers, &reply(LINA, answers)).await, "250");
        let taken = world.taken.lock().clone();
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].0, LINA);
        assert!(taken[0].1.contains("METHOD:REPLY"));
        assert!(mail::incoming::waiting(&world.ctx, None, 10).await.unwrap().is_empty(), "nobody has to look");
        // Without the address that only the recipient knows, an answer is what anybody could write.
        world.comes_in(LINA, "news@example.com", &reply(LINA, "news@example.com")).await;
        assert_eq!(world.taken.lock().len(), 1);
    }
}
