use std::sync::Arc;
use std::time::Duration;

use http_server::{Limits, Listener, Tls};
use serde_json::json;
use store::{Actor, Core};
use tokio::sync::watch;

use super::open::{make_directory, mark, open};
use super::wiring::Process;
use crate::commands::lock;
use crate::config::{Config, LogFormat};
use crate::outcome::{Failure, Result};

/// How long work in hand may go on after the signal: a mail server that says nothing would hold the
/// end up for minutes, and service managers kill after 30 to 90 seconds.
const DRAIN: Duration = Duration::from_secs(20);

/// Serves until told to stop; prints where (as one JSON document with `json`).
pub(crate) async fn serve(config: Config, json: bool) -> Result<()> {
    log(&config);
    make_directory(&config)?;
    let _lock = lock(&config)?;
    let core = open(&config).await?;
    if core.vault.workspaces().await.map_err(Failure::failed)?.is_empty() {
        tracing::warn!("there is no workspace yet; make one with `barid init`, or sign up");
    }
    run(&config, core, false, |address| {
        if json {
            println!("{}", json!({ "url": config.public_url, "listen": address.to_string() }));
        } else {
            println!("Barid serves at {}", config.public_url);
        }
    })
    .await
}

/// Serves an open store until a signal comes; `tell` is called once connections are taken.
pub(super) async fn run(
    config: &Config,
    core: Core,
    catch: bool,
    tell: impl FnOnce(std::net::SocketAddr),
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
    let listener = Listener::bind(config.listen, tls, Limits::default()).await.map_err(|error| {
        Failure::failed(format_args!("{} cannot be listened on: {error}; name another with --listen", config.listen))
    })?;
    let address = listener.address().map_err(Failure::failed)?;
    let process = Arc::new(Process::build(config, &core, catch).await?);
    let (stop, stopped) = watch::channel(false);
    let mut tasks = process.start(&stopped);
    let inbound = process.mailing.listen(config, &process.app, &stopped).await?;
    tell(address);
    http_server::serve(listener, process.router(), signal()).await;
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
