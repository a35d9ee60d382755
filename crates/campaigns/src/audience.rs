//! Who a campaign or sequence is for, in chunks.

use std::collections::HashSet;
use std::sync::Arc;

use kernel::{ContactId, RawId, SegmentId, TopicId};
use people::segments::live::Live;
use store::Ctx;

use crate::writing::{Writing, Written};
use crate::{Result, prospecting};

/// The subscribers of a topic, narrowed to a segment.
#[derive(Clone)]
pub(crate) struct Audience {
    topic: TopicId,
    /// The segment's members when there is one.
    members: Option<Arc<HashSet<ContactId>>>,
}

/// One chunk: where to go on, and what is written to whom.
pub(crate) struct Chunk {
    pub(crate) next: Option<ContactId>,
    pub(crate) written: Written,
}

impl Audience {
    /// The audience; criteria that were frozen for `owner` go before the segment as it is now.
    pub(crate) async fn of(
        ctx: &Ctx,
        live: &Live,
        owner: RawId,
        (topic, segment): (TopicId, Option<SegmentId>),
    ) -> Result<Self> {
        let condition = match (prospecting::criteria(ctx, owner).await?, segment) {
            (Some(frozen), _) => Some(frozen),
            (None, Some(segment)) => Some(people::segments::saved::get(ctx, segment).await?.condition),
            (None, None) => None,
        };
        let members = match condition {
            Some(condition) => {
                people::reads::mark(ctx, people::reads::Reader::Segment, &condition.fields()).await?;
                Some(Arc::new(live.contacts(ctx, &condition).await?.into_iter().collect()))
            }
            None => None,
        };
        Ok(Self { topic, members })
    }

    /// The next people of the topic who are in the segment, and where to go on.
    pub(crate) async fn people(
        &self,
        ctx: &Ctx,
        after: ContactId,
        limit: u32,
    ) -> Result<(Vec<ContactId>, Option<ContactId>)> {
        let ids = people::topics::subscribed_after(ctx, self.topic, after, limit).await?;
        let next = if ids.len() == limit as usize { ids.last().copied() } else { None };
        let chosen = match &self.members {
            Some(members) => ids.into_iter().filter(|id| members.contains(id)).collect(),
            None => ids,
        };
        Ok((chosen, next))
    }

    /// The chunk after a contact, written; contacts without an e-mail address are passed over.
    pub(crate) async fn after(&self, ctx: &Ctx, writing: &Writing, after: ContactId, limit: u32) -> Result<Chunk> {
        let (chosen, next) = self.people(ctx, after, limit).await?;
        Ok(Chunk { next, written: writing.to(ctx, &chosen).await? })
    }
}
