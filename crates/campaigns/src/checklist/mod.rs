//! What is to be looked at before a campaign is sent: one item per question, each with a level, figures and
//! where to mend it. Codes only; texts belong to whoever shows them. docs/reference/checklist.md lists them.

mod content;
pub(crate) mod people;
mod sender;

use std::collections::BTreeMap;

use ::people::segments::live::Live;
use kernel::CampaignId;
use outbound::Outbound;
use serde::Serialize;
use store::Ctx;

use crate::lifecycle::get;
use crate::model::Campaign;
use crate::preflight::{Preflight, Survey, survey};
use crate::{Error, Result};

/// How serious an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// In order.
    Ok,
    /// To be looked at.
    Warning,
    /// Keeps the campaign from being sent.
    Blocking,
}

/// Where an item is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fix {
    /// Topic and segment.
    Audience,
    /// From, answers.
    Sender,
    /// Subject and preheader.
    Subject,
    /// The content.
    Content,
    /// The time of sending, and tests before it.
    Schedule,
    /// Sending domains, and how mail leaves.
    Domain,
    /// Lawful bases, notices.
    Privacy,
    /// The workspace's settings for messages: countries, caps.
    Settings,
    /// The price list.
    Prices,
    /// The balance.
    Balance,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Which, in the vocabulary of docs/reference/checklist.md.
    pub code: &'static str,
    /// How serious.
    pub level: Level,
    /// How many people, links, images, … it concerns.
    pub count: Option<u64>,
    /// Figures and words of the answer: names of fields, languages, a first example.
    pub values: BTreeMap<&'static str, String>,
    /// Where to mend it.
    pub fix: Fix,
}

impl Item {
    pub(crate) fn new(code: &'static str, level: Level, fix: Fix) -> Self {
        Self { code, level, count: None, values: BTreeMap::new(), fix }
    }

    /// In order when `fine`, else of this level.
    pub(crate) fn judged(code: &'static str, fine: bool, level: Level, fix: Fix) -> Self {
        Self::new(code, if fine { Level::Ok } else { level }, fix)
    }

    pub(crate) fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    pub(crate) fn value(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.insert(name, value.to_string());
        self
    }
}

/// The whole list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checklist {
    /// Item by item: audience, sender, subject, content, time.
    pub items: Vec<Item>,
    /// Whether nothing keeps the campaign from being sent.
    pub ready: bool,
    /// Subscribers of the topic who are in the segment.
    pub selected: u64,
    /// Who would be written to.
    pub allowed: u64,
    /// Who would not, by reason of the gate.
    pub denied: BTreeMap<String, u64>,
    /// Of the allowed, who would wait, by reason.
    pub deferred: BTreeMap<String, u64>,
    /// About how long sending takes, in minutes.
    pub minutes_estimate: Option<u64>,
}

/// What the process knows about how mail leaves.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// `catcher`, `relay`, `direct` or `none`.
    pub mode: &'static str,
    /// Messages a second, by experience.
    pub per_second: u32,
}

/// Goes through the list for a campaign as it stands.
///
/// # Errors
/// [`Error::NotFound`], or the store's.
pub async fn checklist(ctx: &Ctx, outbound: &Outbound, live: &Live, id: CampaignId, way: Way) -> Result<Checklist> {
    let campaign = get(ctx, id).await?;
    if campaign.draft.texts.is_some() {
        return crate::texts::checklist(ctx, outbound, live, &campaign).await;
    }
    let mut items = Vec::new();
    people::places(&mut items, ctx, &campaign).await?;
    // Without a segment nobody can be counted; without a template that compiles nobody can be asked about.
    let there = items.iter().all(|item: &Item| item.level != Level::Blocking);
    let surveyed = if there { surveyed(&mut items, ctx, outbound, live, &campaign).await? } else { None };
    let figures = surveyed.as_ref().map(|survey| survey.report.clone()).unwrap_or_default();
    if let Some(survey) = &surveyed {
        people::audience(&mut items, &campaign, &survey.report);
        people::languages(&mut items, &campaign.draft.offered(), &survey.languages);
    }
    sender::sender(&mut items, ctx, outbound, &campaign).await?;
    sender::way(&mut items, way);
    content::subject(&mut items, &campaign.draft);
    if let Some(survey) = &surveyed {
        content::content(&mut items, ctx, &campaign.draft, survey).await?;
        content::followed(&mut items, ctx, survey).await?;
    }
    content::lawful(&mut items, ctx, &campaign, surveyed.as_ref()).await?;
    let tested = Item::judged("tested", campaign.is_tested(), Level::Warning, Fix::Schedule);
    items.push(match campaign.tested_at {
        Some(at) => tested.value("tested_at", at),
        None => tested,
    });
    let minutes = minutes(&figures, way);
    if let Some(minutes) = minutes {
        let long = minutes > 24 * 60;
        items.push(Item::judged("throttling", !long, Level::Warning, Fix::Schedule).value("minutes", minutes));
    }
    let Preflight { selected, allowed, denied, deferred, .. } = figures;
    let ready = items.iter().all(|item| item.level != Level::Blocking);
    Ok(Checklist { items, ready, selected, allowed, denied, deferred, minutes_estimate: minutes })
}

/// The survey of the audience; None, with an item, when the template does not compile any more.
async fn surveyed(
    items: &mut Vec<Item>,
    ctx: &Ctx,
    outbound: &Outbound,
    live: &Live,
    campaign: &Campaign,
) -> Result<Option<Survey>> {
    match survey(ctx, outbound, live, campaign).await {
        Ok(survey) => Ok(Some(survey)),
        Err(Error::Content(::content::Error::Template(problems))) => {
            surveyed_problem(items, &problems);
            Ok(None)
        }
        Err(Error::Invalid(problem)) => {
            items.push(Item::new("prospecting", Level::Blocking, Fix::Privacy).value("detail", problem.detail));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// What is wrong with a template, one item each.
pub(crate) fn surveyed_problem(items: &mut Vec<Item>, problems: &[::content::VariantProblem]) {
    for (language, problem) in problems.iter().take(10) {
        let item = Item::new("template_error", Level::Blocking, Fix::Content)
            .value("part", problem.part.as_str())
            .value("line", problem.line)
            .value("column", problem.column)
            .value("detail", &problem.detail);
        items.push(match language {
            Some(language) => item.value("language", language),
            None => item,
        });
    }
}

fn minutes(figures: &Preflight, way: Way) -> Option<u64> {
    let per_minute = u64::from(way.per_second.max(1)) * 60;
    (figures.allowed > 0).then(|| figures.allowed.div_ceil(per_minute))
}
