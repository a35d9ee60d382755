//! `cargo xtask`: what developers and CI run.

use std::process::ExitCode;

use xtask::Repository;

const USAGE: &str = "\
cargo xtask test [--all]   every check and every test; --all: what the machine lacks is a failure
cargo xtask arrows         which crate may depend on which
cargo xtask openapi        write docs/api/openapi.json
cargo xtask train-replies  make the reply classifier's weights from its corpus; --measure: only show its mistakes
cargo xtask bench ...      run bench/run.sh with these arguments";

#[expect(clippy::disallowed_methods, reason = "this is the tool's own command line")]
fn arguments() -> Vec<String> {
    std::env::args().skip(1).collect()
}

fn main() -> ExitCode {
    let arguments = arguments();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let repository = Repository::here();
    let done = match words.as_slice() {
        ["test"] => xtask::run::test(&repository, false),
        ["test", "--all"] => xtask::run::test(&repository, true),
        ["arrows"] => xtask::run::arrows(&repository),
        ["openapi"] => xtask::run::export_openapi(&repository),
        ["train-replies"] => xtask::run::train_replies(&repository, None),
        ["train-replies", mode @ ("--check" | "--measure")] => xtask::run::train_replies(&repository, Some(mode)),
        ["bench", rest @ ..] => xtask::run::bench(&repository, rest),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
