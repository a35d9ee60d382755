//! What a booking costs, from the provider's page to the booking that stands.
//!
//! A booking of a paid event type waits, with its time taken, until [`Payments`] hears that the money is there. What
//! is to be done outside the request rests in the queue [`QUEUE`]: giving an unpaid time free when its term ends,
//! closing pages nobody is to pay on any more, sending money back. Every step reads what stands and may run twice.

mod follow;
pub(crate) mod job;

use std::sync::Arc;
use std::time::Duration;

use billing::payment::accounts::{self, Connect};
use billing::payment::stripe::{self, Stripe};
use billing::payment::{self, Amount, Order, PaymentState};
use kernel::{BookingId, PaymentId, Pii, Problem, RawId, Timestamp};
use outbound::webhooks::{GuardedClient, Lookup, Policy};
use store::Ctx;
use url::{Host, Url};

use crate::error::invalid;
use crate::event_types::EventType;
use crate::reservations::{self, Booking, State, paid};
use crate::{Error, Result, turns};

pub use follow::follow;
pub use job::PaymentJob;

/// Jobs of payments: `{"booking": id, "what": "lapse" | "close"}` or `{"payment": id, "what": "refund"}`.
pub const QUEUE: &str = "booking.payment";
/// Where Stripe's interface is.
pub const STRIPE: &str = "https://api.stripe.com/";
/// How long one request to a provider may take.
const WHOLE: Duration = Duration::from_secs(10);
/// The longest name of the thing on the provider's page, in characters.
const LONGEST: usize = 200;

/// Takes the money for appointments, at an account of the organisation's own.
pub const CONNECTOR: &str = "payments";

privacy::connector!(privacy::connectors::Connector {
    code: CONNECTOR,
    role: privacy::processors::Role::Controller,
    carries: &["addresses", "appointments", "amounts"],
    foreign: true,
});

/// The way to payment providers: what the process has one of.
#[derive(Debug, Clone)]
pub struct Payments {
    client: GuardedClient,
    public_url: Arc<str>,
}

/// How a workspace is paid; secrets are not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Since when an account is connected.
    pub connected_at: Option<Timestamp>,
    /// Where the provider's interface is.
    pub base: String,
    /// Whether the key moves no real money.
    pub test: bool,
}

/// Where an attendee pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// On the provider's page at this address.
    Open(String),
    /// Nothing is to be paid (any more).
    Settled,
}

fn invalid_of(error: billing::Error) -> Error {
    match error {
        billing::Error::Store(error) => error.into(),
        other => Error::Invalid(other.problem()),
    }
}

/// Whether somebody listening on the way could not read it: https, or this machine itself.
fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback() || url.scheme() == "https",
        Some(Host::Ipv6(ip)) => ip.is_loopback() || url.scheme() == "https",
        Some(Host::Domain(_)) => url.scheme() == "https",
        None => false,
    }
}

impl Payments {
    /// Providers on the hosts that `policy` allows. `public_url` is this server's own address, to which payers come
    /// back.
    ///
    /// # Errors
    /// When the TLS set-up of this machine does not work.
    pub fn new(policy: Policy, lookup: Arc<dyn Lookup>, public_url: &str) -> outbound::webhooks::Result<Self> {
        let client = GuardedClient::new(policy, lookup, WHOLE)?;
        Ok(Self { client, public_url: public_url.trim_end_matches('/').into() })
    }

    /// Connects the organisation's account, or changes how.
    ///
    /// # Errors
    /// Secrets that cannot be ones, an address that may not be contacted.
    pub async fn connect(&self, ctx: &Ctx, mut change: Connect) -> Result<Standing> {
        change.base = change.base.map(|base| base.trim().to_owned()).filter(|base| !base.is_empty());
        if change.base.is_none() {
            let before = accounts::of(ctx, stripe::CODE).await.map_err(invalid_of)?;
            change.base = before.and_then(|before| before.base);
        }
        let base = change.base.as_deref().unwrap_or(STRIPE);
        let why = |blocked: outbound::webhooks::Blocked| {
            invalid("api_base", format!("{blocked}; whoever runs this server names it in payment_allowed_hosts"))
        };
        let url = self.client.check(base).map_err(why)?;
        if !is_private(&url) || url.query().is_some() {
            return Err(invalid("api_base", "expected an https address without a query"));
        }
        change.base = change.base.map(|_| url.to_string()).filter(|url| url != STRIPE);
        accounts::connect(ctx, stripe::CODE, change).await.map_err(invalid_of)?;
        self.standing(ctx).await
    }

    /// Whether and how the workspace is paid.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn standing(&self, ctx: &Ctx) -> Result<Standing> {
        let account = accounts::of(ctx, stripe::CODE).await.map_err(invalid_of)?;
        let test = account.as_ref().is_some_and(|account| account.secret.contains("_test_"));
        Ok(Standing {
            connected_at: account.as_ref().map(|account| account.connected_at),
            base: account.and_then(|account| account.base).unwrap_or_else(|| STRIPE.to_owned()),
            test,
        })
    }

    /// Forgets the account. Payments that were made stay in the book; nothing can be paid or paid back until one is
    /// connected again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn disconnect(&self, ctx: &Ctx) -> Result<()> {
        accounts::disconnect(ctx, stripe::CODE).await.map_err(invalid_of)
    }

    async fn provider(&self, ctx: &Ctx) -> Result<Stripe> {
        let account = accounts::of(ctx, stripe::CODE).await.map_err(invalid_of)?;
        let account = account.ok_or_else(|| Error::Conflict("no payment provider is connected".to_owned()))?;
        let base = account.base.as_deref().unwrap_or(STRIPE);
        // The operator may have taken the host off the list since the account was connected.
        let base = self.client.check(base).map_err(|blocked| Error::Conflict(blocked.to_string()))?;
        Ok(Stripe::new(self.client.client().clone(), base, account))
    }

    /// The provider's page for a booking that waits to be paid: the one that is open, or a new one. `back` is the path
    /// of the page to which the payer comes back.
    ///
    /// # Errors
    /// When no provider is connected, or whatever it says.
    pub async fn open(&self, ctx: &Ctx, (booking, of): (&Booking, &EventType), back: &str) -> Result<Page> {
        let _turn = turns::wait(ctx.workspace, of.id).await;
        let booking = reservations::get(ctx, booking.id).await?;
        let Some(until) = paid::due(ctx, booking.id).await? else { return Ok(Page::Settled) };
        let Some(price) = &of.definition.payment else { return Ok(Page::Settled) };
        let provider = self.provider(ctx).await?;
        let reference: RawId = booking.id.into();
        for known in payment::of_reference(ctx, reference).await.map_err(told)? {
            if known.state != PaymentState::Waiting {
                continue;
            }
            let now = payment::check(ctx, &provider, known.id).await.map_err(told)?;
            follow(ctx, now.id).await?;
            if matches!(now.state, PaymentState::Paid | PaymentState::Mismatched) {
                return Ok(Page::Settled);
            }
            if let Some(page) = payment::reopen(ctx, &provider, known.id).await.map_err(told)? {
                return Ok(Page::Open(page.url));
            }
        }
        if until <= ctx.now() {
            return Err(Error::Conflict("the term for this payment is over".to_owned()));
        }
        let details = booking.details(ctx).await?.ok_or(Error::NotFound("booking"))?;
        let minor = i64::try_from(price.amount).map_err(|_| Error::Internal("an event type's price"))?;
        let title: String = of.definition.texts(&booking.language).title.chars().take(LONGEST).collect();
        let join = if back.contains('?') { '&' } else { '?' };
        let order = Order {
            reference,
            amount: Amount::new(minor, &price.currency).map_err(told)?,
            description: title,
            email: Some(Pii::new(details.email)),
            success_url: format!("{}{back}{join}paid=1", self.public_url),
            cancel_url: format!("{}{back}", self.public_url),
            expires_at: until,
        };
        let (_, page) = payment::begin(ctx, &provider, &order).await.map_err(told)?;
        Ok(Page::Open(page.url))
    }

    /// Takes a provider's signed call. Told twice, it counts once; what came of it is the same.
    ///
    /// # Errors
    /// A wrong signature, a body that cannot be read, no account.
    pub async fn notice(&self, ctx: &Ctx, signature: &str, body: &[u8]) -> Result<()> {
        let provider = self.provider(ctx).await?;
        match payment::settle(ctx, &provider, signature, body).await {
            // Followed again when told again: the first call may have ended half-way.
            Ok(Some(settled)) => follow(ctx, settled.payment).await,
            // The account may take money for other things than ours.
            Ok(None) | Err(billing::Error::NotFound(_)) => Ok(()),
            Err(error) => Err(told(error)),
        }
    }

    /// Asks the provider about a booking that waits to be paid, for calls that never came. Answers the booking as it
    /// stands then.
    ///
    /// # Errors
    /// Whatever the provider says.
    pub async fn look(&self, ctx: &Ctx, id: BookingId) -> Result<Booking> {
        if paid::due(ctx, id).await?.is_some() {
            let provider = self.provider(ctx).await?;
            for known in waiting(ctx, id).await? {
                payment::check(ctx, &provider, known).await.map_err(told)?;
                follow(ctx, known).await?;
            }
        }
        reservations::get(ctx, id).await
    }

    /// Sends the money for a booking back, because a member says so.
    ///
    /// # Errors
    /// When nothing was paid.
    pub async fn give_back(&self, ctx: &Ctx, booking: &Booking) -> Result<Booking> {
        paid::give_back(ctx, booking).await?;
        reservations::get(ctx, booking.id).await
    }
}

/// The orders of a booking that nobody has paid yet.
pub(crate) async fn waiting(ctx: &Ctx, id: BookingId) -> Result<Vec<PaymentId>> {
    let all = payment::of_reference(ctx, id.into()).await.map_err(told)?;
    Ok(all.into_iter().filter(|one| one.state == PaymentState::Waiting).map(|one| one.id).collect())
}

/// Whether the workspace can be paid at all.
pub(crate) async fn connected(ctx: &Ctx) -> Result<bool> {
    Ok(accounts::of(ctx, stripe::CODE).await.map_err(told)?.is_some())
}

fn told(error: billing::Error) -> Error {
    Error::Billing(error)
}

/// Why a booking that waits to be paid cannot be approved.
pub(crate) fn unpaid(booking: &Booking) -> Option<Problem> {
    let waits = booking.state == State::Pending && matches!(booking.payment.as_deref(), Some("open" | "failed"));
    waits.then(|| Problem::new(kernel::Code::Conflict, "this booking waits to be paid"))
}
