store::sql! {
    pub(super) CLAIM = "INSERT INTO verification (workspace, id, service, address, block, country, origin, caller, channel, trial, state, code,
            attempts, max_attempts, sends, terms, log, created_at, sent_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, 1, $14, '[]', $15, $15, $16)";
    /// The one verification of an address that is not over.
    pub(super) LIVE = "SELECT id, sent_at, expires_at FROM verification WHERE workspace = $1 AND service = $2 AND address = $3 AND state = 0";
    /// What was never handed over leaves no trace.
    pub(super) UNDO = "DELETE FROM verification WHERE workspace = $1 AND id = $2 AND contact IS NULL";
    pub(super) LEFT = "UPDATE verification SET contact = $3, channel = $4, log = $5, sealed = COALESCE($6, sealed)
        WHERE workspace = $1 AND id = $2";
    pub(super) GET = "SELECT id, service, contact, country, channel, trial, state, reason, attempts, max_attempts, log, created_at, expires_at,
            finished_at, sends, sent_at, terms, sealed FROM verification WHERE workspace = $1 AND id = $2";
    pub(super) LIST = "SELECT id, service, contact, country, channel, trial, state, reason, attempts, max_attempts, log, created_at, expires_at,
            finished_at, sends, sent_at, terms, sealed FROM verification WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    /// The one place where an attempt is counted: whoever tries at the same time gets no further one.
    pub(super) ATTEMPT = "UPDATE verification SET attempts = attempts + 1
        WHERE workspace = $1 AND id = $2 AND trial = $3 AND state = $4 AND expires_at > $5 AND attempts < max_attempts
        RETURNING code, attempts, max_attempts, contact";
    pub(super) END = "UPDATE verification SET state = $3, reason = $4, finished_at = $5 WHERE workspace = $1 AND id = $2 AND state = $6";
    pub(super) AGAIN = "UPDATE verification SET sends = sends + 1, sent_at = $3
        WHERE workspace = $1 AND id = $2 AND state = $4 AND expires_at > $3 AND sends < $5 AND sent_at <= $6";
    pub(super) NOT_AGAIN = "UPDATE verification SET sends = sends - 1, sent_at = $3 WHERE workspace = $1 AND id = $2";
    pub(super) OVERDUE = "SELECT id, contact FROM verification WHERE workspace = $1 AND state = $2 AND expires_at <= $3
        ORDER BY expires_at LIMIT 500";
    pub(super) NEXT_END = "SELECT min(expires_at) FROM verification WHERE workspace = $1 AND state = $2";

    pub(super) OF_BLOCK = "SELECT state, created_at FROM verification WHERE workspace = $1 AND block = $2 AND trial = $5 AND created_at > $3
        ORDER BY created_at DESC LIMIT $4";
    pub(super) OF_COUNTRY = "SELECT state, created_at FROM verification WHERE workspace = $1 AND country = $2 AND trial = $5 AND created_at > $3
        ORDER BY created_at DESC LIMIT $4";
    pub(super) OF_ADDRESS = "SELECT sent_at, created_at FROM verification WHERE workspace = $1 AND address = $2 AND created_at > $3
        ORDER BY created_at DESC LIMIT $4";
    pub(super) OF_ORIGIN = "SELECT created_at FROM verification WHERE workspace = $1 AND origin = $2 AND created_at > $3
        ORDER BY created_at LIMIT $4";
    pub(super) OF_CALLER = "SELECT created_at FROM verification WHERE workspace = $1 AND caller = $2 AND created_at > $3
        ORDER BY created_at LIMIT $4";

    pub(super) WATCH = "SELECT settings FROM verification_watch WHERE workspace = $1";
    pub(super) SET_WATCH = "INSERT INTO verification_watch (workspace, settings, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (workspace) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at";

    pub(super) INSERT_SERVICE = "INSERT INTO verification_service (workspace, id, name, settings, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5)";
    pub(super) UPDATE_SERVICE = "UPDATE verification_service SET name = $3, settings = $4, updated_at = $5 WHERE workspace = $1 AND id = $2";
    pub(super) DELETE_SERVICE = "DELETE FROM verification_service WHERE workspace = $1 AND id = $2";
    pub(super) GET_SERVICE = "SELECT id, name, settings, created_at, updated_at FROM verification_service WHERE workspace = $1 AND id = $2";
    pub(super) LIST_SERVICES = "SELECT id, name, settings, created_at, updated_at FROM verification_service WHERE workspace = $1
        ORDER BY id LIMIT 200";

    pub(super) OF_CONTACT = "SELECT id, service, contact, country, channel, trial, state, reason, attempts, max_attempts, log, created_at,
            expires_at, finished_at, sends, sent_at, terms, sealed FROM verification WHERE workspace = $1 AND contact = $2 ORDER BY id LIMIT 5000";
    pub(super) ERASE = "DELETE FROM verification WHERE workspace = $1 AND contact = $2";
    pub(super) DUE = "SELECT contact, created_at, id FROM verification WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) DUE_CONTENT = "SELECT contact, created_at, id FROM verification WHERE workspace = $1 AND id < $2 AND sealed IS NOT NULL
        ORDER BY id LIMIT $3";
    pub(super) EMPTY = "UPDATE verification SET sealed = NULL WHERE workspace = $1 AND id = $2";
    pub(super) FORGET = "DELETE FROM verification WHERE workspace = $1 AND id = $2";
}
