//! The operator opens a workspace: never unnoticed, never for long, never without a reason.

use accounts::emergency::Asked;
use accounts::members::Permission;
use accounts::users::tokens::Kind;
use accounts::{Error, audit};
use store::Actor;
use testkit::each_engine;

use crate::{accounts, notices, owner};

fn asked(reason: &str, minutes: u32) -> Asked {
    Asked { reason: reason.to_owned(), minutes, scopes: Vec::new() }
}

each_engine! {
    async fn access_in_an_emergency_is_told_kept_and_ends(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, lina) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::Console);
        notices(&t).await;
        let opened = accounts.open_emergency(&ctx, asked("ticket 4711: the owner cannot sign in", 30)).await.unwrap();

        let told = notices(&t).await;
        assert_eq!((opened.owners_told, told.len()), (1, 1));
        assert_eq!((told[0].kind, told[0].user, told[0].workspace), (Kind::Emergency, lina, ws));
        let trail = audit::list(&ctx, None, 10).await.unwrap();
        let entry = trail.iter().find(|entry| entry.action == "workspace.emergency_access").unwrap();
        let detail = entry.detail.as_ref().unwrap();
        assert_eq!((entry.actor.as_str(), detail["reason"].as_str().unwrap()), ("console", "ticket 4711: the owner cannot sign in"));
        assert_eq!(detail["minutes"], 30);
        assert!(trail.iter().any(|entry| entry.action == "key.created"));

        let access = accounts.authenticate_key(&opened.key).await.unwrap();
        assert!(access.workspace == ws && access.permissions.has(Permission::ContactsRead));
        assert!(!access.permissions.has(Permission::ContactsErase), "reading is what is opened unless more is asked for");
        let listed = accounts.list_keys(&ctx).await.unwrap();
        assert!(listed.iter().any(|key| key.id == opened.id && key.expires_at == Some(opened.expires_at)));
        t.clock.advance(30 * 60 - 1);
        assert!(accounts.authenticate_key(&opened.key).await.is_ok());
        t.clock.advance(1);
        assert!(matches!(accounts.authenticate_key(&opened.key).await, Err(Error::Unauthenticated)));
    }

    async fn an_owner_ends_it_at_once(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, lina) = owner(&accounts).await;
        let opened = accounts.open_emergency(&t.core.ctx(ws, Actor::Console), asked("the importer is stuck", 480)).await.unwrap();
        accounts.revoke_key(&t.core.ctx(ws, Actor::User(lina)), opened.id).await.unwrap();
        assert!(accounts.authenticate_key(&opened.key).await.is_err());
    }

    async fn without_a_reason_nothing_is_opened(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, _) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::Console);
        notices(&t).await;
        let (keys, trail) = (accounts.list_keys(&ctx).await.unwrap().len(), audit::list(&ctx, None, 100).await.unwrap().len());
        let wrong = [
            ("reason", asked("   help   ", 30)),
            ("reason", asked(&"x".repeat(1001), 30)),
            ("minutes", asked("the importer is stuck", 0)),
            ("minutes", asked("the importer is stuck", 481)),
            ("scopes", Asked { scopes: vec!["everything".to_owned()], ..asked("the importer is stuck", 30) }),
        ];
        for (field, wrong) in wrong {
            match accounts.open_emergency(&ctx, wrong).await {
                Err(Error::Field { field: found, .. }) => assert_eq!(found, field),
                other => panic!("{field}: {other:?}"),
            }
        }
        assert_eq!(accounts.list_keys(&ctx).await.unwrap().len(), keys);
        assert_eq!(audit::list(&ctx, None, 100).await.unwrap().len(), trail);
        assert!(notices(&t).await.is_empty());
    }
}
