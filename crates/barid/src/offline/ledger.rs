//! `barid ledger verify EXPORT.jsonl`: the chain from its file, with nothing else.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use privacy::ledger::{Break, Checkpoint, Verified, Verifier};
use serde_json::json;

use crate::outcome::{Done, Failure, Report, Result};

/// The longest line of an export.
const LONGEST_LINE: u64 = 256 << 20;

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format_args!("{} cannot be read: {error}", path.display()))
}

fn read_checkpoint(path: &Path) -> Result<Checkpoint> {
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    serde_json::from_str(&text).map_err(|_| {
        Failure::input(format_args!("{} is no checkpoint; `barid ledger checkpoint --json` makes one", path.display()))
    })
}

/// Feeds every line to the verifier; a line that is not UTF-8 is one that does not verify.
fn check(mut reader: impl BufRead, checkpoint: Option<&Checkpoint>) -> std::io::Result<Result<Verified, Break>> {
    let mut verifier = match Verifier::new(checkpoint) {
        Ok(verifier) => verifier,
        Err(broken) => return Ok(Err(broken)),
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        if std::io::Read::take(&mut reader, LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(verifier.finish());
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        if !text.is_empty()
            && let Err(broken) = verifier.line(text)
        {
            return Ok(Err(broken));
        }
    }
}

/// Verifies an export; with a checkpoint, also that nothing up to it was rewritten or cut off.
///
/// # Errors
/// Exit 2 when a file cannot be read. A broken ledger is a report with exit 1.
pub fn verify_ledger(file: &Path, checkpoint: Option<&Path>) -> Result<Done> {
    let checkpoint = checkpoint.map(read_checkpoint).transpose()?;
    let reader = File::open(file).map_err(|error| unreadable(file, &error))?;
    let outcome = check(BufReader::with_capacity(1 << 20, reader), checkpoint.as_ref());
    let report = match outcome.map_err(|error| unreadable(file, &error))? {
        Ok(verified) => Report::new(
            json!({
                "ok": true, "records": verified.records, "events": verified.events, "head": verified.head,
                "checkpoint": verified.checkpoint, "first_bad_seq": null,
            }),
            format!("The ledger verifies: {} records, head {}.", verified.records, verified.head),
        ),
        Err(broken) => Report {
            json: json!({ "ok": false, "first_bad_seq": broken.seq, "why": broken.why }),
            text: format!("The ledger is broken: {broken}."),
            bad: true,
        },
    };
    if report.bad {
        crate::outcome::warn(&report.text);
    }
    Ok(Done::Report(report))
}
