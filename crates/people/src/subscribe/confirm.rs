use kernel::{Code, ContactId, Email, Phone, Problem, TopicId};
use privacy::claims::{self, DoubleOptIn, Statement};
use privacy::suppression::{self, Lift};
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::{Value as Json, json};
use store::{Actor, Core, Ctx, Feed};

use super::token::{self, Invitation};
use super::{Proof, join};
use crate::contacts;
use crate::segments::conditions::TopicState;
use crate::topics;
use crate::{Error, Result};

/// A confirmed sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    /// Who.
    pub contact: ContactId,
    /// Which topic.
    pub topic: TopicId,
    /// Whether it had been confirmed before.
    pub again: bool,
}

fn gone() -> Error {
    Problem::new(Code::Gone, "this link is no longer valid; sign up once more to get a new one").into()
}

/// Confirms a sign-up by the token of its mail. This is the person's own act: it gives consent
/// with double opt-in evidence and lifts the blocks it answers.
///
/// # Errors
/// `gone` for tokens that are forged, too old, or older than the person's leaving.
pub async fn confirm(core: &Core, token: &str, proof: &Proof) -> Result<Confirmed> {
    let invitation = token::read(core, token).await?.ok_or_else(gone)?;
    let Invitation { workspace, contact, topic, requested_at } = invitation;
    let ctx = core.ctx(workspace, Actor::Person);
    let topic = topics::get(&ctx, topic).await.map_err(|_| gone())?;
    let (state, since, _) = topics::membership(&ctx, contact, topic.id).await?.ok_or_else(gone)?;
    match state {
        TopicState::Subscribed => return Ok(Confirmed { contact, topic: topic.id, again: true }),
        TopicState::Unsubscribed if since >= requested_at => return Err(gone()),
        TopicState::Unsubscribed | TopicState::Pending => {}
    }
    let loaded =
        contacts::get_many(&ctx, crate::ReadFor::OwnPage, &[contact]).await?.pop().flatten().ok_or_else(gone)?;
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(workspace, contact).await?);
    let channel = if loaded.profile.emails.is_empty() { Channel::Sms } else { Channel::Email };
    let (email, phone) = (loaded.profile.email(), loaded.profile.phone());
    let purpose = Purpose::new(&topic.purpose).map_err(|_| Error::Corrupt("topic"))?;
    let now = ctx.now();
    let mut batch = ctx.batch();
    let statement = Statement {
        subject: contact,
        purpose: purpose.clone(),
        channel,
        topic: Some(topic.id),
        basis: BasisKind::Consent,
        state: ConsentState::Given,
        at: now,
        expires_at: None,
        detail: detail(proof, requested_at, &ctx),
    };
    claims::state(&mut batch, &ctx, &keys, &subject_keys, statement)?;
    let addresses = addresses(&keys, email, phone.and_then(|number| Phone::parse(number, None).ok()).as_ref());
    let asked = Lift { subject: contact, addresses, purpose, channel, topic: Some(topic.id), confirmed_at: now };
    let lifted = suppression::lift(&mut batch, &ctx, &keys, &subject_keys, &asked)?;
    topics::set_membership(&mut batch, (contact, topic.id), TopicState::Subscribed, None, now);
    join::push_joined(&mut batch, &ctx, contact);
    batch.feed(Feed {
        kind: "topic.joined",
        entity: contact.into(),
        data: json!({"topic": topic.id, "confirmed": true}),
    });
    ctx.db.apply(batch).await?;
    lifted.remember(&ctx).await?;
    Ok(Confirmed { contact, topic: topic.id, again: false })
}

fn detail(proof: &Proof, requested_at: kernel::Timestamp, ctx: &Ctx) -> Json {
    let mut detail = proof.detail();
    let confirmed = DoubleOptIn {
        requested_at: Some(requested_at),
        confirmed_at: Some(ctx.now()),
        confirmed_ip: proof.ip.map(|ip| ip.to_string()),
        notice: proof.notice,
        wording: proof.wording.clone(),
        ..DoubleOptIn::default()
    };
    detail.insert("doi".into(), confirmed.to_json());
    detail.insert("evidence".into(), Json::Bool(true));
    Json::Object(detail)
}

fn addresses(keys: &store::WorkspaceKeys, email: Option<&Email>, phone: Option<&Phone>) -> Vec<store::Blind> {
    match (email, phone) {
        (Some(email), _) => vec![suppression::email_hash(keys, email)],
        (None, Some(phone)) => vec![suppression::phone_hash(keys, phone)],
        (None, None) => Vec::new(),
    }
}
