store::sql! {
    pub(crate) INSERT_MEMBER = "INSERT INTO membership (workspace, id, account, role, state, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)";
    pub(crate) LIST_MEMBERS = "SELECT m.id, m.account, m.role, m.state, m.created_at, a.sealed, a.state, t.active
        FROM membership m JOIN account a ON a.id = m.account LEFT JOIN totp t ON t.account = m.account
        WHERE m.workspace = $1 AND m.id > $2 ORDER BY m.id LIMIT $3";
    pub(crate) GET_MEMBER = "SELECT account, role, state FROM membership WHERE workspace = $1 AND id = $2";
    pub(crate) MEMBERSHIPS_OF = "SELECT m.workspace, m.id, m.role, w.name, w.slug, w.state, w.second_factor
        FROM membership m JOIN workspace w ON w.workspace = m.workspace
        WHERE m.account = $1 AND m.state = 'active' ORDER BY m.workspace";
    pub(crate) ACCESS = "SELECT m.id, m.role, w.state, w.second_factor, w.settings, COALESCE(a.password_at, a.created_at)
        FROM membership m JOIN workspace w ON w.workspace = m.workspace JOIN account a ON a.id = m.account
        WHERE m.account = $1 AND m.workspace = $2 AND m.state = 'active'";
    pub(crate) JOIN_MEMBER = "UPDATE membership SET state = 'active', updated_at = $3
        WHERE account = $1 AND workspace = $2 AND state = 'invited'";
    pub(crate) SET_ROLE = "UPDATE membership SET role = $3, updated_at = $4 WHERE workspace = $1 AND id = $2
        AND (role <> 'owner' OR CAST($3 AS TEXT) = 'owner' OR EXISTS (SELECT 1 FROM membership o
            WHERE o.workspace = $1 AND o.id <> $2 AND o.role = 'owner' AND o.state = 'active'))";
    pub(crate) DELETE_MEMBER = "DELETE FROM membership WHERE workspace = $1 AND id = $2
        AND (role <> 'owner' OR EXISTS (SELECT 1 FROM membership o
            WHERE o.workspace = $1 AND o.id <> $2 AND o.role = 'owner' AND o.state = 'active'))";
}
