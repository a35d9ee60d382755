//! `GET /v1/api-calls`

use accounts::calls::{self, Entry, Filter};
use kernel::{ApiCallId, PageRequest};

use crate::v1::prelude::*;

/// Which calls are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CallQuery {
    /// How many items, 1 to 1000; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Of one key (`key_…`) or member (`usr_…`).
    actor: Option<String>,
    /// Of one operation, such as `GET /v1/contacts/{id}`.
    operation: Option<String>,
    /// A status (`403`) or a class of them (`4xx`).
    status: Option<String>,
    /// From this instant on.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// One call.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiCall {
    /// Its id.
    #[schema(value_type = String)]
    id: ApiCallId,
    /// When it came in.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who called: `key_…` or `usr_…`.
    actor: String,
    /// Method and route template.
    operation: String,
    /// The status of the answer.
    status: u16,
    /// The network it came from (/24 or /48); null after thirty days.
    network: Option<String>,
    /// Bytes of the request's body, as announced.
    bytes_in: u64,
    /// Bytes of the answer's body; 0 for streams.
    bytes_out: u64,
    /// Microseconds until the answer began.
    micros: i64,
}

impl From<Entry> for ApiCall {
    fn from(entry: Entry) -> Self {
        let Entry { id, at, actor, operation, status, network, bytes_in, bytes_out, micros } = entry;
        Self { id, at, actor, operation, status, network, bytes_in, bytes_out, micros }
    }
}

fn statuses(text: &str) -> Result<(u16, u16)> {
    let class =
        text.strip_suffix("xx").and_then(|class| class.parse::<u16>().ok()).filter(|class| (1..=5).contains(class));
    match (class, text.parse::<u16>()) {
        (Some(class), _) => Ok((class * 100, class * 100 + 99)),
        (None, Ok(status @ 100..=599)) => Ok((status, status)),
        _ => Err(Failure(Problem::field("status", "expected a status such as 403, or a class such as 4xx"))),
    }
}

/// Which key or member did what, when, from which network, with what outcome; newest first. What was asked and
/// answered is not kept. Entries end after six months, networks after thirty days.
#[utoipa::path(get, path = "/v1/api-calls", params(CallQuery), security(("key" = ["audit:read"])),
    responses((status = 200, body = Listed<ApiCall>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<CallQuery>,
) -> Result<JsonBody<Listed<ApiCall>>> {
    let ctx = caller.require("audit:read")?;
    app.toolbox.calls().flush(&app.core).await;
    let page = PageRequest { limit: query.limit, cursor: query.cursor };
    let status = query.status.as_deref().map(statuses).transpose()?;
    let filter = Filter {
        actor: query.actor,
        operation: query.operation,
        status_from: status.map(|(from, _)| from),
        status_to: status.map(|(_, to)| to),
        since: query.since,
        until: query.until,
        before: page.cursor.as_deref().map(http_server::cursor::decode).transpose()?,
    };
    let found = calls::list(&ctx, &filter, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |entry| entry.id);
    Ok(JsonBody(Listed::of(found, ApiCall::from)))
}
