//! The demo's workspace: the samples that everybody can load, two campaigns that went out days ago, and
//! something in every register. Nothing is written past the product: campaigns pass the gate and end in the
//! catcher, opens and bounces arrive where real ones do, registers are filled through the API.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::Method;
use campaigns::samples::{self, Language};
use http_server::testing::TestClient;
use kernel::{CampaignId, Clock, Email, Pii, Timestamp};
use mail::catcher::Catcher;
use mail::channel::{MailChannel, NextHop, Settings};
use outbound::incoming::{self, Asked, Bounce};
use outbound::tracking::{self, Signals};
use outbound::{Channels, DeliveryState, DeliveryView, Outbound};
use people::segments::live::Live;
use privacy::gate::Gate;
use serde_json::{Value as Json, json};
use store::jobs::{self, Handler};
use store::{Actor, Core, Ctx};

use super::demo::{OWNER, PASSWORD};
use super::init::first_workspace;
use super::wiring::Process;
use crate::commands::FirstWorkspace;
use crate::config::Config;
use crate::outcome::{Failure, Result};

/// Whom the sample workspace writes as.
const SENDER: &str = "news@sample.example";
const BROWSERS: [&str; 3] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
];
/// A mailbox provider that fetches pictures for its users.
const PROXY: &str = "Mozilla/5.0 (Windows NT 5.1) Gecko/2009021910 Firefox/3.0.7 (via ggpht.com GoogleImageProxy)";
const DAY: i64 = 86_400;
const HOUR: i64 = 3600;

/// A clock that is set by hand: the demo's past.
struct Past(AtomicI64);

impl Clock for Past {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

impl Past {
    fn set(&self, at: Timestamp) {
        self.0.fetch_max(at.0, Ordering::SeqCst);
    }
}

/// The process as it was days ago.
struct Then {
    clock: Arc<Past>,
    ctx: Ctx,
    outbound: Outbound,
    handlers: Vec<Arc<dyn Handler>>,
}

impl Then {
    fn new(clock: Arc<Past>, ctx: Ctx) -> Self {
        let core = ctx.core.clone();
        let channel = MailChannel::new(
            core.clone(),
            NextHop::Catcher(Catcher::new(core)),
            Settings { relay_signs: false, inbound: false },
        );
        let channels = Channels::default().with(Arc::new(channel) as Arc<dyn outbound::Channel>);
        let outbound = Outbound::new(Gate::new(), channels, "http://127.0.0.1");
        let handlers: Vec<Arc<dyn Handler>> = vec![
            Arc::new(people::import::Imports),
            Arc::new(campaigns::MaterialiseJob::new(outbound.clone(), Live::new())),
            Arc::new(outbound::SendJob::new(outbound.clone())),
            Arc::new(campaigns::FinishJob),
            Arc::new(outbound.gate().erasure_jobs()),
        ];
        Self { clock, ctx, outbound, handlers }
    }

    async fn work(&self) -> Result<()> {
        jobs::drain(&self.ctx.core, &self.handlers).await.map_err(Failure::failed)?;
        Ok(())
    }
}

/// Makes the sample workspace; answers its API key.
pub(super) async fn sample(config: &Config, core: &Core) -> Result<String> {
    let now = core.now();
    let clock = Arc::new(Past(AtomicI64::new(now.plus_seconds(-12 * DAY).0)));
    let then =
        Core::new(core.db.clone(), core.vault.clone(), Arc::clone(&clock) as Arc<dyn Clock>, Arc::clone(&core.rng));
    let first = FirstWorkspace {
        name: "Sample · عينة".to_owned(),
        owner_email: Email::parse(OWNER).map_err(Failure::failed)?,
        owner_password: Pii::new(PASSWORD.to_owned()),
        postal_address: Some("Sample Organisation, 1 Harbour Street, 20457 Hamburg, Germany".to_owned()),
        language: "en",
    };
    let made = first_workspace(&then, first).await?;
    let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
    let ctx = then.ctx(text("workspace").parse().map_err(Failure::failed)?, Actor::Console);
    describe(&ctx).await?;
    let then = Then::new(clock, ctx);
    let loaded = samples::load(&then.ctx, &then.outbound, Language::English).await.map_err(refused)?;
    then.work().await?;
    let mut campaigns = loaded.campaigns.iter();
    for (number, days) in [(0, 9), (1, 3)] {
        let Some(id) = campaigns.next() else { break };
        then.clock.set(now.plus_seconds(-days * DAY));
        send(&then, *id, number).await?;
    }
    registers(config, core, &text("api_key")).await?;
    let now = core.ctx(then.ctx.workspace, Actor::Console);
    let hub = conversations::hub::Hub::new();
    conversations::samples::load(&now, &hub, &config.public_url)
        .await
        .map_err(|error| Failure::problem(&error.problem()))?;
    booking::samples::load_once(&now).await.map_err(|error| Failure::problem(&error.problem()))?;
    Ok(text("api_key"))
}

fn refused(error: campaigns::Error) -> Failure {
    Failure::problem(&error.problem())
}

/// Confirmations and account mail need somebody whom they come from.
async fn describe(ctx: &Ctx) -> Result<()> {
    let settings = [
        ("default_sender".to_owned(), json!({ "name": "Sample", "email": SENDER })),
        ("time_zone".to_owned(), json!("Europe/Berlin")),
        ("country".to_owned(), json!("DE")),
    ];
    let settings = Some(settings.into_iter().collect());
    let change = accounts::workspaces::Change { settings, ..accounts::workspaces::Change::default() };
    accounts::workspaces::update(ctx, change).await.map_err(|error| Failure::problem(&error.problem()))?;
    Ok(())
}

/// What somebody does with a message.
#[derive(Clone, Copy)]
enum Act {
    Open(&'static str),
    Click(u32, &'static str),
    Bounce(&'static str, bool),
    Leave,
    Complain,
}

/// Sends a campaign, and lets people do what people do with mail.
async fn send(then: &Then, id: CampaignId, number: usize) -> Result<()> {
    campaigns::send(&then.ctx, &then.outbound, id, 0).await.map_err(refused)?;
    then.work().await?;
    let failed = |error: outbound::Error| Failure::problem(&error.problem());
    let deliveries = outbound::list_deliveries(&then.ctx, id.into(), None, 1000).await.map_err(failed)?;
    let sent: Vec<DeliveryView> = deliveries.into_iter().filter(|one| one.state == DeliveryState::Sent).collect();
    let begun = then.ctx.now();
    let mut acts: Vec<(i64, usize, Act)> = Vec::new();
    for (place, _) in sent.iter().enumerate() {
        acts.extend(habits(place, number).into_iter().map(|(after, act)| (after, place, act)));
    }
    acts.sort_by_key(|(after, place, _)| (*after, *place));
    for (after, place, act) in acts {
        then.clock.set(begun.plus_seconds(after));
        happens(then, &sent[place], act).await?;
    }
    then.work().await
}

/// What the person at this place of the list does, and how many seconds after sending. About half open,
/// most of them within a few hours; every sixth follows a link; a few addresses are dead.
fn habits(place: usize, number: usize) -> Vec<(i64, Act)> {
    let (n, seed) = (place as i64, (place * 37 + number * 11) % 100);
    let browser = BROWSERS[(place + number) % BROWSERS.len()];
    let soon = 240 + (n * 613) % (5 * HOUR);
    match seed {
        0 | 1 => vec![(40, Act::Bounce("hard_address", true))],
        2 => vec![(90, Act::Bounce("full", false))],
        3 => vec![(soon, Act::Open(browser)), (soon + 30, Act::Leave)],
        4 if number == 0 => vec![(soon, Act::Complain)],
        5..=22 => {
            let link = u32::from(seed % 3 == 0);
            let (open, click) = (Act::Open(browser), Act::Click(link, browser));
            vec![(soon, open), (soon + 20 + n % 60, click), (soon + 26 * HOUR, Act::Open(browser))]
        }
        23..=45 => vec![(soon, Act::Open(browser))],
        46..=52 => vec![(soon + 20 * HOUR, Act::Open(browser))],
        53..=60 => vec![(6, Act::Open(PROXY))],
        _ => Vec::new(),
    }
}

async fn happens(then: &Then, delivery: &DeliveryView, act: Act) -> Result<()> {
    let (ctx, gate) = (&then.ctx, then.outbound.gate());
    let signals = |agent: &'static str, click: bool| Signals {
        head: false,
        prefetch: false,
        user_agent: agent,
        sent_at: delivery.sent_at,
        at: ctx.now(),
        links_just_followed: 0,
        click,
    };
    let done = match act {
        Act::Open(agent) => tracking::open(ctx, delivery.id, signals(agent, false)).await,
        Act::Click(link, agent) => tracking::click(ctx, (delivery.id, link), signals(agent, true)).await,
        Act::Bounce(class, suppress) => {
            let status = Some(if suppress { "5.1.1" } else { "4.2.2" }.to_owned());
            incoming::bounced(ctx, gate, Bounce { delivery: delivery.id, class, suppress, status }).await
        }
        Act::Leave => {
            let evidence = json!({ "by": "one-click" });
            incoming::unsubscribed(ctx, gate, delivery.id, Asked::ThisTopic, evidence).await
        }
        Act::Complain => incoming::complained(ctx, gate, delivery.id, "abuse").await,
    };
    done.map_err(|error| Failure::problem(&error.problem()))
}

/// Something in every register, through the API.
async fn registers(config: &Config, core: &Core, key: &str) -> Result<()> {
    let process = Process::build(config, core, true).await?;
    let client = TestClient::new(process.router()).bearer(key).with("content-type", "application/json");
    let day = |days: i64| core.now().plus_seconds(days * DAY).date().to_string();
    let contacts = call(&client, Method::GET, "/v1/contacts?limit=3", Json::Null).await?;
    let person = contacts["items"][0]["id"].clone();
    let content = json!({ "subject": "Welcome", "language": "en", "html": "<html><body><p>Welcome, {{ first_name | fallback: \
        \"friend\" }}.</p><p>{{ organisation }}, {{ postal_address }}</p><p><a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></p></body></html>" });
    let letters = json!({ "name": "Letters to companies", "purpose": "marketing" });
    let step = |days: u32| json!({ "wait_days": days, "content": content });
    let calls = [
        ("/v1/templates", json!({ "name": "Plain welcome", "content": content })),
        ("/v1/fields", json!({ "label": "Membership", "kind": "text", "purpose": "service" })),
        ("/v1/members", json!({ "email": "layla@barid.example", "role": "author" })),
        (
            "/v1/sequences",
            json!({ "name": "Welcome in two steps", "from": "Sample <news@sample.example>", "topic": "Newsletter",
            "steps": [step(0), step(4)] }),
        ),
        ("/v1/cookie-sites", json!({ "name": "sample.example", "design": { "hosts": ["sample.example"] } })),
        ("/v1/privacy/processors", json!({ "name": "Harbour Hosting", "location": "Germany" })),
        ("/v1/privacy/processors", json!({ "name": "Relay & Post", "location": "Netherlands" })),
        ("/v1/privacy/documents", json!({ "kind": "dpa", "title": "Agreement with Harbour Hosting" })),
        ("/v1/privacy/incidents", json!({ "kind": "breach", "details": { "title": "Drill: a lost laptop" } })),
        ("/v1/privacy/authority-requests", json!({ "body": "Regional Court" })),
        ("/v1/privacy/assessments", letters),
        (
            "/v1/privacy/approvals",
            json!({ "country": "US", "channel": "sms", "goal": "Reminders of workshops",
            "samples": ["The workshop begins tomorrow at six."] }),
        ),
        ("/v1/privacy/business-activities", json!({ "code": "85.59", "description": "Courses and workshops" })),
        (
            "/v1/privacy/notices",
            json!({ "notice": "terms", "texts": { "en": "How we keep what you tell us, and for how long.",
            "ar": "كيف نحفظ ما تخبروننا به، وإلى متى." } }),
        ),
        (
            "/v1/privacy/requests",
            json!({ "type": "access", "subject": person, "evidence": "passport seen at the desk" }),
        ),
        ("/v1/privacy/holds", json!({ "kind": "dispute", "class": "tax", "reason": format!("case of {}", day(-30)) })),
    ];
    for (path, body) in calls {
        call(&client, Method::POST, path, body).await?;
    }
    process.mailing.close();
    Ok(())
}

async fn call(client: &TestClient, method: Method, path: &str, body: Json) -> Result<Json> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = client.send(method, path, body).await;
    if answer.status.is_success() {
        return Ok(answer.json());
    }
    let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
    Err(Failure::failed(format_args!("the sample cannot be made at {path}: {detail}")))
}
