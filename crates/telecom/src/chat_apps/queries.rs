use store::sql;

sql! {
    pub(super) INSERT_CHANNEL = "INSERT INTO chat_channel (workspace, id, app, name, state, settings, access, problem, checked_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, $8, $8)";
    pub(super) UPDATE_CHANNEL = "UPDATE chat_channel SET name = $3, state = $4, settings = $5, access = $6, problem = NULL, updated_at = $7
        WHERE workspace = $1 AND id = $2";
    pub(super) CHECKED = "UPDATE chat_channel SET problem = $3, checked_at = $4 WHERE workspace = $1 AND id = $2";
    pub(super) DELETE_CHANNEL = "DELETE FROM chat_channel WHERE workspace = $1 AND id = $2";
    pub(super) CHANNEL = "SELECT id, app, name, state, settings, problem, checked_at, created_at, updated_at FROM chat_channel
        WHERE workspace = $1 AND id = $2";
    pub(super) CHANNELS = "SELECT id, app, name, state, settings, problem, checked_at, created_at, updated_at FROM chat_channel
        WHERE workspace = $1 ORDER BY id LIMIT 100";
    pub(super) ACCESS = "SELECT access FROM chat_channel WHERE workspace = $1 AND id = $2";
    /// Whose an account is, when an app's server posts to it.
    pub(super) OWNER = "SELECT workspace FROM chat_channel WHERE id = $1";

    pub(super) PERSON = "SELECT address, subject, wrote_at, created_at, seen_at, sealed FROM chat_person
        WHERE workspace = $1 AND channel = $2 AND address = $3";
    pub(super) PEOPLE_OF = "SELECT channel, address, subject, wrote_at, created_at, seen_at, sealed FROM chat_person
        WHERE workspace = $1 AND subject = $2";
    pub(super) INSERT_PERSON = "INSERT INTO chat_person (workspace, channel, address, subject, wrote_at, created_at, seen_at, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7) ON CONFLICT (workspace, channel, address) DO NOTHING";
    pub(super) SAW_PERSON = "UPDATE chat_person SET subject = $4, wrote_at = $5, seen_at = $6, sealed = $7
        WHERE workspace = $1 AND channel = $2 AND address = $3";
    pub(super) ERASE_PEOPLE = "DELETE FROM chat_person WHERE workspace = $1 AND subject = $2";
    pub(super) DUE_PEOPLE = "SELECT subject, seen_at, channel, address FROM chat_person WHERE workspace = $1 AND seen_at < $2 ORDER BY seen_at LIMIT $3";
    pub(super) END_PERSON = "DELETE FROM chat_person WHERE workspace = $1 AND channel = $2 AND address = $3";

    pub(super) INSERT = "INSERT INTO chat_message (workspace, id, channel, subject, address, purpose, state, reason, remote, rule, pack, basis, claim,
            attempts, due_at, lease_until, created_at, sent_at, finished_at, sealed, file)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9, $10, $11, $12, 0, $13, 0, $14, NULL, $15, $16, $17)";
    pub(super) GET = "SELECT id, channel, subject, state, reason, rule, basis, claim, attempts, created_at, sent_at, finished_at
        FROM chat_message WHERE workspace = $1 AND id = $2";
    /// The next of a person's messages: they leave in the order in which they were said.
    pub(super) NEXT = "SELECT id, subject, attempts, due_at, lease_until, created_at, state, sealed, file FROM chat_message
        WHERE workspace = $1 AND channel = $2 AND address = $3 AND state IN ('queued', 'sending') ORDER BY id LIMIT 1";
    /// Claiming is the durable mark that a hand-over may be under way.
    pub(super) CLAIM = "UPDATE chat_message SET state = 'sending', lease_until = $3, attempts = attempts + 1
        WHERE workspace = $1 AND id = $2 AND state = 'queued'";
    pub(super) SENT = "UPDATE chat_message SET state = 'sent', reason = NULL, remote = $3, sent_at = $4, lease_until = 0, rule = $5, pack = $6,
            basis = $7, claim = $8, file = NULL WHERE workspace = $1 AND id = $2 AND state = 'sending'";
    pub(super) END = "UPDATE chat_message SET state = $3, reason = $4, finished_at = $5, lease_until = 0, file = NULL
        WHERE workspace = $1 AND id = $2 AND state = 'sending'";
    pub(super) BACK = "UPDATE chat_message SET state = 'queued', reason = $3, due_at = $4, lease_until = 0
        WHERE workspace = $1 AND id = $2 AND state = 'sending'";
    pub(super) RECOVER = "UPDATE chat_message SET state = 'in_doubt', reason = 'process_died', lease_until = 0, finished_at = $2, file = NULL
        WHERE workspace = $1 AND state = 'sending' AND lease_until <= $3 RETURNING id, subject";
    pub(super) OPEN_LINES = "SELECT DISTINCT channel, address FROM chat_message WHERE workspace = $1 AND state IN ('queued', 'sending') LIMIT 10000";

    pub(super) BY_REMOTE = "SELECT id, subject, state FROM chat_message WHERE workspace = $1 AND channel = $2 AND remote = $3";
    pub(super) MOVED = "UPDATE chat_message SET state = $3, reason = $4, finished_at = $5 WHERE workspace = $1 AND id = $2 AND state = $6";
    pub(super) BEFORE = "SELECT id, subject, state FROM chat_message WHERE workspace = $1 AND channel = $2 AND address = $3
        AND state IN ('sent', 'delivered') AND sent_at <= $4 ORDER BY id LIMIT 200";
    pub(super) KEEP_FATE = "INSERT INTO chat_fate (workspace, id, channel, remote, fate, code, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    pub(super) FATES = "SELECT id, fate, code FROM chat_fate WHERE workspace = $1 AND channel = $2 AND remote = $3 ORDER BY id LIMIT 20";
    pub(super) DROP_FATE = "DELETE FROM chat_fate WHERE workspace = $1 AND id = $2";
    pub(super) DUE_FATES = "SELECT NULL, at, id FROM chat_fate WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";

    pub(super) INSERT_INBOUND = "INSERT INTO chat_inbound (workspace, id, channel, subject, remote, keyword, at, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    pub(super) INBOUND = "SELECT channel, subject, keyword, at, sealed FROM chat_inbound WHERE workspace = $1 AND id = $2";
    pub(super) KNOWN_INBOUND = "SELECT id FROM chat_inbound WHERE workspace = $1 AND channel = $2 AND remote = $3";
    pub(super) INBOUND_OF = "SELECT id, channel, keyword, at, sealed FROM chat_inbound WHERE workspace = $1 AND subject = $2 ORDER BY id";
    pub(super) ERASE_INBOUND = "DELETE FROM chat_inbound WHERE workspace = $1 AND subject = $2";
    pub(super) DUE_INBOUND = "SELECT subject, at, id FROM chat_inbound WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) END_INBOUND = "DELETE FROM chat_inbound WHERE workspace = $1 AND id = $2";

    pub(super) OF_SUBJECT = "SELECT id, channel, purpose, state, reason, rule, pack, basis, claim, created_at, sent_at, finished_at, sealed
        FROM chat_message WHERE workspace = $1 AND subject = $2 ORDER BY id";
    pub(super) ERASE = "DELETE FROM chat_message WHERE workspace = $1 AND subject = $2";
    pub(super) DUE = "SELECT subject, created_at, id FROM chat_message WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) END_MESSAGE = "DELETE FROM chat_message WHERE workspace = $1 AND id = $2";
    pub(super) DUE_CONTENT = "SELECT subject, created_at, id FROM chat_message WHERE workspace = $1 AND id < $2 AND sealed IS NOT NULL
        ORDER BY id LIMIT $3";
    pub(super) EMPTY_MESSAGE = "UPDATE chat_message SET sealed = NULL, file = NULL WHERE workspace = $1 AND id = $2";
}
