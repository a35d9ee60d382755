use std::os::unix::fs::PermissionsExt;

use crate::{code, document, run, stdout};

#[test]
fn doctor_says_what_where_and_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let data = directory.path().to_str().unwrap();
    let output = run(&[
        "doctor",
        "--data",
        data,
        "--public-url",
        "http://post.invalid",
        "--smtp-relay",
        "smtp://127.0.0.1:1",
        "--json",
    ]);
    assert_eq!(code(&output), 1);
    let report = document(&output);
    assert_eq!(report["ok"], false);
    let verdict = |check: &str| {
        let found =
            report["checks"].as_array().unwrap().iter().find(|finding| finding["check"] == check).unwrap().clone();
        assert!(found["verdict"] == "ok" || found["advice"].is_string(), "{found}");
        found["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("data directory"), "ok");
    assert_eq!(verdict("clock"), "ok");
    for missing in ["master key", "database", "relay", "public URL"] {
        assert_eq!(verdict(missing), "fail", "{missing}");
    }
}

#[test]
fn doctor_sees_a_master_key_that_others_can_read() {
    let directory = tempfile::tempdir().unwrap();
    let key = directory.path().join("master.key");
    std::fs::write(&key, "0f".repeat(32)).unwrap();
    let doctor = |mode| {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
        stdout(&run(&["doctor", "--data", directory.path().to_str().unwrap()]))
    };
    assert!(doctor(0o644).contains("FAIL  master key"));
    assert!(doctor(0o600).contains("ok    master key"));
}

#[test]
fn a_ledger_export_that_is_none_is_broken_at_its_first_record() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("export.jsonl");
    std::fs::write(&file, b"\xff\xfe not a record\n").unwrap();
    let output = run(&["ledger", "verify", file.to_str().unwrap(), "--json"]);
    assert_eq!(code(&output), 1);
    assert_eq!((document(&output)["ok"].clone(), document(&output)["first_bad_seq"].clone()), (false.into(), 1.into()));
    std::fs::write(&file, b"").unwrap();
    let output = run(&["ledger", "verify", file.to_str().unwrap(), "--json"]);
    assert_eq!((code(&output), document(&output)["records"].clone()), (0, 0.into()));
    let checkpoint = directory.path().join("checkpoint.json");
    std::fs::write(&checkpoint, b"{}").unwrap();
    let output = run(&["ledger", "verify", file.to_str().unwrap(), "--checkpoint", checkpoint.to_str().unwrap()]);
    assert_eq!(code(&output), 2);
}

#[test]
fn migrating_a_database_that_is_not_there_makes_none() {
    let directory = tempfile::tempdir().unwrap();
    let output = run(&["migrate", "--plan", "--data", directory.path().to_str().unwrap()]);
    assert_eq!(code(&output), 2);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

/// A ledger of a few records: its export and a checkpoint.
async fn sample_ledger() -> (Vec<String>, String) {
    let fixture = testkit::Fixture::sqlite().await;
    let ctx = fixture.workspace().await;
    for number in 0..5u8 {
        let mut batch = ctx.batch();
        let body = format!("{{\"number\":{number}}}").into_bytes();
        batch.ledger(store::LedgerEvent { id: ctx.id(), subject: [number; 16], body, sealed: vec![number] });
        ctx.db.apply(batch).await.unwrap();
    }
    let page = privacy::ledger::export(&ctx, 0).await.unwrap();
    let checkpoint = privacy::ledger::checkpoint(&ctx).await.unwrap();
    (page.lines, serde_json::to_string(&checkpoint).unwrap())
}

#[test]
fn a_changed_or_cut_ledger_is_found_at_its_first_bad_record() {
    testkit::run(async {
        let (lines, checkpoint) = sample_ledger().await;
        let directory = tempfile::tempdir().unwrap();
        let (file, point) = (directory.path().join("export.jsonl"), directory.path().join("checkpoint.json"));
        std::fs::write(&point, checkpoint).unwrap();
        let verify = |text: &str| {
            std::fs::write(&file, text).unwrap();
            let line = ["ledger", "verify", file.to_str().unwrap(), "--checkpoint", point.to_str().unwrap(), "--json"];
            let output = run(&line);
            let document = document(&output);
            (code(&output), document["first_bad_seq"].as_u64(), document["records"].as_u64())
        };
        let whole = lines.join("\n");
        assert_eq!(verify(&whole), (0, None, Some(5)));
        assert_eq!(verify(&whole.replace("\"number\":2", "\"number\":7")), (1, Some(3), None));
        assert_eq!(verify(&lines[..4].join("\n")), (1, Some(5), None));
        assert_eq!(verify(&lines[1..].join("\n")), (1, Some(1), None));
    });
}
