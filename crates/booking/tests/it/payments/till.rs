//! A payment provider in a few lines: it speaks Stripe's interface over a real connection, knows its pages, and does
//! wrong what real ones do on request.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_lc_rs::hmac;
use kernel::Timestamp;
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A page.
#[derive(Debug, Clone)]
pub struct Order {
    /// The payment's id, which comes back in calls.
    pub payment: String,
    pub amount: i64,
    pub currency: String,
    pub status: &'static str,
    pub paid: bool,
    /// Everything that was sent.
    pub form: BTreeMap<String, String>,
}

#[derive(Default)]
pub struct State {
    /// In order of making: `cs_0`, `cs_1`, …
    pub pages: Vec<Order>,
    /// Charges that went back.
    pub refunds: Vec<String>,
    /// What every request is answered with instead.
    pub broken: Option<(u16, &'static str)>,
    /// How often was asked.
    pub asked: usize,
}

#[derive(Clone)]
pub struct Till {
    pub state: Arc<Mutex<State>>,
    port: u16,
}

fn page(number: usize, order: &Order) -> String {
    let url = if order.status == "open" { format!("\"https://pay.example/cs_{number}\"") } else { "null".to_owned() };
    let paid = if order.paid { "paid" } else { "unpaid" };
    format!(
        r#"{{"id":"cs_{number}","url":{url},"client_reference_id":"{}","status":"{}","payment_status":"{paid}","amount_total":{},"currency":"{}","payment_intent":"pi_{number}"}}"#,
        order.payment, order.status, order.amount, order.currency
    )
}

impl State {
    fn answer(&mut self, method: &str, path: &str, body: &str) -> (u16, String) {
        self.asked += 1;
        if let Some((status, text)) = self.broken {
            return (status, text.to_owned());
        }
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
        let number = || parts.get(2).and_then(|id| id.strip_prefix("cs_")?.parse::<usize>().ok());
        match (method, parts.as_slice()) {
            ("POST", ["checkout", "sessions"]) => {
                let order = Order {
                    payment: form["client_reference_id"].clone(),
                    amount: form["line_items[0][price_data][unit_amount]"].parse().unwrap(),
                    currency: form["line_items[0][price_data][currency]"].clone(),
                    status: "open",
                    paid: false,
                    form,
                };
                self.pages.push(order.clone());
                (200, page(self.pages.len() - 1, &order))
            }
            ("GET", ["checkout", "sessions", _]) => {
                let number = number().unwrap();
                (200, page(number, &self.pages[number]))
            }
            ("POST", ["checkout", "sessions", _, "expire"]) => {
                let number = number().unwrap();
                if self.pages[number].status != "open" {
                    return (400, r#"{"error":{"message":"Only open sessions can be expired"}}"#.to_owned());
                }
                self.pages[number].status = "expired";
                (200, page(number, &self.pages[number]))
            }
            ("POST", ["refunds"]) => {
                self.refunds.push(form["payment_intent"].clone());
                (200, r#"{"id":"re_1","status":"succeeded"}"#.to_owned())
            }
            _ => (404, r#"{"error":{"message":"no such thing"}}"#.to_owned()),
        }
    }
}

impl Till {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let till = Self { state: Arc::default(), port: listener.local_addr().unwrap().port() };
        let state = Arc::clone(&till.state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&state)));
            }
        });
        till
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Somebody pays on a page; nobody is told yet.
    pub fn pay(&self, number: usize) {
        let page = &mut self.state.lock().pages[number];
        page.status = "complete";
        page.paid = true;
    }

    /// The call about a page.
    pub fn call(&self, kind: &str, number: usize) -> String {
        let object = page(number, &self.state.lock().pages[number]);
        format!(r#"{{"id":"evt_1","type":"{kind}","data":{{"object":{object}}}}}"#)
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lower = head.to_ascii_lowercase();
            let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if body.len() >= length.unwrap_or(0) {
                assert!(lower.contains("authorization: bearer sk_test_1"), "{head}");
                let mut first = head.split(' ');
                let (method, path) = (first.next().unwrap(), first.next().unwrap());
                let (status, answer) = state.lock().answer(method, path, body);
                let text = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{answer}",
                    answer.len()
                );
                stream.write_all(text.as_bytes()).await.ok();
                return;
            }
        }
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
}

/// The header of a call that the provider signed with this secret at this time.
pub fn signature(at: Timestamp, body: &str, secret: &str) -> String {
    let seconds = at.0 / 1_000_000;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{seconds}.{body}").as_bytes());
    format!("t={seconds},v1={}", data_encoding::HEXLOWER.encode(tag.as_ref()))
}
