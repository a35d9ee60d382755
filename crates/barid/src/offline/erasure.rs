//! `barid erasure verify FILE`: a certificate from its file, with nothing else.

use std::path::Path;

use privacy::erasure;
use serde_json::{Value as Json, json};

use crate::outcome::{Done, Failure, Report, Result};

/// The longest certificate, in bytes.
const LONGEST: u64 = 4 << 20;

fn read(path: &Path) -> Result<Json> {
    let cannot =
        |error: &dyn std::fmt::Display| Failure::input(format_args!("{} cannot be read: {error}", path.display()));
    if std::fs::metadata(path).map_err(|error| cannot(&error))?.len() > LONGEST {
        return Err(cannot(&"it is larger than 4 MiB"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| cannot(&error))?;
    serde_json::from_str(&text).map_err(|error| cannot(&error))
}

/// The key as given, or as a checkpoint's file says it.
fn key(given: &str) -> Result<String> {
    let given = given.trim();
    if given.len() == 64 && given.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(given.to_ascii_lowercase());
    }
    let checkpoint = read(Path::new(given))?;
    let key = checkpoint["public_key"].as_str().map(str::to_owned);
    key.ok_or_else(|| Failure::input("--key: expected 64 hexadecimal digits, or a file of a signed checkpoint"))
}

/// Verifies a certificate; with a key, also that this key signed it.
///
/// # Errors
/// Exit 2 when a file cannot be read or is no certificate. One that does not verify is a report with exit 1.
pub fn verify_certificate(file: &Path, given: Option<&str>) -> Result<Done> {
    let document = read(file)?;
    let key = given.map(key).transpose()?;
    let report = match erasure::verify(&document, key.as_deref()) {
        Err(why @ erasure::Refused::NoCertificate) => {
            return Err(Failure::input(format_args!("{}: {why}", file.display())));
        }
        Err(why) => Report {
            json: json!({ "ok": false, "why": why.to_string() }),
            text: format!("The certificate is not genuine: {why}."),
            bad: true,
        },
        Ok(checked) => {
            let compare = if key.is_some() {
                "The given key signed it."
            } else {
                "Compare its key with the one of the workspace's checkpoints, or give --key."
            };
            let held = if checked.partial { " A hold keeps a part of the records for now." } else { "" };
            let text = format!(
                "The certificate {} is genuine: erased at {}.{held}\nKey: {}\n{compare}",
                checked.id, checked.completed_at, checked.public_key
            );
            let mut json = json!(checked);
            json["ok"] = true.into();
            json["key_checked"] = key.is_some().into();
            Report::new(json, text)
        }
    };
    if report.bad {
        crate::outcome::warn(&report.text);
    }
    Ok(Done::Report(report))
}
