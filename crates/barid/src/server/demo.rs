//! `barid demo`: a sample workspace with people in both languages, and a mail catcher.

use std::path::PathBuf;
use std::sync::Arc;

use campaigns::CampaignDraft;
use content::{Body, Source, designs};
use kernel::{Email, Locale, Pii, TopicId};
use people::import::{Basis, Imports, Origin, Settings, Upload, start};
use privacy::vocabulary::Purpose;
use serde_json::json;
use store::jobs::{self, Handler};
use store::{Actor, Core, Ctx};

use super::init::first_workspace;
use super::open::{make_directory, make_master_key, open};
use super::serve::{log, run};
use crate::commands::{FirstWorkspace, lock};
use crate::config::{Config, MasterKey};
use crate::outcome::{Failure, Result};

const OWNER: &str = "owner@barid.example";
/// Whom the sample workspace writes as.
const SENDER: &str = "news@sample.example";
const PASSWORD: &str = "barid-demo-password";
const TOPIC: &str = "Newsletter";

/// Sample people in both languages, with the evidence their countries ask for.
const PEOPLE: &str = include_str!("sample.csv");

/// Serves the sample workspace; without `keep`, from a directory that goes away with it.
pub(crate) async fn demo(mut config: Config, keep: Option<PathBuf>, json: bool) -> Result<()> {
    log(&config);
    let temporary = keep.is_none();
    if temporary {
        config.data = std::env::temp_dir().join(format!("barid-demo-{}", std::process::id()));
        config.master_key = MasterKey::File(config.data.join("master.key"));
    }
    make_directory(&config)?;
    let _lock = lock(&config)?;
    make_master_key(&config)?;
    let core = open(&config).await?;
    let key = if core.vault.workspaces().await.map_err(Failure::failed)?.is_empty() {
        Some(sample(&core).await?)
    } else {
        None
    };
    let outcome = run(&config, core, true, |address| tell(&config, address, key.as_deref(), json)).await;
    if temporary {
        std::fs::remove_dir_all(&config.data).map_err(Failure::failed)?;
    }
    outcome
}

fn tell(config: &Config, address: std::net::SocketAddr, key: Option<&str>, json: bool) {
    if json {
        let told = json!({ "url": config.public_url, "listen": address.to_string(), "email": OWNER,
            "password": PASSWORD, "api_key": key, "catcher": format!("{}/catcher", config.public_url) });
        println!("{told}");
        return;
    }
    println!("Barid demo: {}", config.public_url);
    println!("Sign in:    {OWNER} / {PASSWORD}");
    if let Some(key) = key {
        println!("API key:    {key}");
    }
    println!("Mail:       {}/catcher shows every message; nothing leaves this machine", config.public_url);
    println!();
    println!("Try: barid campaign send CAMPAIGN_ID --wait --server {} --key …", config.public_url);
}

/// Makes the sample workspace; answers its API key.
async fn sample(core: &Core) -> Result<String> {
    let first = FirstWorkspace {
        name: "Sample · عينة".to_owned(),
        owner_email: Email::parse(OWNER).map_err(Failure::failed)?,
        owner_password: Pii::new(PASSWORD.to_owned()),
        postal_address: Some("Sample Organisation, 1 Harbour Street, 20457 Hamburg, Germany".to_owned()),
        language: "en",
    };
    let made = first_workspace(core, first).await?;
    let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
    let ctx = core.ctx(text("workspace").parse().map_err(Failure::failed)?, Actor::Console);
    write_as_the_sample(&ctx).await?;
    let topic = topic(&ctx).await?;
    people(&ctx, topic).await?;
    let outbound =
        outbound::Outbound::new(privacy::gate::Gate::new(), outbound::Channels::default(), "http://127.0.0.1");
    let campaign = campaigns::create(&ctx, &outbound, campaign(topic)?).await;
    campaign.map_err(|error| Failure::problem(&error.problem()))?;
    Ok(text("api_key"))
}

/// Confirmations and account mail need somebody whom they come from.
async fn write_as_the_sample(ctx: &Ctx) -> Result<()> {
    let sender = serde_json::json!({ "name": "Sample", "email": SENDER });
    let settings = Some([("default_sender".to_owned(), sender)].into_iter().collect());
    let change = accounts::workspaces::Change { settings, ..accounts::workspaces::Change::default() };
    accounts::workspaces::update(ctx, change).await.map_err(|error| Failure::problem(&error.problem()))?;
    Ok(())
}

async fn topic(ctx: &Ctx) -> Result<TopicId> {
    let draft = people::topics::TopicDraft {
        name: TOPIC.to_owned(),
        description_en: "News once a month".to_owned(),
        description_ar: "أخبار مرة في الشهر".to_owned(),
        ..people::topics::TopicDraft::default()
    };
    Ok(people::topics::create(ctx, draft).await.map_err(|error| Failure::problem(&error.problem()))?.id)
}

/// Imports the sample people the way any file is imported.
async fn people(ctx: &Ctx, topic: TopicId) -> Result<()> {
    let refuse = |error: people::Error| Failure::problem(&error.problem());
    let mut upload = Upload::begin(ctx).await.map_err(refuse)?;
    upload.write(PEOPLE.as_bytes()).await.map_err(refuse)?;
    let staged = upload.finish().await.map_err(refuse)?;
    let origin = Origin {
        basis: Basis::ConsentDoi,
        source: "sample sign-up form".to_owned(),
        collected_on: kernel::Date::constant(2026, 6, 2),
        sale_date: None,
        assessment: None,
        reason: None,
        profile: None,
    };
    let settings = Settings { topic, origin, attributes: Vec::new(), purchased: false, tracking: true, dry_run: false };
    start(ctx, staged, settings).await.map_err(refuse)?;
    let handlers: [Arc<dyn Handler>; 1] = [Arc::new(Imports)];
    jobs::drain(&ctx.core, &handlers).await.map_err(Failure::failed)?;
    Ok(())
}

fn source(design: &str, subject: &str, language: Locale) -> Source {
    Source { body: Body::Mjml(design.to_owned()), text: None, subject: subject.to_owned(), preheader: None, language }
}

fn campaign(topic: TopicId) -> Result<CampaignDraft> {
    let arabic = source(designs::NEWSLETTER_AR, "أخبار هذا الشهر", Locale::ar());
    Ok(CampaignDraft {
        name: "First newsletter · أول نشرة".to_owned(),
        from_name: "Sample".to_owned(),
        from_email: Email::parse(SENDER).map_err(Failure::failed)?,
        reply_to: None,
        topic,
        segment: None,
        purpose: Purpose::MARKETING,
        reason: None,
        prospecting: None,
        track: true,
        content: source(designs::NEWSLETTER_EN, "News of the month", Locale::en()),
        variants: [(Locale::ar(), arabic)].into(),
    })
}
