//! The SQL of messages that came in.

store::sql! {
    pub(super) INSERT = "INSERT INTO inbound_message (workspace, id, digest, contact, delivery, way, kind, attention, created_at, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (workspace, digest) DO NOTHING";
    pub(super) GET = "SELECT id, contact, delivery, way, kind, intent, created_at, handled_at, sealed FROM inbound_message
        WHERE workspace = $1 AND id = $2";
    pub(super) HANDLED = "UPDATE inbound_message SET kind = $3, intent = $4, attention = $5, handled_at = $6,
        severity = $7, triage = $8, decision = $9 WHERE workspace = $1 AND id = $2";
    pub(super) EMPTY = "UPDATE inbound_message SET sealed = NULL WHERE workspace = $1 AND id = $2";
    pub(super) CLAIM = "UPDATE inbound_message SET claimed_at = $3
        WHERE workspace = $1 AND id = $2 AND attention = $4 AND (claimed_at IS NULL OR claimed_at <= $5)";
    pub(super) GIVE_BACK = "UPDATE inbound_message SET claimed_at = NULL WHERE workspace = $1 AND id = $2 AND claimed_at = $3";
    pub(super) SETTLE = "UPDATE inbound_message SET attention = $3, decision = $4, settled_at = $5
        WHERE workspace = $1 AND id = $2 AND attention = $6 AND claimed_at = $7";
    pub(super) WAITING = "SELECT id, contact, delivery, kind, intent, severity, triage, decision, created_at, settled_at, attention
        FROM inbound_message WHERE workspace = $1 AND id < $2 AND attention = $3 AND kind IN ('reply', 'complaint', 'bounce')
        AND ($4 = '' OR intent = $4) AND ($5 = '' OR severity = $5) ORDER BY id DESC LIMIT $6";
    pub(super) ONE = "SELECT id, contact, delivery, kind, intent, severity, triage, decision, created_at, settled_at, attention
        FROM inbound_message WHERE workspace = $1 AND id = $2";
    pub(super) OF_CONTACT = "SELECT id, contact, delivery, way, kind, intent, created_at, handled_at, sealed FROM inbound_message
        WHERE workspace = $1 AND contact = $2 ORDER BY id";
    pub(super) DUE = "SELECT contact, created_at, id FROM inbound_message WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) END = "DELETE FROM inbound_message WHERE workspace = $1 AND id = $2";
    pub(super) ERASE = "DELETE FROM inbound_message WHERE workspace = $1 AND contact = $2";
    /// Across workspaces: nothing but the domain tells whose plain address it is.
    pub(super) WHOSE = "SELECT workspace, verified FROM domain WHERE name = $1 OR return_path = $1 ORDER BY workspace";
}
