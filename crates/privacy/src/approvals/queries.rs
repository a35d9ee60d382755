store::sql! {
    pub(crate) INSERT_APPROVAL = "INSERT INTO sending_approval
        (workspace, id, version, state, country, channel, body, created_by, created_at, updated_at)
        VALUES ($1, $2, 1, 'draft', $3, $4, $5, $6, $7, $7)";
    pub(crate) REWRITE = "UPDATE sending_approval SET version = version + 1, country = $4, channel = $5, body = $6,
        updated_at = $7 WHERE workspace = $1 AND id = $2 AND version = $3 AND state = 'draft'";
    pub(crate) SUBMIT = "UPDATE sending_approval SET version = version + 1, state = 'submitted', reference = $4,
        submitted_at = $5, updated_at = $6 WHERE workspace = $1 AND id = $2 AND version = $3 AND state = 'draft'";
    pub(crate) APPROVE = "UPDATE sending_approval SET version = version + 1, state = 'approved', reference = $4,
        decided_at = $5, expires_at = $6, updated_at = $7
        WHERE workspace = $1 AND id = $2 AND version = $3 AND state = 'submitted'";
    pub(crate) REJECT = "UPDATE sending_approval SET version = version + 1, state = 'rejected', reference = $4,
        decided_at = $5, updated_at = $6
        WHERE workspace = $1 AND id = $2 AND version = $3 AND state IN ('submitted', 'approved')";
    pub(crate) EXPIRE = "UPDATE sending_approval SET version = version + 1, state = 'expired', updated_at = $3
        WHERE workspace = $1 AND id = $2 AND state = 'approved' AND expires_at <= $3";
    pub(crate) EXPIRED = "SELECT id FROM sending_approval
        WHERE workspace = $1 AND state = 'approved' AND expires_at <= $2 LIMIT 1000";
    pub(crate) APPROVAL = "SELECT id, version, state, country, channel, body, reference, submitted_at, decided_at,
        expires_at, created_by, created_at, updated_at FROM sending_approval WHERE workspace = $1 AND id = $2";
    pub(crate) APPROVALS = "SELECT id, version, state, country, channel, body, reference, submitted_at, decided_at,
        expires_at, created_by, created_at, updated_at FROM sending_approval
        WHERE workspace = $1 ORDER BY id DESC LIMIT 1000";
    pub(crate) COUNT = "SELECT CAST(count(*) AS BIGINT) FROM sending_approval WHERE workspace = $1";
    /// What the gate compares countries with: at most a thousand, which creation sees to.
    pub(crate) GRANTED = "SELECT country, channel, expires_at FROM sending_approval
        WHERE workspace = $1 AND state = 'approved' LIMIT 1000";
}
