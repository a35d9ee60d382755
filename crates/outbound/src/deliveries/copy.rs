use std::cell::RefCell;

use content::{Links, Rendered, Version, VersionId, Versions};
use kernel::Locale;
use store::{Ctx, params};

use super::model::{DeliveryRow, Run};
use super::queries as sql;
use super::seal::Addressee;
use crate::Result;

/// The merge field of a code that is its recipient's alone: copies show dots in its place.
pub const ONE_TIME_CODE: &str = "one_time_code";

/// A message as it was really sent, ready to be rendered again: its content version, the values
/// sealed with it, and what its run said around them.
pub struct SentCopy {
    to: Addressee,
    version: Version,
    frame: content::Sender,
}

impl SentCopy {
    /// Collects what a message was made of; `None` after erasure.
    ///
    /// # Errors
    /// The store's or the content's.
    pub async fn load(versions: &Versions, ctx: &Ctx, row: &DeliveryRow) -> Result<Option<Self>> {
        let Some(mut to) = Addressee::of(ctx, row.contact, row.sealed.as_deref()).await? else { return Ok(None) };
        if let Some(code) = to.values.fields.get_mut(ONE_TIME_CODE) {
            *code = "•".repeat(code.chars().count());
        }
        let run: Option<Run> = ctx.db.get(sql::GET_RUN, params![ctx.workspace, row.source]).await?;
        let Some(run) = run else { return Ok(None) };
        let version = versions.load(ctx, VersionId(row.content)).await?;
        let frame = run.settings.frame(row.sent_at.unwrap_or(ctx.now()).date());
        Ok(Some(Self { to, version, frame }))
    }

    /// To whom it went.
    pub fn addressee(&self) -> &Addressee {
        &self.to
    }

    /// The message with links of the caller's choosing, and its language; `None` when it was never
    /// renderable.
    pub fn render(&self, links: &dyn Links) -> Option<(Rendered, &Locale)> {
        let language: Option<Locale> = self.to.language.as_deref().and_then(|text| text.parse().ok());
        let compiled = self.version.compiled.pick(language.as_ref());
        let values = content::Recipient { values: &self.to.values, sender: &self.frame };
        let mut rendered = Rendered::default();
        compiled.render(&values, links, &mut rendered).ok()?;
        Some((rendered, compiled.language()))
    }

    /// Where a link of the message leads, as this person got it.
    pub fn link(&self, number: u32) -> Option<String> {
        let capture = Capture { number: Some(number), url: RefCell::default() };
        self.render(&capture)?;
        capture.url.into_inner()
    }

    /// The subject as this person read it.
    pub fn subject(&self) -> Option<String> {
        let nowhere = Capture { number: None, url: RefCell::default() };
        self.render(&nowhere).map(|(rendered, _)| rendered.subject)
    }
}

/// Leads nowhere, and remembers the URL of one link.
struct Capture {
    number: Option<u32>,
    url: RefCell<Option<String>>,
}

impl Links for Capture {
    fn link(&self, number: u32, url: &str, _: &mut String) {
        if self.number == Some(number) {
            *self.url.borrow_mut() = Some(url.to_owned());
        }
    }

    fn unsubscribe(&self, _: &mut String) {}
    fn preferences(&self, _: &mut String) {}
    fn view(&self, _: &mut String) {}

    fn pixel(&self, _: &mut String) -> bool {
        false
    }
}
