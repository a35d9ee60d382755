//! The client against servers that behave and servers that do not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kernel::{Email, Pii};
use mail::smtp::{
    Failure, Guard, Limits, Login, Lost, Outcome, Parcel, Phase, Pool, Server, Timeouts, Tls, accepting_any,
};

use crate::sink::{Script, Sink, trusted};

fn brief() -> Timeouts {
    let brief = Duration::from_millis(80);
    Timeouts { greeting: brief, command: brief, data: brief, end: brief, ..Timeouts::default() }
}

fn patient() -> Timeouts {
    let long = Duration::from_secs(20);
    Timeouts { connect: long, greeting: long, command: long, data: long, block: long, end: long }
}

fn server(sink: &Sink) -> Server {
    Server {
        host: "localhost".into(),
        addresses: vec![sink.address],
        hello: "client.example".into(),
        tls: Tls::Off,
        login: None,
    }
}

fn limits(timeouts: Timeouts) -> Limits {
    Limits { connections: 1, timeouts, ..Limits::default() }
}

fn parcel(number: usize) -> Parcel {
    Parcel {
        return_path: Some(Email::parse("b+token@bounce.example.com").unwrap()),
        recipient: Email::parse(&format!("p{number}@example.net")).unwrap(),
        international: false,
        content: format!("Subject: {number}\r\n\r\n.dot\r\nbody {number}\r\n").into_bytes(),
        handover: Box::new(|| Ok(Box::new(()) as Guard)),
    }
}

async fn send_all(pool: &Pool, count: usize) -> Vec<Outcome> {
    let mut waiting = Vec::new();
    for number in 0..count {
        waiting.push(pool.enqueue(parcel(number)).await);
    }
    let mut outcomes = Vec::new();
    for outcome in waiting {
        outcomes.push(outcome.await.unwrap());
    }
    outcomes
}

fn accepted(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Accepted { .. })
}

#[tokio::test]
async fn a_pipelining_server_gets_content_and_next_envelope_together() {
    let sink = Sink::start(Script { pipelining: true, ..Script::default() }).await;
    let pool = Pool::new(server(&sink), limits(patient()));
    let outcomes = send_all(&pool, 50).await;
    assert!(outcomes.iter().all(accepted), "{outcomes:?}");
    let messages = sink.messages();
    assert_eq!(messages.len(), 50);
    assert_eq!(messages[7], "Subject: 7\r\n\r\n.dot\r\nbody 7\r\n");
    let seen = sink.seen.lock();
    assert_eq!(seen.connections, 1);
    assert!(seen.together >= 3);
    assert!(!seen.commands.iter().any(|c| c == "RSET"));
}

#[tokio::test]
async fn without_pipelining_each_command_waits() {
    let sink = Sink::start(Script::default()).await;
    let pool = Pool::new(server(&sink), limits(patient()));
    assert!(send_all(&pool, 5).await.iter().all(accepted));
    assert_eq!(sink.seen.lock().together, 1);
}

#[tokio::test]
async fn several_connections_share_the_work_and_end_at_their_limit() {
    let sink = Sink::start(Script { pipelining: true, ..Script::default() }).await;
    let limits =
        Limits { connections: 3, messages_per_connection: 4, queue: 7, timeouts: patient(), ..Limits::default() };
    let pool = Pool::new(server(&sink), limits);
    assert!(send_all(&pool, 40).await.iter().all(accepted));
    assert_eq!(sink.messages().len(), 40);
    assert!(sink.seen.lock().connections >= 10);
}

#[tokio::test]
async fn refusals_are_told_apart_and_the_session_goes_on() {
    for pipelining in [true, false] {
        let script = Script {
            pipelining,
            replies: vec![
                ["550 5.7.1 not you\r\n", "", "", ""],
                ["", "550-5.1.1 no such\r\n550 5.1.1 user\r\n", "", ""],
                ["", "450 4.2.1 later\r\n", "354 odd\r\n", ""],
                ["", "", "451 4.3.0 busy\r\n", ""],
                ["", "", "", "552 5.3.4 too large\r\n"],
                ["", "", "", "451 4.7.1 greylisted\r\n"],
            ],
            ..Script::default()
        };
        let sink = Sink::start(script).await;
        let pool = Pool::new(server(&sink), limits(patient()));
        let outcomes = send_all(&pool, 7).await;
        let expected = [
            (true, Phase::Mail, "550 5.7.1"),
            (true, Phase::Recipient, "550 5.1.1"),
            (false, Phase::Recipient, "450 4.2.1"),
            (false, Phase::Data, "451 4.3.0"),
            (true, Phase::Final, "552 5.3.4"),
            (false, Phase::Final, "451 4.7.1"),
        ];
        for (outcome, expected) in outcomes.iter().zip(expected) {
            let Outcome::Refused { permanent, phase, reply } = outcome else { panic!("{outcome:?}") };
            assert_eq!((*permanent, *phase, reply.to_string().as_str()), expected);
        }
        assert!(accepted(&outcomes[6]), "{outcomes:?}");
        assert_eq!(sink.messages().len(), 1);
        assert_eq!(sink.seen.lock().connections, 1);
    }
}

#[tokio::test]
async fn a_421_ends_the_session_and_spares_the_next_message() {
    for pipelining in [true, false] {
        let sink =
            Sink::start(Script { pipelining, replies: vec![["421 4.3.2 down\r\n", "", "", ""]], ..Script::default() })
                .await;
        let pool = Pool::new(server(&sink), limits(patient()));
        let outcomes = send_all(&pool, 2).await;
        assert!(matches!(&outcomes[0], Outcome::Refused { permanent: false, phase: Phase::Mail, .. }), "{outcomes:?}");
        assert!(accepted(&outcomes[1]), "{outcomes:?}");
        assert_eq!(sink.seen.lock().connections, 2);
    }
}

#[tokio::test]
async fn a_server_that_lies_about_pipelining_gets_nothing_twice() {
    let sink = Sink::start(Script { lies: true, ..Script::default() }).await;
    let pool = Pool::new(server(&sink), limits(brief()));
    let first = send_all(&pool, 1).await;
    assert!(matches!(first[0], Outcome::NotStarted { cause: Failure::Timeout(_) }), "{first:?}");
    let again = send_all(&pool, 3).await;
    assert!(again.iter().all(accepted), "{again:?}");
    assert_eq!(sink.messages().len(), 3);
}

#[tokio::test]
async fn hanging_servers_are_left_in_time() {
    for (hang, in_doubt, phase) in [
        ("greeting", false, Phase::Greeting),
        ("mail", false, Phase::Mail),
        ("data", false, Phase::Data),
        ("final", true, Phase::Final),
    ] {
        let sink = Sink::start(Script { hang, ..Script::default() }).await;
        let pool = Pool::new(server(&sink), limits(brief()));
        let outcome = pool.send(parcel(1)).await;
        let cause = Failure::Timeout(phase);
        let expected = if in_doubt { Outcome::InDoubt { cause } } else { Outcome::NotStarted { cause } };
        assert_eq!(outcome, expected, "{hang}");
    }
}

#[tokio::test]
async fn a_connection_lost_before_the_content_is_safe_and_after_it_in_doubt() {
    for pipelining in [true, false] {
        let sink = Sink::start(Script { pipelining, drop: "mail", ..Script::default() }).await;
        let outcome = Pool::new(server(&sink), limits(patient())).send(parcel(1)).await;
        assert!(matches!(outcome, Outcome::NotStarted { cause: Failure::Closed(_) }), "{outcome:?}");
        for drop in ["content", "final"] {
            let sink = Sink::start(Script { pipelining, drop, ..Script::default() }).await;
            let outcome = Pool::new(server(&sink), limits(patient())).send(parcel(1)).await;
            assert_eq!(outcome, Outcome::InDoubt { cause: Failure::Closed(Phase::Final) }, "{drop}");
        }
    }
}

#[tokio::test]
async fn a_large_message_cut_off_in_the_middle_is_not_in_doubt() {
    let sink = Sink::start(Script { drop: "content", ..Script::default() }).await;
    let mut large = parcel(1);
    large.content = b"a line of some length that fills the buffers of the machine\r\n".repeat(600_000);
    let outcome = Pool::new(server(&sink), limits(patient())).send(large).await;
    assert_eq!(outcome, Outcome::NotStarted { cause: Failure::Closed(Phase::Content) });
}

#[tokio::test]
async fn the_next_message_is_safe_when_the_present_one_is_in_doubt() {
    let sink = Sink::start(Script { pipelining: true, drop: "final", ..Script::default() }).await;
    let pool = Pool::new(server(&sink), limits(patient()));
    let outcomes = send_all(&pool, 2).await;
    assert!(matches!(outcomes[0], Outcome::InDoubt { .. }), "{outcomes:?}");
    // The second was either announced along with the first, or came on a connection of its own.
    assert!(matches!(outcomes[1], Outcome::NotStarted { .. } | Outcome::InDoubt { .. }), "{outcomes:?}");
}

#[tokio::test]
async fn unasked_replies_are_never_taken_for_answers() {
    let sink = Sink::start(Script { chatter: "250 more\r\n250 and more\r\n", ..Script::default() }).await;
    let pool = Pool::new(server(&sink), limits(patient()));
    let outcomes = send_all(&pool, 3).await;
    for outcome in &outcomes {
        assert!(matches!(outcome, Outcome::Accepted { .. } | Outcome::NotStarted { .. }), "{outcomes:?}");
    }
    assert_eq!(outcomes.iter().filter(|o| accepted(o)).count(), sink.messages().len());
}

#[tokio::test]
async fn nobody_listening_fails_everything_that_waits() {
    let sink = Sink::start(Script::default()).await;
    let mut server = server(&sink);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    server.addresses = vec![free.local_addr().unwrap()];
    drop(free);
    let outcomes = send_all(&Pool::new(server, limits(patient())), 5).await;
    let refused = std::io::ErrorKind::ConnectionRefused;
    assert!(outcomes.iter().all(|o| *o == Outcome::NotStarted { cause: Failure::Connect(refused) }), "{outcomes:?}");
}

struct Held(Arc<AtomicUsize>);
impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn permission_is_asked_per_message_and_given_back_before_the_news() {
    let sink = Sink::start(Script { pipelining: true, ..Script::default() }).await;
    let pool = Pool::new(server(&sink), limits(patient()));
    let held = Arc::new(AtomicUsize::new(0));
    let mut waiting = Vec::new();
    for number in 0..20 {
        let held = held.clone();
        let mut parcel = parcel(number);
        parcel.handover = Box::new(move || {
            if number % 2 == 1 {
                return Err(Lost);
            }
            held.fetch_add(1, Ordering::SeqCst);
            Ok(Box::new(Held(held)) as Guard)
        });
        waiting.push(pool.enqueue(parcel).await);
    }
    for (number, outcome) in waiting.into_iter().enumerate() {
        let outcome = outcome.await.unwrap();
        if number % 2 == 1 {
            assert_eq!(outcome, Outcome::Lost);
        } else {
            assert!(accepted(&outcome));
        }
    }
    assert_eq!(held.load(Ordering::SeqCst), 0);
    assert_eq!(sink.messages().len(), 10);
    assert!(!sink.seen.lock().commands.iter().any(|c| c.contains("<p1@")));
}

#[tokio::test]
async fn abandoned_messages_do_not_leave_and_closing_tells_the_rest() {
    let sink = Sink::start(Script { hang: "final", pipelining: true, ..Script::default() }).await;
    let pool = Pool::new(server(&sink), limits(patient()));
    let abandoned = pool.enqueue(parcel(1)).await;
    drop(abandoned);
    let waiting = pool.enqueue(parcel(2)).await;
    pool.close();
    let outcome = waiting.await.unwrap();
    assert_eq!(outcome, Outcome::NotStarted { cause: Failure::Stopped });
    assert_eq!(pool.send(parcel(3)).await, Outcome::NotStarted { cause: Failure::Stopped });
    assert!(!sink.seen.lock().commands.iter().any(|c| c.contains("<p1@")));
}

#[tokio::test]
async fn what_the_server_does_not_offer_is_refused_without_asking() {
    let sink = Sink::start(Script { offers: vec!["SIZE 100", "8BITMIME"], ..Script::default() }).await;
    let pool = Pool::new(server(&sink), limits(patient()));
    let mut large = parcel(1);
    large.content = vec![b'a'; 200];
    let Outcome::Refused { permanent: true, reply, .. } = pool.send(large).await else { panic!() };
    assert_eq!(reply.to_string(), "552 5.3.4");
    let mut arabic = parcel(1);
    arabic.recipient = Email::parse("لينا@مثال.إختبار").unwrap();
    let Outcome::Refused { permanent: true, reply, .. } = pool.send(arabic).await else { panic!() };
    assert_eq!(reply.to_string(), "550 5.6.7");
    assert!(accepted(&pool.send(parcel(2)).await));
    assert!(sink.seen.lock().commands.iter().any(|c| c.starts_with("MAIL FROM:<b+token@bounce.example.com> SIZE=")));

    let sink =
        Sink::start(Script { offers: vec!["SMTPUTF8", "8BITMIME"], helo_only: false, ..Script::default() }).await;
    let pool = Pool::new(server(&sink), limits(patient()));
    let mut arabic = parcel(1);
    arabic.recipient = Email::parse("لينا@مثال.إختبار").unwrap();
    assert!(accepted(&pool.send(arabic).await));
    let seen = sink.seen.lock();
    assert!(seen.commands.iter().any(|c| c.ends_with("BODY=8BITMIME SMTPUTF8")));
    assert!(seen.commands.contains(&"RCPT TO:<لينا@xn--mgbh0fb.xn--kgbechtv>".to_owned()));
}

#[tokio::test]
async fn old_servers_are_greeted_with_helo() {
    let sink = Sink::start(Script { helo_only: true, ..Script::default() }).await;
    assert!(accepted(&Pool::new(server(&sink), limits(patient())).send(parcel(1)).await));
}

#[tokio::test]
async fn starttls_and_sign_in() {
    for (offers, tls) in [
        (vec!["AUTH PLAIN"], Tls::Required(trusted())),
        (vec!["AUTH LOGIN"], Tls::Opportunistic(accepting_any().unwrap())),
    ] {
        let sink = Sink::start(Script { tls: true, pipelining: true, offers, ..Script::default() }).await;
        let mut server = server(&sink);
        server.tls = tls;
        server.login = Some(Login { user: Pii::new("u".into()), password: Pii::new("p".into()) });
        assert!(accepted(&Pool::new(server, limits(patient())).send(parcel(1)).await));
        assert_eq!(sink.seen.lock().encrypted, 1);
    }
}

#[tokio::test]
async fn sessions_that_cannot_be_opened_say_why() {
    let plain = Sink::start(Script::default()).await;
    let mut needs_tls = server(&plain);
    needs_tls.tls = Tls::Required(trusted());
    let outcome = Pool::new(needs_tls, limits(patient())).send(parcel(1)).await;
    assert_eq!(outcome, Outcome::NotStarted { cause: Failure::NoTls });

    let mut needs_login = server(&plain);
    needs_login.login = Some(Login { user: Pii::new("u".into()), password: Pii::new("p".into()) });
    let outcome = Pool::new(needs_login.clone(), limits(patient())).send(parcel(1)).await;
    assert_eq!(outcome, Outcome::NotStarted { cause: Failure::NoLogin });

    let strict = Sink::start(Script { offers: vec!["AUTH PLAIN"], ..Script::default() }).await;
    needs_login.addresses = vec![strict.address];
    needs_login.login = Some(Login { user: Pii::new("u".into()), password: Pii::new("wrong".into()) });
    let outcome = Pool::new(needs_login, limits(patient())).send(parcel(1)).await;
    let Outcome::NotStarted { cause: Failure::Session { phase: Phase::Login, reply } } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(reply.to_string(), "535 5.7.8");
}

#[tokio::test]
async fn an_untrusted_certificate_is_refused_when_it_must_be_trusted() {
    let sink = Sink::start(Script { tls: true, ..Script::default() }).await;
    let mut server = server(&sink);
    server.tls = Tls::Required(mail::smtp::verified_by(rustls::RootCertStore::empty()).unwrap());
    let outcome = Pool::new(server.clone(), limits(patient())).send(parcel(1)).await;
    assert!(matches!(outcome, Outcome::NotStarted { cause: Failure::Handshake(_) }), "{outcome:?}");
    // Where encryption is a bonus, the message goes in the clear instead.
    server.tls = Tls::Opportunistic(mail::smtp::verified_by(rustls::RootCertStore::empty()).unwrap());
    assert!(accepted(&Pool::new(server, limits(patient())).send(parcel(1)).await));
}

#[tokio::test]
async fn a_server_that_speaks_another_protocol_is_recognised() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let server = Server { host: "x".into(), addresses: vec![address], hello: "c".into(), tls: Tls::Off, login: None };
    let outcome = Pool::new(server, limits(patient())).send(parcel(1)).await;
    assert_eq!(outcome, Outcome::NotStarted { cause: Failure::Protocol(Phase::Greeting) });
}
