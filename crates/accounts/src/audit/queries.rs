store::sql! {
    pub(crate) INSERT_AUDIT = "INSERT INTO audit (workspace, id, at, actor, action, objects, detail)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    pub(crate) DUE_AUDIT = "SELECT NULL, at, id FROM audit WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    pub(crate) END_AUDIT = "DELETE FROM audit WHERE workspace = $1 AND id = $2";
    pub(crate) LIST_AUDIT = "SELECT id, at, actor, action, objects, detail FROM audit
        WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}
