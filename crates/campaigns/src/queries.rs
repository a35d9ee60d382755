use store::sql;

sql! {
    pub(crate) INSERT = "INSERT INTO campaign (workspace, id, state, topic, segment, draft, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)";
    pub(crate) UPDATE = "UPDATE campaign SET topic = $3, segment = $4, draft = $5, version = version + 1, updated_at = $6
        WHERE workspace = $1 AND id = $2 AND version = $7 AND state = 'draft'";
    pub(crate) DELETE = "DELETE FROM campaign WHERE workspace = $1 AND id = $2 AND state IN ('draft', 'cancelled')";
    pub(crate) GET = "SELECT id, state, draft, version, scheduled_at, created_at, updated_at, started_at, finished_at FROM campaign
        WHERE workspace = $1 AND id = $2";
    pub(crate) LIST = "SELECT id, state, draft, version, scheduled_at, created_at, updated_at, started_at, finished_at FROM campaign
        WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    pub(crate) MOVE = "UPDATE campaign SET state = $3, updated_at = $5 WHERE workspace = $1 AND id = $2 AND state = $4";
    pub(crate) START = "UPDATE campaign SET state = 'preparing', started_at = $3, updated_at = $3, scheduled_at = NULL
        WHERE workspace = $1 AND id = $2 AND state IN ('draft', 'scheduled')";
    pub(crate) SCHEDULE = "UPDATE campaign SET state = 'scheduled', scheduled_at = $3, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND state IN ('draft', 'scheduled')";
    pub(crate) UNSCHEDULE = "UPDATE campaign SET state = 'draft', scheduled_at = NULL, updated_at = $3
        WHERE workspace = $1 AND id = $2 AND state = 'scheduled'";
    pub(crate) FINISH = "UPDATE campaign SET state = 'sent', finished_at = $3, updated_at = $3
        WHERE workspace = $1 AND id = $2 AND state IN ('preparing', 'sending', 'paused')";
    pub(crate) CURSOR = "SELECT cursor FROM campaign WHERE workspace = $1 AND id = $2";
    pub(crate) SET_CURSOR = "UPDATE campaign SET cursor = $3 WHERE workspace = $1 AND id = $2";
}
