use store::sql;

sql! {
    pub(crate) INSERT = "INSERT INTO campaign (workspace, id, state, topic, segment, draft, version, created_at, updated_at, name, subject_line,
        updated_by, channel) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7, $8, $9, $10, $11)";
    pub(crate) UPDATE = "UPDATE campaign SET topic = $3, segment = $4, draft = $5, version = version + 1, updated_at = $6, name = $8,
        subject_line = $9, updated_by = $10 WHERE workspace = $1 AND id = $2 AND version = $7 AND state = 'draft' AND deleted_at IS NULL";
    pub(crate) BIN = "UPDATE campaign SET deleted_at = $3, updated_by = $4 WHERE workspace = $1 AND id = $2 AND state = 'draft'
        AND deleted_at IS NULL";
    pub(crate) RESTORE = "UPDATE campaign SET deleted_at = NULL, updated_by = $3 WHERE workspace = $1 AND id = $2
        AND deleted_at IS NOT NULL";
    pub(crate) BINNED = "SELECT NULL, deleted_at, id FROM campaign WHERE workspace = $1 AND deleted_at < $2 ORDER BY deleted_at LIMIT $3";
    pub(crate) END = "DELETE FROM campaign WHERE workspace = $1 AND id = $2 AND deleted_at IS NOT NULL";
    pub(crate) GET = "SELECT id, state, draft, version, scheduled_at, created_at, updated_at, started_at, finished_at, updated_by,
        tested_at, tested_version, deleted_at, halted_by FROM campaign WHERE workspace = $1 AND id = $2";
    /// A campaign made before names had a column of their own is read whole.
    pub(crate) HEADS = "SELECT id, state, name, subject_line, CASE WHEN name IS NULL THEN draft ELSE NULL END, scheduled_at, created_at,
        updated_at, started_at, finished_at, deleted_at, channel FROM campaign WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    pub(crate) DELETE_UNCHANGED = "DELETE FROM campaign WHERE workspace = $1 AND id = $2 AND state = 'draft' AND version = 1";
    pub(crate) USER_OF_SEGMENT = "SELECT id FROM campaign WHERE workspace = $1 AND segment = $2 LIMIT 1";
    pub(crate) USER_OF_TOPIC = "SELECT id FROM campaign WHERE workspace = $1 AND topic = $2 LIMIT 1";
    pub(crate) TESTED = "UPDATE campaign SET tested_at = $3, tested_version = $4 WHERE workspace = $1 AND id = $2";
    pub(crate) MOVE = "UPDATE campaign SET state = $3, updated_at = $5 WHERE workspace = $1 AND id = $2 AND state = $4";
    pub(crate) START = "UPDATE campaign SET state = 'preparing', started_at = $3, updated_at = $3, scheduled_at = NULL
        WHERE workspace = $1 AND id = $2 AND state IN ('draft', 'scheduled') AND deleted_at IS NULL";
    pub(crate) SCHEDULE = "UPDATE campaign SET state = 'scheduled', scheduled_at = $3, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND state IN ('draft', 'scheduled') AND deleted_at IS NULL";
    pub(crate) UNSCHEDULE = "UPDATE campaign SET state = 'draft', scheduled_at = NULL, updated_at = $3
        WHERE workspace = $1 AND id = $2 AND state = 'scheduled'";
    pub(crate) FINISH = "UPDATE campaign SET state = 'sent', finished_at = $3, updated_at = $3
        WHERE workspace = $1 AND id = $2 AND state IN ('preparing', 'sending', 'paused')";
    pub(crate) HALT = "UPDATE campaign SET halted_by = $3 WHERE workspace = $1 AND id = $2";
    pub(crate) CURSOR = "SELECT cursor FROM campaign WHERE workspace = $1 AND id = $2";
    pub(crate) SET_CURSOR = "UPDATE campaign SET cursor = $3 WHERE workspace = $1 AND id = $2";
}
