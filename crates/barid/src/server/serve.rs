use std::sync::Arc;
use std::time::Duration;

use http_server::{Limits, Listener, Tls};
use serde_json::json;
use store::{Actor, Core};
use tokio::sync::watch;

use super::open::{make_directory, make_master_key, mark, open};
use super::wiring::Process;
use crate::commands::lock;
use crate::config::{Config, Database, LogFormat, MasterKey};
use crate::outcome::{Failure, Result};

/// How long work in hand may go on after the signal: a mail server that says nothing would hold the
/// end up for minutes, and service managers kill after 30 to 90 seconds.
const DRAIN: Duration = Duration::from_secs(20);

/// Serves until told to stop; prints where (as one JSON document with `json`).
pub(crate) async fn serve(config: Config, json: bool) -> Result<()> {
    log(&config);
    make_directory(&config)?;
    let _lock = lock(&config)?;
    let core = open_or_make(&config).await?;
    run(&config, core, config.catcher, |address, link| tell(&config, address, link.as_deref(), json)).await
}

/// Opens the store; where there is none yet, it is made with a new master key. A key that was made beside
/// a database which another one belongs to does not stay.
async fn open_or_make(config: &Config) -> Result<Core> {
    let there = config.database == Database::Sqlite && (config.data_file().exists() || config.keys_file().exists());
    let made = !there && make_master_key(config)?;
    let opened = open(config).await;
    if let (true, Err(_), MasterKey::File(path)) = (made, &opened, &config.master_key) {
        std::fs::remove_file(path).map_err(Failure::failed)?;
    }
    if made && opened.is_ok() {
        tracing::warn!("a new master key was made; keep a copy of it elsewhere: losing it is losing everything");
    }
    opened
}

fn tell(config: &Config, address: std::net::SocketAddr, link: Option<&str>, json: bool) {
    if json {
        let mut told = json!({ "url": config.public_url, "listen": address.to_string() });
        if let Some(link) = link {
            told["setup"] = json!(link);
        }
        println!("{told}");
        return;
    }
    println!("Barid serves at {}", config.public_url);
    if let Some(link) = link {
        println!();
        println!("Nobody owns this server yet. Whoever opens this link first becomes its owner:");
        println!("  {link}");
        println!("It works once, until the next start. `barid init` does the same on the command line.");
    }
}

/// The link of the first run; nothing once somebody owns the installation.
async fn setup_link(process: &Process) -> Result<Option<String>> {
    let app = &process.app;
    if app.shell.setup().is_owned(&app.accounts).await.map_err(Failure::failed)? {
        return Ok(None);
    }
    let token = app.shell.setup().open(app.core.rng.as_ref());
    Ok(Some(format!("{}/setup#token={}", app.toolbox.public_url(), token.expose())))
}

/// Serves an open store until a signal comes; `tell` is called once connections are taken, with the link
/// of the first run while nobody owns the installation.
pub(super) async fn run(
    config: &Config,
    core: Core,
    catch: bool,
    tell: impl FnOnce(std::net::SocketAddr, Option<String>),
) -> Result<()> {
    let tls = match &config.tls {
        None => None,
        Some((cert, key)) => {
            let read = |path: &std::path::Path| {
                std::fs::read(path)
                    .map_err(|error| Failure::failed(format_args!("{} cannot be read: {error}", path.display())))
            };
            Some(Tls::from_pem(&read(cert)?, &read(key)?).map_err(Failure::failed)?)
        }
    };
    let customers = super::smpp::bind(config, tls.as_ref()).await?;
    let listener = Listener::bind(config.listen, tls, Limits::default()).await.map_err(|error| {
        Failure::failed(format_args!("{} cannot be listened on: {error}; name another with --listen", config.listen))
    })?;
    let address = listener.address().map_err(Failure::failed)?;
    let process = Arc::new(Process::build(config, &core, catch).await?);
    let (stop, stopped) = watch::channel(false);
    let mut tasks = process.start(&stopped);
    if let Some(customers) = customers {
        let (desk, stopped) = (process.app.customers.clone(), stopped.clone());
        tasks.spawn(async move { customers.serve(desk, stopped).await });
    }
    let inbound = process.mailing.listen(config, &process.app, &stopped).await?;
    tell(address, setup_link(&process).await?);
    let streams = process.app.shell.streams().clone();
    let hub = process.app.shell.chat().hub().clone();
    let stopping = async move {
        signal().await;
        // Streams of events never end by themselves, and would hold the end up.
        streams.close();
        hub.close();
    };
    http_server::serve(listener, process.router(), stopping).await;
    // A second signal ends the process at once: whoever waits for the drain may lose patience.
    process.app.outbound.close();
    let _ = stop.send(true);
    let drained = tokio::time::timeout(DRAIN, async {
        while tasks.join_next().await.is_some() {}
        if let Some(inbound) = inbound {
            let _ = inbound.await;
        }
    });
    if drained.await.is_err() {
        tracing::warn!("work in hand did not end in time; the next start goes on with it as after a crash");
        return Ok(());
    }
    process.hits.settled().await;
    process.mailing.close();
    for workspace in core.vault.workspaces().await.map_err(Failure::failed)? {
        mark(&core.ctx(workspace, Actor::System)).await?;
    }
    Ok(())
}

async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

/// Sets logging up; lines carry ids, never personal values.
pub(super) fn log(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Set twice only when a test runs several commands in one process.
    let _ = match config.log_format {
        LogFormat::Json => lines.json().try_init(),
        LogFormat::Text => lines.with_ansi(false).try_init(),
    };
}
