//! The report that members get by mail.

use jiff::tz::TimeZone;
use jiff::{ToSpan, civil::Weekday};
use kernel::{ContactId, Date, Locale, Timestamp, UserId};
use outbound::Outbound;
use outbound::correspondence::{self, Correspondence};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::jobs::{self, Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, NewJob};

use super::report::{Wanted, report};
use super::{Figures, What};
use crate::model::codes;
use crate::{Error, Result, settings, words};

codes! {
    /// How often.
    Every {
        /// Every day, about the day before.
        Day = "day",
        /// Every Monday, about the week before.
        Week = "week",
        /// On the first, about the month before.
        Month = "month",
    }
}

/// The queue of reports. Payload: none.
pub const QUEUE: &str = "conversation.report";
const NAME: &str = "report_schedule";

/// Who gets a report and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// How often; none is never.
    pub every: Option<Every>,
    /// To which members.
    pub to: Vec<UserId>,
    /// In which language.
    pub language: String,
    /// At which hour of the day.
    pub hour: u8,
    /// In which zone.
    pub zone: String,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { every: None, to: Vec::new(), language: "en".to_owned(), hour: 8, zone: "UTC".to_owned() }
    }
}

/// The schedule.
///
/// # Errors
/// When the store fails.
pub async fn schedule(ctx: &Ctx) -> Result<Schedule> {
    Ok(settings::read(ctx, NAME).await?.unwrap_or_default())
}

/// Sets the schedule.
///
/// # Errors
/// Somebody who is no member, a zone or language that is none.
pub async fn set_schedule(ctx: &Ctx, schedule: &Schedule) -> Result<()> {
    let members = crate::conversations::Members::read(ctx).await?;
    if schedule.to.len() > 50 || schedule.to.iter().any(|user| !members.has(*user)) {
        return Err(Error::field("to", "expected at most 50 members of this workspace"));
    }
    if !matches!(schedule.language.as_str(), "en" | "ar") {
        return Err(Error::field("language", "expected en or ar"));
    }
    if schedule.hour > 23 || TimeZone::get(&schedule.zone).is_err() {
        return Err(Error::field("zone", "expected an hour from 0 to 23 and a time zone such as Asia/Riyadh"));
    }
    settings::write(ctx, NAME, schedule, "conversation_report.scheduled").await?;
    let mut batch = ctx.batch();
    jobs::cancel(&mut batch, QUEUE, "schedule");
    if let Some(at) = next_run(schedule, ctx.now()) {
        batch.job(NewJob::now(QUEUE, json!({})).key("schedule").at(at));
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

fn zone_of(schedule: &Schedule) -> TimeZone {
    TimeZone::get(&schedule.zone).unwrap_or(TimeZone::UTC)
}

/// When the next report is due, after `now`.
pub fn next_run(schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    let every = schedule.every?;
    let zone = zone_of(schedule);
    let first = now.to_jiff().to_zoned(zone.clone()).date();
    (0..40).find_map(|days| {
        let date = first.checked_add(days.days()).ok()?;
        let right = match every {
            Every::Day => true,
            Every::Week => date.weekday() == Weekday::Monday,
            Every::Month => date.day() == 1,
        };
        let at = date.at(i8::try_from(schedule.hour).ok()?, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp();
        let at: Timestamp = at.into();
        (right && at > now).then_some(at)
    })
}

/// The days that a report is about, which is due at `now`.
fn days(schedule: &Schedule, now: Timestamp) -> Option<(Date, Date)> {
    let today = now.to_jiff().to_zoned(zone_of(schedule)).date();
    let last = today.yesterday().ok()?;
    let first = match schedule.every? {
        Every::Day => last,
        Every::Week => today.checked_sub(7.days()).ok()?,
        Every::Month => today.checked_sub(1.months()).ok()?,
    };
    Some((first, last))
}

/// Writes the reports: the queue [`QUEUE`].
pub struct ReportJob(Outbound);

impl ReportJob {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

impl Handler for ReportJob {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            let done = self.write(&ctx).await.map_err(|error| error.problem().code.as_str().to_owned())?;
            Ok(done.map_or(Outcome::Done, Outcome::Again))
        })
    }
}

fn seconds(language: &str, figures: &Figures, what: What) -> String {
    match figures.average(what) {
        Some(seconds) => words::fill(language, "report.seconds", &[("count", &format!("{seconds:.0}"))]),
        None => words::get(language, "report.none"),
    }
}

impl ReportJob {
    async fn write(&self, ctx: &Ctx) -> Result<Option<Timestamp>> {
        let schedule = schedule(ctx).await?;
        let Some((from, to)) = days(&schedule, ctx.now()) else { return Ok(None) };
        let wanted = Wanted { from, to, zone: schedule.zone.clone(), group: None, agent: None };
        let figures = report(ctx, &wanted).await?.totals;
        let language = schedule.language.as_str();
        let count = |what| figures.count(what).to_string();
        let values = [
            ("started", count(What::Started)),
            ("closed", count(What::Closed)),
            ("missed", count(What::Missed)),
            ("received", count(What::Received)),
            ("sent", count(What::Sent)),
            ("first_response", seconds(language, &figures, What::FirstResponse)),
            ("response", seconds(language, &figures, What::Response)),
            ("good", count(What::Good)),
            ("bad", count(What::Bad)),
            ("abandoned", count(What::Abandoned)),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = words::fill(language, "report.body", &values);
        let span = [("from", from.to_string()), ("to", to.to_string())];
        let span: Vec<(&str, &str)> = span.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let title = words::fill(language, "report.title", &span);
        for member in
            accounts::members::list(ctx, None, 500).await?.iter().filter(|one| schedule.to.contains(&one.user))
        {
            // One report of one day to one member, however often the job runs.
            let mark = [&member.user.0[..], to.to_string().as_bytes()].concat();
            let letter = Correspondence {
                id: ctx.keys().await?.mac("conversation.report", &mark),
                about: [0; 16],
                subject: ContactId(member.user.0),
                to: member.email.expose().clone(),
                name: Some(member.name.expose().clone()).filter(|name| !name.is_empty()),
                language: language.parse().unwrap_or_else(|_| Locale::en()),
                title: title.clone(),
                text: text.clone(),
                letter: None,
            };
            match correspondence::send(&self.0, ctx, letter).await {
                Ok(()) => {}
                Err(outbound::Error::Denied(reason)) => tracing::info!(reason, "a report was denied"),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(next_run(&schedule, ctx.now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_come_at_the_hour_of_the_zone() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let weekly =
            Schedule { every: Some(Every::Week), hour: 8, zone: "Asia/Riyadh".to_owned(), ..Schedule::default() };
        let now = at("2026-11-21T09:00:00Z");
        assert_eq!(next_run(&weekly, now), Some(at("2026-11-23T05:00:00Z")));
        assert_eq!(next_run(&weekly, at("2026-11-23T05:00:00Z")), Some(at("2026-11-30T05:00:00Z")));
        let (from, to) = days(&weekly, at("2026-11-23T05:00:00Z")).unwrap();
        assert_eq!((from.to_string(), to.to_string()), ("2026-11-16".to_owned(), "2026-11-22".to_owned()));
        let monthly = Schedule { every: Some(Every::Month), ..weekly };
        assert_eq!(next_run(&monthly, now), Some(at("2026-12-01T05:00:00Z")));
        assert_eq!(next_run(&Schedule::default(), now), None);
    }
}
