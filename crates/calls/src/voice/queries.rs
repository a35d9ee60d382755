use store::sql;

sql! {
    pub(super) INSERT = "INSERT INTO voice_call (workspace, id, contact, direction, purpose, topic, address, country, number, flow, trunk, ring, longest,
            price, trial, state, reason, rule, pack, basis, claim, due_at, expires_at, claimed_at, lease_until, created_at, finished_at, seconds, cost, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, 0, 0, $28)";
    /// Claiming is the durable mark that somebody may be called.
    pub(super) CLAIM = "UPDATE voice_call SET state = $5, claimed_at = $2, lease_until = $2 + (ring + longest + 120) * 1000000
        WHERE workspace = $1 AND id IN (SELECT id FROM voice_call WHERE workspace = $1 AND state = $4 AND due_at <= $2
            ORDER BY due_at LIMIT $3 {skip_locked})
        RETURNING id, contact, purpose, topic, address, country, number, flow, ring, longest, price, trial, expires_at, sealed";
    pub(super) NEXT_DUE = "SELECT min(due_at) FROM voice_call WHERE workspace = $1 AND state = $2";
    pub(super) BACK = "UPDATE voice_call SET state = $3, reason = $4, due_at = $5, lease_until = 0 WHERE workspace = $1 AND id = $2 AND state = $6";
    pub(super) DIALLED = "UPDATE voice_call SET trunk = $3, reason = NULL, rule = $4, pack = $5, basis = $6, claim = $7
        WHERE workspace = $1 AND id = $2";
    pub(super) RINGING = "UPDATE voice_call SET state = $3 WHERE workspace = $1 AND id = $2 AND state = $4";
    pub(super) ANSWERED = "UPDATE voice_call SET state = $3, answered_at = $4 WHERE workspace = $1 AND id = $2 AND answered_at IS NULL";
    pub(super) END = "UPDATE voice_call SET state = $3, reason = $4, status = $5, finished_at = $6, seconds = $7, cost = $8, lease_until = 0
        WHERE workspace = $1 AND id = $2 AND finished_at IS NULL";
    pub(super) CANCEL = "UPDATE voice_call SET state = $3, reason = 'cancelled', finished_at = $4 WHERE workspace = $1 AND id = $2 AND state = $5";
    /// Calls whose process is dead.
    pub(super) RECOVER = "UPDATE voice_call SET state = $2, reason = 'process_died', finished_at = $3, lease_until = 0
        WHERE workspace = $1 AND state IN ($4, $5, $6) AND (lease_until <= $3 OR claimed_at < $7) RETURNING id, price, answered_at";

    pub(super) GET = "SELECT id, contact, direction, purpose, country, number, flow, trunk, price, trial, state, reason, status, rule, basis, claim,
            due_at, created_at, answered_at, finished_at, seconds, cost FROM voice_call WHERE workspace = $1 AND id = $2";
    pub(super) SEALED = "SELECT contact, sealed FROM voice_call WHERE workspace = $1 AND id = $2";
    pub(super) LIST = "SELECT id, contact, direction, purpose, country, number, flow, trunk, price, trial, state, reason, status, rule, basis, claim,
            due_at, created_at, answered_at, finished_at, seconds, cost FROM voice_call WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    pub(super) LIST_OF_CONTACT = "SELECT id, contact, direction, purpose, country, number, flow, trunk, price, trial, state, reason, status, rule, basis, claim,
            due_at, created_at, answered_at, finished_at, seconds, cost FROM voice_call
        WHERE workspace = $1 AND contact = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    pub(super) INSERT_EVENT = "INSERT INTO call_event (workspace, call, id, leg, at, kind, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    pub(super) EVENTS = "SELECT leg, at, kind, detail FROM call_event WHERE workspace = $1 AND call = $2 ORDER BY id LIMIT 1000";

    pub(super) INSERT_RECORDING = "INSERT INTO call_recording (workspace, id, call, contact, seconds, ended, created_at, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    pub(super) RECORDING = "SELECT id, call, contact, seconds, ended, created_at FROM call_recording WHERE workspace = $1 AND id = $2";
    pub(super) RECORDINGS = "SELECT id, call, contact, seconds, ended, created_at FROM call_recording
        WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    pub(super) RECORDINGS_OF_CALL = "SELECT id, call, contact, seconds, ended, created_at FROM call_recording
        WHERE workspace = $1 AND call = $2 ORDER BY id LIMIT 1000";
    pub(super) RECORDING_SOUND = "SELECT sealed FROM call_recording WHERE workspace = $1 AND id = $2";
    pub(super) DELETE_RECORDING = "DELETE FROM call_recording WHERE workspace = $1 AND id = $2";
    pub(super) RECORDINGS_OF = "SELECT id, call, contact, seconds, ended, created_at FROM call_recording WHERE workspace = $1 AND contact = $2 ORDER BY id";
    pub(super) DUE_RECORDINGS = "SELECT contact, created_at, id FROM call_recording WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) ERASE_RECORDINGS = "DELETE FROM call_recording WHERE workspace = $1 AND contact = $2";

    pub(super) OF_CONTACT = "SELECT id, direction, purpose, country, number, state, reason, rule, pack, basis, claim, created_at, answered_at, finished_at,
            seconds, sealed FROM voice_call WHERE workspace = $1 AND contact = $2 ORDER BY id";
    pub(super) ERASE_EVENTS = "DELETE FROM call_event WHERE workspace = $1 AND call IN
        (SELECT id FROM voice_call WHERE workspace = $1 AND contact = $2)";
    pub(super) ERASE = "DELETE FROM voice_call WHERE workspace = $1 AND contact = $2";
    pub(super) DUE = "SELECT contact, created_at, id FROM voice_call WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) DUE_CONTENT = "SELECT contact, created_at, id FROM voice_call WHERE workspace = $1 AND id < $2 AND sealed IS NOT NULL
        ORDER BY id LIMIT $3";
    pub(super) END_EVENTS_OF = "DELETE FROM call_event WHERE workspace = $1 AND call = $2";
    pub(super) END_CALL = "DELETE FROM voice_call WHERE workspace = $1 AND id = $2";
    pub(super) EMPTY_CALL = "UPDATE voice_call SET sealed = NULL WHERE workspace = $1 AND id = $2";
}
