//! Who did what, who read whom for what, and what stays when somebody goes.

use accounts::members::Role;
use serde_json::json;
use testkit::Fixture;

use super::world::{HTML, PASSWORD, World, refused};

testkit::each_engine! {
    async fn the_log_of_calls_is_filtered_and_names_nobody(t: Fixture) {
        let world = World::new(t).await;
        let id = world.contact("canary@example.com").await;
        world.owner.get(&format!("/v1/contacts/{id}")).await;
        let reader = world.scoped(&["contacts:read"]).await;
        refused(&reader.post("/v1/tags", &json!({ "name": "x" })).await, "forbidden", None);
        let all = world.owner.get("/v1/api-calls").await;
        assert_eq!(all.status, 200, "{}", all.text());
        let items = all.json()["items"].clone();
        assert_eq!(items[0]["operation"], "POST /v1/tags");
        assert_eq!((&items[0]["status"], &items[1]["operation"]), (&json!(403), &json!("GET /v1/contacts/{id}")));
        assert!(!all.text().contains("canary") && !all.text().contains(&id));

        let of = |query: &str| format!("/v1/api-calls?{query}");
        let count = async |query: &str| world.owner.get(&of(query)).await.json()["items"].as_array().unwrap().len();
        assert_eq!(count("status=4xx").await, 1);
        assert_eq!(count("status=403").await, 1);
        assert_eq!(count(&format!("actor={}", items[0]["actor"].as_str().unwrap())).await, 1);
        assert_eq!(count("operation=GET%20/v1/contacts/%7Bid%7D").await, 1);
        assert_eq!(count("since=2030-01-01T00:00:00Z").await, 0);
        let first = world.owner.get(&of("limit=1&until=2030-01-01T00:00:00Z")).await.json();
        assert!(first["items"].as_array().unwrap().len() == 1 && first["next"].is_string());
        refused(&world.owner.get(&of("status=often")).await, "invalid_input", Some("status"));
        refused(&reader.get("/v1/api-calls").await, "forbidden", None);
        let stranger = world.stranger().await.get("/v1/api-calls?operation=POST%20/v1/tags").await.json();
        assert_eq!(stranger["items"], json!([]));
    }

    async fn the_network_of_a_call_goes_after_thirty_days_and_the_call_after_six_months(t: Fixture) {
        let world = World::new(t).await;
        let peer = axum::Extension(http_server::Peer("203.0.113.9:1".parse().unwrap()));
        let near = http_server::testing::TestClient::new(world.router.clone().layer(peer));
        let key = world.owner.post("/v1/keys", &json!({ "name": "k", "scopes": ["*"] })).await.json();
        near.bearer(key["key"].as_str().unwrap()).get("/v1/tags").await;
        let ctx = world.ctx();
        world.app.toolbox.calls().flush(&ctx.core).await;
        let found = async || {
            let filter = accounts::calls::Filter { operation: Some("GET /v1/tags".into()), ..Default::default() };
            accounts::calls::list(&ctx, &filter, 10).await.unwrap()
        };
        assert_eq!(found().await[0].network.as_deref(), Some("203.0.113.0/24"));
        world.t.clock.advance(31 * 86_400);
        privacy::retention::run(&ctx, privacy::retention::Mode::Real, 10_000).await.unwrap();
        assert_eq!(found().await[0].network, None);
        world.t.clock.advance(155 * 86_400);
        privacy::retention::run(&ctx, privacy::retention::Mode::Real, 10_000).await.unwrap();
        assert!(found().await.is_empty());
    }

    async fn reads_of_people_are_counted_by_purpose(t: Fixture) {
        let world = World::new(t).await;
        let id = world.contact("lina@example.com").await;
        let before = world.owner.get("/v1/privacy/reads").await.json()["items"].clone();
        let work = |items: &serde_json::Value| {
            let of = |one: &&serde_json::Value| one["read_for"] == "work";
            items.as_array().unwrap().iter().find(of).map_or(0, |one| one["people"].as_u64().unwrap())
        };
        world.owner.get(&format!("/v1/contacts/{id}")).await;
        world.owner.get("/v1/contacts/export?format=json").await;
        let items = world.owner.get("/v1/privacy/reads?days=1").await.json()["items"].clone();
        assert_eq!(work(&items), work(&before) + 1);
        assert!(items.as_array().unwrap().iter().any(|one| one["read_for"] == "export" && one["purpose"] == "provision"));
        refused(&world.owner.get("/v1/privacy/reads?days=0").await, "invalid_input", Some("days"));
        let author = world.role(Role::Author).await;
        refused(&author.get("/v1/privacy/reads").await, "forbidden", None);
    }

    async fn what_a_member_made_stays_when_they_go(t: Fixture) {
        let world = World::new(t).await;
        let topic = world.topic("News").await;
        let ctx = world.ctx();
        let accounts = &world.app.accounts;
        let address = kernel::Email::parse("omar@example.com").unwrap();
        let all = accounts::members::Permissions::all();
        let member = accounts::members::invite(&ctx, all, &address, Role::Admin, "en".parse().unwrap()).await.unwrap();
        let job = store::jobs::claim(&ctx.core, accounts::users::tokens::NOTICE_QUEUE, 10).await.unwrap().pop().unwrap();
        let asked = job.payload["token"].as_str().unwrap().parse().unwrap();
        let notice = accounts::users::tokens::notice(&ctx.core, asked).await.unwrap().unwrap();
        let (omar, _) = accounts.accept_invitation(notice.token.expose(), "Omar", PASSWORD).await.unwrap();
        let own = ctx.core.ctx(world.workspace, store::Actor::User(omar));
        let key = accounts::keys::NewKey { name: "omar".into(), scopes: vec!["*".into()], role: None, expires_at: None, test: false };
        let (_, key) = accounts.create_key(&own, all, key).await.unwrap();
        let his = world.anonymous().bearer(&key);
        let template = his.post("/v1/templates", &json!({ "name": "Monthly", "content": { "subject": "Hello", "html": HTML } })).await;
        assert_eq!(template.status, 201, "{}", template.text());
        let draft = json!({ "name": "May", "from": "Nur <news@example.org>", "subject": "Hello", "html": HTML, "topic": topic });
        let campaign = his.post("/v1/campaigns", &draft).await;
        assert_eq!(campaign.status, 201, "{}", campaign.text());
        let segment = his.post("/v1/segments", &json!({ "name": "All", "where": {} })).await;
        assert_eq!(segment.status, 201, "{}", segment.text());

        accounts::members::remove(&ctx, all, member).await.unwrap();
        accounts.delete_account(omar, PASSWORD).await.unwrap();
        let id = |answer: &http_server::testing::Answer| answer.json()["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/campaigns/{}", id(&campaign));
        assert_eq!(world.owner.get(&path).await.json()["name"], "May");
        assert_eq!(world.owner.patch(&path, &json!({ "name": "June" })).await.status, 200, "others go on working");
        assert_eq!(world.owner.get(&format!("/v1/templates/{}", id(&template))).await.json()["name"], "Monthly");
        assert_eq!(world.owner.get(&format!("/v1/segments/{}", id(&segment))).await.status, 200);
        let trail = world.owner.get("/v1/audit?limit=100").await.text();
        assert!(trail.contains(&omar.to_string()) && !trail.contains("omar@example.com"), "an id stays, a name does not");
    }

    async fn a_workspace_names_the_bases_it_works_with(t: Fixture) {
        let world = World::new(t).await;
        let id = world.contact("lina@example.com").await;
        let settings = json!({ "bases": ["consent", "contract"] });
        assert_eq!(world.owner.put("/v1/privacy/settings", &settings).await.json()["bases"], settings["bases"]);
        let stated = json!({ "basis": "soft_opt_in", "purpose": "marketing", "channel": "email",
            "detail": { "relationship": "customer", "collected_in": "sale", "sale_at": "2026-03-01" } });
        refused(&world.owner.post(&format!("/v1/contacts/{id}/bases"), &stated).await, "invalid_input", Some("basis"));
        refused(&world.owner.put("/v1/privacy/settings", &json!({ "bases": [] })).await, "invalid_input", Some("bases"));
        refused(&world.owner.put("/v1/privacy/settings", &json!({ "bases": ["hope"] })).await, "invalid_input", None);
    }

    async fn a_dry_run_makes_no_topic(t: Fixture) {
        let world = World::new(t).await;
        let ask = |rest: &str| format!("/v1/imports?topic=Fresh&basis=consent&source=shop&collected_on=2026-10-01{rest}");
        let file = "email\na@example.com\n";
        let begun = world.owner.send(axum::http::Method::POST, &ask("&dry_run=true"), file).await;
        assert_eq!(begun.status, 202, "{}", begun.text());
        world.work().await;
        let import = world.owner.get(&format!("/v1/imports/{}", begun.json()["id"].as_str().unwrap())).await.json();
        assert_eq!((&import["topic"], &import["added"], &import["state"]), (&json!(null), &json!(1), &json!("finished")));
        assert_eq!(world.owner.get("/v1/topics").await.json()["items"], json!([]));
        assert_eq!(world.owner.send(axum::http::Method::POST, &ask(""), file).await.status, 202);
        assert_eq!(world.owner.get("/v1/topics").await.json()["items"].as_array().unwrap().len(), 1);
        let wrong = ask("&dry_run=true&source_url=nowhere");
        refused(&world.owner.send(axum::http::Method::POST, &wrong, file).await, "invalid_input", Some("source_url"));
    }
}
