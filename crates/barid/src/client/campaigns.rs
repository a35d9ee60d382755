//! Campaigns from draft to report.

use std::time::Duration;

use kernel::Timestamp;
use serde_json::{Value as Json, json};

use super::http::Client;
use super::text::lines;
use super::transfer::read_text;
use crate::cli::{CampaignCommand, CreateCampaign, SendCampaign};
use crate::outcome::{Done, Failure, Report, Result};
use crate::progress::Progress;

/// Between two looks at a running campaign.
const PACE: Duration = Duration::from_millis(250);
/// The largest content.
const LONGEST: u64 = 8 << 20;

fn document(create: &CreateCampaign) -> Result<Json> {
    let mut document = json!({
        "name": create.name,
        "from": create.from,
        "subject": create.subject,
        "topic": create.topic,
        "purpose": create.purpose,
    });
    let parts = [("mjml", &create.mjml), ("html", &create.html), ("text", &create.text)];
    for (name, path) in parts {
        if let Some(path) = path {
            document[name] = json!(read_text(path, LONGEST)?);
        }
    }
    let optional = [
        ("reply_to", &create.reply_to),
        ("preheader", &create.preheader),
        ("language", &create.language),
        ("segment", &create.segment),
        ("reason", &create.reason),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            document[name] = json!(value);
        }
    }
    if create.prospecting {
        document["prospecting"] = json!({
            "targeting": create.targeting.clone().unwrap_or_default(),
            "activity": create.activity,
            "assessment": create.assessment,
        });
    }
    Ok(document)
}

async fn create(create: &CreateCampaign) -> Result<Report> {
    let body = document(create)?;
    let answer = Client::new(&create.server)?.post(&["v1", "campaigns"], &body).await?;
    let shown = format!("The draft {} is made.", answer["id"].as_str().unwrap_or_default());
    Ok(Report::new(answer, shown))
}

fn counts(state: &Json) -> Json {
    let count = |name: &str| state["counts"][name].as_u64().unwrap_or(0);
    json!({ "sent": count("sent"), "denied": count("denied"), "failed": count("failed"), "in_doubt": count("in_doubt") })
}

/// Follows a campaign until it no longer sends.
async fn follow(client: &Client, id: &str) -> Result<Json> {
    let mut progress = Progress::new("messages", None);
    loop {
        let state = client.get(&["v1", "campaigns", id]).await?;
        let count = |name: &str| state["counts"][name].as_u64().unwrap_or(0);
        let done = count("sent") + count("denied") + count("failed") + count("in_doubt");
        progress.at(done, Some(done + count("queued")));
        match state["state"].as_str() {
            Some("sent") => return Ok(state),
            Some("cancelled") => return Err(Failure::failed("the campaign was cancelled")),
            Some("paused") => {
                return Err(Failure::failed(format_args!(
                    "the campaign was paused; `barid campaign resume {id}` goes on"
                )));
            }
            Some("draft") => {
                return Err(Failure::failed("the campaign went back to draft; `barid campaign preflight` says why"));
            }
            Some(_) => tokio::time::sleep(PACE).await,
            None => return Err(Failure::failed("the server's answer lacks state")),
        }
    }
}

async fn send(send: &SendCampaign) -> Result<Report> {
    let client = Client::new(&send.server)?;
    let answer = client.post(&["v1", "campaigns", &send.id, "send"], &json!({ "grace_seconds": send.grace })).await?;
    if !send.wait {
        let document = if answer.is_object() { answer } else { json!({ "id": send.id, "state": "grace" }) };
        return Ok(Report::new(document, format!("The campaign {} is on its way.", send.id)));
    }
    let document = counts(&follow(&client, &send.id).await?);
    let shown = lines(&document);
    Ok(Report::new(document, shown))
}

async fn plain(client: &Client, id: &str, verb: &str, body: Json) -> Result<Report> {
    let answer = client.post(&["v1", "campaigns", id, verb], &body).await?;
    let document = if answer.is_null() { json!({ "id": id }) } else { answer };
    let shown = lines(&document);
    Ok(Report::new(document, shown))
}

/// `barid campaign`.
///
/// # Errors
/// Exit 2 for content or arguments that are not valid.
pub async fn campaign(command: CampaignCommand) -> Result<Done> {
    let report = match command {
        CampaignCommand::Create(new) => create(&new).await?,
        CampaignCommand::Send(what) => send(&what).await?,
        CampaignCommand::Preflight(one) => plain(&Client::new(&one.server)?, &one.id, "preflight", json!({})).await?,
        CampaignCommand::Pause(one) => plain(&Client::new(&one.server)?, &one.id, "pause", json!({})).await?,
        CampaignCommand::Resume(one) => plain(&Client::new(&one.server)?, &one.id, "resume", json!({})).await?,
        CampaignCommand::Cancel(one) => plain(&Client::new(&one.server)?, &one.id, "cancel", json!({})).await?,
        CampaignCommand::Test(test) => {
            plain(&Client::new(&test.server)?, &test.id, "test", json!({ "to": test.to })).await?
        }
        CampaignCommand::Schedule(when) => {
            let at: Timestamp = when.at.parse().map_err(|error| Failure::input(format_args!("--at: {error}")))?;
            plain(&Client::new(&when.server)?, &when.id, "schedule", json!({ "at": at })).await?
        }
        CampaignCommand::Report(one) => {
            let answer = Client::new(&one.server)?.get(&["v1", "campaigns", &one.id, "report"]).await?;
            let shown = lines(&answer);
            Report::new(answer, shown)
        }
    };
    Ok(Done::Report(report))
}
