//! What holds for every page.

use people::subscribe::{Invitation, issue};
use testkit::Fixture;

use super::world::World;

testkit::each_engine! {
    async fn pages_are_closed_discreet_and_speak_both_languages(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let invitation = Invitation {
            workspace: world.ctx.workspace, contact: lina.contact, topic: world.news, requested_at: world.ctx.now(),
        };
        let confirm = issue(&world.ctx.keys().await.unwrap(), &invitation);
        let form = world.form(world.news, None).await;
        let token = &lina.token;
        let paths = [format!("/u/{token}"), format!("/p/{token}"), format!("/p/{token}/data"), format!("/p/{token}/forget"),
            format!("/p/confirm/{confirm}"), format!("/w/forms/{form}"), "/account/reset".to_owned(), "/u/forged".to_owned(),
            format!("/privacy/{}", world.ctx.workspace), format!("/privacy/{}/objection", world.ctx.workspace), "/privacy/verify/forged".to_owned()];
        for path in &paths {
            for (language, direction) in [("en", "ltr"), ("ar", "rtl")] {
                let page = world.client().get(&format!("{path}?lang={language}")).await;
                let html = page.text();
                assert!(html.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")), "{path}");
                assert_eq!(page.header("content-language"), language);
                let lower = html.to_ascii_lowercase();
                for forbidden in ["<script", "javascript:", " onclick", "<iframe", "<img", "<link", "@import", "http://", "https://"] {
                    assert!(!lower.contains(forbidden), "{path} has {forbidden}");
                }
                let policy = page.header("content-security-policy");
                assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"));
                assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
                assert_eq!(page.header("cache-control"), "no-store");
                assert_eq!(page.header("referrer-policy"), "no-referrer");
                assert_eq!(page.header("x-robots-tag"), "noindex");
                assert!(page.header("set-cookie").is_empty());
                let other = if language == "en" { "ar" } else { "en" };
                assert!(html.contains(&format!("lang={other}\"")), "{path} offers the other language");
            }
        }
    }

    async fn a_page_speaks_its_readers_language(t: Fixture) {
        let world = World::new(t).await;
        let sara = world.reader("s@example.com", "سارة", "ar").await;
        let english = world.client().with("accept-language", "en");
        assert!(english.get(&format!("/u/{}", sara.token)).await.text().contains("dir=\"rtl\""));
        assert!(english.get(&format!("/u/{}?lang=en", sara.token)).await.text().contains("dir=\"ltr\""));
        let arabic = world.client().with("accept-language", "fr, ar;q=0.9, en;q=0.5");
        assert!(arabic.get("/u/forged").await.text().contains("dir=\"rtl\""));
        assert!(world.client().get("/u/forged").await.text().contains("dir=\"ltr\""));
    }
}
