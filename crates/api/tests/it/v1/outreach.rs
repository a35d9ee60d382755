//! Cold outreach over HTTP: what is missing is named, what is sent is lawful, what is kept is bounded.

use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::world::{World, refused};

const LETTER: &str = "<p>Dear {{ first_name | fallback: \"colleague\" }}</p><p>{{ lawful_notice }}</p>\
    <p>{{ postal_address }} <a href=\"{{ unsubscribe_url }}\">No more</a></p>";

async fn stated(world: &World) -> (Json, Json) {
    let text = json!({ "name": "Cranes", "purpose": "marketing", "necessity": "They cannot know of us",
        "balancing": "Business addresses", "safeguards": "Notice and opt-out", "data": ["business e-mail"] });
    let draft = world.made("/v1/privacy/assessments", text).await;
    let id = draft["id"].as_str().unwrap();
    let approve = json!({ "version": draft["version"] });
    world.made(&format!("/v1/privacy/assessments/{id}/approve"), approve).await;
    let activity =
        world.made("/v1/privacy/business-activities", json!({ "code": "33.12", "description": "Cranes" })).await;
    let condition = json!({ "field": "country", "op": "is", "value": "FR" });
    let segment = world.made("/v1/segments", json!({ "name": "France", "where": condition })).await;
    let prospecting = json!({ "targeting": "Buyers of French companies that run cranes", "activity": activity["id"],
        "assessment": id });
    (prospecting, segment["id"].clone())
}

async fn import(world: &World, extra: &str, file: &str) -> Json {
    let path =
        format!("/v1/imports?topic=Cold&basis=legitimate_interest&source=register&collected_on=2026-01-01{extra}");
    let answer = world.owner.clone().send(axum::http::Method::POST, &path, file.to_owned()).await;
    world.work().await;
    answer.json()
}

const FILE: &str = "email,first name,country,recipient type,company\n\
    claire@example.com,Claire,FR,corporate named,Grues SA\njean@example.com,Jean,FR,corporate named,\n";

testkit::each_engine! {
    async fn a_campaign_to_prospects_names_what_it_lacks_and_then_leaves(t: Fixture) {
        let world = World::new(t).await;
        let (prospecting, segment) = stated(&world).await;
        let lia = prospecting["assessment"].as_str().unwrap();
        import(&world, &format!("&assessment={lia}&reason=cranes"), FILE).await;
        let body = json!({ "name": "Cold", "from": "Nur <news@example.org>", "subject": "Cranes", "html": LETTER,
            "topic": "Cold", "language": "en", "prospecting": {} });
        let id = world.made("/v1/campaigns", body).await["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/campaigns/{id}");
        let answer = world.owner.post(&format!("{path}/send"), &json!({})).await;
        refused(&answer, "invalid_input", Some("prospecting.targeting"));
        assert_eq!(answer.json()["fields"].as_array().unwrap().len(), 5);
        let wrong = json!({ "reason": "{{ salary | required }}" });
        refused(&world.owner.patch(&path, &wrong).await, "invalid_input", Some("reason"));
        let whole = json!({ "reason": "You buy parts for {{ company | required }}.", "segment": segment,
            "prospecting": prospecting });
        let changed = world.owner.patch(&path, &whole).await.json();
        assert_eq!((&changed["kind"], &changed["prospecting"]), (&json!("prospecting"), &prospecting));
        let before = world.owner.post(&format!("{path}/preflight"), &Json::Null).await.json();
        assert_eq!((&before["selected"], &before["allowed"]), (&json!(2), &json!(1)), "{before}");
        assert_eq!(before["denied"], json!({ "reason_missing": 1 }));
        world.made(&format!("{path}/send"), json!({})).await;
        world.work().await;
        let sent = world.owner.get(&path).await.json();
        assert_eq!((&sent["counts"]["sent"], &sent["counts"]["denied"]), (&json!(1), &json!(1)), "{sent}");
        assert_eq!(sent["criteria"], json!({ "field": "country", "op": "is", "value": "FR" }));
        let owed = world.owner.get("/v1/outreach/notices").await.json();
        assert_eq!((owed["items"].as_array().unwrap().len(), &owed["overdue"]), (1, &json!(0)), "{owed}");
    }

    async fn a_sequence_is_drafted_started_watched_and_stopped(t: Fixture) {
        let world = World::new(t).await;
        let (prospecting, segment) = stated(&world).await;
        let lia = prospecting["assessment"].as_str().unwrap();
        import(&world, &format!("&assessment={lia}&reason=cranes"), FILE).await;
        let content = json!({ "subject": "Cranes", "html": LETTER, "language": "en" });
        let draft = |steps: Json, prospecting: &Json| json!({ "name": "Cold", "from": "Nur <news@example.org>",
            "topic": "Cold", "segment": segment, "prospecting": prospecting, "steps": steps,
            "reason": "You buy parts for {{ company | required }}." });
        let two = json!([{ "content": content }, { "wait_days": 3, "content": content }]);
        let one = json!([{ "content": content }]);
        refused(&world.owner.post("/v1/sequences", &draft(one, &prospecting)).await, "invalid_input", Some("steps"));
        let made = world.made("/v1/sequences", draft(two.clone(), &json!({}))).await;
        let path = format!("/v1/sequences/{}", made["id"].as_str().unwrap());
        let answer = world.owner.post(&format!("{path}/start"), &Json::Null).await;
        refused(&answer, "invalid_input", Some("prospecting.targeting"));
        let rewritten = world.owner.put(&path, &draft(two, &prospecting)).await;
        assert_eq!(rewritten.json()["kind"], "prospecting", "{}", rewritten.text());
        assert_eq!(world.made(&format!("{path}/start"), Json::Null).await["state"], "running");
        world.work().await;
        let people = world.owner.get(&format!("{path}/people")).await.json();
        let mut states: Vec<&str> = people["items"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
        states.sort_unstable();
        assert_eq!(states, ["stopped", "waiting"], "{people}");
        let report = world.owner.get(&format!("{path}/report")).await.json();
        assert_eq!(report["steps"], json!([{ "step": 1, "sent": 1 }, { "step": 2, "sent": 0 }]), "{report}");
        assert_eq!(report["stopped"], json!({ "reason_missing": 1 }));
        assert_eq!(world.made(&format!("{path}/stop"), Json::Null).await["state"], "stopped");
        refused(&world.owner.post(&format!("{path}/resume"), &Json::Null).await, "conflict", None);
    }

    async fn bought_lists_enrichment_partners_and_hygiene_ask_for_what_they_need(t: Fixture) {
        let world = World::new(t).await;
        let (prospecting, _) = stated(&world).await;
        let lia = prospecting["assessment"].as_str().unwrap();
        let extra = format!("&assessment={lia}&reason=cranes&purchased=true");
        let answer = import(&world, &extra, FILE).await;
        assert_eq!((&answer["code"], answer["fields"].as_array().unwrap().len()), (&json!("evidence_missing"), 3));
        let answer = import(&world, &format!("{extra}&vendor=Lists&contract=7&collection=fair"), FILE).await;
        assert!(answer["id"].is_string(), "{answer}");
        let sara = world.contact("sara@example.com").await;
        let path = format!("/v1/contacts/{sara}/enrich");
        let good = json!({ "values": { "company": "Crane" }, "source": "Register", "licence": "open",
            "basis": "legitimate_interest", "assessment": lia });
        let mut bare = good.clone();
        bare["licence"] = json!(" ");
        refused(&world.owner.post(&path, &bare).await, "invalid_input", Some("licence"));
        let done = world.made(&path, good).await;
        assert_eq!(done["added"], json!(["company"]));
        assert!(done["notice"]["due_at"].is_string(), "{done}");
        let export = "/v1/contacts/export?partner=Crane&purpose=fair";
        refused(&world.owner.get(export).await, "blocked_target", Some("partner"));
        refused(&world.owner.get("/v1/contacts/export?partner=Crane").await, "invalid_input", Some("purpose"));
        let patch = json!({ "quiet_days": 91 });
        refused(&world.owner.patch("/v1/outreach/hygiene", &patch).await, "invalid_input", Some("quiet_days"));
        world.t.clock.advance(31 * 86_400);
        let run = json!({ "dry_run": false });
        let report = world.made("/v1/outreach/hygiene/run", run).await;
        assert_eq!(report["run"]["erased"], json!({ "enriched_too_old": 1 }), "{report}");
        world.work().await;
        assert_eq!(world.owner.get(&format!("/v1/contacts/{sara}")).await.status.as_u16(), 404);
        let unused = world.owner.get("/v1/fields/unused").await.json();
        assert!(unused["items"].is_array());
    }
}
