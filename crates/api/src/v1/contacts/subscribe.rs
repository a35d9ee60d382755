//! `POST /v1/subscribe`

use std::net::IpAddr;

use kernel::{ContactId, FormId, NoticeId};
use people::subscribe::{Proof, Subscribe, Subscribed, subscribe};
use people::topics;

use super::draft::ContactValues;
use crate::v1::prelude::*;

/// A person who joins a topic.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Joining {
    /// The topic, by id or name.
    topic: String,
    /// What proves the person's wish.
    #[serde(default)]
    proof: GivenProof,
    /// The person, with at least one address or number.
    contact: ContactValues,
}

/// What proves a person's wish; kept sealed in the ledger.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct GivenProof {
    /// The address they did it from.
    #[schema(value_type = Option<String>)]
    ip: Option<IpAddr>,
    /// The program they did it with.
    user_agent: Option<String>,
    /// The words shown beside the box.
    wording: Option<String>,
    /// The version of the privacy notice shown.
    #[schema(value_type = Option<String>)]
    notice: Option<NoticeId>,
    /// The form, when it was one.
    #[schema(value_type = Option<String>)]
    form: Option<FormId>,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(super) struct JoiningAnswer {
    /// The person.
    #[schema(value_type = String)]
    contact: ContactId,
    /// `joined`, `requested` (a confirmation mail is on its way) or `already`.
    state: &'static str,
}

/// Subscribe a person to a topic, with the evidence for it.
///
/// With double opt-in a confirmation mail goes out first.
#[utoipa::path(post, path = "/v1/subscribe", request_body = Joining, security(("key" = ["contacts:write"])),
    responses((status = 200, body = JoiningAnswer)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<Joining>) -> Result<JsonBody<JoiningAnswer>> {
    let ctx = caller.require("contacts:write")?;
    let topic = topics::find(&ctx, &input.topic).await?.id;
    input.contact.refuse_changes()?;
    let (draft, _, origin) = input.contact.read(&ctx)?;
    let GivenProof { ip, user_agent, wording, notice, form } = input.proof;
    let proof = Proof { ip, user_agent, wording, notice, form, ..Proof::default() };
    let done = subscribe(&ctx, Subscribe { draft, topic, origin, proof }).await?;
    let state = match done {
        Subscribed::Joined(_) => "joined",
        Subscribed::Requested(_) => "requested",
        Subscribed::Already(_) => "already",
    };
    Ok(JsonBody(JoiningAnswer { contact: done.contact(), state }))
}
