store::sql! {
    pub(crate) INSERT_WORKSPACE = "INSERT INTO workspace (workspace, name, slug, language, postal_address, settings,
        second_factor, state, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)";
    pub(crate) GET_WORKSPACE = "SELECT workspace, name, slug, language, postal_address, settings, second_factor, state,
        version, created_at, updated_at FROM workspace WHERE workspace = $1";
    pub(crate) WORKSPACE_BY_SLUG = "SELECT workspace FROM workspace WHERE slug = $1";
    pub(crate) LIST_WORKSPACES = "SELECT workspace FROM workspace WHERE workspace > $1 ORDER BY workspace LIMIT $2";
    pub(crate) UPDATE_WORKSPACE = "UPDATE workspace SET name = $2, language = $3, postal_address = $4, settings = $5,
        second_factor = $6, version = version + 1, updated_at = $7 WHERE workspace = $1 AND version = $8";
    pub(crate) SET_WORKSPACE_STATE = "UPDATE workspace SET state = $2, version = version + 1, updated_at = $3
        WHERE workspace = $1 AND state <> $2";
    pub(crate) ACTIVATE_OWNED = "UPDATE workspace SET state = 'active', version = version + 1, updated_at = $2
        WHERE state = 'pending' AND workspace IN
            (SELECT m.workspace FROM membership m WHERE m.account = $1 AND m.role = 'owner' AND m.state = 'active')";
}
