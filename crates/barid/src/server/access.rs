//! `barid access`: the operator opens a workspace in an emergency. Works beside the data directory, also while a
//! server runs: the server mails the owners.

use accounts::Accounts;
use accounts::emergency::Asked;
use serde_json::json;
use store::Actor;

use super::open::open;
use crate::cli::Access;
use crate::config::{Config, Database};
use crate::outcome::{Done, Failure, Report, Result};

pub(crate) async fn access(access: Access) -> Result<Done> {
    let config = Config::load(access.layer)?;
    if config.database == Database::Sqlite && !config.data_file().is_file() {
        return Err(Failure::input(format_args!(
            "{} is not there; name the data directory with --data",
            config.data_file().display()
        )));
    }
    let core = open(&config).await?;
    let refuse = |error: accounts::Error| Failure::problem(&error.into());
    let workspace = match access.workspace.parse() {
        Ok(id) => accounts::workspaces::find(&core, id).await.map_err(refuse)?.map(|found| found.id),
        Err(_) => accounts::workspaces::by_slug(&core, &access.workspace).await.map_err(refuse)?,
    };
    let Some(workspace) = workspace else {
        return Err(Failure::input("there is no such workspace; name it by its id (ws_…) or its name in addresses"));
    };
    let ctx = core.ctx(workspace, Actor::Console);
    let accounts = Accounts::new(core.clone(), config.accounts()?);
    let asked = Asked { reason: access.reason, minutes: access.minutes, scopes: access.may };
    let opened = accounts.open_emergency(&ctx, asked).await.map_err(refuse)?;
    let document = json!({
        "workspace": workspace, "key_id": opened.id, "key": opened.key, "expires_at": opened.expires_at,
        "owners_told": opened.owners_told,
    });
    let text = format!(
        "The workspace is open until {}.\nAPI key (shown once): {}\nIts owners are told ({}), and the audit trail keeps \
         the reason. Revoke the key when you are done: barid key revoke {}",
        opened.expires_at, opened.key, opened.owners_told, opened.id
    );
    Ok(Done::Report(Report::new(document, text)))
}
