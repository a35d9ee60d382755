store::sql! {
    pub(crate) INSERT_ACCOUNT = "INSERT INTO account (id, email, sealed, password, state, language, created_at, updated_at, password_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)";
    pub(crate) ACCOUNT_BY_EMAIL = "SELECT id, sealed, password, state, language FROM account WHERE email = $1";
    pub(crate) ACCOUNT_BY_ID = "SELECT id, sealed, password, state, language FROM account WHERE id = $1";
    pub(crate) ANY_ACCOUNT = "SELECT id FROM account WHERE id > $1 ORDER BY id LIMIT 1";
    pub(crate) SET_PASSWORD = "UPDATE account SET password = $2, updated_at = $3, password_at = $3 WHERE id = $1";
    pub(crate) REHASH_PASSWORD = "UPDATE account SET password = $2, updated_at = $3 WHERE id = $1";
    pub(crate) SET_PROFILE = "UPDATE account SET email = $2, sealed = $3, updated_at = $4 WHERE id = $1";
    pub(crate) SET_LANGUAGE = "UPDATE account SET sealed = $2, language = $3, updated_at = $4 WHERE id = $1";
    pub(crate) CONFIRM_ACCOUNT = "UPDATE account SET state = 'active', updated_at = $2 WHERE id = $1 AND state = 'pending'";
    pub(crate) SET_ACCOUNT_STATE = "UPDATE account SET state = $2, updated_at = $3 WHERE id = $1 AND state <> $2";

    pub(crate) INSERT_TOKEN = "INSERT INTO email_token (id, account, kind, workspace, sealed, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    pub(crate) GET_TOKEN = "SELECT account, kind, workspace, sealed, expires_at, used_at FROM email_token WHERE id = $1";
    pub(crate) USE_TOKEN = "UPDATE email_token SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2";
    pub(crate) VOID_TOKENS = "UPDATE email_token SET used_at = $3 WHERE account = $1 AND kind = $2 AND used_at IS NULL";
    pub(crate) SWEEP_TOKENS = "DELETE FROM email_token WHERE expires_at < $1";

    pub(crate) INSERT_SESSION = "INSERT INTO session (hash, id, account, second_factor, agent, created_at, seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7)";
    pub(crate) GET_SESSION = "SELECT s.id, s.account, s.second_factor, s.created_at, s.seen_at, s.expires_at, a.state
        FROM session s JOIN account a ON a.id = s.account WHERE s.hash = $1";
    pub(crate) LIST_SESSIONS = "SELECT id, second_factor, agent, created_at, seen_at, expires_at FROM session
        WHERE account = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY id";
    pub(crate) TOUCH_SESSION = "UPDATE session SET seen_at = $2 WHERE hash = $1 AND seen_at < $2";
    pub(crate) RAISE_SESSION = "UPDATE session SET second_factor = $3 WHERE account = $1 AND id = $2";
    pub(crate) DELETE_SESSION = "DELETE FROM session WHERE account = $1 AND id = $2";
    pub(crate) DELETE_SESSIONS = "DELETE FROM session WHERE account = $1 AND id <> $2";
    pub(crate) SWEEP_SESSIONS = "DELETE FROM session WHERE expires_at < $1";

    pub(crate) PUT_TOTP = "INSERT INTO totp (account, sealed, active, last_step, created_at) VALUES ($1, $2, $3, 0, $4)
        ON CONFLICT (account) DO UPDATE SET sealed = $2, last_step = 0, created_at = $4 WHERE totp.active = $3";
    pub(crate) GET_TOTP = "SELECT sealed, active, last_step FROM totp WHERE account = $1";
    pub(crate) USE_TOTP = "UPDATE totp SET last_step = $2, active = $3 WHERE account = $1 AND last_step < $2";
    pub(crate) DELETE_TOTP = "DELETE FROM totp WHERE account = $1";
    pub(crate) INSERT_RECOVERY = "INSERT INTO recovery_code (account, hash) VALUES ($1, $2)";
    pub(crate) USE_RECOVERY = "UPDATE recovery_code SET used_at = $3 WHERE account = $1 AND hash = $2 AND used_at IS NULL";
    pub(crate) COUNT_RECOVERY = "SELECT CAST(count(*) AS BIGINT) FROM recovery_code WHERE account = $1 AND used_at IS NULL";
    pub(crate) DELETE_RECOVERY = "DELETE FROM recovery_code WHERE account = $1";

    DELETE_INVITATIONS = "DELETE FROM membership WHERE account = $1 AND state = 'invited'";
    DELETE_TOKENS = "DELETE FROM email_token WHERE account = $1";
    DELETE_ALL_SESSIONS = "DELETE FROM session WHERE account = $1";
    DELETE_PREFERENCE = "DELETE FROM preference WHERE account = $1";
    DELETE_ACCOUNT = "DELETE FROM account WHERE id = $1";
}

/// What goes with an account, beside its memberships.
pub(crate) const DELETE_EVERYTHING: [store::Sql; 8] = [
    DELETE_INVITATIONS,
    DELETE_TOKENS,
    DELETE_ALL_SESSIONS,
    DELETE_TOTP,
    DELETE_RECOVERY,
    DELETE_PREFERENCE,
    crate::views::DELETE_VIEWS_OF,
    DELETE_ACCOUNT,
];
