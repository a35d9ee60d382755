//! How messages fare with the large mailbox providers, as counters per day. They are written in the batch that
//! records what became of messages, one statement per provider and kind, and name nobody: a delivery knows its
//! domain only as a keyed hash, which is compared with the hashes of the providers' own domains.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::Serialize;
use store::{Batch, Blind, Ctx, WorkspaceKeys, params};

use crate::Result;

store::sql! {
    ADD = "INSERT INTO receiver_day (workspace, day, receiver, kind, count) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, day, receiver, kind) DO UPDATE SET count = receiver_day.count + excluded.count";
    BETWEEN = "SELECT receiver, kind, CAST(sum(count) AS BIGINT) FROM receiver_day
        WHERE workspace = $1 AND day >= $2 AND day <= $3 GROUP BY receiver, kind";
}

/// Providers and their domains.
const PROVIDERS: [(&str, &[&str]); 9] = [
    ("gmail", &["gmail.com", "googlemail.com"]),
    ("outlook", &["outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.sa", "hotmail.co.uk", "hotmail.fr"]),
    ("yahoo", &["yahoo.com", "ymail.com", "rocketmail.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "aol.com"]),
    ("icloud", &["icloud.com", "me.com", "mac.com"]),
    ("gmx", &["gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de"]),
    ("proton", &["proton.me", "protonmail.com", "pm.me"]),
    ("yandex", &["yandex.ru", "yandex.com", "ya.ru"]),
    ("mail_ru", &["mail.ru", "inbox.ru", "list.ru", "bk.ru"]),
    ("t_online", &["t-online.de"]),
];
/// Everybody else.
const OTHER: &str = "other";
/// Fewer messages than these are not shown by themselves.
pub const MIN_CELL: u64 = crate::retention::MIN_CELL;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// The next hop took it.
    Sent,
    /// It came back after it was taken.
    Returned,
    /// It was refused or came back for good.
    Hard,
    /// It was given up or came back for the time being.
    Soft,
    /// It was reported as spam.
    Complained,
}

impl Fate {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Returned => "returned",
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Complained => "complained",
        }
    }

    /// What a class of failures and bounces counts as.
    pub(crate) fn of_class(class: &str) -> Self {
        if crate::soft_limit::is_soft(class) { Self::Soft } else { Self::Hard }
    }
}

/// The providers' domains as deliveries know them.
pub(crate) struct Receivers(Vec<(Blind, &'static str)>);

impl Receivers {
    pub(crate) fn new(keys: &WorkspaceKeys) -> Self {
        let hash = |domain: &str| keys.suppression(&format!("domain:{domain}"));
        let one = |(name, domains): &(&'static str, &[&str])| {
            let name = *name;
            domains.iter().map(move |domain| (hash(domain), name)).collect::<Vec<_>>()
        };
        Self(PROVIDERS.iter().flat_map(one).collect())
    }

    fn of(&self, domain: &Blind) -> &'static str {
        self.0.iter().find(|(hash, _)| hash == domain).map_or(OTHER, |(_, name)| name)
    }
}

/// Counters on their way into a batch.
#[derive(Default)]
pub(crate) struct Counting(BTreeMap<(&'static str, Fate), u64>);

impl Counting {
    pub(crate) fn add(&mut self, receivers: &Receivers, domain: &Blind, fate: Fate) {
        *self.0.entry((receivers.of(domain), fate)).or_default() += 1;
    }

    pub(crate) fn push(self, batch: &mut Batch, ctx: &Ctx, at: Timestamp) {
        for ((receiver, fate), count) in self.0 {
            batch.push(ADD, params![ctx.workspace, at.day(), receiver, fate.as_str(), count]);
        }
    }
}

/// Counts what became of one message.
pub(crate) async fn count_one(batch: &mut Batch, ctx: &Ctx, domain: &Blind, fates: &[Fate]) -> store::Result<()> {
    let (receivers, mut counting) = (Receivers::new(&*ctx.keys().await?), Counting::default());
    for fate in fates {
        counting.add(&receivers, domain, *fate);
    }
    counting.push(batch, ctx, ctx.now());
    Ok(())
}

/// How messages fared with one provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Fared {
    /// `gmail`, `outlook`, …, or `other`.
    pub group: String,
    /// Taken by the next hop.
    pub sent: u64,
    /// Taken and not returned.
    pub delivered: u64,
    /// Given up or returned for the time being.
    pub soft: u64,
    /// Refused or returned for good.
    pub hard: u64,
    /// Reported as spam.
    pub complaints: u64,
}

impl Fared {
    fn join(&mut self, other: &Self) {
        self.sent += other.sent;
        self.delivered += other.delivered;
        self.soft += other.soft;
        self.hard += other.hard;
        self.complaints += other.complaints;
    }
}

/// How messages fared on the days `first..=last`, the largest provider first, `other` last. Providers with fewer
/// than [`MIN_CELL`] messages are part of `other`.
///
/// # Errors
/// The store's.
pub async fn fared(ctx: &Ctx, first: i32, last: i32) -> Result<Vec<Fared>> {
    let rows: Vec<(String, String, u64)> = ctx.db.all(BETWEEN, params![ctx.workspace, first, last]).await?;
    let mut groups: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for (receiver, kind, count) in rows {
        groups.entry(receiver).or_default().insert(kind, count);
    }
    let mut other = Fared { group: OTHER.to_owned(), ..Fared::default() };
    let mut out = Vec::new();
    for (group, counts) in groups {
        let of = |fate: Fate| counts.get(fate.as_str()).copied().unwrap_or_default();
        let sent = of(Fate::Sent);
        let one = Fared {
            sent,
            delivered: sent.saturating_sub(of(Fate::Returned)),
            soft: of(Fate::Soft),
            hard: of(Fate::Hard),
            complaints: of(Fate::Complained),
            group,
        };
        if one.group == OTHER || one.sent + one.hard + one.soft < MIN_CELL {
            other.join(&one);
        } else {
            out.push(one);
        }
    }
    out.sort_by(|a, b| b.sent.cmp(&a.sent).then_with(|| a.group.cmp(&b.group)));
    if (other.sent, other.hard, other.soft) != (0, 0, 0) {
        out.push(other);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    testkit::each_engine! {
        async fn small_groups_are_shown_together(t: testkit::Fixture) {
            let ctx = t.workspace().await;
            let keys = ctx.keys().await.unwrap();
            let receivers = Receivers::new(&keys);
            let hash = |domain: &str| keys.suppression(&format!("domain:{domain}"));
            for (domain, times) in [("gmail.com", 12), ("icloud.com", 9), ("example.org", 2)] {
                let mut counting = Counting::default();
                for _ in 0..times {
                    counting.add(&receivers, &hash(domain), Fate::Sent);
                }
                let mut batch = ctx.batch();
                counting.push(&mut batch, &ctx, ctx.now());
                ctx.db.apply(batch).await.unwrap();
            }
            let mut batch = ctx.batch();
            count_one(&mut batch, &ctx, &hash("googlemail.com"), &[Fate::Returned, Fate::Hard]).await.unwrap();
            ctx.db.apply(batch).await.unwrap();
            let today = ctx.now().day();
            let found = fared(&ctx, today, today).await.unwrap();
            let shown: Vec<_> = found.iter().map(|one| (one.group.as_str(), one.sent, one.delivered, one.hard)).collect();
            assert_eq!(shown, [("gmail", 12, 11, 1), ("other", 11, 11, 0)]);
            assert!(fared(&ctx, today + 1, today + 9).await.unwrap().is_empty());
            assert!(fared(&t.workspace().await, today, today).await.unwrap().is_empty());
        }
    }
}
