//! `POST /v1/ledger/verify`

use privacy::ledger;

use crate::v1::prelude::*;

/// How deep to look.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VerifyQuery {
    /// Also open every payload whose key exists and hold it against its commitment (slower).
    payloads: bool,
}

/// Whether the ledger verifies.
#[derive(Serialize, ToSchema)]
pub(super) struct VerifyAnswer {
    /// Whether everything is in order.
    ok: bool,
    /// The first bad record.
    first_bad_seq: Option<u64>,
    /// What is wrong with it.
    why: Option<String>,
    /// How many records were verified.
    records: Option<u64>,
    /// How many events they carry.
    events: Option<u64>,
    /// The last record's hash, in hex.
    head: Option<String>,
    /// Payloads that were opened and matched.
    opened: u64,
    /// Payloads shredded by retention.
    shredded: u64,
    /// Checkpoints that were met.
    checkpoints: u64,
}

/// Verify the ledger where it is stored.
#[utoipa::path(post, path = "/v1/ledger/verify", params(VerifyQuery), security(("key" = ["ledger:read"])),
    responses((status = 200, body = VerifyAnswer)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<VerifyQuery>) -> Result<JsonBody<VerifyAnswer>> {
    let ctx = caller.require("ledger:read")?;
    let answer = match ledger::verify_stored(&ctx, query.payloads).await {
        Ok(report) => VerifyAnswer {
            ok: true,
            first_bad_seq: None,
            why: None,
            records: Some(report.chain.records),
            events: Some(report.chain.events),
            head: Some(report.chain.head),
            opened: report.opened,
            shredded: report.shredded,
            checkpoints: report.checkpoints,
        },
        Err(privacy::Error::LedgerBroken { seq, why }) => VerifyAnswer {
            ok: false,
            first_bad_seq: Some(seq),
            why: Some(why),
            records: Some(seq.saturating_sub(1)),
            events: None,
            head: None,
            opened: 0,
            shredded: 0,
            checkpoints: 0,
        },
        Err(error) => return Err(error.into()),
    };
    Ok(JsonBody(answer))
}
