use kernel::ContactId;
use people::subscribe::{Invitation, issue};
use serde_json::json;
use testkit::Fixture;

use super::submit;
use super::world::{Reader, World};

/// The link of the mail, and who asked for it.
async fn asked(world: &World) -> (Reader, String) {
    let lina = world.lina().await;
    let topic = world.events.to_string();
    world.t.clock.advance(60);
    submit(&world.client(), &format!("/p/{}", lina.token), &[("action", "topics"), ("topic", &topic)]).await;
    let path = link(world, lina.contact).await;
    (lina, path)
}

async fn link(world: &World, contact: ContactId) -> String {
    let (workspace, topic, requested_at) = (world.ctx.workspace, world.events, world.ctx.now());
    let invitation = Invitation { workspace, contact, topic, requested_at };
    format!("/p/confirm/{}", issue(&world.ctx.keys().await.unwrap(), &invitation))
}

testkit::each_engine! {
    async fn a_sign_up_is_confirmed_by_post_alone(t: Fixture) {
        let world = World::new(t).await;
        let (lina, path) = asked(&world).await;
        let page = world.client().get(&path).await;
        assert!(page.status == 200 && page.text().contains("Yes, I want to receive “Events” from Nur Foundation."));
        assert_eq!(world.topics(&lina).await["Events"], "pending");
        world.t.clock.advance(60);
        for _ in 0..2 {
            let done = submit(&world.client(), &path, &[]).await;
            assert!(done.status == 200 && done.text().contains("You now receive"));
            assert_eq!(world.topics(&lina).await["Events"], "subscribed");
        }
        let answer = privacy::answer::answer(&world.ctx, lina.contact).await.unwrap();
        let claim = answer.basis.iter().find(|claim| claim.topic == Some(world.events)).unwrap();
        assert!(claim.confirmed_at.is_some());
        let evidence = serde_json::to_string(&answer.sections).unwrap();
        assert!(evidence.contains("Yes, I want to receive “Events” from Nur Foundation. I can leave at any time."));
    }

    async fn an_old_link_says_so_and_offers_another(t: Fixture) {
        let world = World::new(t).await;
        let (lina, path) = asked(&world).await;
        world.t.clock.advance(8 * 86_400);
        let old = world.client().get(&path).await;
        assert!(old.status == 410 && old.text().contains("too old"));
        assert_eq!(submit(&world.client(), &path, &[]).await.status, 410);
        assert_eq!(world.topics(&lina).await["Events"], "pending");
        let again = submit(&world.client(), &path, &[("action", "again")]).await;
        assert!(again.status == 200 && again.text().contains("on its way"));
        let claims = privacy::claims::list(&world.ctx, lina.contact).await.unwrap();
        assert!(claims.iter().any(|claim| claim.topic == Some(world.events) && claim.at == world.ctx.now()));
        let fresh = link(&world, lina.contact).await;
        world.t.clock.advance(60);
        assert_eq!(submit(&world.client(), &fresh, &[]).await.status, 200);
        assert_eq!(world.topics(&lina).await["Events"], json!("subscribed"));
        assert_eq!(submit(&world.client(), "/p/confirm/forged", &[("action", "again")]).await.status, 404);
    }
}
