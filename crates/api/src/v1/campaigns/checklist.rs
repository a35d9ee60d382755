//! `GET /v1/campaigns/{id}/checklist`

use std::collections::BTreeMap;

use campaigns::checklist::{self, Checklist, Fix, Item, Level, Way};
use kernel::CampaignId;

use crate::shell::Mode;
use crate::v1::prelude::*;

/// How serious an item is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum ChecklistLevel {
    /// In order.
    Ok,
    /// To be looked at.
    Warning,
    /// Keeps the campaign from being sent.
    Blocking,
}

/// Where an item is mended.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum ChecklistFix {
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
#[derive(Serialize, ToSchema)]
pub(super) struct ChecklistItem {
    /// Which, in the vocabulary of docs/reference/checklist.md.
    code: &'static str,
    /// How serious.
    level: ChecklistLevel,
    /// How many people, links, images, … it concerns.
    count: Option<u64>,
    /// Figures and words of the answer.
    values: BTreeMap<&'static str, String>,
    /// Where to mend it.
    fix: ChecklistFix,
}

/// What is to be looked at before the campaign is sent.
#[derive(Serialize, ToSchema)]
pub(super) struct ChecklistAnswer {
    /// Item by item.
    items: Vec<ChecklistItem>,
    /// Whether nothing keeps the campaign from being sent.
    ready: bool,
    /// Subscribers of the topic who are in the segment.
    selected: u64,
    /// Who would be written to.
    allowed: u64,
    /// Who would not, by reason of the gate.
    denied: BTreeMap<String, u64>,
    /// Of the allowed, who would wait, by reason.
    deferred: BTreeMap<String, u64>,
    /// About how long sending takes, in minutes.
    minutes_estimate: Option<u64>,
}

impl From<Item> for ChecklistItem {
    fn from(item: Item) -> Self {
        let level = match item.level {
            Level::Ok => ChecklistLevel::Ok,
            Level::Warning => ChecklistLevel::Warning,
            Level::Blocking => ChecklistLevel::Blocking,
        };
        let fix = match item.fix {
            Fix::Audience => ChecklistFix::Audience,
            Fix::Sender => ChecklistFix::Sender,
            Fix::Subject => ChecklistFix::Subject,
            Fix::Content => ChecklistFix::Content,
            Fix::Schedule => ChecklistFix::Schedule,
            Fix::Domain => ChecklistFix::Domain,
            Fix::Privacy => ChecklistFix::Privacy,
            Fix::Settings => ChecklistFix::Settings,
            Fix::Prices => ChecklistFix::Prices,
            Fix::Balance => ChecklistFix::Balance,
        };
        Self { code: item.code, level, count: item.count, values: item.values, fix }
    }
}

/// What is to be looked at before the campaign is sent: audience, sender, content, law and time, each with
/// a level and where to mend it.
#[utoipa::path(get, path = "/v1/campaigns/{id}/checklist", params(("id" = String, Path)),
    security(("key" = ["campaigns:read"])), responses((status = 200, body = ChecklistAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
) -> Result<JsonBody<ChecklistAnswer>> {
    let ctx = caller.require("campaigns:read")?;
    let way = app.shell.sending();
    let mode = match way.mode {
        Mode::Catcher => "catcher",
        Mode::Relay => "relay",
        Mode::Direct => "direct",
        Mode::None => "none",
    };
    let way = Way { mode, per_second: way.mode.per_second() };
    let Checklist { items, ready, selected, allowed, denied, deferred, minutes_estimate } =
        checklist::checklist(&ctx, &app.outbound, &app.live, id, way).await?;
    let items = items.into_iter().map(ChecklistItem::from).collect();
    Ok(JsonBody(ChecklistAnswer { items, ready, selected, allowed, denied, deferred, minutes_estimate }))
}
