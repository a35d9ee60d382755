//! Sizes and names of source files.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::Repository;

/// No source file has more lines than this.
pub const LIMIT: usize = 700;
/// A file above this should be taken apart.
pub const LARGE: usize = 500;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc"];

/// Source files, with how many lines each has.
///
/// # Errors
/// When a file cannot be read.
pub fn sources(repository: &Repository) -> Result<Vec<(PathBuf, usize)>> {
    let mut sized = Vec::new();
    for below in ["crates", "fuzz"] {
        for path in repository.files(below, &["rs"])? {
            let lines = repository.read(&path)?.lines().count();
            sized.push((path, lines));
        }
    }
    Ok(sized)
}

/// Files that are too long, or whose names say nothing.
pub fn check(sources: &[(PathBuf, usize)]) -> Vec<String> {
    let too_long = sources.iter().filter(|(_, lines)| *lines > LIMIT);
    let too_long = too_long.map(|(path, lines)| format!("{}: {lines} lines; {LIMIT} at most", path.display()));
    let empty = sources.iter().filter(|(path, _)| says_nothing(path));
    let empty = empty.map(|(path, _)| format!("{}: call it by what it does", path.display()));
    too_long.chain(empty).collect()
}

/// Files that should be taken apart, but need not be.
pub fn large(sources: &[(PathBuf, usize)]) -> impl Iterator<Item = &(PathBuf, usize)> {
    sources.iter().filter(|(_, lines)| (LARGE + 1..=LIMIT).contains(lines))
}

fn says_nothing(path: &Path) -> bool {
    path.with_extension("").iter().any(|part| EMPTY_NAMES.iter().any(|name| part == *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_names_are_checked() {
        let file = |path: &str, lines| (PathBuf::from(path), lines);
        assert!(check(&[file("crates/a/src/lib.rs", 700)]).is_empty());
        assert_eq!(check(&[file("crates/a/src/lib.rs", 701)]).len(), 1);
        assert_eq!(check(&[file("crates/a/src/utils.rs", 1), file("crates/a/src/common/x.rs", 1)]).len(), 2);
        assert_eq!(large(&[file("a.rs", 500), file("b.rs", 501), file("c.rs", 701)]).count(), 1);
    }
}
