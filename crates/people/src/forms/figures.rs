//! How often a form was seen, sent and confirmed: numbers per day, about nobody.

use std::collections::BTreeMap;

use jiff::ToSpan;
use kernel::{Date, FormId, Problem, Timestamp};
use serde::Serialize;
use store::{Batch, Ctx, params};

use crate::Result;

store::sql! {
    ADD_FIGURES = "INSERT INTO form_day (workspace, form, day, views, submissions, confirmed) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace, form, day) DO UPDATE SET views = form_day.views + excluded.views,
        submissions = form_day.submissions + excluded.submissions, confirmed = form_day.confirmed + excluded.confirmed";
    DAYS = "SELECT day, views, submissions, confirmed FROM form_day
        WHERE workspace = $1 AND form = $2 AND day >= $3 AND day <= $4 ORDER BY day";
    TOTALS = "SELECT form, CAST(sum(views) AS BIGINT), CAST(sum(submissions) AS BIGINT), CAST(sum(confirmed) AS BIGINT)
        FROM form_day WHERE workspace = $1 AND day >= $2 GROUP BY form ORDER BY form";
}

/// The longest span of a report, in days.
const LONGEST: i32 = 366;
/// The usual span, in days.
const USUAL: i32 = 30;

/// Numbers of a form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// How often it was on somebody's screen.
    pub views: i64,
    /// How often it was sent.
    pub submissions: i64,
    /// How many people it brought: who confirmed, or joined where nobody is asked to confirm.
    pub confirmed: i64,
}

/// The numbers of one day (UTC).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayFigures {
    /// Which day.
    pub day: Date,
    /// Its numbers.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The numbers of a span of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Of which form.
    pub form: FormId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// All days together.
    pub total: Figures,
    /// Every day of the span, also those on which nothing happened.
    pub days: Vec<DayFigures>,
}

fn day_of(date: Date) -> i32 {
    let epoch = Date::constant(1970, 1, 1);
    date.since(epoch).map_or(0, |span| span.get_days())
}

/// Adds to the numbers of the day of `at`, in the caller's batch.
pub(crate) fn push_figures(batch: &mut Batch, form: FormId, at: Timestamp, more: Figures) {
    let workspace = batch.workspace();
    let Figures { views, submissions, confirmed } = more;
    batch.push(ADD_FIGURES, params![workspace, form, at.day(), views, submissions, confirmed]);
}

/// Counts a view.
///
/// # Errors
/// When the store fails.
pub async fn seen(ctx: &Ctx, form: FormId) -> Result<()> {
    let mut batch = ctx.batch();
    push_figures(&mut batch, form, ctx.now(), Figures { views: 1, ..Figures::default() });
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The numbers of a span: the last 30 days unless said otherwise.
///
/// # Errors
/// When the span ends before it begins or is longer than 366 days.
pub async fn report(ctx: &Ctx, form: FormId, from: Option<Date>, to: Option<Date>) -> Result<Report> {
    let to = to.unwrap_or_else(|| ctx.now().date());
    let usual = || to.checked_sub((USUAL - 1).days()).unwrap_or(to);
    let from = from.unwrap_or_else(usual);
    let (first, last) = (day_of(from), day_of(to));
    if last < first || last - first >= LONGEST {
        return Err(Problem::field("from", "a span of 1 to 366 days that begins before it ends").into());
    }
    let rows: Vec<(i32, i64, i64, i64)> = ctx.db.all(DAYS, params![ctx.workspace, form, first, last]).await?;
    let known: BTreeMap<i32, Figures> = rows
        .into_iter()
        .map(|(day, views, submissions, confirmed)| (day, Figures { views, submissions, confirmed }))
        .collect();
    let mut total = Figures::default();
    let mut days = Vec::with_capacity(usize::try_from(last - first + 1).unwrap_or_default());
    for (day, number) in from.series(1.day()).zip(first..=last) {
        let figures = known.get(&number).copied().unwrap_or_default();
        total.views += figures.views;
        total.submissions += figures.submissions;
        total.confirmed += figures.confirmed;
        days.push(DayFigures { day, figures });
    }
    Ok(Report { form, from, to, total, days })
}

/// The numbers of the last 30 days of every form that has any.
///
/// # Errors
/// When the store fails.
pub async fn recent(ctx: &Ctx) -> Result<BTreeMap<FormId, Figures>> {
    let since = ctx.now().day() - (USUAL - 1);
    let rows: Vec<(FormId, i64, i64, i64)> = ctx.db.all(TOTALS, params![ctx.workspace, since]).await?;
    Ok(rows
        .into_iter()
        .map(|(form, views, submissions, confirmed)| (form, Figures { views, submissions, confirmed }))
        .collect())
}
