//! The script, the choices and the register of a site that asks about cookies.

use axum::http::Method;
use http_server::testing::{Answer, TestClient};
use privacy::cookies::{self, Design, Site};
use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::world::World;

const VISITOR: &str = "8c0b7a52-6f0d-4f0e-9a53-0c1d2e3f4a5b";

fn design() -> Json {
    json!({
        "hosts": ["shop.example", ".shop.example"],
        "texts": { "en": { "title": "Biscuits?", "text": "</script><script>alert(1)</script>" } },
        "services": [{
            "name": "Counter", "provider": "Counting Ltd", "category": "statistics",
            "purpose_en": "Counts visits.", "purpose_ar": "يعدّ الزيارات.", "without_en": "We cannot see what is read.",
            "hosts": [".count.example"], "entries": [{ "name": "_c*", "days": 30 }],
        }],
    })
}

async fn site(world: &World) -> Site {
    let design: Design = serde_json::from_value(design()).unwrap();
    cookies::create(&world.ctx, "Shop", &design).await.unwrap()
}

fn path(world: &World, site: &Site, what: &str) -> String {
    format!("/w/cookies/{}/{}/{what}", world.ctx.workspace, site.id)
}

async fn choose(client: &TestClient, path: &str, origin: &str, choice: &Json) -> Answer {
    client.clone().with("origin", origin).send(Method::POST, path, choice.to_string()).await
}

fn choice(action: &str, categories: &[&str], visitor: &str) -> Json {
    json!({ "version": 1, "action": action, "choices": categories, "visitor": visitor, "language": "ar",
        "gpc": false, "page": "https://shop.example/basket?secret=1" })
}

testkit::each_engine! {
    async fn a_choice_is_proved_and_counted(t: Fixture) {
        let world = World::new(t).await;
        let site = site(&world).await;
        let (client, path) = (world.client(), path(&world, &site, "choice"));
        let given = choose(&client, &path, "https://www.shop.example:8443", &choice("choose", &["statistics"], VISITOR)).await;
        assert_eq!(given.status.as_u16(), 201, "{}", given.text());
        assert_eq!(given.header("access-control-allow-origin"), "https://www.shop.example:8443");
        world.t.clock.advance(60);
        choose(&client, &path, "https://shop.example", &choice("withdraw", &[], VISITOR)).await;
        choose(&client, &path, "https://shop.example", &choice("reject_all", &[], "")).await;

        let proofs = cookies::proofs_of_visitor(&world.ctx, &VISITOR.to_uppercase()).await.unwrap();
        let actions: Vec<&str> = proofs.iter().map(|proof| proof.action.as_str()).collect();
        assert_eq!(actions, ["choose", "withdraw"]);
        assert_eq!(proofs[0].detail["page"], "https://shop.example/basket", "no query is kept");
        assert!(cookies::proofs_of_visitor(&world.ctx, "").await.unwrap().is_empty());
        let tally = cookies::tally(&world.ctx, site.id, world.ctx.now().plus_seconds(-3600), world.ctx.now().plus_seconds(1)).await;
        let counted: Vec<(String, u64)> = tally.unwrap().into_iter().map(|tally| (tally.action, tally.count)).collect();
        assert_eq!(counted, [("choose".into(), 1), ("reject_all".into(), 1), ("withdraw".into(), 1)]);
    }

    async fn strangers_and_contradictions_are_refused(t: Fixture) {
        let world = World::new(t).await;
        let site = site(&world).await;
        let (client, path) = (world.client(), path(&world, &site, "choice"));
        for (origin, choice, status) in [
            ("https://evil.example", choice("accept_all", &["preferences", "statistics", "marketing"], VISITOR), 403),
            ("https://notshop.example", choice("reject_all", &[], ""), 403),
            ("null", choice("reject_all", &[], ""), 403),
            ("https://shop.example", choice("accept_all", &["statistics"], VISITOR), 422),
            ("https://shop.example", choice("reject_all", &["marketing"], VISITOR), 422),
            ("https://shop.example", choice("choose", &["statistics"], "me@example.com"), 422),
            ("https://shop.example", json!({ "version": 9, "action": "reject_all", "choices": [] }), 422),
            ("https://shop.example", json!("x".repeat(5000)), 413),
        ] {
            let answer = choose(&client, &path, origin, &choice).await;
            assert_eq!(answer.status.as_u16(), status, "{origin} {}", answer.text());
            assert!(answer.header("access-control-allow-origin").is_empty());
        }
        let tally = cookies::tally(&world.ctx, site.id, kernel::Timestamp(0), world.ctx.now().plus_seconds(1)).await.unwrap();
        assert!(tally.is_empty());
    }

    async fn only_what_is_loaded_makes_a_new_round(t: Fixture) {
        let world = World::new(t).await;
        let first = site(&world).await;
        let mut design = first.design.clone();
        design.colour = "#123456".into();
        let second = cookies::update(&world.ctx, &first, "Shop", &design).await.unwrap();
        assert_eq!((second.version, second.round), (2, 1));
        design.services.clear();
        let third = cookies::update(&world.ctx, &second, "Shop", &design).await.unwrap();
        assert_eq!((third.version, third.round), (3, 2));
        assert_eq!(cookies::version(&world.ctx, first.id, 1).await.unwrap(), first.design, "what was shown stays known");
        cookies::update(&world.ctx, &first, "Shop", &design).await.unwrap_err();
        let other = world.t.workspace().await;
        assert!(matches!(cookies::get(&other, first.id).await, Err(privacy::Error::NotFound(_))));
    }

    async fn the_register_and_the_script_are_public(t: Fixture) {
        let world = World::new(t).await;
        let site = site(&world).await;
        for (language, purpose, days) in [("en", "Counts visits.", "for 30 days"), ("ar", "يعدّ الزيارات.", "لمدة 30 يومًا")] {
            let page = world.client().get(&format!("{}?lang={language}", path(&world, &site, "register"))).await.text();
            assert!(page.contains(purpose) && page.contains(days) && page.contains("_c*"), "{page}");
            assert!(page.contains(".count.example") && page.contains("cannot see") == (language == "en"));
        }
        let script = world.client().get(&path(&world, &site, "consent.js")).await;
        if !web_assets::CONSENT.is_empty() {
            assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
            assert!(script.text().contains("Biscuits?") && script.text().contains("قبول الكل"));
            assert!(!script.text().contains("</script>"), "the site's words cannot end a script element");
        }
        for wrong in ["/w/cookies/ws_00000000000000000000000000/cks_00000000000000000000000000/register", "/w/cookies/x/y/register"] {
            assert_eq!(world.client().get(wrong).await.status.as_u16(), 404);
        }
    }
}

#[test]
fn a_design_names_what_is_wrong() {
    testkit::run(async {
        let ctx = Fixture::sqlite().await.workspace().await;
        for (pointer, value, field) in [
            ("/hosts", json!([]), "design.hosts"),
            ("/hosts/0", json!("https://shop.example"), "design.hosts"),
            ("/services/0/hosts/0", json!("*.count.example"), "design.services.hosts"),
            ("/services/0/entries/0/name", json!("a;b"), "design.services.entries"),
            ("/services/0/purpose_ar", json!(" "), "design.services.purpose_en"),
            ("/texts/en/title", json!("x".repeat(3000)), "design.texts"),
        ] {
            let mut wrong = design();
            *wrong.pointer_mut(pointer).unwrap() = value;
            let error = cookies::create(&ctx, "Shop", &serde_json::from_value(wrong).unwrap()).await.unwrap_err();
            assert_eq!(error.problem().fields[0].field, field);
        }
    });
}
