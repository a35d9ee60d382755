//! Accounts on both engines.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod emergency;
mod keys;
mod members;
mod passwords;
mod second_factor;
mod sign_in;
mod sign_up;
mod statements;
mod workspaces;

use accounts::users::password::Cost;
use accounts::users::{Client, NewSession, NewUser, SignIn, SignUp, tokens};
use accounts::workspaces::NewWorkspace;
use accounts::{Accounts, Settings};
use kernel::{Email, UserId, WorkspaceId};
use testkit::Fixture;

const PASSWORD: &str = "correct horse battery";

fn accounts(t: &Fixture) -> Accounts {
    Accounts::new(t.core.clone(), Settings { cost: Cost::cheapest(), ..Settings::default() })
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn sign_up(address: &str) -> SignUp {
    SignUp {
        user: NewUser { email: email(address), name: "Lina".to_owned().into(), password: PASSWORD.to_owned().into() },
        workspace: NewWorkspace {
            name: "Nur Foundation".to_owned(),
            language: "ar".parse().unwrap(),
            postal_address: "1 Street, Amman".to_owned(),
        },
    }
}

async fn owner(accounts: &Accounts) -> (WorkspaceId, UserId) {
    accounts.create_owner(sign_up("lina@example.com")).await.unwrap()
}

async fn session(accounts: &Accounts, address: &str) -> NewSession {
    match accounts.sign_in(address, PASSWORD, &Client::default()).await.unwrap() {
        SignIn::Session(session) => session,
        SignIn::SecondFactor { .. } => panic!("no second factor was set up"),
    }
}

/// The notices asked for since the last call, as the sender of notices would see them.
async fn notices(t: &Fixture) -> Vec<tokens::Notice> {
    let mut out = Vec::new();
    for job in store::jobs::claim(&t.core, tokens::NOTICE_QUEUE, 100).await.unwrap() {
        let id = job.payload["token"].as_str().unwrap().parse().unwrap();
        out.extend(tokens::notice(&t.core, id).await.unwrap());
    }
    out
}

async fn link(t: &Fixture) -> String {
    notices(t).await.pop().unwrap().token.into_inner()
}
