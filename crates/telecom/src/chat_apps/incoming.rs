//! What the apps' servers post: verified, kept, understood, acted upon.

use aws_lc_rs::{constant_time, hmac};
use kernel::{ChannelId, EventId};
use privacy::gate::{Withdrawal, record_engagement};
use privacy::suppression::Reason;
use privacy::vocabulary::Scope;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Actor, Core, Ctx, Feed, params};

use super::channels::{self, Access, Channel};
use super::client::Apps;
use super::model::App;
use super::persons::Who;
use super::queries as sql;
use super::states;
use super::wire::{Media, Told, Wrote, messenger, telegram, whatsapp};
use crate::Result;
use crate::messages::Keyword;

pub(super) const SEALED: &str = "chat_inbound.sealed";
/// Most things told in one post that are looked at.
const MOST: usize = 1000;

/// What somebody wrote, as it rests sealed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Inbound {
    pub(super) from: String,
    pub(super) name: Option<String>,
    pub(super) language: Option<String>,
    pub(super) text: String,
    pub(super) choice: Option<String>,
    pub(super) media: Vec<Media>,
    pub(super) unsupported: Option<String>,
}

/// How a post was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// Everything in it is durable.
    Taken,
    /// There is no such account.
    Unknown,
    /// It is not from the app's server: nothing was kept.
    Forged,
    /// It is no document: nothing was kept.
    Malformed,
}

/// The answer to the app's question whether an address is ours (`hub.challenge`).
///
/// # Errors
/// The store's.
pub async fn challenge(core: &Core, app: App, id: ChannelId, token: &str) -> Result<bool> {
    let Some((ctx, channel)) = known(core, app, id).await? else { return Ok(false) };
    if channel.app == App::Telegram {
        return Ok(false);
    }
    let access = channels::access_of(&ctx, id).await?;
    Ok(same(token.as_bytes(), access.verify.as_bytes()))
}

async fn known(core: &Core, app: App, id: ChannelId) -> Result<Option<(Ctx, Channel)>> {
    let Some(workspace) = channels::owner(core, id).await? else { return Ok(None) };
    let ctx = core.ctx(workspace, Actor::Person);
    match channels::get(&ctx, id).await {
        Ok(channel) if channel.app == app => Ok(Some((ctx, channel))),
        Ok(_) | Err(crate::Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn same(one: &[u8], other: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(one, other).is_ok()
}

/// Whether a post carries the app's signature over exactly these octets, in constant time.
fn is_genuine(app: App, access: &Access, signature: &str, body: &[u8]) -> bool {
    if app == App::Telegram {
        return !access.verify.is_empty() && same(signature.as_bytes(), access.verify.as_bytes());
    }
    let Some(hex) = signature.strip_prefix("sha256=") else { return false };
    let Ok(tag) = data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes()) else { return false };
    !access.secret.is_empty()
        && hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, access.secret.as_bytes()), body, &tag).is_ok()
}

/// Takes a post of an app's server. `signature` is `X-Hub-Signature-256`, or Telegram's secret token.
///
/// # Errors
/// The store's; the app's server then posts it again.
pub async fn take(
    apps: &Apps,
    core: &Core,
    (app, id): (App, ChannelId),
    signature: &str,
    body: &[u8],
) -> Result<Posted> {
    let Some((ctx, channel)) = known(core, app, id).await? else { return Ok(Posted::Unknown) };
    let access = channels::access_of(&ctx, id).await?;
    if !is_genuine(app, &access, signature, body) {
        return Ok(Posted::Forged);
    }
    let Ok(json) = serde_json::from_slice::<Json>(body) else { return Ok(Posted::Malformed) };
    let account = &channel.settings.account;
    let all = match app {
        App::Whatsapp => whatsapp::read(&json, account),
        App::Messenger => messenger::read(&json, account),
        App::Telegram => telegram::read(&json),
    };
    for told in all.into_iter().take(MOST) {
        match told {
            Told::Wrote(wrote) => {
                heard(apps, &ctx, &channel, &wrote).await?;
                if let Some(pressed) = &wrote.pressed {
                    apps.acknowledge(&ctx, &channel, &access, pressed).await;
                }
            }
            Told::Became { remote, fate, code } => states::became(&ctx, id, &remote, (fate, &code)).await?,
            Told::Until { to, fate, at } => {
                let keys = ctx.keys().await?;
                if let Ok(address) = super::persons::hash(&keys, (app, id), &to) {
                    states::until(&ctx, (id, address), (fate, at)).await?;
                }
            }
            Told::Blocked { by } => blocked(apps, &ctx, &channel, by).await?,
        }
    }
    Ok(Posted::Taken)
}

/// Somebody wrote: kept once, however often it is posted.
async fn heard(apps: &Apps, ctx: &Ctx, channel: &Channel, wrote: &Wrote) -> Result<()> {
    let keys = ctx.keys().await?;
    let remote = states::mark(&keys, &wrote.remote);
    let known: Option<(EventId,)> = ctx.db.opt(sql::KNOWN_INBOUND, params![ctx.workspace, channel.id, remote]).await?;
    if known.is_some() {
        return Ok(());
    }
    let who = match Who::of(ctx, channel, wrote).await {
        Ok(Some(who)) => who,
        // Erased, or an address that is none: nothing is kept, and the app is not asked again.
        Ok(None) | Err(crate::Error::Field { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    let word = if channel.app == App::Telegram && wrote.text == "/stop" { "stop" } else { wrote.text.as_str() };
    let stop = wrote.choice.is_none() && crate::messages::keyword(word).0 == Some(Keyword::Stop);
    // What stops messages comes first: should anything after it fail, the app's server posts it again.
    if stop && withdraw(apps, ctx, channel, &who).await? {
        return Ok(());
    }
    let inbound = Inbound {
        from: wrote.from.clone(),
        name: wrote.name.clone(),
        language: wrote.language.clone(),
        text: wrote.text.clone(),
        choice: wrote.choice.clone(),
        media: wrote.media.iter().take(10).cloned().collect(),
        unsupported: wrote.unsupported.clone(),
    };
    let plain = serde_json::to_vec(&inbound).map_err(|_| store::Error::Column("inbound"))?;
    let sealed = who.keys.data()?.seal(&ctx.aad(who.subject, SEALED), &plain, ctx.rng.as_ref());
    let (id, now) = (ctx.id::<EventId>(), ctx.now());
    let keyword = if stop { "stop" } else { "" };
    let mut batch = ctx.batch();
    let about = params![ctx.workspace, id, channel.id, who.subject, remote, keyword, now, sealed];
    batch.push(sql::INSERT_INBOUND, about);
    who.wrote(&mut batch, ctx, channel.id)?;
    outbound::lines::wrote(&mut batch, channel.app.as_str(), id);
    if channel.app == App::Whatsapp {
        record_engagement(&mut batch, ctx, who.subject, now);
    }
    let data = json!({ "contact": who.subject, "channel": channel.app, "keyword": keyword });
    batch.feed(Feed { kind: "message.received", entity: id.into(), data });
    match ctx.db.apply(batch).await {
        // Posted twice at the same time.
        Err(store::Error::Unique(_)) => Ok(()),
        other => Ok(other.map(|_| ())?),
    }
}

/// No more messages over this app; true when the person is being erased for it.
async fn withdraw(apps: &Apps, ctx: &Ctx, channel: &Channel, who: &Who) -> Result<bool> {
    let withdrawal = Withdrawal {
        subject: who.subject,
        addresses: vec![who.address],
        scope: Scope::Channel(channel.app.channel()),
        reason: Reason::Unsubscribe,
        evidence: json!({ "channel": channel.app, "account": channel.id }),
    };
    Ok(apps.gate().withdraw(ctx, withdrawal).await?.erasing)
}

/// Somebody blocked the account.
async fn blocked(apps: &Apps, ctx: &Ctx, channel: &Channel, by: String) -> Result<()> {
    let wrote = Wrote { from: by, ..Wrote::default() };
    let keys = ctx.keys().await?;
    let address = super::persons::hash(&keys, (channel.app, channel.id), &wrote.from)?;
    if super::persons::known(ctx, channel.id, address).await?.is_none() {
        return Ok(());
    }
    if let Some(who) = Who::of(ctx, channel, &wrote).await? {
        withdraw(apps, ctx, channel, &who).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Access, App, is_genuine};

    #[test]
    fn only_the_apps_own_signature_counts() {
        let access = Access { token: "t".into(), secret: "It's a Secret to Everybody".into(), verify: "abc".into() };
        // The example of the vendor's documentation of signed posts.
        let good = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let genuine = |signature: &str, body: &[u8]| is_genuine(App::Whatsapp, &access, signature, body);
        assert!(genuine(good, b"Hello, World!"));
        for bad in
            ["", "sha256=", "sha256=zz", &good[..40], &good[7..], "sha1=757107ea0eb2509fc211221cce984b8a37570b6d"]
        {
            assert!(!genuine(bad, b"Hello, World!"), "{bad}");
        }
        assert!(!genuine(good, b"Hello, World?"));
        assert!(is_genuine(App::Telegram, &access, "abc", b""));
        assert!(!is_genuine(App::Telegram, &access, "abd", b""));
        let none = Access { secret: String::new(), verify: String::new(), ..access.clone() };
        assert!(!is_genuine(App::Telegram, &none, "", b""));
        assert!(!is_genuine(App::Messenger, &none, good, b"Hello, World!"));
    }
}
