//! What routes look like from outside.

use billing::Micros;
use kernel::RouteId;
use telecom::messages::Sms;
use telecom::routes::{Access, Receipts, Route, RouteState, Rules};
use telecom::smpp::IdFormat;
use telecom::smpp::coding::DefaultAlphabet;

use crate::v1::prelude::*;

/// Which messages a route takes, and before which other.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RouteRules {
    /// Beginnings of numbers, digits with the country code; empty for all numbers. The longest that fits wins.
    prefixes: Vec<String>,
    /// Networks (MCC and MNC); a route that names them takes messages whose network is known to be one.
    networks: Vec<String>,
    /// Lower is tried first, among routes that fit a number equally well.
    priority: u16,
    /// Share among routes of the same priority.
    weight: u16,
    /// What a part costs you, in millionths of the balance's currency.
    cost_micros: i64,
    /// How the operator writes message ids: `auto`, `same`, `hex_then_decimal` or `decimal_then_hex`.
    #[schema(value_type = String)]
    ids: IdFormat,
    /// Whether it sends receipts for `each_part` or `one_for_all`.
    #[schema(value_type = String)]
    receipts: Receipts,
    /// Its default alphabet: `gsm7`, `gsm7_packed` or `latin1`.
    #[schema(value_type = String)]
    alphabet: DefaultAlphabet,
    /// References of sixteen bits for messages in parts.
    long_references: bool,
}

impl Default for RouteRules {
    fn default() -> Self {
        Rules::default().into()
    }
}

impl From<Rules> for RouteRules {
    fn from(rules: Rules) -> Self {
        Self {
            prefixes: rules.prefixes,
            networks: rules.networks,
            priority: rules.priority,
            weight: rules.weight,
            cost_micros: rules.cost.0,
            ids: rules.ids,
            receipts: rules.receipts,
            alphabet: rules.alphabet,
            long_references: rules.long_references,
        }
    }
}

impl From<RouteRules> for Rules {
    fn from(rules: RouteRules) -> Self {
        Self {
            prefixes: rules.prefixes,
            networks: rules.networks,
            priority: rules.priority,
            weight: rules.weight,
            cost: Micros(rules.cost_micros),
            ids: rules.ids,
            receipts: rules.receipts,
            alphabet: rules.alphabet,
            long_references: rules.long_references,
        }
    }
}

/// An account at an operator (SMPP 3.4). The password is taken and never shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteAccess {
    /// Host name or address.
    host: String,
    /// Port.
    port: u16,
    /// TLS from the first octet.
    #[serde(default)]
    tls: bool,
    /// The account.
    system_id: String,
    /// Its secret.
    password: String,
    /// What the operator calls the kind of system; usually empty.
    #[serde(default)]
    system_type: String,
    /// Sessions at the same time, 1 to 16.
    #[serde(default)]
    binds: Option<u8>,
    /// Separate sessions for sending and receiving.
    #[serde(default)]
    separate: bool,
    /// Most parts a second over all sessions; 100 when absent.
    #[serde(default)]
    per_second: Option<u32>,
    /// Most parts of a session that may wait for their response; 32 when absent.
    #[serde(default)]
    window: Option<u16>,
}

impl From<RouteAccess> for Access {
    fn from(access: RouteAccess) -> Self {
        Self {
            host: access.host,
            port: access.port,
            tls: access.tls,
            system_id: access.system_id,
            password: access.password,
            system_type: access.system_type,
            binds: access.binds.unwrap_or(1),
            separate: access.separate,
            per_second: access.per_second.unwrap_or(100),
            window: access.window.unwrap_or(32),
        }
    }
}

/// Where a route leads, without the secret.
#[derive(Serialize, ToSchema)]
pub(super) struct RouteAccount {
    /// Host name or address.
    host: String,
    /// Port.
    port: u16,
    /// TLS from the first octet.
    tls: bool,
    /// The account.
    system_id: String,
    /// What the operator calls the kind of system.
    system_type: String,
    /// Sessions at the same time.
    binds: u8,
    /// Separate sessions for sending and receiving.
    separate: bool,
    /// Most parts a second over all sessions.
    per_second: u32,
    /// Most parts of a session that may wait for their response.
    window: u16,
}

/// A way to an operator.
#[derive(Serialize, ToSchema)]
pub(super) struct SmsRoute {
    /// Its id.
    #[schema(value_type = String)]
    id: RouteId,
    /// What members call it.
    name: String,
    /// `active`, `draining` (receipts and what comes in, nothing new leaves) or `paused`.
    #[schema(value_type = String)]
    state: RouteState,
    /// Which messages it takes.
    rules: RouteRules,
    /// Where it leads.
    access: RouteAccount,
    /// Sessions of this server that are up.
    binds_up: usize,
    /// What the operator said when it refused a session.
    refused: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// A route with how its sessions stand.
pub(super) async fn shown(ctx: &store::Ctx, sms: &Sms, route: Route) -> Result<SmsRoute> {
    let access = telecom::routes::access_of(ctx, route.id).await?;
    let open = sms.live().of(ctx.workspace);
    let live = open.get(&route.id);
    Ok(SmsRoute {
        id: route.id,
        name: route.name,
        state: route.state,
        rules: route.rules.into(),
        access: RouteAccount {
            host: access.host,
            port: access.port,
            tls: access.tls,
            system_id: access.system_id,
            system_type: access.system_type,
            binds: access.binds,
            separate: access.separate,
            per_second: access.per_second,
            window: access.window,
        },
        binds_up: live.map_or(0, |live| live.up().0),
        refused: live.and_then(|live| live.refused()),
        created_at: route.created_at,
        updated_at: route.updated_at,
    })
}
