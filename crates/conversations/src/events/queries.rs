use kernel::{ContactId, RawId, ThreadId, Timestamp};

use crate::model::{AuthorKind, Kind, Visibility};

store::sql! {
    pub(crate) INSERT = "INSERT INTO conversation_event (workspace, conversation, seq, subject, thread, n, at, kind, visibility, author_kind, author, client, deleted, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    pub(crate) AFTER = "SELECT seq, subject, thread, n, at, kind, visibility, author_kind, author, deleted, sealed FROM conversation_event
        WHERE workspace = $1 AND conversation = $2 AND seq > $3 ORDER BY seq LIMIT $4";
    pub(crate) BEFORE = "SELECT seq, subject, thread, n, at, kind, visibility, author_kind, author, deleted, sealed FROM conversation_event
        WHERE workspace = $1 AND conversation = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4";
    pub(crate) ONE = "SELECT seq, subject, thread, n, at, kind, visibility, author_kind, author, deleted, sealed FROM conversation_event
        WHERE workspace = $1 AND conversation = $2 AND seq = $3";
    pub(crate) BY_CLIENT = "SELECT seq, subject, thread, n, at, kind, visibility, author_kind, author, deleted, sealed FROM conversation_event
        WHERE workspace = $1 AND conversation = $2 AND client = $3";
    /// What a list shows of a conversation: the last thing that somebody said to the other side.
    pub(crate) LAST = "SELECT seq, subject, thread, n, at, kind, visibility, author_kind, author, deleted, sealed FROM conversation_event
        WHERE workspace = $1 AND conversation = $2 AND kind <> 'system' ORDER BY seq DESC LIMIT 1";
    pub(crate) UNREAD = "SELECT CAST(count(*) AS BIGINT) FROM conversation_event
        WHERE workspace = $1 AND conversation = $2 AND seq > $3 AND author_kind = 'visitor'";
    pub(crate) UNREAD_BY_VISITOR = "SELECT CAST(count(*) AS BIGINT) FROM conversation_event
        WHERE workspace = $1 AND conversation = $2 AND seq > $3 AND visibility = 'all' AND author_kind IN ('agent', 'bot') AND kind <> 'system'";
    pub(crate) DELETE_CONTENT = "UPDATE conversation_event SET sealed = NULL, deleted = $4 WHERE workspace = $1 AND conversation = $2 AND seq = $3";
    pub(crate) ERASE = "DELETE FROM conversation_event WHERE workspace = $1 AND subject = $2";
    pub(crate) END = "DELETE FROM conversation_event WHERE workspace = $1 AND conversation = $2 AND seq = $3";
    pub(crate) DUE = "SELECT subject, at, conversation, seq FROM conversation_event WHERE workspace = $1 AND at < $2 ORDER BY at LIMIT $3";
    pub(crate) OF_SUBJECT = "SELECT conversation, seq FROM conversation_event WHERE workspace = $1 AND subject = $2 AND visibility = 'all' ORDER BY conversation, seq LIMIT 20000";
    /// For the index of words: everything of the workspace, in order.
    pub(crate) SWEEP = "SELECT conversation, seq, subject, at, kind, visibility, sealed FROM conversation_event
        WHERE workspace = $1 AND (conversation, seq) > ($2, $3) AND sealed IS NOT NULL ORDER BY conversation, seq LIMIT $4";
}

store::row! {
    /// An event as stored.
    #[derive(Debug, Clone)]
    pub(crate) struct EventRow {
        pub(crate) seq: i64,
        pub(crate) subject: ContactId,
        pub(crate) thread: ThreadId,
        pub(crate) n: i64,
        pub(crate) at: Timestamp,
        pub(crate) kind: Kind,
        pub(crate) visibility: Visibility,
        pub(crate) author_kind: AuthorKind,
        pub(crate) author: Option<RawId>,
        pub(crate) deleted: bool,
        pub(crate) sealed: Option<Vec<u8>>,
    }
}
