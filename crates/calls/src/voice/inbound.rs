//! Calls that come in: to a number that a flow answers, or to nobody.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing::Micros;
use kernel::{CallId, Phone, WorkspaceId};
use privacy::suppression;
use serde_json::json;
use store::{Ctx, Feed, Value, params};

use super::conduct::{Conductor, Line, local};
use super::model::{CallState, Content};
use super::queries as sql;
use super::record::Book;
use super::service::{LiveTrunk, Voice, system};
use crate::flows::{self, FlowView};
use crate::sip::{Command, Message, Offered, Uri};
use crate::{Error, Result};

/// Takes a call, or says that there is nobody.
pub(super) async fn take(voice: Voice, offered: Offered) {
    let leg = offered.leg;
    let status = match try_take(&voice, offered).await {
        Ok(None) => return,
        Ok(Some(status)) => status,
        Err(error) => {
            tracing::warn!(%error, "a call that came in was not taken");
            500
        }
    };
    if let Some(endpoint) = voice.endpoint() {
        endpoint.order(Command::Reject(leg, status));
    }
}

/// A number as our tables write it, from the user of an address.
fn number(user: &str) -> Option<Phone> {
    let digits: String = user.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    Phone::parse(&format!("+{digits}"), None).ok()
}

/// Which workspace's flow answers, over which of its trunks.
async fn answering(voice: &Voice, offered: &Offered) -> Result<Option<(Ctx, Arc<LiveTrunk>, Phone, FlowView)>> {
    let asked = offered.invite.uri().and_then(Uri::user);
    let to = offered.invite.to().ok().and_then(|to| to.uri.user());
    let mut trunks: Vec<(WorkspaceId, Arc<LiveTrunk>)> = voice.trunks_at(offered.from.at.ip());
    // A registered trunk calls the address that we gave it: that says whose call it is.
    if let Some(place) = trunks.iter().position(|(_, live)| Some(live.contact_user()) == asked) {
        trunks = vec![trunks.swap_remove(place)];
    }
    let called = [asked.as_deref(), to.as_deref()].into_iter().flatten().filter_map(number);
    for called in called.collect::<Vec<_>>() {
        for (workspace, trunk) in &trunks {
            let ctx = system(voice.core(), *workspace);
            let flow = match flows::flow_of_number(&ctx, called.as_str()).await? {
                Some(flow) => Some(flow),
                None => of_inventory(&ctx, &called).await?,
            };
            if let Some(flow) = flow {
                return Ok(Some((ctx, Arc::clone(trunk), called, flow)));
            }
        }
    }
    Ok(None)
}

/// The flow that the inventory of numbers names for one of ours.
async fn of_inventory(ctx: &Ctx, called: &Phone) -> Result<Option<FlowView>> {
    let Some(id) = crate::numbers::forward_of(ctx, called.as_str()).await?.voice else { return Ok(None) };
    match flows::find(ctx, id).await {
        Ok(flow) => Ok(Some(flow)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Who calls: what the trunk asserts, or what they say; nobody when they hide it.
fn caller(invite: &Message) -> Option<Phone> {
    let hidden = invite.headers.all("Privacy").any(|value| value.to_ascii_lowercase().contains("id"));
    if hidden {
        return None;
    }
    let asserted =
        invite.headers.get("P-Asserted-Identity").and_then(|value| value.parse::<crate::sip::NameAddr>().ok());
    let said = asserted.or_else(|| invite.from().ok())?;
    number(&said.uri.user()?)
}

async fn try_take(voice: &Voice, offered: Offered) -> Result<Option<u16>> {
    let Some((ctx, trunk, called, flow)) = answering(voice, &offered).await? else { return Ok(Some(404)) };
    let rules = crate::settings::get(&ctx).await?;
    if voice.together(ctx.workspace) >= rules.together as usize {
        return Ok(Some(486));
    }
    let Some(place) = trunk.place() else { return Ok(Some(486)) };
    let Some(endpoint) = voice.endpoint() else { return Ok(Some(503)) };
    let from = caller(&offered.invite);
    // Somebody who was erased and may not be kept again speaks to the flow as nobody.
    let contact = match &from {
        Some(from) => super::accept::person(&ctx, from, "their own call").await.ok(),
        None => None,
    };
    let (media, hearing) = voice.media().await?;
    let call: CallId = ctx.id();
    keep(&ctx, (call, contact), (&called, from.as_ref()), (&trunk, &flow)).await?;
    let ours = local(&trunk, &media, voice);
    let hang_up = voice.enter(call);
    endpoint.order(Command::Ring(offered.leg));
    endpoint.order(Command::Accept(offered.leg, ours));
    let mut variables = BTreeMap::from([
        ("call.id".to_owned(), call.to_string()),
        ("call.direction".to_owned(), "inbound".to_owned()),
        ("call.to".to_owned(), called.as_str().to_owned()),
    ]);
    if let Some(from) = &from {
        variables.insert("call.from".to_owned(), from.as_str().to_owned());
    }
    let book = Book { ctx, call, contact, direction: "inbound", unit: Micros(0) };
    let line = Line { leg: offered.leg, events: offered.events, media, hearing };
    let about = (hang_up, rules.longest, called.as_str().to_owned());
    let conductor = Conductor::new(voice.clone(), book, line, about);
    conductor.inbound(flow.flow, variables).await;
    drop(place);
    Ok(None)
}

async fn keep(
    ctx: &Ctx,
    (call, contact): (CallId, Option<kernel::ContactId>),
    (called, from): (&Phone, Option<&Phone>),
    (trunk, flow): (&LiveTrunk, &FlowView),
) -> Result<()> {
    let (now, keys) = (ctx.now(), ctx.keys().await?);
    let content = from.map(|from| Content {
        number: from.as_str().to_owned(),
        flow: flow.flow.to_json(),
        reference: None,
        variables: BTreeMap::new(),
    });
    let sealed = match (contact, content) {
        (Some(contact), Some(content)) => {
            let subject = ctx.vault.subject(ctx.workspace, contact).await?;
            Value::from(content.seal(ctx, contact, &subject).ok())
        }
        _ => Value::Null,
    };
    let address = from.filter(|_| contact.is_some()).map(|from| suppression::phone_hash(&keys, from));
    let country = from.and_then(Phone::country).unwrap_or_default();
    let rules = crate::settings::get(ctx).await?;
    let mut batch = ctx.batch();
    batch.push(
        sql::INSERT,
        params![
            ctx.workspace,
            call,
            contact,
            "inbound",
            "service",
            None::<kernel::TopicId>,
            address,
            country,
            called.as_str(),
            flow.id,
            trunk.trunk.id,
            0,
            rules.longest,
            Micros(0),
            false,
            CallState::Ringing,
            None::<String>,
            "",
            "",
            "",
            None::<kernel::EventId>,
            now,
            now,
            now,
            now.plus_seconds(i64::from(rules.longest) + 120),
            now,
            None::<kernel::Timestamp>,
            sealed
        ],
    );
    let data = json!({ "contact": contact, "direction": "inbound" });
    batch.feed(Feed { kind: "call.received", entity: call.into(), data });
    ctx.db.apply(batch).await?;
    Ok(())
}
