store::sql! {
    pub(crate) BEGIN = "INSERT INTO screening
        (workspace, id, country, channel, list, source, state, dated_at, forms, entries, created_by, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'loading', $7, 0, 0, $8, $9)";
    pub(crate) INSERT_ENTRY = "INSERT INTO screening_entry (workspace, screening, hash) VALUES ($1, $2, $3)
        ON CONFLICT (workspace, screening, hash) DO NOTHING";
    pub(crate) FINISH = "UPDATE screening SET state = 'ready', forms = $3, entries = $4
        WHERE workspace = $1 AND id = $2 AND state = 'loading'";
    pub(crate) REPLACE_OLDER = "UPDATE screening SET state = 'replaced'
        WHERE workspace = $1 AND id <> $2 AND country = $3 AND channel = $4 AND list = $5 AND state = 'ready'";
    pub(crate) REMOVE = "UPDATE screening SET state = 'replaced' WHERE workspace = $1 AND id = $2 AND state = 'ready'";
    pub(crate) ABANDON = "UPDATE screening SET state = 'replaced' WHERE workspace = $1 AND id = $2 AND state = 'loading'";
    pub(crate) FORGET = "DELETE FROM screening WHERE workspace = $1 AND id = $2 AND state = 'replaced'";
    pub(crate) SCREENINGS = "SELECT id, country, channel, list, source, state, dated_at, entries, created_by, created_at
        FROM screening WHERE workspace = $1 AND state <> 'replaced' ORDER BY id DESC LIMIT 200";
    pub(crate) SCREENING = "SELECT id, country, channel, list, source, state, dated_at, entries, created_by, created_at
        FROM screening WHERE workspace = $1 AND id = $2";
    /// The lists in force: at most a hundred, which an upload sees to.
    pub(crate) IN_FORCE = "SELECT id, country, channel, dated_at, forms FROM screening
        WHERE workspace = $1 AND state = 'ready' LIMIT 200";
    pub(crate) LISTED = "SELECT hash FROM screening_entry WHERE workspace = $1 AND screening = $2 AND hash = $3";
    pub(crate) UNUSED = "SELECT id FROM screening WHERE workspace = $1
        AND (state = 'replaced' OR (state = 'loading' AND created_at < $2)) LIMIT 100";
    pub(crate) NEXT_ENTRIES = "SELECT hash FROM screening_entry WHERE workspace = $1 AND screening = $2
        ORDER BY hash LIMIT 5000";
    pub(crate) DROP_ENTRIES = "DELETE FROM screening_entry WHERE workspace = $1 AND screening = $2 AND hash <= $3";
}
