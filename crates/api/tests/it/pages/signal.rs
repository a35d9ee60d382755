//! Global Privacy Control, and receipts people take with them.

use privacy::receipts::{Seal, check};
use privacy::vocabulary::{ConsentState, Purpose};
use serde_json::json;
use testkit::Fixture;

use super::submit;
use super::world::{Reader, World};

async fn tracking(world: &World, reader: &Reader) -> Option<ConsentState> {
    let claims = privacy::claims::list(&world.ctx, reader.contact).await.unwrap();
    claims.into_iter().find(|claim| claim.purpose == Purpose::ENGAGEMENT_TRACKING).map(|claim| claim.state)
}

testkit::each_engine! {
    async fn acting_with_the_signal_on_is_an_objection(t: Fixture) {
        let world = World::new(t).await;
        let (lina, sara) = (world.lina().await, world.reader("s@example.com", "سارة", "ar").await);
        let private = world.client().with("sec-gpc", "1");
        let page = private.get(&format!("/p/{}?lang=en", lina.token)).await.text();
        assert!(page.contains("Your browser asks not to be tracked"));
        assert_eq!(tracking(&world, &lina).await, None, "looking changes nothing");
        submit(&private, &format!("/p/{}", lina.token), &[("action", "topics")]).await;
        assert_eq!(tracking(&world, &lina).await, Some(ConsentState::Objected));
        submit(&private, &format!("/u/{}", sara.token), &[("scope", "topic")]).await;
        assert_eq!(tracking(&world, &sara).await, Some(ConsentState::Objected));

        // Their own, explicit yes counts, and later signals only ask.
        world.t.clock.advance(60);
        submit(&private, &format!("/p/{}", lina.token), &[("action", "tracking"), ("tracking", "yes")]).await;
        assert_eq!(tracking(&world, &lina).await, Some(ConsentState::Given));
        world.t.clock.advance(60);
        let page = submit(&private, &format!("/p/{}?lang=en", lina.token), &[("action", "topics")]).await.text();
        assert!(page.contains("but you allowed it here yourself"));
        assert_eq!(tracking(&world, &lina).await, Some(ConsentState::Given));
    }

    async fn the_support_file_is_served(t: Fixture) {
        let world = World::new(t).await;
        let file = world.client().get("/.well-known/gpc.json").await;
        assert_eq!((file.status.as_u16(), file.header("content-type")), (200, "application/json"));
        assert_eq!(file.json()["gpc"], json!(true));
    }

    async fn people_take_their_receipts_with_them(t: Fixture) {
        let world = World::new(t).await;
        let (lina, sara) = (world.lina().await, world.reader("s@example.com", "سارة", "ar").await);
        let page = world.client().get(&format!("/p/{}/data", lina.token)).await.text();
        assert!(page.contains(&format!("/p/{}/receipts.json", lina.token)));
        let file = world.client().get(&format!("/p/{}/receipts.json", lina.token)).await;
        assert!(file.header("content-disposition").starts_with("attachment"));
        let receipts = file.json();
        let first = &receipts[0];
        assert_eq!(check(first), Seal::Intact);
        let others = world.client().get(&format!("/p/{}/receipts.json", sara.token)).await.json();
        assert_ne!(first["subject"], others[0]["subject"]);
        assert_eq!(world.client().get("/p/forged/receipts.json").await.status.as_u16(), 404);
    }
}
