use axum::body::Body;
use axum::http::Method;
use http_server::testing::TestClient;
use testkit::Fixture;

use super::submit;
use super::world::World;

testkit::each_engine! {
    async fn opens_are_recorded_behind_the_picture(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        world.t.clock.advance(3600);
        let path = format!("/t/o/{}.gif", lina.tracking);
        let programs = [
            world.client(),
            world.client().with("user-agent", "Mozilla/5.0"),
            world.client().with("user-agent", "curl/8"),
            world.client().with("sec-purpose", "prefetch;prerender"),
            world.client().with("x-moz", "prefetch"),
            world.client().with("sec-gpc", "1"),
            TestClient::new(world.router.clone()),
        ];
        for client in programs {
            world.t.clock.advance(10);
            let picture = client.get(&path).await;
            assert_eq!((picture.status.as_u16(), picture.body.len()), (200, 43));
            assert_eq!((picture.header("content-type"), picture.header("cache-control")), ("image/gif", "no-store"));
            world.hits.settled().await;
        }
        world.t.clock.advance(10);
        assert_eq!(world.client().send(Method::HEAD, &path, Body::empty()).await.status, 200);
        let opens = world.stats().await.opens;
        assert_eq!((opens.human, opens.probable_machine, opens.machine), (1, 1, 5), "and none for privacy control");

        for bad in ["x.gif", "x", &format!("{}x.gif", lina.tracking), &format!("{}.gif", lina.token), &"a".repeat(3000)] {
            let picture = world.client().get(&format!("/t/o/{bad}")).await;
            assert_eq!((picture.status.as_u16(), picture.body.len()), (200, 43), "{bad}");
        }
        assert_eq!(world.stats().await.opens, opens);
    }

    async fn clicks_lead_where_the_message_said(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        world.t.clock.advance(3600);
        let links = world.stats().await.links;
        let number = links.iter().find(|link| link.url.contains("/a?")).unwrap().number;
        let path = format!("/t/c/{}/{number}", lina.tracking);
        let answer = world.client().get(&format!("{path}?url=https://evil.example&to=https://evil.example")).await;
        assert_eq!(answer.status, 302);
        assert_eq!(answer.header("location"), "https://example.org/a?x=1&y=2");
        assert_eq!((answer.header("referrer-policy"), answer.header("cache-control")), ("no-referrer", "no-store"));
        let private = world.client().with("sec-gpc", "1").get(&path).await;
        assert_eq!((private.status.as_u16(), private.header("location")), (302, "https://example.org/a?x=1&y=2"));
        let clicks = world.stats().await.clicks;
        assert_eq!((clicks.human, clicks.machine), (1, 0));

        for bad in [format!("/t/c/{}/999", lina.tracking), format!("/t/c/{}/-1", lina.tracking),
            format!("/t/c/{}/{number}", lina.token), format!("/t/c/x/{number}"),
            format!("/t/c/{}x/{number}", lina.tracking), format!("/t/c/{}/https:%2F%2Fevil.example", lina.tracking)] {
            let answer = world.client().get(&bad).await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (404, ""), "{bad}");
        }
        assert_eq!(world.stats().await.clicks, clicks);
        assert_eq!(world.topics(&lina).await["News & “notes”"], "subscribed", "a tracking token cannot unsubscribe");
        assert_eq!(submit(&world.client(), &format!("/u/{}", lina.tracking), &[]).await.status, 404);
    }

    async fn the_message_is_shown_as_it_was_sent(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.reader("lina@example.com", "<b>Lina", "en").await;
        let view = world.client().get(&format!("/p/{}/view", lina.token)).await;
        assert_eq!(view.status, 200);
        let policy = view.header("content-security-policy").to_owned();
        assert!(policy.starts_with("sandbox; default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'"));
        assert!(!policy.contains("allow-"));
        let html = view.text();
        assert!(html.contains("Spring &lt;b&gt;Lina") && html.contains("1 Palm Street, Amman"));
        assert!(html.contains("https://example.org/a?x=1") && !html.contains("/t/c/") && !html.contains("/t/o/"));
        assert!(html.contains(&format!("/u/{}", lina.token)));
        assert_eq!(world.stats().await.opens.human, 0);
    }
}
