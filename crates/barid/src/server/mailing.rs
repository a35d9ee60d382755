//! The mail side of the process: the way out, the way in, the catcher.

use std::sync::Arc;

use api::App;
use api::shell::sending::RelayShown;
use api::shell::{Mode, SendingWay};
use mail::catcher::Catcher;
use mail::channel::{MailChannel, NextHop, Settings};
use mail::dns::Resolver;
use mail::incoming::{CallOff, Inbound, InboundJob, TakeAnswer};
use mail::smtp::Limits;
use mail::transport::{Relay, Transport};
use outbound::{Channels, Outbound};
use store::Core;
use store::jobs::Handler;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::outcome::{Failure, Result};

/// What carries mail.
pub(super) struct Mailing {
    channel: Arc<MailChannel>,
}

impl Mailing {
    /// The relay, direct delivery, or (with `catch`) the catcher.
    pub(super) fn build(config: &Config, core: &Core, resolver: &Resolver, catch: bool) -> Result<Self> {
        let settings = Settings { relay_signs: config.relay_signs, inbound: config.inbound_smtp.is_some() };
        let hop =
            if catch { NextHop::Catcher(Catcher::new(core.clone())) } else { transport(config, resolver)?.into() };
        Ok(Self { channel: Arc::new(MailChannel::new(core.clone(), hop, settings)) })
    }

    pub(super) fn channels(&self) -> Channels {
        Channels::default().with(Arc::clone(&self.channel) as Arc<dyn outbound::Channel>)
    }

    /// What acts on mail that came in.
    pub(super) fn handler(outbound: &Outbound) -> Arc<dyn Handler> {
        Arc::new(InboundJob::new(outbound.clone()).taking_answers(answers()).calling_off(call_off()))
    }

    /// Takes mail in where the configuration says so; ends when `shutdown` turns true.
    pub(super) async fn listen(
        &self,
        config: &Config,
        app: &App,
        shutdown: &watch::Receiver<bool>,
    ) -> Result<Option<JoinHandle<()>>> {
        let Some(address) = config.inbound_smtp else { return Ok(None) };
        let listener = TcpListener::bind(address).await.map_err(|error| {
            Failure::failed(format_args!("{address} cannot be listened on: {error}; name another with --inbound-smtp"))
        })?;
        let received = Arc::new(Inbound::new(app.core.clone()).verifying(Arc::new(app.resolver.clone())));
        let settings = mail::inbound::Settings::new(config.hostname.clone());
        Ok(Some(tokio::spawn(mail::inbound::serve(listener, settings, received, shutdown.clone()))))
    }

    pub(super) fn close(&self) {
        self.channel.close();
    }
}

/// How mail leaves, as members may know it.
pub(super) fn way(config: &Config, catch: bool) -> SendingWay {
    let relay = config.smtp_relay.as_deref().and_then(|url| Relay::parse(url).ok());
    let mode = match (catch, &relay) {
        (true, _) => Mode::Catcher,
        (false, Some(_)) => Mode::Relay,
        (false, None) => Mode::Direct,
    };
    let relay = relay.filter(|_| mode == Mode::Relay).map(|relay| RelayShown {
        host: relay.host,
        port: relay.port,
        tls: if relay.implicit_tls { "implicit" } else { "starttls" }.to_owned(),
        login: relay.login.is_some(),
        signs: config.relay_signs,
    });
    SendingWay { mode, relay, inbound: config.inbound_smtp.is_some() }
}

fn transport(config: &Config, resolver: &Resolver) -> Result<Transport> {
    let limits = Limits {
        connections: if config.smtp_relay.is_some() {
            config.smtp_connections.min(20)
        } else {
            config.smtp_connections_per_host
        },
        per_second: config.smtp_messages_per_second_per_host.filter(|_| config.smtp_relay.is_none()),
        ..Limits::default()
    };
    let made = match &config.smtp_relay {
        Some(url) => {
            let relay = Relay::parse(url).map_err(|error| Failure::input(format_args!("smtp_relay: {error}")))?;
            Transport::relay(relay, resolver.clone(), &config.hostname, limits)
        }
        None => Transport::direct(resolver.clone(), &config.hostname, limits),
    };
    made.map_err(|error| Failure::failed(format_args!("TLS cannot be set up: {error}")))
}

/// A "cancel" that answers a mail about an appointment calls it off.
fn call_off() -> CallOff {
    Arc::new(|ctx, source, who| Box::pin(async move { api::booking_jobs::call_off_by_mail(&ctx, source, who).await }))
}

/// Answers to invitations go to the bookings they are about.
fn answers() -> TakeAnswer {
    Arc::new(|ctx, writer, part| {
        Box::pin(async move {
            booking::calendars::read_answer(ctx, writer, part).await.map_err(|error| match error {
                booking::Error::Store(error) => error,
                other => store::Error::Refused(other.problem()),
            })
        })
    })
}
