//! `GET /v1/contacts/{id}/consent`

use kernel::{ContactId, TopicId};
use people::contacts;
use privacy::answer::{blocks_of, role};
use privacy::{claims, ledger};

use super::messages::topic_names;
use crate::v1::prelude::*;

/// What writing to a person rests on now.
#[derive(Serialize, ToSchema)]
pub(super) struct StandingClaim {
    purpose: String,
    channel: String,
    topic: Option<String>,
    topic_name: Option<String>,
    basis: String,
    /// `given`, `requested`, `withdrawn`, `expired`, …
    state: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The first instant at which it no longer holds.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// When a double opt-in was confirmed.
    #[schema(value_type = Option<String>, format = DateTime)]
    confirmed_at: Option<Timestamp>,
    /// The ledger event that says so.
    event: String,
}

/// One thing that evidence says.
#[derive(Serialize, ToSchema)]
pub(super) struct EvidenceItem {
    /// What, such as `doi.confirmed_ip`.
    name: String,
    /// Its value.
    value: String,
}

/// One event of the ledger about a person.
#[derive(Serialize, ToSchema)]
pub(super) struct ConsentEvent {
    /// The number of the record that carries it.
    seq: i64,
    /// That record's hash, in hex.
    hash: String,
    /// Its id.
    id: String,
    /// When.
    at: String,
    /// `statement`, `withdrawal`, `block`, `lift`, `merge`, `erasure` or `restored`.
    kind: String,
    purpose: Option<String>,
    channel: Option<String>,
    topic: Option<String>,
    topic_name: Option<String>,
    basis: Option<String>,
    state: Option<String>,
    expires: Option<String>,
    /// The version of the privacy notice that was shown.
    notice: Option<String>,
    /// `member`, `api`, `person`, `system` or `console`.
    actor: String,
    /// What the sealed evidence says; empty once it was shredded.
    evidence: Vec<EvidenceItem>,
    /// Whether the evidence is gone, as retention asks.
    shredded: bool,
}

/// A block in force.
#[derive(Serialize, ToSchema)]
pub(super) struct StandingBlock {
    /// `person`, `email`, `phone` or `domain`.
    of: String,
    scope: String,
    reason: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// What a person agreed to, refused and took back.
#[derive(Serialize, ToSchema)]
pub(super) struct ConsentAnswer {
    /// What holds now, per purpose, channel and topic.
    claims: Vec<StandingClaim>,
    /// Everything the ledger has of this person, newest first.
    events: Vec<ConsentEvent>,
    /// Blocks in force.
    suppressions: Vec<StandingBlock>,
}

/// Evidence has few members; more than these are not shown.
const SHOWN: usize = 40;

/// The texts, numbers and flags of a payload by their path; ids of members and keys by their role.
pub(super) fn flat(json: &Json, path: &str, out: &mut Vec<EvidenceItem>) {
    let within = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let value = match json {
        Json::Null => return,
        Json::Object(members) => return members.iter().for_each(|(name, value)| flat(value, &within(name), out)),
        Json::Array(items) => {
            return items.iter().enumerate().for_each(|(place, value)| flat(value, &within(&place.to_string()), out));
        }
        Json::String(text) => role(text).map_or_else(|| text.clone(), str::to_owned),
        other => other.to_string(),
    };
    if out.len() < SHOWN {
        out.push(EvidenceItem { name: path.to_owned(), value });
    }
}

/// The consent ledger of one person: current claims, every event with its evidence and place in the chain, blocks.
#[utoipa::path(get, path = "/v1/contacts/{id}/consent", params(("id" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = ConsentAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ContactId>) -> Result<JsonBody<ConsentAnswer>> {
    let ctx = caller.require("privacy:read")?;
    contacts::get(&ctx, people::ReadFor::Work, id).await?;
    let names = topic_names(&ctx).await?;
    let name = |topic: Option<TopicId>| topic.and_then(|topic| names.get(&topic).cloned());
    let claims = claims::list(&ctx, id).await?.into_iter().map(|claim| StandingClaim {
        purpose: claim.purpose.to_string(),
        channel: claim.channel.to_string(),
        topic_name: name(claim.topic),
        topic: claim.topic.map(|topic| topic.to_string()),
        basis: claim.basis.to_string(),
        state: claim.state.to_string(),
        at: claim.at,
        expires_at: claim.expires_at,
        confirmed_at: claim.confirmed_at,
        event: claim.event.to_string(),
    });
    let claims = claims.collect();
    let events = ledger::history(&ctx, id).await?.into_iter().map(|found| {
        let header = &found.event.header;
        let text = |member: &str| header.get(member).and_then(Json::as_str).map(str::to_owned);
        let mut evidence = Vec::new();
        if let Some(payload) = &found.event.payload {
            flat(payload, "", &mut evidence);
        }
        let (topic, actor) = (text("topic"), text("actor").unwrap_or_default());
        ConsentEvent {
            seq: found.event.seq,
            hash: found.hash,
            id: text("id").unwrap_or_default(),
            at: text("at").unwrap_or_default(),
            kind: text("kind").unwrap_or_default(),
            purpose: text("purpose"),
            channel: text("channel"),
            topic_name: name(topic.as_deref().and_then(|topic| topic.parse().ok())),
            topic,
            basis: text("basis"),
            state: text("state"),
            expires: text("expires"),
            notice: text("notice"),
            actor: role(&actor).map_or(actor.clone(), str::to_owned),
            evidence,
            shredded: found.event.payload.is_none(),
        }
    });
    let suppressions = blocks_of(&ctx, id).await?.into_iter().map(|found| StandingBlock {
        of: found.of,
        scope: found.block.scope.to_string(),
        reason: found.block.reason.to_string(),
        at: found.block.at,
    });
    Ok(JsonBody(ConsentAnswer { claims, events: events.collect(), suppressions: suppressions.collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_shown_by_its_paths_and_names_no_member() {
        let mut out = Vec::new();
        let json = json!({"ip": "192.0.2.1", "doi": {"at": null, "ok": true}, "list": [1, "x"],
            "by": "usr_01kasn9w5y8gx0ee3t9tw1vt7d"});
        flat(&json, "", &mut out);
        let mut shown: Vec<_> = out.iter().map(|item| format!("{}={}", item.name, item.value)).collect();
        shown.sort();
        assert_eq!(shown, ["by=member", "doi.ok=true", "ip=192.0.2.1", "list.0=1", "list.1=x"]);
        let long = Json::Array((0..1000).map(Json::from).collect());
        out.clear();
        flat(&long, "", &mut out);
        assert_eq!(out.len(), SHOWN);
    }
}
