//! `barid migrate`: the schema, step by step.

use kernel::Clock;
use serde_json::json;
use store::Db;

use crate::config::{Config, Database, SCHEMAS};
use crate::machine::SystemClock;
use crate::outcome::{Done, Failure, Report, Result};

/// Opens the database of the data; one that is not there is not made.
pub(super) async fn open(config: &Config) -> Result<Db> {
    match &config.database {
        Database::Postgres(url) => Ok(Db::open_postgres(url, SCHEMAS.0).await?),
        Database::Sqlite => {
            let file = config.data_file();
            if !file.is_file() {
                return Err(Failure::input(format_args!("{} is not there; `barid init` makes it", file.display())));
            }
            Ok(Db::open_sqlite(&file)?)
        }
    }
}

/// Takes the missing steps, or only lists them.
///
/// # Errors
/// A database that cannot be reached, is newer than this program, or belongs to a running server.
pub async fn migrate(config: Config, plan: bool) -> Result<Done> {
    // Only one program at a time may change the schema; listing disturbs nobody.
    let lock = if plan { None } else { Some(crate::commands::lock(&config)?) };
    let db = open(&config).await?;
    let steps = db.plan_migrations().await?;
    if !plan {
        db.migrate(SystemClock.now()).await?;
    }
    drop(lock);
    let listed: Vec<String> = steps.iter().map(|step| format!("{} {} {}", step.area, step.number, step.name)).collect();
    let text = match (listed.is_empty(), plan) {
        (true, _) => "The schema is up to date.".to_owned(),
        (false, true) => format!("Steps to take:\n{}", listed.join("\n")),
        (false, false) => format!("Steps taken:\n{}", listed.join("\n")),
    };
    Ok(Done::Report(Report::new(json!({ "steps": steps, "applied": !plan }), text)))
}
