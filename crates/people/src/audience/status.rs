use privacy::suppression::{self, Reason, Suppressed};
use store::Ctx;

use crate::Result;
use crate::contacts::Contact;
use crate::segments::conditions::TopicState;

/// How somebody stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A block is in force for the whole person: erased before, an objection, a complaint, the law.
    Blocked,
    /// Their address does not exist (any more).
    Bounced,
    /// In one topic or more.
    Subscribed,
    /// In none, and asked to confirm one.
    Pending,
    /// Left every topic.
    Unsubscribed,
    /// Never in a topic.
    None,
}

impl Status {
    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Bounced => "bounced",
            Self::Subscribed => "subscribed",
            Self::Pending => "pending",
            Self::Unsubscribed => "unsubscribed",
            Self::None => "none",
        }
    }
}

fn of(contact: &Contact, blocks: &[Suppressed]) -> Status {
    let blocked = |reason: Reason| {
        matches!(
            reason,
            Reason::Erased | Reason::LegalBlock | Reason::Complaint | Reason::Objection | Reason::DomainBlock
        )
    };
    if blocks.iter().any(|block| blocked(block.reason)) {
        return Status::Blocked;
    }
    if blocks.iter().any(|block| block.reason == Reason::HardBounce) {
        return Status::Bounced;
    }
    let stands = |state| contact.topics.iter().any(|topic| topic.state == state);
    if stands(TopicState::Subscribed) {
        Status::Subscribed
    } else if stands(TopicState::Pending) {
        Status::Pending
    } else if stands(TopicState::Unsubscribed) || blocks.iter().any(|block| block.reason == Reason::UnsubscribeAll) {
        Status::Unsubscribed
    } else {
        Status::None
    }
}

/// The statuses of people, in their order.
pub(super) async fn of_many(ctx: &Ctx, people: &[Contact]) -> Result<Vec<Status>> {
    let keys = ctx.keys().await?;
    let mut hashes = Vec::with_capacity(2 * people.len());
    let mut owners = Vec::with_capacity(2 * people.len());
    for (place, contact) in people.iter().enumerate() {
        hashes.push(suppression::subject_hash(&keys, contact.loaded.id));
        owners.push(place);
        if let Some(email) = contact.loaded.profile.email() {
            hashes.push(suppression::email_hash(&keys, email));
            owners.push(place);
        }
    }
    let mut blocks: Vec<Vec<Suppressed>> = vec![Vec::new(); people.len()];
    for (found, owner) in suppression::check(ctx, &hashes).await?.into_iter().zip(owners) {
        blocks[owner].extend(found);
    }
    Ok(people.iter().zip(&blocks).map(|(contact, blocks)| of(contact, blocks)).collect())
}
