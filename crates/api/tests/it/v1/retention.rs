//! Retention, holds and the data map over the API; the end of a workspace.

use accounts::members::Role;
use accounts::workspaces::{self, State};
use kernel::Timestamp;
use privacy::erasure::{self, WorkspaceCertificate};
use privacy::gate::Gate;
use privacy::retention::{self, Fate};
use serde_json::{Value as Json, json};
use store::{Actor, params};
use testkit::Fixture;

use super::world::{PASSWORD, World, refused};

store::sql! {
    SEALED_OF = "SELECT id, sealed FROM contact WHERE workspace = $1 ORDER BY id LIMIT 10";
    PUT_BACK = "INSERT INTO contact (workspace, id, sealed, version, archived_at, created_at, updated_at) VALUES ($1, $2, $3, 1, NULL, $4, $4)";
}

fn class<'a>(answer: &'a Json, name: &str) -> &'a Json {
    answer["classes"].as_array().unwrap().iter().find(|class| class["name"] == name).unwrap()
}

testkit::each_engine! {
    async fn periods_are_chosen_within_bounds_and_never_for_ever(t: Fixture) {
        let world = World::new(t).await;
        let path = "/v1/privacy/retention";
        let all = world.owner.get(path).await.json();
        assert_eq!(class(&all, "comms.traffic")["effective"], "P6M");
        assert_eq!(class(&all, "marketing.lead_enriched")["effective"], "P30D");
        let put = |period: &str| json!({ "classes": { "comms.traffic": { "period": period } } });
        for period in ["forever", "P25M", "P731D", "PT1H", ""] {
            refused(&world.owner.put(path, &put(period)).await, "invalid_input", None);
        }
        refused(&world.owner.put(path, &json!({ "classes": { "nothing": { "period": "P1D" } } })).await, "invalid_input", None);
        let answer = world.owner.put(path, &json!({ "region": "US",
            "classes": { "comms.traffic": { "period": "P3M", "by_region": { "US": "P24M" } } } })).await.json();
        assert_eq!(class(&answer, "comms.traffic")["effective"], "P2Y", "the region's period counts there");
        assert_eq!(class(&world.owner.put(path, &put("P3M")).await.json(), "comms.traffic")["effective"], "P3M");
    }

    async fn less_than_law_wants_takes_two_people(t: Fixture) {
        let world = World::new(t).await;
        let body = json!({ "classes": { "tax": { "period": "P1Y" } } });
        let first = world.browser().await;
        let answer = first.put("/v1/privacy/retention", &body).await.json();
        assert_eq!(class(&answer, "tax")["effective"], "P10Y", "nothing changes yet");
        let id = answer["proposed"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/privacy/retention/proposals/{id}");
        for client in [&first, &world.owner] {
            let answer = client.post(&path, &json!({ "confirm": true })).await;
            refused(&answer, "invalid_input", None);
        }
        let other = kernel::UserId([7; 16]);
        let ctx = world.t.core.ctx(world.workspace, Actor::User(other));
        retention::decide(&ctx, id.parse().unwrap(), true).await.unwrap();
        let all = world.owner.get("/v1/privacy/retention").await.json();
        assert_eq!(class(&all, "tax")["effective"], "P1Y");
        assert_eq!(all["proposals"][0]["state"], "confirmed");
        let trail = world.owner.get("/v1/audit").await.text();
        assert!(trail.contains("retention.proposed") && trail.contains("retention.confirmed"));
        // Sending the same again asks nobody again.
        let again = first.put("/v1/privacy/retention", &body).await.json();
        assert_eq!(again["proposed"], json!([]));
        assert_eq!(class(&again, "tax")["effective"], "P1Y");
    }

    async fn holds_are_made_seen_and_lifted(t: Fixture) {
        let world = World::new(t).await;
        let made = world.made("/v1/privacy/holds", json!({ "kind": "dispute", "class": "comms.content", "reason": "case 4" })).await;
        refused(&world.owner.post("/v1/privacy/holds", &json!({ "kind": "dispute", "reason": "all" })).await, "invalid_input", Some("class"));
        refused(&world.owner.post("/v1/privacy/holds", &json!({ "kind": "whim", "class": "tax", "reason": "x" })).await, "invalid_input", None);
        let id = made["id"].as_str().unwrap();
        assert_eq!(world.owner.get("/v1/privacy/holds").await.json()["items"][0]["reason"], "case 4");
        assert!(!world.owner.delete(&format!("/v1/privacy/holds/{id}")).await.json()["lifted_at"].is_null());
        refused(&world.owner.delete(&format!("/v1/privacy/holds/{id}")).await, "not_found", None);
        let dry = world.owner.post("/v1/privacy/retention/run", &json!({})).await.json();
        assert_eq!(dry["mode"], "dry");
        assert_eq!(world.owner.get("/v1/privacy/retention/reports").await.json()["items"][0]["id"], dry["id"]);
        let trail = world.owner.get("/v1/audit").await.text();
        assert!(trail.contains("hold.created") && trail.contains("hold.lifted"));
    }

    async fn the_data_map_is_the_live_schema(t: Fixture) {
        let world = World::new(t).await;
        let map = world.owner.get("/v1/privacy/datamap").await.json();
        let mut told: Vec<(String, String)> = Vec::new();
        for table in map["items"].as_array().unwrap() {
            for column in table["columns"].as_array().unwrap() {
                told.push((table["table"].as_str().unwrap().to_owned(), column["name"].as_str().unwrap().to_owned()));
            }
        }
        let mut live = store::table_columns(&world.t.core.db).await.unwrap();
        live.sort();
        told.sort();
        assert_eq!(told, live);
        let contact = map["items"].as_array().unwrap().iter().find(|table| table["table"] == "contact").unwrap();
        assert_eq!((&contact["category"], &contact["class"]), (&json!("end_user"), &json!("marketing.contact")));
    }

    async fn certificates_are_checked(t: Fixture) {
        let world = World::new(t).await;
        let contact = world.made("/v1/contacts", json!({ "email": "sara@example.com" })).await;
        let path = format!("/v1/contacts/{}/anonymise", contact["id"].as_str().unwrap());
        let mut certificate = world.owner.post(&path, &json!({})).await.json();
        let verify = "/v1/privacy/erasures/verify";
        assert_eq!(world.owner.post(verify, &certificate).await.json(), json!({ "authentic": true, "ours": true, "why": null }));
        let elsewhere = world.stranger().await.post(verify, &certificate).await.json();
        assert_eq!(elsewhere, json!({ "authentic": true, "ours": false, "why": null }));
        certificate["suppressed"] = json!(77);
        let changed = world.owner.post(verify, &certificate).await.json();
        assert!(changed["authentic"] == false && changed["why"].as_str().unwrap().contains("signature"), "{changed}");
        refused(&world.owner.post(verify, &json!({ "remark": 1 })).await, "invalid_input", None);
    }

    async fn an_erased_workspace_cannot_be_read_from_yesterdays_backup(t: Fixture) {
        let world = World::new(t).await;
        world.made("/v1/contacts", json!({ "email": "canary@example.com", "first_name": "Canary" })).await;
        let yesterday: Vec<(kernel::ContactId, Vec<u8>)> =
            world.t.core.db.all(SEALED_OF, params![world.workspace]).await.unwrap();
        let browser = world.browser().await;
        let word = |name: &str, password: &str| json!({ "name": name, "password": password });
        let path = "/v1/workspace/erase";
        refused(&world.owner.post(path, &word("Nur Foundation", PASSWORD)).await, "conflict", None);
        refused(&browser.post(path, &word("Nur", PASSWORD)).await, "invalid_input", Some("name"));
        assert!(!browser.post(path, &word("Nur Foundation", "wrong password here")).await.status.is_success());
        let role = world.role(Role::Admin).await;
        refused(&role.post(path, &word("Nur Foundation", PASSWORD)).await, "forbidden", None);
        let answer = browser.post(path, &word("Nur Foundation", PASSWORD)).await;
        let certificate: WorkspaceCertificate = serde_json::from_value(answer.json()).unwrap();
        assert!(certificate.is_authentic());
        let core = &world.t.core;
        assert_eq!(erasure::workspace_certificate(core, world.workspace).await.unwrap(), Some(certificate));
        assert!(core.vault.keys(world.workspace).await.is_err());
        assert!(core.vault.workspaces().await.unwrap().is_empty());
        // Yesterday's backup of the data brings rows back: nothing opens them, and the start removes them.
        let ctx = core.ctx(world.workspace, Actor::System);
        let mut batch = ctx.batch();
        for (id, sealed) in &yesterday {
            batch.push(PUT_BACK, params![world.workspace, *id, sealed.clone(), ctx.now()]);
        }
        core.db.apply(batch).await.unwrap();
        assert!(core.vault.subject(world.workspace, yesterday[0].0).await.is_err());
        assert_eq!(erasure::purge_destroyed(core).await.unwrap(), 1);
        let left: Vec<(kernel::ContactId, Vec<u8>)> = core.db.all(SEALED_OF, params![world.workspace]).await.unwrap();
        assert!(left.is_empty());
        assert!(api::housekeeping::refuse_unreplayed(core).await.is_ok());
    }

    async fn unused_workspaces_are_closed_after_two_notices_and_erased_later(t: Fixture) {
        let world = World::new(t).await;
        let ctx = world.t.core.ctx(world.workspace, Actor::System);
        let start = ctx.now();
        let after = |text: &str| -> Timestamp { text.parse::<retention::Period>().unwrap().after(start) };
        let look = async |at: Timestamp| {
            world.t.clock.set(at);
            retention::look_after(&ctx).await.unwrap()
        };
        assert_eq!(look(after("P21M")).await, Fate::Stays);
        assert_eq!(look(after("P22M")).await, Fate::Noticed(1));
        assert_eq!(look(after("P22M").plus_seconds(3600)).await, Fate::Stays);
        assert_eq!(look(after("P23M")).await, Fate::Noticed(2));
        assert_eq!(store::jobs::pending(&ctx.db, accounts::users::tokens::NOTICE_QUEUE).await.unwrap(), 2);
        assert_eq!(look(after("P24M").plus_seconds(-1)).await, Fate::Stays);
        assert_eq!(look(after("P24M")).await, Fate::Closed);
        assert_eq!(workspaces::get(&ctx).await.unwrap().state, State::Closed);
        assert_eq!(look(after("P24M").plus_seconds(29 * 86_400)).await, Fate::Stays);
        assert!(matches!(look(after("P24M").plus_seconds(30 * 86_400)).await, Fate::Erased(_)));
    }

    async fn using_a_workspace_starts_the_clock_anew(t: Fixture) {
        let world = World::new(t).await;
        let ctx = world.t.core.ctx(world.workspace, Actor::System);
        world.t.clock.set("P22M".parse::<retention::Period>().unwrap().after(ctx.now()));
        assert_eq!(retention::look_after(&ctx).await.unwrap(), Fate::Noticed(1));
        world.t.clock.advance(60);
        world.browser().await;
        assert_eq!(retention::look_after(&ctx).await.unwrap(), Fate::Stays);
        assert_eq!(workspaces::activity(&ctx).await.unwrap().notices, 0);
    }

    async fn data_older_than_the_safety_log_are_not_served(t: Fixture) {
        let ctx = t.workspace().await;
        let entry = store::SafetyEntry {
            id: ctx.id(),
            kind: store::SafetyKind::Erasure,
            subject: Some(kernel::ContactId([8; 16])),
            hash: Some([9; 16]),
            scope: "person".to_owned(),
            reason: "erased".to_owned(),
            at: ctx.now(),
            done: true,
        };
        ctx.vault.safety(ctx.workspace, &[entry]).await.unwrap();
        assert!(api::housekeeping::refuse_unreplayed(&t.core).await.unwrap_err().contains("older than the safety log"));
        erasure::replay(&ctx, &Gate::new()).await.unwrap();
        assert!(api::housekeeping::refuse_unreplayed(&t.core).await.is_ok());
    }
}
