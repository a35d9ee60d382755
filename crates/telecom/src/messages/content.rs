//! What is sealed of a message: the number and the words.

use kernel::ContactId;
use serde::{Deserialize, Serialize};
use store::{Ctx, Error, Result, SubjectKeys};

/// Number and words of a message, under the person's data key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    /// In E.164.
    pub(crate) number: String,
    /// The words.
    pub(crate) text: String,
    /// What members see in place of the words, which are for the person alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) shown: Option<String>,
    /// Shown at once and not kept by the telephone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) flash: bool,
    /// What the sender calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<String>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

impl Content {
    /// The words as they may be read by anybody but their recipient.
    pub(crate) fn readable(&self) -> &str {
        self.shown.as_deref().unwrap_or(&self.text)
    }

    pub(crate) fn seal(
        &self,
        ctx: &Ctx,
        (contact, column): (ContactId, &'static str),
        keys: &SubjectKeys,
    ) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(self).map_err(|_| Error::Column("content"))?;
        Ok(keys.data()?.seal(&ctx.aad(contact, column), &plain, ctx.rng.as_ref()))
    }

    pub(crate) fn open(
        ctx: &Ctx,
        (contact, column): (ContactId, &'static str),
        keys: &SubjectKeys,
        sealed: &[u8],
    ) -> Result<Self> {
        let plain = keys.data()?.open(&ctx.aad(contact, column), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Error::Seal(column))
    }

    /// What permits are bound to.
    pub(crate) fn hash(text: &str, originator: &str) -> [u8; 32] {
        let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        context.update(&(originator.len() as u64).to_be_bytes());
        context.update(originator.as_bytes());
        context.update(text.as_bytes());
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        hash
    }
}

/// The sealed column of messages that go out.
pub(crate) const OUTGOING: &str = "sms_message.sealed";
/// The sealed column of messages that came in.
pub(crate) const INCOMING: &str = "sms_inbound.sealed";
