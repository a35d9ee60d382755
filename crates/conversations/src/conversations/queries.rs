use kernel::{BotId, ContactId, ConversationId, GroupId, ThreadId, Timestamp, UserId, VisitorId, WidgetId};

use crate::model::{ChannelCode, Routing, State};

store::sql! {
    pub(crate) INSERT = "INSERT INTO conversation (workspace, id, subject, contact, visitor, channel, widget, grp, assignee, bot, state, routing, thread, thread_n, last_seq, snoozed_until, queued_at, waiting_since, agent_at, visitor_at, sealed, version, created_at, updated_at, encryption)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)";
    pub(crate) UPDATE = "UPDATE conversation SET subject = $3, contact = $4, visitor = $5, channel = $6, widget = $7, grp = $8, assignee = $9, bot = $10, state = $11, routing = $12, thread = $13, thread_n = $14, last_seq = $15, snoozed_until = $16, queued_at = $17, waiting_since = $18, agent_at = $19, visitor_at = $20, sealed = $21, version = $22 + 1, created_at = $23, updated_at = $24, encryption = $25
        WHERE workspace = $1 AND id = $2 AND version = $22";
    pub(crate) GET = "SELECT id, subject, contact, visitor, channel, widget, grp, assignee, bot, state, routing, thread, thread_n, last_seq, snoozed_until, queued_at, waiting_since, agent_at, visitor_at, sealed, version, created_at, updated_at, encryption
        FROM conversation WHERE workspace = $1 AND id = $2";
    pub(crate) OF_VISITOR = "SELECT id, subject, contact, visitor, channel, widget, grp, assignee, bot, state, routing, thread, thread_n, last_seq, snoozed_until, queued_at, waiting_since, agent_at, visitor_at, sealed, version, created_at, updated_at, encryption
        FROM conversation WHERE workspace = $1 AND visitor = $2 AND channel = 'web_chat' ORDER BY id DESC LIMIT 1";
    pub(crate) OF_CONTACT = "SELECT id, subject, contact, visitor, channel, widget, grp, assignee, bot, state, routing, thread, thread_n, last_seq, snoozed_until, queued_at, waiting_since, agent_at, visitor_at, sealed, version, created_at, updated_at, encryption
        FROM conversation WHERE workspace = $1 AND contact = $2 ORDER BY id DESC LIMIT $3";
    pub(crate) IN_STATE = "SELECT id, subject, contact, visitor, channel, widget, grp, assignee, bot, state, routing, thread, thread_n, last_seq, snoozed_until, queued_at, waiting_since, agent_at, visitor_at, sealed, version, created_at, updated_at, encryption
        FROM conversation WHERE workspace = $1 AND state = $2 AND (updated_at, id) < ($3, $4) ORDER BY updated_at DESC, id DESC LIMIT $5";
    pub(crate) RECENT = "SELECT id, subject, contact, visitor, channel, widget, grp, assignee, bot, state, routing, thread, thread_n, last_seq, snoozed_until, queued_at, waiting_since, agent_at, visitor_at, sealed, version, created_at, updated_at, encryption
        FROM conversation WHERE workspace = $1 AND (updated_at, id) < ($2, $3) ORDER BY updated_at DESC, id DESC LIMIT $4";
    /// What is open is bounded by what people can hold open; the limit is far beyond.
    pub(crate) OPEN_HEADS = "SELECT id, grp, assignee, routing, queued_at, waiting_since, agent_at, visitor_at, last_seq FROM conversation
        WHERE workspace = $1 AND state = 'open' ORDER BY updated_at DESC, id DESC LIMIT 20000";
    pub(crate) COUNT_STATE = "SELECT CAST(count(*) AS BIGINT) FROM conversation WHERE workspace = $1 AND state = $2";
    pub(crate) OF_SUBJECT = "SELECT id, channel, created_at, updated_at, state FROM conversation WHERE workspace = $1 AND subject = $2 ORDER BY id";
    pub(crate) LINK_CONTACT = "UPDATE conversation SET contact = $3, version = version + 1 WHERE workspace = $1 AND subject = $2";
    pub(crate) MOVE_CONTACT = "UPDATE conversation SET contact = $3, version = version + 1 WHERE workspace = $1 AND contact = $2";
    pub(crate) FORGET_CONTACT = "UPDATE conversation SET contact = NULL, version = version + 1 WHERE workspace = $1 AND contact = $2";
    pub(crate) ERASE = "DELETE FROM conversation WHERE workspace = $1 AND subject = $2";
    pub(crate) DELETE = "DELETE FROM conversation WHERE workspace = $1 AND id = $2";
    pub(crate) DUE = "SELECT subject, updated_at, id FROM conversation WHERE workspace = $1 AND updated_at < $2 ORDER BY updated_at LIMIT $3";

    pub(crate) INSERT_THREAD = "INSERT INTO conversation_thread (workspace, id, conversation, subject, n, grp, agent, first_seq, started_at, ended_at, ended_by, first_response_at, score, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (workspace, id) DO UPDATE SET grp = $6, agent = $7, ended_at = $10, ended_by = $11, first_response_at = $12, score = $13, sealed = $14";
    pub(crate) THREAD = "SELECT id, conversation, subject, n, grp, agent, first_seq, started_at, ended_at, ended_by, first_response_at, score, sealed
        FROM conversation_thread WHERE workspace = $1 AND id = $2";
    pub(crate) THREADS = "SELECT id, conversation, subject, n, grp, agent, first_seq, started_at, ended_at, ended_by, first_response_at, score, sealed
        FROM conversation_thread WHERE workspace = $1 AND conversation = $2 ORDER BY n";
    pub(crate) ERASE_THREADS = "DELETE FROM conversation_thread WHERE workspace = $1 AND subject = $2";
    pub(crate) ERASE_TAGS = "DELETE FROM thread_tag WHERE workspace = $1 AND thread IN (SELECT id FROM conversation_thread WHERE workspace = $1 AND subject = $2)";
    pub(crate) ERASE_SEEN = "DELETE FROM conversation_seen WHERE workspace = $1 AND conversation IN (SELECT id FROM conversation WHERE workspace = $1 AND subject = $2)";
    pub(crate) ERASE_MEMBERS = "DELETE FROM conversation_member WHERE workspace = $1 AND conversation IN (SELECT id FROM conversation WHERE workspace = $1 AND subject = $2)";
    pub(crate) END_THREADS = "DELETE FROM conversation_thread WHERE workspace = $1 AND conversation = $2";
    pub(crate) END_TAGS = "DELETE FROM thread_tag WHERE workspace = $1 AND thread IN (SELECT id FROM conversation_thread WHERE workspace = $1 AND conversation = $2)";
    pub(crate) END_SEEN = "DELETE FROM conversation_seen WHERE workspace = $1 AND conversation = $2";
    pub(crate) END_MEMBERS = "DELETE FROM conversation_member WHERE workspace = $1 AND conversation = $2";
    pub(crate) END_EVENTS = "DELETE FROM conversation_event WHERE workspace = $1 AND conversation = $2";
    pub(crate) END_SHARES = "DELETE FROM conversation_share WHERE workspace = $1 AND conversation = $2";
    pub(crate) END_FILES = "DELETE FROM conversation_file WHERE workspace = $1 AND conversation = $2";

    pub(crate) SEE = "INSERT INTO conversation_seen (workspace, conversation, who, is_agent, seq, at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace, conversation, who) DO UPDATE SET seq = $5, at = $6 WHERE conversation_seen.seq < $5";
    pub(crate) SEEN = "SELECT who, is_agent, seq, at FROM conversation_seen WHERE workspace = $1 AND conversation = $2";
    pub(crate) SEEN_BY = "SELECT seq FROM conversation_seen WHERE workspace = $1 AND conversation = $2 AND who = $3";

    pub(crate) JOIN = "INSERT INTO conversation_member (workspace, conversation, member, role, since) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace, conversation, member) DO UPDATE SET role = $4";
    pub(crate) LEAVE = "DELETE FROM conversation_member WHERE workspace = $1 AND conversation = $2 AND member = $3";
    pub(crate) MEMBERS = "SELECT member, role FROM conversation_member WHERE workspace = $1 AND conversation = $2 ORDER BY since";

    pub(crate) INSERT_TAG = "INSERT INTO conversation_tag (workspace, id, name) VALUES ($1, $2, $3) ON CONFLICT (workspace, name) DO NOTHING";
    pub(crate) TAG_NAMED = "SELECT id FROM conversation_tag WHERE workspace = $1 AND name = $2";
    pub(crate) ALL_TAGS = "SELECT id, name FROM conversation_tag WHERE workspace = $1 ORDER BY name";
    pub(crate) TAGS_OF = "SELECT conversation_tag.name FROM thread_tag
        JOIN conversation_tag ON conversation_tag.workspace = thread_tag.workspace AND conversation_tag.id = thread_tag.tag
        WHERE thread_tag.workspace = $1 AND thread_tag.thread = $2 ORDER BY conversation_tag.name";
    pub(crate) TAG = "INSERT INTO thread_tag (workspace, thread, tag, at) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace, thread, tag) DO NOTHING";
    pub(crate) UNTAG = "DELETE FROM thread_tag WHERE workspace = $1 AND thread = $2 AND tag = $3";
}

store::row! {
    /// A conversation as stored.
    #[derive(Debug, Clone)]
    pub struct Conversation {
        /// Its id.
        pub id: ConversationId,
        /// Under whose key it rests: a contact's, or a visitor's own.
        pub subject: ContactId,
        /// The contact, once it is known who it is.
        pub contact: Option<ContactId>,
        /// The visitor, on web pages.
        pub visitor: Option<VisitorId>,
        /// The channel.
        pub channel: ChannelCode,
        /// The widget it came through.
        pub widget: Option<WidgetId>,
        /// The group that is to answer.
        pub group: Option<GroupId>,
        /// The member who answers.
        pub assignee: Option<UserId>,
        /// The bot that answers.
        pub bot: Option<BotId>,
        /// Where it stands.
        pub state: State,
        /// Who has it.
        pub routing: Routing,
        /// The newest thread.
        pub thread: ThreadId,
        /// How many threads there are.
        pub thread_n: i64,
        /// The newest event.
        pub last_seq: i64,
        /// Out of sight until.
        pub snoozed_until: Option<Timestamp>,
        /// In the queue since.
        pub queued_at: Option<Timestamp>,
        /// The person waits for an answer since.
        pub waiting_since: Option<Timestamp>,
        /// A member or a bot wrote last at.
        pub agent_at: Option<Timestamp>,
        /// The person wrote last at.
        pub visitor_at: Option<Timestamp>,
        pub(crate) sealed: Vec<u8>,
        /// Counts changes.
        pub version: i64,
        /// Since when it exists.
        pub created_at: Timestamp,
        /// When something happened last.
        pub updated_at: Timestamp,
        /// How it is encrypted beyond what rests sealed; none is not at all.
        pub encryption: Option<crate::encryption::Encryption>,
    }
}

impl Conversation {
    /// Whether only the devices of both sides can read what is said.
    pub fn is_encrypted(&self) -> bool {
        self.encryption == Some(crate::encryption::Encryption::EndToEnd)
    }
}

store::row! {
    /// A thread as stored.
    #[derive(Debug, Clone)]
    pub struct Thread {
        /// Its id.
        pub id: ThreadId,
        /// Whose.
        pub conversation: ConversationId,
        pub(crate) subject: ContactId,
        /// Its number, from 1.
        pub n: i64,
        /// The group that had it last.
        pub group: Option<GroupId>,
        /// The member who had it last.
        pub agent: Option<UserId>,
        /// Its first event.
        pub first_seq: i64,
        /// Since when.
        pub started_at: Timestamp,
        /// Until when.
        pub ended_at: Option<Timestamp>,
        /// By whom it ended.
        pub ended_by: Option<crate::model::EndedBy>,
        /// When a member answered first.
        pub first_response_at: Option<Timestamp>,
        /// How it was rated: 1 or -1.
        pub score: Option<i64>,
        pub(crate) sealed: Option<Vec<u8>>,
    }
}

store::row! {
    /// What routing looks at.
    #[derive(Debug, Clone)]
    pub(crate) struct Head {
        pub(crate) id: ConversationId,
        pub(crate) group: Option<GroupId>,
        pub(crate) assignee: Option<UserId>,
        pub(crate) routing: Routing,
        pub(crate) queued_at: Option<Timestamp>,
        pub(crate) waiting_since: Option<Timestamp>,
        pub(crate) agent_at: Option<Timestamp>,
        pub(crate) visitor_at: Option<Timestamp>,
        pub(crate) last_seq: i64,
    }
}
