//! Saved methods in Stripe's interface: customers, pages in mode `setup`, payment intents confirmed off session.

use std::collections::BTreeMap;

use kernel::{PaymentId, PaymentMethodId, Timestamp, WorkspaceId};
use reqwest::StatusCode;
use serde::Deserialize;
use store::BoxFuture;

use super::saved::{About, Charged, Display, OffSession, SavedMethods, SetUp, SetUpState, Token};
use super::stripe::{Stripe, ends};
use super::{Amount, Checkout, Refusal};

/// Under which names objects carry what they are for.
const WORKSPACE: &str = "barid_workspace";
const PAYMENT: &str = "barid_payment";
const METHOD: &str = "barid_method";
/// What a bank says that wants to see its customer.
const WANTS_A_PERSON: &str = "authentication_required";
/// How many of a customer's latest charges are looked through: as many as one answer holds.
const MOST_LISTED: &str = "100";
/// The longest code that is believed.
const CODE: usize = 60;

type Metadata = BTreeMap<String, String>;

#[derive(Deserialize)]
struct Made {
    id: String,
}

#[derive(Deserialize)]
struct Prepared {
    id: String,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct List<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
struct Page {
    id: String,
    url: Option<String>,
    #[serde(default)]
    status: Option<String>,
    customer: Option<String>,
    setup_intent: Option<String>,
}

#[derive(Deserialize)]
struct SetupIntent {
    status: String,
    payment_method: Option<Method>,
}

#[derive(Deserialize)]
struct Method {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    billing_details: Billing,
    card: Option<Card>,
    ideal: Option<Ideal>,
    paypal: Option<Paypal>,
}

#[derive(Default, Deserialize)]
struct Billing {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Card {
    #[serde(default)]
    last4: String,
    #[serde(default)]
    exp_month: u8,
    #[serde(default)]
    exp_year: u16,
}

#[derive(Deserialize)]
struct Ideal {
    iban_last4: Option<String>,
    iban: Option<String>,
    bic: Option<String>,
    verified_name: Option<String>,
}

#[derive(Deserialize)]
struct Paypal {
    payer_email: Option<String>,
}

impl Method {
    /// Only what [`Display`] has room for; all else that the provider tells is dropped here.
    fn display(self) -> Display {
        let name = self.billing_details.name;
        let display = match (self.kind.as_str(), self.card, self.ideal, self.paypal) {
            ("card", Some(card), _, _) => {
                Display::Card { last4: card.last4, exp_month: card.exp_month, exp_year: card.exp_year, holder: name }
            }
            ("ideal", _, Some(ideal), _) => Display::Ideal {
                iban: ideal.iban.or_else(|| ideal.iban_last4.map(|last4| format!("NL**{last4}"))),
                bic: ideal.bic,
                name: ideal.verified_name.or(name),
            },
            ("paypal", _, _, Some(paypal)) => Display::Paypal { email: paypal.payer_email },
            _ => Display::Other,
        };
        display.without_card_numbers()
    }
}

#[derive(Deserialize)]
struct Intent {
    id: String,
    status: String,
    amount_received: Option<i64>,
    amount: Option<i64>,
    currency: Option<String>,
    next_action: Option<NextAction>,
    last_payment_error: Option<Declined>,
}

#[derive(Deserialize)]
struct NextAction {
    redirect_to_url: Option<Redirect>,
}

#[derive(Deserialize)]
struct Redirect {
    url: Option<String>,
}

#[derive(Default, Deserialize)]
struct Declined {
    #[serde(default)]
    code: String,
    decline_code: Option<String>,
}

impl Declined {
    /// A code in small letters, whatever was sent.
    fn reason(self) -> String {
        let said = self.decline_code.filter(|code| code != "generic_decline").unwrap_or(self.code);
        let plain = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_';
        let said: String = said.chars().filter(plain).take(CODE).collect();
        if said.is_empty() { "card_declined".to_owned() } else { said }
    }
}

impl Intent {
    fn wants_a_person(&self) -> bool {
        let of =
            |error: &Declined| error.code == WANTS_A_PERSON || error.decline_code.as_deref() == Some(WANTS_A_PERSON);
        self.status == "requires_payment_method" && self.last_payment_error.as_ref().is_some_and(of)
    }

    fn charged(self) -> Charged {
        match self.status.as_str() {
            "succeeded" => {
                let minor = self.amount_received.or(self.amount);
                let amount = minor.zip(self.currency).and_then(|(minor, currency)| Amount::new(minor, &currency).ok());
                Charged::Paid { amount }
            }
            "canceled" => Charged::Cancelled,
            "requires_action" => {
                let url = self.next_action.and_then(|next| next.redirect_to_url).and_then(|to| to.url);
                Charged::NeedsAction { url: url.filter(|url| url.starts_with("http")) }
            }
            "requires_payment_method" => {
                Charged::Declined { reason: self.last_payment_error.unwrap_or_default().reason() }
            }
            _ => Charged::UnderWay,
        }
    }
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    data: EventData,
}

#[derive(Deserialize)]
struct EventData {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    #[serde(default)]
    refunded: bool,
    #[serde(default)]
    metadata: Option<Metadata>,
}

impl Stripe {
    /// What objects of this workspace carry, so that a call about them finds its way.
    fn marks(&self, name: &str, id: String) -> Vec<(String, String)> {
        let mut marks = vec![(format!("metadata[{name}]"), id)];
        if let Some(workspace) = self.house() {
            marks.push((format!("metadata[{WORKSPACE}]"), workspace.to_string()));
        }
        marks
    }

    async fn intent(&self, charge: &str) -> Result<Intent, Refusal> {
        let intent: Intent = self.ask(self.client().get(self.url(&["v1", "payment_intents", charge])?)).await?;
        if intent.id == charge { Ok(intent) } else { Err(Refusal::Unreadable) }
    }

    /// The charge that was prepared for a payment before, however long ago: keys of idempotency end after a day, and a
    /// backup that was restored knows of no charge that came after it.
    async fn prepared(&self, payment: PaymentId, customer: &str) -> Result<Option<String>, Refusal> {
        let request = self
            .client()
            .get(self.url(&["v1", "payment_intents"])?)
            .query(&[("customer", customer), ("limit", MOST_LISTED)]);
        let list: List<Prepared> = self.ask(request).await?;
        let payment = payment.to_string();
        Ok(list.data.into_iter().find(|one| one.metadata.get(PAYMENT) == Some(&payment)).map(|one| one.id))
    }

    /// Confirms an intent. A bank's no is an answer, not a failure: the intent itself says which.
    async fn confirm(&self, charge: &str, form: &[(&str, &str)], attempt: &str) -> Result<Intent, Refusal> {
        let request = self
            .client()
            .post(self.url(&["v1", "payment_intents", charge, "confirm"])?)
            .header("Idempotency-Key", format!("{charge}-{attempt}"))
            .form(form);
        match self.ask::<Intent>(request).await {
            Err(Refusal::Refused(_)) => self.intent(charge).await,
            other => other,
        }
    }
}

impl SavedMethods for Stripe {
    fn customer(&self, method: PaymentMethodId) -> BoxFuture<'_, Result<String, Refusal>> {
        Box::pin(async move {
            let request = self
                .client()
                .post(self.url(&["v1", "customers"])?)
                .header("Idempotency-Key", format!("customer-{method}"))
                .form(&self.marks(METHOD, method.to_string()));
            Ok(self.ask::<Made>(request).await?.id)
        })
    }

    fn set_up<'a>(
        &'a self,
        customer: &'a str,
        about: &'a SetUp,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Checkout, Refusal>> {
        Box::pin(async move {
            let mut form = vec![
                ("mode".to_owned(), "setup".to_owned()),
                ("customer".to_owned(), customer.to_owned()),
                ("client_reference_id".to_owned(), about.method.to_string()),
                ("currency".to_owned(), about.currency.to_ascii_lowercase()),
                ("success_url".to_owned(), about.success_url.clone()),
                ("cancel_url".to_owned(), about.cancel_url.clone()),
                ("expires_at".to_owned(), ends(about.expires_at, now).to_string()),
            ];
            form.extend(self.marks(METHOD, about.method.to_string()));
            let request = self
                .client()
                .post(self.url(&["v1", "checkout", "sessions"])?)
                .header("Idempotency-Key", about.method.to_string())
                .form(&form);
            let page: Page = self.ask(request).await?;
            let url = page.url.filter(|url| url.starts_with("http")).ok_or(Refusal::Unreadable)?;
            Ok(Checkout { session: page.id, url })
        })
    }

    fn look_at_set_up<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<SetUpState, Refusal>> {
        Box::pin(async move {
            let page: Page = self.ask(self.client().get(self.url(&["v1", "checkout", "sessions", session])?)).await?;
            match (page.status.as_deref(), page.setup_intent, page.customer) {
                (Some("complete"), Some(intent), Some(customer)) => {
                    let request = self
                        .client()
                        .get(self.url(&["v1", "setup_intents", &intent])?)
                        .query(&[("expand[]", "payment_method")]);
                    let intent: SetupIntent = self.ask(request).await?;
                    match (intent.status.as_str(), intent.payment_method) {
                        ("succeeded", Some(method)) => {
                            let token = Token { customer, method: Some(method.id.clone()) };
                            Ok(SetUpState::Kept { token, display: method.display() })
                        }
                        ("canceled", _) => Ok(SetUpState::Expired),
                        _ => Ok(SetUpState::Open { url: None }),
                    }
                }
                (Some("expired"), _, _) => Ok(SetUpState::Expired),
                _ => Ok(SetUpState::Open { url: page.url.filter(|url| url.starts_with("http")) }),
            }
        })
    }

    fn forget<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(async move {
            if let Some(method) = &token.method {
                let request = self.client().post(self.url(&["v1", "payment_methods", method, "detach"])?);
                match self.ask::<serde_json::Value>(request).await {
                    // What is not attached cannot be detached; the customer, below, decides.
                    Ok(_) | Err(Refusal::Refused(_) | Refusal::Gone) => {}
                    Err(refusal) => return Err(refusal),
                }
            }
            let request = self.client().delete(self.url(&["v1", "customers", &token.customer])?);
            match self.ask::<serde_json::Value>(request).await {
                Ok(_) | Err(Refusal::Gone) => Ok(()),
                Err(refusal) => Err(refusal),
            }
        })
    }

    fn prepare<'a>(&'a self, payment: PaymentId, order: &'a OffSession) -> BoxFuture<'a, Result<String, Refusal>> {
        Box::pin(async move {
            if let Some(charge) = self.prepared(payment, &order.token.customer).await? {
                return Ok(charge);
            }
            let mut form = vec![
                ("amount".to_owned(), order.amount.minor.to_string()),
                ("currency".to_owned(), order.amount.currency.to_ascii_lowercase()),
                ("customer".to_owned(), order.token.customer.clone()),
                ("payment_method".to_owned(), order.token.method.clone().unwrap_or_default()),
                ("description".to_owned(), order.description.clone()),
                ("automatic_payment_methods[enabled]".to_owned(), "true".to_owned()),
            ];
            form.extend(self.marks(PAYMENT, payment.to_string()));
            let request = self
                .client()
                .post(self.url(&["v1", "payment_intents"])?)
                .header("Idempotency-Key", payment.to_string())
                .form(&form);
            Ok(self.ask::<Made>(request).await?.id)
        })
    }

    fn advance<'a>(&'a self, charge: &'a str, order: &'a OffSession) -> BoxFuture<'a, Result<Charged, Refusal>> {
        Box::pin(async move {
            let mut intent = self.intent(charge).await?;
            if intent.status == "requires_confirmation" {
                intent = self.confirm(charge, &[("off_session", "true")], "confirm").await?;
            }
            if intent.wants_a_person() {
                let method = order.token.method.clone().unwrap_or_default();
                let form = [("payment_method", method.as_str()), ("return_url", order.return_url.as_str())];
                intent = self.confirm(charge, &form, "with-person").await?;
            }
            Ok(intent.charged())
        })
    }

    fn look_at_charge<'a>(&'a self, charge: &'a str) -> BoxFuture<'a, Result<Charged, Refusal>> {
        Box::pin(async move { Ok(self.intent(charge).await?.charged()) })
    }

    fn call_off<'a>(&'a self, charge: &'a str) -> BoxFuture<'a, Result<Charged, Refusal>> {
        Box::pin(async move {
            let request = self.client().post(self.url(&["v1", "payment_intents", charge, "cancel"])?);
            match self.ask::<Intent>(request).await {
                Ok(intent) => Ok(intent.charged()),
                // What is paid or called off cannot be called off.
                Err(Refusal::Refused(_)) => Ok(self.intent(charge).await?.charged()),
                Err(refusal) => Err(refusal),
            }
        })
    }

    fn about(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<Option<(WorkspaceId, About)>, Refusal> {
        self.signed_body(signature, body, now)?;
        let event: Event = serde_json::from_slice(body).map_err(|_| Refusal::Unreadable)?;
        let metadata = event.data.object.metadata.unwrap_or_default();
        let id = |name: &str| metadata.get(name).map(String::as_str);
        let Some(workspace) = id(WORKSPACE).and_then(|text| text.parse().ok()) else { return Ok(None) };
        let payment = id(PAYMENT).and_then(|text| text.parse::<PaymentId>().ok());
        let method = id(METHOD).and_then(|text| text.parse::<PaymentMethodId>().ok());
        let about = match (event.kind.as_str(), payment, method) {
            ("charge.refunded", Some(payment), _) if event.data.object.refunded => About::Returned(payment),
            ("charge.refunded", _, _) => return Ok(None),
            (_, Some(payment), _) => About::Payment(payment),
            (_, _, Some(method)) => About::Method(method),
            _ => return Ok(None),
        };
        Ok(Some((workspace, about)))
    }
}

/// Whether an answer says that what was asked about is not there.
pub(super) fn is_gone(status: StatusCode, code: &str) -> bool {
    status == StatusCode::NOT_FOUND && code == "resource_missing"
}
