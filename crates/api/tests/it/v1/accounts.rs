//! Sign-up, sign-in, second factors, sessions, members, keys.

use accounts::users::totp;
use serde_json::json;
use testkit::Fixture;

use super::world::{OWNER, PASSWORD, World, refused, shown};

testkit::each_engine! {
    async fn a_browser_signs_in_and_out(t: Fixture) {
        let world = World::new(t).await;
        let answer = world.anonymous().post("/v1/session", &json!({ "email": OWNER, "password": PASSWORD })).await;
        insta::allow_duplicates!(insta::assert_snapshot!(shown(&answer), @r#"
            200 {
              "expires_at": "2026-12-21T09:00:00Z",
              "user": "usr_…"
            }
        "#));
        let browser = world.anonymous().signed_in(&answer.headers["set-cookie"]);
        let whole = shown(&browser.get("/v1/account").await);
        insta::allow_duplicates!(insta::assert_snapshot!(whole, @r#"
            200 {
              "email": "lina@example.com",
              "id": "usr_…",
              "language": "en",
              "name": "Lina",
              "second_factor": {
                "active": false,
                "recovery_codes": 0
              },
              "state": "active"
            }
        "#));
        let session = browser.get("/v1/session").await.json();
        assert_eq!(session["user"]["email"], OWNER);
        assert_eq!(session["workspaces"][0]["role"], "owner");
        assert!(session["workspaces"][0]["permissions"].as_array().unwrap().contains(&json!("campaigns:send")));
        assert_eq!(browser.get("/v1/account/sessions").await.json()["items"][0]["current"], true);
        let out = browser.delete("/v1/session").await;
        assert_eq!(out.status.as_u16(), 204);
        assert!(out.header("set-cookie").contains("Max-Age=0"));
        assert_eq!(browser.get("/v1/session").await.status.as_u16(), 401);
    }

    async fn a_second_factor_is_set_up_used_and_removed(t: Fixture) {
        let world = World::new(t).await;
        let browser = world.browser().await;
        refused(&browser.post("/v1/account/second-factor", &json!({ "password": "wrong" })).await, "unauthenticated", None);
        let begun = browser.post("/v1/account/second-factor", &json!({ "password": PASSWORD })).await.json();
        let secret = data_encoding::BASE32_NOPAD.decode(begun["secret"].as_str().unwrap().as_bytes()).unwrap();
        let code = || totp::code(&secret, kernel::Clock::now(world.t.clock.as_ref()));
        refused(&browser.post("/v1/account/second-factor/activate", &json!({ "code": "000000" })).await,
            "invalid_input", Some("code"));
        let active = browser.post("/v1/account/second-factor/activate", &json!({ "code": code() })).await.json();
        let recovery = active["recovery_codes"][0].as_str().unwrap().to_owned();
        assert_eq!(browser.get("/v1/account").await.json()["second_factor"]["active"], true);

        world.t.clock.advance(60);
        let first = world.anonymous().post("/v1/session", &json!({ "email": OWNER, "password": PASSWORD })).await;
        assert_eq!(first.status.as_u16(), 202);
        let challenge = first.json()["challenge"].clone();
        let second = json!({ "challenge": challenge, "code": code() });
        let signed_in = world.anonymous().post("/v1/session/second-factor", &second).await;
        assert_eq!(signed_in.status.as_u16(), 200, "{}", signed_in.text());
        assert_eq!(world.anonymous().post("/v1/session/second-factor", &second).await.status.as_u16(), 401);
        let browser = world.anonymous().signed_in(&signed_in.headers["set-cookie"]);
        let removal = json!({ "password": PASSWORD, "code": recovery });
        assert_eq!(browser.post("/v1/account/second-factor/remove", &removal).await.status.as_u16(), 204);
    }

    async fn sign_up_waits_for_its_confirmation(t: Fixture) {
        let world = World::new(t).await;
        let new = json!({ "email": "new@example.net", "password": "a long enough one", "workspace": "W", "language": "ar" });
        assert_eq!(world.anonymous().post("/v1/signup", &new).await.status.as_u16(), 202);
        assert_eq!(world.anonymous().post("/v1/signup", &new).await.status.as_u16(), 202, "the answer does not tell");
        let signed_in = json!({ "email": "new@example.net", "password": "a long enough one" });
        let answer = world.anonymous().post("/v1/session", &signed_in).await;
        let browser = world.anonymous().signed_in(&answer.headers["set-cookie"]);
        refused(&browser.post("/v1/keys", &json!({ "name": "k", "scopes": ["*"] })).await, "account_pending", None);
        refused(&world.anonymous().post("/v1/account/confirm", &json!({ "token": "nonsense" })).await, "not_found", None);
        for (field, value) in [("email", json!("nobody")), ("language", json!("no language at all"))] {
            let mut wrong = new.clone();
            wrong[field] = value;
            refused(&world.anonymous().post("/v1/signup", &wrong).await, "invalid_input", Some(field));
        }
    }

    async fn members_come_change_and_go(t: Fixture) {
        let world = World::new(t).await;
        let invited = world.made("/v1/members", json!({ "email": "guest@example.com", "role": "analyst" })).await;
        let whole = shown(&world.owner.get("/v1/members").await);
        insta::allow_duplicates!(insta::assert_snapshot!(whole, @r#"
            200 {
              "items": [
                {
                  "confirmed": true,
                  "created_at": "2026-11-21T09:00:00Z",
                  "email": "lina@example.com",
                  "id": "mem_…",
                  "invited": false,
                  "name": "Lina",
                  "role": "owner",
                  "second_factor": false,
                  "user": "usr_…"
                },
                {
                  "confirmed": false,
                  "created_at": "2026-11-21T09:00:00Z",
                  "email": "guest@example.com",
                  "id": "mem_…",
                  "invited": true,
                  "name": "",
                  "role": "analyst",
                  "second_factor": false,
                  "user": "usr_…"
                }
              ],
              "next": null
            }
        "#));
        let path = format!("/v1/members/{}", invited["id"].as_str().unwrap());
        assert_eq!(world.owner.patch(&path, &json!({ "role": "author" })).await.status.as_u16(), 204);
        refused(&world.owner.patch(&path, &json!({ "role": "king" })).await, "invalid_input", Some("role"));
        let admin = world.role(accounts::members::Role::Admin).await;
        refused(&admin.patch(&path, &json!({ "role": "owner" })).await, "forbidden", None);
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        refused(&world.owner.delete(&path).await, "not_found", None);
        let again = json!({ "email": OWNER, "role": "author" });
        refused(&world.owner.post("/v1/members", &again).await, "already_exists", None);
    }

    async fn keys_are_shown_once_and_can_be_revoked(t: Fixture) {
        let world = World::new(t).await;
        let author = world.role(accounts::members::Role::Admin).await;
        let made = author.post("/v1/keys", &json!({ "name": "shop", "scopes": ["tags:*", "workspace:close"] })).await.json();
        let key = made["key"].as_str().unwrap();
        let client = world.anonymous().bearer(key);
        assert_eq!(client.get("/v1/tags").await.status.as_u16(), 200);
        let listed = world.owner.get("/v1/keys").await;
        assert!(!listed.text().contains(key));
        let shop = listed.json()["items"].as_array().unwrap().iter().find(|k| k["name"] == "shop").unwrap().clone();
        assert_eq!(shop["scopes"], json!(["tags:read", "tags:write"]), "cut down to what its maker may do");
        let path = format!("/v1/keys/{}", made["id"].as_str().unwrap());
        assert_eq!(world.owner.delete(&path).await.status.as_u16(), 204);
        assert_eq!(client.get("/v1/tags").await.status.as_u16(), 401);
        for (body, field) in [(json!({ "name": "" , "scopes": ["*"] }), "name"), (json!({ "name": "k", "scopes": ["x"] }), "scopes"),
            (json!({ "name": "k", "scopes": ["*"], "expires_at": "2020-01-01T00:00:00Z" }), "expires_at")] {
            refused(&world.owner.post("/v1/keys", &body).await, "invalid_input", Some(field));
        }
        let trail = world.owner.get("/v1/audit?limit=2").await.json();
        assert_eq!(trail["items"][0]["action"], "key.revoked");
        let next = world.owner.get(&format!("/v1/audit?cursor={}", trail["next"].as_str().unwrap())).await.json();
        assert_ne!(next["items"][0]["id"], trail["items"][1]["id"]);
    }
}
