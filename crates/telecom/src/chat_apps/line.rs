//! Conversations over chat apps.

use std::collections::BTreeMap;

use kernel::{ChannelId, ContactId, EventId, Problem, Timestamp};
use outbound::lines::{Attached, CameIn, Carried, Carrier, Line, Parcel, Quote, Stands};
use serde_json::json;
use store::{BoxFuture, Ctx, params};

use super::channels::{self, Channel};
use super::client::{Apps, Unfetched};
use super::incoming::{Inbound, SEALED};
use super::keep::{Wanted, accept};
use super::model::{App, MessageState};
use super::{persons, queries as sql};
use crate::messages::lacks_basis;
use crate::{Error, Result};

/// How long a file that cannot be fetched is tried before the words come without it, in seconds.
const PATIENCE: i64 = 600;

/// Carries conversations over chat apps.
pub struct AppLine(Apps);

impl AppLine {
    /// Over the process's apps.
    pub fn new(apps: Apps) -> Self {
        Self(apps)
    }

    async fn reach_by(&self, ctx: &Ctx, app: &str, contact: ContactId, account: Option<&str>) -> Result<Line> {
        let app = App::named(app).ok_or(Error::NotFound("channel"))?;
        let all: Vec<Channel> =
            channels::list(ctx).await?.into_iter().filter(|one| one.app == app && one.active).collect();
        let wanted: Option<ChannelId> = match account {
            Some(text) => Some(text.parse().map_err(|_| Error::field("account", "names no channel of this app"))?),
            None => None,
        };
        let fits: Vec<&Channel> = all.iter().filter(|one| wanted.is_none_or(|wanted| wanted == one.id)).collect();
        let Some(first) = fits.first() else {
            return Err(Error::field("account", "no such channel is connected; connect it in the settings"));
        };
        let line = |channel: ChannelId, address: String| Line {
            channel: app.as_str().to_owned(),
            account: channel.to_string(),
            address,
        };
        // Where they wrote already, there they are answered.
        if let Some((channel, address)) = where_known(ctx, contact, &fits).await? {
            return Ok(line(channel, address));
        }
        if app != App::Whatsapp {
            return Err(Error::Conflict("this person has not written to you there; only then they can be answered"));
        }
        let loaded = people::contacts::get(ctx, people::ReadFor::Work, contact).await?.loaded;
        let phone = loaded.profile.phone().ok_or(Error::Conflict("this contact has no phone number"))?;
        Ok(line(first.id, phone.trim_start_matches('+').to_owned()))
    }

    async fn quoted(&self, ctx: &Ctx, parcel: &Parcel) -> Result<Quote> {
        let wanted = Wanted::of(ctx, parcel.clone()).await?;
        let mut quote = Quote { parts: 1, window_until: wanted.window, ..Quote::default() };
        let length = u32::try_from(parcel.words.text.chars().count()).unwrap_or(u32::MAX);
        let most = u32::try_from(wanted.channel.app.longest()).unwrap_or(u32::MAX);
        quote.left = Some(most.saturating_sub(length));
        quote.refused = match wanted.check() {
            Err(error) => Some(error.problem()),
            Ok(()) => wanted.window_closed(ctx.now()),
        };
        if quote.refused.is_none() {
            let answer = self.0.gate().preview(ctx, vec![wanted.ask()]).await?.pop();
            if let Some(Err(denial)) = answer
                && denial.until.is_none()
                && !lacks_basis(&denial.reason)
            {
                quote.refused = Some(outbound::Error::Denied(denial.reason).problem());
            }
        }
        Ok(quote)
    }

    async fn opened(&self, ctx: &Ctx, message: EventId) -> Result<Option<CameIn>> {
        let row: Option<(ChannelId, ContactId, String, Timestamp, Option<Vec<u8>>)> =
            ctx.db.get(sql::INBOUND, params![ctx.workspace, message]).await?;
        let Some((id, subject, keyword, at, Some(sealed))) = row else { return Ok(None) };
        let Ok(channel) = channels::get(ctx, id).await else { return Ok(None) };
        let keys = ctx.vault.subject(ctx.workspace, subject).await?;
        let plain = match keys.data() {
            Ok(data) => data.open(&ctx.aad(subject, SEALED), &sealed)?,
            Err(_) => return Ok(None),
        };
        let inbound: Inbound = serde_json::from_slice(&plain).map_err(|_| store::Error::Column("inbound"))?;
        let mut notes = BTreeMap::new();
        if let Some(kind) = &inbound.unsupported {
            notes.insert("unsupported".to_owned(), json!(kind));
        }
        let access = channels::access_of(ctx, id).await?;
        let mut files = Vec::new();
        for media in &inbound.media {
            match self.0.fetch(ctx, (&channel, &access), media).await {
                Ok(bytes) => {
                    files.push(Attached { name: media.name.clone(), media_type: media.media_type.clone(), bytes });
                }
                Err(Unfetched::Later) if ctx.now() < at.plus_seconds(PATIENCE) => {
                    return Err(Error::Busy("the file cannot be fetched yet"));
                }
                Err(Unfetched::Later) => drop(notes.insert("file_missing".to_owned(), json!("unreachable"))),
                Err(Unfetched::Never(why)) => drop(notes.insert("file_missing".to_owned(), json!(why))),
            }
        }
        let contact = (channel.app == App::Whatsapp).then_some(subject);
        Ok(Some(CameIn {
            subject,
            contact,
            name: inbound.name,
            language: inbound.language,
            line: Line {
                channel: channel.app.as_str().to_owned(),
                account: channel.id.to_string(),
                address: inbound.from,
            },
            text: inbound.text,
            choice: inbound.choice,
            files,
            stop: keyword == "stop",
            notes,
        }))
    }
}

/// Through which account, and as whom, a contact wrote before.
async fn where_known(ctx: &Ctx, contact: ContactId, fits: &[&Channel]) -> Result<Option<(ChannelId, String)>> {
    let mut subjects = vec![contact];
    subjects.extend(people::contacts::aliases(ctx, contact).await?);
    for subject in subjects {
        let rows: Vec<Heard> = ctx.db.all(sql::PEOPLE_OF, params![ctx.workspace, subject]).await?;
        let keys = ctx.vault.subject(ctx.workspace, subject).await?;
        for row in rows {
            if fits.iter().any(|channel| channel.id == row.channel)
                && let Ok(said) = persons::open(ctx, (subject, &keys), &row.sealed)
            {
                return Ok(Some((row.channel, said.address)));
            }
        }
    }
    Ok(None)
}

store::row! {
    /// Where somebody was heard of.
    pub(super) struct Heard {
        pub(super) channel: ChannelId,
        pub(super) address: store::Blind,
        pub(super) subject: ContactId,
        pub(super) wrote_at: Option<Timestamp>,
        pub(super) created_at: Timestamp,
        pub(super) seen_at: Timestamp,
        pub(super) sealed: Vec<u8>,
    }
}

impl Carrier for AppLine {
    fn channels(&self) -> &'static [&'static str] {
        &["whatsapp", "messenger", "telegram"]
    }

    fn reach<'a>(
        &'a self,
        ctx: &'a Ctx,
        channel: &'a str,
        contact: ContactId,
        account: Option<&'a str>,
    ) -> BoxFuture<'a, std::result::Result<Line, Problem>> {
        Box::pin(async move { Ok(self.reach_by(ctx, channel, contact, account).await?) })
    }

    fn quote<'a>(&'a self, ctx: &'a Ctx, parcel: &'a Parcel) -> BoxFuture<'a, std::result::Result<Quote, Problem>> {
        Box::pin(async move { Ok(self.quoted(ctx, parcel).await?) })
    }

    fn carry<'a>(&'a self, ctx: &'a Ctx, parcel: Parcel) -> BoxFuture<'a, std::result::Result<Carried, Problem>> {
        Box::pin(async move {
            let kept = accept(&self.0, ctx, parcel).await?;
            Ok(Carried { state: stands(kept.state), reason: kept.reason, parts: 1, price_micros: 0 })
        })
    }

    fn came_in<'a>(
        &'a self,
        ctx: &'a Ctx,
        message: EventId,
    ) -> BoxFuture<'a, std::result::Result<Option<CameIn>, Problem>> {
        Box::pin(async move { Ok(self.opened(ctx, message).await?) })
    }
}

/// Where a message stands, in words that all channels have.
const fn stands(state: MessageState) -> Stands {
    match state {
        MessageState::Queued | MessageState::Sending => Stands::Queued,
        MessageState::Sent => Stands::Sent,
        MessageState::Delivered => Stands::Delivered,
        MessageState::Read => Stands::Read,
        MessageState::Failed => Stands::Failed,
        MessageState::Denied => Stands::Denied,
        MessageState::Cancelled => Stands::Cancelled,
        MessageState::InDoubt => Stands::InDoubt,
        MessageState::Expired => Stands::Expired,
    }
}
