//! Builds `web/` with npm and leaves the results in `OUT_DIR`.
//!
//! `BARID_WEB=auto` (the default) builds when npm is there and otherwise puts an empty file in place
//! with a warning, except in a release build, where a missing npm is an error; `skip` never builds;
//! `require` always fails without npm.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const SCRIPTS: [&str; 3] = ["consent.js", "form.js", "loader.js"];

#[expect(clippy::disallowed_methods, reason = "a build script is told everything by the environment")]
fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-env-changed=BARID_WEB");
    let web = PathBuf::from(variable("CARGO_MANIFEST_DIR")).join("../../web");
    for part in ["package.json", "package-lock.json", "embed/src", "embed/package.json", "embed/build.mjs"] {
        println!("cargo:rerun-if-changed={}", web.join(part).display());
    }
    let out = PathBuf::from(variable("OUT_DIR"));
    let mode = variable("BARID_WEB");
    let built = if mode == "skip" { Err("BARID_WEB=skip".to_owned()) } else { build(&web, &out) };
    let Err(why) = built else { return Ok(()) };
    let must = mode == "require" || (mode != "skip" && variable("PROFILE") == "release");
    assert!(!must, "the web parts were not built: {why}; install Node 20 with npm, or set BARID_WEB=skip");
    println!("cargo:warning=the web parts are left out: {why}");
    for script in SCRIPTS {
        fs::write(out.join(script), "")?;
    }
    Ok(())
}

fn build(web: &Path, out: &Path) -> Result<(), String> {
    install(web)?;
    let to = out.join("embed");
    npm(web, &["run", "build", "-w", "embed", "--", "--outDir", &to.to_string_lossy()])?;
    for script in SCRIPTS {
        fs::copy(to.join(script), out.join(script)).map_err(|error| format!("{script}: {error}"))?;
    }
    Ok(())
}

/// `npm ci`, unless what is installed is what the lock file says. Builds that run at the same time
/// wait for each other.
fn install(web: &Path) -> Result<(), String> {
    let lock = fs::read(web.join("package-lock.json")).map_err(|error| format!("package-lock.json: {error}"))?;
    let marker = web.join("node_modules/.barid-lock");
    let guard = fs::File::create(web.join(".npm-lock")).map_err(|error| error.to_string())?;
    guard.lock().map_err(|error| error.to_string())?;
    if fs::read(&marker).is_ok_and(|known| known == lock) {
        return Ok(());
    }
    npm(web, &["ci", "--no-audit", "--no-fund"])?;
    fs::write(marker, lock).map_err(|error| error.to_string())
}

fn npm(web: &Path, arguments: &[&str]) -> Result<(), String> {
    let run = Command::new("npm").args(arguments).current_dir(web).output();
    let output = run.map_err(|error| format!("npm does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).join("\n");
    Err(format!("npm {}: {said}", arguments.join(" ")))
}
