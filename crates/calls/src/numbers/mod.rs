//! The inventory of the organisation's own numbers: what each can do, and where what comes in goes.

use std::collections::BTreeSet;

use kernel::{Code, FlowId, NumberId, NumberKind, NumberPlan, Problem, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Ctx, FromRow, Row, params};

/// Result of the inventory.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Most numbers of a workspace.
const MOST: usize = 10_000;
/// Most numbers of one import.
pub const AT_ONCE: usize = 2_000;
/// Most tags of a number.
const TAGS: usize = 20;

store::sql! {
    INSERT = "INSERT INTO phone_number (workspace, id, value, country, kind, state, settings, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    UPDATE = "UPDATE phone_number SET state = $3, settings = $4, updated_at = $5 WHERE workspace = $1 AND id = $2";
    DELETE = "DELETE FROM phone_number WHERE workspace = $1 AND id = $2";
    GET = "SELECT id, value, country, kind, state, settings, created_at, updated_at FROM phone_number WHERE workspace = $1 AND id = $2";
    BY_VALUE = "SELECT id, value, country, kind, state, settings, created_at, updated_at FROM phone_number
        WHERE workspace = $1 AND value = $2";
    LIST = "SELECT id, value, country, kind, state, settings, created_at, updated_at FROM phone_number
        WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3";
    COUNT = "SELECT CAST(count(*) AS BIGINT) FROM phone_number WHERE workspace = $1";
    DEFAULT = "SELECT settings FROM phone_number_default WHERE workspace = $1";
    SET_DEFAULT = "INSERT INTO phone_number_default (workspace, settings, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at";
}

/// What can be wrong about a number.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing in this workspace.
    #[error("no such number")]
    NotFound,
    /// A value is not acceptable.
    #[error("{field}: {detail}")]
    Field {
        /// Which.
        field: &'static str,
        /// Why, and what to do.
        detail: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    fn field(field: &'static str, detail: impl ToString) -> Self {
        Self::Field { field, detail: detail.to_string() }
    }

    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::new(Code::NotFound, self.to_string()),
            Self::Field { field, detail } => Problem::field(*field, detail.clone()),
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}

/// What a number can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Text messages.
    Sms,
    /// Messages with pictures.
    Mms,
    /// Calls.
    Voice,
}

/// Where messages that come in go. Every one of them is kept, and told as `message.received`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsTo {
    /// Into the inbox, as a conversation with the person.
    #[default]
    Conversation,
    /// To webhooks only: a program answers.
    Webhook,
}

/// Where what comes in goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Forward {
    /// Messages.
    pub sms: SmsTo,
    /// Calls: the call flow that takes them; nobody does when absent.
    pub voice: Option<FlowId>,
}

/// Whether a number is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberState {
    /// In use.
    #[default]
    Active,
    /// Kept, and not used: what comes in goes where it goes by default.
    Paused,
}

impl NumberState {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
        }
    }
}

/// What is set about a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What it can do.
    pub capabilities: BTreeSet<Capability>,
    /// Words of the organisation's own.
    pub tags: BTreeSet<String>,
    /// Over which route or trunk it is reached, in the organisation's own words.
    pub route: Option<String>,
    /// Where what comes in goes.
    pub forward: Forward,
}

impl Default for Settings {
    fn default() -> Self {
        Self { capabilities: [Capability::Sms].into(), tags: BTreeSet::new(), route: None, forward: Forward::default() }
    }
}

impl Settings {
    fn check(&self) -> Result<()> {
        if self.capabilities.is_empty() {
            return Err(Error::field("capabilities", "at least one of sms, mms and voice"));
        }
        let word = |text: &String| (1..=60).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if self.tags.len() > TAGS || !self.tags.iter().all(word) {
            return Err(Error::field("tags", "at most 20, of 1 to 60 characters each"));
        }
        if self.route.as_ref().is_some_and(|route| !word(route)) {
            return Err(Error::field("route", "1 to 60 characters"));
        }
        if self.forward.voice.is_some() && !self.capabilities.contains(&Capability::Voice) {
            return Err(Error::field("forward", "a call flow needs a number that takes calls"));
        }
        Ok(())
    }

    fn written(&self) -> Result<String> {
        self.check()?;
        Ok(serde_json::to_string(self).map_err(|_| store::Error::Column("settings"))?)
    }
}

/// A number of the organisation's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Number {
    /// Its id.
    pub id: NumberId,
    /// In E.164, or a short code's digits.
    pub value: String,
    /// Its country (ISO 3166); empty for a short code and for numbers of no country.
    pub country: String,
    /// What kind of line it is: a [`NumberKind`]'s name, or `short_code`.
    pub kind: String,
    /// Whether it is in use.
    pub state: NumberState,
    /// What is set about it.
    pub settings: Settings,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl FromRow for Number {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            value: row.take()?,
            country: row.take()?,
            kind: row.take()?,
            state: match row.take::<String>()?.as_str() {
                "paused" => NumberState::Paused,
                _ => NumberState::Active,
            },
            settings: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("settings"))?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}

/// Value, country and kind of what was typed in.
fn read(text: &str) -> Result<(String, String, &'static str)> {
    let text = text.trim();
    if (3..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
        return Ok((text.to_owned(), String::new(), "short_code"));
    }
    match NumberPlan::of(text, None) {
        Ok(plan) if plan.valid && !matches!(plan.kind, NumberKind::PremiumRate) => {
            Ok((plan.e164, plan.country.unwrap_or_default(), plan.kind.as_str()))
        }
        _ => Err(Error::field("number", "a number with its country code, or a short code of three to six digits")),
    }
}

/// Adds a number.
///
/// # Errors
/// [`Error::Field`] when it is no number, or is there already.
pub async fn add(ctx: &Ctx, number: &str, settings: &Settings) -> Result<Number> {
    let (value, country, kind) = read(number)?;
    let text = settings.written()?;
    let (count,): (usize,) = ctx.db.one(COUNT, params![ctx.workspace]).await?;
    if count >= MOST {
        return Err(Error::field("number", "a workspace has at most 10000 numbers"));
    }
    let id: NumberId = ctx.id();
    let mut batch = ctx.batch();
    let state = NumberState::Active.as_str();
    batch.push(INSERT, params![ctx.workspace, id, value, country, kind, state, text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "number.added", &[&id]);
    match ctx.db.apply(batch).await {
        Err(store::Error::Unique(_)) => Err(Error::field("number", "the number is there already")),
        other => {
            other?;
            get(ctx, id).await
        }
    }
}

/// What came of one line of an import.
#[derive(Debug)]
pub enum Line {
    /// It is there now.
    Added(Box<Number>),
    /// It was there; nothing was changed.
    There(NumberId),
    /// It was not taken.
    Refused(Error),
}

/// Adds many numbers, each by itself: one that is refused stops no other.
///
/// # Errors
/// [`Error::Field`] for more than [`AT_ONCE`]; the store's.
pub async fn import(ctx: &Ctx, numbers: &[(String, Settings)]) -> Result<Vec<Line>> {
    if numbers.is_empty() || numbers.len() > AT_ONCE {
        return Err(Error::field("items", "1 to 2000 numbers at once"));
    }
    let mut out = Vec::with_capacity(numbers.len());
    for (number, settings) in numbers {
        let known = match read(number) {
            Ok((value, ..)) => by_value(ctx, &value).await?,
            Err(_) => None,
        };
        out.push(match known {
            Some(known) => Line::There(known.id),
            None => match add(ctx, number, settings).await {
                Ok(number) => Line::Added(Box::new(number)),
                Err(Error::Store(error)) => return Err(error.into()),
                Err(refused) => Line::Refused(refused),
            },
        });
    }
    Ok(out)
}

/// Changes what is set about a number.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Field`].
pub async fn change(ctx: &Ctx, id: NumberId, state: NumberState, settings: &Settings) -> Result<Number> {
    let text = settings.written()?;
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.guard(UPDATE, params![ctx.workspace, id, state.as_str(), text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "number.updated", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Takes a number out of the inventory.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove(ctx: &Ctx, id: NumberId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(DELETE, params![ctx.workspace, id]);
    accounts::audit::record(&mut batch, ctx, "number.removed", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// One number.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: NumberId) -> Result<Number> {
    ctx.db.get(GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound)
}

async fn by_value(ctx: &Ctx, value: &str) -> Result<Option<Number>> {
    Ok(ctx.db.opt(BY_VALUE, params![ctx.workspace, value]).await?)
}

/// A page of numbers, the oldest first, after `after`.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx, after: Option<NumberId>, limit: u32) -> Result<Vec<Number>> {
    let after = after.unwrap_or(NumberId([0; 16]));
    Ok(ctx.db.all(LIST, params![ctx.workspace, after, limit]).await?)
}

/// Where what comes in goes when nothing is set about its number.
///
/// # Errors
/// The store's.
pub async fn default_forward(ctx: &Ctx) -> Result<Forward> {
    let row: Option<(String,)> = ctx.db.get(DEFAULT, params![ctx.workspace]).await?;
    let read = row.map(|(text,)| serde_json::from_str(&text)).transpose();
    Ok(read.map_err(|_| store::Error::Column("settings"))?.unwrap_or_default())
}

/// Sets where what comes in goes by default.
///
/// # Errors
/// The store's.
pub async fn set_default(ctx: &Ctx, forward: &Forward) -> Result<()> {
    let text = serde_json::to_string(forward).map_err(|_| store::Error::Column("settings"))?;
    let mut batch = ctx.batch();
    batch.push(SET_DEFAULT, params![ctx.workspace, text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "numbers.default_changed", &[]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Where what comes in to a number goes: as the inventory says, else as the workspace's default says. The number
/// comes as networks write it, with or without its `+`.
///
/// # Errors
/// The store's.
pub async fn forward_of(ctx: &Ctx, number: &str) -> Result<Forward> {
    let digits = number.trim_start_matches('+');
    for value in [format!("+{digits}"), digits.to_owned()] {
        if let Some(known) = by_value(ctx, &value).await?
            && known.state == NumberState::Active
        {
            return Ok(known.settings.forward);
        }
    }
    default_forward(ctx).await
}
