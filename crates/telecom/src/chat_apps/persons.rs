//! Who is at the other end of an app: a contact by their number, or somebody of whom nothing is known but what the
//! app says, who is a subject of their own until a member says who they are.

use kernel::{ChannelId, Code, ContactId, Phone, Timestamp};
use people::contacts::{Draft, Origin, Standard};
use privacy::provenance::Method;
use privacy::suppression;
use serde::{Deserialize, Serialize};
use store::{Blind, Ctx, SubjectKeys, WorkspaceKeys, params};

use super::channels::Channel;
use super::model::App;
use super::queries as sql;
use super::wire::Wrote;
use crate::{Error, Result};

pub(super) const SEALED: &str = "chat_person.sealed";

/// What the app says of somebody; sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    /// As the app calls them.
    pub(super) address: String,
    /// As they call themselves.
    pub(super) name: Option<String>,
    /// The language of their app.
    pub(super) language: Option<String>,
}

store::row! {
    #[derive(Clone)]
    pub(super) struct Row {
        pub(super) address: Blind,
        pub(super) subject: ContactId,
        pub(super) wrote_at: Option<Timestamp>,
        pub(super) created_at: Timestamp,
        pub(super) seen_at: Timestamp,
        pub(super) sealed: Vec<u8>,
    }
}

/// The number behind an account of WhatsApp.
pub(super) fn phone(address: &str) -> Result<Phone> {
    let digits = address.trim_start_matches('+');
    Phone::parse(&format!("+{digits}"), None).map_err(|_| Error::field("to", "expected a phone number"))
}

/// The hash under which the gate knows an address.
pub(super) fn hash(keys: &WorkspaceKeys, channel: (App, ChannelId), address: &str) -> Result<Blind> {
    Ok(match channel {
        (App::Whatsapp, _) => suppression::phone_hash(keys, &phone(address)?),
        (app, id) => keys.suppression(&format!("{}:{id}:{address}", app.as_str())),
    })
}

/// Who it is that was heard of there before.
pub(super) async fn known(ctx: &Ctx, channel: ChannelId, address: Blind) -> Result<Option<Row>> {
    Ok(ctx.db.opt(sql::PERSON, params![ctx.workspace, channel, address]).await?)
}

fn seal(ctx: &Ctx, (subject, keys): (ContactId, &SubjectKeys), said: &Said) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(said).map_err(|_| store::Error::Column("person"))?;
    Ok(keys.data()?.seal(&ctx.aad(subject, SEALED), &plain, ctx.rng.as_ref()))
}

pub(super) fn open(ctx: &Ctx, (subject, keys): (ContactId, &SubjectKeys), sealed: &[u8]) -> store::Result<Said> {
    let plain = keys.data()?.open(&ctx.aad(subject, SEALED), sealed)?;
    serde_json::from_slice(&plain).map_err(|_| store::Error::Seal(SEALED))
}

/// What a post says of its writer, as it is kept.
pub(super) struct Who {
    pub(super) subject: ContactId,
    pub(super) keys: SubjectKeys,
    pub(super) address: Blind,
    pub(super) before: Option<Row>,
    said: Said,
}

impl Who {
    /// The writer of a post. `None` for somebody who was erased and may not be kept again.
    pub(super) async fn of(ctx: &Ctx, channel: &Channel, wrote: &Wrote) -> Result<Option<Self>> {
        let workspace = ctx.keys().await?;
        let address = hash(&workspace, (channel.app, channel.id), &wrote.from)?;
        let before = known(ctx, channel.id, address).await?;
        let subject = match (channel.app, &before) {
            (App::Whatsapp, _) => match contact(ctx, wrote).await? {
                Some(contact) => contact,
                None => return Ok(None),
            },
            (_, Some(row)) => row.subject,
            (_, None) => {
                let subject: ContactId = ctx.id();
                ctx.vault.create_subjects(ctx.workspace, &[subject]).await?;
                subject
            }
        };
        let keys = ctx.vault.subject(ctx.workspace, subject).await?;
        if keys.data().is_err() {
            return Ok(None);
        }
        let said = Said { address: wrote.from.clone(), name: wrote.name.clone(), language: wrote.language.clone() };
        let who = Self { subject, keys, address, before, said };
        who.keep(ctx, channel.id).await
    }

    /// A row of their own, before what they wrote: whoever is first decides whose it is.
    async fn keep(mut self, ctx: &Ctx, channel: ChannelId) -> Result<Option<Self>> {
        if self.before.is_some() {
            return Ok(Some(self));
        }
        let sealed = seal(ctx, (self.subject, &self.keys), &self.said)?;
        let mut batch = ctx.batch();
        let about = params![ctx.workspace, channel, self.address, self.subject, None::<Timestamp>, ctx.now(), sealed];
        batch.push(sql::INSERT_PERSON, about);
        ctx.db.apply(batch).await?;
        if let Some(row) = known(ctx, channel, self.address).await? {
            if row.subject != self.subject {
                self.subject = row.subject;
                self.keys = ctx.vault.subject(ctx.workspace, row.subject).await?;
            }
            self.before = Some(row);
        }
        Ok(Some(self))
    }

    /// That they wrote now, in the batch that keeps what they wrote.
    pub(super) fn wrote(&self, batch: &mut store::Batch, ctx: &Ctx, channel: ChannelId) -> Result<()> {
        let (sealed, now) = (seal(ctx, (self.subject, &self.keys), &self.said)?, ctx.now());
        batch
            .push(sql::SAW_PERSON, params![ctx.workspace, channel, self.address, self.subject, Some(now), now, sealed]);
        Ok(())
    }
}

/// The contact with a number, made with where it is from when there is none.
async fn contact(ctx: &Ctx, wrote: &Wrote) -> Result<Option<ContactId>> {
    let phone = phone(&wrote.from)?;
    if let Some(known) = people::contacts::by_phone(ctx, &phone).await? {
        return Ok(Some(known));
    }
    let mut draft = Draft { phones: vec![phone.clone()], ..Draft::default() };
    if let Some(name) = wrote.name.as_deref().filter(|name| !name.chars().any(char::is_control)) {
        draft.values.insert(Standard::FirstName, name.to_owned());
    }
    let origin = Origin { method: Method::Chat, source: "their own message on WhatsApp".to_owned() };
    match people::contacts::create(ctx, draft, &origin).await {
        Ok(contact) => Ok(Some(contact)),
        Err(error) if error.problem().code == Code::BlockedTarget => Ok(None),
        Err(error) => match people::contacts::by_phone(ctx, &phone).await? {
            Some(known) => Ok(Some(known)),
            None => Err(error.into()),
        },
    }
}
