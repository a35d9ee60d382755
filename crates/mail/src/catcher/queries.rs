//! The SQL of the mail catcher.

store::sql! {
    pub(super) INSERT = "INSERT INTO caught_message (workspace, id, delivery, contact, at, sealed) VALUES ($1, $2, $3, $4, $5, $6)";
    pub(super) COUNT = "SELECT CAST(count(*) AS BIGINT) FROM caught_message WHERE workspace = $1";
    pub(super) DROP_OLDEST = "DELETE FROM caught_message WHERE workspace = $1
        AND id IN (SELECT id FROM caught_message WHERE workspace = $1 ORDER BY id LIMIT $2)";
    pub(super) BEFORE = "SELECT id, delivery, at, sealed FROM caught_message WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    pub(super) GET = "SELECT id, delivery, at, sealed FROM caught_message WHERE workspace = $1 AND id = $2";
    pub(super) OF_CONTACT = "SELECT id, delivery, at, sealed FROM caught_message WHERE workspace = $1 AND contact = $2 ORDER BY id";
    pub(super) DUE = "SELECT contact, at, id FROM caught_message WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(super) END = "DELETE FROM caught_message WHERE workspace = $1 AND id = $2";
    pub(super) ERASE = "DELETE FROM caught_message WHERE workspace = $1 AND contact = $2";
}
