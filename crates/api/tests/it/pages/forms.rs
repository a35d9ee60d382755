use std::net::SocketAddr;

use axum::Extension;
use http_server::Peer;
use http_server::testing::TestClient;
use people::contacts;
use testkit::Fixture;

use super::world::World;
use super::{hidden, submit};

const MARK: &str = "shown";

/// Opens the form and sends it as a person would.
async fn fill(world: &World, client: &TestClient, path: &str, fields: &[(&str, &str)]) -> http_server::testing::Answer {
    let mark = hidden(&client.get(path).await.text(), MARK);
    world.t.clock.advance(20);
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([(MARK, mark.as_str())]).collect();
    submit(client, path, &all).await
}

testkit::each_engine! {
    async fn people_sign_up_and_the_words_are_kept(t: Fixture) {
        let world = World::new(t).await;
        let draft = privacy::notices::Draft {
            notice: "privacy",
            language: "ar".parse().unwrap(),
            body: "نستخدم عنوانك لإرسال النشرة <b>فقط</b>.",
            material: false,
        };
        let notice = privacy::notices::publish(&world.ctx, draft).await.unwrap();
        let form = world.form(world.events, Some(notice.id)).await;
        let path = format!("/w/forms/{form}?lang=ar");
        let page = world.client().get(&path).await.text();
        assert!(page.contains("dir=\"rtl\"") && page.contains("&lt;b&gt;فقط") && page.contains("الغرض: <bdi>التسويق"));
        assert!(!page.contains(" checked"), "the box is never ticked beforehand");

        let fields = [("v-email", "huda@example.com"), ("v-first_name", "هدى الخطيب"), ("agreed", "yes")];
        let peer = Peer(SocketAddr::from(([203, 0, 113, 7], 4000)));
        let huda = TestClient::new(world.router.clone().layer(Extension(peer))).with("user-agent", "Browser of Huda");
        let new = fill(&world, &huda, &path, &fields).await;
        assert_eq!(new.status, 200);
        let contact = contacts::by_email(&world.ctx, &"huda@example.com".parse().unwrap()).await.unwrap().unwrap();
        let json = contacts::get(&world.ctx, people::ReadFor::Work, contact).await.unwrap().to_json();
        assert_eq!((json["first_name"].as_str(), json["language"].as_str()), (Some("هدى الخطيب"), Some("ar")));
        assert_eq!(json["topics"]["Events"], "pending");
        let evidence = serde_json::to_string(&privacy::answer::answer(&world.ctx, contact).await.unwrap()).unwrap();
        assert!(evidence.contains("نعم، أرسلوا إليّ النشرة.") && evidence.contains(&notice.id.to_string()));
        assert!(evidence.contains("203.0.113.7") && evidence.contains("Browser of Huda"), "from where and with what");

        let known = fill(&world, &world.client(), &path, &fields).await;
        let words = [("v-email", "other@example.com"), ("agreed", "yes")];
        let other = fill(&world, &world.client(), &path, &words).await;
        assert_eq!(new.text(), known.text(), "who is known is nobody's business");
        assert_eq!(new.text(), other.text());
    }

    async fn hostile_input_stays_text_and_errors_stand_beside_fields(t: Fixture) {
        let world = World::new(t).await;
        let path = format!("/w/forms/{}", world.form(world.news, None).await);
        let hostile = "\"'><script>alert(1)</script><img src=x onerror=y>\u{202e}";
        for (fields, field) in [
            (vec![("v-email", hostile), ("v-first_name", hostile), ("agreed", "yes")], "email"),
            (vec![("v-email", ""), ("v-first_name", hostile), ("agreed", "yes")], "email"),
            (vec![("v-email", "a@example.com"), ("v-first_name", hostile)], "agreed"),
            (vec![("v-email", "a@example.com"), ("v-first_name", &"x".repeat(900)), ("agreed", "yes")], "first_name"),
        ] {
            let answer = fill(&world, &world.client(), &path, &fields).await;
            assert_eq!(answer.status, 422, "{field}");
            let page = answer.text();
            assert!(page.contains(&format!("id=\"w-{field}\"")) && page.contains("aria-invalid=\"true\""), "{field}");
            assert!(!page.contains("<script") && !page.contains("<img"));
            assert!(!page.contains(" checked"), "consent is given anew");
        }
        assert_eq!(contacts::count(&world.ctx).await.unwrap(), 0);
    }

    async fn robots_get_nowhere(t: Fixture) {
        let world = World::new(t).await;
        let path = format!("/w/forms/{}", world.form(world.news, None).await);
        let person = [("v-email", "a@example.com"), ("agreed", "yes")];
        // The hidden field: thanked, and nothing stored.
        let trapped = fill(&world, &world.client(), &path, &[person[0], person[1], ("website", "http://x")]).await;
        assert_eq!(trapped.status, 200);
        // No mark, a forged one, one too fresh, one too old.
        let mark = hidden(&world.client().get(&path).await.text(), MARK);
        let forged = format!("{mark}x");
        for mark in ["", forged.as_str(), mark.as_str()] {
            let answer = submit(&world.client(), &path, &[person[0], person[1], (MARK, mark)]).await;
            assert!(answer.text().contains("once more") && answer.text().contains("a@example.com"));
        }
        world.t.clock.advance(2 * 86_400);
        let old = submit(&world.client(), &path, &[person[0], person[1], (MARK, &mark)]).await;
        assert!(old.text().contains("once more"));
        assert_eq!(contacts::count(&world.ctx).await.unwrap(), 0);

        let peer = Peer(SocketAddr::from(([203, 0, 113, 9], 4000)));
        let client = TestClient::new(world.router.clone().layer(Extension(peer)));
        let mut statuses = Vec::new();
        for _ in 0..25 {
            statuses.push(submit(&client, &path, &[]).await.status.as_u16());
        }
        assert_eq!((statuses[0], statuses[24]), (200, 429));
    }

    async fn forms_out_of_use_say_so(t: Fixture) {
        let world = World::new(t).await;
        let form = world.form(world.news, None).await;
        people::forms::archive(&world.ctx, form, true).await.unwrap();
        assert_eq!(world.client().get(&format!("/w/forms/{form}")).await.status, 410);
        for unknown in ["x".to_owned(), kernel::FormId([9; 16]).to_string()] {
            assert_eq!(world.client().get(&format!("/w/forms/{unknown}")).await.status, 404);
        }
    }
}
