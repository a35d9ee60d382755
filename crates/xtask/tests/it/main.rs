//! The repository as it is passes its own checks, so that a plain `cargo test` notices, too.

use xtask::{Repository, arrows, docs, problems, tree, words};

#[track_caller]
fn nothing(findings: &[String]) {
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn arrows_point_down() {
    nothing(&arrows::check(&Repository::here().metadata().unwrap()));
}

#[test]
fn files_are_short_and_well_named() {
    let sources = tree::sources(&Repository::here()).unwrap();
    assert!(sources.len() > 100, "the walk found {} files only", sources.len());
    nothing(&tree::check(&sources));
}

#[test]
fn both_languages_have_every_text() {
    nothing(&words::check(&Repository::here()).unwrap());
}

#[test]
fn every_problem_is_explained() {
    nothing(&problems::check(&Repository::here()).unwrap());
}

#[test]
fn links_lead_somewhere_and_the_guide_is_whole_in_both_languages() {
    nothing(&docs::check(&Repository::here()).unwrap());
}
