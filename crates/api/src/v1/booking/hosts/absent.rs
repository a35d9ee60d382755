//! `POST /v1/booking/hosts/{id}/absences`

use kernel::HostId;

use crate::v1::prelude::*;

/// A time in which a host is away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAbsence {
    /// From.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// To.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// Who stands in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    hand_over: Option<HostId>,
}

/// Enter a time in which a host is away, with who stands in. Why is not asked.
#[utoipa::path(post, path = "/v1/booking/hosts/{id}/absences", params(("id" = String, Path)), request_body = NewAbsence, security(("key" = ["bookings:write"])), responses((status = 201, body = booking::hosts::Absence)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<HostId>,
    JsonBody(input): JsonBody<NewAbsence>,
) -> Result<(StatusCode, JsonBody<booking::hosts::Absence>)> {
    let ctx = caller.require("bookings:write")?;
    super::own(&caller, &ctx, id).await?;
    let absence = booking::hosts::Absence {
        id: String::new(),
        host: id,
        from: input.from,
        to: input.to,
        hand_over: input.hand_over,
    };
    Ok((StatusCode::CREATED, JsonBody(booking::hosts::leave_office(&ctx, absence).await?)))
}
