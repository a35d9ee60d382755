store::sql! {
    pub(super) INSERT = "INSERT INTO smpp_account (workspace, id, system_id, secret, state, settings, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    pub(super) UPDATE = "UPDATE smpp_account SET state = $3, settings = $4, updated_at = $5 WHERE workspace = $1 AND id = $2";
    pub(super) SET_SECRET = "UPDATE smpp_account SET secret = $3, updated_at = $4 WHERE workspace = $1 AND id = $2";
    pub(super) DELETE = "DELETE FROM smpp_account WHERE workspace = $1 AND id = $2";
    pub(super) DELETE_OUTBOX = "DELETE FROM smpp_outbox WHERE workspace = $1 AND account = $2";
    pub(super) GET = "SELECT workspace, id, system_id, state, settings, created_at, updated_at FROM smpp_account WHERE workspace = $1 AND id = $2";
    pub(super) LIST = "SELECT workspace, id, system_id, state, settings, created_at, updated_at FROM smpp_account WHERE workspace = $1
        ORDER BY id LIMIT 200";
    /// Accounts say who they are before anybody knows whose they are.
    pub(super) BY_SYSTEM_ID = "SELECT secret, workspace, id, system_id, state, settings, created_at, updated_at FROM smpp_account
        WHERE system_id = $1";

    pub(super) SUBMITTED = "INSERT INTO smpp_submission (workspace, id, account, message, assembly, receipt, told, at)
        VALUES ($1, $2, $3, $4, $5, $6, '', $7)";
    /// The parts of a message that is whole now.
    pub(super) ASSEMBLED = "UPDATE smpp_submission SET message = $3, assembly = NULL WHERE workspace = $1 AND assembly = $2";
    pub(super) SUBMISSION = "SELECT account, message, receipt FROM smpp_submission WHERE workspace = $1 AND id = $2";
    pub(super) OF_MESSAGE = "SELECT id FROM smpp_submission WHERE workspace = $1 AND message = $2 AND receipt = $3 ORDER BY id";
    pub(crate) ERASE_SUBMISSIONS = "DELETE FROM smpp_submission WHERE workspace = $1 AND message IN
        (SELECT id FROM sms_message WHERE workspace = $1 AND contact = $2)";
    pub(super) DUE_SUBMISSIONS = "SELECT NULL, at, id FROM smpp_submission WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) END_SUBMISSION = "DELETE FROM smpp_submission WHERE workspace = $1 AND id = $2";

    pub(super) RECEIVED = "SELECT contact, number, created_at, sealed FROM sms_inbound WHERE workspace = $1 AND id = $2";

    pub(super) CURSOR = "SELECT seq FROM smpp_cursor WHERE workspace = $1";
    pub(super) BEGIN_CURSOR = "INSERT INTO smpp_cursor (workspace, seq) VALUES ($1, $2) ON CONFLICT (workspace) DO UPDATE SET seq = excluded.seq";
    /// Only whoever stands at `$3` goes on from there: on several nodes each entry is put into the queue once.
    pub(super) MOVE_CURSOR = "UPDATE smpp_cursor SET seq = $2 WHERE workspace = $1 AND seq = $3";
    /// Whoever learns first how a message ended puts the receipt into the queue; the other one finds it told.
    pub(super) ENQUEUE_RECEIPT = "INSERT INTO smpp_outbox (workspace, id, account, submission, received, state, due_at, lease_until, attempts)
        SELECT workspace, CAST($3 AS {id}), account, id, CAST(NULL AS {id}), CAST($4 AS TEXT), CAST($5 AS BIGINT), 0, 0
        FROM smpp_submission WHERE workspace = $1 AND id = $2 AND told <> $4";
    pub(super) TOLD = "UPDATE smpp_submission SET told = $3 WHERE workspace = $1 AND id = $2";
    pub(super) ENQUEUE = "INSERT INTO smpp_outbox (workspace, id, account, submission, received, state, due_at, lease_until, attempts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)";
    pub(super) CLAIM = "UPDATE smpp_outbox SET lease_until = $4, attempts = attempts + 1 WHERE workspace = $1 AND id IN
            (SELECT id FROM smpp_outbox WHERE workspace = $1 AND account = $2 AND due_at <= $3 AND lease_until <= $3
             ORDER BY due_at, id LIMIT $5 {skip_locked})
        RETURNING id, submission, received, state, attempts";
    pub(super) DELIVERED = "DELETE FROM smpp_outbox WHERE workspace = $1 AND id = $2";
    pub(super) LATER = "UPDATE smpp_outbox SET lease_until = 0, due_at = $3 WHERE workspace = $1 AND id = $2";
    pub(super) WAITING = "SELECT CAST(count(*) AS BIGINT) FROM smpp_outbox WHERE workspace = $1 AND account = $2";
}
