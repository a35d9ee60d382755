store::sql! {
    pub(super) INSERT_BULK = "INSERT INTO bulk (workspace, id, action, state, total, done, changed, skipped, failed, people, result,
            result_parts, error, started_by, created_at, updated_at)
        VALUES ($1, $2, $3, 'running', $4, 0, 0, 0, 0, $5, $6, 0, NULL, $7, $8, $8)";
    pub(super) BULK = "SELECT id, action, state, total, done, changed, skipped, failed, people, result, result_parts, error, started_by,
            created_at, updated_at FROM bulk WHERE workspace = $1 AND id = $2";
    pub(super) BULKS = "SELECT id, action, state, total, done, changed, skipped, failed, people, result, result_parts, error, started_by,
            created_at, updated_at FROM bulk WHERE workspace = $1 ORDER BY id DESC LIMIT $2";
    /// Only from the place it was read at: a job that was cancelled or moved on by another worker stays as it is.
    pub(super) MOVE = "UPDATE bulk SET done = $3, changed = $4, skipped = $5, failed = $6, result_parts = $7, updated_at = $8
        WHERE workspace = $1 AND id = $2 AND state = 'running' AND done = $9";
    pub(super) END = "UPDATE bulk SET state = $3, error = $4, updated_at = $5 WHERE workspace = $1 AND id = $2 AND state = 'running'";
    /// What was exported may hold the person, and no statement can look inside: all of it goes. The parameter that
    /// names the person is read only because every statement of an erasure has it.
    pub(super) ERASE_EXPORTS = "DELETE FROM import_part WHERE workspace = $1 AND CAST($2 AS {id}) IS NOT NULL
        AND file IN (SELECT result FROM bulk WHERE workspace = $1)";
    pub(super) IS_THERE = "SELECT id FROM contact WHERE workspace = $1 AND id = $2";
}
