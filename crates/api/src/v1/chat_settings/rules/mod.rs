//! Rules that say where a conversation goes.

mod read;
mod write;

use conversations::routing::{Rule, Rules, To};

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("routing_rules": read, write)
}

/// The rules, read from the first on.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoutingRules {
    /// Rules: name, match, conditions (kind, key, op, value), to (group, user or bot), enabled.
    #[serde(default)]
    rules: Vec<Rule>,
    /// Whoever had the person last comes first.
    #[serde(default = "yes")]
    last_agent: bool,
    /// Where everything else goes: group and bot.
    #[serde(default)]
    fallback: To,
}

const fn yes() -> bool {
    true
}

impl From<Rules> for RoutingRules {
    fn from(rules: Rules) -> Self {
        Self { rules: rules.rules, last_agent: rules.last_agent, fallback: rules.fallback }
    }
}
