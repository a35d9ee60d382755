use accounts::members::{self, Role};
use accounts::users::Client;
use accounts::workspaces::{self, Change};
use axum::http::StatusCode;
use data_encoding::BASE64;
use http_server::Options;
use serde_json::json;
use store::Actor;
use testkit::each_engine;

use crate::{World, sign_up};

each_engine! {
    async fn keys_open_what_their_scopes_name(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let answer = world.anonymous().get("/v1/things").await;
        assert_eq!((answer.status, answer.code().as_deref()), (StatusCode::UNAUTHORIZED, Some("unauthenticated")));
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        assert_eq!(answer.header("content-type"), "application/problem+json");

        let key = world.key(&["*:read"]).await;
        let reader = world.anonymous().bearer(&key);
        let answer = reader.get("/v1/things?limit=3").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json()["workspace"], world.workspace.to_string());
        assert!(answer.json()["actor"].as_str().unwrap().starts_with("key_"));
        let answer = reader.post("/v1/send", &json!({})).await;
        assert_eq!((answer.status, answer.code().as_deref()), (StatusCode::FORBIDDEN, Some("forbidden")));
        assert_eq!(world.client().await.post("/v1/send", &json!({})).await.status, StatusCode::OK);

        let basic = format!("Basic {}", BASE64.encode(format!("anystring:{key}").as_bytes()));
        assert_eq!(world.anonymous().with("authorization", &basic).get("/v1/things").await.status, StatusCode::OK);
        let wrong = world.anonymous().bearer(&key[..key.len() - 1]).get("/v1/things").await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        assert_eq!(world.anonymous().bearer(&key).get("/v1/me").await.status, StatusCode::UNAUTHORIZED, "no key signs in");
    }

    async fn cookies_act_only_for_pages_of_this_server(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let cookie = world.cookie("lina@example.com").await;
        let page = world.anonymous().signed_in(&cookie);
        assert_eq!(page.get("/v1/things").await.json()["actor"], world.user.to_string());
        assert_eq!(page.get("/v1/me").await.text(), world.user.to_string());
        assert_eq!(page.post("/v1/send", &json!({})).await.status, StatusCode::OK);
        let foreign = page.clone().with("sec-fetch-site", "cross-site");
        assert_eq!(foreign.post("/v1/send", &json!({})).await.status, StatusCode::FORBIDDEN);
        assert_eq!(foreign.get("/v1/things").await.status, StatusCode::OK);
        let stale = world.anonymous().with("cookie", "barid=nonsense").with("sec-fetch-site", "same-origin");
        assert_eq!(stale.get("/v1/things").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn https_cookies_have_their_own_name(t: testkit::Fixture) {
        let options = Options { public_url: "https://barid.example/".to_owned(), ..Options::default() };
        let world = World::new(t, options).await;
        let cookie = world.cookie("lina@example.com").await;
        let text = cookie.to_str().unwrap();
        assert!(text.starts_with("__Host-barid=") && text.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"), "{text}");
        let answer = world.anonymous().signed_in(&cookie).get("/v1/things").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    }

    async fn a_browser_says_which_workspace_it_means(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let page = world.anonymous().signed_in(&world.cookie("lina@example.com").await);
        let (second, _) = world.accounts().create_owner(sign_up("lina@example.com")).await.unwrap();
        assert_eq!(page.get("/v1/things").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let chosen = page.clone().with("x-barid-workspace", &second.to_string());
        assert_eq!(chosen.get("/v1/things").await.json()["workspace"], second.to_string());
        assert_eq!(page.get(&format!("/v1/w/{second}")).await.text(), second.to_string());

        let (foreign, _) = world.accounts().create_owner(sign_up("omar@example.com")).await.unwrap();
        assert_eq!(page.get(&format!("/v1/w/{foreign}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.client().await.get(&format!("/v1/w/{second}")).await.status, StatusCode::NOT_FOUND, "a key has one");
        assert_eq!(page.get("/v1/w/ws_nonsense").await.status, StatusCode::NOT_FOUND);
    }

    async fn an_old_password_opens_nothing_where_passwords_have_a_term(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let ctx = world.ctx();
        let change = Change { settings: Some([("password_days".to_owned(), json!(30))].into_iter().collect()), ..Change::default() };
        workspaces::update(&ctx, change).await.unwrap();
        world.t.clock.advance(31 * 86_400);
        let page = world.anonymous().signed_in(&world.cookie("lina@example.com").await);
        let answer = page.get("/v1/things").await;
        assert_eq!((answer.status, answer.code().as_deref()), (StatusCode::FORBIDDEN, Some("password_expired")));
        assert_eq!(page.get("/v1/me").await.status, StatusCode::OK, "they can still set a new one");
        assert_eq!(world.client().await.get("/v1/things").await.status, StatusCode::OK, "keys have their own end");
    }

    async fn a_pending_account_reads_but_does_not_send(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        world.accounts().sign_up(sign_up("new@example.com"), &Client::default()).await.unwrap();
        let page = world.anonymous().signed_in(&world.cookie("new@example.com").await);
        assert_eq!(page.get("/v1/things").await.status, StatusCode::OK);
        let answer = page.post("/v1/send", &json!({})).await;
        assert_eq!((answer.status, answer.code().as_deref()), (StatusCode::FORBIDDEN, Some("account_pending")));
    }

    async fn a_role_that_needs_a_second_factor_gets_in_only_with_one(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let page = world.anonymous().signed_in(&world.cookie("lina@example.com").await);
        let ctx = world.t.core.ctx(world.workspace, Actor::User(world.user));
        let change = Change { second_factor: Some(vec![Role::Owner]), ..Change::default() };
        workspaces::update(&ctx, change).await.unwrap();
        let answer = page.get("/v1/things").await;
        assert_eq!((answer.status, answer.code().as_deref()), (StatusCode::UNAUTHORIZED, Some("second_factor_required")));
        assert_eq!(page.get("/v1/me").await.status, StatusCode::OK, "one's own account stays within reach, to set it up");
    }

    async fn a_removed_member_is_out_at_once(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let (other, omar) = world.accounts().create_owner(sign_up("omar@example.com")).await.unwrap();
        let page = world.anonymous().signed_in(&world.cookie("omar@example.com").await);
        assert_eq!(page.get("/v1/things").await.status, StatusCode::OK);
        workspaces::set_state(&world.t.core.ctx(other, Actor::User(omar)), workspaces::State::Closed).await.unwrap();
        assert_eq!(page.get("/v1/things").await.status, StatusCode::GONE);
        assert_eq!(members::of(&world.t.core, omar).await.unwrap().len(), 1);
    }

    async fn callers_and_guessers_are_slowed_down(t: testkit::Fixture) {
        let rate = accounts::throttle::Rate::one_per(60, 3);
        let options = Options { per_caller: rate, per_guesser: rate, per_address: rate, ..Options::default() };
        let world = World::new(t, options).await;
        let client = world.client().await;
        for _ in 0..3 {
            assert_eq!(client.get("/v1/things").await.status, StatusCode::OK);
        }
        let answer = client.get("/v1/things").await;
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
        assert_eq!(world.client().await.get("/v1/things").await.status, StatusCode::OK, "another key has its own");
        world.t.clock.advance(60);
        assert_eq!(client.get("/v1/things").await.status, StatusCode::OK);
    }
}
