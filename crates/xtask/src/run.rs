//! The commands.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, bail};

use crate::{Repository, again, arrows as house, docs, machine, openapi, problems, requirements, tree, words};

/// What a check answered: what is wrong, nothing when all is well.
type Findings = Result<Vec<String>>;

/// Every check, then every test. Answers whether all passed.
///
/// What the machine lacks is skipped and said; with `all` it is a failure. The checks report first
/// and never keep the tests from running; the acceptance tests against the built binary come last.
///
/// # Errors
/// When cargo itself cannot be started.
pub fn test(repository: &Repository, all: bool) -> Result<bool> {
    let profile = Profile::chosen();
    let mut passed = checks(repository, &profile)?;
    passed &= deny(repository)?;
    passed &= machine_is_fit(all);

    let built = profile.on(repository.cargo().args(["test", "--workspace", "--no-run"])).status()?.success();
    if !built {
        eprintln!("FAILED: the tests do not build");
        return Ok(false);
    }
    passed &= told("web scripts", web_scripts(repository));
    passed &= told("API description", openapi::check(repository, &profile.binary(repository)?));

    let mut tests = repository.cargo();
    profile.on(tests.args(["test", "--workspace", "--no-fail-fast"]));
    if all {
        tests.env("BARID_TEST_ALL", "1");
    }
    if !passed {
        eprintln!("\nSomething above FAILED; the tests run all the same.\n");
    }
    passed &= raced_at_most(repository, &profile, &mut tests)?;
    Ok(acceptance(repository, &profile.binary(repository)?, all)? && passed)
}

/// Runs the tests. A few that fail are tried once more, alone: one that passes then raced, which is said loudly and
/// refuses nothing (docs/decisions/0019-what-raced.md).
fn raced_at_most(repository: &Repository, profile: &Profile, tests: &mut Command) -> Result<bool> {
    let (passed, seen) = again::watched(tests)?;
    if passed || !seen.may_have_raced() {
        return Ok(passed);
    }
    let mut recovered = BTreeSet::new();
    for target in &seen.targets {
        let mut alone = repository.cargo();
        profile.on(alone.arg("test").args(target.split_whitespace()));
        alone.args(["--", "--exact", "--test-threads", "1"]).args(&seen.failed);
        alone.envs(tests.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let (passed, mut seen) = again::watched(&mut alone)?;
        // A binary that crashed named no test: it is no race.
        if !passed || seen.passed.is_empty() {
            return Ok(false);
        }
        recovered.append(&mut seen.passed);
    }
    for test in &seen.failed {
        eprintln!("RACED   {test} failed beside others and passed alone: mend it");
    }
    Ok(recovered.is_superset(&seen.failed))
}

/// Most seconds that the acceptance tests may take; what runs longer hangs.
const ACCEPTANCE_LIMIT: &str = "3000";

/// Drives the built binary as its users do, on both engines.
fn acceptance(repository: &Repository, binary: &Path, all: bool) -> Result<bool> {
    if !machine::has_python("unittest") {
        eprintln!("{} acceptance tests: python3 is not installed", if all { "FAILED " } else { "SKIPPED" });
        return Ok(!all);
    }
    let mut tests = Command::new("python3");
    tests.arg(repository.root().join("conformance/run")).args(["--limit", ACCEPTANCE_LIMIT]);
    tests.env("BARID_BIN", binary).current_dir(repository.root());
    if all {
        tests.env("BARID_TEST_ALL", "1");
    }
    Ok(told("acceptance tests", went(tests.status()?)))
}

fn checks(repository: &Repository, profile: &Profile) -> Result<bool> {
    let mut passed = told("arrows", repository.metadata().map(|metadata| house::check(&metadata)));
    let sources = tree::sources(repository)?;
    for (path, lines) in tree::large(&sources) {
        eprintln!("note: {} has {lines} lines", path.display());
    }
    passed &= told("sizes and names", Ok(tree::check(&sources)));
    passed &= told("texts in both languages", words::check(repository));
    passed &= told("problem codes", problems::check(repository));
    passed &= told("documentation", docs::check(repository));
    passed &= told("requirements", requirements::check(repository));
    passed &= told("reply classifier is what its corpus gives", trained(repository));
    passed &= told("format", went(repository.cargo().args(["fmt", "--all", "--check"]).status()?));
    let mut clippy = repository.cargo();
    profile.on(clippy.args(["clippy", "--workspace", "--all-targets"])).args(["--", "-D", "warnings"]);
    passed &= told("lints", went(clippy.status()?));
    Ok(passed)
}

/// Types and sizes of what other people's pages load. The build of the tests has installed the packages.
fn web_scripts(repository: &Repository) -> Findings {
    if !machine::on_path("npm") {
        return Ok(Vec::new());
    }
    went(Command::new("npm").args(["run", "--silent", "check"]).current_dir(repository.root().join("web")).status()?)
}

/// Says how a check ended; answers whether it passed.
fn told(what: &str, findings: Findings) -> bool {
    let findings = findings.unwrap_or_else(|error| vec![format!("{error:#}")]);
    for finding in &findings {
        eprintln!("  {finding}");
    }
    eprintln!("{} {what}", if findings.is_empty() { "ok     " } else { "FAILED " });
    findings.is_empty()
}

/// The same corpus gives the same weights, octet for octet.
fn trained(repository: &Repository) -> Findings {
    Ok(if train_replies(repository, Some("--check"))? {
        Vec::new()
    } else {
        vec!["cargo xtask train-replies".to_owned()]
    })
}

#[expect(clippy::unnecessary_wraps, reason = "a check's answer")]
fn went(status: ExitStatus) -> Findings {
    Ok(if status.success() { Vec::new() } else { vec!["see above".to_owned()] })
}

/// Licences and advisories need a tool and the network; the tests need neither.
fn deny(repository: &Repository) -> Result<bool> {
    if !machine::has_cargo_deny() {
        eprintln!("SKIPPED licences, advisories, sources: cargo-deny is not installed (cargo install cargo-deny)");
        return Ok(true);
    }
    Ok(told("licences, advisories, sources", went(repository.cargo().args(["deny", "check"]).status()?)))
}

fn machine_is_fit(all: bool) -> bool {
    let lacks = machine::lacks();
    for what in &lacks {
        eprintln!("{} {what}", if all { "MISSING" } else { "SKIPPED" });
    }
    lacks.is_empty() || !all
}

/// Which of Cargo.toml's profiles is used: `ci` (no debug information, nothing incremental) or dev.
struct Profile {
    ci: bool,
}

impl Profile {
    fn chosen() -> Self {
        Self { ci: std::env::var_os("CI").is_some_and(|value| value == "true" || value == "1") }
    }

    fn on<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if self.ci { command.args(["--profile", "ci"]) } else { command }
    }

    /// Where the binary is after a build.
    fn binary(&self, repository: &Repository) -> Result<PathBuf> {
        let metadata = repository.metadata()?;
        let target = metadata["target_directory"].as_str().context("cargo metadata names no target directory")?;
        Ok(PathBuf::from(target).join(if self.ci { "ci" } else { "debug" }).join("barid"))
    }
}

/// Only the arrows.
///
/// # Errors
/// When cargo fails.
pub fn arrows(repository: &Repository) -> Result<bool> {
    Ok(told("arrows", Ok(house::check(&repository.metadata()?))))
}

/// Builds the binary and writes the API's description.
///
/// # Errors
/// When the binary does not build or does not describe itself.
pub fn export_openapi(repository: &Repository) -> Result<bool> {
    let profile = Profile::chosen();
    if !profile.on(repository.cargo().args(["build", "--package", "barid-barid"])).status()?.success() {
        bail!("the binary does not build");
    }
    openapi::export(repository, &profile.binary(repository)?)?;
    eprintln!("wrote {}", openapi::FILE);
    Ok(true)
}

/// Makes the weights of the reply classifier (crates/privacy/src/replies/weights.bin), or checks or measures them.
///
/// # Errors
/// When cargo cannot be started.
pub fn train_replies(repository: &Repository, mode: Option<&str>) -> Result<bool> {
    let profile = Profile::chosen();
    let mut run = repository.cargo();
    profile.on(run.args(["run", "--quiet", "--package", "barid-privacy", "--example", "train_replies"]));
    Ok(run.arg("--").args(mode).status()?.success())
}

/// Hands over to the benchmarks' own script.
///
/// # Errors
/// When there is no such script.
pub fn bench(repository: &Repository, arguments: &[&str]) -> Result<bool> {
    let script = repository.root().join("bench/run.sh");
    if !script.is_file() {
        bail!("{} is not there", script.display());
    }
    let status = Command::new("bash").arg(script).args(arguments).current_dir(repository.root()).status()?;
    Ok(status.success())
}
