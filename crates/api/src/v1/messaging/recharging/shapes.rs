//! What the answers look like.

use accounts::users::Client;
use billing::payment::saved::Display;
use billing::recharge::method::Saved;
use billing::recharge::setting::{AutoRecharge, get as settings};
use billing::recharge::{Agreeing, Consent, Recharge, State, VERSION, method, words};
use kernel::{EventId, PaymentId, PaymentMethodId, UserId};
use store::{Actor, Ctx};

use crate::v1::prelude::*;

/// The longest user agent that is kept, in characters.
const MAX_AGENT: usize = 400;

/// In which language words are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct InLanguage {
    /// `en` or `ar`; the member's own when absent.
    pub(super) language: Option<String>,
}

/// What a member agrees to; shown beside the button.
#[derive(Serialize, ToSchema)]
pub(super) struct AgreementWords {
    /// The version of the words.
    version: &'static str,
    /// Their language.
    language: &'static str,
    /// The words; of automatic recharging with `{amount}`, `{floor}` and `{cap}` to fill in.
    text: &'static str,
}

/// The words that the member had before them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgreedWords {
    /// Their version.
    version: String,
    /// `en` or `ar`.
    language: String,
}

impl AgreedWords {
    pub(super) fn by(self, client: Client) -> Agreeing {
        Agreeing {
            version: self.version,
            language: self.language,
            ip: client.address.map(|address| address.to_string()),
            user_agent: client.agent.map(|agent| agent.chars().take(MAX_AGENT).collect()),
        }
    }
}

async fn shown(ctx: &Ctx, wanted: Option<&str>, key: &str) -> Result<AgreementWords> {
    let own = match (wanted, ctx.actor) {
        (Some(wanted), _) => wanted.to_owned(),
        (None, Actor::User(user)) => accounts::users::get(ctx, user).await?.language.to_string(),
        (None, _) => "en".to_owned(),
    };
    let language = if own.starts_with("ar") { "ar" } else { "en" };
    Ok(AgreementWords { version: VERSION, language, text: words(language, key) })
}

/// An agreement in the ledger.
#[derive(Serialize, ToSchema)]
pub(super) struct PaymentConsent {
    /// The event of the ledger that states it.
    #[schema(value_type = String)]
    event: EventId,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The member who agreed.
    #[schema(value_type = String)]
    by: UserId,
}

impl From<Consent> for PaymentConsent {
    fn from(consent: Consent) -> Self {
        Self { event: consent.event, at: consent.at, by: consent.by }
    }
}

/// Money for the balance.
#[derive(Serialize, ToSchema)]
pub(super) struct BalancePayment {
    /// Its id.
    #[schema(value_type = String)]
    id: PaymentId,
    /// `page`: a person pays; `auto`: the saved method.
    kind: &'static str,
    /// `waiting`, `charging`, `needs_action`, `paid`, `failed`, `cancelled`, `expired`, `refused`, `mismatched` or `refunded`.
    state: &'static str,
    /// How much, in millionths of the currency.
    amount_micros: i64,
    /// ISO 4217.
    currency: String,
    /// Where to pay, or to confirm, while that is possible.
    url: Option<String>,
    /// Until when that is.
    #[schema(value_type = Option<String>, format = DateTime)]
    act_by: Option<Timestamp>,
    /// Why it is where it is: a code of ours, or of the bank's.
    reason: Option<String>,
    /// What an automatic one rests on.
    consent: Option<PaymentConsent>,
    /// Who asked for it: a member, a key, or `system`.
    by: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was settled.
    #[schema(value_type = Option<String>, format = DateTime)]
    settled_at: Option<Timestamp>,
}

impl From<Recharge> for BalancePayment {
    fn from(recharge: Recharge) -> Self {
        let acts = matches!(recharge.state, State::Waiting | State::NeedsAction);
        Self {
            id: recharge.id,
            kind: recharge.kind.as_str(),
            state: recharge.state.as_str(),
            amount_micros: recharge.amount.0,
            currency: recharge.currency,
            url: recharge.page.filter(|_| acts),
            act_by: recharge.act_by.filter(|_| acts),
            reason: recharge.reason,
            consent: recharge.consent.map(PaymentConsent::from),
            by: recharge.by,
            created_at: recharge.created_at,
            settled_at: recharge.settled_at,
        }
    }
}

/// The account that the money goes to.
#[derive(Serialize, ToSchema)]
pub(super) struct TillStanding {
    /// Whether anything can be paid on this server.
    available: bool,
    /// Whether no real money moves.
    test: bool,
}

/// A payment method that the provider keeps. Fields of other kinds are null.
#[derive(Serialize, ToSchema)]
pub(super) struct PaymentMethod {
    /// Its id.
    #[schema(value_type = String)]
    id: PaymentMethodId,
    /// `card`, `ideal`, `paypal` or `other`.
    kind: &'static str,
    /// A card's last four digits.
    last4: Option<String>,
    /// The month of its expiry.
    exp_month: Option<u8>,
    /// The year of its expiry.
    exp_year: Option<u16>,
    /// Whose name is on it.
    holder: Option<String>,
    /// A bank account's number, as far as the provider tells it.
    iban: Option<String>,
    /// Its bank.
    bic: Option<String>,
    /// Whose account it is.
    name: Option<String>,
    /// The mail address of an account at PayPal.
    email: Option<String>,
    /// The agreement.
    consent: PaymentConsent,
    /// Since when the provider keeps it.
    #[schema(value_type = String, format = DateTime)]
    saved_at: Timestamp,
}

impl From<method::Method> for PaymentMethod {
    fn from(method: method::Method) -> Self {
        let mut shown = Self {
            id: method.id,
            kind: method.display.kind(),
            last4: None,
            exp_month: None,
            exp_year: None,
            holder: None,
            iban: None,
            bic: None,
            name: None,
            email: None,
            consent: method.consent.into(),
            saved_at: method.saved_at,
        };
        match method.display {
            Display::Card { last4, exp_month, exp_year, holder } => {
                (shown.last4, shown.holder) = (Some(last4), holder);
                (shown.exp_month, shown.exp_year) = (Some(exp_month), Some(exp_year));
            }
            Display::Ideal { iban, bic, name } => (shown.iban, shown.bic, shown.name) = (iban, bic, name),
            Display::Paypal { email } => shown.email = email,
            Display::Other => {}
        }
        shown
    }
}

/// A page of the provider's that is open.
#[derive(Serialize, ToSchema)]
pub(super) struct PendingMethod {
    /// The method that is to be.
    #[schema(value_type = String)]
    id: PaymentMethodId,
    /// Where it is entered.
    url: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// A method that was withdrawn here and that the provider has not forgotten yet; it is told again by itself.
#[derive(Serialize, ToSchema)]
pub(super) struct LeavingMethod {
    /// Which.
    #[schema(value_type = String)]
    id: PaymentMethodId,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// How often the provider was told.
    attempts: u32,
    /// Why it did not, the last time: `unreachable`, `key_refused`, `no_provider` or `provider_refused`.
    reason: Option<String>,
}

/// The saved payment method.
#[derive(Serialize, ToSchema)]
pub(super) struct SavedMethod {
    /// The account that money goes to.
    provider: TillStanding,
    /// The method.
    method: Option<PaymentMethod>,
    /// A page that is open.
    pending: Option<PendingMethod>,
    /// What is still to be forgotten.
    leaving: Vec<LeavingMethod>,
    /// What the member agrees to.
    words: AgreementWords,
}

impl SavedMethod {
    pub(super) async fn of(app: &App, ctx: &Ctx, saved: Saved, language: Option<&str>) -> Result<Self> {
        let standing = app.tills.standing();
        let leaving = |one: method::Leaving| LeavingMethod {
            id: one.id,
            since: one.since,
            attempts: one.attempts,
            reason: one.reason,
        };
        Ok(Self {
            provider: TillStanding { available: standing.available, test: standing.test },
            method: saved.method.map(PaymentMethod::from),
            pending: saved.pending.map(|open| PendingMethod { id: open.id, url: open.url, since: open.since }),
            leaving: saved.leaving.into_iter().map(leaving).collect(),
            words: shown(ctx, language, "agree.saved_method").await?,
        })
    }
}

/// Why recharging was turned off other than by a member.
#[derive(Serialize, ToSchema)]
pub(super) struct RechargeStopped {
    /// `failures`, `no_consent`, `consent_differs`, `method_withdrawn` or `currency_changed`.
    reason: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Whether the balance recharges itself.
#[derive(Serialize, ToSchema)]
pub(super) struct AutoRechargeView {
    /// Whether it is on.
    enabled: bool,
    /// Below this the balance is recharged.
    floor_micros: Option<i64>,
    /// By how much.
    amount_micros: Option<i64>,
    /// How much in a calendar month at most.
    monthly_cap_micros: Option<i64>,
    /// ISO 4217.
    currency: String,
    /// How much was taken in this calendar month, or still may be.
    used_this_month_micros: i64,
    /// When the month ends, in the workspace's zone.
    #[schema(value_type = String, format = DateTime)]
    month_ends_at: Timestamp,
    /// The agreement, while it is on.
    consent: Option<PaymentConsent>,
    /// Failures in a row.
    failures: u32,
    /// When it is tried again after a failure.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_attempt_at: Option<Timestamp>,
    /// The recharge under way.
    open: Option<BalancePayment>,
    /// Why it is off, when nobody turned it off.
    stopped: Option<RechargeStopped>,
    /// Whether there is a method to take money from.
    has_method: bool,
    /// What the member agrees to.
    words: AgreementWords,
}

impl AutoRechargeView {
    /// As it stands now.
    pub(super) async fn now(ctx: &Ctx, language: Option<&str>) -> Result<Self> {
        let AutoRecharge {
            enabled,
            terms,
            currency,
            used,
            month_ends_at,
            consent,
            failures,
            next_attempt_at,
            open,
            stopped,
        } = settings(ctx).await?;
        Ok(Self {
            enabled,
            floor_micros: terms.map(|terms| terms.floor.0),
            amount_micros: terms.map(|terms| terms.amount.0),
            monthly_cap_micros: terms.map(|terms| terms.cap.0),
            currency,
            used_this_month_micros: used.0,
            month_ends_at,
            consent: consent.map(PaymentConsent::from),
            failures,
            next_attempt_at,
            open: open.map(BalancePayment::from),
            stopped: stopped.map(|(reason, at)| RechargeStopped { reason, at }),
            has_method: method::get(ctx).await?.method.is_some(),
            words: shown(ctx, language, "agree.auto_recharge").await?,
        })
    }
}
