//! Domains, the ledger, keys and webhooks.

use std::fmt::Write;

use kernel::Timestamp;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::http::Client;
use super::people::save;
use super::text::lines;
use crate::cli::{DomainCommand, KeyCommand, LedgerCommand, NewKey, ReplayWebhook, Server, WebhookCommand};
use crate::offline;
use crate::outcome::{Done, Failure, Report, Result, warn};

fn shown(document: Json) -> Done {
    let text = lines(&document);
    Done::Report(Report::new(document, text))
}

/// Records as they are typed into a zone.
fn records(document: &Json) -> Option<String> {
    let mut out = String::from("Publish these records, then run `barid domain check`:\n");
    for record in document["records"].as_array()? {
        let part = |name: &str| record[name].as_str().unwrap_or_default();
        _ = writeln!(out, "\n{} {}\n  {}", part("name"), part("type"), part("value"));
    }
    Some(out)
}

/// `barid domain`.
///
/// # Errors
/// What the server refuses.
pub async fn domain(command: DomainCommand) -> Result<Done> {
    match command {
        DomainCommand::Add { domain, server } => {
            let answer = Client::new(&server)?.post(&["v1", "domains"], &json!({ "domain": domain })).await?;
            let text = records(&answer).unwrap_or_else(|| lines(&answer));
            Ok(Done::Report(Report::new(answer, text)))
        }
        DomainCommand::Check { domain, server } => {
            let answer = Client::new(&server)?.post(&["v1", "domains", &domain, "check"], &json!({})).await?;
            Ok(shown(answer))
        }
        DomainCommand::List { server } => Ok(shown(Client::new(&server)?.get(&["v1", "domains"]).await?)),
    }
}

async fn verify_online(server: &Server) -> Result<Done> {
    let answer = Client::new(server)?.post(&["v1", "ledger", "verify"], &json!({})).await?;
    let well = answer["ok"] == true;
    let text = if well {
        format!("The ledger verifies: {} records.", answer["records"])
    } else {
        format!("The ledger is broken: the first bad record is {}.", answer["first_bad_seq"])
    };
    if !well {
        warn(&text);
    }
    Ok(Done::Report(Report { json: answer, text, bad: !well }))
}

/// `barid ledger`.
///
/// # Errors
/// What the server refuses, or files that cannot be read. A ledger that does not verify is a report
/// with exit 1.
pub async fn ledger(command: LedgerCommand) -> Result<Done> {
    match command {
        LedgerCommand::Export { server, output } => {
            let client = Client::new(&server)?;
            save(&client, client.request(Method::GET, &["v1", "ledger", "export"]), output.as_deref()).await
        }
        LedgerCommand::Checkpoint { server } => {
            Ok(shown(Client::new(&server)?.post(&["v1", "ledger", "checkpoint"], &json!({})).await?))
        }
        LedgerCommand::Verify(verify) => match &verify.file {
            Some(file) => offline::verify_ledger(file, verify.checkpoint.as_deref()),
            None => verify_online(&verify.server).await,
        },
    }
}

/// An instant given by a flag.
fn instant(flag: &str, given: Option<&String>) -> Result<Option<Timestamp>> {
    let read = |text: &String| text.parse().map_err(|error| Failure::input(format_args!("{flag}: {error}")));
    given.map(read).transpose()
}

async fn create_key(new: &NewKey) -> Result<Done> {
    let mut body = json!({ "name": new.name });
    if let Some(role) = &new.role {
        body["role"] = json!(role);
    } else {
        body["scopes"] = json!(new.scopes);
    }
    if let Some(end) = instant("--expires-at", new.expires_at.as_ref())? {
        body["expires_at"] = json!(end);
    }
    Ok(shown(Client::new(&new.server)?.post(&["v1", "keys"], &body).await?))
}

async fn delete(server: &Server, collection: &str, id: &str) -> Result<Done> {
    let client = Client::new(server)?;
    let answer = client.json(client.request(Method::DELETE, &["v1", collection, id])).await?;
    Ok(shown(if answer.is_null() { json!({ "id": id, "deleted": true }) } else { answer }))
}

/// `barid key`.
///
/// # Errors
/// What the server refuses.
pub async fn key(command: KeyCommand) -> Result<Done> {
    match command {
        KeyCommand::List { server } => Ok(shown(Client::new(&server)?.get(&["v1", "keys"]).await?)),
        KeyCommand::Create(new) => create_key(&new).await,
        KeyCommand::Revoke { id, server } => delete(&server, "keys", &id).await,
    }
}

async fn replay(replay: &ReplayWebhook) -> Result<Done> {
    let body = json!({
        "event": replay.event,
        "from": instant("--from", replay.from.as_ref())?,
        "to": instant("--to", replay.to.as_ref())?,
        "undelivered_only": replay.undelivered_only,
    });
    let answer = Client::new(&replay.server)?.post(&["v1", "webhooks", &replay.id, "replay"], &body).await?;
    Ok(shown(if answer.is_null() { json!({ "id": replay.id, "replaying": true }) } else { answer }))
}

async fn set_state(server: &Server, id: &str, state: &str) -> Result<Done> {
    let client = Client::new(server)?;
    let request = client.request(Method::PATCH, &["v1", "webhooks", id]).json(&json!({ "state": state }));
    Ok(shown(client.json(request).await?))
}

/// `barid webhook`.
///
/// # Errors
/// What the server refuses.
pub async fn webhook(command: WebhookCommand) -> Result<Done> {
    match command {
        WebhookCommand::List { server } => Ok(shown(Client::new(&server)?.get(&["v1", "webhooks"]).await?)),
        WebhookCommand::Add(new) => {
            let body = json!({ "url": new.url, "kinds": new.kinds });
            Ok(shown(Client::new(&new.server)?.post(&["v1", "webhooks"], &body).await?))
        }
        WebhookCommand::Test(one) => {
            let answer = Client::new(&one.server)?.post(&["v1", "webhooks", &one.id, "test"], &json!({})).await?;
            let bad = !answer["error"].is_null();
            let text = lines(&answer);
            Ok(Done::Report(Report { json: answer, text, bad }))
        }
        WebhookCommand::Rotate(one) => {
            Ok(shown(Client::new(&one.server)?.post(&["v1", "webhooks", &one.id, "rotate"], &json!({})).await?))
        }
        WebhookCommand::Pause(one) => set_state(&one.server, &one.id, "paused").await,
        WebhookCommand::Resume(one) => set_state(&one.server, &one.id, "active").await,
        WebhookCommand::Replay(what) => replay(&what).await,
        WebhookCommand::Attempts(one) => {
            Ok(shown(Client::new(&one.server)?.get(&["v1", "webhooks", &one.id, "attempts"]).await?))
        }
        WebhookCommand::Delete(one) => delete(&one.server, "webhooks", &one.id).await,
    }
}
