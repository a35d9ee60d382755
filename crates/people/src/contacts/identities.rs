use kernel::{ContactId, Email, Phone, Problem, Timestamp};
use serde_json::json;
use store::{Batch, Blind, Ctx, Feed, Value, WorkspaceKeys, params};

use super::model::AddressState;
use super::{load, queries, write};
use crate::{Error, Result};

/// What identifies a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

impl Kind {
    /// The code in the database and in the blind index.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

/// An identifier as it is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Keyed {
    pub(crate) kind: Kind,
    pub(crate) blind: Blind,
    pub(crate) legacy: Option<Blind>,
}

/// The look-up keys of addresses and numbers.
pub(crate) fn keyed(keys: &WorkspaceKeys, emails: &[Email], phones: &[Phone]) -> Vec<Keyed> {
    let mut out = Vec::with_capacity(emails.len() + phones.len());
    for email in emails {
        let normal = email.normal();
        let blind = keys.blind("email", &normal);
        // The vendor whose wire asks for this index hashes the lower-cased address.
        out.push(Keyed { kind: Kind::Email, blind, legacy: Some(keys.legacy(&normal)) });
    }
    for phone in phones {
        out.push(Keyed { kind: Kind::Phone, blind: keys.blind("phone", phone.as_str()), legacy: None });
    }
    out
}

/// Parameters of the statement that inserts an identity.
pub(crate) fn identity_params(ctx: &Ctx, contact: ContactId, keyed: &Keyed) -> Vec<Value> {
    params![ctx.workspace, keyed.kind.as_str(), keyed.blind, contact, keyed.legacy, ctx.now()]
}

async fn by_blind(ctx: &Ctx, kind: Kind, blind: Blind) -> Result<Option<ContactId>> {
    let row: Option<(ContactId,)> = ctx.db.get(queries::IDENTITY, params![ctx.workspace, kind.as_str(), blind]).await?;
    Ok(row.map(|row| row.0))
}

/// The person with this address.
pub async fn by_email(ctx: &Ctx, email: &Email) -> Result<Option<ContactId>> {
    let keys = ctx.keys().await?;
    by_blind(ctx, Kind::Email, keys.blind("email", &email.normal())).await
}

/// The person with this number.
pub async fn by_phone(ctx: &Ctx, phone: &Phone) -> Result<Option<ContactId>> {
    let keys = ctx.keys().await?;
    by_blind(ctx, Kind::Phone, keys.blind("phone", phone.as_str())).await
}

/// The person whose lower-cased address has this MD5 (32 hexadecimal digits).
pub async fn by_legacy(ctx: &Ctx, md5_hex: &str) -> Result<Option<ContactId>> {
    if md5_hex.len() != 32 || !md5_hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let keys = ctx.keys().await?;
    let blind = keys.legacy_of_md5(md5_hex);
    let row: Option<(ContactId,)> = ctx.db.opt(queries::IDENTITY_BY_LEGACY, params![ctx.workspace, blind]).await?;
    Ok(row.map(|row| row.0))
}

/// The person meant by an id, an address or a number, as people type it.
pub async fn find(ctx: &Ctx, text: &str) -> Result<Option<ContactId>> {
    if let Ok(id) = text.parse::<ContactId>() {
        return Ok(Some(id));
    }
    if text.contains('@') {
        let email = Email::parse(text).map_err(|error| Problem::field("email", error.to_string()))?;
        return by_email(ctx, &email).await;
    }
    let phone = Phone::parse(text, None).map_err(|error| Problem::field("phone", error.to_string()))?;
    by_phone(ctx, &phone).await
}

/// Records the state of an address in the caller's batch (after a bounce, or when it works again).
pub fn mark_address(batch: &mut Batch, kind: Kind, blind: Blind, state: AddressState, at: Timestamp) {
    let workspace = batch.workspace();
    batch.push(queries::SET_ADDRESS_STATE, params![workspace, kind.as_str(), blind, state.as_str(), at]);
}

/// Takes an address or number from a person, who must keep another one.
pub async fn remove_address(ctx: &Ctx, contact: ContactId, text: &str) -> Result<()> {
    let (mut loaded, subject_keys) = load::one(ctx, contact).await?;
    let keys = ctx.keys().await?;
    let profile = &mut loaded.profile;
    if profile.emails.len() + profile.phones.len() < 2 {
        return Err(Problem::field(
            "email",
            "a person keeps at least one address or number; erase the contact instead",
        )
        .into());
    }
    let keyed = if let Ok(email) = Email::parse(text) {
        profile.emails.retain(|known| known.0.normal() != email.normal());
        keyed(&keys, &[email], &[])
    } else {
        let phone = Phone::parse(text, None).map_err(|error| Problem::field("phone", error.to_string()))?;
        profile.phones.retain(|known| known.0 != phone.as_str());
        keyed(&keys, &[], &[phone])
    };
    let [keyed] = keyed.as_slice() else { return Err(Error::NotFound("address")) };
    let mut batch = ctx.batch();
    batch.guard(queries::DELETE_IDENTITY, params![ctx.workspace, keyed.kind.as_str(), keyed.blind, contact]);
    let sealed = write::seal(ctx, contact, &subject_keys, &loaded.profile)?;
    batch.guard(queries::UPDATE_CONTACT, params![ctx.workspace, contact, sealed, ctx.now(), loaded.version]);
    batch.feed(Feed { kind: "contact.updated", entity: contact.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(())
}
