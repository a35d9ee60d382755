//! What became of messages: told by the apps' servers in any order, sometimes before the answer to the request that
//! sent them, and more than once.

use kernel::{ChannelId, ContactId, DeliveryId, EventId, RawId, Timestamp};
use store::{Blind, Ctx, Tx, WorkspaceKeys, params};

use super::keep::told;
use super::model::{MessageState, MessageView};
use super::queries as sql;
use super::wire::Fate;
use crate::{Error, Result};

/// The keyed mark of an app's id: some of them contain a telephone number.
pub(super) fn mark(keys: &WorkspaceKeys, remote: &str) -> RawId {
    keys.mac("chat_message.remote", remote.as_bytes())
}

/// One message.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(ctx: &Ctx, id: DeliveryId) -> Result<MessageView> {
    opt(ctx, id).await?.ok_or(Error::NotFound("message"))
}

pub(super) async fn opt(ctx: &Ctx, id: DeliveryId) -> Result<Option<MessageView>> {
    Ok(ctx.db.get(sql::GET, params![ctx.workspace, id]).await?)
}

impl Fate {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
        }
    }

    fn named(text: &str) -> Self {
        [Self::Sent, Self::Delivered, Self::Read].into_iter().find(|one| one.as_str() == text).unwrap_or(Self::Failed)
    }

    const fn state(self) -> MessageState {
        match self {
            Self::Sent => MessageState::Sent,
            Self::Delivered => MessageState::Delivered,
            Self::Read => MessageState::Read,
            Self::Failed => MessageState::Failed,
        }
    }
}

/// Whether a state follows another one.
const fn follows(before: MessageState, now: MessageState) -> bool {
    use MessageState as S;
    match now {
        S::Delivered => matches!(before, S::Sent | S::InDoubt),
        S::Read => matches!(before, S::Sent | S::Delivered | S::InDoubt),
        S::Failed => matches!(before, S::Sent | S::InDoubt),
        _ => false,
    }
}

fn moved(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (id, subject, before): (DeliveryId, ContactId, MessageState),
    (fate, code): (Fate, &str),
) -> store::Result<()> {
    let state = fate.state();
    if !follows(before, state) {
        return Ok(());
    }
    let reason = Some(code.to_owned()).filter(|code| !code.is_empty());
    let about = params![ctx.workspace, id, state, reason, ctx.now(), before];
    if tx.exec(sql::MOVED, about)? == 1 {
        let mut batch = ctx.batch();
        batch.feed(told(state, (id, subject), code));
        tx.apply(batch)?;
    }
    Ok(())
}

/// Takes what became of a message; kept until the message is known.
pub(super) async fn became(ctx: &Ctx, channel: ChannelId, remote: &str, (fate, code): (Fate, &str)) -> Result<()> {
    let mark = mark(ctx.keys().await?.as_ref(), remote);
    let (call, code) = (ctx.clone(), code.to_owned());
    ctx.db
        .tx(move |tx| {
            let known: Vec<(DeliveryId, ContactId, MessageState)> =
                tx.all(sql::BY_REMOTE, params![call.workspace, channel, mark])?;
            if let Some(one) = known.first() {
                return moved(tx, &call, *one, (fate, &code));
            }
            let id: EventId = call.id();
            let about = params![call.workspace, id, channel, mark, fate.as_str(), code.as_str(), call.now()];
            tx.exec(sql::KEEP_FATE, about).map(|_| ())
        })
        .await?;
    Ok(())
}

/// Applies what was told of a message before it was known.
pub(super) async fn catch_up(ctx: &Ctx, channel: ChannelId, mark: RawId) -> Result<()> {
    let call = ctx.clone();
    ctx.db
        .tx(move |tx| {
            let kept: Vec<(EventId, String, String)> = tx.all(sql::FATES, params![call.workspace, channel, mark])?;
            for (id, fate, code) in kept {
                let known: Vec<(DeliveryId, ContactId, MessageState)> =
                    tx.all(sql::BY_REMOTE, params![call.workspace, channel, mark])?;
                if let Some(one) = known.first() {
                    moved(tx, &call, *one, (Fate::named(&fate), &code))?;
                }
                tx.exec(sql::DROP_FATE, params![call.workspace, id])?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// Everything that was sent to a person until an instant was delivered, or read.
pub(super) async fn until(
    ctx: &Ctx,
    (channel, address): (ChannelId, Blind),
    (fate, at): (Fate, Timestamp),
) -> Result<()> {
    // The app's clock is not ours: a message that left in the same moment counts.
    let at = at.plus_seconds(2);
    let call = ctx.clone();
    ctx.db
        .tx(move |tx| {
            let sent: Vec<(DeliveryId, ContactId, MessageState)> =
                tx.all(sql::BEFORE, params![call.workspace, channel, address, at])?;
            sent.into_iter().try_for_each(|one| moved(tx, &call, one, (fate, "")))
        })
        .await?;
    Ok(())
}

/// Messages whose worker died before `until` may have arrived: they are in doubt, and not sent again.
pub(super) async fn doubtful(ctx: &Ctx, until: Timestamp) -> Result<()> {
    let call = ctx.clone();
    ctx.db
        .tx(move |tx| {
            let lost: Vec<(DeliveryId, ContactId)> =
                tx.all(sql::RECOVER, params![call.workspace, call.now(), until])?;
            let mut batch = call.batch();
            for one in lost {
                batch.feed(told(MessageState::InDoubt, one, "process_died"));
            }
            tx.apply(batch).map(|_| ())
        })
        .await?;
    Ok(())
}
