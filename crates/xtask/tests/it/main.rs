//! The repository as it is passes its own checks, so that a plain `cargo test` notices, too.

use xtask::again::Seen;
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

/// As cargo and libtest print them.
fn seen(lines: &[&str]) -> Seen {
    let mut seen = Seen::default();
    for line in lines {
        seen.read(line);
    }
    seen
}

#[test]
fn a_test_that_failed_is_found_again_where_it_is() {
    let one = seen(&[
        "test wake::nodes ... ok",
        "test wake::nodes_over_a_server ... FAILED",
        "error: test failed, to rerun pass `-p barid-store --test it`",
        "error: 1 target failed:",
        "    `-p barid-store --test it`",
    ]);
    assert_eq!(one.failed.iter().collect::<Vec<_>>(), ["wake::nodes_over_a_server"]);
    assert_eq!(one.targets.iter().collect::<Vec<_>>(), ["-p barid-store --test it"]);
    assert!(one.may_have_raced());
}

#[test]
fn a_crash_and_many_failures_are_no_race() {
    let crash = ["error: test failed, to rerun pass `-p barid-store --test it`"];
    assert!(!seen(&crash).may_have_raced());
    let beside = ["test a ... FAILED", "    `-p barid-store --test it`", "    `-p barid-mail --lib`"];
    assert!(!seen(&beside).may_have_raced());
    let many: Vec<String> = (0..9).map(|n| format!("test t{n} ... FAILED")).collect();
    let mut lines: Vec<&str> = many.iter().map(String::as_str).collect();
    lines.push("    `-p barid-mail --lib`");
    assert!(!seen(&lines).may_have_raced());
    assert!(!seen(&["test a ... ok"]).may_have_raced());
}
