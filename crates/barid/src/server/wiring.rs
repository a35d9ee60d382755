//! The process, built from its parts.

use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use accounts::throttle::Rate;
use api::App;
use api::own_numbers::OwnNumbers;
use api::pages::Hits;
use api::shell::Shell;
use api::shell::chat::{Scanner, WebScanner};
use axum::Router;
use billing::recharge::Tills;
use booking::calendars::Calendars;
use booking::payments::Payments;
use calls::lookup::Lookups;
use calls::verify::Verify;
use calls::voice::Voice;
use http_server::{Options, Toolbox};
use mail::dns::Resolver;
use outbound::Outbound;
use outbound::lines::Carriers;
use outbound::till::HouseTill;
use outbound::webhooks::{GuardedClient, Policy, SystemLookup, Webhooks};
use people::segments::live::Live;
use privacy::gate::Gate;
use store::jobs::{self, Handler};
use store::{Actor, Core};
use telecom::chat_apps::Apps;
use telecom::chat_apps::line::AppLine;
use telecom::customers::Desk;
use telecom::messages::{Sms, SmsLine};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::mailing::Mailing;
use super::nodes::Node;
use crate::config::Config;
use crate::outcome::{Failure, Result};

/// Everything that runs.
pub(super) struct Process {
    pub(super) app: App,
    pub(super) mailing: Mailing,
    pub(super) hits: Hits,
    catching: bool,
    node: Node,
    handlers: Vec<Arc<dyn Handler>>,
    /// How other nodes are woken, when there are any.
    wake: Option<Arc<dyn store::wake::Wake>>,
}

impl Process {
    /// Builds the process; nothing runs yet.
    pub(super) async fn build(config: &Config, core: &Core, catch: bool) -> Result<Self> {
        let gate = Gate::new();
        super::open::make_ready(core, &gate).await?;
        let node = Node::new(core);
        node.recover().await.map_err(Failure::failed)?;
        let resolver =
            Resolver::new(config.resolver, config.mx_port, Arc::clone(&core.rng)).map_err(Failure::failed)?;
        let mailing = Mailing::build(config, core, &resolver, catch)?;
        declared(config);
        let outbound = Outbound::new(gate, mailing.channels(), &config.public_url);
        let accounts = Accounts::new(core.clone(), config.accounts()?);
        let policy = Policy::new(config.webhook_allowed_hosts.iter().map(String::as_str))
            .map_err(|entry| Failure::input(format_args!("webhook_allowed_hosts: {entry} is not a host")))?;
        let webhooks = Webhooks::new(core.clone(), policy, Arc::new(SystemLookup)).map_err(Failure::failed)?;
        let policy = Policy::new(config.calendar_allowed_hosts.iter().map(String::as_str))
            .map_err(|entry| Failure::input(format_args!("calendar_allowed_hosts: {entry} is not a host")))?;
        let calendars = Calendars::new(policy, Arc::new(SystemLookup), &config.public_url).map_err(Failure::failed)?;
        let policy = Policy::new(config.payment_allowed_hosts.iter().map(String::as_str))
            .map_err(|entry| Failure::input(format_args!("payment_allowed_hosts: {entry} is not a host")))?;
        let payments = Payments::new(policy, Arc::new(SystemLookup), &config.public_url).map_err(Failure::failed)?;
        let policy = Policy::new(config.payment_allowed_hosts.iter().map(String::as_str))
            .map_err(|entry| Failure::input(format_args!("payment_allowed_hosts: {entry} is not a host")))?;
        let account = config.recharge.as_ref().map(crate::config::Recharging::account).transpose()?;
        let tills = HouseTill::new(policy, Arc::new(SystemLookup), account, &config.public_url);
        let tills: Arc<dyn Tills> = Arc::new(tills.map_err(Failure::failed)?);
        let live = Live::new();
        let sms = Sms::new(outbound.gate().clone(), telecom::routes::Live::new(mail::smtp::verified().ok()))
            .reached_at(&config.public_url)
            .calling_off(Arc::new(api::booking_jobs::CancelAppointments));
        outbound.carry_texts(Arc::new(sms.clone()));
        let customers = Desk::new(core.clone(), sms.clone());
        let verify = Verify::new(outbound.clone(), Arc::new(api::verify_sms::CodesBySms::new(sms.clone())));
        let policy = Policy::new(config.lookup_allowed_hosts.iter().map(String::as_str))
            .map_err(|entry| Failure::input(format_args!("lookup_allowed_hosts: {entry} is not a host")))?;
        let lookups = Lookups::new(policy, Arc::new(SystemLookup)).map_err(Failure::failed)?;
        let policy = Policy::new(config.call_allowed_hosts.iter().map(String::as_str))
            .map_err(|entry| Failure::input(format_args!("call_allowed_hosts: {entry} is not a host")))?;
        let fetching =
            GuardedClient::new(policy, Arc::new(SystemLookup), Duration::from_secs(10)).map_err(Failure::failed)?;
        let (first_port, last_port) = config.rtp_ports;
        let about = calls::voice::Options { speech: config.speech_program.clone(), first_port, last_port };
        let voice = Voice::new(core.clone(), outbound.gate().clone(), fetching, &about);
        if let Some(at) = config.sip_listen {
            verify.speak_with(Arc::new(api::verify_voice::CodesByVoice::new(voice.clone())));
            voice
                .listen(at, config.sip_public)
                .await
                .map_err(|error| Failure::failed(format_args!("sip_listen: {at} cannot be listened at: {error}")))?;
        }
        let rate = config.requests_per_second_per_key;
        let options = Options {
            public_url: config.public_url.clone(),
            per_caller: Rate::per_second(rate, rate.saturating_mul(2)),
            ..Options::default()
        };
        let mut handlers = handlers(&outbound, &live, &webhooks, &sms);
        handlers.push(Arc::new(booking::calendars::SyncJob::new(calendars.clone())));
        handlers.push(Arc::new(booking::calendars::CopyJob::new(calendars.clone())));
        handlers.push(Arc::new(booking::payments::PaymentJob::new(payments.clone())));
        handlers.push(Arc::new(billing::recharge::RechargeJob::new(Arc::clone(&tills))));
        handlers.push(Arc::new(outbound::recharge_notices::RechargeNotices::new(outbound.clone())));
        handlers.push(Arc::new(api::booking_jobs::SmsReminders::new(sms.clone())));
        handlers.push(Arc::new(calls::verify::ExpireVerifications));
        handlers.push(Arc::new(calls::voice::PlaceCalls::new(voice.clone())));
        let shell = Shell::new(super::mailing::way(config, catch));
        let apps = chat_apps(&outbound, &shell, &sms, config)?;
        handlers.extend(chat_handlers(&outbound, &shell, config)?);
        handlers.extend(line_handlers(&shell, apps));
        let app = App {
            core: core.clone(),
            toolbox: Toolbox::new(accounts.clone(), options),
            accounts,
            outbound,
            webhooks,
            calendars,
            payments,
            tills,
            live,
            sms,
            customers,
            verify,
            lookups,
            voice,
            resolver,
            mail_host: config.hostname.as_str().into(),
            data: config.data.clone(),
            image_quota: config.image_quota,
            shell,
        };
        let wake = match &config.nats_url {
            Some(url) => {
                let nats = store::wake::Nats::connect(url, &core.vault)
                    .map_err(|error| Failure::input(format_args!("nats_url: {error}")))?;
                Some(Arc::new(nats) as Arc<dyn store::wake::Wake>)
            }
            None => None,
        };
        Ok(Self { app, mailing, hits: Hits::default(), catching: catch, node, handlers, wake })
    }

    /// All routes.
    pub(super) fn router(&self) -> Router {
        let toolbox = &self.app.toolbox;
        let core = self.app.core.clone();
        let ready: http_server::Ready = Arc::new(move || {
            let core = core.clone();
            Box::pin(async move {
                store::feed::heads(&core.db).await.map_err(|error| error.problem())?;
                Ok(())
            })
        });
        let surfaces = Router::new().merge(api::v1::router(toolbox)).merge(api::pages::router_with(self.hits.clone()));
        let surfaces = if self.catching { surfaces.merge(api::pages::catcher::router()) } else { surfaces };
        let surfaces = surfaces.with_state(self.app.clone());
        let router = surfaces.merge(http_server::probes(toolbox.metrics().clone(), ready)).merge(web_assets::router());
        toolbox.finish(router)
    }

    /// Starts workers, feeders and timers; they end when `shutdown` turns true.
    pub(super) fn start(&self, shutdown: &watch::Receiver<bool>) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        let core = self.app.core.clone();
        tasks.spawn(self.node.clone().live(shutdown.clone()));
        tasks.spawn(jobs::run(core.clone(), self.handlers.clone(), shutdown.clone()));
        tasks.spawn(self.app.webhooks.clone().run_feeder(shutdown.clone()));
        let (live, indexed, mut stop) = (self.app.live.clone(), core.clone(), shutdown.clone());
        tasks.spawn(async move {
            warm(&live, &indexed).await;
            tokio::select! {
                () = live.follow(&indexed) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        });
        let (hub, core_of_hub, mut stop) = (self.app.shell.chat().hub().clone(), core.clone(), shutdown.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = hub.follow(core_of_hub) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        });
        let (index, indexed, mut stop) = (self.app.shell.chat().index().clone(), core.clone(), shutdown.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = index.follow(indexed) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        });
        if let Some(wake) = self.wake.clone() {
            let (db, mut stop) = (core.db.clone(), shutdown.clone());
            tasks.spawn(async move {
                tokio::select! {
                    () = store::wake::run(db, wake) => {}
                    _ = stop.wait_for(|stop| *stop) => {}
                }
            });
        }
        tasks.spawn(self.app.customers.clone().run(shutdown.clone()));
        let (sms, mut stop) = (self.app.sms.clone(), shutdown.clone());
        let bound = core.clone();
        tasks.spawn(async move {
            // Routes may be changed on another node too.
            every(Duration::from_secs(30), stop.clone(), || bind(&sms, &bound)).await;
            let _ = stop.wait_for(|stop| *stop).await;
            sms.close().await;
        });
        let (voice, mut stop) = (self.app.voice.clone(), shutdown.clone());
        let trunks = core.clone();
        tasks.spawn(async move {
            // Trunks may be changed on another node too, and their hosts may move.
            every(Duration::from_secs(30), stop.clone(), || connect(&voice, &trunks)).await;
            let _ = stop.wait_for(|stop| *stop).await;
            voice.close().await;
        });
        let (app, stop) = (self.app.clone(), shutdown.clone());
        tasks.spawn(every(Duration::from_hours(1), stop, move || {
            let app = app.clone();
            async move { api::housekeeping::hourly(&app).await }
        }));
        let (app, stop) = (self.app.clone(), shutdown.clone());
        tasks.spawn(async move {
            let log = app.toolbox.calls().clone();
            every(Duration::from_secs(1), stop, || log.flush(&app.core)).await;
            // What was answered and counted meanwhile, so that a clean stop loses nothing.
            log.flush(&app.core).await;
            people::write_reads_down(&app.core).await;
        });
        tasks
    }
}

/// Says so when data leave by a way of which nobody declared what the other end is in law.
fn declared(config: &Config) {
    let mail = if config.smtp_relay.is_some() { mail::connectors::RELAY } else { mail::connectors::DIRECT };
    let in_use = [
        mail,
        mail::connectors::RESOLVER,
        outbound::webhooks::CONNECTOR,
        booking::calendars::CONNECTOR,
        booking::payments::CONNECTOR,
        outbound::till::CONNECTOR,
        telecom::routes::CONNECTOR,
        calls::lookup::CONNECTOR,
        calls::trunks::CONNECTOR,
        calls::voice::FETCH_CONNECTOR,
        telecom::chat_apps::CONNECTOR,
        conversations::push::CONNECTOR,
        "backup",
    ];
    for code in privacy::connectors::undeclared(&in_use) {
        tracing::warn!(code, "this connector has no role; the record of processing activities is incomplete");
    }
}

fn handlers(outbound: &Outbound, live: &Live, webhooks: &Webhooks, sms: &Sms) -> Vec<Arc<dyn Handler>> {
    vec![
        Arc::new(outbound::SendJob::new(outbound.clone())),
        Arc::new(outbound::incoming::SuppressJob::new(outbound.gate().clone())),
        Arc::new(outbound::notices::AccountNotices::new(outbound.clone())),
        Arc::new(outbound::notices::Confirmations::new(outbound.clone())),
        Arc::new(booking::mails::MailJob::new(outbound.clone())),
        Arc::new(outbound::request_notices::RequestNotices::new(outbound.clone())),
        Arc::new(outbound::request_notices::RecipientNotices::new(outbound.clone(), webhooks.clone())),
        Arc::new(people::requests::Intakes),
        Arc::new(outbound::announcements::Announcements::new(outbound.clone())),
        Arc::new(campaigns::StartJob::new(outbound.clone())),
        Arc::new(campaigns::MaterialiseJob::new(outbound.clone(), live.clone())),
        Arc::new(campaigns::FinishJob),
        Arc::new(campaigns::sequences::EnrolJob::new(live.clone())),
        Arc::new(campaigns::sequences::StepJob::new(outbound.clone(), live.clone())),
        Arc::new(campaigns::sequences::WaveJob),
        Arc::new(campaigns::sequences::SignalJob),
        Arc::new(people::unused::FieldValues),
        Arc::new(people::bulk::Bulk::new(outbound.gate().clone(), live.clone())),
        Arc::new(people::import::Imports),
        Arc::new(outbound.gate().erasure_jobs()),
        webhooks.handler(),
        Arc::new(telecom::messages::SendMessages::new(sms.clone())),
        Arc::new(telecom::messages::MatchReceipts),
        Arc::new(telecom::messages::RunJob::new(sms.clone())),
        Mailing::handler(outbound),
    ]
}

/// The ways besides mail over which conversations go.
fn chat_apps(outbound: &Outbound, shell: &Shell, sms: &Sms, config: &Config) -> Result<Apps> {
    let policy = Policy::new(config.chat_app_hosts.iter().map(String::as_str))
        .map_err(|entry| Failure::input(format_args!("chat_app_hosts: {entry} is not a host")))?;
    let apps = Apps::new(outbound.gate().clone(), policy, Arc::new(SystemLookup), &config.public_url)
        .map_err(Failure::failed)?;
    let carriers = Carriers::default()
        .with(Arc::new(OwnNumbers::new(SmsLine::new(sms.clone()))))
        .with(Arc::new(AppLine::new(apps.clone())));
    shell.chat().carry_with(carriers);
    shell.chat().apps_with(apps.clone());
    Ok(apps)
}

/// What conversations over SMS and chat apps do by themselves.
fn line_handlers(shell: &Shell, apps: Apps) -> Vec<Arc<dyn Handler>> {
    let chat = shell.chat();
    let scanned = chat.scanner().is_some();
    vec![
        Arc::new(conversations::lines::CameInJob::new(chat.carriers().clone(), chat.hub().clone(), scanned)),
        Arc::new(conversations::lines::LeaveJob::new(chat.carriers().clone())),
        Arc::new(telecom::chat_apps::SendChats::new(apps)),
    ]
}

/// What the live chat does by itself.
fn chat_handlers(outbound: &Outbound, shell: &Shell, config: &Config) -> Result<Vec<Arc<dyn Handler>>> {
    let chat = shell.chat();
    let push = conversations::push::Push::new(&config.push_allowed_hosts, Arc::new(SystemLookup), &config.public_url)
        .map_err(|detail| Failure::input(format_args!("push_allowed_hosts: {detail}")))?;
    chat.push_with(push.clone());
    chat.index_with(conversations::index::Index::new(config.search_memory));
    match (&config.file_scanner, &config.file_scanner_url) {
        (Some(_), Some(_)) => {
            return Err(Failure::input(format_args!("file_scanner and file_scanner_url: name one of them")));
        }
        (Some(program), None) => chat.scan_with(Scanner::Program(program.clone())),
        (None, Some(url)) => {
            let web = WebScanner::new(url, Arc::new(SystemLookup))
                .map_err(|detail| Failure::input(format_args!("file_scanner_url: {detail}")))?;
            chat.scan_with(Scanner::Web(web));
        }
        (None, None) => {}
    }
    Ok(vec![
        Arc::new(conversations::push::DecideJob::new(chat.hub().clone())),
        Arc::new(conversations::push::DeliverJob::new(push)),
        Arc::new(conversations::mailing::MailJob::new(outbound.clone(), chat.hub().clone())),
        Arc::new(conversations::timers::TimerJob::new(chat.hub().clone())),
        Arc::new(conversations::reports::ReportJob::new(outbound.clone())),
        Arc::new(api::chat_jobs::MailInJob::new(chat.clone())),
        Arc::new(api::chat_jobs::ScanJob::new(chat.clone())),
    ])
}

/// Opens and closes sessions to operators as each workspace's routes say.
async fn bind(sms: &Sms, core: &Core) {
    let Ok(workspaces) = core.vault.workspaces().await else { return };
    for workspace in workspaces {
        if let Err(error) = sms.follow(&core.ctx(workspace, Actor::System)).await {
            tracing::warn!(%workspace, %error, "the routes of a workspace cannot be read yet");
        }
    }
}

/// Brings trunks of every workspace up to date.
async fn connect(voice: &Voice, core: &Core) {
    if !voice.is_on() {
        return;
    }
    let Ok(workspaces) = core.vault.workspaces().await else { return };
    for workspace in workspaces {
        if let Err(error) = voice.follow(&core.ctx(workspace, Actor::System)).await {
            tracing::warn!(%workspace, %error, "the trunks of a workspace cannot be read yet");
        }
    }
}

async fn warm(live: &Live, core: &Core) {
    let Ok(workspaces) = core.vault.workspaces().await else { return };
    for workspace in workspaces {
        if let Err(error) = live.warm(&core.ctx(workspace, Actor::System)).await {
            tracing::warn!(%workspace, %error, "the audience index cannot be read yet");
        }
    }
}

/// Runs `work` now and then again after each `pause`.
async fn every<F: Future<Output = ()>>(pause: Duration, mut stop: watch::Receiver<bool>, work: impl Fn() -> F) {
    while !*stop.borrow() {
        work().await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => {}
        }
    }
}
