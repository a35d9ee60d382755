//! Hosts' calendars through the API, and the feed that everybody with its address reads.

use accounts::members::Role;
use axum::http::StatusCode;
use http_server::testing::TestClient;
use serde_json::json;
use testkit::Fixture;

use super::foreign::calendar_file;
use super::world::{World, refused};

const ACCOUNTS: &str = "/v1/booking/calendars/accounts";

testkit::each_engine! {
    async fn a_calendar_is_connected_used_and_left(t: Fixture) {
        let world = World::new(t).await;
        let room = world.made("/v1/booking/resources", json!({ "name": "Room", "timezone": "Asia/Riyadh" })).await;
        let host = room["id"].as_str().unwrap().replace("rsc_", "hst_");
        let url = calendar_file().await;
        let account = json!({ "host": host, "kind": "feed", "url": url, "label": "Public" });
        let tested = world.owner.post(&format!("{ACCOUNTS}/test"), &account).await.json();
        assert_eq!((&tested["ok"], &tested["calendars"][0]["writable"]), (&json!(true), &json!(false)));
        let made = world.made(ACCOUNTS, account).await;
        assert_eq!(made["state"], "active");
        let calendar = made["calendars"][0]["id"].as_str().unwrap();
        let path = format!("/v1/booking/calendars/{calendar}");
        refused(&world.owner.patch(&path, &json!({ "target": true })).await, "invalid_input", Some("target"));
        let used = world.owner.patch(&path, &json!({ "conflicts": false })).await.json();
        assert_eq!((&used["conflicts"], &used["stale"]), (&json!(false), &json!(true)));
        let elsewhere = json!({ "host": host, "kind": "caldav", "url": "http://10.0.0.1/", "username": "a", "password": "hush" });
        let answer = world.owner.post(ACCOUNTS, &elsewhere).await;
        refused(&answer, "invalid_input", Some("url"));
        assert!(!answer.text().contains("hush"));
        let nobody = json!({ "host": "hst_00000000000000000000000001", "kind": "feed", "url": url });
        refused(&world.owner.post(ACCOUNTS, &nobody).await, "invalid_input", Some("host"));

        let settings = json!({ "when_unreachable": "open", "stale_after_minutes": 3 });
        let answer = world.owner.put("/v1/booking/calendars/settings", &settings).await;
        refused(&answer, "invalid_input", Some("stale_after_minutes"));

        let feed = world.made("/v1/booking/calendars/feeds", json!({ "host": host, "detail": "busy" })).await;
        let address = feed["url"].as_str().unwrap();
        let path = &address[address.find("/book/feed/").unwrap()..];
        let pages = api::pages::router().with_state(world.app.clone());
        let public = TestClient::new(world.app.toolbox.finish(pages));
        let answer = public.get(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
        let tag = answer.header("etag").to_owned();
        let again = public.clone().with("if-none-match", &tag).get(path).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        let id = feed["id"].as_str().unwrap();
        assert_eq!(world.owner.delete(&format!("/v1/booking/calendars/feeds/{id}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(public.get(path).await.status, StatusCode::NOT_FOUND);

        let id = made["id"].as_str().unwrap();
        assert_eq!(world.owner.delete(&format!("{ACCOUNTS}/{id}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(world.owner.get(ACCOUNTS).await.json()["items"], json!([]));
    }

    async fn members_handle_their_own_calendars_only(t: Fixture) {
        let world = World::new(t).await;
        let room = world.made("/v1/booking/resources", json!({ "name": "Room", "timezone": "Asia/Riyadh" })).await;
        let host = room["id"].as_str().unwrap().replace("rsc_", "hst_");
        let account = json!({ "host": host, "kind": "feed", "url": calendar_file().await });
        let made = world.made(ACCOUNTS, account.clone()).await;
        let agent = world.role(Role::Agent).await;
        assert_eq!(agent.get(ACCOUNTS).await.json()["items"], json!([]));
        let path = format!("{ACCOUNTS}/{}", made["id"].as_str().unwrap());
        refused(&agent.get(&path).await, "not_found", None);
        refused(&agent.delete(&path).await, "not_found", None);
        refused(&agent.post(ACCOUNTS, &account).await, "invalid_input", Some("host"));
        let feed = json!({ "host": host, "detail": "full" });
        refused(&agent.post("/v1/booking/calendars/feeds", &feed).await, "invalid_input", Some("host"));
        let settings = json!({ "when_unreachable": "open", "stale_after_minutes": 60 });
        refused(&agent.put("/v1/booking/calendars/settings", &settings).await, "forbidden", None);
    }
}
