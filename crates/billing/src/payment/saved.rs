//! Payment methods that a provider keeps: set up on a page of the provider's, charged while nobody is there, confirmed by
//! a person where a bank asks for that, and forgotten. Barid has the provider's token and what a person needs to recognise
//! the method by, and nothing else.

use kernel::{PaymentId, PaymentMethodId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::BoxFuture;

use super::{Amount, Checkout, PaymentProvider, Refusal};

/// The longest text that is kept of a method, in characters.
const LONGEST: usize = 120;

/// What orders a charge of a method: means something at the provider only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Whose methods the provider keeps together.
    pub customer: String,
    /// The method; absent while its page is open.
    pub method: Option<String>,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token([secret])")
    }
}

/// What a person recognises a method by, and all that is kept of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Display {
    /// A card.
    Card {
        /// The last four digits.
        last4: String,
        /// The month of its expiry.
        exp_month: u8,
        /// The year of its expiry.
        exp_year: u16,
        /// Whose name is on it.
        holder: Option<String>,
    },
    /// A bank account, by iDEAL.
    Ideal {
        /// The account number, as far as the provider tells it.
        iban: Option<String>,
        /// The bank.
        bic: Option<String>,
        /// Whose account it is.
        name: Option<String>,
    },
    /// An account at PayPal.
    Paypal {
        /// Its mail address.
        email: Option<String>,
    },
    /// Something of which nothing may be kept.
    Other,
}

impl std::fmt::Debug for Display {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Display({}, [pii])", self.kind())
    }
}

impl Display {
    /// Its kind, as kept in rows.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Card { .. } => "card",
            Self::Ideal { .. } => "ideal",
            Self::Paypal { .. } => "paypal",
            Self::Other => "other",
        }
    }

    /// The same without anything that could be a card's number, whatever field a provider put it in.
    #[must_use]
    pub fn without_card_numbers(self) -> Self {
        let text = |text: Option<String>| {
            let text: String = text?.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
            let text = text.trim().to_owned();
            (!text.is_empty() && !holds_card_number(&text)).then_some(text)
        };
        match self {
            Self::Card { last4, exp_month, exp_year, holder } => {
                let four = last4.len() == 4 && last4.bytes().all(|b| b.is_ascii_digit());
                let (exp_month, exp_year) = (exp_month.clamp(1, 12), exp_year.clamp(2000, 2999));
                Self::Card {
                    last4: if four { last4 } else { String::new() },
                    exp_month,
                    exp_year,
                    holder: text(holder),
                }
            }
            // An account number may well look like a card's to a check of digits; it begins with letters.
            Self::Ideal { iban, bic, name } => Self::Ideal {
                iban: iban.filter(|iban| is_iban(iban)),
                bic: text(bic).filter(|bic| bic.len() <= 11 && bic.bytes().all(|b| b.is_ascii_alphanumeric())),
                name: text(name),
            },
            Self::Paypal { email } => Self::Paypal { email: text(email) },
            Self::Other => Self::Other,
        }
    }
}

/// Two letters and then letters, digits and what providers hide digits behind, at most 34 characters (ISO 13616).
fn is_iban(text: &str) -> bool {
    let rest = |b: u8| b.is_ascii_alphanumeric() || b == b'*' || b == b' ';
    text.len() <= 42 && text.bytes().take(2).all(|b| b.is_ascii_uppercase()) && text.bytes().all(rest)
}

/// Whether a text holds what could be a card's number: 13 to 19 digits, perhaps in groups, with a right check digit (ISO
/// 7812).
pub fn holds_card_number(text: &str) -> bool {
    let mut digits: Vec<u8> = Vec::new();
    let mut apart = 0;
    for c in text.chars().chain(std::iter::once('x')) {
        match c.to_digit(10) {
            Some(digit) => {
                digits.push(digit as u8);
                apart = 0;
            }
            None if matches!(c, ' ' | '-' | '.') && apart == 0 && !digits.is_empty() => apart = 1,
            None => {
                if any_run_is_number(&digits) {
                    return true;
                }
                digits.clear();
                apart = 0;
            }
        }
    }
    false
}

fn any_run_is_number(digits: &[u8]) -> bool {
    match digits.len() {
        0..13 => false,
        13..=19 => checks(digits),
        _ => digits.windows(16).any(checks),
    }
}

/// The check of Luhn.
fn checks(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

/// The page on which a method is entered.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// The method that is to be.
    pub method: PaymentMethodId,
    /// Where the person goes afterwards.
    pub success_url: String,
    /// Where the person goes who turns back.
    pub cancel_url: String,
    /// Until when the page is open.
    pub expires_at: Timestamp,
    /// Three letters (ISO 4217).
    pub currency: String,
}

/// What became of a page on which a method is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetUpState {
    /// It is open.
    Open {
        /// Where.
        url: Option<String>,
    },
    /// The provider keeps the method.
    Kept {
        /// What orders a charge.
        token: Token,
        /// What a person recognises it by.
        display: Display,
    },
    /// Nobody entered one in time.
    Expired,
}

/// A charge while nobody is there.
#[derive(Debug, Clone)]
pub struct OffSession {
    /// How much.
    pub amount: Amount,
    /// What the bank's statement may say.
    pub description: String,
    /// From what.
    pub token: Token,
    /// Where somebody goes who had to confirm it.
    pub return_url: String,
}

/// How a charge stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charged {
    /// It is under way.
    UnderWay,
    /// The money is there.
    Paid {
        /// How much.
        amount: Option<Amount>,
    },
    /// The bank wants a person to confirm it.
    NeedsAction {
        /// The provider's page for that.
        url: Option<String>,
    },
    /// The bank said no.
    Declined {
        /// Why: a code of the provider's.
        reason: String,
    },
    /// It was called off; no money moves any more.
    Cancelled,
}

/// What a provider's signed call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A payment: look at it.
    Payment(PaymentId),
    /// A payment whose money went back whole.
    Returned(PaymentId),
    /// A method that is being set up: look at it.
    Method(PaymentMethodId),
}

/// A provider that keeps methods and charges them.
pub trait SavedMethods: PaymentProvider {
    /// Makes the provider's own record of whose methods these are. The method's id makes a second call give the same.
    fn customer(&self, method: PaymentMethodId) -> BoxFuture<'_, Result<String, Refusal>>;

    /// Opens the page on which a method is entered. The method's id makes a second call open the same page.
    fn set_up<'a>(
        &'a self,
        customer: &'a str,
        about: &'a SetUp,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Checkout, Refusal>>;

    /// What became of that page.
    fn look_at_set_up<'a>(&'a self, session: &'a str) -> BoxFuture<'a, Result<SetUpState, Refusal>>;

    /// Makes the provider forget the method and whose it was. Forgetting what is forgotten is no mistake.
    fn forget<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, Result<(), Refusal>>;

    /// Prepares a charge; no money moves. The payment's id makes a second call give the same charge, however much
    /// later.
    fn prepare<'a>(&'a self, payment: PaymentId, order: &'a OffSession) -> BoxFuture<'a, Result<String, Refusal>>;

    /// Brings a prepared charge as far as it goes without a person. Safe to repeat: a charge is one payment at most.
    fn advance<'a>(&'a self, charge: &'a str, order: &'a OffSession) -> BoxFuture<'a, Result<Charged, Refusal>>;

    /// How a charge stands.
    fn look_at_charge<'a>(&'a self, charge: &'a str) -> BoxFuture<'a, Result<Charged, Refusal>>;

    /// Calls a charge off, unless it is paid, and says how it stands then.
    fn call_off<'a>(&'a self, charge: &'a str) -> BoxFuture<'a, Result<Charged, Refusal>>;

    /// Reads a signed call: in which workspace, about what. `None`: signed, but about something else.
    ///
    /// # Errors
    /// A signature that is wrong or too old, or a body that cannot be read.
    fn about(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<Option<(WorkspaceId, About)>, Refusal>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_cards_are_seen_in_any_dress() {
        for text in [
            "4242424242424242",
            "4242 4242 4242 4242",
            "no. 4242-4242-4242-4242.",
            "x378282246310005y",
            "004242424242424242",
        ] {
            assert!(holds_card_number(text), "{text}");
        }
        for text in
            ["4242", "Layla 1985-11-21", "4242424242424241", "0000000000000000", "2026-11-22T16:38:11.000001Z", ""]
        {
            assert!(!holds_card_number(text), "{text}");
        }
    }

    #[test]
    fn nothing_of_a_method_is_kept_that_could_be_a_number() {
        let card = Display::Card {
            last4: "4242424242424242".into(),
            exp_month: 99,
            exp_year: 2030,
            holder: Some("4242 4242 4242 4242".into()),
        };
        let kept = Display::Card { last4: String::new(), exp_month: 12, exp_year: 2030, holder: None };
        assert_eq!(card.without_card_numbers(), kept);
        let ideal = Display::Ideal {
            iban: Some("4242424242424242".into()),
            bic: Some("a b".into()),
            name: Some(" L. ".into()),
        };
        assert_eq!(ideal.without_card_numbers(), Display::Ideal { iban: None, bic: None, name: Some("L.".into()) });
        assert!(!format!("{:?}", Display::Paypal { email: Some("a@b.example".into()) }).contains('@'));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,80}") {
            let _ = holds_card_number(&text);
            let _ = Display::Ideal { iban: Some(text.clone()), bic: Some(text.clone()), name: Some(text) }.without_card_numbers();
        }
    }
}
