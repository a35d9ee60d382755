use testkit::Fixture;

use super::submit;
use super::world::World;

testkit::each_engine! {
    async fn account_links_work_without_the_web_app(t: Fixture) {
        let world = World::new(t).await;
        for kind in ["confirm", "reset", "change", "invite", "exists"] {
            let page = world.client().get(&format!("/account/{kind}?token=abc_-1")).await;
            assert_eq!(page.status, 200, "{kind}");
            let carried = page.text().contains("name=\"token\" value=\"abc_-1\"");
            assert_eq!(carried, kind != "exists", "{kind}");
            assert!(world.client().get(&format!("/account/{kind}")).await.text().contains("</main>"));
            if kind != "exists" {
                let password = ("password", "a long enough password");
                let fields = [("token", "https://x/account/confirm#abc"), password, ("name", "Lina")];
                assert_eq!(submit(&world.client(), &format!("/account/{kind}"), &fields).await.status, 410, "{kind}");
            }
        }
        assert_eq!(world.client().get("/account/other").await.status, 404);
        let hostile = world.client().get("/account/reset?token=%22%3E%3Cscript%3E").await.text();
        assert!(!hostile.contains("<script"));
    }
}
