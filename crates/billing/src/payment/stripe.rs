//! A provider that speaks Stripe's API: Checkout Sessions, refunds, signed webhooks
//! (docs.stripe.com/api/checkout/sessions, docs.stripe.com/webhooks).

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER_PERMISSIVE;
use kernel::{PaymentId, Timestamp, WorkspaceId};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use store::BoxFuture;
use url::Url;

use super::accounts::Credentials;
use super::{Amount, Checkout, Notice, Order, PaymentProvider, PaymentState, Refusal};

/// Its name in rows and addresses.
pub const CODE: &str = "stripe";
/// Under which name a charge carries the payment's id.
const METADATA: &str = "barid_payment";
/// What the provider says of a charge that went back already.
const REFUNDED: &str = "charge_already_refunded";
/// How old a signed call may be, in seconds.
const TOLERANCE: i64 = 300;
/// The longest body that is read, in octets.
const LONGEST: usize = 1 << 20;
/// A page stays open for 30 minutes at least and 24 hours at most.
const OPEN: std::ops::RangeInclusive<i64> = 30 * 60 + 5..=24 * 3600 - 5;

/// An account at Stripe or at whoever speaks its API.
pub struct Stripe {
    client: reqwest::Client,
    base: Url,
    credentials: Credentials,
    house: Option<WorkspaceId>,
}

#[derive(Deserialize)]
struct Session {
    id: String,
    url: Option<String>,
    client_reference_id: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    payment_status: Option<String>,
    amount_total: Option<i64>,
    currency: Option<String>,
    payment_intent: Option<String>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    data: EventData,
}

#[derive(Deserialize)]
struct EventData {
    object: serde_json::Value,
}

#[derive(Deserialize)]
struct Fault {
    error: FaultDetail,
}

#[derive(Default, Deserialize)]
struct FaultDetail {
    #[serde(default)]
    message: String,
    #[serde(default)]
    code: String,
}

/// A charge, as far as a call about money that went back needs it.
#[derive(Deserialize)]
struct Charge {
    #[serde(default)]
    refunded: bool,
    #[serde(default)]
    metadata: std::collections::BTreeMap<String, String>,
}

impl Charge {
    /// Money that went back whole, whoever sent it. A part of it is a matter for people.
    fn notice(&self) -> Option<Notice> {
        let payment = self.metadata.get(METADATA)?.parse().ok()?;
        self.refunded.then_some(Notice { payment, state: PaymentState::Refunded, amount: None, charge: None })
    }
}

impl Session {
    fn notice(self, state: PaymentState) -> Option<Notice> {
        let payment = self.client_reference_id?.parse().ok()?;
        let amount =
            self.amount_total.zip(self.currency).and_then(|(minor, currency)| Amount::new(minor, &currency).ok());
        Some(Notice { payment, state, amount, charge: self.payment_intent })
    }

    /// What the session itself says.
    fn state(&self) -> Option<PaymentState> {
        match (self.payment_status.as_deref(), self.status.as_deref()) {
            (Some("paid"), _) => Some(PaymentState::Paid),
            (_, Some("expired")) => Some(PaymentState::Expired),
            _ => None,
        }
    }
}

impl Stripe {
    /// The account with these credentials, reached at `base` (`https://api.stripe.com/`).
    pub fn new(client: reqwest::Client, base: Url, credentials: Credentials) -> Self {
        Self { client, base, credentials, house: None }
    }

    /// The same account for one of the workspaces that share it: what is ordered carries the workspace's id, so that
    /// calls about it find their way ([`SavedMethods::about`](super::SavedMethods::about)).
    #[must_use]
    pub fn for_workspace(mut self, workspace: WorkspaceId) -> Self {
        self.house = Some(workspace);
        self
    }

    pub(super) fn house(&self) -> Option<WorkspaceId> {
        self.house
    }

    pub(super) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Whether a call is the provider's.
    pub(super) fn signed_body(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<(), Refusal> {
        if body.len() > LONGEST || !signed(signature, body, &self.credentials.signing, now) {
            return Err(Refusal::Signature);
        }
        Ok(())
    }

    pub(super) fn url(&self, segments: &[&str]) -> Result<Url, Refusal> {
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| Refusal::Unreachable)?.pop_if_empty().extend(segments);
        Ok(url)
    }

    pub(super) async fn ask<T: serde::de::DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Refusal> {
        let answer = request.bearer_auth(&self.credentials.secret).send().await.map_err(|_| Refusal::Unreachable)?;
        let status = answer.status();
        let body = bounded(answer).await?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|_| Refusal::Unreadable);
        }
        Err(match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Refusal::Key,
            status if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
                let fault = serde_json::from_slice::<Fault>(&body).map(|fault| fault.error).unwrap_or_default();
                if fault.code == REFUNDED {
                    return Err(Refusal::Already);
                }
                if super::stripe_saved::is_gone(status, &fault.code) {
                    return Err(Refusal::Gone);
                }
                let said = fault.message;
                Refusal::Refused(said.chars().filter(|c| !c.is_control()).take(200).collect())
            }
            _ => Refusal::Unreachable,
        })
    }

    fn form(&self, payment: PaymentId, order: &Order, ends_at: i64) -> Vec<(&'static str, String)> {
        let mut form = vec![
            ("mode", "payment".to_owned()),
            ("client_reference_id", payment.to_string()),
            ("payment_intent_data[metadata][barid_payment]", payment.to_string()),
            ("success_url", order.success_url.clone()),
            ("cancel_url", order.cancel_url.clone()),
            ("expires_at", ends_at.to_string()),
            ("line_items[0][quantity]", "1".to_owned()),
            ("line_items[0][price_data][currency]", order.amount.currency.to_ascii_lowercase()),
            ("line_items[0][price_data][unit_amount]", order.amount.minor.to_string()),
            ("line_items[0][price_data][product_data][name]", order.description.clone()),
        ];
        if let Some(workspace) = self.house {
            form.push(("metadata[barid_workspace]", workspace.to_string()));
            form.push(("metadata[barid_payment]", payment.to_string()));
            form.push(("payment_intent_data[metadata][barid_workspace]", workspace.to_string()));
        }
        if let Some(email) = &order.email {
            form.push(("customer_email", email.expose().clone()));
        }
        form
    }
}

/// When a page that should end at `wanted` ends, within what the provider allows.
pub(super) fn ends(wanted: Timestamp, now: Timestamp) -> i64 {
    let seconds = (wanted.0 - now.0) / Timestamp::SECOND;
    now.0 / Timestamp::SECOND + seconds.clamp(*OPEN.start(), *OPEN.end())
}

async fn bounded(mut answer: Response) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| Refusal::Unreachable)? {
        if body.len() + chunk.len() > LONGEST {
            return Err(Refusal::Unreadable);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `t=SECONDS,v1=HEX[,v1=HEX…]`: one of the signatures must be HMAC-SHA-256 over `t.body`.
fn signed(header: &str, body: &[u8], secret: &str, now: Timestamp) -> bool {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let Some(at) = parts().find(|(name, _)| *name == "t").and_then(|(_, at)| at.parse::<i64>().ok()) else {
        return false;
    };
    if (now.0 / Timestamp::SECOND).abs_diff(at) > TOLERANCE as u64 {
        return false;
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut text = format!("{at}.").into_bytes();
    text.extend_from_slice(body);
    parts().filter(|(name, _)| *name == "v1").any(|(_, signature)| {
        HEXLOWER_PERMISSIVE
            .decode(signature.as_bytes())
            .is_ok_and(|signature| hmac::verify(&key, &text, &signature).is_ok())
    })
}

impl PaymentProvider for Stripe {
    fn code(&self) -> &'static str {
        CODE
    }

    fn checkout<'a>(
        &'a self,
        payment: PaymentId,
        order: &'a Order,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Checkout, Refusal>> {
        Box::pin(async move {
            let request = self
                .client
                .post(self.url(&["v1", "checkout", "sessions"])?)
                .header("Idempotency-Key", payment.to_string())
                .form(&self.form(payment, order, ends(order.expires_at, now)));
            let session: Session = self.ask(request).await?;
            let url = session.url.filter(|url| url.starts_with("http")).ok_or(Refusal::Unreadable)?;
            Ok(Checkout { session: session.id, url })
        })
    }

    fn look<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<Option<Notice>, Refusal>> {
        Box::pin(async move {
            let session: Session =
                self.ask(self.client.get(self.url(&["v1", "checkout", "sessions", session])?)).await?;
            Ok(session.state().and_then(|state| session.notice(state)))
        })
    }

    fn page<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<Option<String>, Refusal>> {
        Box::pin(async move {
            let session: Session =
                self.ask(self.client.get(self.url(&["v1", "checkout", "sessions", session])?)).await?;
            let open = session.status.as_deref() == Some("open");
            Ok(session.url.filter(|url| open && url.starts_with("http")))
        })
    }

    fn close<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(async move {
            let request = self.client.post(self.url(&["v1", "checkout", "sessions", session, "expire"])?);
            match self.ask::<serde_json::Value>(request).await {
                // A page that is closed or paid cannot be closed: what became of it is asked for next.
                Ok(_) | Err(Refusal::Refused(_)) => Ok(()),
                Err(refusal) => Err(refusal),
            }
        })
    }

    fn refund<'a>(&'a self, payment: PaymentId, charge: &'a str) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(async move {
            let request = self
                .client
                .post(self.url(&["v1", "refunds"])?)
                .header("Idempotency-Key", format!("refund-{payment}"))
                .form(&[("payment_intent", charge)]);
            match self.ask::<serde_json::Value>(request).await {
                Ok(_) | Err(Refusal::Already) => Ok(()),
                Err(refusal) => Err(refusal),
            }
        })
    }

    fn notice(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<Option<Notice>, Refusal> {
        self.signed_body(signature, body, now)?;
        let event: Event = serde_json::from_slice(body).map_err(|_| Refusal::Unreadable)?;
        let state = match event.kind.as_str() {
            "checkout.session.completed" | "checkout.session.async_payment_succeeded" => PaymentState::Paid,
            "checkout.session.async_payment_failed" => PaymentState::Failed,
            "checkout.session.expired" => PaymentState::Expired,
            "charge.refunded" => {
                let charge: Charge = serde_json::from_value(event.data.object).map_err(|_| Refusal::Unreadable)?;
                return Ok(charge.notice());
            }
            _ => return Ok(None),
        };
        let session: Session = serde_json::from_value(event.data.object).map_err(|_| Refusal::Unreadable)?;
        // A completed page may still wait for a bank: only then the money is not there yet.
        if state == PaymentState::Paid && session.payment_status.as_deref() != Some("paid") {
            return Ok(None);
        }
        Ok(session.notice(state))
    }
}
