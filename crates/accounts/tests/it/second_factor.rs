use accounts::users::{Client, SignIn, totp};
use accounts::workspaces::{self, Change};
use accounts::{Accounts, Error, members};
use data_encoding::BASE32_NOPAD;
use kernel::UserId;
use store::Actor;
use testkit::each_engine;

use crate::{PASSWORD, accounts, owner, session};

struct App(Vec<u8>);

impl App {
    fn code(&self, t: &testkit::Fixture) -> String {
        totp::code(&self.0, kernel::Clock::now(t.clock.as_ref()))
    }
}

async fn enrol(t: &testkit::Fixture, accounts: &Accounts) -> (UserId, App, Vec<String>) {
    let (_, user) = owner(accounts).await;
    let token = session(accounts, "lina@example.com").await;
    let mine = accounts.session(token.token.expose()).await.unwrap();
    assert!(matches!(accounts.enrol_totp(user, "wrong password").await, Err(Error::Credentials)));
    let enrolment = accounts.enrol_totp(user, PASSWORD).await.unwrap();
    assert!(enrolment.uri.expose().starts_with("otpauth://totp/Barid:lina@example.com?secret="));
    let app = App(BASE32_NOPAD.decode(enrolment.secret.expose().as_bytes()).unwrap());
    assert!(!accounts.second_factor_status(user).await.unwrap().active, "not before the first code");
    assert!(matches!(accounts.activate_totp(&mine, "000000").await, Err(Error::Field { .. })));
    let codes = accounts.activate_totp(&mine, &app.code(t)).await.unwrap();
    assert!(accounts.session(token.token.expose()).await.unwrap().second_factor);
    (user, app, codes.into_iter().map(kernel::Pii::into_inner).collect())
}

async fn challenge(accounts: &Accounts) -> String {
    match accounts.sign_in("lina@example.com", PASSWORD, &Client::default()).await.unwrap() {
        SignIn::SecondFactor { challenge } => challenge,
        SignIn::Session(_) => panic!("the password alone must not do"),
    }
}

each_engine! {
    async fn sign_in_takes_two_steps_and_a_code_works_once(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (_, app, _) = enrol(&t, &accounts).await;
        let nobody = Client::default();
        let first = challenge(&accounts).await;
        assert!(matches!(accounts.second_factor(&first, &app.code(&t), &nobody).await, Err(Error::Credentials)), "used to enrol");
        t.clock.advance(30);
        assert!(matches!(accounts.second_factor(&first, "12", &nobody).await, Err(Error::Credentials)));
        assert!(matches!(accounts.second_factor("x", &app.code(&t), &nobody).await, Err(Error::Unauthenticated)));
        let session = accounts.second_factor(&first, &app.code(&t), &nobody).await.unwrap();
        assert!(accounts.session(session.token.expose()).await.unwrap().second_factor);
        assert!(matches!(accounts.second_factor(&first, &app.code(&t), &nobody).await, Err(Error::Credentials)), "replayed");
        t.clock.advance(300);
        assert!(matches!(accounts.second_factor(&first, &app.code(&t), &nobody).await, Err(Error::Unauthenticated)), "too late");
    }

    async fn recovery_codes_work_once_each(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (user, app, codes) = enrol(&t, &accounts).await;
        assert_eq!(codes.len(), 10);
        let first = challenge(&accounts).await;
        accounts.second_factor(&first, &codes[0].to_uppercase(), &Client::default()).await.unwrap();
        assert!(accounts.second_factor(&first, &codes[0], &Client::default()).await.is_err());
        assert_eq!(accounts.second_factor_status(user).await.unwrap().recovery_codes, 9);
        t.clock.advance(30);
        let new = accounts.renew_recovery_codes(user, &app.code(&t)).await.unwrap();
        assert!(accounts.second_factor(&challenge(&accounts).await, &codes[1], &Client::default()).await.is_err());
        let again = challenge(&accounts).await;
        accounts.second_factor(&again, new[1].expose(), &Client::default()).await.unwrap();
    }

    async fn codes_cannot_be_guessed_at_leisure(t: testkit::Fixture) {
        let accounts = accounts(&t);
        enrol(&t, &accounts).await;
        let open = challenge(&accounts).await;
        let mut throttled = false;
        for n in 0..20 {
            let answer = accounts.second_factor(&open, &format!("{n:06}"), &Client::default()).await;
            throttled |= matches!(answer, Err(Error::Throttled(_)));
        }
        assert!(throttled);
    }

    async fn removing_it_takes_password_and_code(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (user, app, codes) = enrol(&t, &accounts).await;
        t.clock.advance(30);
        assert!(accounts.remove_second_factor(user, "wrong password", &app.code(&t)).await.is_err());
        assert!(accounts.remove_second_factor(user, PASSWORD, "000000").await.is_err());
        assert!(matches!(accounts.enrol_totp(user, PASSWORD).await, Err(Error::Conflict(_))));
        accounts.remove_second_factor(user, PASSWORD, &codes[3]).await.unwrap();
        session(&accounts, "lina@example.com").await;
    }

    async fn a_workspace_may_ask_for_it_by_role(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, user) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::User(user));
        assert!(!members::access(&t.core, user, ws).await.unwrap().unwrap().second_factor);
        let change = Change { second_factor: Some(vec![members::Role::Owner]), ..Change::default() };
        workspaces::update(&ctx, change).await.unwrap();
        assert!(members::access(&t.core, user, ws).await.unwrap().unwrap().second_factor);
        assert!(members::of(&t.core, user).await.unwrap()[0].second_factor);
    }
}
