//! Tests that fail beside others and pass alone: they raced, which is said, and is a defect of its own.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, Result};

/// So many tests that failed are tried again; more of them is no race.
const MOST: usize = 4;

/// What a run of `cargo test --no-fail-fast` said.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The tests that failed, by their paths in their binaries.
    pub failed: BTreeSet<String>,
    /// The tests that passed.
    pub passed: BTreeSet<String>,
    /// Where tests failed: cargo's own arguments, such as `-p barid-store --test it`.
    pub targets: BTreeSet<String>,
}

impl Seen {
    /// Takes one line of what libtest and cargo print.
    pub fn read(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("test ") {
            if let Some(name) = rest.strip_suffix(" ... FAILED") {
                self.failed.insert(name.to_owned());
            } else if let Some(name) = rest.strip_suffix(" ... ok") {
                self.passed.insert(name.to_owned());
            }
        }
        let rerun = line.strip_prefix("error: test failed, to rerun pass ").or_else(|| line.strip_prefix("    "));
        if let Some(target) = rerun.and_then(|rest| rest.trim().strip_prefix('`')?.strip_suffix('`')) {
            self.targets.insert(target.to_owned());
        }
    }

    /// Whether few enough failed, and it is known where: each of the targets names one at least.
    #[must_use]
    pub fn may_have_raced(&self) -> bool {
        (1..=MOST).contains(&self.failed.len()) && (1..=self.failed.len()).contains(&self.targets.len())
    }
}

/// Runs tests, showing what they print; whether they passed, and what was seen.
///
/// # Errors
/// When the command cannot be started.
pub fn watched(command: &mut Command) -> Result<(bool, Seen)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let out = child.stdout.take().context("no output")?;
    let err = child.stderr.take().context("no errors")?;
    let told = thread::spawn(move || passed_on(err, &mut std::io::stderr()));
    let mut seen = Seen::default();
    for line in passed_on(out, &mut std::io::stdout())? {
        seen.read(&line);
    }
    let told = told.join().map_err(|_| anyhow::anyhow!("reading what was printed failed"))??;
    for line in told {
        seen.read(&line);
    }
    Ok((child.wait()?.success(), seen))
}

/// Prints on what comes, and answers the lines that speak of tests.
fn passed_on(from: impl Read, to: &mut impl Write) -> Result<Vec<String>> {
    let mut kept = Vec::new();
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        if text.starts_with("test ") || text.ends_with('`') {
            kept.push(text.to_owned());
        }
        line.clear();
    }
    to.flush()?;
    Ok(kept)
}
