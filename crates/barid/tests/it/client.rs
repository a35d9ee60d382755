use std::os::unix::fs::PermissionsExt;

use serde_json::{Value as Json, json};

use crate::fake::Fake;
use crate::{code, document, stderr, stdout};

fn body(json: Json) -> String {
    json.to_string()
}

#[test]
fn an_import_uploads_waits_and_writes_its_rejects_beside_the_file() {
    let finished = json!({
        "state": "finished", "read": 3, "added": 2, "updated": 0, "unchanged": 0, "rejected": 1, "encoding": "utf-8",
        "mapped": {"E-Mail": "email"}, "dropped": ["shoe size"], "warnings": [], "error": null,
    });
    let fake = Fake::start(vec![
        ("POST /v1/imports", 202, body(json!({ "id": "imp_1" }))),
        ("GET /v1/imports/imp_1", 200, body(json!({ "state": "running", "read": 1 }))),
        ("GET /v1/imports/imp_1", 200, body(finished)),
        ("GET /v1/imports/imp_1/rejects", 200, "line,reason,value\n3,email,x\n".to_owned()),
    ]);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("people & more.csv");
    std::fs::write(&file, "E-Mail,Shoe size\na@example.com,44\n").unwrap();
    let output = fake.run(&[
        "import",
        file.to_str().unwrap(),
        "--topic",
        "News",
        "--basis",
        "soft_opt_in",
        "--source",
        "Shop",
        "--collected-on",
        "2026-01-01",
        "--attribute",
        "Size",
        "--attribute",
        "Colour",
        "--sale-date",
        "2026-01-01",
        "--dry-run",
        "--wait",
        "--json",
    ]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let rejects = directory.path().join("people & more.rejects.csv");
    let document = document(&output);
    assert_eq!(document["rejects"], rejects.to_str().unwrap());
    assert_eq!(
        (document["read"].clone(), document["added"].clone(), document["encoding"].clone()),
        (3.into(), 2.into(), "utf-8".into())
    );
    assert_eq!(document["mapped"], json!({ "E-Mail": "email" }));
    assert_eq!(document["dropped"], json!(["shoe size"]));
    assert_eq!(std::fs::read_to_string(&rejects).unwrap(), "line,reason,value\n3,email,x\n");
    assert_eq!(std::fs::metadata(&rejects).unwrap().permissions().mode() & 0o777, 0o600, "rejected rows are personal");
    let upload = &fake.asked()[0];
    assert_eq!(upload.body, std::fs::read(&file).unwrap());
    assert!(
        upload.headers.contains("authorization: bearer barid_x_y")
            && upload.headers.contains("application/octet-stream")
    );
    for part in [
        "topic=News",
        "basis=soft_opt_in",
        "source=Shop",
        "collected_on=2026-01-01",
        "attribute=Size",
        "attribute=Colour",
        "sale_date=2026-01-01",
        "dry_run=true",
        "filename=people+%26+more.csv",
    ] {
        assert!(upload.line.contains(part), "{part}: {}", upload.line);
    }
}

#[test]
fn a_file_that_is_not_there_is_wrong_input() {
    let fake = Fake::start(Vec::new());
    let line = [
        "import",
        "/nowhere/f.csv",
        "--topic",
        "T",
        "--basis",
        "consent",
        "--source",
        "S",
        "--collected-on",
        "2026-01-01",
    ];
    let output = fake.run(&line);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("/nowhere/f.csv") && fake.asked().is_empty());
}

#[test]
fn the_servers_problems_name_their_fields() {
    let problem = json!({
        "title": "The lawful basis lacks its evidence", "status": 422, "code": "evidence_missing", "detail": "confirmed at is missing",
        "fields": [{ "field": "basis", "detail": "needs a column confirmed at" }],
    });
    let fake = Fake::start(vec![
        ("POST /v1/segments/count", 422, body(problem)),
        (
            "POST /v1/campaigns/cmp_x/send",
            409,
            body(json!({ "title": "The present state does not allow this", "code": "conflict" })),
        ),
    ]);
    let output = fake.run(&["segment", "count", "--where", "{}", "--json"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("basis: needs a column confirmed at"), "{}", stderr(&output));
    assert_eq!(document(&output)["error"]["fields"][0]["field"], "basis");
    assert_eq!(code(&fake.run(&["campaign", "send", "cmp_x"])), 1);
}

#[test]
fn a_campaign_is_made_and_followed_to_its_end() {
    let running =
        json!({ "state": "sending", "counts": { "sent": 1, "denied": 0, "failed": 0, "in_doubt": 0, "queued": 9 } });
    let done =
        json!({ "state": "sent", "counts": { "sent": 8, "denied": 1, "failed": 1, "in_doubt": 0, "queued": 0 } });
    let fake = Fake::start(vec![
        ("POST /v1/campaigns", 201, body(json!({ "id": "cmp_1" }))),
        ("POST /v1/campaigns/cmp_1/send", 202, String::new()),
        ("GET /v1/campaigns/cmp_1", 200, body(running)),
        ("GET /v1/campaigns/cmp_1", 200, body(done)),
        (
            "POST /v1/campaigns/cmp_1/preflight",
            200,
            body(json!({ "selected": 2, "allowed": 1, "denied": { "no_basis": 1 } })),
        ),
    ]);
    let directory = tempfile::tempdir().unwrap();
    let content = directory.path().join("c.mjml");
    std::fs::write(&content, "<mjml/>").unwrap();
    let output = fake.run(&[
        "campaign",
        "create",
        "--name",
        "N",
        "--from",
        "A <a@example.com>",
        "--subject",
        "S",
        "--mjml",
        content.to_str().unwrap(),
        "--topic",
        "T",
        "--json",
    ]);
    assert_eq!(document(&output), json!({ "id": "cmp_1" }));
    let sent: Json = serde_json::from_slice(&fake.asked()[0].body).unwrap();
    assert_eq!(
        sent,
        json!({ "name": "N", "from": "A <a@example.com>", "subject": "S", "topic": "T", "purpose": "marketing", "mjml": "<mjml/>" })
    );
    let output = fake.run(&["campaign", "preflight", "cmp_1", "--json"]);
    assert_eq!(document(&output), json!({ "selected": 2, "allowed": 1, "denied": { "no_basis": 1 } }));
    let output = fake.run(&["campaign", "send", "cmp_1", "--grace", "5", "--wait", "--json"]);
    assert_eq!(document(&output), json!({ "sent": 8, "denied": 1, "failed": 1, "in_doubt": 0 }));
    let asked = fake.asked();
    let send = asked.iter().find(|one| one.line == "POST /v1/campaigns/cmp_1/send").unwrap();
    assert_eq!(serde_json::from_slice::<Json>(&send.body).unwrap(), json!({ "grace_seconds": 5 }));
}

#[test]
fn a_person_is_found_by_address_that_never_stands_in_a_url() {
    let fake = Fake::start(vec![
        ("POST /v1/contacts/lookup", 200, body(json!({ "id": "con_1" }))),
        ("GET /v1/contacts/con_1/answer", 200, body(json!({ "contact": { "email": "lina@example.com" } }))),
        ("POST /v1/contacts/con_1/unsubscribe", 204, String::new()),
        ("POST /v1/contacts/con_1/erase", 200, body(json!({ "certificate": "c" }))),
    ]);
    let output = fake.run(&["contact", "show", "lina@example.com", "--json"]);
    assert_eq!(document(&output)["contact"]["email"], "lina@example.com");
    assert_eq!(code(&fake.run(&["contact", "unsubscribe", "lina@example.com"])), 0);
    let output = fake.run(&["contact", "erase", "lina@example.com", "--yes"]);
    assert_eq!(stdout(&output), "certificate: c\n");
    assert!(fake.asked().iter().all(|one| !one.line.contains("lina")));
}

#[test]
fn an_unknown_person_is_wrong_input() {
    let output = Fake::start(Vec::new()).run(&["contact", "show", "nobody@example.com"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("nobody here has this address"));
}

#[test]
fn a_backup_is_two_private_files_and_overwrites_none() {
    let fake = Fake::start(vec![
        ("GET /v1/backup/data", 200, "data".to_owned()),
        ("GET /v1/backup/keys", 200, "keys".to_owned()),
    ]);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("b");
    let output = fake.run(&["backup", file.to_str().unwrap(), "--json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let keys = directory.path().join("b.keys");
    assert_eq!((std::fs::read(&file).unwrap(), std::fs::read(&keys).unwrap()), (b"data".to_vec(), b"keys".to_vec()));
    assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(code(&fake.run(&["backup", file.to_str().unwrap()])), 2);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 2, "no half-written file is left");
}

#[test]
fn ledger_domain_key_and_webhook_commands_use_their_routes() {
    let fake = Fake::start(vec![
        ("GET /v1/ledger/export", 200, "{\"seq\":1}\n".to_owned()),
        ("POST /v1/ledger/verify", 200, body(json!({ "ok": false, "first_bad_seq": 7, "records": 9 }))),
        ("POST /v1/ledger/checkpoint", 200, body(json!({ "seq": 9 }))),
        ("POST /v1/domains", 201, body(json!({ "records": [{ "type": "TXT", "name": "n", "value": "v" }] }))),
        ("POST /v1/domains/example.com/check", 200, body(json!({ "verified": true }))),
        ("GET /v1/domains", 200, body(json!({ "items": [] }))),
        ("DELETE /v1/keys/key_1", 204, String::new()),
        ("POST /v1/webhooks", 201, body(json!({ "id": "whk_1", "secret": "whsec_x" }))),
        ("POST /v1/webhooks/whk_1/replay", 202, String::new()),
    ]);
    assert_eq!(stdout(&fake.run(&["ledger", "export"])), "{\"seq\":1}\n");
    let output = fake.run(&["ledger", "verify", "--json"]);
    assert_eq!((code(&output), document(&output)["first_bad_seq"].clone()), (1, 7.into()));
    assert_eq!(document(&fake.run(&["ledger", "checkpoint", "--json"])), json!({ "seq": 9 }));
    let output = fake.run(&["domain", "add", "example.com"]);
    assert!(stdout(&output).contains("n TXT\n  v"));
    assert_eq!(code(&fake.run(&["domain", "check", "example.com"])), 0);
    assert_eq!(code(&fake.run(&["domain", "list"])), 0);
    assert_eq!(document(&fake.run(&["key", "revoke", "key_1", "--json"]))["deleted"], true);
    let output = fake.run(&["webhook", "add", "https://hook.example/", "--kind", "contact.created", "--json"]);
    assert_eq!(document(&output)["secret"], "whsec_x");
    assert_eq!(code(&fake.run(&["webhook", "replay", "whk_1", "--from", "2026-11-20T00:00:00Z"])), 0);
    assert_eq!(code(&fake.run(&["webhook", "replay", "whk_1", "--from", "yesterday"])), 2);
}
