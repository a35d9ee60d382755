//! Serves the public pages over sample data, to look at them: `cargo run -p barid-api --example pages`.
//! Prints one path per line, then answers on 127.0.0.1:8090 until it is stopped.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for developers")]

#[expect(dead_code, unreachable_pub, reason = "shared with the tests")]
#[path = "../tests/it/pages/world.rs"]
mod world;

use http_server::{Limits, Listener};
use people::subscribe::{Invitation, issue};
use testkit::Fixture;
use world::World;

#[tokio::main]
async fn main() {
    let world = World::new(Fixture::sqlite().await).await;
    let english = world.reader("lina@example.com", "Lina", "en").await;
    let arabic = world.reader("sara@example.com", "سارة", "ar").await;
    let draft = privacy::notices::Draft {
        notice: "privacy",
        language: "en".parse().unwrap(),
        body: "We use your address to send you the newsletter, and for nothing else.",
        material: false,
    };
    let notice = privacy::notices::publish(&world.ctx, draft).await.unwrap();
    let form = world.form(world.events, Some(notice.id)).await;
    println!("/w/forms/{form}");
    for kind in ["confirm", "reset", "invite"] {
        println!("/account/{kind}");
    }
    println!("/u/forged");
    let keys = world.ctx.keys().await.unwrap();
    for reader in [&english, &arabic] {
        for path in ["/u/T", "/p/T", "/p/T/view", "/p/T/data", "/p/T/forget"] {
            println!("{}", path.replace('T', &reader.token));
        }
        let (workspace, contact, topic) = (world.ctx.workspace, reader.contact, world.events);
        let invitation = Invitation { workspace, contact, topic, requested_at: world.ctx.now() };
        println!("/p/confirm/{}", issue(&keys, &invitation));
    }
    let address = "127.0.0.1:8090".parse().unwrap();
    let listener = Listener::bind(address, None, Limits::default()).await.unwrap();
    http_server::serve(listener, world.router.clone(), std::future::pending()).await;
}
