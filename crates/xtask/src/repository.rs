use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The checkout this tool was built from.
#[derive(Debug, Clone)]
pub struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The one around this crate.
    pub fn here() -> Self {
        let crate_directory = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: crate_directory.ancestors().nth(2).unwrap_or(crate_directory).to_path_buf() }
    }

    /// Its top directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The text of a file, named from the top.
    ///
    /// # Errors
    /// When it cannot be read as UTF-8.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<String> {
        let path = self.root.join(path);
        fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))
    }

    /// Every file below a directory with one of these extensions, named from the top, sorted. A
    /// directory that does not exist has none.
    ///
    /// # Errors
    /// When a directory cannot be listed.
    pub fn files(&self, below: &str, extensions: &[&str]) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        let mut open = vec![self.root.join(below)];
        while let Some(directory) = open.pop() {
            if !directory.is_dir() {
                continue;
            }
            for entry in fs::read_dir(&directory).with_context(|| format!("listing {}", directory.display()))? {
                let path = entry?.path();
                if path.is_dir() {
                    if !path.ends_with("target") && !path.ends_with("node_modules") {
                        open.push(path);
                    }
                } else if path.extension().is_some_and(|it| extensions.iter().any(|wanted| it == *wanted)) {
                    found.push(path.strip_prefix(&self.root).unwrap_or(&path).to_path_buf());
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// A cargo command, started at the top.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.current_dir(&self.root);
        command
    }

    /// What `cargo metadata` says about the workspace's own packages.
    ///
    /// # Errors
    /// When cargo fails.
    pub fn metadata(&self) -> Result<serde_json::Value> {
        let output = self.cargo().args(["metadata", "--format-version", "1", "--no-deps", "--offline"]).output()?;
        if !output.status.success() {
            bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}
