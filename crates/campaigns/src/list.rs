//! Lists of campaigns: filtered, searched, in the order asked for. A workspace has few enough of them that
//! their heads are read as they are; names are compared folded, which no SQL can for Arabic.

use std::cmp::Ordering;

use kernel::{CampaignId, Page, PageRequest, Problem, Timestamp, fold};
use store::{Ctx, params};

use crate::model::{Campaign, CampaignDraft, State};
use crate::{Error, Result, queries as sql};

/// Heads read at a time.
const CHUNK: u32 = 2000;

/// What a list shows first of a campaign.
#[derive(Debug, Clone)]
pub struct Head {
    /// The campaign.
    pub id: CampaignId,
    /// Where it stands.
    pub state: State,
    /// Its name.
    pub name: String,
    /// Its subject, with merge tags.
    pub subject: String,
    /// `sms` or `email`.
    pub channel: &'static str,
    /// When it starts by itself.
    pub scheduled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When sending was asked for.
    pub started_at: Option<Timestamp>,
    /// When everything had ended.
    pub finished_at: Option<Timestamp>,
    /// Since when it is in the bin.
    pub deleted_at: Option<Timestamp>,
}

impl Head {
    /// Its day in a calendar: when it went out, or will.
    pub fn when(&self) -> Option<Timestamp> {
        self.started_at.or(self.scheduled_at)
    }
}

store::row! {
    struct Row {
        id: CampaignId,
        state: String,
        name: Option<String>,
        subject: Option<String>,
        draft: Option<String>,
        scheduled_at: Option<Timestamp>,
        created_at: Timestamp,
        updated_at: Timestamp,
        started_at: Option<Timestamp>,
        finished_at: Option<Timestamp>,
        deleted_at: Option<Timestamp>,
        channel: Option<String>,
    }
}

fn head(row: Row) -> Result<Head> {
    let corrupt = || Error::Store(store::Error::Column("campaign"));
    let (mut name, mut subject) = (row.name.unwrap_or_default(), row.subject.unwrap_or_default());
    if let Some(text) = row.draft {
        let draft: CampaignDraft = serde_json::from_str(&text).map_err(|_| corrupt())?;
        (name, subject) = (draft.name, draft.content.subject);
    }
    Ok(Head {
        id: row.id,
        state: State::parse(&row.state).ok_or_else(corrupt)?,
        name,
        subject,
        channel: if row.channel.as_deref() == Some("sms") { "sms" } else { "email" },
        scheduled_at: row.scheduled_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
        started_at: row.started_at,
        finished_at: row.finished_at,
        deleted_at: row.deleted_at,
    })
}

/// What a list is ordered by; ties by the time of making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// When they were made.
    #[default]
    Created,
    /// When they were last changed.
    Updated,
    /// Their names.
    Name,
    /// Their days in a calendar; those without one come last.
    When,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: By,
    /// The newest, or the last of the alphabet, first.
    pub descending: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { by: By::Created, descending: true }
    }
}

impl std::str::FromStr for Order {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Self, Problem> {
        let (descending, word) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let by = match word {
            "created" => By::Created,
            "updated" => By::Updated,
            "name" => By::Name,
            "when" => By::When,
            _ => {
                let detail = "expected created, updated, name or when, with - before it for the other way round";
                return Err(Problem::field("sort", detail));
            }
        };
        Ok(Self { by, descending })
    }
}

/// Which campaigns, in which order.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// In one of these states; in any when there is none.
    pub states: Vec<State>,
    /// Over this channel: `sms` or `email`.
    pub channel: Option<String>,
    /// With this in name or subject.
    pub text: Option<String>,
    /// Whose day in the calendar is then or later …
    pub from: Option<Timestamp>,
    /// … and before then.
    pub to: Option<Timestamp>,
    /// What is in the bin, instead of what is not.
    pub bin: bool,
    /// In this order.
    pub order: Order,
}

impl Wanted {
    fn matches(&self, head: &Head, needle: Option<&str>) -> bool {
        let dated = match (self.from, self.to) {
            (None, None) => true,
            (from, to) => {
                head.when().is_some_and(|at| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to))
            }
        };
        head.deleted_at.is_some() == self.bin
            && self.channel.as_deref().is_none_or(|channel| channel == head.channel)
            && (self.states.is_empty() || self.states.contains(&head.state))
            && dated
            && needle.is_none_or(|needle| fold(&head.name).contains(needle) || fold(&head.subject).contains(needle))
    }
}

fn compare(order: Order, a: &Head, b: &Head) -> Ordering {
    let turned = |ordering: Ordering| if order.descending { ordering.reverse() } else { ordering };
    let by_key = match order.by {
        By::Created => Ordering::Equal,
        By::Updated => turned(a.updated_at.cmp(&b.updated_at)),
        By::Name => turned(fold(&a.name).cmp(&fold(&b.name))),
        By::When => match (a.when(), b.when()) {
            (Some(a), Some(b)) => turned(a.cmp(&b)),
            // In either direction: a calendar has no place for what has no day.
            (a, b) => b.is_some().cmp(&a.is_some()),
        },
    };
    by_key.then_with(|| turned(a.id.cmp(&b.id)))
}

/// The heads of all campaigns, newest first, those in the bin included.
///
/// # Errors
/// The store's.
pub async fn heads(ctx: &Ctx) -> Result<Vec<Head>> {
    let mut out: Vec<Head> = Vec::new();
    let mut after = CampaignId([0xff; 16]);
    loop {
        let rows: Vec<Row> = ctx.db.all(sql::HEADS, params![ctx.workspace, after, CHUNK]).await?;
        let last = rows.len() < CHUNK as usize;
        for row in rows {
            after = row.id;
            out.push(head(row)?);
        }
        if last {
            return Ok(out);
        }
    }
}

/// Campaigns, a page at a time. A page goes on after the campaign that its cursor names, as things stand
/// then.
///
/// # Errors
/// [`Error::Invalid`] for a cursor that is none, or the store's.
pub async fn list(ctx: &Ctx, wanted: &Wanted, request: &PageRequest) -> Result<Page<Campaign>> {
    let after: Option<CampaignId> = match request.cursor.as_deref() {
        Some(text) => Some(text.parse().map_err(|_| Error::Invalid(Problem::field("cursor", "take it from `next`")))?),
        None => None,
    };
    let needle = wanted.text.as_deref().map(fold).filter(|needle| !needle.is_empty());
    let all = heads(ctx).await?;
    let mark = after.and_then(|id| all.iter().find(|head| head.id == id).cloned());
    let mut chosen: Vec<Head> = all.into_iter().filter(|head| wanted.matches(head, needle.as_deref())).collect();
    chosen.sort_by(|a, b| compare(wanted.order, a, b));
    let from = match (&mark, after) {
        (Some(mark), _) => chosen.partition_point(|head| compare(wanted.order, head, mark) != Ordering::Greater),
        // The campaign is gone for good; where it stood, only the order of making can say.
        (None, Some(id)) => {
            chosen.iter().position(|head| (head.id < id) == wanted.order.descending).unwrap_or(chosen.len())
        }
        (None, None) => 0,
    };
    let limit = request.limit() as usize;
    let page: Vec<CampaignId> = chosen[from..].iter().take(limit).map(|head| head.id).collect();
    let next = (chosen.len() > from + limit).then(|| page.last().map(ToString::to_string)).flatten();
    let sets = page.iter().map(|id| params![ctx.workspace, *id]).collect();
    let rows: Vec<Vec<Campaign>> = ctx.db.many(sql::GET, sets).await?;
    Ok(Page { items: rows.into_iter().flatten().collect(), next })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(number: u8, name: &str, when: Option<i64>) -> Head {
        Head {
            id: CampaignId([number; 16]),
            state: State::Draft,
            name: name.to_owned(),
            subject: String::new(),
            channel: "email",
            scheduled_at: when.map(Timestamp),
            created_at: Timestamp(0),
            updated_at: Timestamp(i64::from(number)),
            started_at: None,
            finished_at: None,
            deleted_at: None,
        }
    }

    #[test]
    fn orders_are_total_and_what_has_no_day_comes_last() {
        let mut all = [one(1, "b", None), one(2, "a", Some(5)), one(3, "ا", Some(3)), one(4, "a", None)];
        let mut in_order = |text: &str| {
            let order: Order = text.parse().unwrap();
            all.sort_by(|a, b| compare(order, a, b));
            all.iter().map(|head| head.id.0[0]).collect::<Vec<_>>()
        };
        assert_eq!(in_order("-created"), [4, 3, 2, 1]);
        assert_eq!(in_order("name"), [2, 4, 1, 3]);
        assert_eq!(in_order("when")[..2], [3, 2]);
        assert_eq!(in_order("-when")[..2], [2, 3]);
        assert_eq!(in_order("updated"), [1, 2, 3, 4]);
        assert!("size".parse::<Order>().is_err());
    }

    #[test]
    fn a_search_folds_arabic_and_a_calendar_is_half_open() {
        let head = one(1, "نشرة الأخبار", Some(10));
        let found = |wanted: &Wanted| wanted.matches(&head, wanted.text.as_deref().map(fold).as_deref());
        assert!(found(&Wanted { text: Some("الاخبار".to_owned()), ..Wanted::default() }));
        assert!(!found(&Wanted { text: Some("عرض".to_owned()), ..Wanted::default() }));
        assert!(found(&Wanted { from: Some(Timestamp(10)), to: Some(Timestamp(11)), ..Wanted::default() }));
        assert!(!found(&Wanted { to: Some(Timestamp(10)), ..Wanted::default() }));
        assert!(!found(&Wanted { bin: true, ..Wanted::default() }));
    }
}
