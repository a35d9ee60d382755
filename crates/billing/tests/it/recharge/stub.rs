//! A provider on this machine that speaks Stripe's interface and remembers, as the real one does: keys of idempotency,
//! customers, methods, charges.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing::payment::accounts::Credentials;
use billing::payment::saved::{About, SavedMethods};
use billing::payment::stripe::Stripe;
use billing::recharge::{Standing, Till, Tills};
use kernel::{Timestamp, WorkspaceId};
use parking_lot::Mutex;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// A number that a provider might let slip into any field.
pub const NUMBER: &str = "4242424242424242";

/// What the provider holds, and how it behaves.
pub struct Books {
    pub sessions: BTreeMap<String, Json>,
    pub customers: BTreeMap<String, bool>,
    pub methods: BTreeMap<String, bool>,
    pub intents: BTreeMap<String, Json>,
    pub confirmed: usize,
    /// What the bank says: `ok`, `wants_a_person`, or a code with which it declines.
    pub bank: &'static str,
    /// Nothing is answered but errors.
    pub down: bool,
    /// What is asked at a path with this end is done, and never answered.
    pub mute: Option<&'static str>,
    keys: BTreeMap<String, Json>,
    kind: &'static str,
}

#[derive(Clone)]
pub struct Stub {
    pub books: Arc<Mutex<Books>>,
    /// Told when something was done and not answered.
    pub muted: Arc<Notify>,
    base: url::Url,
}

impl Stub {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let books = Books {
            sessions: BTreeMap::new(),
            customers: BTreeMap::new(),
            methods: BTreeMap::new(),
            intents: BTreeMap::new(),
            confirmed: 0,
            bank: "ok",
            down: false,
            mute: None,
            keys: BTreeMap::new(),
            kind: "card",
        };
        let this = Self { books: Arc::new(Mutex::new(books)), muted: Arc::default(), base };
        let (books, muted) = (Arc::clone(&this.books), Arc::clone(&this.muted));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (books, muted) = (Arc::clone(&books), Arc::clone(&muted));
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    while !whole(&request) {
                        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                            return;
                        }
                    }
                    let request = String::from_utf8_lossy(&request).into_owned();
                    let (status, body) = books.lock().asked(&request);
                    if books.lock().mutes(&request) {
                        muted.notify_one();
                        return std::future::pending().await;
                    }
                    let body = body.to_string();
                    let text = format!(
                        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    stream.write_all(text.as_bytes()).await.ok();
                });
            }
        });
        this
    }

    /// Somebody enters a method of this kind on the page that is open.
    pub fn enter(&self, kind: &'static str) {
        let mut books = self.books.lock();
        books.kind = kind;
        let open = books.sessions.iter().find(|(_, page)| page["status"] == "open" && page["mode"] == "setup");
        let (id, customer) = open.map(|(id, page)| (id.clone(), page["customer"].clone())).unwrap();
        let method = format!("pm_{}", books.methods.len());
        books.methods.insert(method.clone(), true);
        let page = books.sessions.get_mut(&id).unwrap();
        page["status"] = json!("complete");
        page["url"] = Json::Null;
        page["setup_intent"] = json!(format!("seti_{method}"));
        assert!(customer.is_string());
    }

    /// Somebody pays on the page that is open.
    pub fn pay(&self) {
        let mut books = self.books.lock();
        let page = books.sessions.values_mut().find(|page| page["status"] == "open" && page["mode"] == "payment");
        let page = page.unwrap();
        page["status"] = json!("complete");
        page["payment_status"] = json!("paid");
    }

    /// Somebody confirms the charge that waits for a person.
    pub fn confirm(&self) {
        let mut books = self.books.lock();
        let charge = books.intents.values_mut().find(|charge| charge["status"] == "requires_action").unwrap();
        charge["status"] = json!("succeeded");
    }

    /// A day and more passes at the provider: keys of idempotency end.
    pub fn forget_keys(&self) {
        self.books.lock().keys.clear();
    }

    pub fn count(&self, status: &str) -> usize {
        self.books.lock().intents.values().filter(|charge| charge["status"] == status).count()
    }
}

impl Tills for Stub {
    fn standing(&self) -> Standing {
        Standing { available: true, test: true }
    }

    fn till(&self, workspace: WorkspaceId) -> billing::Result<Till> {
        Ok(Box::new(stripe(self.base.clone()).for_workspace(workspace)))
    }

    fn public_url(&self) -> &'static str {
        "https://barid.example"
    }

    fn about(
        &self,
        signature: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Option<(WorkspaceId, About)>, billing::Error> {
        Ok(stripe(self.base.clone()).about(signature, body, now)?)
    }
}

fn stripe(base: url::Url) -> Stripe {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let credentials =
        Credentials { secret: "sk_test_1".into(), signing: "whsec_1".into(), base: None, connected_at: Timestamp(0) };
    Stripe::new(client, base, credentials)
}

fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    body.len() >= length
}

fn missing() -> (u16, Json) {
    (404, json!({ "error": { "code": "resource_missing", "message": "No such thing" } }))
}

impl Books {
    fn mutes(&self, request: &str) -> bool {
        let mut words = request.split(' ');
        let (verb, target) = (words.next().unwrap(), words.next().unwrap());
        verb == "POST" && self.mute.is_some_and(|end| target.ends_with(end))
    }

    fn asked(&mut self, request: &str) -> (u16, Json) {
        if self.down {
            return (503, json!({}));
        }
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let mut words = head.split(' ');
        let (verb, target) = (words.next().unwrap(), words.next().unwrap());
        let path: Vec<&str> = target.split('?').next().unwrap().trim_matches('/').split('/').skip(1).collect();
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let key =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("idempotency-key: ").map(str::to_owned));
        if let Some(known) = key.as_ref().and_then(|key| self.keys.get(key)) {
            return (200, known.clone());
        }
        let (status, answer) = self.answer(verb, &path, &form);
        if let (200, Some(key)) = (status, key) {
            self.keys.insert(key, answer.clone());
        }
        (status, answer)
    }

    fn answer(&mut self, verb: &str, path: &[&str], form: &BTreeMap<String, String>) -> (u16, Json) {
        let given = |name: &str| form.get(name).cloned().unwrap_or_default();
        match (verb, path) {
            ("POST", ["customers"]) => {
                let id = format!("cus_{}", self.customers.len());
                self.customers.insert(id.clone(), true);
                (200, json!({ "id": id }))
            }
            ("DELETE", ["customers", id]) => match self.customers.remove(*id) {
                Some(_) => (200, json!({ "deleted": true })),
                None => missing(),
            },
            ("POST", ["payment_methods", id, "detach"]) => match self.methods.remove(*id) {
                Some(_) => (200, json!({ "id": id })),
                None => missing(),
            },
            ("POST", ["checkout", "sessions"]) => {
                let id = format!("cs_{}", self.sessions.len());
                let minor: i64 = given("line_items[0][price_data][unit_amount]").parse().unwrap_or(0);
                let page = json!({
                    "id": id, "url": format!("https://pay.example/{id}"), "status": "open", "payment_status": "unpaid",
                    "mode": given("mode"), "customer": form.get("customer"), "client_reference_id": given("client_reference_id"),
                    "amount_total": minor, "currency": given("line_items[0][price_data][currency]"), "payment_intent": "pi_page",
                });
                self.sessions.insert(id, page.clone());
                (200, page)
            }
            ("POST", ["checkout", "sessions", id, "expire"]) => {
                let page = self.sessions.get_mut(*id).unwrap();
                if page["status"] != "open" {
                    return (400, json!({ "error": { "message": "Only open sessions can be expired" } }));
                }
                page["status"] = json!("expired");
                (200, page.clone())
            }
            ("GET", ["checkout", "sessions", id]) => {
                self.sessions.get(*id).map_or_else(missing, |page| (200, page.clone()))
            }
            ("GET", ["setup_intents", id]) => {
                let method = id.trim_start_matches("seti_");
                // Providers tell more than may be kept.
                let card = json!({ "last4": "4242", "exp_month": 12, "exp_year": 2029, "number": NUMBER, "fingerprint": "f1" });
                let shown = json!({
                    "id": method, "type": self.kind, "card": card, "billing_details": { "name": "Layla Haddad", "phone": "+9665", "note": NUMBER },
                    "ideal": { "bank": "ing", "bic": "INGBNL2A", "iban_last4": "1234", "verified_name": "L. Haddad" },
                    "paypal": { "payer_email": "layla@pay.example", "payer_id": "P1" },
                });
                (200, json!({ "status": "succeeded", "payment_method": shown }))
            }
            ("POST", ["payment_intents"]) => {
                if !self.methods.contains_key(&given("payment_method"))
                    || !self.customers.contains_key(&given("customer"))
                {
                    return missing();
                }
                let id = format!("pi_{}", self.intents.len());
                let minor: i64 = given("amount").parse().unwrap();
                let charge = json!({
                    "id": id, "status": "requires_confirmation", "amount": minor, "currency": given("currency"), "customer": given("customer"),
                    "metadata": { "barid_payment": given("metadata[barid_payment]") },
                });
                self.intents.insert(id, charge.clone());
                (200, charge)
            }
            ("GET", ["payment_intents"]) => (200, json!({ "data": self.intents.values().collect::<Vec<_>>() })),
            ("GET", ["payment_intents", id]) => {
                self.intents.get(*id).map_or_else(missing, |charge| (200, charge.clone()))
            }
            ("POST", ["payment_intents", id, "cancel"]) => {
                let charge = self.intents.get_mut(*id).unwrap();
                if charge["status"] == "succeeded" {
                    return (400, json!({ "error": { "code": "payment_intent_unexpected_state" } }));
                }
                charge["status"] = json!("canceled");
                (200, charge.clone())
            }
            ("POST", ["payment_intents", id, "confirm"]) => self.confirm((*id).to_owned(), form),
            _ => missing(),
        }
    }

    fn confirm(&mut self, id: String, form: &BTreeMap<String, String>) -> (u16, Json) {
        self.confirmed += 1;
        let charge = self.intents.get_mut(&id).unwrap();
        let with_person = form.contains_key("return_url");
        match (self.bank, with_person) {
            ("ok", _) => charge["status"] = json!("succeeded"),
            ("wants_a_person", true) => {
                charge["status"] = json!("requires_action");
                charge["next_action"] = json!({ "redirect_to_url": { "url": format!("https://bank.example/{id}") } });
            }
            (bank, _) => {
                let code = if bank == "wants_a_person" { "authentication_required" } else { "card_declined" };
                charge["status"] = json!("requires_payment_method");
                charge["last_payment_error"] =
                    json!({ "code": code, "decline_code": if bank == "wants_a_person" { code } else { bank } });
                return (402, json!({ "error": { "code": code, "message": "Your card was declined." } }));
            }
        }
        (200, charge.clone())
    }
}
