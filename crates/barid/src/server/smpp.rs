//! The port on which customers bind over SMPP.

use http_server::Tls;
use telecom::customers::Desk;
use telecom::smpp::server::Settings;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::Config;
use crate::outcome::{Failure, Result};

/// An open port for customers.
pub(super) struct Smpp {
    listener: TcpListener,
    settings: Settings,
}

/// Opens the port that the configuration names, if it names one.
pub(super) async fn bind(config: &Config, tls: Option<&Tls>) -> Result<Option<Smpp>> {
    let Some(address) = config.smpp_listen else { return Ok(None) };
    let mut settings = Settings::new("barid");
    if config.smpp_tls {
        let tls = tls.ok_or_else(|| Failure::input(format_args!("smpp_tls: needs tls_cert and tls_key")))?;
        settings.tls = Some(tls.for_others());
    }
    let listener = TcpListener::bind(address).await.map_err(|error| {
        Failure::failed(format_args!(
            "{address} cannot be listened on for SMPP: {error}; name another with --smpp-listen"
        ))
    })?;
    Ok(Some(Smpp { listener, settings }))
}

impl Smpp {
    /// Serves it until `stop` turns true.
    pub(super) async fn serve(self, desk: Desk, stop: watch::Receiver<bool>) {
        desk.serve(self.listener, self.settings, stop).await;
    }
}
