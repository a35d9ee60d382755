use store::sql;

sql! {
    pub(super) INSERT = "INSERT INTO sequence (workspace, id, state, draft, version, created_at, updated_at)
        VALUES ($1, $2, 'draft', $3, 1, $4, $4)";
    pub(super) UPDATE = "UPDATE sequence SET draft = $3, version = version + 1, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND version = $5 AND state = 'draft'";
    pub(super) DELETE = "DELETE FROM sequence WHERE workspace = $1 AND id = $2 AND state = 'draft'";
    pub(crate) GET = "SELECT id, state, draft, version, created_at, updated_at, started_at, ended_at FROM sequence
        WHERE workspace = $1 AND id = $2";
    pub(super) LIST = "SELECT id, state, draft, version, created_at, updated_at, started_at, ended_at FROM sequence
        WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    pub(super) START = "UPDATE sequence SET state = 'running', started_at = $3, updated_at = $3, ended_at = NULL
        WHERE workspace = $1 AND id = $2 AND state = 'draft'";
    pub(super) MOVE = "UPDATE sequence SET state = $3, updated_at = $5 WHERE workspace = $1 AND id = $2 AND state = $4";
    pub(super) END = "UPDATE sequence SET state = 'ended', ended_at = $3, updated_at = $3
        WHERE workspace = $1 AND id = $2 AND state = 'running'";
    pub(super) CURSOR = "SELECT cursor FROM sequence WHERE workspace = $1 AND id = $2";
    pub(super) SET_CURSOR = "UPDATE sequence SET cursor = $3 WHERE workspace = $1 AND id = $2";

    pub(super) ENROL = "INSERT INTO sequence_person (workspace, sequence, contact, state, step, due_at, enrolled_at, updated_at)
        VALUES ($1, $2, $3, 'waiting', 0, $4, $5, $5) ON CONFLICT (workspace, sequence, contact) DO NOTHING
        RETURNING contact";
    pub(super) DUE = "SELECT contact, enrolled_at FROM sequence_person
        WHERE workspace = $1 AND sequence = $2 AND state = 'waiting' AND step = $3 AND due_at <= $4 ORDER BY due_at LIMIT $5";
    pub(super) NEXT_DUE = "SELECT min(due_at) FROM sequence_person WHERE workspace = $1 AND sequence = $2 AND state = 'waiting'";
    pub(super) JOIN_WAVE = "UPDATE sequence_person SET state = 'sending', wave = $4, updated_at = $6
        WHERE workspace = $1 AND sequence = $2 AND contact = $3 AND state = 'waiting' AND step = $5";
    pub(super) OF_WAVE = "SELECT contact, first FROM sequence_person
        WHERE workspace = $1 AND sequence = $2 AND wave = $3 AND state = 'sending'";
    pub(super) SENT = "UPDATE sequence_person SET state = 'waiting', step = $4, due_at = $5, first = coalesce(first, $6), wave = NULL,
        updated_at = $8 WHERE workspace = $1 AND sequence = $2 AND contact = $3 AND state = 'sending' AND wave = $7 RETURNING contact";
    pub(super) COMPLETED = "UPDATE sequence_person SET state = 'completed', step = $4, reason = $5, wave = NULL, updated_at = $7
        WHERE workspace = $1 AND sequence = $2 AND contact = $3 AND state = 'sending' AND wave = $6 RETURNING contact";
    pub(super) STOP = "UPDATE sequence_person SET state = 'stopped', reason = $4, wave = NULL, updated_at = $5
        WHERE workspace = $1 AND sequence = $2 AND contact = $3 AND state IN ('waiting', 'sending', 'paused') RETURNING contact";
    pub(super) STOP_ALL = "UPDATE sequence_person SET state = 'stopped', reason = $3, wave = NULL, updated_at = $4
        WHERE workspace = $1 AND sequence = $2 AND state IN ('waiting', 'sending', 'paused') RETURNING contact";
    pub(super) PAUSE = "UPDATE sequence_person SET state = 'paused', reason = 'ambiguous', wave = NULL, updated_at = $4
        WHERE workspace = $1 AND sequence = $2 AND contact = $3 AND state IN ('waiting', 'sending') RETURNING contact";
    pub(super) RELEASE = "UPDATE sequence_person SET state = 'waiting', reason = NULL, due_at = $4, updated_at = $5
        WHERE workspace = $1 AND sequence = $2 AND contact = $3 AND state = 'paused'";
    pub(super) POSTPONE = "UPDATE sequence_person SET due_at = $4, updated_at = $5
        WHERE workspace = $1 AND sequence = $2 AND contact = $3 AND state = 'waiting' AND due_at < $4";
    pub(super) PERSON = "SELECT step, state FROM sequence_person WHERE workspace = $1 AND sequence = $2 AND contact = $3";
    pub(super) PEOPLE = "SELECT contact, state, step, due_at, reason, enrolled_at, updated_at FROM sequence_person
        WHERE workspace = $1 AND sequence = $2 AND contact > $3 ORDER BY contact LIMIT $4";
    pub(super) STATES = "SELECT state, CAST(count(*) AS BIGINT) FROM sequence_person WHERE workspace = $1 AND sequence = $2 GROUP BY state";
    pub(super) ACTIVE = "SELECT CAST(count(*) AS BIGINT) FROM sequence_person
        WHERE workspace = $1 AND sequence = $2 AND state IN ('waiting', 'sending', 'paused')";
    pub(super) DUE_PEOPLE = "SELECT p.contact, s.ended_at, p.sequence, p.contact FROM sequence s
        JOIN sequence_person p ON p.workspace = s.workspace AND p.sequence = s.id
        WHERE s.workspace = $1 AND s.state = 'ended' AND s.ended_at IS NOT NULL AND s.ended_at < $2
        ORDER BY s.ended_at LIMIT $3";
    pub(super) END_PERSON = "DELETE FROM sequence_person WHERE workspace = $1 AND sequence = $2 AND contact = $3";
    pub(super) ERASE_PERSON = "DELETE FROM sequence_person WHERE workspace = $1 AND contact = $2";
    pub(super) OF_CONTACT = "SELECT sequence, state, step, due_at, reason, enrolled_at FROM sequence_person
        WHERE workspace = $1 AND contact = $2";

    pub(super) INSERT_WAVE = "INSERT INTO sequence_wave (workspace, source, sequence, step, state, created_at)
        VALUES ($1, $2, $3, $4, 'open', $5)";
    pub(super) OPEN_WAVES = "SELECT source, step FROM sequence_wave WHERE workspace = $1 AND sequence = $2 AND state = 'open'";
    pub(crate) WAVE = "SELECT sequence, step FROM sequence_wave WHERE workspace = $1 AND source = $2";
    pub(super) CLOSE_WAVE = "UPDATE sequence_wave SET state = 'done' WHERE workspace = $1 AND source = $2";

    pub(super) ADD = "INSERT INTO sequence_total (workspace, sequence, what, step, count) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, sequence, what, step) DO UPDATE SET count = sequence_total.count + $5";
    pub(super) TOTALS = "SELECT what, step, count FROM sequence_total WHERE workspace = $1 AND sequence = $2";
}
