//! What the screens of audience, contact, import, segment and report ask for.

use axum::body::Body;
use axum::http::Method;
use kernel::{CampaignId, DeliveryId};
use outbound::tracking::{self, Signals};
use serde_json::{Value as Json, json};
use store::params;
use testkit::Fixture;

use super::world::{World, refused};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36";

store::sql! {
    MESSAGE_TO = "SELECT id FROM delivery WHERE workspace = $1 AND contact = $2";
}

/// People who joined News and confirmed it, so that the gate lets messages through to them.
async fn join(world: &World, people: &[(&str, &str)]) {
    let row = |(email, first): &(&str, &str)| {
        format!("{email},{first},DE,vip,2026-01-02T10:00:00Z,2026-01-02T10:05:00Z,192.0.2.7\n")
    };
    let rows: Vec<String> = people.iter().map(row).collect();
    let file = format!("email,first name,country,tags,consent time,confirmed at,confirmed IP\n{}", rows.concat());
    let path = "/v1/imports?topic=News&basis=consent_doi&source=site&collected_on=2026-01-02";
    let started = world.owner.clone().send(Method::POST, path, file).await;
    assert_eq!(started.status.as_u16(), 202, "{}", started.text());
    world.work().await;
}

/// One more of them.
async fn joined(world: &World, email: &str, first: &str) -> String {
    join(world, &[(email, first)]).await;
    let found = world.owner.post("/v1/contacts/lookup", &json!({ "email": email })).await.json();
    found["id"].as_str().unwrap().to_owned()
}

/// A server with three people who joined News.
async fn with_people(t: Fixture) -> World {
    let world = World::new(t).await;
    world.made("/v1/topics", json!({ "name": "News", "double_opt_in": false })).await;
    join(&world, &[("sara@example.com", "Sara"), ("omar@gmail.com", "Omar"), ("lina@gmail.com", "لينا")]).await;
    world
}

/// A campaign that was sent to everybody in News.
async fn sent(world: &World) -> String {
    let id = world.campaign("News").await;
    let answer = world.owner.post(&format!("/v1/campaigns/{id}/send"), &json!({})).await;
    assert_eq!(answer.status.as_u16(), 202, "{}", answer.text());
    world.work().await;
    id
}

async fn follow(world: &World, contact: &str, click: bool) {
    let ctx = world.ctx();
    let contact: kernel::ContactId = contact.parse().unwrap();
    let (message,): (DeliveryId,) = ctx.db.one(MESSAGE_TO, params![world.workspace, contact]).await.unwrap();
    let at = ctx.now().plus_seconds(600);
    let signals =
        Signals { head: false, prefetch: false, user_agent: BROWSER, sent_at: None, at, links_just_followed: 0, click };
    if click {
        tracking::click(&ctx, (message, 1), signals).await.unwrap();
    } else {
        tracking::open(&ctx, message, signals).await.unwrap();
    }
}

fn names(table: &Json) -> Vec<&str> {
    table["items"].as_array().unwrap().iter().map(|row| row["display_name"].as_str().unwrap()).collect()
}

testkit::each_engine! {
    async fn the_table_shows_pages_counts_and_chosen_columns(t: Fixture) {
        let world = with_people(t).await;
        let search = async |body: Json| world.owner.post("/v1/contacts/search", &body).await;
        let first = search(json!({ "sort": "name", "limit": 2, "columns": ["email", "status"] })).await.json();
        assert_eq!((names(&first), &first["total"], &first["prev"]), (vec!["Omar", "Sara"], &json!(3), &Json::Null));
        assert_eq!((&first["items"][0]["status"], &first["items"][0]["tags"]), (&json!("subscribed"), &Json::Null));
        let second = json!({ "sort": "name", "limit": 2, "cursor": first["next"], "columns": ["email", "status"] });
        let second = search(second).await.json();
        assert_eq!((names(&second), &second["next"]), (vec!["لينا"], &Json::Null));
        let back = search(json!({ "sort": "name", "limit": 2, "cursor": second["prev"] })).await.json();
        assert_eq!(names(&back), ["Omar", "Sara"]);
        assert_eq!(back["items"][0]["topics"][0]["state"], "subscribed");
        let some = json!({ "where": { "field": "email_domain", "op": "is", "value": "gmail.com" }, "q": "oma", "tag": "VIP",
            "topic": "News", "status": "subscribed" });
        assert_eq!(names(&search(some).await.json()), ["Omar"]);
        for (body, field) in [
            (json!({ "sort": "colour" }), "sort"),
            (json!({ "order": "up" }), "order"),
            (json!({ "status": "happy" }), "status"),
            (json!({ "columns": ["secret"] }), "columns"),
            (json!({ "topic_state": "pending" }), "topic_state"),
            (json!({ "cursor": "x" }), "cursor"),
            (json!({ "tag": "nothing" }), "where.tag"),
            (json!({ "where": { "tag": 5 } }), "where.tag"),
        ] {
            refused(&search(body).await, "invalid_input", Some(field));
        }
        let reader = world.scoped(&["segments:read"]).await;
        refused(&reader.post("/v1/contacts/search", &json!({})).await, "forbidden", None);
    }

    async fn many_people_are_dealt_with_at_once(t: Fixture) {
        let world = with_people(t).await;
        let gmail = json!({ "where": { "field": "email_domain", "op": "is", "value": "gmail.com" } });
        let act = async |body: Json| world.owner.post("/v1/contacts/bulk", &body).await;
        let begun = act(json!({ "select": gmail, "action": "untag", "tags": ["vip"] })).await;
        assert_eq!((begun.status.as_u16(), &begun.json()["total"]), (202, &json!(2)), "{}", begun.text());
        world.work().await;
        let path = format!("/v1/contacts/bulk/{}", begun.json()["id"].as_str().unwrap());
        let done = world.owner.get(&path).await.json();
        assert_eq!((&done["state"], &done["changed"], &done["percent"]), (&json!("finished"), &json!(2), &json!(100)));
        let tags = world.owner.get("/v1/tags?counts=true").await.json();
        assert_eq!(tags["items"][0]["people"], 1);
        let topics = world.owner.get("/v1/topics?counts=true").await.json();
        assert_eq!(topics["items"][0]["members"], json!({ "pending": 0, "subscribed": 3, "unsubscribed": 0 }));
        let left = act(json!({ "select": gmail, "action": "unsubscribe", "topic": "News", "note": "asked by phone" })).await;
        assert_eq!(left.status.as_u16(), 202);
        world.work().await;
        let standing = json!({ "status": "unsubscribed" });
        assert_eq!(world.owner.post("/v1/contacts/search", &standing).await.json()["total"], 2);

        refused(&act(json!({ "select": {}, "action": "erase" })).await, "invalid_input", Some("confirm_count"));
        refused(&act(json!({ "select": {}, "action": "erase", "confirm_count": 2 })).await, "conflict", None);
        refused(&act(json!({ "action": "archive" })).await, "invalid_input", Some("ids"));
        refused(&act(json!({ "ids": [], "select": {}, "action": "archive" })).await, "invalid_input", Some("ids"));
        let writer = world.scoped(&["contacts:write", "contacts:read"]).await;
        for action in ["erase", "export"] {
            let body = json!({ "select": {}, "action": action, "confirm_count": 3 });
            refused(&writer.post("/v1/contacts/bulk", &body).await, "forbidden", None);
        }
        let export = act(json!({ "select": gmail, "action": "export" })).await.json();
        world.work().await;
        let file = format!("/v1/contacts/bulk/{}/file", export["id"].as_str().unwrap());
        refused(&writer.get(&file).await, "forbidden", None);
        let file = world.owner.get(&file).await;
        assert_eq!((file.text().lines().count(), file.text().contains("لينا")), (3, true), "{}", file.text());
        let erase = act(json!({ "select": gmail, "action": "erase", "confirm_count": 2 })).await.json();
        world.work().await;
        let done = world.owner.get(&format!("/v1/contacts/bulk/{}", erase["id"].as_str().unwrap())).await.json();
        assert_eq!((&done["changed"], &done["failed"]), (&json!(2), &json!(0)));
        assert_eq!(world.owner.post("/v1/contacts/search", &json!({})).await.json()["total"], 1);
        assert_eq!(world.owner.get("/v1/contacts/bulk").await.json()["items"].as_array().unwrap().len(), 4);
    }

    async fn one_person_s_story_is_told_and_nobody_else_s(t: Fixture) {
        let world = with_people(t).await;
        let sara = joined(&world, "nour@example.com", "Nour").await;
        sent(&world).await;
        follow(&world, &sara, false).await;
        follow(&world, &sara, true).await;
        let path = |part: &str| format!("/v1/contacts/{sara}/{part}");
        let timeline = world.owner.get(&path("timeline")).await.json();
        let items = timeline["items"].as_array().unwrap();
        let kinds: Vec<_> = items.iter().map(|item| item["kind"].as_str().unwrap()).collect();
        for kind in ["created", "message", "event", "consent", "topic", "tag"] {
            assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
        }
        assert_eq!((items[0]["what"].as_str(), &items[0]["detail"]["campaign_name"]), (Some("opened"), &json!("Spring")));
        let ats: Vec<_> = items.iter().map(|item| item["at"].as_str().unwrap()).collect();
        assert!(ats.is_sorted_by(|a, b| a >= b), "{ats:?}");
        let mut walked = Vec::new();
        let mut next = String::new();
        loop {
            let page = world.owner.get(&format!("{}?limit=2{next}", path("timeline"))).await.json();
            walked.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
            match page["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(walked, items.iter().map(|item| item["id"].clone()).collect::<Vec<_>>());
        let some = world.owner.get(&format!("{}?kinds=tag,topic", path("timeline"))).await.json();
        assert_eq!(some["items"].as_array().unwrap().len(), 2);
        refused(&world.owner.get(&format!("{}?kinds=gossip", path("timeline"))).await, "invalid_input", Some("kinds"));

        let messages = world.owner.get(&path("messages")).await.json();
        let message = &messages["items"][0];
        assert_eq!((&message["source_kind"], &message["state"]), (&json!("campaign"), &json!("sent")));
        assert_eq!((&message["basis"], &message["opens"], &message["clicks"]), (&json!("consent"), &json!(1), &json!(1)));
        assert!(message["rule"].as_str().is_some_and(|rule| !rule.is_empty()));

        let consent = world.owner.get(&path("consent")).await.json();
        let claims = consent["claims"].as_array().unwrap();
        assert!(claims.iter().any(|claim| claim["state"] == "given" && claim["basis"] == "consent"), "{claims:?}");
        let event = consent["events"].as_array().unwrap().last().unwrap();
        assert_eq!((event["hash"].as_str().unwrap().len(), &event["shredded"]), (64, &json!(false)));
        assert!(consent.to_string().contains("192.0.2.7"), "{consent}");
        assert!(!consent.to_string().contains("key_") && !consent.to_string().contains("usr_"));

        let provenance = world.owner.get(&path("provenance")).await.json();
        let email = &provenance["values"][0];
        assert_eq!((&email["field"], &email["value"]), (&json!("email"), &json!("nour@example.com")));
        assert_eq!(provenance["sources"][0]["id"], email["source"]);
        for part in ["timeline", "messages", "consent", "provenance"] {
            let text = world.owner.get(&path(part)).await.text();
            assert!(!text.contains("omar@") && !text.contains("lina@"), "{part}: {text}");
        }
        let agent = world.scoped(&["contacts:read"]).await;
        assert_eq!(agent.get(&path("timeline")).await.status.as_u16(), 200);
        refused(&agent.get(&path("consent")).await, "forbidden", None);
    }

    async fn a_broken_arabic_file_is_understood_mapped_and_explained(t: Fixture) {
        let world = World::new(t).await;
        world.made("/v1/topics", json!({ "name": "News", "double_opt_in": false })).await;
        // Windows-1256; the address's column has a name that says nothing, one quote is never closed, and one row has
        // too many fields.
        let mut file = b"\xc7\xe1\xc7\xd3\xe3;\xd5\xe4\xcf\xe6\xde;\xc7\xe1\xe5\xc7\xca\xdd;\xdd\xc6\xc9\n".to_vec();
        file.extend_from_slice(b"\xe1\xed\xe4\xc7;lina@example.com;+966501234567;\xd0\xe5\xc8\n");
        file.extend_from_slice(b"\"\xda\xe3\xd1;omar@example.com;;\n");
        file.extend_from_slice(b"\xd3\xc7\xd1\xc9;sara@example.com;+966507654321;x;y\n");
        file.extend_from_slice(b"\xe4\xe6\xd1;nour@example.com;;\xdd\xd6\xc9\n");
        let csv = world.owner.clone().with("content-type", "text/csv");
        let seen = csv.clone().send(Method::POST, "/v1/imports/inspect", Body::from(file.clone())).await;
        assert_eq!(seen.status.as_u16(), 200, "{}", seen.text());
        let seen = seen.json();
        assert_eq!((&seen["encoding"], &seen["delimiter"]), (&json!("Windows-1256"), &json!(";")));
        let guesses: Vec<_> = seen["columns"].as_array().unwrap().iter().map(|column| column["guessed_field"].clone()).collect();
        assert_eq!(guesses, [json!("first_name"), json!("email"), json!("phone"), Json::Null]);
        assert_eq!(seen["columns"][0]["samples"][0], "لينا");
        let codes: Vec<_> = seen["problems"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["quotes", "field_count"]);
        assert_eq!((&seen["rejected"], &seen["rejects"][0]["line"]), (&json!(2), &json!(3)));

        let said = "topic=News&basis=consent&source=fair&collected_on=2026-01-01";
        let map = "&map=0:first_name&map=1:email&map=2:phone&map=3:attribute:%D9%81%D8%A6%D8%A9";
        let upload = async |query: &str| {
            csv.clone().send(Method::POST, &format!("/v1/imports?{query}"), Body::from(file.clone())).await
        };
        refused(&upload(&format!("{said}&map=9:email")).await, "invalid_input", Some("header"));
        refused(&upload(&format!("{said}&map=0:colour")).await, "invalid_input", Some("map"));
        let dry = upload(&format!("{said}{map}&dry_run=true")).await.json();
        world.work().await;
        let dry = world.owner.get(&format!("/v1/imports/{}", dry["id"].as_str().unwrap())).await.json();
        assert_eq!((&dry["added"], &dry["rejected"]), (&json!(2), &json!(2)));
        let started = upload(&format!("{said}{map}")).await.json();
        world.work().await;
        let path = format!("/v1/imports/{}", started["id"].as_str().unwrap());
        let done = world.owner.get(&path).await.json();
        assert_eq!((&done["added"], &done["percent"]), (&json!(2), &json!(100)), "{done}");
        assert_eq!(done["reject_reasons"], json!({ "quotes": 1, "field_count": 1 }));
        let rejects = world.owner.get(&format!("{path}/rejects/preview")).await.json();
        assert_eq!((&rejects["total"], &rejects["items"][1]["line"]), (&json!(2), &json!(4)));
        let lina = world.owner.post("/v1/contacts/lookup", &json!({ "email": "lina@example.com" })).await.json();
        assert_eq!((&lina["first_name"], &lina["attributes"]["فيه"]), (&json!("لينا"), &json!("ذهب")));
        let empty = csv.clone().send(Method::POST, "/v1/imports/inspect", Body::empty()).await.json();
        assert_eq!(empty["problems"][0]["code"], "empty");
    }

    async fn segments_are_counted_sampled_named_and_used(t: Fixture) {
        let world = with_people(t).await;
        let gmail = json!({ "field": "email_domain", "op": "is", "value": "gmail.com" });
        let counted = world.owner.post("/v1/segments/count", &json!({ "where": gmail })).await.json();
        assert_eq!((&counted["count"], &counted["total"], counted["micros"].is_u64()), (&json!(2), &json!(3), true));
        let sample = world.owner.post("/v1/segments/sample", &json!({ "where": gmail })).await.json();
        assert_eq!((&sample["total"], sample["people"].as_array().unwrap().len()), (&json!(2), 2));
        let first = sample["people"][0]["display_name"].as_str().unwrap();
        assert!(["Omar", "لينا"].contains(&first), "{first}");
        let words = world.owner.get("/v1/segments/fields").await.json();
        let country = words["fields"].as_array().unwrap().iter().find(|field| field["name"] == "country").unwrap();
        assert_eq!((&country["label_ar"], &country["type"]), (&json!("البلد"), &json!("text")));
        assert!(country["operators"].as_array().unwrap().contains(&json!("starts_with")));
        for operator in words["operators"].as_array().unwrap() {
            assert!(["label_en", "label_ar", "takes"].iter().all(|member| operator[member].is_string()), "{operator}");
        }
        let segment = world.made("/v1/segments", json!({ "name": "Gmail", "where": gmail })).await;
        let id = segment["id"].as_str().unwrap();
        let campaign = world.campaign("News").await;
        world.owner.patch(&format!("/v1/campaigns/{campaign}"), &json!({ "segment": id })).await;
        let uses = world.owner.get(&format!("/v1/segments/{id}/uses")).await.json();
        assert_eq!(uses["items"], json!([{ "kind": "campaign", "id": campaign, "name": "Spring", "state": "draft" }]));

        let gold = world.made("/v1/tags", json!({ "name": "Gold" })).await;
        let vip = world.owner.get("/v1/tags").await.json()["items"][1].clone();
        assert_eq!(vip["name"], "vip");
        let path = format!("/v1/tags/{}/merge", gold["id"].as_str().unwrap());
        let merged = world.made(&path, json!({ "duplicate": vip["id"] })).await;
        assert_eq!((&merged["tag"]["name"], &merged["segments_changed"]), (&json!("Gold"), &json!(0)));
        let tags = world.owner.get("/v1/tags?counts=true").await.json();
        assert_eq!((tags["items"].as_array().unwrap().len(), &tags["items"][0]["people"]), (1, &json!(3)));
        refused(&world.owner.post(&path, &json!({ "duplicate": gold["id"] })).await, "invalid_input", Some("duplicate"));
    }

    async fn a_campaign_is_reported_with_its_people_and_links(t: Fixture) {
        let world = with_people(t).await;
        let sara = joined(&world, "nour@example.com", "Nour").await;
        let draft = world.campaign("News").await;
        let content = world.owner.get(&format!("/v1/campaigns/{draft}/content")).await.json();
        assert_eq!((&content["sent"], &content["links"][0]["url"]), (&json!(false), &json!("https://example.org/a")));
        let number = content["links"][0]["number"].to_string();
        let html = content["html"].as_str().unwrap();
        assert!(html.contains(&format!("href=\"#\" data-link=\"{number}\"")) && html.contains("friend"), "{html}");
        assert!(!html.contains("example.org/a"));

        let id = sent(&world).await;
        follow(&world, &sara, false).await;
        let report = world.owner.get(&format!("/v1/campaigns/{id}/report")).await.json();
        let step = |name: &str| {
            let steps = report["funnel"].as_array().unwrap();
            steps.iter().find(|step| step["step"] == name).unwrap()["people"].clone()
        };
        assert_eq!((step("selected"), step("sent"), step("opened")), (json!(4), json!(4), json!(1)));
        let hours = report["series"].as_array().unwrap();
        let left: u64 = hours.iter().filter_map(|hour| hour["sent"].as_u64()).sum();
        assert_eq!(left, 4, "{hours:?}");
        assert_eq!(world.owner.get(&format!("/v1/campaigns/{id}/content")).await.json()["sent"], true);

        let people = async |outcome: &str| {
            let path = format!("/v1/campaigns/{id}/recipients?outcome={outcome}");
            let found = world.owner.get(&path).await.json();
            found["items"].as_array().unwrap().len()
        };
        assert_eq!([people("all").await, people("sent").await, people("opened").await], [4, 4, 1]);
        assert_eq!([people("not_opened").await, people("bounced").await, people("clicked").await], [3, 0, 0]);
        let (mut met, mut next) = (std::collections::BTreeSet::new(), String::new());
        loop {
            let page = world.owner.get(&format!("/v1/campaigns/{id}/recipients?limit=1{next}")).await.json();
            met.extend(page["items"].as_array().unwrap().iter().map(|one| one["contact"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(met.len(), 4);
        let blind = world.scoped(&["messages:read"]).await;
        let shown = blind.get(&format!("/v1/campaigns/{id}/recipients")).await.json();
        assert_eq!((&shown["items"][0]["email"], shown["items"][0]["contact"].is_string()), (&Json::Null, true));

        for (outcome, count) in [("sent", 4), ("opened", 1), ("not_opened", 3)] {
            let body = json!({ "name": format!("Spring {outcome}"), "outcome": outcome });
            let segment = world.made(&format!("/v1/campaigns/{id}/segment"), body).await;
            let counted = world.owner.post("/v1/segments/count", &json!({ "where": segment["where"] })).await.json();
            assert_eq!(counted["count"], count, "{outcome}");
        }
        let wrong = json!({ "name": "x", "outcome": "happy" });
        refused(&world.owner.post(&format!("/v1/campaigns/{id}/segment"), &wrong).await, "invalid_input", Some("outcome"));
        assert!(id.parse::<CampaignId>().is_ok());
    }

    async fn the_overview_adds_up_and_comes_as_csv(t: Fixture) {
        let world = with_people(t).await;
        let more: Vec<String> = (0..12).map(|number| format!("p{number}@gmail.com")).collect();
        join(&world, &more.iter().map(|email| (email.as_str(), "P")).collect::<Vec<_>>()).await;
        let gone = joined(&world, "gone@example.com", "Gone").await;
        world.made(&format!("/v1/contacts/{gone}/erase"), json!({})).await;
        let id = sent(&world).await;
        let today = world.ctx().now().date().to_string();
        let report = world.owner.get(&format!("/v1/reports/overview?to={today}&compare=previous")).await;
        assert_eq!(report.status.as_u16(), 200, "{}", report.text());
        let report = report.json();
        assert_eq!(report["audience"]["series"].as_array().unwrap().len(), 30);
        let totals = &report["audience"]["totals"];
        assert_eq!((&totals["created"], &totals["joined"], &totals["erased"]), (&json!(15), &json!(15), &json!(1)));
        assert_eq!((&report["audience"]["people"], &report["audience"]["subscribed"]), (&json!(15), &json!(15)));
        assert_eq!((&report["campaigns"][0]["id"], &report["campaigns"][0]["sent"]), (&json!(id), &json!(15)));
        let groups: Vec<_> = report["deliverability"].as_array().unwrap().iter()
            .map(|one| (one["group"].as_str().unwrap(), one["sent"].as_u64().unwrap())).collect();
        assert_eq!(groups, [("gmail", 14), ("other", 1)]);
        assert_eq!(report["before"]["audience"]["created"], 0);
        let csv = world.owner.clone().with("accept", "text/csv").get("/v1/reports/overview?part=deliverability").await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(csv.text().lines().nth(1), Some("gmail,14,14,0,0,0"));
        let csv = world.owner.get("/v1/reports/overview.csv").await;
        assert_eq!(csv.text().lines().count(), 31);
        for (query, field) in [("from=2026-11-21&to=2026-11-20", "from"), ("compare=last", "compare"), ("to=soon", "to")] {
            let answer = world.owner.get(&format!("/v1/reports/overview?{query}")).await;
            assert_eq!(answer.json()["code"], "invalid_input", "{field}: {}", answer.text());
        }
        let author = world.scoped(&["campaigns:read"]).await;
        refused(&author.get("/v1/reports/overview").await, "forbidden", None);
    }
}
