//! The log of API calls: which key or member did which operation, when, from which network, with what
//! outcome. Never what was asked or answered.
//!
//! The operation is the route's template (`GET /v1/contacts/{id}`), so no id and no address stands in it.
//! The network is the caller's address cut to /24 or /48 and sealed; it goes after thirty days
//! (`ops.requests.address`), the entry after six months (`ops.requests`).

mod queries;

use std::net::IpAddr;

use kernel::{ApiCallId, Timestamp};
use store::{Actor, Batch, Ctx, WorkspaceKeys, first_id_at, params};

use crate::{Error, Result};

const NETWORK: &str = "api_call.network";
/// The longest operation that is kept, in bytes.
const LONGEST: usize = 200;

/// One answered call.
#[derive(Debug, Clone)]
pub struct Call {
    /// When it came in.
    pub at: Timestamp,
    /// Who called.
    pub actor: Actor,
    /// Method and route template.
    pub operation: String,
    /// The status of the answer.
    pub status: u16,
    /// From where; kept as the network only.
    pub address: Option<IpAddr>,
    /// Bytes of the request's body, as announced.
    pub bytes_in: u64,
    /// Bytes of the answer's body; 0 for streams, whose length nobody knows beforehand.
    pub bytes_out: u64,
    /// Microseconds until the answer began.
    pub micros: i64,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Entry {
    /// Its id; entries sort by it.
    pub id: ApiCallId,
    /// When the call came in.
    pub at: Timestamp,
    /// Who called: `key_…` or `usr_…`.
    pub actor: String,
    /// Method and route template, such as `GET /v1/contacts/{id}`.
    pub operation: String,
    /// The status of the answer.
    pub status: u16,
    /// The network it came from; none after thirty days.
    pub network: Option<String>,
    /// Bytes of the request's body.
    pub bytes_in: u64,
    /// Bytes of the answer's body.
    pub bytes_out: u64,
    /// Microseconds until the answer began.
    pub micros: i64,
}

/// Which entries are wanted; what is absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of one key or member.
    pub actor: Option<String>,
    /// Of one operation, as written in entries.
    pub operation: Option<String>,
    /// Answers from this status on.
    pub status_from: Option<u16>,
    /// Answers up to this status.
    pub status_to: Option<u16>,
    /// From this instant on.
    pub since: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// Older than this entry.
    pub before: Option<ApiCallId>,
}

/// The network an address belongs to: /24 or /48.
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

/// Adds a call to a batch of its workspace.
pub fn record(batch: &mut Batch, ctx: &Ctx, keys: &WorkspaceKeys, call: &Call) {
    let id: ApiCallId = ctx.id();
    let operation: String = call.operation.chars().take(LONGEST).collect();
    let sealed = call.address.map(|address| keys.seal(NETWORK, network(address).as_bytes()));
    batch.push(
        queries::INSERT_CALL,
        params![
            ctx.workspace,
            id,
            call.at,
            call.actor.to_string(),
            operation,
            i64::from(call.status),
            sealed,
            call.bytes_in,
            call.bytes_out,
            call.micros
        ],
    );
}

/// Entries of the workspace, newest first.
///
/// # Errors
/// When the store fails or an entry is damaged.
pub async fn list(ctx: &Ctx, filter: &Filter, limit: u32) -> Result<Vec<Entry>> {
    type Row = (ApiCallId, Timestamp, String, String, i64, Option<Vec<u8>>, u64, u64, i64);
    let end = filter.until.map_or(ApiCallId([0xff; 16]), |at| ApiCallId(first_id_at(at)));
    let mut wanted = params![
        ctx.workspace,
        filter.before.map_or(end, |before| before.min(end)),
        ApiCallId(filter.since.map_or([0; 16], first_id_at)),
        i64::from(filter.status_from.unwrap_or(0)),
        i64::from(filter.status_to.unwrap_or(u16::MAX)),
        filter.operation.clone().unwrap_or_default(),
        limit
    ];
    let sql = match &filter.actor {
        Some(actor) => {
            wanted.push(actor.clone().into());
            queries::LIST_CALLS_OF
        }
        None => queries::LIST_CALLS,
    };
    let rows: Vec<Row> = ctx.db.all(sql, wanted).await?;
    let keys = ctx.keys().await?;
    rows.into_iter()
        .map(|(id, at, actor, operation, status, network, bytes_in, bytes_out, micros)| {
            let network = network.map(|sealed| keys.open(NETWORK, &sealed)).transpose()?;
            let network = network.and_then(|plain| String::from_utf8(plain).ok());
            let status =
                u16::try_from(status).map_err(|_| Error::Internal("an entry of the log of calls is damaged"))?;
            Ok(Entry { id, at, actor, operation, status, network, bytes_in, bytes_out, micros })
        })
        .collect()
}

store::personal!(store::PersonalTable {
    table: "api_call",
    class: "ops.requests",
    subject: "",
    columns: &["network"],
    erase: &[],
    kept: Some("who used the API when: ids and operations, six months; the network thirty days"),
    collect: None,
});
store::retention!(store::RetentionRule {
    table: "api_call",
    class: "ops.requests",
    covers: &[],
    event: "the call",
    due_by: store::DueBy::Id,
    find: queries::DUE_CALLS,
    end: &[queries::END_CALL],
    before: None,
    after: None,
});
store::retention!(store::RetentionRule {
    table: "api_call",
    class: "ops.requests.address",
    covers: &[],
    event: "the call",
    due_by: store::DueBy::Id,
    find: queries::DUE_NETWORKS,
    end: &[queries::END_NETWORK],
    before: None,
    after: None,
});

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn only_the_network_is_kept() {
        for (address, kept) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2::77", "2001:db8:1::/48"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ] {
            assert_eq!(network(address.parse().unwrap()), kept);
        }
    }
}
