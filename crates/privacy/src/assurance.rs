//! "Prove it": a self-assessment made of checks that run now, not of answers somebody gave once.

use kernel::Timestamp;
use serde::Serialize;
use store::{Ctx, params};

use crate::rules::RulePack;
use crate::{
    Result, authority, connectors, controller, documents, incidents, ledger, processors, purposes, register, requests,
    retention,
};

/// Days after which the last backup is too old to be relied on.
const BACKUP_DAYS: i64 = 7;

store::sql! {
    LAST_BACKUP = "SELECT at FROM audit WHERE workspace = $1 AND action = $2 ORDER BY id DESC LIMIT 1";
}

/// Days after which a rule pack that nobody reviewed is called stale.
const PACK_DAYS: i64 = 180;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// In order.
    Ok,
    /// Somebody should look.
    Warn,
    /// Not in order.
    Fail,
    /// Cannot be told from here.
    Unknown,
}

/// One check.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// Its code.
    pub check: &'static str,
    /// How it came out.
    pub outcome: Outcome,
    /// Figures and names of fields behind it; nothing personal.
    pub detail: String,
    /// What it shows, in law.
    pub law: &'static str,
}

fn check(check: &'static str, outcome: Outcome, detail: impl Into<String>, law: &'static str) -> Check {
    Check { check, outcome, detail: detail.into(), law }
}

fn when(bad: bool, otherwise: Outcome) -> Outcome {
    if bad { otherwise } else { Outcome::Ok }
}

/// Runs every check of this crate.
///
/// # Errors
/// When the store fails; a check that does not hold is no error.
pub async fn assess(ctx: &Ctx) -> Result<Vec<Check>> {
    let mut out = vec![ledger_check(ctx).await, tables(ctx).await?, pack(ctx)];
    let profile = controller::get(ctx).await?;
    let lacks = profile.lacks();
    out.push(check("controller", when(!lacks.is_empty(), Outcome::Warn), lacks.join(", "), "GDPR Art. 13, 30, 37"));
    out.extend(recipients(ctx).await?);
    out.push(incidents_check(ctx).await?);
    let expired = documents::list(ctx).await?.iter().filter(|one| one.state == "expired").count();
    let detail = format!("{expired} expired");
    out.push(check("documents", when(expired > 0, Outcome::Warn), detail, "GDPR Art. 28, 32, 46"));
    let bare = purposes::catalogue(ctx).await?;
    let bare = bare.iter().filter(|one| one.retired_at.is_none() && one.basis.is_empty()).count();
    out.push(check(
        "purposes",
        when(bare > 0, Outcome::Fail),
        format!("{bare} without a basis"),
        "GDPR Art. 5(1)(b), 6",
    ));
    let waiting = purposes::review::waiting(ctx, None, 1_000).await?.len();
    let detail = format!("{waiting} waiting");
    out.push(check("purpose_reviews", when(waiting > 0, Outcome::Warn), detail, "GDPR Art. 13(3)"));
    let untold = authority::list(ctx, None, 10_000).await?;
    let untold = untold.iter().filter(|one| {
        one.exported_at.is_some()
            && one.subjects_told_at.is_none()
            && one.intake.barred_until.is_none_or(|until| until <= ctx.now())
    });
    let untold = untold.count();
    let detail = format!("{untold} with people not told yet");
    out.push(check("authority_requests", when(untold > 0, Outcome::Warn), detail, "GDPR Art. 15, 48"));
    out.push(requests_check(ctx).await?);
    out.push(retention_check(ctx).await?);
    out.push(backup_check(ctx).await?);
    Ok(out)
}

/// Requests of people whose legal term is over, or whose internal target is.
async fn requests_check(ctx: &Ctx) -> Result<Check> {
    let (now, mut before) = (ctx.now(), None);
    let (mut open, mut late, mut behind) = (0, 0, 0);
    loop {
        let page = requests::list(ctx, None, before, 500).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        for request in page.iter().filter(|request| !request.state.is_closed()) {
            open += 1;
            late += u32::from(request.is_late(now));
            behind += u32::from(!request.is_late(now) && now >= request.target_at);
        }
    }
    let outcome = if late > 0 { Outcome::Fail } else { when(behind > 0, Outcome::Warn) };
    let detail = format!("{open} open, {late} past the legal term, {behind} past the target");
    Ok(check("data_requests", outcome, detail, "GDPR Art. 12(3)"))
}

/// Whether anything is kept longer than its class allows.
async fn retention_check(ctx: &Ctx) -> Result<Check> {
    let overdue = retention::overdue(ctx).await?;
    let named: Vec<String> = overdue.iter().map(|(class, table)| format!("{class} in {table}")).collect();
    let detail = if named.is_empty() { "nothing is past its class".to_owned() } else { named.join(", ") };
    Ok(check("retention", when(!overdue.is_empty(), Outcome::Fail), detail, "GDPR Art. 5(1)(e)"))
}

/// How old the last backup is that went through this server. One made beside it (`barid backup` without a key)
/// leaves no trace here, so without any the age is unknown rather than bad.
async fn backup_check(ctx: &Ctx) -> Result<Check> {
    let law = "GDPR Art. 32(1)(c)";
    let row: Option<(Timestamp,)> = ctx.db.opt(LAST_BACKUP, params![ctx.workspace, "backup.taken"]).await?;
    Ok(match row {
        None => check("backup", Outcome::Unknown, "no backup was taken through this server", law),
        Some((at,)) => {
            let days = ctx.now().0.saturating_sub(at.0) / Timestamp::DAY;
            check("backup", when(days > BACKUP_DAYS, Outcome::Warn), format!("the last one is {days} days old"), law)
        }
    })
}

async fn ledger_check(ctx: &Ctx) -> Check {
    let law = "GDPR Art. 7(1)";
    match ledger::verify_stored(ctx, false).await {
        Ok(report) => check("ledger", Outcome::Ok, format!("{} records verify", report.chain.records), law),
        Err(error @ crate::Error::LedgerBroken { .. }) => check("ledger", Outcome::Fail, error.to_string(), law),
        Err(_) => check("ledger", Outcome::Unknown, "the ledger cannot be read at present", law),
    }
}

async fn tables(ctx: &Ctx) -> Result<Check> {
    let missing = register::unregistered(&ctx.db).await?;
    Ok(check("data_map", when(!missing.is_empty(), Outcome::Fail), missing.join(", "), "GDPR Art. 30"))
}

fn pack(ctx: &Ctx) -> Check {
    let pack = RulePack::current();
    let today = ctx.now().date();
    let overdue = pack.rows().iter().filter(|row| row.review < today).count();
    let age = ctx.now().0.saturating_sub(pack.released().0) / Timestamp::DAY;
    let detail = format!("version {}, {age} days old, {overdue} rows past their review", pack.version());
    check("rule_pack", when(age > PACK_DAYS || overdue > 0, Outcome::Warn), detail, "rules are data, not advice")
}

async fn recipients(ctx: &Ctx) -> Result<Vec<Check>> {
    let all = processors::list(ctx).await?;
    let drafts = all.iter().filter(|one| one.state == "draft").count();
    let broken = all.iter().filter(|one| one.state != "draft" && one.state != "ended" && !one.lacks.is_empty()).count();
    let remarks = all.iter().filter(|one| one.state != "ended" && !one.remarks.is_empty()).count();
    let outcome = if broken > 0 { Outcome::Fail } else { when(drafts + remarks > 0, Outcome::Warn) };
    let detail = format!("{} in the register, {broken} incomplete, {drafts} drafts, {remarks} with remarks", all.len());
    let open: Vec<&str> = connectors::assigned(ctx)
        .await?
        .iter()
        .filter(|one| one.connector.foreign && one.recipients.is_empty())
        .map(|one| one.connector.code)
        .collect();
    let connectors = check("connectors", when(!open.is_empty(), Outcome::Warn), open.join(", "), "GDPR Art. 30(1)(d)");
    Ok(vec![check("processors", outcome, detail, "GDPR Art. 28, 44"), connectors])
}

async fn incidents_check(ctx: &Ctx) -> Result<Check> {
    let all = incidents::list(ctx, None, 10_000).await?;
    let open: Vec<_> = all.iter().filter(|one| one.closed_at.is_none()).collect();
    let late =
        open.iter().filter(|one| one.clocks.iter().any(|clock| clock.late && clock.stopped_at.is_none())).count();
    let outcome = if late > 0 { Outcome::Fail } else { when(!open.is_empty(), Outcome::Warn) };
    Ok(check("incidents", outcome, format!("{} open, {late} past a term", open.len()), "GDPR Art. 33, 34"))
}
