//! The term that a workspace may put to passwords, and passwords that leaked.

use accounts::members;
use accounts::users::leaked::List;
use accounts::workspaces::{self, Change};
use accounts::{Accounts, Error, Settings};
use serde_json::json;
use store::Actor;
use testkit::each_engine;

use crate::{PASSWORD, accounts, owner, session, sign_up};

const DAY: i64 = 86_400;

fn term(days: serde_json::Value) -> Change {
    Change { settings: Some([("password_days".to_owned(), days)].into_iter().collect()), ..Change::default() }
}

each_engine! {
    async fn passwords_have_no_term_unless_the_workspace_sets_one(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, lina) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::User(lina));
        let ends = async || members::access(&t.core, lina, ws).await.unwrap().unwrap().password_ends;
        assert_eq!(ends().await, None);
        for wrong in [json!(29), json!(731), json!("90"), json!(90.5), json!(-1)] {
            assert!(matches!(workspaces::update(&ctx, term(wrong)).await, Err(Error::Field { .. })));
        }
        let chosen = ctx.now();
        workspaces::update(&ctx, term(json!(90))).await.unwrap();
        assert_eq!(ends().await, Some(chosen.plus_seconds(90 * DAY)), "from the day it was chosen");

        t.clock.advance(91 * DAY);
        assert!(ends().await.unwrap() < ctx.now());
        // Hashing anew at another cost is no new password.
        let opened = session(&accounts, "lina@example.com").await;
        let opened = accounts.session(opened.token.expose()).await.unwrap();
        assert!(ends().await.unwrap() < ctx.now());
        accounts.change_password(&opened, PASSWORD, "another horse battery").await.unwrap();
        assert_eq!(ends().await, Some(ctx.now().plus_seconds(90 * DAY)));
        workspaces::update(&ctx, term(json!(null))).await.unwrap();
        assert_eq!(ends().await, None);
    }

    async fn leaked_passwords_are_chosen_by_nobody(t: testkit::Fixture) {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut lines = [format!("{}:3\n", sha1("purple monkey dishwasher")), format!("{}:9\n", "0".repeat(40))];
        lines.sort();
        std::fs::write(file.path(), lines.concat()).unwrap();
        let settings = Settings { leaked: List::with_file(file.path()).unwrap(), ..Settings::default() };
        let settings = Settings { cost: accounts::users::password::Cost::cheapest(), ..settings };
        let accounts = Accounts::new(t.core.clone(), settings);
        for leaked in ["purple monkey dishwasher", "password123"] {
            let mut new = sign_up("lina@example.com");
            new.user.password = leaked.to_owned().into();
            match accounts.create_owner(new).await {
                Err(Error::Field { field: "password", detail }) => assert!(detail.contains("leaked"), "{detail}"),
                other => panic!("{leaked}: {other:?}"),
            }
        }
        let (_, lina) = owner(&accounts).await;
        let opened = session(&accounts, "lina@example.com").await;
        let opened = accounts.session(opened.token.expose()).await.unwrap();
        let refused = accounts.change_password(&opened, PASSWORD, "purple monkey dishwasher").await;
        assert!(matches!(refused, Err(Error::Field { field: "password", .. })));
        assert_eq!(opened.user, lina);
    }
}

fn sha1(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
    data_encoding::HEXUPPER.encode(digest.as_ref())
}
