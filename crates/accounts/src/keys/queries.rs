store::sql! {
    pub(crate) INSERT_KEY = "INSERT INTO api_key (workspace, id, name, hash, scopes, created_by, created_at, expires_at, test)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    pub(crate) FIND_KEY = "SELECT k.workspace, k.hash, k.scopes, k.expires_at, k.used_at, k.revoked_at, w.state, k.test
        FROM api_key k JOIN workspace w ON w.workspace = k.workspace WHERE k.id = $1";
    pub(crate) LIST_KEYS = "SELECT id, name, scopes, created_by, created_at, expires_at, used_at, test FROM api_key
        WHERE workspace = $1 AND revoked_at IS NULL ORDER BY id";
    pub(crate) REVOKE_KEY = "UPDATE api_key SET revoked_at = $3 WHERE workspace = $1 AND id = $2 AND revoked_at IS NULL";
    pub(crate) TOUCH_KEY = "UPDATE api_key SET used_at = $3 WHERE workspace = $1 AND id = $2";
}
