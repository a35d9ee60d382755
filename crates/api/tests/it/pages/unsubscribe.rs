use axum::body::Body;
use axum::http::Method;
use people::contacts;
use serde_json::json;
use testkit::Fixture;

use super::submit;
use super::world::World;

const NEWS: &str = "News & “notes”";

testkit::each_engine! {
    async fn looking_does_nothing(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let path = format!("/u/{}", lina.token);
        let page = world.client().get(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("News &amp; “notes”") && page.text().contains("<form method=\"post\">"));
        assert!(!page.text().contains("lina@"), "a forwarded message does not tell the address");
        assert_eq!(world.client().send(Method::HEAD, &path, Body::empty()).await.status, 200);
        assert_eq!(world.topics(&lina).await, json!({ NEWS: "subscribed" }));
    }

    async fn one_click_acts_at_once_in_both_encodings_and_twice(t: Fixture) {
        let world = World::new(t).await;
        let boundary = "----x";
        let part = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--{boundary}--\r\n"
        );
        let multipart = format!("multipart/form-data; boundary={boundary}");
        for (email, kind, body) in [
            ("a@example.com", "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click".to_owned()),
            ("b@example.com", multipart.as_str(), part),
            ("c@example.com", "text/plain", "anything".to_owned()),
        ] {
            let reader = world.reader(email, "Sara", "en").await;
            // No cookies, no user agent: as mailbox providers send it.
            let provider = http_server::testing::TestClient::new(world.router.clone()).with("content-type", kind);
            for _ in 0..2 {
                let answer = provider.send(Method::POST, &format!("/u/{}", reader.token), body.clone()).await;
                assert_eq!(answer.status, 200, "{kind}");
                assert!(answer.header("location").is_empty() && answer.header("set-cookie").is_empty());
                assert_eq!(world.topics(&reader).await, json!({ NEWS: "unsubscribed" }));
            }
        }
    }

    async fn who_left_already_is_told_so_and_asked_nothing(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let path = format!("/u/{}", lina.token);
        submit(&world.client(), &path, &[("scope", "topic")]).await;
        let page = world.client().get(&path).await.text();
        assert!(page.contains("You left already") && page.contains("News &amp; “notes”"), "{page}");
        assert!(!page.contains("value=\"topic\""), "{page}");
        assert!(page.contains("value=\"everything\""), "everything can still be left");
        submit(&world.client(), &path, &[("scope", "everything")]).await;
        let page = world.client().get(&path).await.text();
        assert!(page.contains("You stopped all advertising") && !page.contains("<form"), "{page}");
    }

    async fn the_page_leaves_the_topic_or_everything(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let path = format!("/u/{}", lina.token);
        let done = submit(&world.client(), &path, &[("scope", "topic")]).await;
        assert!(done.status == 200 && done.text().contains("You no longer receive"));
        assert!(done.text().contains("value=\"everything\""), "the page offers everything beside it");
        let done = submit(&world.client(), &path, &[("scope", "everything")]).await;
        assert_eq!(done.status, 200);
        let keys = world.ctx.keys().await.unwrap();
        let hash = privacy::suppression::subject_hash(&keys, lina.contact);
        let blocks = privacy::suppression::check(&world.ctx, &[hash]).await.unwrap();
        let reasons: Vec<&str> = blocks[0].iter().map(|block| block.reason.as_str()).collect();
        assert!(reasons.contains(&"unsubscribe_all"), "{reasons:?}");
    }

    async fn links_that_lead_nowhere_tell_nothing(t: Fixture) {
        let world = World::new(t).await;
        let (lina, sara) = (world.lina().await, world.reader("s@example.com", "Sara", "ar").await);
        let mut altered = lina.token.clone().into_bytes();
        let last = altered.len() - 1;
        altered[last] = if altered[last] == b'A' { b'Q' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        contacts::erase(&world.ctx, world.app.outbound.gate(), sara.contact).await.unwrap();
        let mut bodies = Vec::new();
        for token in [altered.as_str(), "x", &"A".repeat(5000), sara.token.as_str()] {
            for path in [format!("/u/{token}"), format!("/p/{token}"), format!("/p/{token}/view"),
                format!("/p/{token}/data"), format!("/p/{token}/forget"), format!("/p/confirm/{token}")] {
                let answer = world.client().get(&path).await;
                assert_eq!(answer.status, 404, "{path}");
                bodies.push(answer.text());
            }
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 1, "one page for all of them");
        let one_click = &[("List-Unsubscribe", "One-Click")];
        assert_eq!(submit(&world.client(), &format!("/u/{altered}"), one_click).await.status, 404);
        let erased = submit(&world.client(), &format!("/u/{}", sara.token), one_click).await;
        assert_eq!((erased.status.as_u16(), erased.text()), (200, bodies.remove(0)));
        assert_eq!(world.topics(&lina).await, json!({ NEWS: "subscribed" }));
    }
}
