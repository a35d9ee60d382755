use accounts::Error;
use accounts::keys::NewKey;
use accounts::members::{Permission, Permissions, Role};
use kernel::Timestamp;
use store::Actor;
use testkit::each_engine;

use crate::{accounts, owner};

fn new(scopes: &[&str]) -> NewKey {
    NewKey {
        name: "Website".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        role: None,
        expires_at: None,
        test: false,
    }
}

each_engine! {
    async fn a_key_does_what_its_scopes_say_and_is_kept_as_a_hash(t: testkit::Fixture) {
        store::sql! { HASHES = "SELECT hash, scopes, name FROM api_key"; }
        let accounts = accounts(&t);
        let (ws, user) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::User(user));
        let (id, text) = accounts.create_key(&ctx, Permissions::all(), new(&["*:read"])).await.unwrap();
        let access = accounts.authenticate_key(&text).await.unwrap();
        assert_eq!((access.id, access.workspace), (id, ws));
        assert!(access.permissions.has(Permission::CampaignsRead) && !access.permissions.has(Permission::CampaignsSend));
        assert!(accounts.authenticate_key(&format!("{text}-us6")).await.is_ok());

        let secret = text.rsplit('_').next().unwrap();
        let rows: Vec<(Vec<u8>, String, String)> = t.core.db.all(HASHES, store::params![]).await.unwrap();
        assert!(rows.iter().all(|row| row.0.len() == 32 && !row.0.windows(8).any(|part| secret.as_bytes().starts_with(part))));

        let mut other = text.clone();
        other.pop();
        for wrong in [other.as_str(), "", "barid_", &text.replace("barid_", "barid_0")] {
            assert!(matches!(accounts.authenticate_key(wrong).await, Err(Error::Unauthenticated)), "{wrong}");
        }
    }

    async fn a_test_key_can_only_try_things_out(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, user) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::User(user));
        let (id, text) = accounts.create_key(&ctx, Permissions::all(), NewKey { test: true, ..new(&["*"]) }).await.unwrap();
        assert!(text.starts_with("barid_test_"), "it shows what it is");
        let access = accounts.authenticate_key(&text).await.unwrap();
        assert!(access.test && access.permissions.has(Permission::MessagesSend));
        for never in [Permission::CampaignsSend, Permission::ContactsRead, Permission::KeysWrite, Permission::BalanceWrite] {
            assert!(!access.permissions.has(never), "{never}");
        }
        let listed = accounts.list_keys(&ctx).await.unwrap();
        assert!(listed.iter().find(|key| key.id == id).unwrap().test);
        let nothing = accounts.create_key(&ctx, Permissions::all(), NewKey { test: true, ..new(&["campaigns:send"]) }).await;
        assert!(matches!(nothing, Err(Error::Field { field: "scopes", .. })));
        let (_, live) = accounts.create_key(&ctx, Permissions::all(), new(&["*"])).await.unwrap();
        assert!(!accounts.authenticate_key(&live).await.unwrap().test);
    }

    async fn a_key_gives_no_more_than_its_maker_has(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, user) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::User(user));
        let by = Role::Author.permissions();
        let (_, text) = accounts.create_key(&ctx, by, new(&["*"])).await.unwrap();
        assert_eq!(accounts.authenticate_key(&text).await.unwrap().permissions, by);
        for (key, field) in [
            (new(&["campaigns:send"]), "scopes"),
            (new(&["campaign:send"]), "scopes"),
            (new(&[]), "scopes"),
            (NewKey { role: Some(Role::Agent), ..new(&["*"]) }, "scopes"),
            (NewKey { name: " ".to_owned(), ..new(&["*"]) }, "name"),
            (NewKey { expires_at: Some(Timestamp(0)), ..new(&["*"]) }, "expires_at"),
        ] {
            match accounts.create_key(&ctx, by, key).await {
                Err(Error::Field { field: named, .. }) => assert_eq!(named, field),
                other => panic!("{other:?}"),
            }
        }
    }

    async fn revoked_and_expired_keys_are_refused_at_once(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, user) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::User(user));
        let ends = kernel::Clock::now(t.clock.as_ref()).plus_seconds(10);
        let short = NewKey { expires_at: Some(ends), ..new(&["*"]) };
        let (_, short) = accounts.create_key(&ctx, Permissions::all(), short).await.unwrap();
        let (id, text) = accounts.create_key(&ctx, Permissions::all(), new(&["*"])).await.unwrap();
        assert!(accounts.authenticate_key(&text).await.is_ok() && accounts.authenticate_key(&short).await.is_ok());
        assert_eq!(accounts.list_keys(&ctx).await.unwrap().len(), 2);
        accounts.revoke_key(&ctx, id).await.unwrap();
        assert!(accounts.authenticate_key(&text).await.is_err());
        assert!(matches!(accounts.revoke_key(&ctx, id).await, Err(Error::NotFound(_))));
        assert_eq!(accounts.list_keys(&ctx).await.unwrap().len(), 1);
        t.clock.advance(10);
        assert!(accounts.authenticate_key(&short).await.is_err());
    }

    async fn another_node_notices_within_half_a_minute(t: testkit::Fixture) {
        let (here, there) = (accounts(&t), accounts(&t));
        let (ws, user) = owner(&here).await;
        let ctx = t.core.ctx(ws, Actor::User(user));
        let (id, text) = here.create_key(&ctx, Permissions::all(), new(&["*"])).await.unwrap();
        assert!(there.authenticate_key(&text).await.is_ok());
        here.revoke_key(&ctx, id).await.unwrap();
        t.clock.advance(30);
        assert!(there.authenticate_key(&text).await.is_err());
    }
}
