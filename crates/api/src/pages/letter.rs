//! The message that a link belongs to: its delivery, its reader, and what it said.

use http_server::Result;
use kernel::{Code, ContactId, Problem};
use outbound::tracking::delivery_of_unsubscribe_token;
use outbound::{Addressee, DeliveryRow};
use people::contacts::{self, Loaded, Standard};
use people::topics::{self, Topic};
use store::Ctx;

use super::visitor::Visitor;
use super::words::Words;
use crate::App;

/// The longest token that is looked at.
const LONGEST_TOKEN: usize = 200;

/// A message that was sent to somebody.
pub(super) struct Letter {
    /// Acts for the person.
    pub(super) ctx: Ctx,
    /// The delivery.
    pub(super) row: DeliveryRow,
    /// The person, also when they were merged into another contact since.
    pub(super) contact: ContactId,
    /// What is known of them; `None` for members of the workspace.
    pub(super) person: Option<Loaded>,
    /// Who sent it.
    pub(super) organisation: String,
    /// The topic it was sent under.
    pub(super) topic: Option<Topic>,
    /// The page's words.
    pub(super) words: Words,
}

/// What a token leads to.
pub(super) enum Found {
    /// Not ours.
    Forged,
    /// Ours, but the message is not known any more: the person was erased, or time went by.
    Gone,
    /// A message.
    Letter(Box<Letter>),
}

/// Whether a text may be a token at all.
pub(super) const fn plausible(token: &str) -> bool {
    token.len() <= LONGEST_TOKEN
}

/// The problem that shows as the neutral page.
pub(super) fn unknown() -> Problem {
    Problem::new(Code::NotFound, "no such link")
}

/// Looks up the message of an unsubscribe or preference link.
pub(super) async fn find(app: &App, visitor: &Visitor, token: &str) -> Result<Found> {
    if !plausible(token) {
        return Ok(Found::Forged);
    }
    let Some(tokened) = delivery_of_unsubscribe_token(&app.core, token).await else { return Ok(Found::Forged) };
    let ctx = tokened.ctx;
    let Some(row) = DeliveryRow::find(&ctx, tokened.delivery).await? else { return Ok(Found::Gone) };
    let workspace = accounts::workspaces::get(&ctx).await?;
    let contact = contacts::merged_into(&ctx, row.contact).await?.unwrap_or(row.contact);
    let person = contacts::get_many(&ctx, people::ReadFor::OwnPage, &[contact]).await?.pop().flatten();
    let to = Addressee::of(&ctx, row.contact, row.sealed.as_deref()).await?;
    let known = [
        person.as_ref().and_then(|person| person.profile.value(Standard::Language)),
        to.as_ref().and_then(|to| to.language.as_deref()),
    ];
    let words = visitor.words(&known, Some(&workspace.language));
    let topic = match row.topic {
        Some(id) => topics::get(&ctx, id).await.ok(),
        None => None,
    };
    let organisation = workspace.name;
    Ok(Found::Letter(Box::new(Letter { ctx, row, contact, person, organisation, topic, words })))
}

/// The message of a link whose page shows something about its reader, with that reader.
pub(super) async fn of_a_person(app: &App, visitor: &Visitor, token: &str) -> Result<(Letter, Loaded)> {
    match find(app, visitor, token).await? {
        Found::Letter(mut letter) => match letter.person.take() {
            Some(person) => Ok((*letter, person)),
            None => Err(unknown().into()),
        },
        Found::Forged | Found::Gone => Err(unknown().into()),
    }
}
