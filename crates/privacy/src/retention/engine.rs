use kernel::{ContactId, Timestamp};
use serde_json::json;
use store::{Ctx, DueRow, NewJob, RetentionRule, params};

use super::due::{self, DUE_PEOPLE, PUT_OFF};
use super::evidence;
use super::holds::InForce;
use super::report::{Line, Mode, Report};
use super::settings::{self, Settings};
use crate::Result;
use crate::erasure::ERASE_QUEUE;

/// Rows that an hourly run ends at most; the next one goes on.
pub const BUDGET: u64 = 2_000_000;
/// Rows per commit.
const PAGE: u64 = 1000;
/// Rows that a dry run counts per table before it says "more".
const COUNTED: u64 = 100_000;
/// An erasure that was asked for and has not happened is asked for again after this.
const AGAIN: i64 = 86_400;

/// Seconds that the hourly job has, after a row is due.
const GRACE: i64 = 86_400;

struct Run<'a> {
    ctx: &'a Ctx,
    now: Timestamp,
    mode: Mode,
    settings: Settings,
    held: InForce,
    left: u64,
}

/// Ends everything in the workspace that is past its class, or with [`Mode::Dry`] only counts it. At most
/// `budget` rows are ended. The report is kept when it says something.
///
/// # Errors
/// When the store fails; what was ended before stays ended.
pub async fn run(ctx: &Ctx, mode: Mode, budget: u64) -> Result<Report> {
    let settings = settings::settings(ctx).await?;
    let now = ctx.now();
    let held = InForce::read(ctx, now).await?;
    due::follow(ctx, &settings).await?;
    let mut run = Run { ctx, now, mode, settings, held, left: budget };
    let mut lines = run.people().await?;
    for rule in RetentionRule::all() {
        lines.push(run.rule(rule).await?);
    }
    lines.retain(|line| line.due > 0);
    let complete =
        mode == Mode::Dry || run.left > 0 && lines.iter().all(|line| line.ended + line.held >= line.due && !line.more);
    let report = Report { id: ctx.id(), mode, at: now, complete, lines };
    if mode == Mode::Dry || report.ended() > 0 {
        report.keep(ctx).await?;
    }
    if report.ended() > 0
        && let Err(error) = ctx.db.checkpoint().await
    {
        tracing::info!(%error, "the database's log is folded later");
    }
    Ok(report)
}

/// What is past its class for longer than the job has (24 hours), by class and table, and is kept by no hold:
/// retention has not run, or fails.
///
/// # Errors
/// When the store fails.
pub async fn overdue(ctx: &Ctx) -> Result<Vec<(&'static str, &'static str)>> {
    let settings = settings::settings(ctx).await?;
    let now = ctx.now().plus_seconds(-GRACE);
    let held = InForce::read(ctx, ctx.now()).await?;
    let run = Run { ctx, now, mode: Mode::Dry, settings, held, left: 0 };
    let mut out = Vec::new();
    for rule in RetentionRule::all() {
        let (free, ..) = run.page(rule, run.settings.period_of(rule.class).before(now), 1).await?;
        if !free.is_empty() {
            out.push((rule.class, rule.table));
        }
    }
    let people: Vec<(ContactId, String, Timestamp)> = ctx.db.all(DUE_PEOPLE, params![ctx.workspace, now, PAGE]).await?;
    if people.iter().any(|(subject, class, _)| !run.held.stops(class, Some(*subject))) {
        out.push(("marketing.lead", "contact"));
    }
    Ok(out)
}

impl Run<'_> {
    /// Finds the first rows that no hold keeps: rows kept stay at the front of the query, so the page grows
    /// until it reaches behind them. Answers free rows, kept rows, and whether there may be more.
    async fn page(&self, rule: &RetentionRule, before: Timestamp, limit: u64) -> Result<(Vec<DueRow>, u64, bool)> {
        let wanted = limit as usize;
        let mut limit = limit;
        loop {
            let values = params![self.ctx.workspace, rule.limit(before), limit];
            let found: Vec<DueRow> = self.ctx.db.all(rule.find, values).await?;
            let all = found.len() as u64;
            let full = all >= limit;
            let mut free: Vec<DueRow> = found.into_iter().filter(|row| !self.is_held(rule, row)).collect();
            if !free.is_empty() || !full {
                let (kept, more) = (all - free.len() as u64, full || free.len() > wanted);
                free.truncate(wanted);
                return Ok((free, kept, more));
            }
            limit = limit.saturating_mul(4);
        }
    }

    /// Whether a hold keeps a row: one on the rule's class or, where the whole row goes, on the class of a part
    /// of it.
    fn is_held(&self, rule: &RetentionRule, row: &DueRow) -> bool {
        self.held.stops(rule.class, row.subject) || parts(rule).any(|part| self.held.stops(part, row.subject))
    }

    async fn rule(&mut self, rule: &'static RetentionRule) -> Result<Line> {
        let before = self.settings.period_of(rule.class).before(self.now);
        let mut line = Line { class: rule.class.to_owned(), table: rule.table.to_owned(), ..Line::default() };
        if self.mode == Mode::Dry
            || self.held.stops_class(rule.class)
            || parts(rule).any(|part| self.held.stops_class(part))
        {
            let values = params![self.ctx.workspace, rule.limit(before), COUNTED];
            let found: Vec<DueRow> = self.ctx.db.all(rule.find, values).await?;
            line.oldest = found.first().map(|row| began(rule, row));
            line.due = found.len() as u64;
            line.more = line.due >= COUNTED;
            line.held = found.iter().filter(|row| self.is_held(rule, row)).count() as u64;
            return Ok(line);
        }
        while self.left > 0 {
            let (rows, kept, more) = self.page(rule, before, PAGE.min(self.left)).await?;
            line.held = kept;
            if line.oldest.is_none() {
                line.oldest = rows.first().map(|row| began(rule, row));
            }
            self.end(rule, &rows).await?;
            line.ended += rows.len() as u64;
            self.left -= (rows.len() as u64).min(self.left);
            line.more = more;
            if !more {
                break;
            }
        }
        line.due = line.ended + line.held;
        Ok(line)
    }

    async fn end(&self, rule: &'static RetentionRule, rows: &[DueRow]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        if let Some(before) = rule.before {
            before(self.ctx, rows).await?;
        }
        let mut batch = self.ctx.batch();
        for row in rows {
            for sql in rule.end {
                batch.push(*sql, row.params(self.ctx.workspace));
            }
        }
        self.ctx.db.apply(batch).await?;
        if let Some(after) = rule.after {
            after(self.ctx, rows).await?;
        }
        Ok(())
    }

    /// People whose time is over, and evidence whose time is over.
    async fn people(&mut self) -> Result<Vec<Line>> {
        let mut lines: Vec<Line> = Vec::new();
        let mut limit = if self.mode == Mode::Dry { COUNTED } else { PAGE };
        loop {
            let values = params![self.ctx.workspace, self.now, limit];
            let found: Vec<(ContactId, String, Timestamp)> = self.ctx.db.all(DUE_PEOPLE, values).await?;
            let full = found.len() as u64 >= limit;
            let mut acted = false;
            for line in &mut lines {
                line.held = 0;
            }
            for (subject, class, at) in found {
                let table = if class == evidence::CLASS { "ledger_event" } else { "contact" };
                let place = lines.iter().position(|line| line.class == class).unwrap_or(lines.len());
                if place == lines.len() {
                    let line = Line { class: class.clone(), table: table.to_owned(), ..Line::default() };
                    lines.push(Line { oldest: Some(at), ..line });
                }
                if self.held.stops(&class, Some(subject)) {
                    lines[place].held += 1;
                } else if self.mode == Mode::Dry {
                    lines[place].due += 1;
                } else if self.left > 0 {
                    acted = true;
                    let ended = self.person(subject, &class).await?;
                    lines[place].ended += ended;
                    self.left -= ended.min(self.left);
                }
            }
            if self.mode == Mode::Dry || !full || self.left == 0 {
                break;
            }
            if !acted {
                limit = limit.saturating_mul(4);
            }
        }
        for line in &mut lines {
            line.due += line.ended + line.held;
        }
        Ok(lines)
    }

    /// Looks again, because what was stored may be older than what happened since; then ends it.
    async fn person(&self, subject: ContactId, class: &str) -> Result<u64> {
        let ctx = self.ctx;
        if class == evidence::CLASS {
            let keys = ctx.keys().await?;
            let ended = evidence::shred(ctx, &keys, self.settings.period_of(class), subject).await?;
            due::refresh(ctx, &self.settings, &[subject]).await?;
            return Ok(ended);
        }
        let ends = due::evaluate(ctx, &self.settings, &[subject]).await?.pop().flatten();
        if ends.is_none_or(|(_, at)| at > self.now) {
            due::refresh(ctx, &self.settings, &[subject]).await?;
            return Ok(0);
        }
        let mut batch = ctx.batch();
        batch.job(NewJob::now(ERASE_QUEUE, json!({ "subject": subject })).key(subject.to_string()));
        batch.push(PUT_OFF, params![ctx.workspace, subject, class, self.now.plus_seconds(AGAIN)]);
        ctx.db.apply(batch).await?;
        Ok(1)
    }
}

/// The classes of parts that go with a row when this rule ends it as a whole.
fn parts(rule: &RetentionRule) -> impl Iterator<Item = &'static str> {
    let (table, class) = (rule.table, rule.class);
    let whole = rule.end.iter().any(|sql| sql.text.starts_with(&format!("DELETE FROM {table} ")));
    let of_table = RetentionRule::all().into_iter().filter(move |other| whole && other.table == table);
    of_table.map(|other| other.class).filter(move |other| *other != class)
}

fn began(rule: &RetentionRule, row: &DueRow) -> Timestamp {
    match rule.due_by {
        store::DueBy::Day => Timestamp(row.at.saturating_mul(Timestamp::DAY)),
        _ => Timestamp(row.at),
    }
}
