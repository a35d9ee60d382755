use accounts::members::{self, Permissions, Role};
use accounts::users::{self, Client, tokens::Kind};
use accounts::{Accounts, Error};
use kernel::{MemberId, UserId};
use store::{Actor, Ctx};
use testkit::each_engine;

use crate::{PASSWORD, accounts, email, link, notices, owner, session, sign_up};

async fn join(t: &testkit::Fixture, accounts: &Accounts, ctx: &Ctx, address: &str, role: Role) -> (MemberId, UserId) {
    let member = members::invite(ctx, Permissions::all(), &email(address), role, "en".parse().unwrap()).await.unwrap();
    let (user, _) = accounts.accept_invitation(&link(t).await, "Omar", PASSWORD).await.unwrap();
    (member, user)
}

each_engine! {
    async fn an_invited_person_joins_by_the_link(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, lina) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::User(lina));
        let address = email("omar@example.com");
        let id = members::invite(&ctx, Permissions::all(), &address, Role::Author, "en".parse().unwrap()).await.unwrap();
        let twice = members::invite(&ctx, Permissions::all(), &address, Role::Agent, "en".parse().unwrap()).await;
        assert!(matches!(twice, Err(Error::Exists(_))));
        let listed = members::list(&ctx, None, 10).await.unwrap();
        assert_eq!(listed.len(), 2);
        assert!(listed[1].id == id && listed[1].invited && !listed[1].confirmed);

        let notice = notices(&t).await.pop().unwrap();
        assert_eq!((notice.kind, notice.to.expose()), (Kind::Invite, &address));
        assert!(members::access(&t.core, listed[1].user, ws).await.unwrap().is_none(), "not a member yet");
        assert!(accounts.sign_in("omar@example.com", "", &Client::default()).await.is_err());
        assert!(accounts.accept_invitation(notice.token.expose(), "Omar", "short").await.is_err());
        let (user, joined) = accounts.accept_invitation(notice.token.expose(), "Omar", PASSWORD).await.unwrap();
        assert_eq!(joined, ws);
        assert!(matches!(accounts.accept_invitation(notice.token.expose(), "Omar", PASSWORD).await, Err(Error::Gone)));
        let access = members::access(&t.core, user, ws).await.unwrap().unwrap();
        assert_eq!((access.member, access.role), (id, Role::Author));
        session(&accounts, "omar@example.com").await;
    }

    async fn an_existing_account_joins_and_keeps_its_password(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, lina) = owner(&accounts).await;
        let (_, omar) = accounts.create_owner(sign_up("omar@example.com")).await.unwrap();
        let ctx = t.core.ctx(ws, Actor::User(lina));
        let (_, user) = join(&t, &accounts, &ctx, "omar@example.com", Role::Analyst).await;
        assert_eq!(user, omar);
        assert_eq!(members::of(&t.core, omar).await.unwrap().len(), 2);
        assert_eq!(users::get(&t.core, omar).await.unwrap().name.expose(), "Lina", "the name given was ignored");
    }

    async fn a_password_set_before_the_mailbox_spoke_does_not_survive_an_invitation(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, lina) = owner(&accounts).await;
        let mut squatter = sign_up("omar@example.com");
        squatter.user.password = "squatters own one".to_owned().into();
        accounts.sign_up(squatter, &Client::default()).await.unwrap();
        notices(&t).await;
        let ctx = t.core.ctx(ws, Actor::User(lina));
        join(&t, &accounts, &ctx, "omar@example.com", Role::Admin).await;
        assert!(accounts.sign_in("omar@example.com", "squatters own one", &Client::default()).await.is_err());
        session(&accounts, "omar@example.com").await;
    }

    async fn there_is_always_an_owner(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, lina) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::User(lina));
        let me = members::access(&t.core, lina, ws).await.unwrap().unwrap().member;
        let all = Permissions::all();
        assert!(matches!(members::set_role(&ctx, all, me, Role::Admin).await, Err(Error::Conflict(_))));
        assert!(matches!(members::remove(&ctx, all, me).await, Err(Error::Conflict(_))));
        let (other, omar) = join(&t, &accounts, &ctx, "omar@example.com", Role::Admin).await;

        let as_omar = t.core.ctx(ws, Actor::User(omar));
        let admin = Role::Admin.permissions();
        for refused in [
            members::set_role(&as_omar, admin, other, Role::Owner).await,
            members::set_role(&as_omar, admin, me, Role::Agent).await,
            members::remove(&as_omar, admin, me).await,
        ] {
            assert!(matches!(refused, Err(Error::Forbidden(_))));
        }
        let invited = members::invite(&as_omar, admin, &email("x@example.com"), Role::Owner, "en".parse().unwrap()).await;
        assert!(matches!(invited, Err(Error::Forbidden(_))));

        members::set_role(&ctx, all, other, Role::Owner).await.unwrap();
        members::set_role(&ctx, all, me, Role::Admin).await.unwrap();
        assert!(matches!(members::remove(&as_omar, all, other).await, Err(Error::Conflict(_))));
        members::remove(&as_omar, all, me).await.unwrap();
        assert!(members::access(&t.core, lina, ws).await.unwrap().is_none());
        assert!(matches!(members::remove(&as_omar, all, me).await, Err(Error::NotFound(_))));
    }

    async fn an_account_ends_with_everything_that_is_its_own(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, lina) = owner(&accounts).await;
        let ctx = t.core.ctx(ws, Actor::User(lina));
        let (_, omar) = join(&t, &accounts, &ctx, "omar@example.com", Role::Admin).await;
        let live = session(&accounts, "omar@example.com").await;
        assert!(matches!(accounts.delete_account(lina, PASSWORD).await, Err(Error::Conflict(_))), "the only owner");
        assert!(matches!(accounts.delete_account(omar, "wrong password").await, Err(Error::Credentials)));
        accounts.delete_account(omar, PASSWORD).await.unwrap();
        assert!(accounts.session(live.token.expose()).await.is_err());
        assert!(matches!(users::get(&t.core, omar).await, Err(Error::NotFound(_))));
        assert_eq!(members::list(&ctx, None, 10).await.unwrap().len(), 1);
        accounts.create_owner(sign_up("omar@example.com")).await.unwrap();
    }

    async fn workspaces_do_not_see_each_other(t: testkit::Fixture) {
        let accounts = accounts(&t);
        let (ws, lina) = owner(&accounts).await;
        let (_, omar) = accounts.create_owner(sign_up("omar@example.com")).await.unwrap();
        let member = members::of(&t.core, lina).await.unwrap()[0].member;
        let foreign = t.core.ctx(members::of(&t.core, omar).await.unwrap()[0].workspace, Actor::User(omar));
        assert!(matches!(members::remove(&foreign, Permissions::all(), member).await, Err(Error::NotFound(_))));
        assert!(members::access(&t.core, omar, ws).await.unwrap().is_none());
        assert_eq!(members::list(&foreign, None, 10).await.unwrap().len(), 1);
    }
}
