//! The balance and the prices.

mod configure;
mod entries;
mod prices;
mod read;
mod set_prices;
mod top_up;

use billing::balance::Balance;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("balance": read, configure, entries, top_up, prices, set_prices)
}

/// How much there is, in millionths of the currency.
#[derive(Serialize, ToSchema)]
struct BalanceView {
    /// The currency (ISO 4217).
    currency: String,
    /// What may still be used.
    available_micros: i64,
    /// What messages under way have set aside.
    reserved_micros: i64,
    /// What was charged since the beginning.
    spent_micros: i64,
    /// How far below zero the available amount may go; null when it is only counted.
    credit_micros: Option<i64>,
    /// Below this, once, the event `balance.low` is told; 0 for never.
    low_at_micros: i64,
    /// When it changed last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<Balance> for BalanceView {
    fn from(balance: Balance) -> Self {
        Self {
            credit_micros: balance.is_limited().then_some(balance.credit.0),
            currency: balance.currency,
            available_micros: balance.available.0,
            reserved_micros: balance.reserved.0,
            spent_micros: balance.spent.0,
            low_at_micros: balance.low_at.0,
            updated_at: balance.updated_at,
        }
    }
}

/// One price; empty texts stand for "any".
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PriceLine {
    /// `sms`, per part, or `voice`, per minute.
    service: String,
    /// Country of the destination (ISO 3166).
    #[serde(default)]
    country: String,
    /// Network of the destination (MCC and MNC).
    #[serde(default)]
    network: String,
    /// Kind of sender: `name`, `number` or `short_code`.
    #[serde(default)]
    sender: String,
    /// The first instant at which it holds; now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// How much, in millionths of the balance's currency.
    amount_micros: i64,
}

impl From<billing::prices::Price> for PriceLine {
    fn from(price: billing::prices::Price) -> Self {
        Self {
            service: price.service,
            country: price.country,
            network: price.network,
            sender: price.sender,
            since: Some(price.since),
            amount_micros: price.amount.0,
        }
    }
}

impl PriceLine {
    fn read(self, now: Timestamp) -> billing::prices::Price {
        billing::prices::Price {
            service: self.service,
            country: self.country,
            network: self.network,
            sender: self.sender,
            since: self.since.unwrap_or(now),
            amount: billing::Micros(self.amount_micros),
        }
    }
}
