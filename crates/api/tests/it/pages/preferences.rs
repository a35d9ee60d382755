use people::contacts;
use privacy::vocabulary::{ConsentState, Purpose};
use serde_json::{Value as Json, json};
use store::jobs;
use testkit::Fixture;

use super::world::World;
use super::{hidden, submit};

const NEWS: &str = "News & “notes”";

testkit::each_engine! {
    async fn topics_are_joined_and_left(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let path = format!("/p/{}", lina.token);
        let (news, events) = (world.news.to_string(), world.events.to_string());
        let page = world.client().get(&path).await.text();
        assert!(page.contains("What is new, once a month.") && page.contains("Invitations near you."));
        assert_eq!(hidden(&page, "was"), news);
        assert_eq!(page.matches(" checked").count(), 1);

        world.t.clock.advance(60);
        let joined = submit(&world.client(), &path, &[("action", "topics"), ("was", &news), ("topic", &news), ("topic", &events)]).await;
        assert!(joined.status == 200 && joined.text().contains("We have sent you a link to confirm “Events”."));
        assert_eq!(world.topics(&lina).await, json!({ "Events": "pending", NEWS: "subscribed" }));
        assert_eq!(jobs::pending(&world.ctx.db, people::subscribe::CONFIRMATION_QUEUE).await.unwrap(), 1);
        let answer = privacy::answer::answer(&world.ctx, lina.contact).await.unwrap();
        let evidence = serde_json::to_string(&answer.sections).unwrap();
        assert!(evidence.contains("Yes, send me “Events”. Invitations near you."), "the words shown are kept");

        let left = submit(&world.client(), &path, &[("action", "topics"), ("was", &news), ("was", &events), ("topic", &events)]).await;
        assert_eq!(left.status, 200);
        assert_eq!(world.topics(&lina).await, json!({ "Events": "pending", NEWS: "unsubscribed" }));
        let again = submit(&world.client(), &path, &[("action", "topics"), ("was", &events), ("topic", &events)]).await;
        assert!(again.text().contains("Nothing was different."));
        let all = submit(&world.client(), &path, &[("action", "everything")]).await;
        assert_eq!(all.status, 200);
        assert_eq!(world.topics(&lina).await, json!({ "Events": "unsubscribed", NEWS: "unsubscribed" }));
    }

    async fn names_and_language_are_corrected(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let path = format!("/p/{}", lina.token);
        let hostile = "\"><script>alert(1)</script>";
        let saved = submit(&world.client(), &path,
            &[("action", "profile"), ("first_name", hostile), ("last_name", "الخطيب"), ("language", "ar")]).await;
        assert_eq!(saved.status, 200);
        assert!(saved.text().contains("lang=\"ar\" dir=\"rtl\"") && !saved.text().contains("<script"));
        let json = world.contact(&lina).await.to_json();
        assert_eq!((&json["first_name"], &json["last_name"], &json["language"]),
            (&json!(hostile), &json!("الخطيب"), &json!("ar")));

        let long = "a".repeat(1000);
        let wrong = submit(&world.client(), &path,
            &[("action", "profile"), ("first_name", "Lina"), ("last_name", &long), ("language", "ar")]).await;
        assert!(wrong.text().contains("aria-invalid=\"true\"") && wrong.text().contains(&long), "what was typed stays");
        assert_eq!(world.contact(&lina).await.to_json()["first_name"], hostile, "nothing was changed");
    }

    async fn tracking_is_asked_for_by_itself(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let path = format!("/p/{}", lina.token);
        assert!(world.client().get(&path).await.text().contains("You have not answered yet."));
        let state = async || {
            let claims = privacy::claims::list(&world.ctx, lina.contact).await.unwrap();
            claims.into_iter().find(|claim| claim.purpose == Purpose::ENGAGEMENT_TRACKING).map(|claim| claim.state)
        };
        for (answer, expected, shown) in [
            ("no", ConsentState::Refused, "At present: not allowed."),
            ("yes", ConsentState::Given, "At present: allowed."),
            ("no", ConsentState::Withdrawn, "At present: not allowed."),
        ] {
            world.t.clock.advance(60);
            let page = submit(&world.client(), &path, &[("action", "tracking"), ("tracking", answer)]).await;
            assert!(page.status == 200 && page.text().contains(shown), "{answer}");
            assert_eq!(state().await, Some(expected));
        }
        let answer = privacy::answer::answer(&world.ctx, lina.contact).await.unwrap();
        let evidence = serde_json::to_string(&answer.sections).unwrap();
        assert!(evidence.contains("Nur Foundation may record when I open its messages"));
        assert_eq!(world.topics(&lina).await, json!({ NEWS: "subscribed" }));
    }

    async fn everything_that_is_held_is_shown(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let page = world.client().get(&format!("/p/{}/data", lina.token)).await;
        assert_eq!(page.status, 200);
        for expected in ["lina@example.com", "the stand at the book fair", "Consent", "1 message"] {
            assert!(page.text().contains(expected), "{expected}");
        }
        let file = world.client().get(&format!("/p/{}/data.json", lina.token)).await;
        assert!(file.header("content-disposition").starts_with("attachment"));
        let table = |name: &str| {
            let json = file.json();
            json["sections"].as_array().unwrap().iter().find(|section| section["table"] == name).cloned().unwrap_or(Json::Null)
        };
        assert_eq!(table("delivery")["records"][0]["basis"]["type"], "consent");
    }

    async fn forgetting_takes_two_steps(t: Fixture) {
        let world = World::new(t).await;
        let (lina, sara) = (world.lina().await, world.reader("s@example.com", "Sara", "en").await);
        let path = format!("/p/{}/forget", lina.token);
        assert_eq!(world.client().get(&path).await.status, 200);
        let ask = submit(&world.client(), &path, &[]).await;
        let mark = hidden(&ask.text(), "confirm");
        let foreign = submit(&world.client(), &format!("/p/{}/forget", sara.token), &[]).await;
        for wrong in ["yes".to_owned(), format!("{mark}x"), hidden(&foreign.text(), "confirm")] {
            assert_eq!(submit(&world.client(), &path, &[("confirm", &wrong)]).await.status, 200);
        }
        world.t.clock.advance(16 * 60);
        let late = submit(&world.client(), &path, &[("confirm", &mark)]).await;
        assert!(contacts::get(&world.ctx, people::ReadFor::Work, lina.contact).await.is_ok(), "nothing was erased so far");

        let done = submit(&world.client(), &path, &[("confirm", &hidden(&late.text(), "confirm"))]).await;
        assert!(done.status == 200 && done.text().contains("signature"));
        assert!(contacts::get(&world.ctx, people::ReadFor::Work, lina.contact).await.is_err());
        assert!(privacy::erasure::certificate(&world.ctx, lina.contact).await.unwrap().unwrap().is_authentic());
        assert!(contacts::get(&world.ctx, people::ReadFor::Work, sara.contact).await.is_ok());
        assert_eq!(world.client().get(&path).await.status, 404);
    }
}
