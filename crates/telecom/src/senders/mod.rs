//! Originators: what messages of a workspace may be from, and which one a country gets.

mod rules;

use kernel::{OriginatorId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, FromRow, Row, params, sql};

pub use rules::{Names, names_in, version};

use crate::sms::Originator;
use crate::{Error, Result};

/// Most originators of a workspace.
const MOST: usize = 500;

sql! {
    INSERT = "INSERT INTO originator (workspace, id, value, rules, created_at) VALUES ($1, $2, $3, $4, $5)";
    UPDATE = "UPDATE originator SET rules = $3 WHERE workspace = $1 AND id = $2";
    DELETE = "DELETE FROM originator WHERE workspace = $1 AND id = $2";
    LIST = "SELECT id, value, rules, created_at FROM originator WHERE workspace = $1 ORDER BY id LIMIT 500";
    GET = "SELECT id, value, rules, created_at FROM originator WHERE workspace = $1 AND id = $2";
}

/// How an originator is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Countries it is for; empty for all where it may be used.
    pub countries: Vec<String>,
    /// Countries where it is registered with the authority or the networks.
    pub registered: Vec<String>,
    /// How often it is chosen against others; 0 for only when asked for.
    pub weight: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self { countries: Vec::new(), registered: Vec::new(), weight: 1 }
    }
}

/// An originator of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: OriginatorId,
    /// What people see.
    pub value: Originator,
    /// How it is used.
    pub rules: Rules,
    /// Since when.
    pub created_at: Timestamp,
}

impl FromRow for Entry {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            value: row.take::<String>()?.parse().map_err(|_| store::Error::Column("originator"))?,
            rules: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("rules"))?,
            created_at: row.take()?,
        })
    }
}

impl Entry {
    /// Whether it may be used for a country, and why not.
    ///
    /// # Errors
    /// The reason, for people.
    pub fn usable_in(&self, country: &str) -> Result<(), String> {
        if !self.rules.countries.is_empty() && !self.rules.countries.iter().any(|known| known == country) {
            return Err(format!("this sender is not meant for {country}"));
        }
        if self.value.two_way() {
            return Ok(());
        }
        let registered = || self.rules.registered.iter().any(|known| known == country);
        match names_in(country) {
            Names::Allowed => Ok(()),
            Names::Registered if registered() => Ok(()),
            Names::Registered => Err(format!("names must be registered in {country} before they are used")),
            Names::Overwritten => Err(format!("networks in {country} replace names; use a number")),
            Names::Forbidden => Err(format!("names are not allowed as senders in {country}; use a number")),
        }
    }
}

fn check(rules: &Rules) -> Result<()> {
    let code = |country: &&String| !(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()));
    if rules.countries.iter().chain(&rules.registered).find(code).is_some() || rules.countries.len() > 250 {
        return Err(Error::field("countries", "two capital letters each (ISO 3166)"));
    }
    if rules.weight > 1000 {
        return Err(Error::field("weight", "0 to 1000"));
    }
    Ok(())
}

fn json(rules: &Rules) -> Result<String> {
    Ok(serde_json::to_string(rules).map_err(|_| store::Error::Column("rules"))?)
}

/// Adds an originator.
///
/// # Errors
/// `already_exists` when it is there; [`Error::Field`].
pub async fn add(ctx: &Ctx, value: &Originator, rules: &Rules) -> Result<Entry> {
    check(rules)?;
    if list(ctx).await?.len() >= MOST {
        return Err(Error::Conflict("a workspace has at most 500 senders"));
    }
    let id: OriginatorId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(INSERT, params![ctx.workspace, id, value.to_string(), json(rules)?, ctx.now()]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes how an originator is used.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Field`].
pub async fn change(ctx: &Ctx, id: OriginatorId, rules: &Rules) -> Result<Entry> {
    check(rules)?;
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.guard(UPDATE, params![ctx.workspace, id, json(rules)?]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Takes an originator away; messages that have it already keep it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove(ctx: &Ctx, id: OriginatorId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(DELETE, params![ctx.workspace, id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// One originator.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: OriginatorId) -> Result<Entry> {
    ctx.db.get(GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("sender"))
}

/// Every originator, the oldest first.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx) -> Result<Vec<Entry>> {
    Ok(ctx.db.all(LIST, params![ctx.workspace]).await?)
}

/// Which originator a message has: the one asked for, else the one that this person knows from before
/// (`known`), else one of the pool by weight. `dice` is any number. Pure.
///
/// # Errors
/// [`Error::Sender`] with the reason.
pub fn choose(
    pool: &[Entry],
    asked: Option<&Originator>,
    known: Option<&str>,
    (country, dice): (&str, u64),
) -> Result<Originator> {
    if let Some(asked) = asked {
        let Some(entry) = pool.iter().find(|entry| entry.value == *asked) else {
            return Err(Error::Sender("this sender does not belong to the workspace; add it first".to_owned()));
        };
        return entry.usable_in(country).map(|()| entry.value.clone()).map_err(Error::Sender);
    }
    let usable: Vec<&Entry> =
        pool.iter().filter(|entry| entry.rules.weight > 0 && entry.usable_in(country).is_ok()).collect();
    if let Some(entry) = usable.iter().find(|entry| known.is_some_and(|known| entry.value.to_string() == known)) {
        return Ok(entry.value.clone());
    }
    let total: u64 = usable.iter().map(|entry| u64::from(entry.rules.weight)).sum();
    let mut left = dice.checked_rem(total).unwrap_or(0);
    for entry in usable {
        let weight = u64::from(entry.rules.weight);
        if left < weight {
            return Ok(entry.value.clone());
        }
        left -= weight;
    }
    Err(Error::Sender(format!("the workspace has no sender that may be used in {country}")))
}

#[cfg(test)]
mod tests {
    use kernel::{OriginatorId, Timestamp};

    use super::{Entry, Rules, choose};

    fn entry(value: &str, rules: Rules) -> Entry {
        Entry { id: OriginatorId([0; 16]), value: value.parse().unwrap(), rules, created_at: Timestamp(0) }
    }

    fn pick(pool: &[Entry], known: Option<&str>, country: &str, dice: u64) -> String {
        choose(pool, None, known, (country, dice)).map_or_else(|error| error.to_string(), |value| value.to_string())
    }

    #[test]
    fn names_where_they_may_be_used_and_numbers_elsewhere() {
        let pool = [
            entry("Barid", Rules { registered: vec!["SA".into()], ..Rules::default() }),
            entry("+15005550006", Rules { countries: vec!["US".into()], ..Rules::default() }),
        ];
        assert_eq!(pick(&pool, None, "SA", 5), "Barid");
        assert_eq!(pick(&pool, None, "US", 0), "+15005550006");
        assert_eq!(pick(&pool, None, "DE", 9), "Barid");
        assert!(pick(&pool, None, "AE", 0).contains("no sender"));
        let asked = choose(&pool, Some(&"Barid".parse().unwrap()), None, ("AE", 0)).unwrap_err().to_string();
        assert!(asked.contains("registered in AE"), "{asked}");
        assert!(choose(&pool, Some(&"Other".parse().unwrap()), None, ("DE", 0)).is_err());
    }

    #[test]
    fn who_knows_a_sender_keeps_it_and_weights_share_the_rest() {
        let weight = |weight| Rules { weight, ..Rules::default() };
        let pool = [entry("+4915112345678", weight(1)), entry("+4915112345679", weight(3)), entry("Never", weight(0))];
        assert_eq!(pick(&pool, Some("+4915112345678"), "DE", 3), "+4915112345678");
        assert_eq!(pick(&pool, Some("Never"), "DE", 0), "+4915112345678");
        let second = (0..400).filter(|dice| pick(&pool, None, "DE", *dice) == "+4915112345679").count();
        assert_eq!(second, 300);
    }
}
