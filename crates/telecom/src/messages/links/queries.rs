use store::sql;

sql! {
    /// Its code is its key: whoever follows a link says nothing about the workspace.
    pub(super) INSERT = "INSERT INTO short_link (code, workspace, source, message, contact, number, kind, counted, language, created_at,
            expires_at, target, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (code) DO NOTHING";
    pub(super) FIND = "SELECT workspace, source, message, contact, number, kind, counted, language, expires_at, target, sealed
        FROM short_link WHERE code = $1";
    pub(super) OF_CONTACT = "SELECT code, message, number, kind, created_at, sealed FROM short_link WHERE workspace = $1 AND contact = $2
        ORDER BY created_at, code LIMIT 10000";
    pub(super) ERASE = "DELETE FROM short_link WHERE workspace = $1 AND contact = $2";
    pub(super) DUE = "SELECT contact, created_at, code FROM short_link WHERE workspace = $1 AND created_at < $2 ORDER BY created_at LIMIT $3";
    pub(super) END = "DELETE FROM short_link WHERE workspace = $1 AND code = $2";

    pub(super) CLICK = "INSERT INTO short_click (workspace, source, id, message, number, class, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    pub(super) RECENT = "SELECT CAST(count(DISTINCT number) AS BIGINT) FROM short_click WHERE workspace = $1 AND message = $2 AND at >= $3
        AND number <> $4";
    pub(super) MESSAGE = "SELECT address, sent_at FROM sms_message WHERE workspace = $1 AND id = $2";
    pub(super) CLICKED = "UPDATE sms_message SET clicked_at = $3 WHERE workspace = $1 AND id = $2 AND clicked_at IS NULL";
    pub(super) LEFT = "UPDATE sms_message SET left_at = $3 WHERE workspace = $1 AND id = $2 AND left_at IS NULL";
    pub(super) LAST_OF_CAMPAIGN = "SELECT id, source FROM sms_message WHERE workspace = $1 AND contact = $2 AND source IS NOT NULL
        AND sent_at >= $3 ORDER BY id DESC LIMIT 1";
    pub(in crate::messages) ERASE_CLICKS = "DELETE FROM short_click WHERE workspace = $1 AND message IN
        (SELECT id FROM sms_message WHERE workspace = $1 AND contact = $2)";
    pub(super) DUE_CLICKS = "SELECT NULL, at, source, id FROM short_click WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) END_CLICK = "DELETE FROM short_click WHERE workspace = $1 AND source = $2 AND id = $3";
}
