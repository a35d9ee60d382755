//! Payments at a stub that speaks the provider's API over a real connection.

use std::sync::Arc;

use aws_lc_rs::hmac;
use billing::Error;
use billing::payment::accounts::{self, Connect, Credentials};
use billing::payment::stripe::Stripe;
use billing::payment::{self, Amount, Order, PaymentState, Refusal, Settled};
use kernel::{BookingId, PaymentId, Pii, RawId};
use parking_lot::Mutex;
use store::Ctx;
use testkit::Fixture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers every request with the next prepared answer, and keeps what was asked.
struct Stub {
    asked: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<(u16, String)>>>,
    base: url::Url,
}

impl Stub {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let this = Self { asked: Arc::default(), answers: Arc::default(), base };
        let (asked, answers) = (Arc::clone(&this.asked), Arc::clone(&this.answers));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                while !whole(&request) {
                    if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                        break;
                    }
                }
                asked.lock().push(String::from_utf8_lossy(&request).into_owned());
                let (status, body) = answers.lock().remove(0);
                let text = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(text.as_bytes()).await.ok();
            }
        });
        this
    }

    fn will(&self, status: u16, body: impl Into<String>) {
        self.answers.lock().push((status, body.into()));
    }

    fn provider(&self) -> Stripe {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let credentials = Credentials {
            secret: "sk_test_1".into(),
            signing: "whsec_1".into(),
            base: None,
            connected_at: kernel::Timestamp(0),
        };
        Stripe::new(client, self.base.clone(), credentials)
    }
}

fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    body.len() >= length
}

fn order(ctx: &Ctx) -> Order {
    Order {
        reference: ctx.id::<BookingId>().into(),
        amount: Amount::new(15_000, "sar").unwrap(),
        description: "استشارة".into(),
        email: Some(Pii::new("layla@example.com".into())),
        success_url: "https://book.example/done".into(),
        cancel_url: "https://book.example/back".into(),
        expires_at: ctx.now().plus_seconds(60),
    }
}

fn opened() -> String {
    r#"{"id":"cs_1","url":"https://pay.example/cs_1"}"#.to_owned()
}

fn session(id: PaymentId, minor: i64) -> String {
    format!(
        r#"{{"id":"cs_1","url":null,"client_reference_id":"{id}","status":"complete","payment_status":"paid","amount_total":{minor},"currency":"sar","payment_intent":"pi_1"}}"#
    )
}

fn event(kind: &str, object: &str) -> String {
    format!(r#"{{"id":"evt_1","type":"{kind}","data":{{"object":{object}}}}}"#)
}

pub fn signature(ctx: &Ctx, body: &str, secret: &str, age: i64) -> String {
    let at = ctx.now().0 / 1_000_000 - age;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{at}.{body}").as_bytes());
    format!("t={at},v1={},v1={},v0=x", "00".repeat(32), data_encoding::HEXLOWER.encode(tag.as_ref()))
}

async fn told(ctx: &Ctx, kind: &str, reference: RawId) -> usize {
    let data = serde_json::json!({ "reference": data_encoding::HEXLOWER.encode(&reference) });
    let all = store::feed::read_after(&ctx.db, ctx.workspace, 0, 1000).await.unwrap();
    all.iter().filter(|event| event.kind == kind && event.data == data).count()
}

testkit::each_engine! {
    async fn an_order_is_paid_once_and_goes_back_once(t: Fixture) {
        let (ctx, stub) = (t.workspace().await, Stub::start().await);
        let (provider, order) = (stub.provider(), order(&ctx));
        stub.will(200, opened());
        let (id, page) = payment::begin(&ctx, &provider, &order).await.unwrap();
        assert_eq!(page.url, "https://pay.example/cs_1");
        let asked = stub.asked.lock()[0].clone();
        assert!(asked.starts_with("POST /v1/checkout/sessions "), "{asked}");
        for part in [
            "authorization: Bearer sk_test_1", &format!("idempotency-key: {id}"), &format!("client_reference_id={id}"),
            "unit_amount%5D=15000", "currency%5D=sar", "customer_email=layla%40example.com",
        ] {
            assert!(asked.contains(part), "{part} in {asked}");
        }
        let body = event("checkout.session.completed", &session(id, 15_000));
        let good = signature(&ctx, &body, "whsec_1", 10);
        let told_once = payment::settle(&ctx, &provider, &good, body.as_bytes()).await.unwrap();
        assert_eq!(told_once, Some(Settled { payment: id, moved: true }));
        let told_twice = payment::settle(&ctx, &provider, &good, body.as_bytes()).await.unwrap();
        assert_eq!(told_twice, Some(Settled { payment: id, moved: false }));
        assert_eq!(payment::get(&ctx, id).await.unwrap().state, PaymentState::Paid);
        assert_eq!(told(&ctx, "payment.paid", order.reference).await, 1);

        stub.will(200, r#"{"id":"re_1"}"#);
        assert_eq!(payment::refund(&ctx, &provider, id).await.unwrap().state, PaymentState::Refunded);
        assert_eq!(payment::refund(&ctx, &provider, id).await.unwrap().state, PaymentState::Refunded);
        let asked = stub.asked.lock().clone();
        assert_eq!(asked.len(), 2, "the second refund asks nobody");
        assert!(asked[1].starts_with("POST /v1/refunds ") && asked[1].contains("payment_intent=pi_1"), "{}", asked[1]);
        assert_eq!(payment::of_reference(&ctx, order.reference).await.unwrap().len(), 1);
    }

    async fn calls_that_nobody_signed_change_nothing(t: Fixture) {
        let (ctx, stub) = (t.workspace().await, Stub::start().await);
        let provider = stub.provider();
        stub.will(200, opened());
        let (id, _) = payment::begin(&ctx, &provider, &order(&ctx)).await.unwrap();
        let body = event("checkout.session.completed", &session(id, 15_000));
        let wrong = [
            signature(&ctx, &body, "whsec_2", 10), signature(&ctx, &body, "whsec_1", 301),
            signature(&ctx, &body, "whsec_1", -301), signature(&ctx, "{}", "whsec_1", 10), String::new(), "t=,v1=".into(),
        ];
        for header in wrong {
            let refused = payment::settle(&ctx, &provider, &header, body.as_bytes()).await;
            assert!(matches!(refused, Err(Error::Provider(Refusal::Signature))), "{header}");
        }
        assert_eq!(payment::get(&ctx, id).await.unwrap().state, PaymentState::Waiting);
        // Signed, but another workspace's payment.
        let other = t.workspace().await;
        let good = signature(&other, &body, "whsec_1", 0);
        let foreign = payment::settle(&other, &provider, &good, body.as_bytes()).await;
        assert!(matches!(foreign, Err(Error::NotFound(_))));
    }

    async fn another_amount_than_ordered_waits_for_a_person(t: Fixture) {
        let (ctx, stub) = (t.workspace().await, Stub::start().await);
        let (provider, order) = (stub.provider(), order(&ctx));
        stub.will(200, opened());
        let (id, _) = payment::begin(&ctx, &provider, &order).await.unwrap();
        let body = event("checkout.session.completed", &session(id, 1));
        let good = signature(&ctx, &body, "whsec_1", 0);
        payment::settle(&ctx, &provider, &good, body.as_bytes()).await.unwrap();
        assert_eq!(payment::get(&ctx, id).await.unwrap().state, PaymentState::Mismatched);
        assert_eq!(told(&ctx, "payment.mismatched", order.reference).await, 1);
        assert_eq!(told(&ctx, "payment.paid", order.reference).await, 0);
    }

    async fn a_call_that_never_came_is_asked_for(t: Fixture) {
        let (ctx, stub) = (t.workspace().await, Stub::start().await);
        let provider = stub.provider();
        stub.will(200, opened());
        let (id, _) = payment::begin(&ctx, &provider, &order(&ctx)).await.unwrap();
        stub.will(200, r#"{"id":"cs_1","url":null,"status":"open","payment_status":"unpaid"}"#);
        assert_eq!(payment::check(&ctx, &provider, id).await.unwrap().state, PaymentState::Waiting);
        stub.will(200, session(id, 15_000));
        assert_eq!(payment::check(&ctx, &provider, id).await.unwrap().state, PaymentState::Paid);
    }

    async fn a_page_is_found_again_and_closed(t: Fixture) {
        let (ctx, stub) = (t.workspace().await, Stub::start().await);
        let provider = stub.provider();
        stub.will(200, opened());
        let (id, _) = payment::begin(&ctx, &provider, &order(&ctx)).await.unwrap();
        stub.will(200, r#"{"id":"cs_1","url":"https://pay.example/cs_1","status":"open","payment_status":"unpaid"}"#);
        let again = payment::reopen(&ctx, &provider, id).await.unwrap().unwrap();
        assert_eq!(again.url, "https://pay.example/cs_1");
        stub.will(200, r#"{"id":"cs_1","url":null,"status":"complete","payment_status":"unpaid"}"#);
        assert!(payment::reopen(&ctx, &provider, id).await.unwrap().is_none());
        let gone = format!(
            r#"{{"id":"cs_1","url":null,"client_reference_id":"{id}","status":"expired","payment_status":"unpaid"}}"#
        );
        stub.will(200, gone.clone());
        stub.will(200, gone);
        assert_eq!(payment::close(&ctx, &provider, id).await.unwrap().state, PaymentState::Expired);
        assert!(stub.asked.lock()[3].starts_with("POST /v1/checkout/sessions/cs_1/expire "));
        // Whoever paid in the same moment has paid.
        stub.will(200, opened());
        let (paid, _) = payment::begin(&ctx, &provider, &order(&ctx)).await.unwrap();
        stub.will(400, r#"{"error":{"message":"Only open sessions can be expired"}}"#);
        stub.will(200, session(paid, 15_000));
        assert_eq!(payment::close(&ctx, &provider, paid).await.unwrap().state, PaymentState::Paid);
    }

    async fn money_that_went_back_elsewhere_is_known(t: Fixture) {
        let (ctx, stub) = (t.workspace().await, Stub::start().await);
        let provider = stub.provider();
        stub.will(200, opened());
        let (id, _) = payment::begin(&ctx, &provider, &order(&ctx)).await.unwrap();
        let paid = event("checkout.session.completed", &session(id, 15_000));
        payment::settle(&ctx, &provider, &signature(&ctx, &paid, "whsec_1", 0), paid.as_bytes()).await.unwrap();
        for (whole, state) in [(false, PaymentState::Paid), (true, PaymentState::Refunded)] {
            let charge = format!(r#"{{"id":"ch_1","refunded":{whole},"metadata":{{"barid_payment":"{id}"}}}}"#);
            let body = event("charge.refunded", &charge);
            payment::settle(&ctx, &provider, &signature(&ctx, &body, "whsec_1", 0), body.as_bytes()).await.unwrap();
            assert_eq!(payment::get(&ctx, id).await.unwrap().state, state);
        }
        let others = event("charge.refunded", r#"{"id":"ch_2","refunded":true,"metadata":{}}"#);
        let told = payment::settle(&ctx, &provider, &signature(&ctx, &others, "whsec_1", 0), others.as_bytes()).await;
        assert_eq!(told.unwrap(), None, "somebody else's charge");
        stub.will(200, opened());
        let (early, _) = payment::begin(&ctx, &provider, &order(&ctx)).await.unwrap();
        let paid = event("checkout.session.completed", &session(early, 15_000));
        payment::settle(&ctx, &provider, &signature(&ctx, &paid, "whsec_1", 0), paid.as_bytes()).await.unwrap();
        stub.will(400, r#"{"error":{"code":"charge_already_refunded","message":"already"}}"#);
        assert_eq!(payment::refund(&ctx, &provider, early).await.unwrap().state, PaymentState::Refunded);
    }

    async fn two_words_at_once_are_both_heard(t: Fixture) {
        let (ctx, stub) = (t.workspace().await, Stub::start().await);
        let provider = stub.provider();
        for round in 0..20 {
            stub.will(200, opened());
            let (id, _) = payment::begin(&ctx, &provider, &order(&ctx)).await.unwrap();
            let calls: Vec<(String, String)> = ["checkout.session.expired", "checkout.session.completed"]
                .map(|kind| event(kind, &session(id, 15_000)))
                .map(|body| (signature(&ctx, &body, "whsec_1", 0), body))
                .into();
            let told = |place: usize| payment::settle(&ctx, &provider, &calls[place].0, calls[place].1.as_bytes());
            let (first, second) = tokio::join!(told(round % 2), told((round + 1) % 2));
            first.unwrap();
            second.unwrap();
            assert_eq!(payment::get(&ctx, id).await.unwrap().state, PaymentState::Paid, "money that came is there");
        }
    }

    async fn a_refusal_says_why_and_the_order_has_failed(t: Fixture) {
        let (ctx, stub) = (t.workspace().await, Stub::start().await);
        let (provider, order) = (stub.provider(), order(&ctx));
        stub.will(402, r#"{"error":{"message":"Amount too small"}}"#);
        stub.will(401, "{}");
        stub.will(500, "<html>");
        stub.will(200, "no json");
        let mut said = Vec::new();
        for _ in 0..4 {
            said.push(payment::begin(&ctx, &provider, &order).await.unwrap_err().to_string());
        }
        assert!(said[0].contains("Amount too small") && said[1].contains("key") && said[2].contains("reached"), "{said:?}");
        let all = payment::of_reference(&ctx, order.reference).await.unwrap();
        assert_eq!(all.iter().filter(|one| one.state == PaymentState::Failed).count(), 4);
    }

    async fn an_account_is_sealed_and_forgotten(t: Fixture) {
        let ctx = t.workspace().await;
        let keys = |secret: &str, signing: &str| Connect {
            secret: Some(secret.to_owned()),
            signing: Some(signing.to_owned()),
            base: None,
        };
        accounts::connect(&ctx, "stripe", keys("sk_live_9", "whsec_9")).await.unwrap();
        accounts::connect(&ctx, "stripe", keys("sk_live_10", "whsec_10")).await.unwrap();
        let kept = accounts::of(&ctx, "stripe").await.unwrap().unwrap();
        assert_eq!((kept.secret.as_str(), kept.signing.as_str()), ("sk_live_10", "whsec_10"));
        assert!(!format!("{kept:?}").contains("sk_live"));
        assert!(accounts::connect(&ctx, "stripe", keys("with space", "x")).await.is_err());
        let one = Connect { signing: Some("whsec_11".to_owned()), ..Connect::default() };
        accounts::connect(&ctx, "stripe", one).await.unwrap();
        let kept = accounts::of(&ctx, "stripe").await.unwrap().unwrap();
        assert_eq!((kept.secret.as_str(), kept.signing.as_str()), ("sk_live_10", "whsec_11"));
        let elsewhere = Connect { base: Some("https://pay.example/".to_owned()), ..Connect::default() };
        assert!(accounts::connect(&ctx, "stripe", elsewhere).await.is_err(), "keys go to the server they were made for");
        accounts::disconnect(&ctx, "stripe").await.unwrap();
        assert!(accounts::of(&ctx, "stripe").await.unwrap().is_none());
    }
}

#[test]
fn amounts_have_bounds() {
    assert!(Amount::new(0, "SAR").is_err() && Amount::new(-5, "SAR").is_err() && Amount::new(i64::MAX, "SAR").is_err());
    assert!(Amount::new(1, "SARX").is_err() && Amount::new(1, "س").is_err());
    assert_eq!(Amount::new(1, "sar").unwrap().currency, "SAR");
}
