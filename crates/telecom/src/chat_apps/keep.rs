//! Accepting a message: everything that can be said against it is said here, before it is kept.

use kernel::{ContactId, DeliveryId, Problem, Timestamp};
use outbound::lines::{Line, Parcel, Words};
use privacy::claims::{self, Statement};
use privacy::gate::{Ask, ContentMeta, Denial, Grant};
use privacy::vocabulary::{BasisKind, ConsentState, Purpose};
use serde_json::json;
use store::{Blind, Ctx, Feed, NewJob, SubjectKeys, Value, params};

use super::channels::{self, Channel};
use super::client::Apps;
use super::model::{App, MessageState, MessageView};
use super::persons;
use super::queries as sql;
use super::send::QUEUE;
use crate::{Error, Result};

pub(super) const WORDS: &str = "chat_message.sealed";
pub(super) const FILE: &str = "chat_message.file";

/// What is sealed of a message.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct Kept {
    /// To whom, as the app calls them.
    pub(super) to: String,
    /// What is said; the file's octets rest beside it until it has left.
    pub(super) words: Words,
}

/// A message that is to be kept.
pub(super) struct Wanted {
    pub(super) channel: Channel,
    pub(super) parcel: Parcel,
    pub(super) address: Blind,
    /// Until when the person may be answered freely; none where there is no window, or nobody wrote.
    pub(super) window: Option<Timestamp>,
}

impl Wanted {
    /// Reads what a parcel names.
    pub(super) async fn of(ctx: &Ctx, parcel: Parcel) -> Result<Self> {
        let channel = channel_of(ctx, &parcel.line).await?;
        let keys = ctx.keys().await?;
        let address = persons::hash(&keys, (channel.app, channel.id), &parcel.line.address)?;
        let person = persons::known(ctx, channel.id, address).await?;
        let window = until(&channel, person.and_then(|person| person.wrote_at));
        Ok(Self { channel, parcel, address, window })
    }

    /// Everything but the gate and the window.
    pub(super) fn check(&self) -> Result<()> {
        let (app, words) = (self.channel.app, &self.parcel.words);
        if !self.channel.active {
            return Err(Error::Conflict("the channel is paused; resume it in its settings"));
        }
        if words.template.is_some() && app != App::Whatsapp {
            return Err(Error::field("template", "is for WhatsApp only"));
        }
        let length = words.text.chars().count();
        if words.file.is_some() {
            match app.caption() {
                Some(most) if length > most => {
                    return Err(Error::field("text", format_args!("at most {most} characters beside a file")));
                }
                None if length > 0 => return Err(Error::field("text", "Messenger takes no words beside a file")),
                _ => {}
            }
        } else if length == 0 && words.template.is_none() {
            return Err(Error::field("text", "something to say"));
        }
        if length > app.longest() {
            return Err(Error::field("text", format_args!("at most {} characters on this channel", app.longest())));
        }
        Ok(())
    }

    /// Whether the app takes free words now.
    pub(super) fn window_closed(&self, now: Timestamp) -> Option<Problem> {
        let closed = self.channel.app.window().is_some()
            && self.parcel.words.template.is_none()
            && self.window.is_none_or(|until| until <= now);
        closed.then(|| Error::window(self.channel.app == App::Whatsapp).problem())
    }

    pub(super) fn ask(&self) -> Ask {
        ask(&self.channel, (self.parcel.subject, self.address), &self.parcel.words)
    }
}

/// Until when a person may be answered.
pub(super) fn until(channel: &Channel, wrote_at: Option<Timestamp>) -> Option<Timestamp> {
    let length = channel.app.window()?;
    // A human may answer a page's visitors for a week, where the app has granted that.
    let length = if channel.app == App::Messenger && channel.settings.human_agent { 7 * 86_400 } else { length };
    Some(wrote_at?.plus_seconds(length))
}

async fn channel_of(ctx: &Ctx, line: &Line) -> Result<Channel> {
    let id = line.account.parse().map_err(|_| Error::NotFound("channel"))?;
    channels::get(ctx, id).await
}

pub(super) fn ask(channel: &Channel, (subject, address): (ContactId, Blind), words: &Words) -> Ask {
    Ask {
        subject,
        address,
        domain: address,
        channel: channel.app.channel(),
        purpose: Purpose::SERVICE,
        topic: None,
        content: ContentMeta { hash: hash(words, &channel.settings.account), missing: Vec::new(), promotional: false },
        sender_verified: true,
    }
}

/// What permits are bound to.
fn hash(words: &Words, account: &str) -> [u8; 32] {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    let mut part = |bytes: &[u8]| {
        context.update(&(bytes.len() as u64).to_be_bytes());
        context.update(bytes);
    };
    part(account.as_bytes());
    part(&serde_json::to_vec(words).unwrap_or_default());
    part(words.file.as_ref().map_or(&[], |file| &file.bytes));
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// States why the workspace writes to this person there, unless that is on record.
async fn state(ctx: &Ctx, channel: &Channel, subject: ContactId) -> Result<()> {
    let (purpose, basis) = (Purpose::SERVICE, BasisKind::SubjectRequest);
    let known = claims::list(ctx, subject).await?;
    let stands = known.iter().any(|claim| {
        claim.purpose == purpose
            && claim.channel == channel.app.channel()
            && claim.basis == basis
            && claim.state.is_valid()
    });
    if stands {
        return Ok(());
    }
    let keys = ctx.keys().await?;
    let subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
    let statement = Statement {
        subject,
        purpose,
        channel: channel.app.channel(),
        topic: None,
        basis,
        state: ConsentState::Given,
        at: ctx.now(),
        expires_at: None,
        detail: json!({ "source": "conversation", "app": channel.app, "by": ctx.actor.to_string() }),
    };
    let mut batch = ctx.batch();
    claims::state(&mut batch, ctx, &keys, &subject_keys, statement)?;
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Accepts a message, once per id. What the gate denies is kept as denied, with the reason.
///
/// # Errors
/// Why it is not accepted; nothing was kept then.
pub(super) async fn accept(apps: &Apps, ctx: &Ctx, parcel: Parcel) -> Result<MessageView> {
    if let Some(known) = super::states::opt(ctx, parcel.id).await? {
        return Ok(known);
    }
    let wanted = Wanted::of(ctx, parcel).await?;
    wanted.check()?;
    if wanted.window_closed(ctx.now()).is_some() {
        return Err(Error::window(wanted.channel.app == App::Whatsapp));
    }
    let subject = wanted.parcel.subject;
    state(ctx, &wanted.channel, subject).await?;
    let keys = ctx.vault.subject(ctx.workspace, subject).await?;
    let sealed = sealed(ctx, &wanted.parcel, &keys)?;
    let prepared = apps.gate().prepare(ctx, vec![wanted.ask()]).await?;
    let (call, gate, id) = (ctx.clone(), apps.gate().clone(), wanted.parcel.id);
    let kept = ctx
        .db
        .tx(move |tx| {
            let answer =
                gate.authorise_many(tx, &prepared, call.now())?.pop().ok_or(store::Error::NotFound("answer"))?;
            let answer = answer.map(privacy::gate::Queued::into_grant);
            insert(tx, &call, (&wanted, sealed.clone()), answer)
        })
        .await;
    match kept {
        // Somebody else brought the same message at the same time.
        Ok(()) | Err(store::Error::Unique(_)) => super::states::opt(ctx, id).await?.ok_or(Error::NotFound("message")),
        Err(error) => Err(error.into()),
    }
}

/// Words and file, each sealed.
type Sealed = (Vec<u8>, Option<Vec<u8>>);

fn sealed(ctx: &Ctx, parcel: &Parcel, keys: &SubjectKeys) -> Result<Sealed> {
    let kept = Kept { to: parcel.line.address.clone(), words: parcel.words.clone() };
    let plain = serde_json::to_vec(&kept).map_err(|_| store::Error::Column("message"))?;
    let data = keys.data()?;
    let words = data.seal(&ctx.aad(parcel.subject, WORDS), &plain, ctx.rng.as_ref());
    let file = parcel.words.file.as_ref();
    let file = file.map(|file| data.seal(&ctx.aad(parcel.subject, FILE), &file.bytes, ctx.rng.as_ref()));
    Ok((words, file))
}

/// Opens what [`accept`] sealed.
pub(super) fn open(
    ctx: &Ctx,
    (subject, keys): (ContactId, &SubjectKeys),
    sealed: &[u8],
    file: Option<&[u8]>,
) -> store::Result<Kept> {
    let data = keys.data()?;
    let plain = data.open(&ctx.aad(subject, WORDS), sealed)?;
    let mut kept: Kept = serde_json::from_slice(&plain).map_err(|_| store::Error::Seal(WORDS))?;
    if let (Some(shown), Some(file)) = (&mut kept.words.file, file) {
        shown.bytes = data.open(&ctx.aad(subject, FILE), file)?;
    }
    Ok(kept)
}

fn insert(
    tx: &mut store::Tx<'_>,
    ctx: &Ctx,
    (wanted, (words, file)): (&Wanted, Sealed),
    answer: std::result::Result<Grant, Denial>,
) -> store::Result<()> {
    let now = ctx.now();
    let (id, subject, channel) = (wanted.parcel.id, wanted.parcel.subject, wanted.channel.id);
    let (state, reason, rule, pack, basis, claim, due, finished) = match answer {
        Ok(grant) => {
            let basis = grant.basis.map_or("", |basis| basis.as_str());
            let due = grant.until.unwrap_or(now).max(now);
            (MessageState::Queued, None, grant.rule, grant.pack, basis, grant.event, due, None)
        }
        Err(denial) => (MessageState::Denied, Some(denial.reason), denial.rule, denial.pack, "", None, now, Some(now)),
    };
    let denied = state == MessageState::Denied;
    let sealed = if denied { Value::Null } else { Value::from(Some(words)) };
    let file = if denied { Value::Null } else { Value::from(file) };
    let mut batch = ctx.batch();
    let purpose = Purpose::SERVICE;
    batch.push(
        sql::INSERT,
        params![
            ctx.workspace,
            id,
            channel,
            subject,
            wanted.address,
            purpose.as_str(),
            state,
            reason.clone(),
            rule,
            pack,
            basis,
            claim,
            due,
            now,
            finished,
            sealed,
            file
        ],
    );
    batch.feed(told(state, (id, subject), reason.as_deref().unwrap_or_default()));
    if !denied {
        batch.job(job(channel, wanted.address).at(due));
    }
    tx.apply(batch).map(|_| ())
}

/// The job that hands over a person's messages, in order.
pub(super) fn job(channel: kernel::ChannelId, address: Blind) -> NewJob {
    let address = data_encoding::HEXLOWER.encode(&address);
    NewJob::now(QUEUE, json!({ "channel": channel, "address": address })).key(format!("{channel}/{address}"))
}

/// The feed entry that tells a state.
pub(super) fn told(state: MessageState, (id, subject): (DeliveryId, ContactId), reason: &str) -> Feed {
    let kind = match state {
        MessageState::Queued | MessageState::Sending => "chat_message.accepted",
        MessageState::Sent => "chat_message.sent",
        MessageState::Delivered => "chat_message.delivered",
        MessageState::Read => "chat_message.read",
        MessageState::Failed => "chat_message.failed",
        MessageState::Denied => "chat_message.denied",
        MessageState::Cancelled => "chat_message.cancelled",
        MessageState::InDoubt => "chat_message.in_doubt",
        MessageState::Expired => "chat_message.expired",
    };
    Feed { kind, entity: id.into(), data: json!({ "contact": subject, "reason": reason }) }
}
