use std::collections::BTreeSet;

use kernel::{Code, ContactId, Email, FormId, Phone, Problem, TopicId};
use privacy::claims::{self, DoubleOptIn, Statement};
use privacy::suppression::{self, Lift};
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::{Value as Json, json};
use store::{Actor, Core, Ctx, Feed};

use super::token::{self, Invitation};
use super::{Proof, join};
use crate::contacts;
use crate::forms::{self, Figures};
use crate::segments::conditions::TopicState;
use crate::topics::{self, Topic};
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

/// Confirms a sign-up by the token of its mail, with all topics that were asked for by the same act. This is the person's own act: it gives consent
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
    let mut topics = vec![(topic.clone(), None)];
    for (id, form) in topics::pending_since(&ctx, contact, requested_at).await? {
        if id == topic.id {
            topics[0].1 = form;
        } else {
            topics.push((topics::get(&ctx, id).await?, form));
        }
    }
    let forms: BTreeSet<FormId> = topics.iter().filter_map(|(_, form)| *form).collect();
    let loaded =
        contacts::get_many(&ctx, crate::ReadFor::OwnPage, &[contact]).await?.pop().flatten().ok_or_else(gone)?;
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(workspace, contact).await?);
    let channel = if loaded.profile.emails.is_empty() { Channel::Sms } else { Channel::Email };
    let (email, phone) = (loaded.profile.email(), loaded.profile.phone());
    let addresses = addresses(&keys, email, phone.and_then(|number| Phone::parse(number, None).ok()).as_ref());
    let now = ctx.now();
    let mut batch = ctx.batch();
    let mut lifted = Vec::with_capacity(topics.len());
    for (topic, _) in &topics {
        let purpose = Purpose::new(&topic.purpose).map_err(|_| Error::Corrupt("topic"))?;
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
        let addresses = addresses.clone();
        let asked = Lift { subject: contact, addresses, purpose, channel, topic: Some(topic.id), confirmed_at: now };
        lifted.push(suppression::lift(&mut batch, &ctx, &keys, &subject_keys, &asked)?);
        topics::set_membership(&mut batch, (contact, topic.id), TopicState::Subscribed, None, now);
        batch.feed(Feed {
            kind: "topic.joined",
            entity: contact.into(),
            data: json!({"topic": topic.id, "confirmed": true}),
        });
    }
    join::push_joined(&mut batch, &ctx, contact);
    for form in forms {
        forms::push_figures(&mut batch, form, now, Figures { confirmed: 1, ..Figures::default() });
    }
    ctx.db.apply(batch).await?;
    for lifted in lifted {
        lifted.remember(&ctx).await?;
    }
    Ok(Confirmed { contact, topic: topic.id, again: false })
}

/// The topics that a link confirms: its own first, then what was asked for together with it.
///
/// # Errors
/// When the store fails, or a topic is not there.
pub async fn invited(ctx: &Ctx, invitation: &Invitation) -> Result<Vec<Topic>> {
    let mut topics = vec![topics::get(ctx, invitation.topic).await?];
    for (id, _) in topics::pending_since(ctx, invitation.contact, invitation.requested_at).await? {
        if id != invitation.topic {
            topics.push(topics::get(ctx, id).await?);
        }
    }
    Ok(topics)
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
