//! `GET /v1/members`

use accounts::members::{self, Member, Role};
use kernel::{MemberId, PageRequest, UserId};

use crate::v1::prelude::*;

/// A member.
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub(super) struct MemberAnswer {
    /// The membership.
    #[schema(value_type = String)]
    id: MemberId,
    /// The account behind it.
    #[schema(value_type = String)]
    user: UserId,
    /// The member's e-mail address.
    email: String,
    /// The member's name.
    name: String,
    /// `owner`, `admin`, `author`, `analyst` or `agent`.
    #[schema(value_type = String)]
    role: Role,
    /// Whether the invitation waits to be accepted.
    invited: bool,
    /// Whether the address is confirmed.
    confirmed: bool,
    /// Whether a second factor is set up.
    second_factor: bool,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

fn shown(member: Member) -> MemberAnswer {
    MemberAnswer {
        id: member.id,
        user: member.user,
        email: member.email.expose().to_string(),
        name: member.name.into_inner(),
        role: member.role,
        invited: member.invited,
        confirmed: member.confirmed,
        second_factor: member.second_factor,
        created_at: member.created_at,
    }
}

/// The members, in the order they came.
#[utoipa::path(get, path = "/v1/members", params(PageQuery), security(("key" = ["members:read"])),
    responses((status = 200, body = Listed<MemberAnswer>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<MemberAnswer>>> {
    let ctx = caller.require("members:read")?;
    let page = PageRequest::from(page);
    let after = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = members::list(&ctx, after, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |member| member.id);
    Ok(JsonBody(Listed::of(found, shown)))
}
