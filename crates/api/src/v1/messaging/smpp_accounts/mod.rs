//! Accounts of customers who bind to us over SMPP.

mod create;
mod delete;
mod list;
mod read;
mod secret;
mod update;

use std::collections::BTreeSet;

use kernel::SmppAccountId;
use store::Ctx;
use telecom::customers::{Account, AccountState, Settings};
use telecom::smpp::coding::DefaultAlphabet;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("smpp_accounts": list, create, read, update, secret, delete)
}

/// What an account may do. What is absent is as by default.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct SmppAccountSettings {
    /// What you call it, 1 to 60 characters.
    name: String,
    /// Originators that it may use; all of the workspace's when empty.
    #[schema(value_type = Vec<String>)]
    originators: BTreeSet<String>,
    /// Your numbers (digits) whose messages are handed to it.
    #[schema(value_type = Vec<String>)]
    numbers: BTreeSet<String>,
    /// Sessions at the same time, 1 to 50.
    binds: u32,
    /// Submissions a second over all its sessions, 1 to 10000.
    per_second: u32,
    /// Addresses or networks (`203.0.113.0/24`) that it may come from; all when empty.
    #[schema(value_type = Vec<String>)]
    networks: BTreeSet<String>,
    /// What its messages are for: `service`, `marketing` or another purpose of the workspace.
    purpose: String,
    /// Why its recipients are written to, when that is not on record: `contract`, `subject_request` or
    /// `legal_obligation`.
    basis: Option<String>,
    /// What it takes `data_coding` 0 to be: `gsm7`, `gsm7_packed` or `latin1`.
    #[schema(value_type = String, example = "gsm7")]
    alphabet: DefaultAlphabet,
    /// Its messages are checked, kept and answered like any other, but never leave this machine and cost nothing.
    test: bool,
}

impl Default for SmppAccountSettings {
    fn default() -> Self {
        Settings::default().into()
    }
}

impl From<Settings> for SmppAccountSettings {
    fn from(of: Settings) -> Self {
        Self {
            name: of.name,
            originators: of.originators,
            numbers: of.numbers,
            binds: of.binds,
            per_second: of.per_second,
            networks: of.networks,
            purpose: of.purpose,
            basis: of.basis,
            alphabet: of.alphabet,
            test: of.test,
        }
    }
}

impl From<SmppAccountSettings> for Settings {
    fn from(of: SmppAccountSettings) -> Self {
        Self {
            name: of.name,
            originators: of.originators,
            numbers: of.numbers,
            binds: of.binds,
            per_second: of.per_second,
            networks: of.networks,
            purpose: of.purpose,
            basis: of.basis,
            alphabet: of.alphabet,
            test: of.test,
        }
    }
}

/// An account of a customer.
#[derive(Serialize, ToSchema)]
struct SmppAccount {
    /// Its id.
    #[schema(value_type = String)]
    id: SmppAccountId,
    /// How it names itself when it binds.
    system_id: String,
    /// `active` or `paused`.
    state: &'static str,
    /// What it may do.
    settings: SmppAccountSettings,
    /// Sessions that are open on the node that answers.
    sessions: usize,
    /// Receipts and messages that wait to be handed to it.
    waiting: u64,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

async fn shown(app: &App, ctx: &Ctx, account: Account) -> Result<SmppAccount> {
    Ok(SmppAccount {
        id: account.id,
        state: account.state.as_str(),
        sessions: app.customers.sessions().count(&account.system_id),
        waiting: telecom::customers::waiting(ctx, account.id).await?,
        system_id: account.system_id,
        settings: account.settings.into(),
        created_at: account.created_at,
        updated_at: account.updated_at,
    })
}

/// A state by its name.
fn state(name: &str) -> Result<AccountState, Problem> {
    match name {
        "active" => Ok(AccountState::Active),
        "paused" => Ok(AccountState::Paused),
        _ => Err(Problem::field("state", "active or paused")),
    }
}
