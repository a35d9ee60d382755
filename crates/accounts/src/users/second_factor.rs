//! Setting up, using and removing the second factor of an account.

use data_encoding::BASE32_NOPAD;
use kernel::{Pii, UserId};
use store::params;

use super::{OwnChange, Session, State, queries, totp};
use crate::{Accounts, Error, Result};

const SECRET: &str = "totp.sealed";

/// What an authenticator app needs, shown once.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The secret to type in (base32).
    pub secret: Pii<String>,
    /// The same as an address for a QR code.
    pub uri: Pii<String>,
}

/// How an account's second factor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct SecondFactorStatus {
    /// Whether sign-in asks for it.
    pub active: bool,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
}

struct Totp {
    secret: Vec<u8>,
    active: bool,
    last_step: i64,
}

impl Accounts {
    async fn totp(&self, user: UserId) -> Result<Option<Totp>> {
        let row: Option<(Vec<u8>, bool, i64)> = self.core().db.get(queries::GET_TOTP, params![user]).await?;
        let Some((sealed, active, last_step)) = row else { return Ok(None) };
        let secret = super::keys(self.core()).open(SECRET, &sealed)?;
        Ok(Some(Totp { secret, active, last_step }))
    }

    pub(crate) async fn second_factor_active(&self, user: UserId) -> Result<bool> {
        let row: Option<(Vec<u8>, bool, i64)> = self.core().db.get(queries::GET_TOTP, params![user]).await?;
        Ok(row.is_some_and(|(_, active, _)| active))
    }

    /// How the account's second factor stands.
    pub async fn second_factor_status(&self, user: UserId) -> Result<SecondFactorStatus> {
        let active = self.second_factor_active(user).await?;
        let (recovery_codes,): (i64,) = self.core().db.one(queries::COUNT_RECOVERY, params![user]).await?;
        Ok(SecondFactorStatus { active, recovery_codes })
    }

    /// Begins to set up an authenticator app; nothing changes until [`Accounts::activate_totp`].
    pub async fn enrol_totp(&self, user: UserId, password: &str) -> Result<Enrolment> {
        let account = self.require_password(user, password).await?;
        if account.state != State::Active {
            return Err(Error::Pending);
        }
        let secret = totp::secret(self.core().rng.as_ref());
        let sealed = super::keys(self.core()).seal(SECRET, &secret);
        let mut change = OwnChange::of(self.core(), user).await?;
        let now = change.ctx.now();
        change.batch.guard(queries::PUT_TOTP, params![user, sealed, false, now]);
        change.audit("user.second_factor_begun", &[&user]);
        let done = change.apply().await;
        done.map_err(|error| Error::on_guard(error, Error::Conflict("a second factor is set up; remove it first")))?;
        let email = account.email.expose().to_string();
        Ok(Enrolment {
            secret: BASE32_NOPAD.encode(&secret).into(),
            uri: totp::uri(&secret, self.issuer(), &email).into(),
        })
    }

    /// Finishes the set-up with a first code and hands out the recovery codes, once. The session
    /// counts as opened with a second factor from now on; others end.
    pub async fn activate_totp(&self, session: &Session, code: &str) -> Result<Vec<Pii<String>>> {
        let user = session.user;
        self.spend_on_account(user.0)?;
        let totp = self.totp(user).await?.ok_or(Error::NotFound("second factor"))?;
        if totp.active {
            return Err(Error::Conflict("the second factor is active already"));
        }
        let now = self.core().clock.now();
        let step = totp::verify(&totp.secret, code, now, totp.last_step)
            .ok_or_else(|| Error::field("code", "this is not the code the app shows now"))?;
        let mut change = OwnChange::of(self.core(), user).await?;
        change.batch.guard(queries::USE_TOTP, params![user, step, true]);
        change.batch.push(queries::RAISE_SESSION, params![user, session.id, true]);
        change.batch.push(queries::DELETE_SESSIONS, params![user, session.id]);
        let codes = self.put_recovery_codes(&mut change, user);
        change.audit("user.second_factor_activated", &[&user]);
        change.apply().await.map_err(|error| Error::on_guard(error, Error::Credentials))?;
        self.by_account().give_back(&user.0);
        Ok(codes)
    }

    /// Replaces the recovery codes; a code of the app (or an old recovery code) is needed.
    pub async fn renew_recovery_codes(&self, user: UserId, code: &str) -> Result<Vec<Pii<String>>> {
        self.spend_on_account(user.0)?;
        if !self.use_code(user, code).await? {
            return Err(Error::Credentials);
        }
        self.by_account().give_back(&user.0);
        let mut change = OwnChange::of(self.core(), user).await?;
        let codes = self.put_recovery_codes(&mut change, user);
        change.audit("user.recovery_codes_renewed", &[&user]);
        change.apply().await?;
        Ok(codes)
    }

    fn put_recovery_codes(&self, change: &mut OwnChange, user: UserId) -> Vec<Pii<String>> {
        change.batch.push(queries::DELETE_RECOVERY, params![user]);
        (0..totp::RECOVERY_CODES)
            .filter_map(|_| {
                let code = totp::recovery_code(self.core().rng.as_ref());
                let hash = totp::recovery_hash(&code, &user.0)?;
                change.batch.push(queries::INSERT_RECOVERY, params![user, hash]);
                Some(Pii::new(code))
            })
            .collect()
    }

    /// Removes the second factor; password and a code are needed.
    pub async fn remove_second_factor(&self, user: UserId, password: &str, code: &str) -> Result<()> {
        self.require_password(user, password).await?;
        self.spend_on_account(user.0)?;
        if !self.use_code(user, code).await? {
            return Err(Error::Credentials);
        }
        self.by_account().give_back(&user.0);
        self.drop_second_factor(user, store::Actor::User(user)).await
    }

    /// Removes the second factor of somebody who lost app and recovery codes. For the operator, who
    /// has made sure who is asking.
    pub async fn reset_second_factor(&self, user: UserId) -> Result<()> {
        self.drop_second_factor(user, store::Actor::Console).await
    }

    async fn drop_second_factor(&self, user: UserId, actor: store::Actor) -> Result<()> {
        let mut change = OwnChange::of(self.core(), user).await?;
        change.ctx.actor = actor;
        change.batch.push(queries::DELETE_TOTP, params![user]);
        change.batch.push(queries::DELETE_RECOVERY, params![user]);
        change.audit("user.second_factor_removed", &[&user]);
        Ok(change.apply().await?)
    }

    /// Uses up a code of the app or a recovery code. A code that was used before does not work; of
    /// two requests with the same code one wins.
    pub(crate) async fn use_code(&self, user: UserId, code: &str) -> Result<bool> {
        let Some(totp) = self.totp(user).await?.filter(|totp| totp.active) else { return Ok(false) };
        let mut change = OwnChange::of(self.core(), user).await?;
        let now = change.ctx.now();
        if let Some(step) = totp::verify(&totp.secret, code, now, totp.last_step) {
            change.batch.guard(queries::USE_TOTP, params![user, step, true]);
        } else if let Some(hash) = totp::recovery_hash(code, &user.0) {
            change.batch.guard(queries::USE_RECOVERY, params![user, hash, now]);
            change.audit("user.recovery_code_used", &[&user]);
        } else {
            return Ok(false);
        }
        match change.apply().await {
            Ok(()) => Ok(true),
            Err(store::Error::Guard(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
