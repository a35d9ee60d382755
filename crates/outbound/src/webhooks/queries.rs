use kernel::{EndpointId, EventId, RawId, Timestamp};

store::row! {
    pub(super) struct EndpointRow {
        pub(super) id: EndpointId,
        pub(super) url: Vec<u8>,
        pub(super) kinds: String,
        pub(super) state: String,
        pub(super) reason: Option<String>,
        pub(super) secret: Vec<u8>,
        pub(super) old_secret: Option<Vec<u8>>,
        pub(super) old_until: Option<Timestamp>,
        pub(super) failures: u32,
        pub(super) failing_since: Option<Timestamp>,
        pub(super) hold_until: Timestamp,
        pub(super) created_by: String,
        pub(super) created_at: Timestamp,
        pub(super) updated_at: Timestamp,
        pub(super) shape: Option<String>,
    }
}

store::row! {
    pub(super) struct MessageRow {
        pub(super) seq: i64,
        pub(super) event: EventId,
        pub(super) at: Timestamp,
        pub(super) kind: String,
        pub(super) entity: RawId,
        pub(super) data: String,
        pub(super) state: String,
        pub(super) attempts: u32,
        pub(super) round: i64,
        pub(super) first_at: Option<Timestamp>,
        pub(super) due_at: Timestamp,
    }
}

store::sql! {
    pub(super) INSERT_ENDPOINT = "INSERT INTO endpoint
        (workspace, id, url, kinds, state, secret, failures, hold_until, created_by, created_at, updated_at, shape)
        VALUES ($1, $2, $3, $4, 'active', $5, 0, 0, $6, $7, $7, $8)";
    pub(super) GET_ENDPOINT = "SELECT id, url, kinds, state, reason, secret, old_secret, old_until, failures, failing_since,
        hold_until, created_by, created_at, updated_at, shape FROM endpoint WHERE workspace = $1 AND id = $2";
    pub(super) LIST_ENDPOINTS = "SELECT id, url, kinds, state, reason, secret, old_secret, old_until, failures, failing_since,
        hold_until, created_by, created_at, updated_at, shape FROM endpoint WHERE workspace = $1 ORDER BY id";
    pub(super) ALL_ENDPOINTS = "SELECT workspace, id FROM endpoint ORDER BY workspace, id";
    pub(super) ENDPOINT_WANTS = "SELECT kinds, state, shape FROM endpoint WHERE workspace = $1 AND id = $2";
    pub(super) UPDATE_ENDPOINT = "UPDATE endpoint SET url = $3, kinds = $4, state = $5, reason = $6, failures = $7,
        failing_since = $8, hold_until = $9, updated_at = $10, shape = $11 WHERE workspace = $1 AND id = $2";
    pub(super) ROTATE_SECRET = "UPDATE endpoint SET old_secret = secret, old_until = $4, secret = $3, updated_at = $5
        WHERE workspace = $1 AND id = $2";
    pub(super) ENDPOINT_WORKS = "UPDATE endpoint SET failures = 0, failing_since = NULL, hold_until = 0
        WHERE workspace = $1 AND id = $2 AND failures > 0";
    pub(super) ENDPOINT_FAILED = "UPDATE endpoint SET failures = failures + 1, failing_since = COALESCE(failing_since, $3),
        hold_until = $4 WHERE workspace = $1 AND id = $2";
    pub(super) DISABLE_ENDPOINT = "UPDATE endpoint SET state = 'disabled', reason = $3, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND state = 'active'";
    pub(super) DELETE_ENDPOINT = "DELETE FROM endpoint WHERE workspace = $1 AND id = $2";
    pub(super) DELETE_MESSAGES = "DELETE FROM webhook_message WHERE workspace = $1 AND endpoint = $2";
    pub(super) DELETE_ATTEMPTS = "DELETE FROM webhook_attempt WHERE workspace = $1 AND endpoint = $2";

    pub(super) INSERT_MESSAGE = "INSERT INTO webhook_message
        (workspace, endpoint, seq, event, at, kind, entity, data, state, attempts, round, due_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10)
        ON CONFLICT (workspace, endpoint, seq) DO NOTHING";
    pub(super) GET_MESSAGE = "SELECT seq, event, at, kind, entity, data, state, attempts, round, first_at, due_at
        FROM webhook_message WHERE workspace = $1 AND endpoint = $2 AND seq = $3";
    pub(super) MESSAGE_OF_EVENT = "SELECT seq, event, at, kind, entity, data, state, attempts, round, first_at, due_at
        FROM webhook_message WHERE workspace = $1 AND endpoint = $2 AND event = $3";
    pub(super) LIST_MESSAGES = "SELECT seq, event, at, kind, entity, data, state, attempts, round, first_at, due_at
        FROM webhook_message WHERE workspace = $1 AND endpoint = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4";
    /// The message of an object whose turn it is.
    pub(super) FIRST_WAITING = "SELECT seq, round FROM webhook_message
        WHERE workspace = $1 AND endpoint = $2 AND entity = $3 AND state = 'waiting' ORDER BY seq LIMIT 1";
    pub(super) MESSAGE_DONE = "UPDATE webhook_message SET state = $4, attempts = attempts + 1,
        first_at = COALESCE(first_at, $5), done_at = $6 WHERE workspace = $1 AND endpoint = $2 AND seq = $3";
    pub(super) MESSAGE_FAILED = "UPDATE webhook_message SET attempts = attempts + 1, first_at = COALESCE(first_at, $4),
        due_at = $5 WHERE workspace = $1 AND endpoint = $2 AND seq = $3";
    pub(super) HOLD_MESSAGES = "UPDATE webhook_message SET state = 'held'
        WHERE workspace = $1 AND endpoint = $2 AND state = 'waiting'";
    pub(super) REPLAY_MESSAGE = "UPDATE webhook_message SET state = 'waiting', attempts = 0, round = $4, first_at = NULL,
        done_at = NULL, due_at = $5 WHERE workspace = $1 AND endpoint = $2 AND seq = $3";
    pub(super) MESSAGES_BETWEEN = "SELECT seq, event, at, kind, entity, data, state, attempts, round, first_at, due_at
        FROM webhook_message WHERE workspace = $1 AND endpoint = $2 AND at >= $3 AND at < $4 AND seq > $5
        ORDER BY seq LIMIT $6";
    pub(super) OVERDUE = "SELECT seq, event, at, kind, entity, data, state, attempts, round, first_at, due_at
        FROM webhook_message WHERE workspace = $1 AND endpoint = $2 AND state = 'waiting' AND due_at < $3
        ORDER BY due_at LIMIT $4";
    pub(super) TRIM_MESSAGES = "DELETE FROM webhook_message
        WHERE workspace = $1 AND endpoint = $2 AND at < $3 AND state <> 'waiting'";

    pub(super) INSERT_ATTEMPT = "INSERT INTO webhook_attempt (workspace, endpoint, id, event, at, millis, status, error)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    pub(super) LIST_ATTEMPTS = "SELECT id, event, at, millis, status, error FROM webhook_attempt
        WHERE workspace = $1 AND endpoint = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    pub(super) TRIM_ATTEMPTS = "DELETE FROM webhook_attempt WHERE workspace = $1 AND endpoint = $2 AND at < $3";
}
