use store::sql;

sql! {
    pub(super) INSERT = "INSERT INTO sms_message (workspace, id, contact, purpose, topic, address, country, network, originator, encoding, parts,
            price, trial, state, reason, rule, pack, basis, claim, attempts, due_at, expires_at, lease_until, created_at, finished_at, sealed, source)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0, $20, $21, 0, $22, $23, $24, $25)";
    /// Claiming is the durable mark that a hand-over may be under way.
    pub(super) CLAIM = "UPDATE sms_message SET state = $5, lease_until = $4, attempts = attempts + 1
        WHERE workspace = $1 AND id IN (SELECT id FROM sms_message WHERE workspace = $1 AND state = $6 AND due_at <= $2
            ORDER BY due_at LIMIT $3 {skip_locked})
        RETURNING id, contact, purpose, topic, address, network, originator, encoding, parts, price, trial, attempts, expires_at, sealed, source";
    pub(super) NEXT_DUE = "SELECT min(due_at) FROM sms_message WHERE workspace = $1 AND state = $2";
    pub(super) SENT = "UPDATE sms_message SET state = $3, reason = NULL, route = $4, sent_at = $5, due_at = $6, lease_until = 0,
            rule = $7, pack = $8, basis = $9, claim = $10, cost = $12 WHERE workspace = $1 AND id = $2 AND state = $11";
    pub(super) END = "UPDATE sms_message SET state = $3, reason = $4, route = $5, finished_at = $6, lease_until = 0, cost = $8
        WHERE workspace = $1 AND id = $2 AND state = $7";
    pub(super) BACK = "UPDATE sms_message SET state = $3, reason = $4, due_at = $5, lease_until = 0, attempts = attempts - $6
        WHERE workspace = $1 AND id = $2 AND state = $7";
    pub(super) INSERT_PART = "INSERT INTO sms_part (workspace, message, number, route, remote, state, code, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace, message, number) DO NOTHING";
    pub(super) INSERT_ATTEMPT = "INSERT INTO sms_attempt (workspace, message, id, at, route, outcome) VALUES ($1, $2, $3, $4, $5, $6)";
    /// Messages whose worker is dead, with what is needed to settle them.
    pub(super) RECOVER = "UPDATE sms_message SET state = $2, reason = 'process_died', lease_until = 0, finished_at = $3, cost = price
        WHERE workspace = $1 AND state = $4 AND lease_until <= $5 RETURNING id, price";
    pub(super) ROUTED = "UPDATE sms_message SET due_at = $2 WHERE workspace = $1 AND state = $3 AND reason = 'no_route' AND due_at > $2";
    pub(super) OVERDUE = "SELECT id FROM sms_message WHERE workspace = $1 AND state = $2 AND due_at <= $3 ORDER BY due_at LIMIT 500";
    pub(super) EXPIRE = "UPDATE sms_message SET state = $3, reason = $4, finished_at = $5 WHERE workspace = $1 AND id = $2 AND state = $6
        RETURNING contact, source";
    pub(super) CANCEL = "UPDATE sms_message SET state = $3, reason = 'cancelled', finished_at = $4
        WHERE workspace = $1 AND id = $2 AND state = $5";

    pub(super) GET = "SELECT id, contact, purpose, country, originator, encoding, parts, price, trial, state, reason, rule, basis, claim, route,
            attempts, due_at, expires_at, created_at, sent_at, finished_at, source FROM sms_message WHERE workspace = $1 AND id = $2";
    pub(super) SEALED = "SELECT contact, sealed FROM sms_message WHERE workspace = $1 AND id = $2";
    pub(super) LIST = "SELECT id, contact, purpose, country, originator, encoding, parts, price, trial, state, reason, rule, basis, claim, route,
            attempts, due_at, expires_at, created_at, sent_at, finished_at, source FROM sms_message
        WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    pub(super) LIST_OF_CONTACT = "SELECT id, contact, purpose, country, originator, encoding, parts, price, trial, state, reason, rule, basis,
            claim, route, attempts, due_at, expires_at, created_at, sent_at, finished_at, source FROM sms_message
        WHERE workspace = $1 AND contact = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    pub(super) LIST_IN_STATE = "SELECT id, contact, purpose, country, originator, encoding, parts, price, trial, state, reason, rule, basis,
            claim, route, attempts, due_at, expires_at, created_at, sent_at, finished_at, source FROM sms_message
        WHERE workspace = $1 AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    pub(super) LIST_OF_SOURCE = "SELECT id, contact, purpose, country, originator, encoding, parts, price, trial, state, reason, rule, basis,
            claim, route, attempts, due_at, expires_at, created_at, sent_at, finished_at, source FROM sms_message
        WHERE workspace = $1 AND source = $2 AND state = $3 AND id > $4 ORDER BY id LIMIT $5";
    pub(super) LAST_SEALED = "SELECT sealed FROM sms_message WHERE workspace = $1 AND contact = $2 AND sent_at IS NOT NULL
        ORDER BY id DESC LIMIT 1";
    pub(super) KNOWN_SENDER = "SELECT originator FROM sms_message WHERE workspace = $1 AND contact = $2 ORDER BY id DESC LIMIT 1";
    pub(super) PARTS = "SELECT number, route, state, code, at, done_at FROM sms_part WHERE workspace = $1 AND message = $2 ORDER BY number";
    pub(super) ATTEMPTS = "SELECT at, route, outcome FROM sms_attempt WHERE workspace = $1 AND message = $2 ORDER BY id LIMIT 200";
    pub(super) PART_STATES = "SELECT state, code FROM sms_part WHERE workspace = $1 AND message = $2";

    /// The latest part with this id: operators use ids again after months.
    pub(super) PART_BY_REMOTE = "SELECT message, number FROM sms_part WHERE workspace = $1 AND route = $2 AND remote = $3
        ORDER BY at DESC LIMIT 1";
    pub(super) WAITING_BY_REMOTE = "SELECT message, number FROM sms_part WHERE workspace = $1 AND route = $2 AND remote = $3
        AND state IN ('sent', 'expired', 'unknown') ORDER BY at DESC LIMIT 1";
    pub(super) PART_DONE = "UPDATE sms_part SET state = $4, code = $5, done_at = $6 WHERE workspace = $1 AND message = $2 AND number = $3
        AND state IN ('sent', 'expired', 'unknown')";
    pub(super) PARTS_DONE = "UPDATE sms_part SET state = $3, code = $4, done_at = $5 WHERE workspace = $1 AND message = $2
        AND state IN ('sent', 'expired', 'unknown')";
    pub(super) SETTLE_STATE = "UPDATE sms_message SET state = $3, reason = $4, finished_at = $5 WHERE workspace = $1 AND id = $2
        AND state IN ($6, $7, $8) RETURNING contact, source";

    pub(super) KEEP_RECEIPT = "INSERT INTO sms_receipt (workspace, id, route, remote, fate, code, at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    pub(super) RECEIPTS = "SELECT id, route, remote, fate, code, at FROM sms_receipt WHERE workspace = $1 AND next_at <= $2
        ORDER BY next_at LIMIT $3";
    pub(super) NEXT_RECEIPT = "SELECT min(next_at) FROM sms_receipt WHERE workspace = $1";
    pub(super) LATER_RECEIPT = "UPDATE sms_receipt SET next_at = $3 WHERE workspace = $1 AND id = $2";
    pub(super) DROP_RECEIPT = "DELETE FROM sms_receipt WHERE workspace = $1 AND id = $2";
    pub(super) DUE_RECEIPTS = "SELECT NULL, at, id FROM sms_receipt WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";

    pub(super) COUNT = "INSERT INTO sms_count (workspace, day, what, parts) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, day, what) DO UPDATE SET parts = sms_count.parts + excluded.parts RETURNING parts";
    pub(super) DUE_COUNTS = "SELECT NULL, day, day, what FROM sms_count WHERE workspace = $1 AND day < $2 ORDER BY day LIMIT $3";
    pub(super) END_COUNT = "DELETE FROM sms_count WHERE workspace = $1 AND day = $2 AND what = $3";

    pub(super) INSERT_INBOUND = "INSERT INTO sms_inbound (workspace, id, contact, route, number, keyword, intent, missing, created_at, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    pub(super) LIST_INBOUND = "SELECT id, contact, route, number, keyword, intent, missing, created_at, sealed FROM sms_inbound
        WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    pub(super) GET_INBOUND = "SELECT id, contact, route, number, keyword, intent, missing, created_at, sealed FROM sms_inbound
        WHERE workspace = $1 AND id = $2";
    pub(super) INBOUND_OF = "SELECT id, contact, route, number, keyword, intent, missing, created_at, sealed FROM sms_inbound
        WHERE workspace = $1 AND contact = $2 ORDER BY id";
    pub(super) KEEP_PART = "INSERT INTO sms_inbound_part (workspace, address, number, reference, total, part, at, done, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (workspace, address, number, reference, total, part) DO NOTHING";
    pub(super) KEPT_PARTS = "SELECT part, at, done, sealed FROM sms_inbound_part WHERE workspace = $1 AND address = $2 AND number = $3
        AND reference = $4 AND total = $5 ORDER BY part";
    pub(super) PARTS_TAKEN = "UPDATE sms_inbound_part SET done = $6 WHERE workspace = $1 AND address = $2 AND number = $3
        AND reference = $4 AND total = $5";
    /// Whoever marks the first part keeps the whole; somebody else at the same time does not.
    pub(super) TAKE_PARTS = "UPDATE sms_inbound_part SET done = $6 WHERE workspace = $1 AND address = $2 AND number = $3
        AND reference = $4 AND total = $5 AND part = 1 AND done = $7";
    pub(super) FORGET_PARTS = "DELETE FROM sms_inbound_part WHERE workspace = $1 AND address = $2 AND number = $3
        AND reference = $4 AND total = $5";
    pub(super) DUE_PARTS = "SELECT NULL, at, address, number, reference, total, part FROM sms_inbound_part WHERE workspace = $1 AND at < $2
        ORDER BY at LIMIT $3";
    pub(super) END_PART = "DELETE FROM sms_inbound_part WHERE workspace = $1 AND address = $2 AND number = $3 AND reference = $4
        AND total = $5 AND part = $6";

    pub(super) OF_CONTACT = "SELECT id, purpose, country, originator, parts, state, reason, rule, pack, basis, claim, created_at, sent_at, finished_at,
            sealed, source, clicked_at, left_at FROM sms_message WHERE workspace = $1 AND contact = $2 ORDER BY id";
    pub(super) ERASE_PARTS = "DELETE FROM sms_part WHERE workspace = $1 AND message IN
        (SELECT id FROM sms_message WHERE workspace = $1 AND contact = $2)";
    pub(super) ERASE_ATTEMPTS = "DELETE FROM sms_attempt WHERE workspace = $1 AND message IN
        (SELECT id FROM sms_message WHERE workspace = $1 AND contact = $2)";
    pub(super) ERASE = "DELETE FROM sms_message WHERE workspace = $1 AND contact = $2";
    pub(super) ERASE_INBOUND = "DELETE FROM sms_inbound WHERE workspace = $1 AND contact = $2";
    pub(super) DUE = "SELECT contact, created_at, id FROM sms_message WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) DUE_CONTENT = "SELECT contact, created_at, id FROM sms_message WHERE workspace = $1 AND id < $2 AND sealed IS NOT NULL
        ORDER BY id LIMIT $3";
    pub(super) END_PARTS_OF = "DELETE FROM sms_part WHERE workspace = $1 AND message = $2";
    pub(super) END_ATTEMPTS_OF = "DELETE FROM sms_attempt WHERE workspace = $1 AND message = $2";
    pub(super) END_MESSAGE = "DELETE FROM sms_message WHERE workspace = $1 AND id = $2";
    pub(super) EMPTY_MESSAGE = "UPDATE sms_message SET sealed = NULL WHERE workspace = $1 AND id = $2";
    pub(super) DUE_INBOUND = "SELECT contact, created_at, id FROM sms_inbound WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) END_INBOUND = "DELETE FROM sms_inbound WHERE workspace = $1 AND id = $2";
}
