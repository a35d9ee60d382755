//! Figures of conversations.

mod export;
mod read;
mod schedule;
mod set_schedule;

use std::collections::BTreeMap;

use conversations::conversations::{Members, tags_of_workspace};
use conversations::reports::{self as slice, Figures, Report, Wanted, What};
use kernel::{Date, GroupId, UserId};
use store::Ctx;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("conversation_reports": read, export, schedule, set_schedule)
}

/// Which days, and of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportQuery {
    /// The first day; thirty days up to the last one when absent.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day; today when absent.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// The time zone in which days begin; UTC when absent.
    zone: Option<String>,
    /// Of this group.
    #[param(value_type = Option<String>)]
    group: Option<GroupId>,
    /// Of this member.
    #[param(value_type = Option<String>)]
    agent: Option<UserId>,
    /// Of an export: `csv` or `json`.
    format: Option<String>,
}

/// Figures of a time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ChatFigures {
    /// Threads that began.
    started: i64,
    /// Threads that ended.
    closed: i64,
    /// Threads that ended without an answer by a member.
    missed: i64,
    /// Messages of people.
    messages_in: i64,
    /// Messages of members.
    messages_out: i64,
    /// The first answer, in seconds on average.
    first_response_seconds: Option<f64>,
    /// An answer, in seconds on average.
    response_seconds: Option<f64>,
    /// A thread, in seconds on average.
    duration_seconds: Option<f64>,
    /// Good ratings.
    rated_good: i64,
    /// Bad ratings.
    rated_bad: i64,
    /// Threads that came into the queue.
    queued: i64,
    /// Threads that ended in it.
    abandoned: i64,
    /// The wait of those who were served, in seconds on average.
    queue_wait_seconds: Option<f64>,
    /// Transfers.
    transferred: i64,
    /// Handed over by a bot.
    handed_over: i64,
    /// Ended by a bot.
    solved_by_bot: i64,
    /// Seconds in which members accepted.
    accepting_seconds: i64,
    /// Seconds in which members were there and did not.
    not_accepting_seconds: i64,
}

impl ChatFigures {
    fn of(figures: &Figures) -> Self {
        Self {
            started: figures.count(What::Started),
            closed: figures.count(What::Closed),
            missed: figures.count(What::Missed),
            messages_in: figures.count(What::Received),
            messages_out: figures.count(What::Sent),
            first_response_seconds: figures.average(What::FirstResponse),
            response_seconds: figures.average(What::Response),
            duration_seconds: figures.average(What::Closed),
            rated_good: figures.count(What::Good),
            rated_bad: figures.count(What::Bad),
            queued: figures.count(What::Queued),
            abandoned: figures.count(What::Abandoned),
            queue_wait_seconds: figures.average(What::Served),
            transferred: figures.count(What::Transferred),
            handed_over: figures.count(What::HandedOver),
            solved_by_bot: figures.count(What::SolvedByBot),
            accepting_seconds: figures.sum(What::Accepting),
            not_accepting_seconds: figures.sum(What::NotAccepting),
        }
    }
}

/// Figures of a day.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// Its figures.
    #[serde(flatten)]
    figures: ChatFigures,
}

/// Figures of an hour of the day.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatHour {
    /// 0 to 23.
    hour: u8,
    /// Its figures.
    #[serde(flatten)]
    figures: ChatFigures,
}

/// Figures of a member or a group.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatPart {
    /// Which.
    id: String,
    /// What it is called.
    name: String,
    /// Its figures.
    #[serde(flatten)]
    figures: ChatFigures,
}

/// How often a tag was given.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatTag {
    /// The tag.
    tag: String,
    /// How often.
    count: u64,
}

/// A report.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatReport {
    /// Over all days.
    totals: ChatFigures,
    /// By day.
    by_day: Vec<ChatDay>,
    /// By hour of the day.
    by_hour: Vec<ChatHour>,
    /// By member.
    agents: Vec<ChatPart>,
    /// By group.
    groups: Vec<ChatPart>,
    /// Tags, the most given first.
    tags: Vec<ChatTag>,
}

async fn gathered(ctx: &Ctx, query: &ReportQuery) -> Result<Report> {
    let zone = query.zone.clone().unwrap_or_else(|| "UTC".to_owned());
    let to = query.to.unwrap_or_else(|| ctx.now().date());
    let from = query.from.unwrap_or_else(|| Timestamp(ctx.now().0 - 29 * Timestamp::DAY).date().min(to));
    let wanted = Wanted { from, to, zone, group: query.group, agent: query.agent };
    Ok(slice::report(ctx, &wanted).await?)
}

async fn shown(ctx: &Ctx, report: Report) -> Result<ChatReport> {
    let members = Members::read(ctx).await?;
    let groups = conversations::groups::list(ctx).await?;
    let names: BTreeMap<GroupId, String> = groups.into_iter().map(|group| (group.id, group.name)).collect();
    let tags = tags_of_workspace(ctx).await?;
    let of = ChatFigures::of;
    Ok(ChatReport {
        totals: of(&report.totals),
        by_day: report.by_day.iter().map(|(day, figures)| ChatDay { day: *day, figures: of(figures) }).collect(),
        by_hour: report.by_hour.iter().map(|(hour, figures)| ChatHour { hour: *hour, figures: of(figures) }).collect(),
        agents: report
            .agents
            .iter()
            .map(|(user, figures)| ChatPart { id: user.to_string(), name: members.name(*user), figures: of(figures) })
            .collect(),
        groups: report
            .groups
            .iter()
            .map(|(group, figures)| {
                let name = names.get(group).cloned().unwrap_or_default();
                ChatPart { id: group.to_string(), name, figures: of(figures) }
            })
            .collect(),
        tags: report
            .tags
            .iter()
            .filter_map(|(tag, count)| Some(ChatTag { tag: tags.get(tag)?.clone(), count: *count }))
            .collect(),
    })
}
