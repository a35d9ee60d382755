//! The consent ledger: append-only, hash-chained per workspace, with payloads that can be
//! shredded without breaking the chain.
//!
//! An event is a plain **header** (canonical JSON: who, which purpose, channel, topic, basis and
//! state, when, by whom, under a pseudonym of the person) and a **payload** (IP, wording, reasons)
//! sealed under the person's evidence key. The header carries `commit`, an HMAC of the payload
//! under a salt that lives inside the sealed payload, and `sealed`, a hash of the ciphertext. So
//! the chain binds the payload, gives nothing away once the key is destroyed, and stays valid
//! then. The store numbers and chains the events inside the commit ([`store::ledger`]).

mod checkpoint;
mod event;
mod export;
mod header;
mod history;
mod online;
mod verify;

pub(crate) use checkpoint::signing_key;
pub use checkpoint::{Checkpoint, checkpoint};
pub(crate) use event::{Entry, push_workspace_event};
pub use event::{Opened, open, pseudonym};
pub use export::{ExportPage, export};
pub use header::{Header, Kind};
pub use history::{Evidence, history};
pub use online::{OnlineReport, verify_stored};
pub use verify::{Break, Verified, Verifier, verify_lines};

pub(crate) mod queries {
    store::sql! {
        pub(crate) RECORDS_AFTER = "SELECT seq, at, events, root, prev_hash, hash FROM ledger_record
            WHERE workspace = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        pub(crate) EVENTS_BETWEEN = "SELECT seq, ordinal, id, subject, body, sealed FROM ledger_event
            WHERE workspace = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, ordinal";
        pub(crate) EVENTS_OF_SUBJECT = "SELECT seq, ordinal, id, subject, body, sealed FROM ledger_event
            WHERE workspace = $1 AND subject = $2 ORDER BY seq, ordinal";
        pub(crate) RECORD_HASH = "SELECT hash FROM ledger_record WHERE workspace = $1 AND seq = $2";
        pub(crate) HEAD_RECORD = "SELECT seq, at, events, root, prev_hash, hash FROM ledger_record
            WHERE workspace = $1 ORDER BY seq DESC LIMIT 1";
        pub(crate) LEDGER_HEAD = "SELECT ledger_seq, ledger_hash FROM workspace_head WHERE workspace = $1";
        pub(crate) CHECKPOINTS = "SELECT seq, hash, at, public, signature FROM ledger_checkpoint
            WHERE workspace = $1 ORDER BY seq";
        pub(crate) INSERT_CHECKPOINT = "INSERT INTO ledger_checkpoint (workspace, seq, hash, at, public, signature)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace, seq) DO NOTHING";
        pub(crate) SIGNING_KEY = "SELECT public, sealed FROM signing_key WHERE workspace = $1 AND use = $2";
        pub(crate) INSERT_SIGNING_KEY = "INSERT INTO signing_key (workspace, use, public, sealed, created_at)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace, use) DO NOTHING";
    }

    store::row! {
        /// One stored record of the chain.
        #[derive(Debug, Clone)]
        pub(crate) struct RecordRow {
            pub(crate) seq: i64,
            pub(crate) at: kernel::Timestamp,
            pub(crate) events: i64,
            pub(crate) root: Vec<u8>,
            pub(crate) prev_hash: Vec<u8>,
            pub(crate) hash: Vec<u8>,
        }
    }

    store::row! {
        /// One stored event.
        #[derive(Debug, Clone)]
        pub(crate) struct EventRow {
            pub(crate) seq: i64,
            pub(crate) ordinal: i64,
            pub(crate) id: kernel::EventId,
            pub(crate) subject: store::Blind,
            pub(crate) body: Vec<u8>,
            pub(crate) sealed: Option<Vec<u8>>,
        }
    }
}

fn collect<'a>(
    ctx: &'a store::Ctx,
    subject: kernel::ContactId,
    keys: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let workspace_keys = ctx.keys().await?;
        let events = open(ctx, &workspace_keys, subject, keys).await?;
        Ok(events.into_iter().filter_map(|event| serde_json::to_value(event).ok()).collect())
    })
}

store::personal!(store::PersonalTable {
    table: "ledger_event",
    class: "consent.evidence",
    subject: "subject",
    columns: &["sealed"],
    erase: &[],
    kept: Some(
        "proof of consent, objection and erasure, kept five years for legal claims, sealed under a key of its own"
    ),
    collect: Some(collect),
});
