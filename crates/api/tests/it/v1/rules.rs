//! The rules and the records that decisions rest on, over HTTP.

use axum::http::Method;
use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::world::{World, refused};

fn text() -> Json {
    json!({
        "name": "Letters to print shops", "purpose": "marketing", "necessity": "They cannot know us otherwise",
        "balancing": "Business addresses, relevant", "safeguards": "Notice and opt-out", "data": ["business e-mail"],
    })
}

async fn assessed(world: &World) -> String {
    let made = world.made("/v1/privacy/assessments", text()).await;
    let id = made["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("lia_"));
    let approved = world.owner.post(&format!("/v1/privacy/assessments/{id}/approve"), &json!({ "version": 1 })).await;
    assert_eq!(approved.json()["state"], "live", "{}", approved.text());
    id
}

async fn trail(world: &World) -> String {
    world.owner.get("/v1/audit").await.text()
}

testkit::each_engine! {
    async fn an_assessment_goes_from_draft_to_end(t: Fixture) {
        let world = World::new(t).await;
        let owner = &world.owner;
        let made = world.made("/v1/privacy/assessments", json!({ "name": "Letters", "purpose": "marketing" })).await;
        let path = format!("/v1/privacy/assessments/{}", made["id"].as_str().unwrap());
        assert_eq!((&made["state"], &made["version"], &made["reviewer"]), (&json!("draft"), &json!(1), &json!(null)));
        refused(&owner.post(&format!("{path}/approve"), &json!({ "version": 1 })).await, "invalid_input", Some("necessity"));
        let rewritten = owner.put(&path, &json!({ "version": 1, "text": text() })).await;
        assert_eq!(rewritten.json()["name"], "Letters to print shops", "{}", rewritten.text());
        refused(&owner.put(&path, &json!({ "version": 1, "text": text() })).await, "version_conflict", None);
        let long = json!({ "version": 2, "expires_at": "2028-01-01T00:00:00Z" });
        refused(&owner.post(&format!("{path}/approve"), &long).await, "invalid_input", Some("expires_at"));
        let live = owner.post(&format!("{path}/approve"), &json!({ "version": 2 })).await.json();
        assert_eq!((&live["state"], &live["expires_at"]), (&json!("live"), &json!("2027-11-21T09:00:00Z")));
        refused(&owner.put(&path, &json!({ "version": 3, "text": text() })).await, "conflict", None);
        let renewed = owner.post(&format!("{path}/renew"), &json!({ "version": 3, "text": text() })).await.json();
        assert_eq!(renewed["version"], 4);
        let versions = owner.get(&format!("{path}/versions")).await.json();
        assert_eq!(versions["items"].as_array().unwrap().len(), 4);
        let ended = owner.post(&format!("{path}/end"), &json!({ "version": 4 })).await.json();
        assert_eq!(ended["state"], "ended");
        refused(&owner.post(&format!("{path}/end"), &json!({ "version": 5 })).await, "conflict", None);
        for action in ["created", "updated", "approved", "renewed", "ended"] {
            assert!(trail(&world).await.contains(&format!("assessment.{action}")), "{action}");
        }
        refused(&owner.post("/v1/privacy/assessments", &json!({ "name": "" , "purpose": "marketing" })).await, "invalid_input", Some("name"));
        refused(&owner.post("/v1/privacy/assessments", &json!({ "name": "x", "purpose": "Market!" })).await, "invalid_input", Some("purpose"));
    }

    async fn an_import_on_interest_needs_one(t: Fixture) {
        let world = World::new(t).await;
        world.topic("News").await;
        let path = |assessment: &str| {
            format!("/v1/imports?topic=News&basis=legitimate_interest&source=fair&collected_on=2026-01-01&reason=trade&assessment={assessment}")
        };
        let file = "email,country\na@example.com,GB\n";
        let answer = world.owner.clone().send(Method::POST, &path("LIA-7"), file).await;
        refused(&answer, "invalid_input", Some("assessment"));
        assert!(answer.text().contains("lia_"), "it says what one looks like: {}", answer.text());
        let id = assessed(&world).await;
        assert_eq!(world.owner.clone().send(Method::POST, &path(&id), file).await.status.as_u16(), 202);
    }

    async fn an_approval_is_filed_granted_and_taken_back(t: Fixture) {
        let world = World::new(t).await;
        let owner = &world.owner;
        let filing = json!({ "country": "US", "channel": "sms", "goal": "Offers", "samples": ["10 % off"], "documents": ["form.pdf"] });
        let made = world.made("/v1/privacy/approvals", filing.clone()).await;
        let path = format!("/v1/privacy/approvals/{}", made["id"].as_str().unwrap());
        refused(&owner.post(&format!("{path}/approve"), &json!({ "version": 1 })).await, "conflict", None);
        let rewritten = owner.put(&path, &json!({ "version": 1, "draft": filing })).await;
        assert_eq!(rewritten.json()["version"], 2, "{}", rewritten.text());
        let filed = owner.post(&format!("{path}/submit"), &json!({ "version": 2, "reference": "BRAND-1" })).await.json();
        assert_eq!((&filed["state"], &filed["reference"]), (&json!("submitted"), &json!("BRAND-1")));
        let granted = json!({ "version": 3, "expires_at": "2027-11-21T09:00:00Z" });
        assert_eq!(owner.post(&format!("{path}/approve"), &granted).await.json()["state"], "approved");
        assert_eq!(owner.post(&format!("{path}/reject"), &json!({ "version": 4 })).await.json()["state"], "rejected");
        assert_eq!(owner.get(&path).await.json()["version"], 5);
        for (field, wrong) in [("country", json!("USA")), ("channel", json!("telex")), ("samples", json!([])), ("goal", json!(""))] {
            let mut draft = json!({ "country": "US", "channel": "sms", "goal": "Offers", "samples": ["x"] });
            draft[field] = wrong;
            refused(&owner.post("/v1/privacy/approvals", &draft).await, "invalid_input", Some(field));
        }
        assert!(trail(&world).await.contains("approval.rejected"));
    }

    async fn a_basis_is_stated_with_its_evidence(t: Fixture) {
        let world = World::new(t).await;
        let contact = world.contact("sara@example.com").await;
        let path = format!("/v1/contacts/{contact}/bases");
        let implied = json!({ "basis": "implied_consent", "purpose": "marketing", "channel": "email",
            "at": "2026-08-31T00:00:00Z", "detail": { "kind": "enquiry" } });
        let made = world.made(&path, implied).await;
        assert_eq!((&made["state"], &made["expires_at"]), (&json!("given"), &json!("2027-02-28T00:00:00Z")));
        let consent = json!({ "basis": "consent", "purpose": "marketing", "channel": "email", "detail": {
            "wording": "Yes, write to me", "doi": { "requested_at": "2026-11-01T10:00:00Z", "confirmed_at": "2026-11-01T10:05:00Z" } } });
        assert_eq!(world.made(&path, consent).await["confirmed_at"], "2026-11-01T10:05:00Z");
        let interest = |assessment: &str| json!({ "basis": "legitimate_interest", "purpose": "marketing", "channel": "email",
            "detail": { "assessment": assessment, "reason": "runs a print shop" } });
        refused(&world.owner.post(&path, &interest("LIA-7")).await, "invalid_input", Some("assessment"));
        world.made(&path, interest(&assessed(&world).await)).await;
        let bare = json!({ "basis": "consent", "purpose": "marketing", "channel": "email" });
        refused(&world.owner.post(&path, &bare).await, "evidence_missing", None);
        let colour = json!({ "basis": "contract", "purpose": "service", "channel": "email", "detail": { "colour": "red" } });
        refused(&world.owner.post(&path, &colour).await, "invalid_input", None);
        let listed = world.owner.get(&path).await.json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 3);
        refused(&world.owner.get("/v1/contacts/con_00000000000000000000000001/bases").await, "not_found", None);
        assert!(trail(&world).await.contains("basis.stated"));
    }

    async fn a_list_is_uploaded_listed_and_removed(t: Fixture) {
        let world = World::new(t).await;
        let path = "/v1/privacy/screenings?country=UK&channel=voice&list=ctps&source=CTPS&dated=2026-11-20";
        let made = world.owner.clone().send(Method::POST, path, "020 7946 0018\nnobody\n+442079460019\n").await;
        assert_eq!(made.status.as_u16(), 201, "{}", made.text());
        let made = made.json();
        assert_eq!((&made["country"], &made["entries"], &made["unreadable"]), (&json!("GB"), &json!(2), &json!(1)));
        assert_eq!(made["expires_at"], "2026-12-20T00:00:00Z");
        let listed = world.owner.get("/v1/privacy/screenings").await;
        assert_eq!(listed.json()["items"].as_array().unwrap().len(), 1);
        assert!(!listed.text().contains("7946"), "it names nobody");
        let one = format!("/v1/privacy/screenings/{}", made["id"].as_str().unwrap());
        assert_eq!(world.owner.delete(&one).await.status.as_u16(), 204);
        refused(&world.owner.delete(&one).await, "not_found", None);
        let empty = world.owner.clone().send(Method::POST, path, "").await;
        refused(&empty, "invalid_input", Some("body"));
        refused(&world.owner.clone().send(Method::POST, "/v1/privacy/screenings?country=GB", "x").await, "invalid_input", None);
    }

    async fn activities_are_recorded_once_and_retired(t: Fixture) {
        let world = World::new(t).await;
        let draft = json!({ "code": "62.10", "description": "Computer programming", "register": "NACE" });
        let made = world.made("/v1/privacy/activities", draft.clone()).await;
        refused(&world.owner.post("/v1/privacy/activities", &draft).await, "already_exists", None);
        let path = format!("/v1/privacy/activities/{}/retire", made["id"].as_str().unwrap());
        assert!(world.owner.post(&path, &json!({})).await.json()["retired_at"].is_string());
        refused(&world.owner.post(&path, &json!({})).await, "conflict", None);
        assert!(trail(&world).await.contains("activity.retired"));
    }

    async fn the_gate_is_set_as_a_whole(t: Fixture) {
        let world = World::new(t).await;
        let owner = &world.owner;
        let whole = json!({ "min_age": 16, "approvals_required_on": ["sms", "email"],
            "quiet": { "start": "10:00", "end": "18:00", "sunday": true }, "frequency": { "cap": 2, "days": 7 },
            "destinations": { "sms": ["US", "uk"] }, "paused": true });
        let set = owner.put("/v1/privacy/settings", &whole).await;
        assert_eq!(set.status.as_u16(), 200, "{}", set.text());
        let shown = owner.get("/v1/privacy/settings").await.json();
        assert_eq!(shown, set.json());
        assert_eq!((&shown["paused"], &shown["destinations"]["sms"]), (&json!(true), &json!(["US", "GB"])));
        let pack = owner.get("/v1/privacy/pack").await.json();
        let reach = |channel: &str| {
            pack["channels"].as_array().unwrap().iter().find(|one| one["channel"] == channel).unwrap()["countries"].clone()
        };
        assert_eq!((reach("sms"), reach("email")), (json!(["US", "GB"]), json!(null)));
        owner.put("/v1/privacy/settings", &json!({})).await;
        assert_eq!(owner.get("/v1/privacy/settings").await.json()["paused"], false, "what is absent is set back");
        for (settings, field) in [
            (json!({ "colour": 1 }), "colour"),
            (json!({ "quiet": { "start": "25:00", "end": "18:00" } }), "settings"),
            (json!({ "destinations": { "sms": ["Atlantis"] } }), "destinations.sms[0]"),
            (json!({ "frequency": { "cap": 1, "days": 0 } }), "frequency.days"),
        ] {
            refused(&owner.put("/v1/privacy/settings", &settings).await, "invalid_input", Some(field));
        }
        let agent = world.role(accounts::members::Role::Agent).await;
        refused(&agent.put("/v1/privacy/settings", &json!({})).await, "forbidden", None);
        assert!(trail(&world).await.contains("gate.configured"));
    }

    async fn the_rules_are_shown_with_their_age_and_their_history(t: Fixture) {
        let world = World::new(t).await;
        let owner = &world.owner;
        let pack = owner.get("/v1/privacy/pack").await.json();
        assert_eq!((&pack["version"], &pack["stale"], &pack["warnings"]), (&json!("2026-11"), &json!(false), &json!([])));
        assert!(pack["disclaimer"]["en"].as_str().unwrap().contains("not legal advice"));
        assert!(pack["disclaimer"]["ar"].as_str().unwrap().contains("2026-11"));
        let country = |code: &str| pack["countries"].as_array().unwrap().iter().find(|one| one["country"] == code).unwrap().clone();
        assert_eq!(country("US")["approval_channels"], json!(["sms", "voice"]));
        assert_eq!(country("US")["rows"]["sms"]["individual"], "12");
        assert_eq!(country("SA")["rests_on_friday"], true);
        assert_eq!(country("unlisted")["rows"]["email"]["corporate_generic"], "17");
        world.t.clock.set("2027-05-18T00:00:00Z".parse().unwrap());
        let old = owner.get("/v1/privacy/pack").await.json();
        let codes: Vec<_> = old["warnings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!((&old["stale"], codes[0]), (&json!(true), "pack_stale"));
        assert_eq!(codes.iter().filter(|code| **code == "row_due").count(), old["rows"].as_array().unwrap().len());

        let versions = owner.get("/v1/privacy/packs").await.json();
        let named: Vec<_> = versions["items"].as_array().unwrap().iter().map(|one| (one["version"].as_str().unwrap(), one["current"].as_bool().unwrap())).collect();
        assert_eq!(named, [("2026-11", true), ("2026-01", false)]);
        let before = owner.get("/v1/privacy/packs/2026-01").await.json();
        assert!(before["note"].as_str().unwrap().contains("5 February 2026"));
        assert_eq!(before["parts"]["limits"]["touches"], 3);
        let changed = owner.get("/v1/privacy/packs/2026-01/differences/2026-11").await.json();
        let rows: Vec<_> = changed["rows"].as_array().unwrap().iter().filter(|row| row["kind"] == "changed").collect();
        assert_eq!((rows.len(), &rows[0]["row"], &rows[0]["countries"]), (1, &json!("9"), &json!(["GB"])));
        refused(&owner.get("/v1/privacy/packs/1999-01").await, "not_found", None);
        refused(&owner.get("/v1/privacy/packs/2026-01/differences/1999-01").await, "not_found", None);
    }
}
