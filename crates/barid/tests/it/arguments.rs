use crate::{barid, code, document, run, stderr, stdout};

#[test]
fn help_lists_every_command() {
    let output = run(&["--help"]);
    assert_eq!(code(&output), 0);
    for command in [
        "init", "serve", "demo", "import", "export", "campaign", "segment", "contact", "domain", "ledger", "key",
        "webhook", "backup", "restore", "doctor", "migrate", "openapi", "explain",
    ] {
        assert!(stdout(&output).contains(&format!("\n  {command} ")), "{command}");
    }
}

#[test]
fn help_shows_the_environment_beside_each_option_but_never_a_secret() {
    let output = barid().args(["serve", "--help"]).env("BARID_SMTP_RELAY", "smtp://u:hunter2@h").output().unwrap();
    let text = stdout(&output);
    for variable in
        ["BARID_DATA", "BARID_LISTEN", "BARID_PUBLIC_URL", "BARID_DATABASE", "BARID_SMTP_RELAY", "BARID_MX_PORT"]
    {
        assert!(text.contains(variable), "{variable}");
    }
    assert!(!text.contains("hunter2"));
}

#[test]
fn wrong_use_is_exit_2_and_tells_what() {
    for (line, told) in [
        (&["flyaway"][..], "flyaway"),
        (&["campaign", "create", "--name", "N"], "--from"),
        (&["serve", "--mx-port", "many"], "--mx-port"),
        (&["import"], "FILE"),
        (&["explain", "weather"], "weather"),
        (&["contact", "erase", "a@example.com", "--key", "k"], "--yes"),
        (&["segment", "count", "--where", "{}"], "--key"),
        (&["segment", "count", "--where", "{", "--key", "k"], "--where"),
        (&["segment", "count", "--where", "{}", "--key", "k", "--server", "nowhere"], "--server"),
        (&["doctor", "--listen", "nowhere"], "listen"),
        (&["doctor", "--config", "/nowhere/barid.toml"], "/nowhere/barid.toml"),
        (&["init", "--workspace", "W", "--owner-email", "nobody", "--owner-password", "p"], "--owner-email"),
        (&["campaign", "schedule", "cmp_x", "--at", "tomorrow", "--key", "k"], "--at"),
        (&["ledger", "verify", "/nowhere/export.jsonl"], "/nowhere/export.jsonl"),
        (&["restore", "/nowhere/backup"], "/nowhere/backup"),
    ] {
        let output = run(line);
        assert_eq!(code(&output), 2, "{line:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(told), "{line:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{line:?}");
    }
}

#[test]
fn with_json_a_failure_is_one_document_too() {
    let output = run(&["doctor", "--listen", "nowhere", "--json"]);
    assert_eq!(document(&output)["error"]["code"], "invalid_input");
    let output = run(&["flyaway", "--json"]);
    assert_eq!((code(&output), document(&output)["error"]["code"].clone()), (2, "wrong_use".into()));
}

#[test]
fn an_unreachable_server_is_exit_1() {
    // Port 1 of this machine: nothing listens there.
    let output = run(&["segment", "count", "--where", "{}", "--key", "k", "--server", "http://127.0.0.1:1", "--json"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("is the server running"), "{}", stderr(&output));
}

#[test]
fn the_environment_mirrors_flags_and_flags_go_first() {
    let doctor = |flags: &[&str]| {
        let output = barid().args(["doctor"]).args(flags).env("BARID_LISTEN", "from-environment").output().unwrap();
        stderr(&output)
    };
    assert!(doctor(&[]).contains("listen: "));
    assert!(!doctor(&["--listen", "127.0.0.1:1"]).contains("listen: "));
}

#[test]
fn openapi_prints_the_description() {
    let output = run(&["openapi"]);
    assert!(document(&output)["openapi"].as_str().unwrap().starts_with("3."));
}
