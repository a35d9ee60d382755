//! Look-up against a stub that speaks the provider's interface over a real connection.

use std::sync::Arc;

use billing::balance::{self, Terms};
use billing::prices::{self, Price};
use billing::{Micros, balance as book};
use calls::lookup::{self, Error, Lookups, Reach};
use kernel::{Code, Phone, Timestamp};
use outbound::webhooks::{Policy, SystemLookup};
use parking_lot::Mutex;
use store::Ctx;
use testkit::Fixture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const KNOWN: &str =
    r#"{"status":"active","network":"42001","country":"SA","ported":true,"roaming":null,"imsi":"420011234567890"}"#;

/// Answers every question with the same.
struct Networks {
    asked: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<(u16, String)>>,
    url: String,
}

impl Networks {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let this = Self {
            asked: Arc::default(),
            answer: Arc::new(Mutex::new((200, KNOWN.to_owned()))),
            url: format!("http://{}/hlr", listener.local_addr().unwrap()),
        };
        let (asked, answer) = (Arc::clone(&this.asked), Arc::clone(&this.answer));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                while !request.ends_with(b"}") {
                    if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                        break;
                    }
                }
                asked.lock().push(String::from_utf8_lossy(&request).into_owned());
                let (status, body) = answer.lock().clone();
                let text = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(text.as_bytes()).await.ok();
            }
        });
        this
    }
}

fn lookups() -> Lookups {
    Lookups::new(Policy::new(["127.0.0.1"]).unwrap(), Arc::new(SystemLookup)).unwrap()
}

fn lina() -> Phone {
    Phone::parse("+966501234567", None).unwrap()
}

async fn money(ctx: &Ctx, amount: i64) {
    let terms = Terms { currency: "SAR".into(), credit: Some(Micros(0)), low_at: Micros(0) };
    balance::configure(ctx, terms).await.unwrap();
    balance::top_up(ctx, Micros(amount)).await.unwrap();
}

async fn priced(ctx: &Ctx) {
    let price = Price {
        service: "lookup".into(),
        country: "SA".into(),
        network: String::new(),
        sender: String::new(),
        since: Timestamp(0),
        amount: Micros(30),
    };
    prices::put(ctx, &[price]).await.unwrap();
}

store::sql! {
    ROWS = "SELECT number, network FROM lookup";
    ORPHAN = "INSERT INTO lookup (workspace, id, number, state, price, at) VALUES ($1, $2, $2, 'asking', 5, $3)";
}

testkit::each_engine! {
    async fn a_network_is_asked_once_a_day_and_paid_once(t: Fixture) {
        let (ctx, networks, lookups) = (t.workspace().await, Networks::start().await, lookups());
        assert!(matches!(lookups.ask(&ctx, &lina(), false).await, Err(Error::NoProvider)));
        lookups.connect(&ctx, &networks.url, "key-1").await.unwrap();
        money(&ctx, 50).await;
        assert_eq!(lookups.ask(&ctx, &lina(), false).await.unwrap_err().problem().code, Code::Unpriced);
        priced(&ctx).await;
        let answer = lookups.ask(&ctx, &lina(), false).await.unwrap();
        assert_eq!((answer.status, answer.network.as_deref(), answer.ported), (Reach::Active, Some("42001"), Some(true)));
        assert_eq!((answer.price, answer.remembered), (Micros(30), false));
        let asked = networks.asked.lock()[0].clone();
        assert!(asked.to_ascii_lowercase().contains("authorization: bearer key-1"), "{asked}");
        assert!(asked.contains(r#"{"number":"+966501234567"}"#), "{asked}");
        let again = lookups.ask(&ctx, &lina(), false).await.unwrap();
        assert_eq!((again.id, again.price, again.remembered), (answer.id, Micros(0), true));
        assert_eq!(book::get(&ctx).await.unwrap().available, Micros(20));
        t.clock.advance(86_400);
        assert_eq!(lookups.ask(&ctx, &lina(), false).await.unwrap_err().problem().code, Code::InsufficientBalance);
        assert_eq!(networks.asked.lock().len(), 1);
        let rows: Vec<(Vec<u8>, String)> = ctx.db.all(ROWS, store::params![]).await.unwrap();
        assert!(rows.len() == 1 && rows[0].0.len() == 16, "the number is kept as a keyed hash");
    }

    async fn what_is_not_answered_costs_nothing(t: Fixture) {
        let (ctx, networks, lookups) = (t.workspace().await, Networks::start().await, lookups());
        lookups.connect(&ctx, &networks.url, "key-1").await.unwrap();
        money(&ctx, 100).await;
        priced(&ctx).await;
        for (status, body) in [(500, "{}"), (401, "{}"), (429, ""), (200, "no"), (200, r#"{"status":"dancing"}"#), (302, "")] {
            *networks.answer.lock() = (status, body.to_owned());
            assert_eq!(lookups.ask(&ctx, &lina(), false).await.unwrap_err().problem().code, Code::Unavailable);
        }
        *networks.answer.lock() = (200, format!("{{\"status\":\"active\",\"x\":\"{}\"}}", "x".repeat(70_000)));
        assert!(lookups.ask(&ctx, &lina(), false).await.is_err());
        let after = book::get(&ctx).await.unwrap();
        assert_eq!((after.available, after.reserved, after.spent), (Micros(100), Micros(0), Micros(0)));
        *networks.answer.lock() = (200, r#"{"status":"absent","network":"nonsense","country":"x"}"#.to_owned());
        let odd = lookups.ask(&ctx, &lina(), false).await.unwrap();
        assert_eq!((odd.status, odd.network, odd.country), (Reach::Absent, None, None));
        let trial = lookups.ask(&ctx, &lina(), true).await.unwrap();
        assert_eq!((trial.status, trial.price), (Reach::Active, Micros(30)));
        assert_eq!(book::get(&ctx).await.unwrap().available, Micros(70), "a trial costs nothing");

        let (call, id) = (ctx.clone(), ctx.id::<kernel::LookupId>());
        ctx.db.tx(move |tx| {
            balance::reserve(tx, &call, id.into(), Micros(5))?;
            tx.exec(ORPHAN, store::params![call.workspace, id, call.now()])
        }).await.unwrap();
        lookup::recover(&ctx).await.unwrap();
        assert_eq!(book::get(&ctx).await.unwrap().reserved, Micros(5), "it may still be answered");
        t.clock.advance(301);
        lookup::recover(&ctx).await.unwrap();
        let after = book::get(&ctx).await.unwrap();
        assert_eq!((after.available, after.reserved), (Micros(70), Micros(0)));
    }

    async fn providers_are_hosts_that_the_operator_named(t: Fixture) {
        let (ctx, lookups) = (t.workspace().await, lookups());
        for (url, secret, field) in [
            ("https://elsewhere.example/", "k", "url"),
            ("http://169.254.169.254/", "k", "url"),
            ("ftp://127.0.0.1/", "k", "url"),
            ("http://127.0.0.1:9/", "", "key"),
            ("http://127.0.0.1:9/", "a b", "key"),
        ] {
            assert_eq!(lookups.connect(&ctx, url, secret).await.unwrap_err().problem().fields[0].field, field, "{url}");
        }
        lookups.connect(&ctx, "http://127.0.0.1:9/x", "k").await.unwrap();
        assert_eq!(lookup::standing(&ctx).await.unwrap().unwrap().url, "http://127.0.0.1:9/x");
        assert!(lookup::standing(&t.workspace().await).await.unwrap().is_none());
        lookup::disconnect(&ctx).await.unwrap();
        assert!(lookup::standing(&ctx).await.unwrap().is_none());
    }
}
