//! The API's description as it stands in the repository, made by the binary itself.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::Repository;

/// Where it stands.
pub const FILE: &str = "docs/api/openapi.json";

/// What the binary says now, with keys in order and a newline at the end.
///
/// # Errors
/// When the binary fails or prints something else.
pub fn current(binary: &Path) -> Result<String> {
    let output = Command::new(binary).arg("openapi").output().with_context(|| format!("{}", binary.display()))?;
    if !output.status.success() {
        bail!("barid openapi: {}", String::from_utf8_lossy(&output.stderr));
    }
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).context("barid openapi is not JSON")?;
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Says so when the file is not what the binary says.
///
/// # Errors
/// When the binary fails.
pub fn check(repository: &Repository, binary: &Path) -> Result<Vec<String>> {
    let current = current(binary)?;
    let same = repository.read(FILE).is_ok_and(|written| written == current);
    Ok(if same { Vec::new() } else { vec![format!("{FILE} is not current: run `cargo xtask openapi`")] })
}

/// Writes the file.
///
/// # Errors
/// When the binary fails, or the file cannot be written.
pub fn export(repository: &Repository, binary: &Path) -> Result<()> {
    let path = repository.root().join(FILE);
    fs::create_dir_all(path.parent().unwrap_or(repository.root()))?;
    fs::write(&path, current(binary)?).with_context(|| format!("writing {}", path.display()))
}
