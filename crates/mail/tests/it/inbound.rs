//! The listener, with our own client and with hostile ones.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use kernel::Email;
use mail::inbound::{Mail, Received, Refusal, Settings, serve};
use mail::smtp::{Guard, Limits, Outcome, Parcel, Pool, Server, Tls};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::sink::{server_tls, trusted};

#[derive(Default)]
struct Box_ {
    kept: Mutex<Vec<Mail>>,
    refuse: Mutex<Option<Refusal>>,
}

impl Received for Box_ {
    fn knows<'a>(&'a self, recipient: &'a str) -> BoxFuture<'a, bool> {
        async move { recipient.starts_with("b+known@") }.boxed()
    }
    fn store(&self, mail: Mail) -> BoxFuture<'_, Result<(), Refusal>> {
        async move {
            if let Some(refusal) = *self.refuse.lock() {
                return Err(refusal);
            }
            self.kept.lock().push(mail);
            Ok(())
        }
        .boxed()
    }
}

struct Listener {
    address: std::net::SocketAddr,
    kept: Arc<Box_>,
    stop: watch::Sender<bool>,
}

async fn listen(change: impl FnOnce(&mut Settings)) -> Listener {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut settings = Settings::new("in.example.com");
    change(&mut settings);
    let kept = Arc::new(Box_::default());
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(serve(listener, settings, kept.clone(), stopped));
    Listener { address, kept, stop }
}

/// Says everything at once, and returns everything that was answered until the listener hung up.
async fn converse(listener: &Listener, said: &[u8]) -> String {
    let mut stream = TcpStream::connect(listener.address).await.unwrap();
    let _ = stream.write_all(said).await;
    let mut answered = Vec::new();
    let _ = stream.read_to_end(&mut answered).await;
    String::from_utf8(answered).unwrap()
}

fn codes(answered: &str) -> Vec<&str> {
    answered.lines().filter(|line| line.as_bytes().get(3) == Some(&b' ')).map(|line| &line[..3]).collect()
}

#[tokio::test]
async fn our_own_client_delivers_over_tls_and_pipelined() {
    let listener = listen(|settings| settings.tls = Some(server_tls())).await;
    let server = Server {
        host: "localhost".into(),
        addresses: vec![listener.address],
        hello: "mx.example.net".into(),
        tls: Tls::Required(trusted()),
        login: None,
    };
    let pool = Pool::new(server, Limits { connections: 1, ..Limits::default() });
    let mut waiting = Vec::new();
    for number in 0..20 {
        let parcel = Parcel {
            return_path: None,
            recipient: Email::parse("b+known@bounce.example.com").unwrap(),
            international: false,
            content: format!("Subject: {number}\r\n\r\n.a\r\n..b\r\n").into_bytes(),
            handover: Box::new(|| Ok(Box::new(()) as Guard)),
        };
        waiting.push(pool.enqueue(parcel).await);
    }
    for outcome in waiting {
        assert!(matches!(outcome.await.unwrap(), Outcome::Accepted { .. }));
    }
    let kept = listener.kept.kept.lock();
    assert_eq!(kept.len(), 20);
    assert_eq!(kept[3].raw, b"Return-Path: <>\r\nSubject: 3\r\n\r\n.a\r\n..b\r\n");
    assert_eq!(
        (kept[3].from.as_str(), kept[3].recipients.as_slice()),
        ("", &["b+known@bounce.example.com".to_owned()][..])
    );
}

#[tokio::test]
async fn only_known_recipients_and_no_relaying() {
    let listener = listen(|_| ()).await;
    let answered = converse(
        &listener,
        b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<victim@elsewhere.example>\r\nDATA\r\nRCPT TO:<b+known@h>\r\nVRFY a\r\nRSET\r\nRCPT TO:<b+known@h>\r\nQUIT\r\n",
    )
    .await;
    assert_eq!(codes(&answered), ["220", "250", "250", "550", "554", "250", "252", "250", "503", "221"]);
    assert!(listener.kept.kept.lock().is_empty());
}

#[tokio::test]
async fn not_acknowledged_unless_kept() {
    let listener = listen(|_| ()).await;
    let said = b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<b+known@h>\r\nDATA\r\nhi\r\n.\r\nQUIT\r\n";
    *listener.kept.refuse.lock() = Some(Refusal::Later);
    assert_eq!(codes(&converse(&listener, said).await), ["220", "250", "250", "250", "354", "451", "221"]);
    *listener.kept.refuse.lock() = Some(Refusal::Never);
    assert_eq!(codes(&converse(&listener, said).await), ["220", "250", "250", "250", "354", "554", "221"]);
    *listener.kept.refuse.lock() = None;
    assert_eq!(codes(&converse(&listener, said).await), ["220", "250", "250", "250", "354", "250", "221"]);
    assert_eq!(listener.kept.kept.lock().len(), 1);
}

#[tokio::test]
async fn a_bare_line_feed_ends_no_message() {
    let listener = listen(|_| ()).await;
    let said = b"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<b+known@h>\r\nDATA\r\nhi\n.\nMAIL FROM:<evil@x>\n\r\n.\r\nQUIT\r\n";
    converse(&listener, said).await;
    let kept = listener.kept.kept.lock();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].raw.ends_with(b"hi\n.\nMAIL FROM:<evil@x>\n\r\n"));
}

#[tokio::test]
async fn bounds_hold() {
    let listener = listen(|settings| {
        settings.size = 1000;
        settings.recipients = 1;
        settings.mistakes = 2;
    })
    .await;
    let mut large =
        b"EHLO x\r\nMAIL FROM:<> SIZE=2000\r\nMAIL FROM:<>\r\nRCPT TO:<b+known@h>\r\nRCPT TO:<b+known@h>\r\nDATA\r\n"
            .to_vec();
    large.extend(b"0123456789\r\n".repeat(5000));
    large.extend(b".\r\nQUIT\r\n");
    assert_eq!(
        codes(&converse(&listener, &large).await),
        ["220", "250", "552", "250", "250", "452", "354", "552", "221"]
    );
    let answered = converse(&listener, b"GET / HTTP/1.1\r\nHost: x\r\nX: y\r\n").await;
    assert_eq!(codes(&answered), ["220", "500", "500", "421"]);
    let answered = converse(&listener, &vec![b'a'; 5000]).await;
    assert_eq!(codes(&answered).last(), Some(&"500"));
    assert!(listener.kept.kept.lock().is_empty());
}

#[tokio::test]
async fn silence_and_crowds_are_shown_out() {
    let silent = listen(|settings| settings.silence = Duration::from_millis(50)).await;
    assert_eq!(codes(&converse(&silent, b"EHLO x\r\n").await), ["220", "250", "421"]);

    let crowded = listen(|settings| settings.connections = 1).await;
    let mut first = TcpStream::connect(crowded.address).await.unwrap();
    let mut greeting = [0; 3];
    first.read_exact(&mut greeting).await.unwrap();
    assert_eq!(codes(&converse(&crowded, b"").await), ["421"]);
}

#[tokio::test]
async fn stopping_says_good_bye() {
    let listener = listen(|_| ()).await;
    let mut stream = TcpStream::connect(listener.address).await.unwrap();
    let mut greeting = [0; 4];
    stream.read_exact(&mut greeting).await.unwrap();
    listener.stop.send(true).unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.contains("421 4.3.2"), "{rest}");
}

#[tokio::test]
async fn what_is_said_before_tls_is_not_believed_after_it() {
    let listener = listen(|settings| settings.tls = Some(server_tls())).await;
    let answered = converse(&listener, b"EHLO x\r\nSTARTTLS\r\nMAIL FROM:<>\r\n").await;
    assert_eq!(codes(&answered), ["220", "250"]);
}
