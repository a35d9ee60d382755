store::sql! {
    pub(crate) INSERT_ASSESSMENT = "INSERT INTO assessment
        (workspace, id, version, state, purpose, body, created_by, created_at, updated_at)
        VALUES ($1, $2, 1, 'draft', $3, $4, $5, $6, $6)";
    pub(crate) INSERT_VERSION = "INSERT INTO assessment_version
        (workspace, id, version, purpose, body, reviewer, start, expires_at, actor, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    pub(crate) REWRITE_DRAFT = "UPDATE assessment SET version = version + 1, purpose = $4, body = $5, updated_at = $6
        WHERE workspace = $1 AND id = $2 AND version = $3 AND state = 'draft'";
    pub(crate) APPROVE = "UPDATE assessment SET version = version + 1, state = 'live', reviewer = $4, start = $5,
        expires_at = $6, updated_at = $7 WHERE workspace = $1 AND id = $2 AND version = $3 AND state = 'draft'";
    pub(crate) RENEW = "UPDATE assessment SET version = version + 1, body = $4, reviewer = $5, start = $6,
        expires_at = $7, updated_at = $8 WHERE workspace = $1 AND id = $2 AND version = $3 AND state = 'live'";
    pub(crate) END = "UPDATE assessment SET version = version + 1, state = 'ended', ended_at = $4, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND version = $3 AND state <> 'ended'";
    pub(crate) ASSESSMENT = "SELECT id, version, state, purpose, body, reviewer, start, expires_at, ended_at,
        created_by, created_at, updated_at FROM assessment WHERE workspace = $1 AND id = $2";
    pub(crate) ASSESSMENTS = "SELECT id, version, state, purpose, body, reviewer, start, expires_at, ended_at,
        created_by, created_at, updated_at FROM assessment WHERE workspace = $1 ORDER BY id DESC LIMIT 1000";
    pub(crate) VERSIONS = "SELECT version, purpose, body, reviewer, start, expires_at, actor, at
        FROM assessment_version WHERE workspace = $1 AND id = $2 ORDER BY version DESC LIMIT 1000";
    pub(crate) COUNT = "SELECT CAST(count(*) AS BIGINT) FROM assessment WHERE workspace = $1";
    /// What the gate weighs claims against: at most a thousand, which creation sees to.
    pub(crate) RECORDED = "SELECT id, purpose, start, expires_at, ended_at FROM assessment
        WHERE workspace = $1 AND state <> 'draft' LIMIT 1000";
}
