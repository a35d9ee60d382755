//! The public pages over a fixture, in process.

mod account;
mod book;
mod confirm;
mod cookies;
mod everywhere;
mod forms;
mod held_by_slices;
mod images;
mod preferences;
mod privacy;
mod registers;
mod remote_forms;
mod signal;
mod track;
mod unsubscribe;
pub mod world;

use std::fmt::Write;

use axum::http::Method;
use http_server::testing::{Answer, TestClient};

/// POSTs a form in the encoding that browsers use by default.
async fn submit(client: &TestClient, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
    let client = client.clone().with("content-type", "application/x-www-form-urlencoded");
    client.send(Method::POST, path, body.join("&")).await
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "%{byte:02X}").unwrap();
        out
    })
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let from = page.find(&start).unwrap_or_else(|| panic!("no {name}")) + start.len();
    page[from..].split('"').next().unwrap().to_owned()
}
