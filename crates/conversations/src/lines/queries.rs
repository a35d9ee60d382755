store::sql! {
    pub(crate) FIND = "SELECT conversation FROM conversation_line WHERE workspace = $1 AND line = $2";
    /// Whoever begins a line's conversation second finds the row of the first.
    pub(crate) CLAIM = "INSERT INTO conversation_line (workspace, line, conversation, subject, at) VALUES ($1, $2, $3, $4, $5)";
    pub(crate) FREE = "DELETE FROM conversation_line WHERE workspace = $1 AND line = $2 AND conversation = $3";
    pub(crate) END_LINES = "DELETE FROM conversation_line WHERE workspace = $1 AND conversation = $2";
    pub(crate) ERASE_LINES = "DELETE FROM conversation_line WHERE workspace = $1 AND subject = $2";

    pub(crate) INSERT = "INSERT INTO conversation_delivery (workspace, conversation, seq, subject, message, state, reason, parts, price, at)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, 0, 0, $7)";
    pub(crate) WAITING = "SELECT conversation, seq, message, state, reason, parts, price, at FROM conversation_delivery
        WHERE workspace = $1 AND conversation = $2 AND state = 'waiting' ORDER BY seq LIMIT 50";
    pub(crate) BETWEEN = "SELECT conversation, seq, message, state, reason, parts, price, at FROM conversation_delivery
        WHERE workspace = $1 AND conversation = $2 AND seq >= $3 AND seq <= $4 ORDER BY seq";
    pub(crate) BY_MESSAGE = "SELECT conversation, seq, message, state, reason, parts, price, at FROM conversation_delivery
        WHERE workspace = $1 AND message = $2";
    /// What the channel told meanwhile stands.
    pub(crate) TAKEN = "UPDATE conversation_delivery SET reason = CASE WHEN state = 'waiting' THEN $5 ELSE reason END,
            state = CASE WHEN state = 'waiting' THEN $4 ELSE state END, parts = $6, price = $7, at = $8
        WHERE workspace = $1 AND conversation = $2 AND seq = $3";
    pub(crate) MOVED = "UPDATE conversation_delivery SET state = $4, reason = $5, at = $6
        WHERE workspace = $1 AND conversation = $2 AND seq = $3";
    pub(crate) END_DELIVERIES = "DELETE FROM conversation_delivery WHERE workspace = $1 AND conversation = $2";
    pub(crate) ERASE_DELIVERIES = "DELETE FROM conversation_delivery WHERE workspace = $1 AND subject = $2";
}
