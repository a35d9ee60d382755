//! What things cost, by country, network and kind of sender, from an instant on.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Ctx, params, sql};

use crate::{Error, Micros, Result};

/// Most prices that a list may have.
const MOST: usize = 20_000;

sql! {
    OF_COUNTRY = "SELECT service, country, network, sender, since, amount FROM price WHERE workspace = $1 AND service = $2 AND country = $3
        AND since <= $4 LIMIT 2000";
    ALL = "SELECT service, country, network, sender, since, amount FROM price WHERE workspace = $1 AND (service, country, network, sender, since) > ($2, $3, $4, $5, $6)
        ORDER BY service, country, network, sender, since LIMIT $7";
    PUT = "INSERT INTO price (workspace, service, country, network, sender, since, amount) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (workspace, service, country, network, sender, since) DO UPDATE SET amount = excluded.amount";
    DELETE = "DELETE FROM price WHERE workspace = $1 AND service = $2 AND country = $3 AND network = $4 AND sender = $5 AND since = $6";
}

store::row! {
    /// One line of the list. Empty texts stand for "any".
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Price {
        /// What is paid for: `sms` (per part), `voice` (per minute) or `lookup` (per question to a provider).
        pub service: String,
        /// Country of the destination (ISO 3166).
        pub country: String,
        /// Network of the destination (MCC and MNC).
        pub network: String,
        /// Kind of sender: `name`, `number`, `short_code`.
        pub sender: String,
        /// The first instant at which it holds.
        pub since: Timestamp,
        /// How much.
        pub amount: Micros,
    }
}

impl Price {
    fn covers(&self, network: &str, sender: &str) -> bool {
        (self.network.is_empty() || self.network == network) && (self.sender.is_empty() || self.sender == sender)
    }

    /// The more of it is said, the more it counts; of the same, the latest.
    fn rank(&self) -> (bool, bool, bool, Timestamp) {
        (!self.network.is_empty(), !self.country.is_empty(), !self.sender.is_empty(), self.since)
    }

    fn check(&self) -> Result<()> {
        let wrong = |field, detail| Err(Error::Field { field, detail });
        if !matches!(self.service.as_str(), "sms" | "voice" | "lookup") {
            return wrong("service", "sms, voice or lookup");
        }
        let capitals = self.country.len() == 2 && self.country.bytes().all(|b| b.is_ascii_uppercase());
        if !(self.country.is_empty() || capitals) {
            return wrong("country", "two capital letters (ISO 3166), or nothing for any");
        }
        let digits = (5..=6).contains(&self.network.len()) && self.network.bytes().all(|b| b.is_ascii_digit());
        if !(self.network.is_empty() || digits && capitals) {
            return wrong("network", "MCC and MNC in five or six digits, with its country, or nothing for any");
        }
        if !matches!(self.sender.as_str(), "" | "name" | "number" | "short_code") {
            return wrong("sender", "name, number, short_code, or nothing for any");
        }
        if !self.amount.is_sound() {
            return wrong("amount_micros", "0 or more, at most a thousand million");
        }
        Ok(())
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// `sms`, `voice` or `lookup`.
    pub service: &'a str,
    /// Country of the destination; empty when unknown.
    pub country: &'a str,
    /// Network of the destination; empty when unknown.
    pub network: &'a str,
    /// Kind of sender.
    pub sender: &'a str,
}

/// The price that fits best of those that hold now; pure.
pub fn choose(prices: &[Price], wanted: Wanted<'_>, now: Timestamp) -> Option<Micros> {
    let fits = |price: &&Price| {
        price.service == wanted.service
            && (price.country.is_empty() || price.country == wanted.country)
            && price.covers(wanted.network, wanted.sender)
            && price.since <= now
    };
    prices.iter().filter(fits).max_by_key(|price| price.rank()).map(|price| price.amount)
}

/// The price now; `None` when the list says nothing about it.
///
/// # Errors
/// The store's.
pub async fn of(ctx: &Ctx, wanted: Wanted<'_>) -> Result<Option<Micros>> {
    let now = ctx.now();
    let countries = [wanted.country, ""];
    let sets = countries.iter().map(|country| params![ctx.workspace, wanted.service, *country, now]).collect();
    let prices: Vec<Price> = ctx.db.many(OF_COUNTRY, sets).await?.into_iter().flatten().collect();
    Ok(choose(&prices, wanted, now))
}

/// Adds lines to the list; one for the same and the same instant replaces it.
///
/// # Errors
/// [`Error::Field`] naming what is wrong with a line; then nothing was added.
pub async fn put(ctx: &Ctx, prices: &[Price]) -> Result<()> {
    if prices.len() > MOST {
        return Err(Error::Field { field: "prices", detail: "at most 20 000 lines at once" });
    }
    prices.iter().try_for_each(Price::check)?;
    let mut batch = ctx.batch();
    for price in prices {
        batch.push(
            PUT,
            params![
                ctx.workspace,
                price.service.as_str(),
                price.country.as_str(),
                price.network.as_str(),
                price.sender.as_str(),
                price.since,
                price.amount
            ],
        );
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Takes a line off the list; messages that reserved keep their price.
///
/// # Errors
/// The store's.
pub async fn remove(ctx: &Ctx, price: &Price) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(
        DELETE,
        params![
            ctx.workspace,
            price.service.as_str(),
            price.country.as_str(),
            price.network.as_str(),
            price.sender.as_str(),
            price.since
        ],
    );
    ctx.db.apply(batch).await?;
    Ok(())
}

/// A page of the list, after `after`.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx, after: Option<&Price>, limit: u32) -> Result<Vec<Price>> {
    let text = |read: fn(&Price) -> &str| after.map_or("", read);
    let key = params![
        ctx.workspace,
        text(|price| &price.service),
        text(|price| &price.country),
        text(|price| &price.network),
        text(|price| &price.sender),
        after.map_or(Timestamp(i64::MIN), |price| price.since),
        limit
    ];
    Ok(ctx.db.all(ALL, key).await?)
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::{Price, Wanted, choose};
    use crate::Micros;

    fn price((country, network, sender): (&str, &str, &str), since: i64, amount: i64) -> Price {
        Price {
            service: "sms".into(),
            country: country.into(),
            network: network.into(),
            sender: sender.into(),
            since: Timestamp(since),
            amount: Micros(amount),
        }
    }

    #[test]
    fn what_says_more_counts_more() {
        let list = [
            price(("", "", ""), 0, 90),
            price(("SA", "", ""), 0, 50),
            price(("SA", "", "name"), 0, 60),
            price(("SA", "42001", ""), 0, 40),
            price(("SA", "42001", ""), 100, 45),
            price(("SA", "42001", ""), 900, 1),
        ];
        let ask = |country, network, sender| {
            choose(&list, Wanted { service: "sms", country, network, sender }, Timestamp(100)).map(|micros| micros.0)
        };
        assert_eq!(ask("SA", "42001", "name"), Some(45));
        assert_eq!(ask("SA", "42003", "name"), Some(60));
        assert_eq!(ask("SA", "", "number"), Some(50));
        assert_eq!(ask("DE", "", "number"), Some(90));
        assert_eq!(
            choose(&list, Wanted { service: "voice", country: "", network: "", sender: "" }, Timestamp(1)),
            None
        );
    }
}
