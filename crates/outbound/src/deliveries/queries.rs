use store::sql;

sql! {
    pub(crate) INSERT_RUN = "INSERT INTO run (workspace, source, channel, purpose, topic, content, content_hash, settings, state, complete,
            not_before, finish_queue, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    pub(crate) GET_RUN = "SELECT workspace, source, channel, purpose, topic, content, content_hash, settings, state, complete, not_before
        FROM run WHERE workspace = $1 AND source = $2";
    pub(crate) LAST_SETTINGS = "SELECT settings FROM run WHERE workspace = $1 AND channel = 'email' ORDER BY created_at DESC LIMIT 1";
    pub(crate) SET_RUN_STATE = "UPDATE run SET state = $3 WHERE workspace = $1 AND source = $2 AND state = $4";
    pub(crate) COMPLETE_RUN = "UPDATE run SET complete = $3 WHERE workspace = $1 AND source = $2";
    pub(crate) FINISH_RUN = "UPDATE run SET state = $3, finished_at = $4 WHERE workspace = $1 AND source = $2 AND state = $5";
    pub(crate) FINISH_QUEUE = "SELECT finish_queue FROM run WHERE workspace = $1 AND source = $2";
    pub(crate) OPEN_RUNS = "SELECT workspace, source FROM run WHERE state < $1";

    pub(crate) INSERT_DELIVERY = "INSERT INTO delivery (workspace, id, source, contact, channel, purpose, topic, content, address, domain,
            state, reason, rule, pack, basis, claim, attempts, due_at, lease_until, created_at, finished_at, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17, 0, $18, $19, $20)
        ON CONFLICT (workspace, contact, source) DO NOTHING";
    /// Claiming is the durable mark that a hand-over may be under way.
    pub(crate) CLAIM = "UPDATE delivery SET state = $6, lease_until = $5, attempts = attempts + 1
        WHERE workspace = $1 AND id IN (SELECT id FROM delivery WHERE workspace = $1 AND source = $2 AND state = $7 AND due_at <= $3
            ORDER BY due_at LIMIT $4 {skip_locked})
        RETURNING id, contact, address, domain, attempts, created_at, sealed";
    pub(crate) SENT = "UPDATE delivery SET state = $3, reason = NULL, status = $4, finished_at = $5, sent_at = $5, lease_until = 0,
            rule = $6, pack = $7, basis = $8, claim = $9
        WHERE workspace = $1 AND id = $2 AND state = $10";
    pub(crate) END = "UPDATE delivery SET state = $3, reason = $4, status = $5, finished_at = $6, lease_until = 0
        WHERE workspace = $1 AND id = $2 AND state = $7";
    pub(crate) RETURN_TO_QUEUE = "UPDATE delivery SET state = $3, reason = $4, status = $5, due_at = $6, lease_until = 0
        WHERE workspace = $1 AND id = $2 AND state = $7";
    pub(crate) BACK_IN_LINE = "UPDATE delivery SET state = $3, reason = $4, due_at = $5, lease_until = 0, attempts = attempts - 1
        WHERE workspace = $1 AND id = $2 AND state = $6";
    pub(crate) RECOVER = "UPDATE delivery SET state = $3, reason = 'process_died', lease_until = 0, finished_at = $4
        WHERE workspace = $1 AND source = $2 AND state = $5 AND lease_until <= $6";
    pub(crate) CANCEL = "UPDATE delivery SET state = $3, reason = 'cancelled', finished_at = $4
        WHERE workspace = $1 AND source = $2 AND state = $5";
    pub(crate) NEXT_DUE = "SELECT min(due_at) FROM delivery WHERE workspace = $1 AND source = $2 AND state = $3";
    /// Answered from the index alone, because people watch it while a million messages leave.
    pub(crate) COUNT = "SELECT state, CAST(count(*) AS BIGINT) FROM delivery WHERE workspace = $1 AND source = $2 GROUP BY state";
    pub(crate) COUNT_REASONS = "SELECT reason, CAST(count(*) AS BIGINT) FROM delivery WHERE workspace = $1 AND source = $2 AND state = $3
        GROUP BY reason";
    pub(crate) LIST = "SELECT id, contact, state, reason, rule, basis, attempts, created_at, sent_at, status FROM delivery
        WHERE workspace = $1 AND source = $2 AND id > $3 ORDER BY id LIMIT $4";
    pub(crate) BY_ID = "SELECT id, source, contact, channel, purpose, topic, content, address, domain, state, sent_at, basis, sealed FROM delivery
        WHERE workspace = $1 AND id = $2";
    pub(crate) OF_CONTACT = "SELECT id, source, channel, purpose, topic, state, reason, rule, pack, basis, claim, created_at, sent_at, status, sealed
        FROM delivery WHERE workspace = $1 AND contact = $2 ORDER BY id";
    pub(crate) ERASE = "DELETE FROM delivery WHERE workspace = $1 AND contact = $2";
    pub(crate) BOUNCE = "UPDATE delivery SET state = $3, reason = $4, status = $5, finished_at = $6 WHERE workspace = $1 AND id = $2";
}
