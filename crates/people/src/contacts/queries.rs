use kernel::{ContactId, TagId, Timestamp, TopicId};
use store::Blind;

store::sql! {
    pub(crate) INSERT_CONTACT = "INSERT INTO contact (workspace, id, sealed, version, archived_at, created_at, updated_at)
        VALUES ($1, $2, $3, 1, NULL, $4, $4)";
    pub(crate) UPDATE_CONTACT = "UPDATE contact SET sealed = $3, version = version + 1, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND version = $5";
    pub(crate) TOUCH_CONTACT = "UPDATE contact SET version = version + 1, updated_at = $3 WHERE workspace = $1 AND id = $2";
    pub(crate) ARCHIVE_CONTACT = "UPDATE contact SET archived_at = $3, version = version + 1, updated_at = $4
        WHERE workspace = $1 AND id = $2";
    pub(crate) DELETE_CONTACT = "DELETE FROM contact WHERE workspace = $1 AND id = $2";
    pub(crate) CONTACT = "SELECT id, sealed, version, archived_at, created_at, updated_at FROM contact
        WHERE workspace = $1 AND id = $2";
    pub(crate) CONTACTS_AFTER = "SELECT id, sealed, version, archived_at, created_at, updated_at FROM contact
        WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3";
    pub(crate) COUNT_CONTACTS = "SELECT CAST(count(*) AS BIGINT) FROM contact WHERE workspace = $1";

    pub(crate) INSERT_IDENTITY = "INSERT INTO identity (workspace, kind, blind, contact, legacy, state, state_at)
        VALUES ($1, $2, $3, $4, $5, 'active', $6)";
    pub(crate) IDENTITY = "SELECT contact FROM identity WHERE workspace = $1 AND kind = $2 AND blind = $3";
    pub(crate) IDENTITY_BY_LEGACY = "SELECT contact FROM identity WHERE workspace = $1 AND legacy = $2";
    pub(crate) IDENTITIES_OF = "SELECT kind, blind, state, state_at FROM identity WHERE workspace = $1 AND contact = $2";
    pub(crate) SET_ADDRESS_STATE = "UPDATE identity SET state = $4, state_at = $5 WHERE workspace = $1 AND kind = $2 AND blind = $3";
    pub(crate) DELETE_IDENTITY = "DELETE FROM identity WHERE workspace = $1 AND kind = $2 AND blind = $3 AND contact = $4";
    pub(crate) MOVE_IDENTITIES = "UPDATE identity SET contact = $3 WHERE workspace = $1 AND contact = $2";
    pub(crate) ERASE_IDENTITIES = "DELETE FROM identity WHERE workspace = $1 AND contact = $2";

    pub(crate) TAGS_OF = "SELECT contact_tag.tag, tag.name FROM contact_tag
        JOIN tag ON tag.workspace = contact_tag.workspace AND tag.id = contact_tag.tag
        WHERE contact_tag.workspace = $1 AND contact_tag.contact = $2 ORDER BY tag.name";
    pub(crate) TOPICS_OF = "SELECT contact_topic.topic, topic.name, contact_topic.state, contact_topic.evidence, contact_topic.at
        FROM contact_topic JOIN topic ON topic.workspace = contact_topic.workspace AND topic.id = contact_topic.topic
        WHERE contact_topic.workspace = $1 AND contact_topic.contact = $2 ORDER BY topic.name";

    pub(crate) INSERT_MERGE = "INSERT INTO contact_merge (workspace, contact, kept, at) VALUES ($1, $2, $3, $4)";
    pub(crate) ADOPT = "INSERT INTO contact_merge (workspace, contact, kept, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace, contact) DO UPDATE SET kept = $3, at = $4";
    pub(crate) DISOWN = "DELETE FROM contact_merge WHERE workspace = $1 AND contact = $2";
    pub(crate) MOVE_MERGES = "UPDATE contact_merge SET kept = $3 WHERE workspace = $1 AND kept = $2";
    pub(crate) MERGED_INTO = "SELECT kept FROM contact_merge WHERE workspace = $1 AND contact = $2";
    pub(crate) ALIASES = "SELECT contact FROM contact_merge WHERE workspace = $1 AND kept = $2";
    pub(crate) ERASE_MERGES = "DELETE FROM contact_merge WHERE workspace = $1 AND (contact = $2 OR kept = $2)";
}

store::row! {
    /// A contact as stored.
    #[derive(Debug, Clone)]
    pub(crate) struct ContactRow {
        pub(crate) id: ContactId,
        pub(crate) sealed: Vec<u8>,
        pub(crate) version: i64,
        pub(crate) archived_at: Option<Timestamp>,
        pub(crate) created_at: Timestamp,
        pub(crate) updated_at: Timestamp,
    }
}

store::row! {
    /// An identity as stored.
    #[derive(Debug, Clone)]
    pub(crate) struct IdentityRow {
        pub(crate) kind: String,
        pub(crate) blind: Blind,
        pub(crate) state: String,
        pub(crate) state_at: Timestamp,
    }
}

store::row! {
    /// A tag of a contact.
    #[derive(Debug, Clone)]
    pub(crate) struct TagOf {
        pub(crate) id: TagId,
        pub(crate) name: String,
    }
}

store::row! {
    /// A membership of a contact.
    #[derive(Debug, Clone)]
    pub(crate) struct TopicOf {
        pub(crate) topic: TopicId,
        pub(crate) name: String,
        pub(crate) state: String,
        pub(crate) evidence: Option<Blind>,
        pub(crate) at: Timestamp,
    }
}
