//! `barid demo`: a sample workspace with people in both languages, and a mail catcher.

use std::path::PathBuf;

use serde_json::json;

use super::open::{make_directory, make_master_key, open};
use super::sample::sample;
use super::serve::{log, run};
use crate::commands::lock;
use crate::config::{Config, MasterKey};
use crate::outcome::{Failure, Result};

pub(super) const OWNER: &str = "owner@barid.example";
pub(super) const PASSWORD: &str = "barid-demo-password";

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
        Some(sample(&config, &core).await?)
    } else {
        None
    };
    let outcome = run(&config, core, true, |address, _| tell(&config, address, key.as_deref(), json)).await;
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
