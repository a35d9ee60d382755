//! The SQL of sending domains.

store::sql! {
    pub(super) INSERT_DOMAIN = "INSERT INTO domain (workspace, id, name, return_path, verified, report, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    pub(super) INSERT_KEY = "INSERT INTO dkim_key (workspace, domain, selector, algorithm, private_key, record, state, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    pub(super) ALL_DOMAINS = "SELECT id, name, return_path, verified, checked_at, report, created_at FROM domain WHERE workspace = $1 ORDER BY name";
    pub(super) DOMAIN = "SELECT id, name, return_path, verified, checked_at, report, created_at FROM domain WHERE workspace = $1 AND id = $2";
    pub(super) DOMAIN_BY_NAME = "SELECT id, name, return_path, verified, checked_at, report, created_at FROM domain WHERE workspace = $1 AND name = $2";
    pub(super) DELETE_DOMAIN = "DELETE FROM domain WHERE workspace = $1 AND id = $2";
    pub(super) DELETE_KEYS = "DELETE FROM dkim_key WHERE workspace = $1 AND domain = $2";
    pub(super) KEYS = "SELECT selector, algorithm, private_key, record, state, retired_at FROM dkim_key WHERE workspace = $1 AND domain = $2 ORDER BY created_at, selector";
    pub(super) ALL_KEYS = "SELECT domain, selector FROM dkim_key WHERE workspace = $1 AND state = $2 ORDER BY domain, selector";
    pub(super) CHECKED = "UPDATE domain SET verified = $3, checked_at = $4, report = $5 WHERE workspace = $1 AND id = $2";
    pub(super) MOVE_KEYS = "UPDATE dkim_key SET state = $4, retired_at = $5 WHERE workspace = $1 AND domain = $2 AND state = $3";
}
