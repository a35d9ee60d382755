//! Builds `web/` with npm and leaves the results in `OUT_DIR`.
//!
//! `BARID_WEB=auto` (the default) builds when npm is there and otherwise puts empty files and a page
//! that says so in place, with a warning, except in a release build, where a missing npm is an error;
//! `skip` never builds; `require` always fails without npm.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

const SCRIPTS: [&str; 8] =
    ["booking.js", "chat.js", "chat-files.js", "chat-sealed.js", "consent.js", "form.js", "livechat.js", "loader.js"];

/// What a change of wants another build.
const SOURCES: [&str; 15] = [
    "web/package.json",
    "web/package-lock.json",
    "web/embed/src",
    "web/embed/package.json",
    "web/embed/build.mjs",
    "web/admin/src",
    "web/admin/public",
    "web/admin/index.html",
    "web/admin/package.json",
    "web/admin/vite.config.ts",
    "web/admin/tsconfig.json",
    "web/admin/compress.mjs",
    "web/admin/licences.mjs",
    "i18n/en",
    "i18n/ar",
];

#[expect(clippy::disallowed_methods, reason = "a build script is told everything by the environment")]
fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=BARID_WEB");
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")).join("../..");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", root.join(source).display());
    }
    let out = PathBuf::from(variable("OUT_DIR"));
    let mode = variable("BARID_WEB");
    let built = if mode == "skip" { Err("BARID_WEB=skip".to_owned()) } else { build(&root.join("web"), &out) };
    let application = out.join("admin");
    if let Err(why) = built {
        let must = mode == "require" || (mode != "skip" && variable("PROFILE") == "release");
        assert!(!must, "the web parts were not built: {why}; install Node 20 with npm, or set BARID_WEB=skip");
        println!("cargo:warning=the web parts are left out: {why}");
        for script in SCRIPTS {
            fs::write(out.join(script), "")?;
        }
        if application.exists() {
            fs::remove_dir_all(&application)?;
        }
        fs::create_dir_all(&application)?;
        fs::copy(root.join("crates/web-assets/src/placeholder.html"), application.join("index.html"))?;
    }
    fs::write(out.join("files.rs"), table(&application)?)
}

fn build(web: &Path, out: &Path) -> Result<(), String> {
    install(web)?;
    let embed = out.join("embed");
    npm(web, &["run", "build", "-w", "embed", "--", "--outDir", &embed.to_string_lossy()])?;
    for script in SCRIPTS {
        fs::copy(embed.join(script), out.join(script)).map_err(|error| format!("{script}: {error}"))?;
    }
    let admin = out.join("admin").to_string_lossy().into_owned();
    npm(web, &["run", "build", "-w", "admin", "--", "--outDir", &admin])?;
    npm(web, &["run", "compress", "-w", "admin", "--", &admin])
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

/// The application's files as a Rust table, with what was compressed beside them.
fn table(root: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    walk(root, &mut files)?;
    files.sort();
    let mut rust = String::from("&[\n");
    for path in &files {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let packed_form = path.extension().is_some_and(|ending| ending == "gz" || ending == "br");
        if packed_form || name.starts_with(".vite/") {
            continue;
        }
        let packed = |ending: &str| {
            let beside = PathBuf::from(format!("{}.{ending}", path.display()));
            if beside.exists() { format!("Some(include_bytes!({}))", quoted(&beside)) } else { "None".to_owned() }
        };
        let (plain, gzip, brotli) = (quoted(path), packed("gz"), packed("br"));
        let _ = writeln!(
            rust,
            "File {{ name: {name:?}, plain: include_bytes!({plain}), gzip: {gzip}, brotli: {brotli} }},"
        );
    }
    rust.push(']');
    Ok(rust)
}

/// A path as a Rust text.
fn quoted(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { walk(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
