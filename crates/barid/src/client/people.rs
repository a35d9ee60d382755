//! Importing, exporting, counting, showing, unsubscribing and erasing people.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value as Json, json};

use super::http::Client;
use super::text::lines;
use super::transfer;
use crate::cli::{ContactCommand, Export, ExportFormat, Import, SegmentCommand, Server};
use crate::outcome::{Done, Failure, Report, Result, warn};
use crate::progress::Progress;

/// Between two looks at a running import.
const PACE: Duration = Duration::from_millis(250);
/// Warnings told one by one; the document has more.
const SHOWN_WARNINGS: usize = 20;
/// The longest condition.
const LONGEST_CONDITION: u64 = 1 << 20;

fn text<'a>(document: &'a Json, name: &str) -> Result<&'a str> {
    document[name].as_str().ok_or_else(|| Failure::failed(format_args!("the server's answer lacks {name}")))
}

/// Where the rejected rows of a file go: beside it, so that they are found.
fn rejects_path(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}.rejects.csv"))
}

fn query(import: &Import, file: &Path) -> Vec<(&'static str, String)> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut query = vec![("filename", name)];
    query.extend(import.basis.map(|basis| ("basis", basis.as_str().to_owned())));
    query.extend(import.attributes.iter().map(|column| ("attribute", column.clone())));
    let optional = [
        ("topic", &import.topic),
        ("source", &import.source),
        ("collected_on", &import.collected_on),
        ("sale_date", &import.sale_date),
        ("assessment", &import.assessment),
        ("reason", &import.reason),
        ("source_url", &import.source_url),
        ("source_date", &import.source_date),
        ("source_hash", &import.source_hash),
        ("vendor", &import.vendor),
        ("contract", &import.contract),
        ("collection", &import.collection),
    ];
    query.extend(optional.into_iter().filter_map(|(name, value)| value.clone().map(|value| (name, value))));
    let flags = [("dry_run", import.dry_run), ("purchased", import.purchased), ("tracking", import.tracking)];
    query.extend(flags.into_iter().filter(|(_, set)| *set).map(|(name, _)| (name, "true".to_owned())));
    query
}

async fn start(client: &Client, import: &Import) -> Result<String> {
    let file = import.file.as_deref().ok_or_else(|| Failure::input("FILE is missing"))?;
    let (body, size) = transfer::upload(file).await?;
    let request = client
        .request(Method::POST, &["v1", "imports"])
        .query(&query(import, file))
        .header("content-type", "application/octet-stream")
        .header("content-length", size)
        .body(body);
    let answer = client.json(request).await?;
    text(&answer, "id").map(str::to_owned)
}

/// Follows an import to its end.
async fn follow(client: &Client, id: &str) -> Result<Json> {
    let mut progress = Progress::new("rows read", None);
    loop {
        let state = client.get(&["v1", "imports", id]).await?;
        progress.at(state["read"].as_u64().unwrap_or(0), state["total"].as_u64());
        match text(&state, "state")? {
            "finished" => return Ok(state),
            "failed" | "cancelled" => {
                let detail = state["error"].as_str().unwrap_or("the server's log says more");
                return Err(Failure::failed(format_args!("the import {id} ended early: {detail}")));
            }
            _ => tokio::time::sleep(PACE).await,
        }
    }
}

async fn fetch_rejects(client: &Client, id: &str, file: &Path) -> Result<PathBuf> {
    let path = rejects_path(file);
    let answer = client.send(client.request(Method::GET, &["v1", "imports", id, "rejects"])).await?;
    transfer::download(answer, &path, true).await?;
    Ok(path)
}

fn summary(document: &Json) -> String {
    let mut shown = document.clone();
    if let Some(fields) = shown.as_object_mut() {
        // Told one by one already.
        fields.remove("warnings");
        fields.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()));
    }
    lines(&shown)
}

/// `barid import`.
///
/// # Errors
/// Exit 2 for a file or flags that are not valid, 1 when the import failed.
pub async fn import(import: Import) -> Result<Done> {
    let client = Client::new(&import.server)?;
    let id = match &import.resume {
        Some(id) => id.clone(),
        None => start(&client, &import).await?,
    };
    if !import.wait && import.resume.is_none() {
        let told = format!("The import {id} runs. Follow it with --resume {id}.");
        return Ok(Done::Report(Report::new(json!({ "id": id, "state": "running" }), told)));
    }
    let state = follow(&client, &id).await?;
    let rejected = state["rejected"].as_u64().unwrap_or(0);
    // Followed from elsewhere, the rejected rows go into a file named after the import.
    let file = import.file.unwrap_or_else(|| PathBuf::from(&id));
    let rejects = if rejected > 0 { Some(fetch_rejects(&client, &id, &file).await?) } else { None };
    let mut document = json!({ "id": id, "rejects": rejects.as_deref().map(|path| path.display().to_string()) });
    for name in [
        "read",
        "added",
        "updated",
        "unchanged",
        "rejected",
        "encoding",
        "mapped",
        "dropped",
        "warnings",
        "without_basis",
        "left_as_they_are",
    ] {
        document[name] = state[name].clone();
    }
    for warning in state["warnings"].as_array().into_iter().flatten().take(SHOWN_WARNINGS) {
        let part = |name: &str| warning[name].as_str().unwrap_or_default();
        warn(format_args!("line {}, {}: {}; the value was left out", warning["line"], part("column"), part("reason")));
    }
    let shown = summary(&document);
    Ok(Done::Report(Report::new(document, shown)))
}

/// `barid export`.
///
/// # Errors
/// When the server refuses or the file cannot be written.
pub async fn export(export: Export) -> Result<Done> {
    let client = Client::new(&export.server)?;
    let format = match export.format {
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
    };
    let request = client.request(Method::GET, &["v1", "contacts", "export"]).query(&[("format", format)]);
    save(&client, request, export.output.as_deref()).await
}

/// Writes an answer to a file, or to standard output when none is named.
pub(super) async fn save(client: &Client, request: reqwest::RequestBuilder, to: Option<&Path>) -> Result<Done> {
    let answer = client.send(request).await?;
    let Some(path) = to else {
        transfer::print(answer).await?;
        return Ok(Done::Written(true));
    };
    let octets = transfer::download(answer, path, false).await?;
    let document = json!({ "file": path.display().to_string(), "octets": octets });
    Ok(Done::Report(Report::new(document, format!("{octets} octets written to {}", path.display()))))
}

/// A condition given as JSON or as @FILE.
fn condition(given: &str) -> Result<Json> {
    let text = match given.strip_prefix('@') {
        Some(path) => transfer::read_text(Path::new(path), LONGEST_CONDITION)?,
        None => given.to_owned(),
    };
    serde_json::from_str(&text).map_err(|error| {
        Failure::input(format_args!(
            "--where: not JSON (line {}, column {}); an example: {{\"field\":\"country\",\"op\":\"is\",\"value\":\"DE\"}}",
            error.line(),
            error.column()
        ))
    })
}

/// `barid segment`.
///
/// # Errors
/// Exit 2 for a condition that is not valid.
pub async fn segment(command: SegmentCommand) -> Result<Done> {
    let SegmentCommand::Count { server, condition: given } = command;
    let condition = condition(&given)?;
    let client = Client::new(&server)?;
    let answer = client.post(&["v1", "segments", "count"], &json!({ "where": condition })).await?;
    let shown = format!("{} people ({} µs)", answer["count"], answer["micros"]);
    Ok(Done::Report(Report::new(answer, shown)))
}

async fn find(server: &Server, email: &str) -> Result<(Client, String)> {
    let client = Client::new(server)?;
    let found = client.post(&["v1", "contacts", "lookup"], &json!({ "email": email })).await;
    let found = found.map_err(|failure| match failure.code.as_str() {
        "not_found" => Failure { detail: "nobody here has this address".to_owned(), ..failure },
        _ => failure,
    })?;
    let id = text(&found, "id")?.to_owned();
    Ok((client, id))
}

/// `barid contact`.
///
/// # Errors
/// Exit 2 when nobody has the address.
pub async fn contact(command: ContactCommand) -> Result<Done> {
    let document = match command {
        ContactCommand::Show { email, server } => {
            let (client, id) = find(&server, &email).await?;
            client.get(&["v1", "contacts", &id, "answer"]).await?
        }
        ContactCommand::Unsubscribe { email, server } => {
            let (client, id) = find(&server, &email).await?;
            let answer = client.post(&["v1", "contacts", &id, "unsubscribe"], &json!({})).await?;
            if answer.is_null() { json!({ "id": id, "unsubscribed": true }) } else { answer }
        }
        ContactCommand::Erase { email, yes: _, server } => {
            let (client, id) = find(&server, &email).await?;
            client.post(&["v1", "contacts", &id, "erase"], &json!({})).await?
        }
    };
    let shown = lines(&document);
    Ok(Done::Report(Report::new(document, shown)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_stand_beside_their_file() {
        assert_eq!(rejects_path(Path::new("/a/people.csv")), Path::new("/a/people.rejects.csv"));
        assert_eq!(rejects_path(Path::new("people")), Path::new("people.rejects.csv"));
    }

    #[test]
    fn a_condition_that_is_no_json_is_wrong_input() {
        assert!(condition("{}").is_ok());
        assert!(condition("{").unwrap_err().input);
        assert!(condition("@/nowhere/at/all").unwrap_err().input);
    }
}
