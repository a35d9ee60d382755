use std::sync::Arc;

use axum::http::{Method, StatusCode};
use http_server::testing::TestClient;
use http_server::{Options, Ready, probes};
use kernel::{Code, Problem};
use serde_json::json;
use testkit::Fixture;

use crate::World;

fn world(test: impl AsyncFnOnce(World)) {
    testkit::run(async { test(World::new(Fixture::sqlite().await, Options::default()).await).await });
}

#[test]
fn a_problem_looks_like_rfc_9457() {
    world(async |world| {
        let client = world.client().await;
        let answer = client.post("/v1/things", &json!({ "nam": "x" })).await;
        insta::assert_snapshot!(serde_json::to_string_pretty(&answer.json()).unwrap(), @r#"
        {
          "code": "invalid_input",
          "detail": "nam: is not a field of this request",
          "fields": [
            {
              "detail": "is not a field of this request",
              "field": "nam"
            }
          ],
          "status": 422,
          "title": "The input is not valid",
          "type": "/docs/problems#invalid_input"
        }
        "#);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let text = client.clone().with("content-type", "text/plain").post("/v1/things", &json!({ "name": "x" })).await;
        assert_eq!(text.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let broken =
            client.clone().with("content-type", "application/json").send(Method::POST, "/v1/things", "{\"name\"").await;
        assert_eq!(broken.code().as_deref(), Some("malformed_body"));
    });
}

#[test]
fn query_and_path_are_checked() {
    world(async |world| {
        let client = world.client().await;
        for (query, field) in [("limit=lina@example.com", "limit"), ("limit=1&more=1", "more")] {
            let answer = client.get(&format!("/v1/things?{query}")).await;
            assert_eq!(
                (answer.status, answer.json()["fields"][0]["field"].as_str()),
                (StatusCode::UNPROCESSABLE_ENTITY, Some(field))
            );
            assert!(!answer.text().contains("lina"), "{}", answer.text());
        }
        let id = kernel::ContactId([1; 16]);
        assert_eq!(client.get(&format!("/v1/things/{id}")).await.json()["id"], id.to_string());
        assert_eq!(client.get("/v1/things/nonsense").await.status, StatusCode::NOT_FOUND);
        assert_eq!(client.get("/v1/things/%ff").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn every_answer_is_dressed() {
    world(async |world| {
        let answer = world.anonymous().get("/p").await;
        assert_eq!(answer.text(), "public");
        assert_eq!(answer.header("x-request-id").len(), 20);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("strict-transport-security"), "", "not over plain http");
        assert_eq!(answer.header("access-control-allow-origin"), "");
        let unknown = world.anonymous().get("/nowhere").await;
        assert_eq!((unknown.status, unknown.code().as_deref()), (StatusCode::NOT_FOUND, Some("not_found")));
        let wrong = world.anonymous().delete("/p").await;
        assert_eq!(
            (wrong.status, wrong.code().as_deref()),
            (StatusCode::METHOD_NOT_ALLOWED, Some("method_not_allowed"))
        );
    });
}

#[test]
fn a_panic_is_a_problem() {
    world(async |world| {
        let answer = world.anonymous().get("/broken").await;
        assert_eq!((answer.status, answer.code().as_deref()), (StatusCode::INTERNAL_SERVER_ERROR, Some("internal")));
        assert!(!answer.text().contains("a bug"));
    });
}

#[test]
fn metrics_name_routes_and_never_paths() {
    world(async |world| {
        let ready: Ready =
            Arc::new(|| Box::pin(async { Err(Problem::new(Code::IndexBuilding, "wait").retry_after(3)) }));
        let registry = world.app.toolbox.metrics().clone();
        let probe = TestClient::new(world.app.toolbox.finish(probes(registry, ready)));
        let id = kernel::ContactId([1; 16]);
        world.client().await.get(&format!("/v1/things/{id}")).await;
        world.anonymous().get("/lina@example.com").await;
        assert_eq!(probe.get("/healthz").await.text(), "ok\n");
        let answer = probe.get("/readyz").await;
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "3"));
        let page = probe.get("/metrics").await;
        assert!(page.header("content-type").starts_with("text/plain; version=0.0.4"));
        let text = page.text();
        assert!(
            text.contains(r#"barid_http_requests_total{method="GET",route="/v1/things/{id}",status="2xx"} 1"#),
            "{text}"
        );
        assert!(text.contains(r#"route="unmatched""#) && !text.contains("lina") && !text.contains(&id.to_string()));
    });
}

#[test]
fn public_pages_are_limited_per_address() {
    testkit::run(async {
        let options = Options { per_address: accounts::throttle::Rate::one_per(60, 2), ..Options::default() };
        let world = World::new(Fixture::sqlite().await, options).await;
        let from = |address: &str| {
            let peer = http_server::Peer(format!("{address}:1234").parse().unwrap());
            TestClient::new(world.router.clone().layer(axum::Extension(peer)))
        };
        let visitor = from("192.0.2.1");
        assert_eq!(visitor.get("/p").await.status, StatusCode::OK);
        assert_eq!(visitor.get("/p").await.status, StatusCode::OK);
        let answer = visitor.get("/p").await;
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
        assert_eq!(from("192.0.2.2").get("/p").await.status, StatusCode::OK);
        let guesser = from("192.0.2.3");
        let key = world.key(&["*"]).await;
        for _ in 0..60 {
            guesser.clone().bearer("barid_wrong").get("/v1/things").await;
        }
        assert_eq!(guesser.clone().bearer("barid_wrong").get("/v1/things").await.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(guesser.bearer(&key).get("/v1/things").await.status, StatusCode::OK, "a right key is no guess");
    });
}

#[test]
fn handlers_have_a_deadline() {
    testkit::run(async {
        let limit = http_server::Deadline(std::time::Duration::from_millis(1));
        let router = axum::Router::new()
            .route("/", axum::routing::get(std::future::pending::<&'static str>))
            .layer(axum::middleware::from_fn_with_state(limit, http_server::deadline));
        let answer = TestClient::new(router).get("/").await;
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    });
}
