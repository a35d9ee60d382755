//! The map from what was asked to what does it.

use std::fs::{File, OpenOptions};
use std::path::PathBuf;

use fs4::FileExt;

use crate::cli::{Cli, Command, ErasureCommand, Init, Language};
use crate::config::{Config, Layer};
use crate::outcome::{Done, Failure, Report, Result};
use crate::{client, explain, offline, server};

/// Runs a command to its end.
///
/// # Errors
/// Why it did not do what it was asked to.
pub fn run(cli: Cli) -> Result<Done> {
    match cli.command {
        Command::Explain(what) => explain::run(what),
        Command::Serve(layer) => wait(true, serve(*layer, cli.json)),
        Command::Demo(layer) => wait(true, demo(*layer, cli.json)),
        Command::Init(new) => wait(true, init(*new)),
        Command::Restore(what) => wait(true, restore(what.file, what.keys, what.layer)),
        Command::Migrate(what) => wait(true, async { offline::migrate(Config::load(what.layer)?, what.plan).await }),
        Command::Doctor(layer) => wait(true, async { offline::doctor(Config::load(*layer)?).await }),
        Command::Erasure(ErasureCommand::Verify { file, key }) => offline::verify_certificate(&file, key.as_deref()),
        Command::Access(what) => wait(true, server::access(*what)),
        Command::Openapi => openapi(),
        Command::Import(what) => wait(false, client::import(*what)),
        Command::Export(what) => wait(false, client::export(what)),
        Command::Campaign(what) => wait(false, client::campaign(what)),
        Command::Segment(what) => wait(false, client::segment(what)),
        Command::Contact(what) => wait(false, client::contact(what)),
        Command::Domain(what) => wait(false, client::domain(what)),
        Command::Ledger(what) => wait(false, client::ledger(what)),
        Command::Key(what) => wait(false, client::key(what)),
        Command::Webhook(what) => wait(false, client::webhook(what)),
        Command::Api(what) => wait(false, client::api(*what)),
        Command::Backup(what) if what.server.key.is_none() => wait(true, server::backup(what)),
        Command::Backup(what) => wait(false, client::backup(what)),
    }
}

/// Runs a future to its end; a client needs one thread only.
fn wait(threads: bool, work: impl Future<Output = Result<Done>>) -> Result<Done> {
    let mut builder = if threads {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    let runtime = builder.enable_all().build();
    let runtime = runtime.map_err(|error| Failure::failed(format_args!("the runtime does not start: {error}")))?;
    runtime.block_on(work)
}

/// The data directory's lock, held until dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the lock lives as long as its open file")] File);

/// Takes the data directory for this process.
///
/// # Errors
/// When another process has it, or the directory cannot be used.
pub fn lock(config: &Config) -> Result<Lock> {
    let path = config.lock_file();
    let unusable = |error| {
        Failure::failed(format_args!(
            "the data directory {} cannot be used: {error}; name it with --data",
            config.data.display()
        ))
    };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(unusable)?;
    match FileExt::try_lock(&file) {
        Ok(()) => Ok(Lock(file)),
        Err(fs4::TryLockError::WouldBlock) => Err(Failure::failed(format_args!(
            "another Barid works on the data directory {}; stop it, or name another directory with --data",
            config.data.display()
        ))),
        Err(fs4::TryLockError::Error(error)) => Err(unusable(error)),
    }
}

/// What `barid init` makes its first workspace from.
#[derive(Debug, Clone)]
pub struct FirstWorkspace {
    /// Its name.
    pub name: String,
    /// Its owner's address.
    pub owner_email: kernel::Email,
    /// Its owner's password.
    pub owner_password: kernel::Pii<String>,
    /// What stands in every message.
    pub postal_address: Option<String>,
    /// `ar` or `en`.
    pub language: &'static str,
}

async fn init(new: Init) -> Result<Done> {
    let owner_email =
        new.owner_email.parse().map_err(|error| Failure::input(format_args!("--owner-email: {error}")))?;
    let language = match new.language {
        Language::Ar => "ar",
        Language::En => "en",
    };
    let first = FirstWorkspace {
        name: new.workspace,
        owner_email,
        owner_password: new.owner_password.into(),
        postal_address: new.postal_address,
        language,
    };
    let made = server::init(Config::load(new.layer)?, first).await?;
    let text = format!(
        "The workspace {} is made.\nAPI key (shown once): {}\nKeep the master key safe: losing it is losing everything.",
        made["workspace"].as_str().unwrap_or_default(),
        made["api_key"].as_str().unwrap_or_default()
    );
    Ok(Done::Report(Report::new(made, text)))
}

async fn serve(layer: Layer, json: bool) -> Result<Done> {
    server::serve(Config::load(layer)?, json).await?;
    Ok(Done::Written(true))
}

async fn demo(layer: Layer, json: bool) -> Result<Done> {
    let keep = layer.data.clone();
    server::demo(Config::load(layer)?, keep, json).await?;
    Ok(Done::Written(true))
}

async fn restore(file: PathBuf, keys: Option<PathBuf>, layer: Layer) -> Result<Done> {
    let config = Config::load(layer)?;
    for given in std::iter::once(&file).chain(&keys) {
        if !given.is_file() {
            return Err(Failure::input(format_args!("{} is not a file", given.display())));
        }
    }
    let told = server::restore(config, file, keys).await?;
    Ok(Done::Report(Report::new(told, "Restored; what was erased or withdrawn since the backup was repeated.")))
}

fn openapi() -> Result<Done> {
    let document = server::openapi()?;
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    Ok(Done::Report(Report::new(document, text)))
}
