//! What trunks look like from outside.

use calls::sip::RegisterState;
use calls::trunks::{Access, Rules, Trunk, TrunkState, TrunkTransport};
use calls::voice::Voice;
use kernel::TrunkId;

use crate::v1::prelude::*;

/// Which calls a trunk takes, and how.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct TrunkRules {
    /// Beginnings of numbers, digits with the country code; empty for all numbers. The longest that fits wins.
    prefixes: Vec<String>,
    /// Lower is tried first, among trunks that fit a number equally well.
    priority: u16,
    /// Your numbers that may be shown (E.164); the first when a call names none.
    caller_ids: Vec<String>,
    /// How sound is written, the best first: `pcma`, `pcmu`.
    codecs: Vec<String>,
    /// Most calls at the same time, 1 to 1000.
    max_calls: u16,
}

impl Default for TrunkRules {
    fn default() -> Self {
        Rules::default().into()
    }
}

impl From<Rules> for TrunkRules {
    fn from(rules: Rules) -> Self {
        let Rules { prefixes, priority, caller_ids, codecs, max_calls } = rules;
        Self { prefixes, priority, caller_ids, codecs, max_calls }
    }
}

impl From<TrunkRules> for Rules {
    fn from(rules: TrunkRules) -> Self {
        let TrunkRules { prefixes, priority, caller_ids, codecs, max_calls } = rules;
        Self { prefixes, priority, caller_ids, codecs, max_calls }
    }
}

/// An account at an operator (SIP). The password is taken and never shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrunkAccess {
    /// Host name or address.
    host: String,
    /// Port; 5060 when absent.
    #[serde(default)]
    port: Option<u16>,
    /// `udp` (the default) or `tcp`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    transport: TrunkTransport,
    /// The account; absent when the operator knows you by your address.
    #[serde(default)]
    user: String,
    /// Its secret.
    #[serde(default)]
    password: String,
    /// The operator's name in addresses, when it is not the host.
    #[serde(default)]
    domain: String,
    /// Say to the operator where this server is, and again in time.
    #[serde(default)]
    register: bool,
}

impl From<TrunkAccess> for Access {
    fn from(access: TrunkAccess) -> Self {
        Self {
            host: access.host,
            port: access.port.unwrap_or(5060),
            transport: access.transport,
            user: access.user,
            password: access.password,
            domain: access.domain,
            register: access.register,
        }
    }
}

/// Where a trunk leads, without the secret.
#[derive(Serialize, ToSchema)]
pub(super) struct TrunkAccount {
    /// Host name or address.
    host: String,
    /// Port.
    port: u16,
    /// `udp` or `tcp`.
    #[schema(value_type = String)]
    transport: TrunkTransport,
    /// The account.
    user: String,
    /// The operator's name in addresses.
    domain: String,
    /// Whether it registers.
    register: bool,
}

/// A way to an operator of calls.
#[derive(Serialize, ToSchema)]
pub(super) struct SipTrunk {
    /// Its id.
    #[schema(value_type = String)]
    id: TrunkId,
    /// What members call it.
    name: String,
    /// `active`, `draining` (calls come in, none leaves) or `paused`.
    #[schema(value_type = String)]
    state: TrunkState,
    /// Which calls it takes.
    rules: TrunkRules,
    /// Where it leads.
    access: TrunkAccount,
    /// `off` (this server makes no calls), `ready`, `trying`, `registered`, `refused` or `unreachable`.
    standing: String,
    /// The status with which the operator refused the registration.
    refused: Option<u16>,
    /// Calls under way on this server.
    calls: usize,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// A trunk with how it stands.
pub(super) async fn shown(ctx: &store::Ctx, voice: &Voice, trunk: Trunk) -> Result<SipTrunk> {
    let access = calls::trunks::access_of(ctx, trunk.id).await?;
    let standing = voice.standing(ctx.workspace, trunk.id);
    let (word, refused) = match standing.map(|standing| standing.registration) {
        None => ("off", None),
        Some(None) => ("ready", None),
        Some(Some(RegisterState::Trying)) => ("trying", None),
        Some(Some(RegisterState::Registered)) => ("registered", None),
        Some(Some(RegisterState::Refused(status))) => ("refused", Some(status)),
        Some(Some(RegisterState::Unreachable | RegisterState::Gone)) => ("unreachable", None),
    };
    Ok(SipTrunk {
        id: trunk.id,
        name: trunk.name,
        state: trunk.state,
        rules: trunk.rules.into(),
        access: TrunkAccount {
            domain: access.domain().to_owned(),
            host: access.host,
            port: access.port,
            transport: access.transport,
            user: access.user,
            register: access.register,
        },
        standing: word.to_owned(),
        refused,
        calls: standing.map_or(0, |standing| standing.calls),
        created_at: trunk.created_at,
        updated_at: trunk.updated_at,
    })
}
