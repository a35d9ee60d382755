use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use http_server::{Options, REPLAYED, sweep_idempotency};
use serde_json::json;
use testkit::each_engine;

use crate::World;

each_engine! {
    async fn the_same_request_acts_once(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let client = world.client().await.with("idempotency-key", "k1");
        let body = json!({ "name": "lina@example.com" });
        let first = client.post("/v1/things", &body).await;
        assert_eq!((first.status, first.json()["n"].as_i64()), (StatusCode::CREATED, Some(1)));
        let second = client.post("/v1/things", &body).await;
        assert_eq!((second.status, &second.body), (first.status, &first.body));
        assert_eq!((second.header(REPLAYED), second.header("location")), ("true", "/v1/things/1"));
        assert_eq!(world.app.calls.load(Ordering::SeqCst), 1);

        let other = client.post("/v1/things", &json!({ "name": "other" })).await;
        assert_eq!(other.code().as_deref(), Some("idempotency_mismatch"));
        let elsewhere = world.client().await.with("idempotency-key", "k1").post("/v1/things", &body).await;
        assert_eq!(elsewhere.json()["n"], 2, "another key of the workspace has its own");
        assert_eq!(client.get("/v1/things").await.status, StatusCode::OK, "reading is idempotent anyway");
    }

    async fn what_went_wrong_for_a_while_may_be_tried_again(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let client = world.client().await;
        for (key, status, calls) in [("a", 503, 2), ("b", 404, 1)] {
            world.app.calls.store(0, Ordering::SeqCst);
            let client = client.clone().with("idempotency-key", key);
            let body = json!({ "name": "x", "fail": status });
            for _ in 0..2 {
                assert_eq!(client.post("/v1/things", &body).await.status.as_u16(), status);
            }
            assert_eq!(world.app.calls.load(Ordering::SeqCst), calls, "{status}");
        }
    }

    async fn keys_end_after_a_day(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let client = world.client().await.with("idempotency-key", "k1");
        client.post("/v1/things", &json!({ "name": "x" })).await;
        world.t.clock.advance(24 * 3_600);
        assert_eq!(client.post("/v1/things", &json!({ "name": "y" })).await.json()["n"], 2);
        world.t.clock.advance(24 * 3_600);
        sweep_idempotency(&world.t.core).await.unwrap();
        assert_eq!(client.post("/v1/things", &json!({ "name": "z" })).await.json()["n"], 3);
    }

    async fn a_request_that_died_with_its_process_is_taken_over(t: testkit::Fixture) {
        store::sql! { FORGET = "UPDATE idempotency SET response = NULL WHERE workspace = $1"; }
        let world = World::new(t, Options::default()).await;
        let client = world.client().await.with("idempotency-key", "k1");
        let body = json!({ "name": "x" });
        client.post("/v1/things", &body).await;
        let mut batch = world.t.core.ctx(world.workspace, store::Actor::System).batch();
        batch.push(FORGET, store::params![world.workspace]);
        world.t.core.db.apply(batch).await.unwrap();
        let running = client.post("/v1/things", &body).await;
        assert_eq!((running.status, running.header("retry-after")), (StatusCode::CONFLICT, "1"));
        world.t.clock.advance(120);
        assert_eq!(client.post("/v1/things", &body).await.json()["n"], 2);
    }

    async fn of_many_at_once_one_acts(t: testkit::Fixture) {
        let world = World::new(t, Options::default()).await;
        let client = world.client().await.with("idempotency-key", "k1");
        let body = json!({ "name": "x" });
        let answers = futures_util::future::join_all((0..20).map(|_| client.post("/v1/things", &body))).await;
        assert!(answers.iter().all(|a| a.status == StatusCode::CREATED || a.status == StatusCode::CONFLICT));
        assert_eq!(world.app.calls.load(Ordering::SeqCst), 1);
    }

    async fn keys_and_bodies_are_bounded(t: testkit::Fixture) {
        let world = World::new(t, Options { max_body: 1000, ..Options::default() }).await;
        let client = world.client().await;
        let long = client.clone().with("idempotency-key", &"k".repeat(256));
        assert_eq!(long.post("/v1/things", &json!({ "name": "x" })).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let big = json!({ "name": "x".repeat(2000) });
        assert_eq!(client.post("/v1/things", &big).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let keyed = client.with("idempotency-key", "k");
        assert_eq!(keyed.post("/v1/things", &big).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(world.anonymous().with("idempotency-key", "k").post("/v1/things", &big).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        testkit::statements_prepare_alike().await;
    });
}
