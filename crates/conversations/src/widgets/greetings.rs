//! Greetings that a widget shows by itself. Conditions are read in the visitor's browser: nothing about them is
//! sent here. Conditions that need to remember what somebody looked at before hold only where they agreed to that.

use kernel::{GreetingId, Timestamp, WidgetId};
use serde::{Deserialize, Serialize};
use store::{Ctx, params};
use utoipa::ToSchema;

use super::Words;
use crate::model::codes;
use crate::routing::Match;
use crate::{Error, Result, countries};

codes! {
    /// What a condition looks at.
    #[schema(as = ChatGreetingKind)]
    ConditionKind {
        /// Seconds on this page.
        TimeOnPage = "time_on_page",
        /// Seconds on the site.
        TimeOnSite = "time_on_site",
        /// This page's address.
        Url = "url",
        /// A page that was looked at before.
        VisitedUrl = "visited_url",
        /// Where they came from.
        Referrer = "referrer",
        /// Pages looked at.
        PageViews = "page_views",
        /// Visits.
        Visits = "visits",
        /// Pages looked at whose address contains something.
        MatchingViews = "matching_views",
        /// The pointer leaves the window.
        ExitIntent = "exit_intent",
        /// The page's language.
        Language = "language",
        /// The country, as the browser's time zone suggests.
        Country = "country",
        /// An attribute that the page gave.
        Attribute = "attribute",
        /// How far down, in per cent.
        Scroll = "scroll",
        /// Addresses one after another.
        UrlFunnel = "url_funnel",
    }
    /// How often it is shown.
    #[schema(as = ChatGreetingOnce)]
    Once {
        /// Once a visit.
        Visit = "visit",
        /// Once.
        Ever = "ever",
        /// Whenever it holds.
        Always = "always",
    }
    /// What a button does.
    #[schema(as = ChatGreetingAction)]
    ButtonAction {
        /// Opens the chat.
        Open = "open",
        /// Opens it and says the value.
        Reply = "reply",
        /// Opens a page.
        Link = "link",
    }
    /// What became of a greeting.
    Act {
        /// It was seen.
        Shown = "shown",
        /// Somebody took it up.
        Accepted = "accepted",
        /// Somebody put it away.
        Dismissed = "dismissed",
    }
}

impl ConditionKind {
    /// Whether it rests on what was looked at before, so that it needs leave.
    pub const fn needs_tracking(self) -> bool {
        matches!(
            self,
            Self::TimeOnSite
                | Self::VisitedUrl
                | Self::PageViews
                | Self::Visits
                | Self::MatchingViews
                | Self::Country
                | Self::UrlFunnel
        )
    }
}

/// With what a condition compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatGreetingValue)]
#[serde(untagged)]
pub enum Compared {
    /// Yes or no.
    Flag(bool),
    /// Seconds, pages, visits, per cent.
    Number(u64),
    /// An address or a part of one, a language, a country.
    Text(String),
    /// Addresses one after another; countries of which any will do.
    List(Vec<String>),
    /// An attribute that the page gave.
    Attribute {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// So many pages whose address contains something.
    Views {
        /// How many.
        count: u64,
        /// What.
        url: String,
    },
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatGreetingCondition)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What it looks at.
    pub kind: ConditionKind,
    /// `is`, `contains`, `starts`, `not_contains` or `ge`.
    pub op: String,
    /// With what: a number, a text, a list of texts, or an object, as the kind needs.
    pub value: Compared,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatGreetingButton)]
#[serde(deny_unknown_fields)]
pub struct Button {
    /// What it says.
    pub label: Words,
    /// What it does.
    pub action: ButtonAction,
    /// With what.
    #[serde(default)]
    pub value: String,
}

/// What a greeting is to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatGreetingDraft)]
#[serde(deny_unknown_fields)]
pub struct GreetingDraft {
    /// What members call it.
    pub name: String,
    /// In use.
    #[serde(default)]
    pub enabled: bool,
    /// What it says.
    pub text: Words,
    /// Its buttons.
    #[serde(default)]
    pub buttons: Vec<Button>,
    /// How often.
    pub once: Once,
    /// From when.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub active_from: Option<Timestamp>,
    /// Until when.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub active_until: Option<Timestamp>,
    /// All or any of its conditions.
    #[serde(rename = "match")]
    pub matches: Match,
    /// The conditions.
    #[serde(default)]
    pub conditions: Vec<Condition>,
}

/// A greeting.
#[derive(Debug, Clone)]
pub struct Greeting {
    /// Its id.
    pub id: GreetingId,
    /// Whose.
    pub widget: WidgetId,
    /// What it is.
    pub draft: GreetingDraft,
    /// How often it was seen.
    pub shown: u64,
    /// How often it was taken up.
    pub accepted: u64,
    /// How often it was put away.
    pub dismissed: u64,
}

impl Greeting {
    /// Whether it needs leave.
    pub fn needs_tracking(&self) -> bool {
        self.draft.conditions.iter().any(|condition| condition.kind.needs_tracking())
    }

    /// Its conditions as a browser can judge them: it knows its time zone, and is told which ones a country has.
    pub fn conditions(&self) -> Vec<Condition> {
        let judged = |condition: &Condition| match condition.kind {
            ConditionKind::Country => Condition { value: Compared::List(zones(&condition.value)), ..condition.clone() },
            _ => condition.clone(),
        };
        self.draft.conditions.iter().map(judged).collect()
    }
}

store::sql! {
    PUT = "INSERT INTO greeting (workspace, id, widget, enabled, document, shown, accepted, dismissed, updated_at)
        VALUES ($1, $2, $3, $4, $5, 0, 0, 0, $6)
        ON CONFLICT (workspace, id) DO UPDATE SET enabled = $4, document = $5, updated_at = $6";
    OF_WIDGET = "SELECT id, widget, document, shown, accepted, dismissed FROM greeting WHERE workspace = $1 AND widget = $2 ORDER BY id";
    ONE = "SELECT id, widget, document, shown, accepted, dismissed FROM greeting WHERE workspace = $1 AND id = $2";
    DELETE = "DELETE FROM greeting WHERE workspace = $1 AND id = $2";
    pub(super) DELETE_ALL = "DELETE FROM greeting WHERE workspace = $1 AND widget = $2";
    NOTE = "UPDATE greeting SET shown = shown + $3, accepted = accepted + $4, dismissed = dismissed + $5
        WHERE workspace = $1 AND id = $2 AND widget = $6";
}

type Row = (GreetingId, WidgetId, String, u64, u64, u64);

fn opened((id, widget, document, shown, accepted, dismissed): Row) -> Result<Greeting> {
    let draft = serde_json::from_str(&document).map_err(|_| Error::Corrupt("greeting"))?;
    Ok(Greeting { id, widget, draft, shown, accepted, dismissed })
}

/// The greetings of a widget.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx, widget: WidgetId) -> Result<Vec<Greeting>> {
    let rows: Vec<Row> = ctx.db.all(OF_WIDGET, params![ctx.workspace, widget]).await?;
    rows.into_iter().map(opened).collect()
}

async fn get(ctx: &Ctx, id: GreetingId) -> Result<Greeting> {
    let row: Option<Row> = ctx.db.get(ONE, params![ctx.workspace, id]).await?;
    row.map(opened).transpose()?.ok_or(Error::NotFound("greeting"))
}

fn named(value: &Compared) -> &[String] {
    match value {
        Compared::Text(one) => std::slice::from_ref(one),
        Compared::List(all) => all,
        _ => &[],
    }
}

fn zones(value: &Compared) -> Vec<String> {
    named(value).iter().flat_map(|country| countries::zones(country)).map(|zone| (*zone).to_owned()).collect()
}

/// Whether a condition compares with what its kind asks for.
fn fits(kind: ConditionKind, value: &Compared) -> bool {
    use Compared as C;
    use ConditionKind as K;
    let short = |text: &String| (1..=500).contains(&text.len());
    match (kind, value) {
        (K::TimeOnPage | K::TimeOnSite, C::Number(seconds)) => *seconds <= 900,
        (K::PageViews | K::Visits, C::Number(count)) => *count <= 10_000,
        (K::Scroll, C::Number(percent)) => *percent <= 100,
        (K::ExitIntent, C::Flag(_)) => true,
        (K::UrlFunnel, C::List(all)) => (1..=10).contains(&all.len()) && all.iter().all(short),
        (K::Attribute, C::Attribute { name, value }) => short(name) && value.len() <= 500,
        (K::MatchingViews, C::Views { url, .. }) => short(url),
        (K::Url | K::VisitedUrl | K::Referrer | K::Language, C::Text(text)) => short(text),
        (K::Country, value) => {
            let named = named(value);
            (1..=50).contains(&named.len()) && named.iter().all(|country| !countries::zones(country).is_empty())
        }
        _ => false,
    }
}

fn check(draft: &GreetingDraft) -> Result<()> {
    crate::text::line("name", &draft.name, 200)?;
    draft.text.check("text", 2000)?;
    if draft.text.is_empty() {
        return Err(Error::field("text", "is empty"));
    }
    if draft.buttons.len() > 5 || draft.conditions.len() > 10 {
        return Err(Error::field("conditions", "a greeting has at most 5 buttons and 10 conditions"));
    }
    for button in &draft.buttons {
        button.label.check("buttons.label", 200)?;
        crate::text::optional("buttons.value", &button.value, 2000)?;
        if button.action == ButtonAction::Link
            && !button.value.starts_with("https://")
            && !button.value.starts_with('/')
        {
            return Err(Error::field("buttons.value", "expected an https address or a path"));
        }
    }
    for (number, condition) in draft.conditions.iter().enumerate() {
        use ConditionKind as K;
        let right = fits(condition.kind, &condition.value);
        let numeric = matches!(
            condition.kind,
            K::TimeOnPage | K::TimeOnSite | K::PageViews | K::Visits | K::Scroll | K::MatchingViews
        );
        let ops: &[&str] = match condition.kind {
            _ if numeric => &["ge"],
            K::Country => &["is"],
            _ => &["is", "contains", "starts", "not_contains"],
        };
        if !right || !ops.contains(&condition.op.as_str()) {
            return Err(Error::field(
                format!("conditions[{number}]"),
                "has a value or a comparison that its kind does not know",
            ));
        }
    }
    Ok(())
}

async fn put(ctx: &Ctx, (id, widget): (GreetingId, WidgetId), draft: &GreetingDraft) -> Result<Greeting> {
    check(draft)?;
    let document = serde_json::to_string(draft).map_err(|_| Error::Corrupt("greeting"))?;
    let mut batch = ctx.batch();
    batch.push(PUT, params![ctx.workspace, id, widget, draft.enabled, document, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "greeting.updated", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Makes a greeting.
///
/// # Errors
/// Conditions that are not right, too many greetings.
pub async fn create(ctx: &Ctx, widget: WidgetId, draft: &GreetingDraft) -> Result<Greeting> {
    super::get(ctx, widget).await?;
    if list(ctx, widget).await?.len() >= 50 {
        return Err(Error::State("a widget has at most 50 greetings"));
    }
    put(ctx, (ctx.id(), widget), draft).await
}

/// Changes a greeting.
///
/// # Errors
/// As [`create`], and [`Error::NotFound`].
pub async fn update(ctx: &Ctx, id: GreetingId, draft: &GreetingDraft) -> Result<Greeting> {
    let before = get(ctx, id).await?;
    put(ctx, (id, before.widget), draft).await
}

/// Deletes a greeting.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(ctx: &Ctx, id: GreetingId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(DELETE, params![ctx.workspace, id]);
    accounts::audit::record(&mut batch, ctx, "greeting.deleted", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Counts what became of a greeting; nothing about whom.
///
/// # Errors
/// When the store fails.
pub async fn note(ctx: &Ctx, widget: WidgetId, id: GreetingId, act: Act) -> Result<()> {
    let one = |wanted: Act| i64::from(act == wanted);
    let mut batch = ctx.batch();
    let counts = params![ctx.workspace, id, one(Act::Shown), one(Act::Accepted), one(Act::Dismissed), widget];
    batch.push(NOTE, counts);
    ctx.db.apply(batch).await?;
    Ok(())
}
