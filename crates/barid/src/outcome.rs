//! How a command ends: one document or text on stdout, diagnostics on stderr, and an exit code.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use kernel::Problem;
use serde_json::{Value as Json, json};

/// Why a command did not do what it was asked to.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Wrong use or invalid input (exit 2), rather than something that failed (exit 1).
    pub input: bool,
    /// A problem's code.
    pub code: String,
    /// What, where, and what to do.
    pub detail: String,
    /// The fields at fault: where and why.
    pub fields: Vec<(String, String)>,
}

/// The result of a command.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// Wrong use, or input that is not valid.
    pub fn input(detail: impl Display) -> Self {
        Self { input: true, code: "invalid_input".to_owned(), detail: detail.to_string(), fields: Vec::new() }
    }

    /// Something failed.
    pub fn failed(detail: impl Display) -> Self {
        Self { input: false, code: "failed".to_owned(), detail: detail.to_string(), fields: Vec::new() }
    }

    /// A slice's problem, with its fields.
    pub fn problem(problem: &Problem) -> Self {
        Self::from(problem.clone())
    }
}

/// Whether a status says that what was asked is wrong, rather than that it cannot be done now.
pub fn is_input(status: u16) -> bool {
    matches!(status, 400 | 401 | 404 | 405 | 413 | 415 | 422)
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self {
            input: is_input(problem.code.status()),
            code: problem.code.as_str().to_owned(),
            detail: format!("{}: {}", problem.code.title(), problem.detail),
            fields: problem.fields.into_iter().map(|field| (field.field, field.detail)).collect(),
        }
    }
}

impl From<store::Error> for Failure {
    /// At the console the reason is told whole; a store's error never carries a parameter's value.
    fn from(error: store::Error) -> Self {
        Self { detail: error.to_string(), ..Self::from(error.problem()) }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::failed(format!("{error:#}"))
    }
}

/// What a command says when it is done.
#[derive(Debug, Clone)]
pub struct Report {
    /// For `--json`.
    pub json: Json,
    /// For people; empty when there is nothing to add.
    pub text: String,
    /// Whether the answer is bad news (a ledger that does not verify): exit 1.
    pub bad: bool,
}

impl Report {
    /// Good news.
    pub fn new(json: Json, text: impl Into<String>) -> Self {
        Self { json, text: text.into(), bad: false }
    }
}

/// Where a report or a raw result goes.
#[derive(Debug)]
pub enum Done {
    /// A document or a text, by `--json`.
    Report(Report),
    /// The command wrote its own output; `false` when a line of it was an error.
    Written(bool),
}

fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Tells a diagnostic.
pub fn warn(text: impl Display) {
    // Nobody is left to tell when stderr is closed.
    let _ = writeln!(io::stderr(), "barid: {text}");
}

fn tell_failure(failure: &Failure, json: bool) -> ExitCode {
    warn(&failure.detail);
    for (field, detail) in &failure.fields {
        warn(format_args!("  {field}: {detail}"));
    }
    if json {
        let fields: Vec<_> =
            failure.fields.iter().map(|(field, detail)| json!({ "field": field, "detail": detail })).collect();
        let error = json!({ "error": { "code": failure.code, "detail": failure.detail, "fields": fields } });
        let _ = say(&error.to_string());
    }
    ExitCode::from(if failure.input { 2 } else { 1 })
}

/// Prints how a command ended.
pub fn finish(done: Result<Done>, json: bool) -> ExitCode {
    let (text, bad) = match done {
        Err(failure) => return tell_failure(&failure, json),
        Ok(Done::Written(well)) => return ExitCode::from(u8::from(!well)),
        Ok(Done::Report(report)) => (if json { report.json.to_string() } else { report.text }, report.bad),
    };
    match say(&text) {
        Ok(()) => ExitCode::from(u8::from(bad)),
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(u8::from(bad)),
        Err(error) => tell_failure(&Failure::failed(format!("cannot write to standard output: {error}")), false),
    }
}

/// Prints why the arguments were not understood; help and version are not errors.
pub fn refuse(error: &clap::Error, json: bool) -> ExitCode {
    let _ = error.print();
    if !error.use_stderr() {
        return ExitCode::SUCCESS;
    }
    if json {
        let text = error.render().to_string();
        let detail = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let _ = say(&json!({ "error": { "code": "wrong_use", "detail": detail, "fields": [] } }).to_string());
    }
    ExitCode::from(2)
}
