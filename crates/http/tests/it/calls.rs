//! The log of API calls: complete, discreet, off the request's path.

use accounts::calls::{self, Filter};
use axum::http::StatusCode;
use http_server::testing::TestClient;
use http_server::{Options, Peer};
use serde_json::json;
use testkit::each_engine;

use crate::World;

each_engine! {
    async fn calls_are_logged_by_operation_and_never_by_content(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let client = world.client().await;
        assert_eq!(client.get("/v1/things?limit=3").await.status, StatusCode::OK);
        let secret = world.workspace.to_string();
        client.get(&format!("/v1/w/{secret}")).await;
        let reader = world.anonymous().bearer(&world.key(&["contacts:read"]).await);
        assert_eq!(reader.post("/v1/send", &json!({"name": "canary"})).await.status, StatusCode::FORBIDDEN);
        world.anonymous().get("/v1/things").await;
        let log = world.toolbox().calls();
        assert_eq!(log.waiting(), 3, "nobody unknown is logged, and nothing is written while a request waits");
        let ctx = world.ctx();
        assert!(calls::list(&ctx, &Filter::default(), 10).await.unwrap().is_empty());
        log.flush(&ctx.core).await;

        let all = calls::list(&ctx, &Filter::default(), 10).await.unwrap();
        let operations: Vec<(&str, u16)> = all.iter().map(|entry| (entry.operation.as_str(), entry.status)).collect();
        assert_eq!(operations, [("POST /v1/send", 403), ("GET /v1/w/{workspace}", 200), ("GET /v1/things", 200)]);
        assert!(all.iter().all(|entry| entry.actor.starts_with("key_") && entry.micros >= 0));
        assert!(all[2].bytes_out > 0);
        let text = serde_json::to_string(&all).unwrap();
        assert!(!text.contains(&secret) && !text.contains("canary") && !text.contains("limit"), "{text}");
        let refused = Filter { status_from: Some(400), status_to: Some(499), ..Filter::default() };
        assert_eq!(calls::list(&ctx, &refused, 10).await.unwrap(), all[..1]);
        let of = Filter { actor: Some(all[0].actor.clone()), ..Filter::default() };
        assert_eq!(calls::list(&ctx, &of, 10).await.unwrap(), all[..1]);
        let one = Filter { operation: Some("GET /v1/things".into()), before: Some(all[1].id), ..Filter::default() };
        assert_eq!(calls::list(&ctx, &one, 10).await.unwrap(), all[2..]);
        let later = Filter { since: Some(ctx.now().plus_seconds(1)), ..Filter::default() };
        assert!(calls::list(&ctx, &later, 10).await.unwrap().is_empty());
    }

    async fn the_network_is_kept_and_not_the_address(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let peer = axum::Extension(Peer("203.0.113.77:4711".parse().unwrap()));
        let client = TestClient::new(world.router.clone().layer(peer)).bearer(&world.key(&["*"]).await);
        assert_eq!(client.get("/v1/things").await.status, StatusCode::OK);
        let ctx = world.ctx();
        world.toolbox().calls().flush(&ctx.core).await;
        let all = calls::list(&ctx, &Filter::default(), 10).await.unwrap();
        assert_eq!(all[0].network.as_deref(), Some("203.0.113.0/24"));
    }

    async fn a_log_that_is_full_drops_and_counts_and_never_waits(t: testkit::Fixture) {
        let options = Options { per_caller: accounts::throttle::Rate::per_second(1000, 1_000_000), ..Options::default() };
        let world = World::new(t, options).await;
        let client = world.client().await;
        for _ in 0..20 {
            assert_eq!(client.get("/v1/things").await.status, StatusCode::OK);
        }
        let log = world.toolbox().calls();
        assert_eq!(log.waiting(), 20);
        // A workspace whose keys are gone cannot be written for: counted, and the rest goes on.
        let ctx = world.ctx();
        ctx.vault.destroy_workspace(world.workspace).await.unwrap();
        log.flush(&ctx.core).await;
        assert_eq!(log.waiting(), 0);
        let metrics = world.toolbox().metrics().render();
        assert!(metrics.contains("barid_api_calls_dropped_total 20"), "{metrics}");
    }
}
