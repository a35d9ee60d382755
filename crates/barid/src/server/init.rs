use accounts::Accounts;
use accounts::keys::NewKey;
use accounts::users::{NewUser, SignUp};
use accounts::workspaces::NewWorkspace;
use kernel::Pii;
use serde_json::{Value as Json, json};
use store::{Actor, Core};

use super::open::{make_directory, make_master_key, open};
use crate::commands::{FirstWorkspace, lock};
use crate::config::Config;
use crate::outcome::{Failure, Result};

/// Makes the data directory, master key, workspace, owner and key; answers
/// `{"workspace","owner","api_key"}`.
pub(crate) async fn init(config: Config, first: FirstWorkspace) -> Result<Json> {
    make_directory(&config)?;
    let _lock = lock(&config)?;
    make_master_key(&config)?;
    let core = open(&config).await?;
    let made = first_workspace(&core, first).await?;
    core.db.checkpoint().await.map_err(Failure::failed)?;
    Ok(made)
}

/// A workspace with its owner and a key that may do everything.
pub(super) async fn first_workspace(core: &Core, first: FirstWorkspace) -> Result<Json> {
    let refuse = |error: accounts::Error| Failure::problem(&error.into());
    let accounts = Accounts::new(core.clone(), accounts::Settings::default());
    let language: kernel::Locale = first.language.parse().map_err(Failure::failed)?;
    let sign_up = SignUp {
        user: NewUser { email: first.owner_email, name: Pii::new(String::new()), password: first.owner_password },
        workspace: NewWorkspace {
            name: first.name,
            language,
            postal_address: first.postal_address.unwrap_or_default(),
        },
    };
    let (workspace, owner) = accounts.create_owner(sign_up).await.map_err(refuse)?;
    let ctx = core.ctx(workspace, Actor::Console);
    let all = accounts::members::Permissions::all();
    let key =
        NewKey { name: "console".to_owned(), scopes: vec!["*".to_owned()], role: None, expires_at: None, test: false };
    let (_, text) = accounts.create_key(&ctx, all, key).await.map_err(refuse)?;
    Ok(json!({ "workspace": workspace, "owner": owner, "api_key": text }))
}
