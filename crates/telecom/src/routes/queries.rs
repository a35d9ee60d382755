use store::sql;

sql! {
    pub(super) INSERT = "INSERT INTO route (workspace, id, name, state, rules, access, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    pub(super) UPDATE = "UPDATE route SET name = $3, state = $4, rules = $5, access = $6, updated_at = $7 WHERE workspace = $1 AND id = $2";
    pub(super) DELETE = "DELETE FROM route WHERE workspace = $1 AND id = $2";
    pub(super) GET = "SELECT id, name, state, rules, created_at, updated_at FROM route WHERE workspace = $1 AND id = $2";
    pub(super) LIST = "SELECT id, name, state, rules, created_at, updated_at FROM route WHERE workspace = $1 ORDER BY id LIMIT 100";
    pub(super) ACCESS = "SELECT access FROM route WHERE workspace = $1 AND id = $2";
}
