use kernel::{ImportId, RawId, Timestamp, TopicId};

store::sql! {
    pub(crate) INSERT_PART = "INSERT INTO import_part (workspace, file, part, sealed) VALUES ($1, $2, $3, $4)";
    pub(crate) PART = "SELECT sealed FROM import_part WHERE workspace = $1 AND file = $2 AND part = $3";
    pub(super) DELETE_PARTS = "DELETE FROM import_part WHERE workspace = $1 AND file = $2";
    pub(super) INSERT_IMPORT = "INSERT INTO import (workspace, id, state, topic, position, line, sealed, report, rejects,
        reject_parts, created_at, updated_at) VALUES ($1, $2, 'running', $3, $4, $5, $6, $7, $8, 0, $9, $9)";
    pub(super) IMPORT = "SELECT id, state, topic, position, line, sealed, report, rejects, reject_parts, created_at, updated_at
        FROM import WHERE workspace = $1 AND id = $2";
    pub(super) IMPORTS = "SELECT id, state, topic, position, line, sealed, report, rejects, reject_parts, created_at, updated_at
        FROM import WHERE workspace = $1 ORDER BY id DESC LIMIT $2";
    /// Only the run that stands at the same place goes on.
    pub(super) ADVANCE = "UPDATE import SET position = $3, line = $4, report = $5, reject_parts = $6, updated_at = $7
        WHERE workspace = $1 AND id = $2 AND state = 'running' AND position = $8";
    pub(super) FINISH = "UPDATE import SET state = $3, report = $4, reject_parts = $5, updated_at = $6
        WHERE workspace = $1 AND id = $2 AND state = 'running'";
    pub(super) TAG_IDS_OF = "SELECT tag FROM contact_tag WHERE workspace = $1 AND contact = $2";
}

store::row! {
    /// An import as stored.
    #[derive(Debug, Clone)]
    pub(super) struct ImportRow {
        pub(super) id: ImportId,
        pub(super) state: String,
        pub(super) topic: TopicId,
        pub(super) position: u64,
        pub(super) line: u64,
        pub(super) sealed: Vec<u8>,
        pub(super) report: String,
        pub(super) rejects: RawId,
        pub(super) reject_parts: u64,
        pub(super) created_at: Timestamp,
        pub(super) updated_at: Timestamp,
    }
}
