//! Signing in: password, then a second factor where one is set up; throttled, with one answer for
//! everything that is wrong.

use std::net::IpAddr;
use std::sync::Arc;

use kernel::{Email, Timestamp, UserId};
use store::{Actor, Blind, WorkspaceKeys, params};

use super::password::{self, Verdict};
use super::{NewSession, OwnChange, State, User, queries};
use crate::{Accounts, Error, Result, secret, throttle};

const CHALLENGE: &str = "account.challenge";
/// Seconds within which the second factor has to follow the password.
const CHALLENGE_SECONDS: i64 = 300;

/// Who is asking, as far as the connection tells.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The address, for throttling only; it is not stored.
    pub address: Option<IpAddr>,
    /// The program's name for itself (User-Agent), shown in the list of sessions.
    pub agent: Option<String>,
}

/// What came of a right password.
#[derive(Debug)]
pub enum SignIn {
    /// A session.
    Session(NewSession),
    /// A second factor is needed: give the challenge back together with a code, within five minutes.
    SecondFactor {
        /// Opaque; good for this account and its present password only.
        challenge: String,
    },
}

impl Accounts {
    /// Checks address and password.
    pub async fn sign_in(&self, email: &str, password: &str, client: &Client) -> Result<SignIn> {
        let keys = super::keys(self.core());
        let email = Email::parse(email).ok();
        let bucket = match &email {
            Some(email) => super::blind(&keys, email),
            None => [0; 16],
        };
        self.spend_on_address(client)?;
        self.spend_on_account(bucket)?;
        let user = match &email {
            Some(email) => super::find_by_email(self.core(), &keys, email).await?,
            None => None,
        };
        // An unknown address costs as much time as a wrong password.
        let phc = user.as_ref().and_then(|user| user.password.clone());
        let verdict = self.verify(password, phc).await?;
        let Some(user) = user else { return Err(Error::Credentials) };
        if verdict == Verdict::Wrong {
            self.note_refusal(user.id);
            return Err(Error::Credentials);
        }
        if user.state == State::Suspended {
            return Err(Error::Forbidden("this account is suspended; ask the operator".to_owned()));
        }
        self.forgive(bucket, client);
        if verdict == Verdict::Outdated {
            self.rehash(user.id, password).await?;
        }
        if self.second_factor_active(user.id).await? {
            return Ok(SignIn::SecondFactor { challenge: self.challenge(&keys, &user) });
        }
        Ok(SignIn::Session(self.open_session(user.id, false, client).await?))
    }

    /// Checks the code that follows a right password: one of the authenticator app, or a recovery code.
    pub async fn second_factor(&self, challenge: &str, code: &str, client: &Client) -> Result<NewSession> {
        let keys = super::keys(self.core());
        let user = self.challenged(&keys, challenge).await?;
        self.spend_on_address(client)?;
        self.spend_on_account(user.id.0)?;
        if !self.use_code(user.id, code).await? {
            self.note_refusal(user.id);
            return Err(Error::Credentials);
        }
        self.forgive(user.id.0, client);
        self.open_session(user.id, true, client).await
    }

    /// Account, end of validity, and a mark of the password, so that a new password voids it.
    fn challenge(&self, keys: &WorkspaceKeys, user: &User) -> String {
        let until = self.core().clock.now().plus_seconds(CHALLENGE_SECONDS);
        let mut payload = user.id.0.to_vec();
        payload.extend_from_slice(&until.0.to_be_bytes());
        payload.extend_from_slice(&password_mark(user));
        keys.sign(CHALLENGE, &payload)
    }

    async fn challenged(&self, keys: &WorkspaceKeys, challenge: &str) -> Result<User> {
        let payload = keys.verify(CHALLENGE, challenge).ok_or(Error::Unauthenticated)?;
        let (id, rest) = payload.split_first_chunk::<16>().ok_or(Error::Unauthenticated)?;
        let (until, mark) = rest.split_first_chunk::<8>().ok_or(Error::Unauthenticated)?;
        if Timestamp(i64::from_be_bytes(*until)) <= self.core().clock.now() {
            return Err(Error::Unauthenticated);
        }
        let user = super::get(self.core(), UserId(*id)).await?;
        if user.state == State::Suspended || !secret::equal(mark, &password_mark(&user)) {
            return Err(Error::Unauthenticated);
        }
        Ok(user)
    }

    /// Writes a refused attempt to the audit trail, behind the answer's back: waiting for it would
    /// tell that the account exists.
    fn note_refusal(&self, user: UserId) {
        let core = self.core().clone();
        tokio::spawn(async move {
            let Ok(mut change) = OwnChange::of(&core, user).await else { return };
            change.ctx.actor = Actor::Person;
            change.audit("session.refused", &[&user]);
            if let Err(error) = change.apply().await {
                tracing::warn!(%error, "a refused sign-in was not written to the audit trail");
            }
        });
    }

    async fn rehash(&self, user: UserId, password: &str) -> Result<()> {
        let hash = self.hash(password).await?;
        let mut change = OwnChange::of(self.core(), user).await?;
        let now = change.ctx.now();
        change.batch.push(queries::REHASH_PASSWORD, params![user, hash, now]);
        change.audit("user.password_rehashed", &[&user]);
        Ok(change.apply().await?)
    }

    /// Changes a person's own password and ends their other sessions.
    pub async fn change_password(&self, session: &super::Session, old: &str, new: &str) -> Result<()> {
        let user = self.require_password(session.user, old).await?;
        let hash = self.hash_new(new, user.email.expose(), None).await?;
        let mut change = OwnChange::of(self.core(), user.id).await?;
        let now = change.ctx.now();
        change.batch.push(queries::SET_PASSWORD, params![user.id, hash, now]);
        change.batch.push(queries::DELETE_SESSIONS, params![user.id, session.id]);
        change.audit("user.password_changed", &[&user.id]);
        Ok(change.apply().await?)
    }

    /// The account, when `password` is its password: asked again before what cannot be undone.
    pub async fn require_password(&self, user: UserId, password: &str) -> Result<User> {
        self.spend_on_account(user.0)?;
        let user = super::get(self.core(), user).await?;
        if self.verify(password, user.password.clone()).await? == Verdict::Wrong {
            return Err(Error::Credentials);
        }
        self.by_account().give_back(&user.id.0);
        Ok(user)
    }

    /// Checks a new password against the rules and hashes it.
    pub(crate) async fn hash_new(&self, password: &str, email: &Email, workspace: Option<&str>) -> Result<String> {
        password::check(password, email, workspace).map_err(|error| Error::field("password", error))?;
        let (asked, accounts) = (password.to_owned(), self.clone());
        if self.on_blocking_thread(move || accounts.leaked().contains(&asked)).await? {
            return Err(Error::field("password", "this password stands on a list of leaked ones; choose another"));
        }
        self.hash(password).await
    }

    async fn hash(&self, password: &str) -> Result<String> {
        let (password, cost, rng) = (password.to_owned(), self.cost(), Arc::clone(&self.core().rng));
        let hash = self.on_blocking_thread(move || password::hash(&password, cost, rng.as_ref())).await?;
        hash.ok_or(Error::Internal("the password cost is out of range"))
    }

    /// Without a hash to compare with, takes as long and answers wrong.
    async fn verify(&self, password: &str, phc: Option<String>) -> Result<Verdict> {
        let (password, accounts) = (password.to_owned(), self.clone());
        let work = move || {
            let verdict =
                password::verify(&password, phc.as_deref().unwrap_or_else(|| accounts.decoy()), accounts.cost());
            if phc.is_some() { verdict } else { Verdict::Wrong }
        };
        self.on_blocking_thread(work).await
    }

    pub(crate) fn spend_on_address(&self, client: &Client) -> Result<()> {
        let Some(address) = client.address else { return Ok(()) };
        let key = throttle::address_key(address);
        self.by_address().take(key, self.core().clock.now()).map_err(Error::Throttled)
    }

    pub(crate) fn spend_on_account(&self, key: Blind) -> Result<()> {
        self.by_account().take(key, self.core().clock.now()).map_err(Error::Throttled)
    }

    /// Mail to one account is asked for a few times an hour at most.
    pub(crate) fn spend_on_mail(&self, user: UserId) -> Result<()> {
        self.mails().take(user, self.core().clock.now()).map_err(Error::Throttled)
    }

    fn forgive(&self, account: Blind, client: &Client) {
        self.by_account().give_back(&account);
        if let Some(address) = client.address {
            self.by_address().give_back(&throttle::address_key(address));
        }
    }
}

fn password_mark(user: &User) -> [u8; 16] {
    let hash = secret::hash(&[b"challenge", user.password.as_deref().unwrap_or_default().as_bytes()]);
    let mut mark = [0; 16];
    mark.copy_from_slice(&hash[..16]);
    mark
}
