use accounts::users::{self, Client, State, tokens::Kind};
use accounts::{Error, audit, keys::NewKey, members, workspaces};
use store::Actor;
use testkit::each_engine;

use crate::{PASSWORD, accounts, email, link, notices, owner, session, sign_up};

fn key() -> NewKey {
    NewKey { name: "k".to_owned(), scopes: vec!["*".to_owned()], role: None, expires_at: None, test: false }
}

each_engine! {
    async fn an_account_is_pending_until_its_link_is_followed_once(t: testkit::Fixture) {
        let accounts = accounts(&t);
        assert!(users::none_yet(&t.core).await.unwrap());
        accounts.sign_up(sign_up("lina@example.com"), &Client::default()).await.unwrap();
        let session = session(&accounts, "LINA@example.com").await;
        assert_eq!(accounts.session(session.token.expose()).await.unwrap().state, State::Pending);

        let membership = members::of(&t.core, session.user).await.unwrap().remove(0);
        let ctx = t.core.ctx(membership.workspace, Actor::User(session.user));
        assert_eq!(workspaces::get(&ctx).await.unwrap().state, workspaces::State::Pending);
        let all = membership.role.permissions();
        assert!(matches!(accounts.create_key(&ctx, all, key()).await, Err(Error::Pending)));
        assert_eq!(workspaces::require_sending(&ctx).await.unwrap_err().code.as_str(), "account_pending");
        let invited = members::invite(&ctx, all, &email("omar@example.com"), members::Role::Agent, "en".parse().unwrap()).await;
        assert!(matches!(invited, Err(Error::Pending)));

        let notice = notices(&t).await.pop().unwrap();
        assert_eq!((notice.kind, notice.to.expose().to_string().as_str()), (Kind::Confirm, "lina@example.com"));
        assert_eq!(notice.workspace_name, "Nur Foundation");
        let token = notice.token.into_inner();
        assert!(matches!(accounts.reset(&token, PASSWORD).await, Err(Error::NotFound(_))), "a link of another kind");
        assert!(matches!(accounts.confirm("nonsense").await, Err(Error::NotFound(_))));
        assert_eq!(accounts.confirm(&token).await.unwrap(), session.user);
        let again = accounts.confirm(&token).await.unwrap_err();
        assert_eq!(again.problem().code.status(), 410);

        assert_eq!(accounts.session(session.token.expose()).await.unwrap().state, State::Active);
        assert!(workspaces::require_sending(&ctx).await.is_ok());
        assert!(accounts.create_key(&ctx, all, key()).await.is_ok());
        let actions: Vec<_> = audit::list(&ctx, None, 50).await.unwrap().into_iter().map(|entry| entry.action).collect();
        assert_eq!(actions, ["key.created", "user.confirmed", "session.opened", "user.created", "workspace.created"]);
    }

    async fn links_expire_and_only_the_newest_works(t: testkit::Fixture) {
        let accounts = accounts(&t);
        accounts.sign_up(sign_up("lina@example.com"), &Client::default()).await.unwrap();
        let first = link(&t).await;
        let user = session(&accounts, "lina@example.com").await.user;
        accounts.resend_confirmation(user).await.unwrap();
        let second = link(&t).await;
        assert!(matches!(accounts.confirm(&first).await, Err(Error::Gone)));
        t.clock.advance(2 * 86_400);
        assert!(matches!(accounts.confirm(&second).await, Err(Error::Gone)));
        accounts.resend_confirmation(user).await.unwrap();
        accounts.confirm(&link(&t).await).await.unwrap();
        t.clock.advance(90 * 86_400);
        accounts.sweep().await.unwrap();
        assert!(matches!(accounts.confirm(&second).await, Err(Error::Gone)), "gone even when its row is");
    }

    async fn signing_up_with_a_known_address_looks_the_same_and_tells_its_owner(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (_, user) = owner(&accounts).await;
        accounts.sign_up(sign_up("lina@example.com"), &Client::default()).await.unwrap();
        let notice = notices(&t).await.pop().unwrap();
        assert_eq!(notice.kind, Kind::Exists);
        assert_eq!(members::of(&t.core, user).await.unwrap().len(), 1);
    }

    async fn the_console_takes_a_pending_account_over(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let mut squatter = sign_up("lina@example.com");
        squatter.user.password = "squatters own one".to_owned().into();
        accounts.sign_up(squatter, &Client::default()).await.unwrap();
        let (_, user) = owner(&accounts).await;
        assert_eq!(session(&accounts, "lina@example.com").await.user, user);
        assert_eq!(users::get(&t.core, user).await.unwrap().state, State::Active);
        assert!(accounts.sign_in("lina@example.com", "squatters own one", &Client::default()).await.is_err());
    }

    async fn weak_passwords_are_refused_everywhere(t: testkit::Fixture) {
        let accounts = accounts(&t);
        for password in ["short", "lina@example.com", "Nur Foundation 1", "aaaaaaaaaaaa"] {
            let mut new = sign_up("lina@example.com");
            new.user.password = password.to_owned().into();
            assert!(matches!(accounts.create_owner(new.clone()).await, Err(Error::Field { field: "password", .. })));
            assert!(matches!(
                accounts.sign_up(new, &Client::default()).await,
                Err(Error::Field { field: "password", .. })
            ));
        }
        assert!(users::none_yet(&t.core).await.unwrap());
    }

    async fn a_reset_sets_the_password_ends_sessions_and_tells_strangers_nothing(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (_, user) = owner(&accounts).await;
        let old = session(&accounts, "lina@example.com").await;
        accounts.ask_reset("nobody@example.com", &Client::default()).await.unwrap();
        accounts.ask_reset("not an address", &Client::default()).await.unwrap();
        assert!(notices(&t).await.is_empty());
        accounts.ask_reset("lina@example.com", &Client::default()).await.unwrap();
        let token = link(&t).await;
        assert!(matches!(accounts.reset(&token, "short").await, Err(Error::Field { .. })), "the link survives that");
        assert_eq!(accounts.reset(&token, "another long one").await.unwrap(), user);
        assert!(matches!(accounts.reset(&token, "a third long one").await, Err(Error::Gone)));
        assert!(accounts.session(old.token.expose()).await.is_err());
        assert!(matches!(
            accounts.sign_in("lina@example.com", PASSWORD, &Client::default()).await,
            Err(Error::Credentials)
        ));
        assert!(accounts.sign_in("lina@example.com", "another long one", &Client::default()).await.is_ok());
    }

    async fn an_address_changes_when_the_new_mailbox_agrees(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (_, user) = owner(&accounts).await;
        let to = email("lina@example.org");
        assert!(matches!(accounts.ask_change(user, "wrong password", &to).await, Err(Error::Credentials)));
        accounts.ask_change(user, PASSWORD, &to).await.unwrap();
        let notice = notices(&t).await.pop().unwrap();
        assert_eq!(notice.to.expose(), &to);
        accounts.change_address(notice.token.expose()).await.unwrap();
        assert!(matches!(accounts.change_address(notice.token.expose()).await, Err(Error::Gone)));
        assert_eq!(session(&accounts, "lina@example.org").await.user, user);
        assert!(accounts.sign_in("lina@example.com", PASSWORD, &Client::default()).await.is_err());

        accounts.create_owner(sign_up("taken@example.org")).await.unwrap();
        accounts.ask_change(user, PASSWORD, &email("taken@example.org")).await.unwrap();
        assert!(matches!(accounts.change_address(&link(&t).await).await, Err(Error::Gone)));
    }

    async fn nothing_personal_rests_in_the_open(t: testkit::Fixture) {
        store::sql! { DUMP = "SELECT sealed FROM account"; }
        let accounts = accounts(&t);
        owner(&accounts).await;
        let (sealed,): (Vec<u8>,) = t.core.db.one(DUMP, store::params![]).await.unwrap();
        let text = String::from_utf8_lossy(&sealed).to_lowercase();
        assert!(!text.contains("lina") && !text.contains("example"));
    }
}
