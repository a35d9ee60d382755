//! `POST /v1/sending/test`

use accounts::members;
use kernel::{Email, EventId};
use outbound::notices;
use store::Actor;

use crate::v1::prelude::*;
use crate::v1::setup::change;
use crate::v1::trail;

/// To whom the test goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SendingTest {
    /// The address of a member of the workspace; your own when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    to: Option<Email>,
}

/// A test that is on its way.
#[derive(Serialize, ToSchema)]
pub(super) struct SendingTestMade {
    /// Ask for its state with this.
    id: String,
}

/// Send a short message to a member, through the gate and out like every other, to see whether it arrives.
#[utoipa::path(post, path = "/v1/sending/test", request_body = SendingTest, security(("key" = ["campaigns:test"])),
    responses((status = 202, body = SendingTestMade)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<SendingTest>,
) -> Result<(StatusCode, JsonBody<SendingTestMade>)> {
    let ctx = caller.require("campaigns:test")?;
    let members = members::list(&ctx, None, 1000).await?;
    let found = match (&input.to, ctx.actor) {
        (Some(to), _) => members.iter().find(|member| member.email.expose().normal() == to.normal()),
        (None, Actor::User(user)) => members.iter().find(|member| member.user == user),
        (None, _) => return Err(Problem::field("to", "is required with a key: the address of a member").into()),
    };
    let Some(member) = found.filter(|member| member.confirmed) else {
        let detail = "a test goes to members whose address is confirmed; invite this person first";
        return Err(Problem::field("to", detail).into());
    };
    let language = accounts::users::get(&ctx, member.user).await?.language;
    let id: EventId = ctx.id();
    notices::try_out(&app.outbound, &ctx, id, member, language).await?;
    let at = ctx.now();
    change(&ctx, |onboarding| (onboarding.test, onboarding.tested_at) = (Some(id), Some(at))).await?;
    trail::note(&ctx, "sending.tested", &[&id]).await?;
    Ok((StatusCode::ACCEPTED, JsonBody(SendingTestMade { id: id.to_string() })))
}
