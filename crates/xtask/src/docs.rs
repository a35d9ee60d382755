//! Links between documents lead somewhere, and the guide says as much in Arabic as in English.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use anyhow::Result;

use crate::Repository;

/// What is wrong with the documentation.
///
/// # Errors
/// When a file cannot be read.
pub fn check(repository: &Repository) -> Result<Vec<String>> {
    let mut wrong = links(repository)?;
    wrong.extend(guide(repository)?);
    Ok(wrong)
}

fn links(repository: &Repository) -> Result<Vec<String>> {
    let mut pages = repository.files("docs", &["md"])?;
    for entry in std::fs::read_dir(repository.root())? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "md") {
            pages.push(path.strip_prefix(repository.root()).unwrap_or(&path).to_path_buf());
        }
    }
    let mut wrong = Vec::new();
    for page in pages {
        let text = repository.read(&page)?;
        let from = repository.root().join(&page);
        let from = from.parent().unwrap_or(repository.root());
        let dead = targets(&text).filter(|target| !from.join(target).exists());
        wrong.extend(dead.map(|target| format!("{}: nothing is at {target}", page.display())));
    }
    Ok(wrong)
}

/// The relative targets of Markdown links, without their anchors.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let targets = targets.map(|target| target.split('#').next().unwrap_or_default());
    targets.filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:"))
}

fn guide(repository: &Repository) -> Result<Vec<String>> {
    let english = repository.files("docs/guide/en", &["md"])?;
    let arabic = repository.files("docs/guide/ar", &["md"])?;
    let names = |paths: &[std::path::PathBuf]| -> BTreeSet<OsString> {
        paths.iter().filter_map(|path| path.file_name()).map(ToOwned::to_owned).collect()
    };
    let (in_english, in_arabic) = (names(&english), names(&arabic));
    let mut wrong: Vec<String> = in_english
        .symmetric_difference(&in_arabic)
        .map(|name| format!("docs/guide: {} is there in one language only", Path::new(name).display()))
        .collect();
    for name in in_english.intersection(&in_arabic) {
        let outline = |language: &str| -> Result<Vec<usize>> {
            Ok(outline(&repository.read(Path::new("docs/guide").join(language).join(name))?))
        };
        if outline("en")? != outline("ar")? {
            wrong.push(format!("docs/guide: {} has other chapters or examples in Arabic", Path::new(name).display()));
        }
    }
    Ok(wrong)
}

/// The levels of the headings, in order; a code block counts as level 9.
fn outline(text: &str) -> Vec<usize> {
    let mut levels = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
            if in_code {
                levels.push(9);
            }
        } else if !in_code && line.starts_with('#') {
            levels.push(line.chars().take_while(|sign| *sign == '#').count());
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_relative_targets_are_looked_up() {
        let text = "[a](b.md#c) [d](https://example.org) [e](#f) ![g](h.svg \"i\") [j](mailto:k@example.org)";
        assert_eq!(targets(text).collect::<Vec<_>>(), ["b.md", "h.svg"]);
    }

    #[test]
    fn an_outline_has_headings_and_examples() {
        assert_eq!(outline("# A\n\n```sh\n# not a heading\n```\n\n## B\n"), [1, 9, 2]);
    }
}
