//! The compiled binary, as a person or a script uses it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod arguments;
mod client;
mod explain;
mod fake;
mod house;
mod offline;

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// The binary with a clean environment, so that the machine's own settings change nothing.
fn barid() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_barid"));
    command.env_clear().stdin(Stdio::null());
    command
}

fn run(line: &[&str]) -> Output {
    barid().args(line).output().unwrap()
}

fn run_with_input(line: &[&str], input: &[u8]) -> Output {
    let mut child =
        barid().args(line).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Fed beside the reading, so that neither pipe fills up.
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    output
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Standard output as the one document it must be.
fn document(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {} / {}", stdout(output), stderr(output)))
}
