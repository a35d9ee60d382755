//! Pictures as everybody gets them.

use testkit::Fixture;

use super::world::World;

const GIF: &[u8] = b"GIF89a\x02\0\x03\0\x80\0\0";

testkit::each_engine! {
    async fn a_picture_is_served_for_ever_and_cannot_run(t: Fixture) {
        let world = World::new(t).await;
        let image = content::images::add(&world.ctx, "Dot", GIF.to_vec(), 1_000).await.unwrap();
        let path = content::images::path(world.ctx.workspace, image.id);
        let answer = world.client().get(&path).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_ref()), (200, GIF));
        assert_eq!(answer.header("content-type"), "image/gif");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
        let again = world.client().with("if-none-match", answer.header("etag")).get(&path).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
        let hills = world.client().get("/i/starters/hills.png").await;
        assert_eq!((hills.status.as_u16(), hills.header("content-type")), (200, "image/png"));
        let elsewhere = content::images::path(kernel::WorkspaceId([7; 16]), image.id);
        for nothing in [elsewhere.as_str(), "/i/starters/../../etc/passwd", "/i/starters/none.png", "/i/x/y"] {
            assert_eq!(world.client().get(nothing).await.status.as_u16(), 404, "{nothing}");
        }
    }
}
