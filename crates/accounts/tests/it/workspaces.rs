use accounts::workspaces::{self, Change, NewWorkspace, State};
use accounts::{Error, audit, members};
use serde_json::json;
use store::Actor;
use testkit::each_engine;

use crate::{accounts, owner};

each_engine! {
    async fn a_workspace_is_made_changed_and_closed(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, user) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::User(user));
        let made = workspaces::get(&ctx).await.unwrap();
        assert_eq!((made.slug.as_str(), made.state, made.version), ("nur-foundation", State::Active, 1));
        assert_eq!(workspaces::by_slug(&t.core, "nur-foundation").await.unwrap(), Some(ws));

        let settings = json!({ "default_sender": { "name": "Nur", "email": "news@nur.example" }, "x": 1 });
        let change = Change { settings: settings.as_object().cloned(), version: Some(1), ..Change::default() };
        let changed = workspaces::update(&ctx, change).await.unwrap();
        assert_eq!(changed.setting::<serde_json::Value>("default_sender").unwrap()["name"], "Nur");
        let stale = Change { name: Some("Other".to_owned()), version: Some(1), ..Change::default() };
        assert_eq!(workspaces::update(&ctx, stale).await.unwrap_err().problem().code.as_str(), "version_conflict");
        let change = Change { settings: json!({ "x": null }).as_object().cloned(), ..Change::default() };
        let changed = workspaces::update(&ctx, change).await.unwrap();
        assert!(changed.settings.get("x").is_none() && changed.settings.contains_key("default_sender"));
        let long = Change { settings: json!({ "x": "y".repeat(40_000) }).as_object().cloned(), ..Change::default() };
        assert!(matches!(workspaces::update(&ctx, long).await, Err(Error::Field { field: "settings", .. })));

        workspaces::set_state(&ctx, State::Suspended).await.unwrap();
        assert!(matches!(workspaces::set_state(&ctx, State::Suspended).await, Err(Error::Conflict(_))));
        assert!(workspaces::require_sending(&ctx).await.is_err());
        let newest = audit::list(&ctx, None, 1).await.unwrap().remove(0);
        assert_eq!((newest.action.as_str(), newest.actor), ("workspace.suspended", user.to_string()));
        let older = audit::list(&ctx, Some(newest.id), 100).await.unwrap();
        assert!(older.iter().all(|entry| entry.id < newest.id) && older.len() >= 3);
    }

    async fn names_in_any_script_get_a_slug_of_their_own(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (first, user) = owner(&accounts).await;
        let new = |name: &str| NewWorkspace {
            name: name.to_owned(),
            language: "ar".parse().unwrap(),
            postal_address: String::new(),
        };
        let same = accounts.create_workspace(user, &new("Nur Foundation")).await.unwrap();
        let arabic = accounts.create_workspace(user, &new("مؤسسة نور")).await.unwrap();
        let slug = async |id| workspaces::find(&t.core, id).await.unwrap().unwrap().slug;
        assert!(slug(same).await.starts_with("nur-foundation-"));
        assert!(slug(arabic).await.starts_with("w-"));
        assert_eq!(workspaces::all(&t.core).await.unwrap(), [first, same, arabic]);
        assert_eq!(members::of(&t.core, user).await.unwrap().len(), 3);
        for wrong in ["", "  ", "a\nb", &"x".repeat(200)] {
            assert!(matches!(accounts.create_workspace(user, &new(wrong)).await, Err(Error::Field { field: "name", .. })));
        }
    }

    async fn audit_details_rest_sealed(t: testkit::Fixture) {
        store::sql! { DETAILS = "SELECT detail FROM audit WHERE detail IS NOT NULL"; }
        let ctx = t.workspace().await;
        let keys = ctx.keys().await.unwrap();
        let mut batch = ctx.batch();
        audit::record_with(&mut batch, &ctx, &keys, ("export.made", &[&ctx.workspace]), &json!({ "reason": "secret" }));
        ctx.db.apply(batch).await.unwrap();
        let (sealed,): (Vec<u8>,) = t.core.db.one(DETAILS, store::params![]).await.unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("secret"));
        assert_eq!(audit::list(&ctx, None, 1).await.unwrap()[0].detail, Some(json!({ "reason": "secret" })));
    }
}
