//! The mail catcher behind the same channel as a relay.

use mail::catcher::{Catcher, get, list};
use mail::channel::Settings;
use people::subscribe::{Leave, unsubscribe};
use serde_json::json;
use testkit::Fixture;

use crate::world::World;

testkit::each_engine! {
    async fn nothing_leaves_and_everything_can_be_read(t: Fixture) {
        let settings = Settings { relay_signs: false, inbound: false };
        let world = World::new(t, settings, |ctx| Catcher::new(ctx.core.clone()).keeping(10).into()).await;
        let (lina, omar) = (world.subscriber("lina@example.net").await, world.subscriber("omar@example.net").await);
        let run = world.queue(&[(lina, "lina@example.net"), (omar, "omar@example.net")]).await;
        world.advance(60);
        unsubscribe(&world.ctx, world.outbound.gate(), omar, Leave::Everything, json!({})).await.unwrap();
        world.drain().await;
        let states: Vec<_> = world.deliveries(run).await.iter().map(|view| view.state.as_str()).collect();
        assert_eq!(states, ["sent", "denied"]);
        let caught = list(&world.ctx, None, 50).await.unwrap();
        assert_eq!(caught.len(), 1);
        assert_eq!((caught[0].subject.as_str(), caught[0].to.as_str()), ("عرض الربيع", "لينا حداد <lina@example.net>"));
        assert_eq!(caught[0].from, "مكتبة النور <news@example.com>");
        assert!(list(&world.ctx, Some(caught[0].id), 50).await.unwrap().is_empty());
        let whole = get(&world.ctx, caught[0].id).await.unwrap().unwrap();
        assert!(whole.html.as_deref().unwrap().contains("مرحبا لينا"));
        assert!(whole.text.as_deref().unwrap().contains("مرحبا لينا"));
        assert!(whole.headers.starts_with("DKIM-Signature:") && whole.headers.contains("List-Unsubscribe:"));
        people::contacts::erase(&world.ctx, world.outbound.gate(), lina).await.unwrap();
        assert!(get(&world.ctx, caught[0].id).await.unwrap().is_none());
    }

    async fn the_oldest_are_dropped(t: Fixture) {
        let settings = Settings { relay_signs: true, inbound: false };
        let world = World::new(t, settings, |ctx| Catcher::new(ctx.core.clone()).keeping(10).into()).await;
        let lina = world.subscriber("lina@example.net").await;
        for _ in 0..64 {
            world.queue(&[(lina, "lina@example.net")]).await;
        }
        world.drain().await;
        assert_eq!(list(&world.ctx, None, 100).await.unwrap().len(), 10);
    }
}
