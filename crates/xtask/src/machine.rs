//! What the tests would like to find on this machine.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is not here: the reason and how to change that, a line each.
pub fn lacks() -> Vec<String> {
    let mut lacks = Vec::new();
    if !has_postgres() {
        lacks.push("PostgreSQL: every test on it (Debian: apt install postgresql)".to_owned());
    }
    if !on_path("smtp-sink") {
        lacks.push("Postfix's smtp-sink: sending at full speed (Debian: apt install postfix)".to_owned());
    }
    if !["chromium", "chromium-browser", "google-chrome"].into_iter().any(on_path) {
        lacks.push("Chromium: pages in a real browser (Debian: apt install chromium)".to_owned());
    }
    for (program, what) in [
        ("openssl", "certificates for relays that want TLS (Debian: apt install openssl)"),
        ("npm", "the web parts and the browser's judge of accessibility (Node 20.19 or newer)"),
    ] {
        if !on_path(program) {
            lacks.push(format!("{program}: {what}"));
        }
    }
    for (module, package, what) in [
        ("dkim", "dkimpy", "an independent DKIM verifier"),
        ("nacl", "pynacl", "Ed25519 for that verifier"),
        ("aiosmtpd", "aiosmtpd", "an independent SMTP server"),
    ] {
        if !has_python(module) {
            lacks.push(format!("Python's {package}: {what} (pip install {package})"));
        }
    }
    lacks
}

fn has_postgres() -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.map(|entry| entry.path().join("bin/initdb")).any(|path| path.is_file())
}

/// Whether a program is installed. Servers live in `sbin`, which is not on everybody's path.
pub fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let extra = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(extra).any(|directory| directory.join(program).is_file())
}

/// Whether Python has a module.
pub fn has_python(module: &str) -> bool {
    let mut python = Command::new("python3");
    python.args(["-c", &format!("import {module}")]).stdout(Stdio::null()).stderr(Stdio::null());
    python.status().is_ok_and(|status| status.success())
}

/// Whether `cargo deny` is installed.
pub fn has_cargo_deny() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    let installed = |directory: &Path| directory.join(OsStr::new("cargo-deny")).is_file();
    std::env::split_paths(&path).any(|directory| installed(&directory))
        || home.is_some_and(|home| installed(&home.join("bin")))
}
