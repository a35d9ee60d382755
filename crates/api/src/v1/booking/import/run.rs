//! `POST /v1/booking/import`

use booking::import::{self, Report, Wanted};
use kernel::{EventTypeId, HostId};

use crate::v1::prelude::*;

/// What is to be imported from Calendly; at least one of the two files.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BookingImport {
    /// The text of the CSV export of scheduled events; at most 8 MiB and 20000 lines.
    #[serde(default)]
    events: Option<String>,
    /// The text that `GET /event_types` of Calendly's API answers; at most 500 event types.
    #[serde(default)]
    event_types: Option<String>,
    /// Whose time events take whose own host is no host here, and who receives people of imported event types.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    host: Option<HostId>,
    /// What events belong to whose event type is not here.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    event_type: Option<EventTypeId>,
    /// The zone of the times in the file; the host's when absent.
    #[serde(default)]
    timezone: Option<String>,
    /// Only tell what would happen.
    #[serde(default)]
    dry_run: bool,
}

/// Import event types and events from Calendly, or tell what an import would do. Known again by their names there: the
/// same file twice makes nothing twice. Event types are hidden at first; nobody is written to.
#[utoipa::path(post, path = "/v1/booking/import", request_body = BookingImport, security(("key" = ["bookings:manage"])), responses((status = 200, body = Report)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<BookingImport>) -> Result<JsonBody<Report>> {
    let ctx = caller.require("bookings:manage")?;
    let wanted = Wanted {
        events: input.events,
        event_types: input.event_types,
        host: input.host,
        event_type: input.event_type,
        timezone: input.timezone,
        dry_run: input.dry_run,
    };
    Ok(JsonBody(import::run(&ctx, &wanted).await?))
}
