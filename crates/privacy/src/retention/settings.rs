//! What a workspace decides otherwise than the classes say, and the two-person rule for periods below
//! a legal minimum.

use std::collections::BTreeMap;

use kernel::{EventId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Actor, Batch, Ctx, params};

use super::classes::{Bound, CLASSES, Class, named};
use super::period::Period;
use crate::{Error, Result};

store::sql! {
    RETENTION_SETTING = "SELECT settings FROM retention_setting WHERE workspace = $1";
    SET_RETENTION = "INSERT INTO retention_setting (workspace, settings, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at";
    INSERT_PROPOSAL = "INSERT INTO retention_proposal (workspace, id, class, region, period, state, proposed_by, proposed_at)
        VALUES ($1, $2, $3, $4, $5, 'open', $6, $7)";
    PROPOSALS = "SELECT id, class, region, period, state, proposed_by, proposed_at, decided_by, decided_at
        FROM retention_proposal WHERE workspace = $1 ORDER BY id DESC LIMIT 100";
    PROPOSAL = "SELECT id, class, region, period, state, proposed_by, proposed_at, decided_by, decided_at
        FROM retention_proposal WHERE workspace = $1 AND id = $2";
    DECIDE_PROPOSAL = "UPDATE retention_proposal SET state = $3, decided_by = $4, decided_at = $5
        WHERE workspace = $1 AND id = $2 AND state = 'open'";
}

/// A workspace's choice for one class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The period everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The period in a region, by its code (`eu`, a country's two letters).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_region: BTreeMap<String, Period>,
}

/// What a workspace decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The region whose periods count; absent means the general ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Choices by class.
    #[serde(default)]
    pub classes: BTreeMap<String, Choice>,
}

impl Settings {
    /// The period of a class as it counts here.
    pub fn period(&self, class: &Class) -> Period {
        let choice = self.classes.get(class.name);
        let regional = self.region.as_ref().and_then(|region| choice?.by_region.get(region));
        regional.copied().or_else(|| choice?.period).unwrap_or(class.period)
    }

    /// The period of a class by name; unknown names keep nothing.
    pub fn period_of(&self, name: &str) -> Period {
        named(name).map_or(Period::days(0), |class| self.period(class))
    }

    fn each(&self) -> impl Iterator<Item = (&String, Option<&String>, Period)> {
        self.classes.iter().flat_map(|(class, choice)| {
            let general = choice.period.map(|period| (class, None, period));
            general
                .into_iter()
                .chain(choice.by_region.iter().map(move |(region, period)| (class, Some(region), *period)))
        })
    }

    fn has(&self, class: &str, region: Option<&String>, period: Period) -> bool {
        self.each().any(|(known, place, chosen)| known == class && place == region && chosen == period)
    }

    fn put(&mut self, class: &str, region: Option<String>, period: Period) {
        let choice = self.classes.entry(class.to_owned()).or_default();
        match region {
            Some(region) => {
                choice.by_region.insert(region, period);
            }
            None => choice.period = Some(period),
        }
    }
}

/// A class with the period that counts here.
#[derive(Debug, Clone, Serialize)]
pub struct Effective {
    /// The class.
    #[serde(flatten)]
    pub class: &'static Class,
    /// The period that counts.
    pub effective: Period,
}

/// A period below a legal minimum that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Its id.
    pub id: EventId,
    /// The class.
    pub class: String,
    /// The region, when it is for one.
    pub region: Option<String>,
    /// The period wanted.
    pub period: String,
    /// `open`, `confirmed` or `rejected`.
    pub state: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Timestamp,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

impl store::FromRow for Proposal {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            class: row.take()?,
            region: row.take()?,
            period: row.take()?,
            state: row.take()?,
            proposed_by: row.take()?,
            proposed_at: row.take()?,
            decided_by: row.take()?,
            decided_at: row.take()?,
        })
    }
}

/// What a workspace has decided.
///
/// # Errors
/// When the store fails.
pub async fn settings(ctx: &Ctx) -> Result<Settings> {
    let row: Option<(String,)> = ctx.db.get(RETENTION_SETTING, params![ctx.workspace]).await?;
    row.map_or_else(
        || Ok(Settings::default()),
        |(text,)| serde_json::from_str(&text).map_err(|_| Error::Corrupt("retention settings")),
    )
}

/// Every class as it counts here.
///
/// # Errors
/// When the store fails.
pub async fn effective(ctx: &Ctx) -> Result<Vec<Effective>> {
    let settings = settings(ctx).await?;
    Ok(CLASSES.iter().map(|class| Effective { class, effective: settings.period(class) }).collect())
}

/// When something of a class that begins to wait then has come to its end, as the workspace has it now.
///
/// # Errors
/// When the store fails.
pub async fn ends_at(ctx: &Ctx, class: &str, from: Timestamp) -> Result<Timestamp> {
    Ok(settings(ctx).await?.period_of(class).after(from))
}

fn is_region(code: &str) -> bool {
    (2..=8).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn write(batch: &mut Batch, ctx: &Ctx, settings: &Settings) -> Result<()> {
    let text = serde_json::to_string(settings).map_err(|_| Error::Corrupt("retention settings"))?;
    batch.push(SET_RETENTION, params![ctx.workspace, text, ctx.now()]);
    Ok(())
}

/// Sets a workspace's choices. Periods longer than a class allows are refused; periods below a legal
/// minimum are not set but become proposals, which somebody else must confirm.
///
/// # Errors
/// [`Error::Invalid`] for an unknown class, region or too long a period.
pub async fn configure(ctx: &Ctx, wanted: Settings) -> Result<Vec<Proposal>> {
    let before = settings(ctx).await?;
    let regions = wanted.region.iter().chain(wanted.classes.values().flat_map(|choice| choice.by_region.keys()));
    if regions.into_iter().any(|region| !is_region(region)) {
        return Err(Error::Invalid { field: "region", detail: "a region is a code such as eu or US" });
    }
    let mut next = Settings { region: wanted.region.clone(), classes: BTreeMap::new() };
    let (mut batch, mut proposals) = (ctx.batch(), Vec::new());
    for (name, region, period) in wanted.each() {
        let class =
            named(name).ok_or(Error::Invalid { field: "classes", detail: "there is no such retention class" })?;
        match class.bound(period) {
            Bound::TooLong => {
                return Err(Error::Invalid {
                    field: "period",
                    detail: "longer than this class may be kept; see docs/reference/retention.md",
                });
            }
            // What two persons agreed on stays when it is sent again.
            Bound::NeedsTwo if !before.has(name, region, period) => {
                let id: EventId = ctx.id();
                let values =
                    params![ctx.workspace, id, name, region, period.to_string(), ctx.actor.to_string(), ctx.now()];
                batch.push(INSERT_PROPOSAL, values);
                accounts::audit::record(&mut batch, ctx, "retention.proposed", &[&id, name]);
                proposals.push(id);
                if let Some(kept) =
                    before.classes.get(name).and_then(|choice| choice.period).filter(|_| region.is_none())
                {
                    next.put(name, None, kept);
                }
            }
            _ => next.put(name, region.cloned(), period),
        }
    }
    write(&mut batch, ctx, &next)?;
    let names = next.classes.keys().map(String::as_str).collect::<Vec<_>>().join(" ");
    accounts::audit::record(&mut batch, ctx, "retention.configured", &[&names]);
    batch.feed(store::Feed { kind: "retention.configured", entity: ctx.workspace.0, data: json!({}) });
    super::due::start_over(&mut batch);
    ctx.db.apply(batch).await?;
    let mut out = Vec::new();
    for id in proposals {
        out.push(ctx.db.one(PROPOSAL, params![ctx.workspace, id]).await?);
    }
    Ok(out)
}

/// The newest proposals.
///
/// # Errors
/// When the store fails.
pub async fn proposals(ctx: &Ctx) -> Result<Vec<Proposal>> {
    Ok(ctx.db.all(PROPOSALS, params![ctx.workspace]).await?)
}

/// Confirms or rejects a proposal. Confirming takes a signed-in member other than the one who proposed:
/// a program cannot be the second person.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] when the same person, or a key, confirms.
pub async fn decide(ctx: &Ctx, id: EventId, confirm: bool) -> Result<Proposal> {
    let proposal: Option<Proposal> = ctx.db.get(PROPOSAL, params![ctx.workspace, id]).await?;
    let proposal = proposal.filter(|found| found.state == "open").ok_or(Error::NotFound("open proposal"))?;
    let me = ctx.actor.to_string();
    if confirm && (!matches!(ctx.actor, Actor::User(_)) || proposal.proposed_by == me) {
        return Err(Error::Invalid {
            field: "confirm",
            detail: "another member than the one who proposed must confirm",
        });
    }
    let state = if confirm { "confirmed" } else { "rejected" };
    let mut batch = ctx.batch();
    batch.guard(DECIDE_PROPOSAL, params![ctx.workspace, id, state, me, ctx.now()]);
    if confirm {
        let mut settings = settings(ctx).await?;
        let period = proposal.period.parse().map_err(|_| Error::Corrupt("retention proposal"))?;
        settings.put(&proposal.class, proposal.region.clone(), period);
        write(&mut batch, ctx, &settings)?;
        super::due::start_over(&mut batch);
    }
    let action = if confirm { "retention.confirmed" } else { "retention.rejected" };
    accounts::audit::record(&mut batch, ctx, action, &[&id, &proposal.class]);
    ctx.db.apply(batch).await?;
    Ok(ctx.db.one(PROPOSAL, params![ctx.workspace, id]).await?)
}
