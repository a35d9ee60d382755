//! Forms on other people's pages: what their script is told and may send.

use std::net::SocketAddr;

use axum::Extension;
use axum::http::Method;
use http_server::Peer;
use http_server::testing::{Answer, TestClient};
use kernel::FormId;
use people::contacts;
use people::forms::{self, Definition, Figures, MinimumAge, Success};
use serde_json::{Value as Json, json};
use testkit::Fixture;

use super::world::World;

const SHOP: &str = "https://shop.example";

/// A form that the shop's pages may show.
async fn form(world: &World, change: impl FnOnce(&mut Definition)) -> FormId {
    let id = world.form(world.events, None).await;
    edit(world, id, |definition| {
        definition.origins = vec![SHOP.into()];
        change(definition);
    })
    .await;
    id
}

async fn edit(world: &World, id: FormId, change: impl FnOnce(&mut Definition)) {
    let before = forms::get(&world.ctx, id).await.unwrap();
    let mut definition = before.definition.clone();
    change(&mut definition);
    forms::update(&world.ctx, &before, &before.name, before.topic, definition).await.unwrap();
}

fn path(world: &World, id: FormId) -> String {
    format!("/w/forms/{}/{id}", world.ctx.workspace)
}

/// A page of a site.
fn page(world: &World, origin: &str) -> TestClient {
    world.client().with("origin", origin)
}

async fn begin(client: &TestClient, path: &str) -> Json {
    let answer = client.send(Method::POST, &format!("{path}/shown?lang=en"), "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The work that the script does.
fn work(start: &Json, address: &str) -> u64 {
    let (challenge, bits) = (start["challenge"].as_str().unwrap(), start["bits"].as_u64().unwrap());
    let zero = |nonce: &u64| {
        let text = format!("{challenge}.{address}.{nonce}");
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
        u64::from(u64::from_be_bytes(hash.as_ref()[..8].try_into().unwrap()).leading_zeros()) >= bits
    };
    (0..10_000_000).find(zero).unwrap()
}

fn filled(start: &Json, email: &str) -> Json {
    json!({ "token": start["token"], "nonce": work(start, email), "page": format!("{SHOP}/blog?reset=secret#x"),
        "values": { "email": email, "first_name": "Huda" }, "agreed": true })
}

async fn send(client: &TestClient, path: &str, body: &Json) -> Answer {
    // As browsers do without a preflight request.
    let client = client.clone().with("content-type", "text/plain;charset=UTF-8");
    client.send(Method::POST, &format!("{path}?lang=en"), body.to_string()).await
}

testkit::each_engine! {
    async fn only_pages_of_the_forms_sites_are_told(t: Fixture) {
        let world = World::new(t).await;
        let id = form(&world, |definition| definition.tags = vec!["secret tag".into()]).await;
        let path = path(&world, id);
        let told = page(&world, SHOP).get(&format!("{path}?lang=ar")).await;
        assert_eq!((told.status.as_u16(), told.header("access-control-allow-origin")), (200, SHOP));
        assert_eq!(told.header("vary"), "origin, accept-language");
        let view = told.json();
        assert_eq!((&view["language"], &view["direction"]), (&json!("ar"), &json!("rtl")));
        assert_eq!(view["fields"][1]["type"], "email");
        assert!(told.text().contains("نعم، أرسلوا إليّ النشرة") && view["fields"][1]["help"].as_str().unwrap().contains("التسويق"));
        for private in ["secret tag", "origins", "tags", "Yes, send me", SHOP] {
            assert!(!told.text().contains(private), "{private} is nobody's business");
        }
        let known = page(&world, SHOP).with("if-none-match", told.header("etag")).get(&format!("{path}?lang=ar")).await;
        assert_eq!(known.status, 304);

        for origin in ["https://evil.example", "http://shop.example", "https://shop.example.evil.example", "null"] {
            let refused = page(&world, origin).get(&path).await;
            assert_eq!((refused.status.as_u16(), refused.header("access-control-allow-origin")), (403, ""), "{origin}");
            let shown = page(&world, origin).send(Method::POST, &format!("{path}/shown"), "").await;
            assert_eq!(shown.status, 403, "{origin}");
            assert_eq!(send(&page(&world, origin), &path, &json!({})).await.status, 403, "{origin}");
        }
        let own = page(&world, "http://127.0.0.1:8080").get(&path).await;
        assert_eq!(own.status, 200, "this server's own pages");
        assert_eq!(send(&world.client(), &path, &json!({})).await.status, 403, "no page at all");
        let preflight = page(&world, SHOP).send(Method::OPTIONS, &path, "").await;
        assert_eq!((preflight.status.as_u16(), preflight.header("access-control-allow-headers")), (204, "content-type"));

        let foreign = format!("/w/forms/{}/{id}", kernel::WorkspaceId([9; 16]));
        assert_eq!(page(&world, SHOP).get(&foreign).await.status, 404);
        assert_eq!(page(&world, SHOP).get(&format!("{path}x")).await.status, 404);
        let start = begin(&page(&world, SHOP), &path).await;
        forms::archive(&world.ctx, id, true).await.unwrap();
        let late = send(&page(&world, SHOP), &path, &filled(&start, "a@example.com")).await;
        assert_eq!((late.status.as_u16(), &late.json()["result"]), (410, &json!("gone")), "and the page can say so");
        assert_eq!(page(&world, SHOP).get(&path).await.status, 410);
        let (views, ..) = figures(&world, id).await;
        assert_eq!(views, 1, "reading is not seeing");
    }

    async fn somebody_signs_up_on_another_page(t: Fixture) {
        let world = World::new(t).await;
        let id = form(&world, |definition| {
            definition.success = Success::Redirect { url: "/thanks".into() };
        }).await;
        let path = path(&world, id);
        let shop = page(&world, SHOP).with("user-agent", "Browser of Huda");
        let start = begin(&shop, &path).await;
        world.t.clock.advance(20);
        let mut empty = filled(&start, "");
        empty["agreed"] = json!(false);
        let wrong = send(&shop, &path, &empty).await;
        assert_eq!((wrong.status.as_u16(), wrong.header("access-control-allow-origin")), (422, SHOP));
        assert_eq!(wrong.json()["errors"], json!({ "email": "Please fill this in.",
            "agreed": "Please tick the box if you want to sign up." }));

        let thanks = send(&shop, &path, &filled(&start, "huda@example.com")).await;
        assert_eq!(thanks.status, 200, "{}", thanks.text());
        assert_eq!((&thanks.json()["result"], &thanks.json()["redirect"]), (&json!("thanks"), &json!("/thanks")));
        assert!(thanks.header("set-cookie").is_empty());
        let contact = contacts::by_email(&world.ctx, &"huda@example.com".parse().unwrap()).await.unwrap().unwrap();
        let json = contacts::get(&world.ctx, people::ReadFor::Work, contact).await.unwrap().to_json();
        assert_eq!((json["topics"]["Events"].as_str(), json["first_name"].as_str()), (Some("pending"), Some("Huda")));
        let evidence = serde_json::to_string(&privacy::answer::answer(&world.ctx, contact).await.unwrap()).unwrap();
        assert!(evidence.contains("Yes, send me the newsletter.") && evidence.contains("Browser of Huda"));
        assert!(evidence.contains("https://shop.example/blog") && !evidence.contains("secret"), "the page, not its query");

        let known = send(&shop, &path, &filled(&start, "huda@example.com")).await;
        assert_eq!(known.text(), thanks.text(), "who is known is nobody's business");
        assert_eq!(figures(&world, id).await, (1, 2, 0));
    }

    async fn robots_get_nowhere_without_a_script_either(t: Fixture) {
        let world = World::new(t).await;
        let id = form(&world, |_| {}).await;
        let path = path(&world, id);
        let shop = page(&world, SHOP);
        let start = begin(&shop, &path).await;
        let good = filled(&start, "a@example.com");
        let hasty = send(&shop, &path, &good).await;
        assert_eq!((hasty.status.as_u16(), &hasty.json()["result"]), (409, &json!("again")));
        assert!(hasty.json()["start"]["token"].is_string(), "a person's browser tries once more");
        world.t.clock.advance(20);
        let mut other = good.clone();
        other["values"]["email"] = json!("b@example.com");
        // Work for one address is not work for another, except once in some thousand times.
        if work(&start, "b@example.com") != good["nonce"].as_u64().unwrap() {
            assert_eq!(send(&shop, &path, &other).await.json()["result"], "again");
        }
        let mut forged = good.clone();
        forged["token"] = json!(format!("{}x", good["token"].as_str().unwrap()));
        assert_eq!(send(&shop, &path, &forged).await.json()["result"], "again");
        let mut trapped = good.clone();
        trapped["website"] = json!("http://spam.example");
        assert_eq!(send(&shop, &path, &trapped).await.json()["result"], "thanks", "and nothing is stored");
        for broken in ["", "[]", "{\"token\":1}", "{\"token\":\"\",\"nonce\":-1,\"values\":{}}"] {
            let client = shop.clone().with("content-type", "text/plain");
            let answer = client.send(Method::POST, &path, broken.to_owned()).await;
            assert!(answer.status.is_client_error() && answer.header("access-control-allow-origin") == SHOP, "{broken}");
        }
        assert_eq!(contacts::count(&world.ctx).await.unwrap(), 0);
        world.t.clock.advance(2 * 86_400);
        assert_eq!(send(&shop, &path, &good).await.json()["result"], "again", "too old");

        let peer = Peer(SocketAddr::from(([203, 0, 113, 9], 4000)));
        let one = TestClient::new(world.router.clone().layer(Extension(peer))).with("origin", SHOP);
        let mut results = Vec::new();
        for _ in 0..25 {
            results.push(send(&one, &path, &good).await);
        }
        assert_eq!(results[24].json()["result"], "busy");
        assert_eq!(results[24].header("access-control-allow-origin"), SHOP, "the page can say so");
        for _ in 0..70 {
            begin(&one, &path).await;
        }
        assert_eq!(figures(&world, id).await.0, 61, "one address counts sixty views at once, and is served all the same");
    }

    async fn a_form_that_was_changed_is_read_again(t: Fixture) {
        let world = World::new(t).await;
        let id = form(&world, |_| {}).await;
        let path = path(&world, id);
        let shop = page(&world, SHOP);
        let start = begin(&shop, &path).await;
        world.t.clock.advance(20);
        edit(&world, id, |definition| definition.en.consent = "Yes, and by telephone too.".into()).await;
        let answer = send(&shop, &path, &filled(&start, "a@example.com")).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["result"]), (409, &json!("changed")));
        assert_eq!(contacts::count(&world.ctx).await.unwrap(), 0, "nobody agreed to words they did not see");
        let start = answer.json()["start"].clone();
        world.t.clock.advance(20);
        assert_eq!(send(&shop, &path, &filled(&start, "a@example.com")).await.json()["result"], "thanks");
    }

    async fn topics_are_chosen_and_the_young_are_turned_away(t: Fixture) {
        let world = World::new(t).await;
        let news = world.news;
        let id = form(&world, |definition| {
            definition.topics = vec![news];
            definition.minimum_age = Some(MinimumAge { years: Some(21) });
        }).await;
        let path = path(&world, id);
        let shop = page(&world, SHOP);
        let view = shop.get(&format!("{path}?lang=en")).await;
        assert_eq!((view.json()["topics"].as_array().unwrap().len(), &view.json()["asks_age"]), (2, &json!(true)));
        assert!(!view.text().contains("21"), "the question does not say which answer is wanted");
        let start = begin(&shop, &path).await;
        world.t.clock.advance(20);
        let mut sent = filled(&start, "a@example.com");
        let wrong = send(&shop, &path, &sent).await.json();
        assert_eq!(wrong["errors"], json!({ "birth_date": "Please fill this in.", "topics": "Please choose at least one." }));
        sent["topics"] = json!([news]);
        sent["birth_date"] = json!("2008-01-01");
        let young = send(&shop, &path, &sent).await;
        assert_eq!((young.status.as_u16(), &young.json()["result"]), (200, &json!("too_young")));
        assert_eq!(contacts::count(&world.ctx).await.unwrap(), 0);
        sent["birth_date"] = json!("1990-01-01");
        assert_eq!(send(&shop, &path, &sent).await.json()["result"], "thanks");
        let contact = contacts::by_email(&world.ctx, &"a@example.com".parse().unwrap()).await.unwrap().unwrap();
        let json = contacts::get(&world.ctx, people::ReadFor::Work, contact).await.unwrap().to_json();
        assert_eq!(json["topics"], json!({ "News & “notes”": "subscribed" }), "only what was chosen");
        assert!(!json.to_string().contains("1990"));

        // The hosted page asks the same.
        let hosted = world.client().get(&format!("/w/forms/{id}?lang=en")).await.text();
        assert!(hosted.contains("name=\"topics\"") && hosted.contains("name=\"birth_date\"") && !hosted.contains(" checked"));
        let mark = crate::pages::hidden(&hosted, "shown");
        world.t.clock.advance(20);
        let fields = [("v-email", "b@example.com"), ("agreed", "yes"), ("shown", mark.as_str()), ("birth_date", "2015-01-01")];
        let young = crate::pages::submit(&world.client(), &format!("/w/forms/{id}?lang=ar"), &fields).await;
        assert!(young.status == 200 && young.text().contains("لم نحتفظ بشيء"));
        assert_eq!(contacts::count(&world.ctx).await.unwrap(), 1);
    }

    async fn scripts_are_for_everybody_or_say_that_they_were_not_built(t: Fixture) {
        let world = World::new(t).await;
        for (path, script) in [("/w/loader.js", web_assets::LOADER), ("/w/form.js", web_assets::FORM)] {
            let answer = page(&world, "https://anybody.example").get(path).await;
            if script.is_empty() {
                assert_eq!(answer.status, 404, "{path}");
                continue;
            }
            assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, "*"), "{path}");
            assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("cache-control"), "public, max-age=300");
            assert_eq!(page(&world, "x").with("if-none-match", answer.header("etag")).get(path).await.status, 304);
        }
    }
}

/// Views, submissions, confirmed.
async fn figures(world: &World, id: FormId) -> (i64, i64, i64) {
    let Figures { views, submissions, confirmed } = forms::report(&world.ctx, id, None, None).await.unwrap().total;
    (views, submissions, confirmed)
}
