use std::net::IpAddr;

use accounts::users::password::Cost;
use accounts::users::{Client, SignIn};
use accounts::{Accounts, Error, Settings, audit};
use store::Actor;
use testkit::each_engine;

use crate::{PASSWORD, accounts, owner, session};

fn client(address: &str) -> Client {
    Client { address: Some(address.parse::<IpAddr>().unwrap()), agent: Some("Browser\r\n 1".to_owned()) }
}

each_engine! {
    async fn wrong_answers_are_all_alike(t: testkit::Fixture) {
        let accounts = accounts(&t);
        owner(&accounts).await;
        for (address, password) in [
            ("lina@example.com", "wrong password"),
            ("nobody@example.com", PASSWORD),
            ("not an address", PASSWORD),
            ("", ""),
            ("lina@example.com", ""),
        ] {
            let answer = accounts.sign_in(address, password, &Client::default()).await;
            assert!(matches!(answer, Err(Error::Credentials)), "{address}");
        }
    }

    async fn attempts_are_throttled_per_account_and_per_address(t: testkit::Fixture) {
        let accounts = accounts(&t);
        owner(&accounts).await;
        for n in 0..10 {
            let from = client(&format!("192.0.2.{n}"));
            assert!(matches!(accounts.sign_in("lina@example.com", "wrong password", &from).await, Err(Error::Credentials)));
        }
        let right = accounts.sign_in("lina@example.com", PASSWORD, &client("192.0.2.99")).await;
        assert!(matches!(right, Err(Error::Throttled(1..=60))));
        t.clock.advance(60);
        assert!(accounts.sign_in("lina@example.com", PASSWORD, &client("192.0.2.99")).await.is_ok());

        for n in 0..50 {
            let _ = accounts.sign_in(&format!("u{n}@example.com"), "wrong password", &client("198.51.100.1")).await;
        }
        let answer = accounts.sign_in("u99@example.com", "wrong password", &client("198.51.100.1")).await;
        assert!(matches!(answer, Err(Error::Throttled(_))));
        assert_eq!(answer.unwrap_err().problem().code.status(), 429);
    }

    async fn success_costs_no_attempts(t: testkit::Fixture) {
        let accounts = accounts(&t);
        owner(&accounts).await;
        for _ in 0..60 {
            accounts.sign_in("lina@example.com", PASSWORD, &client("192.0.2.1")).await.unwrap();
        }
    }

    async fn sessions_end_when_idle_when_old_and_when_told(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (_, user) = owner(&accounts).await;
        let idle = session(&accounts, "lina@example.com").await;
        assert!(accounts.session(idle.token.expose()).await.is_ok());
        t.clock.advance(7 * 86_400);
        assert!(matches!(accounts.session(idle.token.expose()).await, Err(Error::Unauthenticated)));

        let SignIn::Session(a) = accounts.sign_in("lina@example.com", PASSWORD, &client("192.0.2.1")).await.unwrap() else {
            panic!()
        };
        let b = session(&accounts, "lina@example.com").await;
        let listed = accounts.list_sessions(user).await.unwrap();
        assert_eq!(listed.iter().map(|info| info.id).collect::<Vec<_>>(), [a.id, b.id]);
        assert_eq!(listed[0].agent.as_deref(), Some("Browser 1"));
        accounts.end_session(user, a.id).await.unwrap();
        assert!(accounts.session(a.token.expose()).await.is_err());
        assert!(matches!(accounts.end_session(user, a.id).await, Err(Error::NotFound(_))));
        let c = session(&accounts, "lina@example.com").await;
        accounts.end_other_sessions(user, Some(c.id)).await.unwrap();
        assert!(accounts.session(b.token.expose()).await.is_err());
        assert!(accounts.session(c.token.expose()).await.is_ok());

        t.clock.advance(31 * 86_400);
        assert!(accounts.session(c.token.expose()).await.is_err());
        accounts.sweep().await.unwrap();
        assert!(accounts.list_sessions(user).await.unwrap().is_empty());
        for nonsense in ["", "x", &"a".repeat(43)] {
            assert!(matches!(accounts.session(nonsense).await, Err(Error::Unauthenticated)));
        }
    }

    async fn a_changed_cost_rehashes_at_the_next_sign_in(t: testkit::Fixture) {
        let (ws, _) = owner(&accounts(&t)).await;
        let dearer = Cost { memory_kib: 16, ..Cost::cheapest() };
        let accounts = Accounts::new(t.core.clone(), Settings { cost: dearer, ..Settings::default() });
        let rehashed = async || {
            let entries = audit::list(&t.core.ctx(ws, Actor::Console), None, 50).await.unwrap();
            entries.iter().filter(|entry| entry.action == "user.password_rehashed").count()
        };
        session(&accounts, "lina@example.com").await;
        assert_eq!(rehashed().await, 1);
        session(&accounts, "lina@example.com").await;
        assert_eq!(rehashed().await, 1);
    }

    async fn a_new_password_ends_other_sessions(t: testkit::Fixture) {
        let accounts = accounts(&t);
        owner(&accounts).await;
        let other = session(&accounts, "lina@example.com").await;
        let mine = session(&accounts, "lina@example.com").await;
        let mine = accounts.session(mine.token.expose()).await.unwrap();
        assert!(matches!(accounts.change_password(&mine, "wrong password", "new long password").await, Err(Error::Credentials)));
        accounts.change_password(&mine, PASSWORD, "new long password").await.unwrap();
        assert!(accounts.session(other.token.expose()).await.is_err());
        assert_eq!(accounts.list_sessions(mine.user).await.unwrap().len(), 1);
    }

    async fn a_suspended_account_is_out_at_once(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (_, user) = owner(&accounts).await;
        let live = session(&accounts, "lina@example.com").await;
        accounts.set_suspended(user, true).await.unwrap();
        assert!(accounts.session(live.token.expose()).await.is_err());
        assert!(matches!(
            accounts.sign_in("lina@example.com", PASSWORD, &Client::default()).await,
            Err(Error::Forbidden(_))
        ));
        accounts.set_suspended(user, false).await.unwrap();
        session(&accounts, "lina@example.com").await;
    }
}
