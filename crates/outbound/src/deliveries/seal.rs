use std::fmt;

use content::MergeValues;
use kernel::ContactId;
use serde::{Deserialize, Serialize};
use store::{Ctx, Error, Result, SubjectKeys};

const COLUMN: &str = "delivery.sealed";

/// Whom a delivery goes to and what its content says about them, sealed on the delivery row so
/// that "view in browser" and access answers show what was really sent.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Addressee {
    /// The address in its wire form.
    pub address: String,
    /// The display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The person's language, which chooses the content's variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The message this one follows, so that mail programs show both together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<crate::Thread>,
    /// The calendar object that goes with the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<crate::Invitation>,
    /// The values that the content reads.
    #[serde(default)]
    pub values: MergeValues,
}

impl fmt::Debug for Addressee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pii]")
    }
}

impl Addressee {
    /// Seals the addressee under the person's data key.
    ///
    /// # Errors
    /// [`Error::KeyDestroyed`] after erasure.
    pub fn seal(&self, ctx: &Ctx, contact: ContactId, keys: &SubjectKeys) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(self).map_err(|_| Error::Column("addressee"))?;
        Ok(keys.data()?.seal(&ctx.aad(contact, COLUMN), &plain, ctx.rng.as_ref()))
    }

    /// The addressee of a delivery; `None` after erasure.
    ///
    /// # Errors
    /// The store's; [`Error::Seal`] when the bytes were changed.
    pub async fn of(ctx: &Ctx, contact: ContactId, sealed: Option<&[u8]>) -> Result<Option<Self>> {
        let Some(sealed) = sealed else { return Ok(None) };
        let keys = ctx.vault.subject(ctx.workspace, contact).await?;
        match Self::open(ctx, contact, &keys, sealed) {
            Ok(to) => Ok(Some(to)),
            Err(Error::KeyDestroyed) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens a delivery's sealed column.
    ///
    /// # Errors
    /// [`Error::KeyDestroyed`] after erasure, [`Error::Seal`] when the bytes were changed.
    pub fn open(ctx: &Ctx, contact: ContactId, keys: &SubjectKeys, sealed: &[u8]) -> Result<Self> {
        let plain = keys.data()?.open(&ctx.aad(contact, COLUMN), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Error::Seal(COLUMN))
    }
}
