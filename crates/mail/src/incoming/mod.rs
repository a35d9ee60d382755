//! What mail that comes in means: bounces, complaints, unsubscribe mail and replies.
//!
//! The listener of [`crate::inbound`] brings messages here. Each is matched with a delivery, sealed and
//! stored together with a durable job before it is acknowledged; [`InboundJob`] then acts on it.
//! A signed token says which message is answered: in the recipient's address, in the Message-ID that the
//! answer refers to, or in a returned message. The writer's address alone can stop mail and do nothing else.

mod handle;
mod matching;
mod privacy_mailbox;
mod queries;
mod rows;
mod settle;

use std::sync::Arc;

use aws_lc_rs::digest;
use kernel::{ContactId, EventId};
use outbound::DeliveryRow;
use serde_json::json;
use store::{Actor, BoxFuture, Core, Ctx, NewJob, params};

use crate::dns::Texts;
use crate::inbound::{Mail, Received, Refusal};
use matching::Matched;

pub use handle::{CallOff, InboundJob, TakeAnswer};
pub use rows::{CameIn, Inbox, Letter, Wanted, list, of_contact, one, own_words, read, waiting};
pub use settle::{Decision, Reply, answer, draft, settle};

/// The queue of messages that were stored and not yet acted on. Payload: `message`.
pub const QUEUE: &str = "mail.inbound";

/// Most octets of a message that are kept: nothing reads further.
const KEPT: usize = 1 << 20;

/// Receives mail for our own addresses.
pub struct Inbound {
    core: Core,
    texts: Option<Arc<dyn Texts>>,
}

impl Inbound {
    /// A receiver that stores what comes in; [`InboundJob`] must run to act on it.
    pub fn new(core: Core) -> Self {
        Self { core, texts: None }
    }

    /// The receiver with somebody who looks up keys and policies: what comes to a privacy mailbox is then verified.
    #[must_use]
    pub fn verifying(mut self, texts: Arc<dyn Texts>) -> Self {
        self.texts = Some(texts);
        self
    }

    async fn keep(&self, mail: Mail) -> Result<(), Refusal> {
        let later = |error: store::Error| {
            tracing::error!(%error, "a message that came in cannot be kept");
            Refusal::Later
        };
        let raw = &mail.raw[..mail.raw.len().min(KEPT)];
        if privacy_mailbox::take(&self.core, self.texts.as_deref(), &mail.recipients, raw).await.map_err(later)? {
            return Ok(());
        }
        let matched = matching::of(&self.core, &mail.recipients, raw).await.map_err(later)?;
        if matched.is_empty() {
            return Err(Refusal::Never);
        }
        for one in matched {
            store_one(&self.core.ctx(one.workspace, Actor::System), one, raw).await.map_err(later)?;
        }
        Ok(())
    }
}

impl Received for Inbound {
    fn knows<'a>(&'a self, recipient: &'a str) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            matching::is_ours(&self.core, recipient).await.unwrap_or_else(|error| {
                tracing::error!(%error, "a recipient cannot be looked up");
                // The message is then stored, or refused for now: never lost.
                true
            })
        })
    }

    fn store(&self, mail: Mail) -> BoxFuture<'_, Result<(), Refusal>> {
        Box::pin(self.keep(mail))
    }
}

/// One commit: the sealed message and the job that acts on it. The same octets about the same delivery
/// are stored once.
async fn store_one(ctx: &Ctx, one: Matched, raw: &[u8]) -> store::Result<()> {
    let keys = ctx.keys().await?;
    let mut mark = digest::digest(&digest::SHA256, raw).as_ref().to_vec();
    mark.extend_from_slice(&one.delivery.map_or([0; 16], |delivery| delivery.0));
    let contact = match one.delivery {
        Some(delivery) => DeliveryRow::find(ctx, delivery).await?.map(|row| row.contact),
        None => None,
    };
    let (contact, sealed) = seal(ctx, contact, raw).await?;
    let id: EventId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(
        queries::INSERT,
        params![
            ctx.workspace,
            id,
            keys.mac("mail.inbound", &mark),
            contact,
            one.delivery,
            one.way.as_str(),
            "new",
            false,
            ctx.now(),
            sealed
        ],
    );
    batch.job(NewJob::now(QUEUE, json!({ "message": id })));
    ctx.db.apply(batch).await.map(|_| ())
}

/// Under the person's data key, so that erasure makes it unreadable everywhere; under the workspace's when
/// nobody knows whose it is, or the person was erased.
async fn seal(ctx: &Ctx, contact: Option<ContactId>, raw: &[u8]) -> store::Result<(Option<ContactId>, Vec<u8>)> {
    if let Some(contact) = contact
        && let Ok(key) = ctx.vault.subject(ctx.workspace, contact).await?.data()
    {
        let sealed = key.seal(&ctx.aad(contact, rows::SEALED), raw, ctx.rng.as_ref());
        return Ok((Some(contact), sealed));
    }
    Ok((None, ctx.keys().await?.seal(rows::SEALED, raw)))
}
