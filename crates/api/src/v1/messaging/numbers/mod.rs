//! The organisation's own numbers.

mod create;
mod default;
mod delete;
mod import;
mod list;
mod read;
mod set_default;
mod update;

use std::collections::{BTreeSet, HashMap};

use calls::numbers::{Capability, Forward, Number, NumberState, Settings, SmsTo};
use kernel::{FlowId, NumberId, OriginatorId};
use store::Ctx;
use telecom::sms::Originator;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("numbers": list, create, import, default, set_default, read, update, delete)
}

/// Where what comes in goes.
#[derive(Serialize, Deserialize, ToSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct NumberForward {
    /// Messages: `conversation` (into the inbox) or `webhook` (a program answers). Either way they are kept and told
    /// as `message.received`.
    #[schema(value_type = String, example = "conversation")]
    sms: SmsTo,
    /// Calls: the call flow that takes them; nobody does when null.
    #[schema(value_type = Option<String>)]
    voice: Option<FlowId>,
}

impl From<Forward> for NumberForward {
    fn from(of: Forward) -> Self {
        Self { sms: of.sms, voice: of.voice }
    }
}

impl From<NumberForward> for Forward {
    fn from(of: NumberForward) -> Self {
        Self { sms: of.sms, voice: of.voice }
    }
}

/// What is set about a number. What is absent is as by default: text messages, into the inbox.
#[derive(Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct NumberSettings {
    /// Some of `sms`, `mms` and `voice`.
    #[schema(value_type = Vec<String>)]
    capabilities: BTreeSet<Capability>,
    /// Words of your own, at most 20.
    #[schema(value_type = Vec<String>)]
    tags: BTreeSet<String>,
    /// Over which route or trunk it is reached, in your own words.
    route: Option<String>,
    /// Where what comes in goes.
    forward: NumberForward,
}

impl Default for NumberSettings {
    fn default() -> Self {
        let Settings { capabilities, tags, route, forward } = Settings::default();
        Self { capabilities, tags, route, forward: forward.into() }
    }
}

impl From<NumberSettings> for Settings {
    fn from(of: NumberSettings) -> Self {
        Self { capabilities: of.capabilities, tags: of.tags, route: of.route, forward: of.forward.into() }
    }
}

/// A number of the organisation's own.
#[derive(Serialize, ToSchema)]
struct OwnNumber {
    /// Its id.
    #[schema(value_type = String)]
    id: NumberId,
    /// In E.164, or a short code's digits.
    number: String,
    /// Its country (ISO 3166); null for short codes and numbers of no country.
    country: Option<String>,
    /// What kind of line it is, as look-up says, or `short_code`.
    kind: String,
    /// `active` or `paused`.
    state: &'static str,
    /// Some of `sms`, `mms` and `voice`.
    #[schema(value_type = Vec<String>)]
    capabilities: BTreeSet<Capability>,
    /// Words of your own.
    #[schema(value_type = Vec<String>)]
    tags: BTreeSet<String>,
    /// Over which route or trunk it is reached.
    route: Option<String>,
    /// Where what comes in goes.
    forward: NumberForward,
    /// The originator with this number, when messages may be from it.
    #[schema(value_type = Option<String>)]
    originator: Option<OriginatorId>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// The workspace's originators by what they are.
struct Originators(HashMap<String, OriginatorId>);

impl Originators {
    async fn load(ctx: &Ctx) -> Result<Self> {
        let all = telecom::senders::list(ctx).await?;
        Ok(Self(all.into_iter().map(|entry| (entry.value.to_string(), entry.id)).collect()))
    }

    fn shown(&self, number: Number) -> OwnNumber {
        let Settings { capabilities, tags, route, forward } = number.settings;
        OwnNumber {
            id: number.id,
            originator: self.0.get(&number.value).copied(),
            number: number.value,
            country: Some(number.country).filter(|country| !country.is_empty()),
            kind: number.kind,
            state: number.state.as_str(),
            capabilities,
            tags,
            route,
            forward: forward.into(),
            created_at: number.created_at,
            updated_at: number.updated_at,
        }
    }

    /// Lets messages be from a number.
    async fn link(&mut self, ctx: &Ctx, number: &str) -> Result<()> {
        if self.0.contains_key(number) {
            return Ok(());
        }
        let value: Originator = number.parse().map_err(telecom::Error::from)?;
        let entry = telecom::senders::add(ctx, &value, &telecom::senders::Rules::default()).await?;
        self.0.insert(number.to_owned(), entry.id);
        Ok(())
    }
}

async fn shown(ctx: &Ctx, number: Number) -> Result<OwnNumber> {
    Ok(Originators::load(ctx).await?.shown(number))
}

/// A state by its name.
fn state(name: &str) -> Result<NumberState, Problem> {
    match name {
        "active" => Ok(NumberState::Active),
        "paused" => Ok(NumberState::Paused),
        _ => Err(Problem::field("state", "active or paused")),
    }
}
