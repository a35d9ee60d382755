//! From a queued delivery to the wire and back.

use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64;
use mail::channel::Settings;
use mail::dns::Resolver;
use mail::smtp::{Limits, Timeouts};
use mail::transport::Transport;
use people::subscribe::{Leave, unsubscribe};
use privacy::suppression::Reason;
use privacy::vocabulary::Scope;
use serde_json::json;
use testkit::Fixture;

use crate::domains::{A, MX, Zone, mx, name_server, put};
use crate::independent::{VERIFIER, python};
use crate::sink::{Script, Sink};
use crate::world::{Got, World, relay};

const LINA: &str = "lina@example.net";

async fn sent(world: &World, sink: &Sink) -> (kernel::ContactId, Got) {
    let lina = world.subscriber(LINA).await;
    let run = world.queue(&[(lina, LINA)]).await;
    world.drain().await;
    assert_eq!(world.only(run).await, ("sent", None));
    let raw = sink.messages().pop().unwrap();
    (lina, Got::of(&sink.seen.lock().commands, raw))
}

/// The TXT records of the only domain's keys.
async fn key_records(world: &World) -> serde_json::Map<String, serde_json::Value> {
    let domain = mail::domains::by_name(&world.ctx, "example.com").await.unwrap().unwrap();
    let keys = mail::domains::keys(&world.ctx, domain.id).await.unwrap();
    keys.into_iter().map(|key| (format!("{}._domainkey.example.com", key.selector), json!(key.record))).collect()
}

fn reasons(blocks: &[privacy::suppression::Suppressed]) -> Vec<Reason> {
    let mut reasons: Vec<_> = blocks.iter().map(|block| block.reason).collect();
    reasons.dedup();
    reasons
}

testkit::each_engine! {
    async fn a_message_carries_everything_and_its_signatures_hold(t: Fixture) {
        let sink = Sink::start(Script { pipelining: true, ..Script::default() }).await;
        let world = World::to(t, sink.address).await;
        let (_, got) = sent(&world, &sink).await;
        let delivery = got.delivery(&world.ctx).await;
        assert!(got.return_path.starts_with("b+") && got.return_path.ends_with("@bounce.example.com"));
        assert!(got.message_id().starts_with("r+") && got.message_id().ends_with("@example.com"));
        assert_eq!(got.header("Reply-To").split('<').nth(1).unwrap().trim_end_matches('>').split('@').next(),
            got.message_id().split('@').next());
        assert!(got.header("List-Unsubscribe").starts_with("<https://post.example.com/"), "{}", got.header("List-Unsubscribe"));
        assert!(got.unsubscribe_address().starts_with("u+"));
        assert_eq!(got.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert!(got.header("List-Id").ends_with(&format!("<{}.example.com>", world.topic)));
        assert!(got.header("Feedback-ID").ends_with(&format!(":{}:marketing:barid", world.ctx.workspace)));
        assert_eq!(got.header("Auto-Submitted"), "");
        assert_eq!(got.header("Content-Language"), "ar");
        assert_eq!(got.raw.matches("DKIM-Signature:").count(), 2);
        assert!(got.raw.is_ascii());
        let view = world.deliveries(outbound::DeliveryRow::find(&world.ctx, delivery).await.unwrap().unwrap().source).await;
        assert_eq!(view[0].status.as_deref(), Some("2.0.0"));
        let given = json!({ "messages": [BASE64.encode(got.raw.as_bytes())], "records": key_records(&world).await });
        let Some(verified) = python(VERIFIER, "dkim, nacl", &given) else { return };
        assert_eq!(verified, json!([[true, true]]));
    }

    async fn a_relay_that_signs_gets_unsigned_mail_and_the_permit_is_used_once(t: Fixture) {
        let sink = Sink::start(Script { pipelining: true, ..Script::default() }).await;
        let settings = Settings { relay_signs: true, inbound: false };
        let world = World::new(t, settings, |_| relay(sink.address, Timeouts::default())).await;
        let lina = world.subscriber(LINA).await;
        let omar = world.subscriber("omar@example.net").await;
        let run = world.queue(&[(lina, LINA), (omar, "omar@example.net")]).await;
        world.drain().await;
        world.drain().await;
        assert!(world.deliveries(run).await.iter().all(|view| view.state.as_str() == "sent"));
        let messages = sink.messages();
        assert_eq!(messages.len(), 2);
        assert!(!messages[0].contains("DKIM-Signature:") && !messages[0].contains("\r\nReply-To:"));
    }

    async fn who_leaves_while_queued_gets_nothing(t: Fixture) {
        let sink = Sink::start(Script { pipelining: true, ..Script::default() }).await;
        let world = World::to(t, sink.address).await;
        let lina = world.subscriber(LINA).await;
        let run = world.queue(&[(lina, LINA)]).await;
        world.advance(60);
        unsubscribe(&world.ctx, world.outbound.gate(), lina, Leave::Topic(world.topic), json!({})).await.unwrap();
        world.drain().await;
        assert_eq!(world.only(run).await.0, "denied");
        assert!(sink.messages().is_empty());
    }

    async fn what_was_refused_for_now_is_sent_later_and_once(t: Fixture) {
        let script = Script { replies: vec![["", "", "", "451 4.7.1 greylisted\r\n"]], ..Script::default() };
        let sink = Sink::start(script).await;
        let world = World::to(t, sink.address).await;
        let lina = world.subscriber(LINA).await;
        let run = world.queue(&[(lina, LINA)]).await;
        world.drain().await;
        assert_eq!(world.only(run).await, ("queued", Some("policy".into())));
        world.advance(31);
        world.drain().await;
        assert_eq!(world.only(run).await, ("sent", None));
        assert_eq!(sink.messages().len(), 1);
    }

    async fn away_from_this_machine_only_verified_domains_send(t: Fixture) {
        let sink = Sink::start(Script { hang: "mail", ..Script::default() }).await;
        let zone = Zone::default();
        for domain in ["slow.example", "null.example"] {
            put(&zone, domain, A, vec![127, 0, 0, 1]);
        }
        put(&zone, "null.example", MX, mx(0, ""));
        let server = name_server(zone).await;
        let resolver = Resolver::new(Some(server), sink.address.port(), Arc::new(testkit::SeededRng::new(1))).unwrap();
        let timeouts = Timeouts { command: Duration::from_millis(2500), ..Timeouts::default() };
        let limits = Limits { connections: 1, timeouts, ..Limits::default() };
        let direct = || Transport::direct(resolver, "client.example", limits).unwrap().into();
        let settings = Settings { relay_signs: true, inbound: false };
        let world = World::new(t, settings, |_| direct()).await;
        let people = ["a@slow.example", "b@slow.example", "c@null.example"];
        let mut to = Vec::new();
        for email in people {
            to.push((world.subscriber(email).await, email));
        }
        let denied = world.queue(&to).await;
        assert!(world.deliveries(denied).await.iter().all(|view| view.state.as_str() == "denied"));
        assert!(mail::domains::by_name(&world.ctx, "example.com").await.unwrap().is_none());
        world.verify_domain().await;
        let run = world.queue(&to).await;
        world.drain().await;
        let mut ended: Vec<_> = world.deliveries(run).await.into_iter().map(|view| (view.state.as_str(), view.reason.unwrap())).collect();
        // One of the two waits for the slow server's answer; the other one's turn does not come while its permit lives.
        ended.sort();
        assert_eq!(ended, [("failed", "hard_address".into()), ("queued", "busy".into()), ("queued", "timeout".into())]);
        assert_eq!(sink.seen.lock().commands.iter().filter(|line| line.starts_with("MAIL")).count(), 1);
    }

    async fn international_recipients_need_a_server_that_takes_them(t: Fixture) {
        let sink = Sink::start(Script { offers: vec!["8BITMIME"], ..Script::default() }).await;
        let world = World::to(t, sink.address).await;
        let email = "لينا@example.net";
        let lina = world.subscriber(email).await;
        let run = world.queue(&[(lina, email)]).await;
        world.drain().await;
        assert_eq!(world.only(run).await, ("failed", Some("eai".into())));
        assert!(world.blocks(lina, email).await.is_empty());
    }

    async fn a_bounce_suppresses_the_address(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, got) = sent(&world, &sink).await;
        let report = |action: &str, status: &str| format!(
            "From: MAILER-DAEMON@mx.example.net\r\nTo: <{}>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; {LINA}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {status}\r\n\r\n--x--\r\n",
            got.return_path
        );
        assert_eq!(world.comes_in("", &got.return_path, &report("delayed", "4.4.1")).await, "250");
        let forged = format!("b+aaaaa{}", &got.return_path[7..]);
        assert_eq!(world.comes_in("", &forged, &report("failed", "5.1.1")).await, "550");
        assert!(world.blocks(lina, LINA).await.is_empty());
        assert_eq!(world.comes_in("", "b+known@elsewhere.example", "Subject: x\r\n\r\nx").await, "550");
        assert_eq!(world.comes_in("", &got.return_path, &report("failed", "5.1.1")).await, "250");
        assert_eq!(world.comes_in("", &got.return_path, &report("failed", "5.1.1")).await, "250");
        assert_eq!(reasons(&world.blocks(lina, LINA).await), [Reason::HardBounce]);
        let delivery = got.delivery(&world.ctx).await;
        let row = outbound::DeliveryRow::find(&world.ctx, delivery).await.unwrap().unwrap();
        assert_eq!(world.only(row.source).await, ("bounced", Some("hard_address".into())));
    }

    async fn a_complaint_ends_all_marketing(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, got) = sent(&world, &sink).await;
        let report = format!(
            "From: fbl@isp.example\r\nTo: abuse@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nA report.\r\n\r\n--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: X/1\r\nVersion: 1\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{}>\r\nFrom: news@example.com\r\nSubject: x\r\n\r\nhi\r\n--x--\r\n",
            got.message_id()
        );
        assert_eq!(world.comes_in("fbl@isp.example", "abuse@example.com", &report).await, "250");
        assert!(reasons(&world.blocks(lina, LINA).await).contains(&Reason::Complaint));
    }

    async fn unsubscribe_mail_leaves_the_topic(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, got) = sent(&world, &sink).await;
        world.advance(60);
        let to = got.unsubscribe_address();
        assert_eq!(world.comes_in(LINA, &to, &format!("From: {LINA}\r\nTo: {to}\r\n\r\n")).await, "250");
        let blocks = world.blocks(lina, LINA).await;
        assert_eq!(reasons(&blocks), [Reason::Unsubscribe]);
        assert_eq!(blocks[0].scope, Scope::Topic(world.topic.to_string()));
    }

    async fn an_arabic_no_thanks_opts_out_however_it_arrives(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, got) = sent(&world, &sink).await;
        world.advance(60);
        let no = "Subject: =?utf-8?B?UmU6INi52LHYtg==?=\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n2YTYpyDYtNmD2LHZi9in\r\n";
        // A machine's answer changes nothing, nor does an answer that claims to be from her and says nothing.
        let away = format!("From: {LINA}\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <{}>\r\n{no}", got.message_id());
        assert_eq!(world.comes_in("", "news@example.com", &away).await, "250");
        assert_eq!(world.comes_in(LINA, "news@example.com", &format!("From: {LINA}\r\nSubject: Hi\r\n\r\nSee you at the fair on Monday.\r\n")).await, "250");
        let stranger = "From: stranger@example.org\r\n".to_owned() + no;
        assert_eq!(world.comes_in("stranger@example.org", "news@example.com", &stranger).await, "250");
        assert!(world.blocks(lina, LINA).await.is_empty());
        // The reference says whose message is answered, whoever claims to write.
        let other = format!("From: lina.h@elsewhere.example\r\nTo: news@example.com\r\nIn-Reply-To: <{}>\r\n{no}", got.message_id());
        assert_eq!(world.comes_in("lina.h@elsewhere.example", "news@example.com", &other).await, "250");
        assert_eq!(reasons(&world.blocks(lina, LINA).await), [Reason::Unsubscribe]);
        let waiting = mail::incoming::waiting(&world.ctx, None, 10).await.unwrap();
        assert_eq!(waiting.len(), 2);
        let letter = mail::incoming::read(&world.ctx, waiting[0].id).await.unwrap().unwrap();
        assert_eq!(letter.text.trim(), "لا شكرًا");
        mail::incoming::settle(&world.ctx, &world.outbound, waiting[0].id, mail::incoming::Decision::Answered).await.unwrap();
        assert_eq!(mail::incoming::waiting(&world.ctx, None, 10).await.unwrap().len(), 1);
    }

    async fn a_bare_reply_is_matched_by_its_writer_and_can_only_stop(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, _) = sent(&world, &sink).await;
        world.advance(60);
        let no = format!("From: Lina <{LINA}>\r\nTo: news@example.com\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nلا شكرًا\r\n");
        assert_eq!(world.comes_in(LINA, "news@example.com", &no).await, "250");
        assert_eq!(reasons(&world.blocks(lina, LINA).await), [Reason::Unsubscribe]);
    }

    async fn a_neighbour_that_names_the_same_domain_reads_nothing(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, got) = sent(&world, &sink).await;
        let neighbour = world.neighbour().await;
        mail::domains::add(&neighbour, "example.com").await.unwrap();
        let words = format!("From: {LINA}\r\n\r\nWhere did you get my address?\r\n");
        assert_eq!(world.comes_in(LINA, "news@example.com", &words).await, "550");
        assert_eq!(world.comes_in(LINA, &got.return_path, &words).await, "250");
        world.verify_domain().await;
        assert_eq!(world.comes_in(LINA, "news@example.com", &words).await, "250");
        assert!(mail::incoming::waiting(&neighbour, None, 10).await.unwrap().is_empty());
        let waiting = mail::incoming::waiting(&world.ctx, None, 10).await.unwrap();
        assert!(!waiting.is_empty() && waiting.iter().all(|letter| letter.contact == Some(lina)));
    }

    async fn stored_mail_is_sealed_and_goes_with_the_person(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, got) = sent(&world, &sink).await;
        world.advance(60);
        let words = format!("From: {LINA}\r\nIn-Reply-To: <{}>\r\n\r\nWhere did you get my address?\r\n", got.message_id());
        assert_eq!(world.comes_in(LINA, "news@example.com", &words).await, "250");
        let waiting = mail::incoming::waiting(&world.ctx, None, 10).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].contact), (1, Some(lina)));
        assert_eq!(waiting[0].intent.as_deref(), Some("question_source"));
        people::contacts::erase(&world.ctx, world.outbound.gate(), lina).await.unwrap();
        assert!(mail::incoming::waiting(&world.ctx, None, 10).await.unwrap().is_empty());
        // Whatever still comes about an erased person is acknowledged and forgotten.
        assert_eq!(world.comes_in(LINA, &got.return_path, "From: x@example.org\r\n\r\nhello\r\n").await, "250");
    }
}

#[test]
fn refusals_and_broken_relays_end_as_they_should() {
    let refusing = |replies| Script { replies: vec![replies], ..Script::default() };
    let script = Script { pipelining: true, ..Script::default() };
    let cases = [
        (refusing(["", "451 4.3.0 busy\r\n", "", ""]), "queued", "transient", false),
        (refusing(["", "552 5.2.2 mailbox full\r\n", "", ""]), "queued", "full", false),
        (refusing(["", "550 5.1.1 no such user\r\n", "", ""]), "failed", "hard_address", true),
        (refusing(["550 5.1.8 bad sender\r\n", "", "", ""]), "failed", "policy", false),
        (refusing(["550 no such domain\r\n", "", "", ""]), "failed", "policy", false),
        (refusing(["", "", "", "550 5.7.1 spam\r\n"]), "failed", "policy", false),
        (Script { drop: "mail", ..script.clone() }, "queued", "connection_lost", false),
        (Script { hang: "mail", ..script.clone() }, "queued", "timeout", false),
        (Script { drop: "content", ..script.clone() }, "in_doubt", "connection_lost", false),
        (Script { hang: "final", ..script.clone() }, "in_doubt", "timeout", false),
    ];
    testkit::run(async {
        for (script, state, reason, suppressed) in cases {
            ends(Fixture::sqlite().await, script.clone(), (state, reason, suppressed)).await;
            if let Some(fixture) = Fixture::postgres().await {
                ends(fixture, script, (state, reason, suppressed)).await;
            }
        }
    });
}

async fn ends(fixture: Fixture, script: Script, (state, reason, suppressed): (&str, &str, bool)) {
    let brief = Duration::from_millis(300);
    let timeouts = Timeouts { command: brief, data: brief, end: brief, ..Timeouts::default() };
    let sink = Sink::start(script).await;
    let settings = Settings { relay_signs: true, inbound: false };
    let world = World::new(fixture, settings, |_| relay(sink.address, timeouts)).await;
    let lina = world.subscriber(LINA).await;
    let run = world.queue(&[(lina, LINA)]).await;
    world.drain().await;
    assert_eq!(world.only(run).await, (state, Some(reason.to_owned())));
    assert_eq!(!world.blocks(lina, LINA).await.is_empty(), suppressed, "{reason}");
    assert!(sink.messages().is_empty());
}
