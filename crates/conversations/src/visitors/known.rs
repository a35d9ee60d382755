//! From a visitor to a contact. An address that somebody types into a form proves nothing: it makes a contact of
//! its own when it is new; when it is somebody's already, the conversation is shown beside that contact only once a
//! member, or the site's server, says that it is the same person.

use kernel::{ContactId, Email, NoticeId, Phone, VisitorId};
use people::contacts::{self, Draft, Origin, Standard};
use people::subscribe::{self, Proof, Subscribe};
use privacy::provenance::Method;
use store::{Ctx, feed, params};

use super::{Visitor, subject_of};
use crate::Result;
use crate::hub::Hub;

/// A consent that was ticked in a form of the chat, with the words beside the box.
#[derive(Clone)]
pub struct Consents {
    /// The topic that it joins.
    pub topic: Option<kernel::TopicId>,
    /// The words.
    pub wording: String,
    /// The notice that was shown.
    pub notice: Option<NoticeId>,
    /// From where.
    pub proof: Proof,
}

fn origin() -> Origin {
    Origin { method: Method::Chat, source: "chat".to_owned() }
}

fn draft_of(visitor: &Visitor) -> Draft {
    let profile = &visitor.profile;
    let mut draft = Draft {
        emails: profile.email.iter().filter_map(|email| Email::parse(email).ok()).collect(),
        phones: profile.phone.iter().filter_map(|phone| Phone::parse(phone, None).ok()).collect(),
        ..Draft::default()
    };
    if let Some(name) = profile.name.as_deref().filter(|name| name.chars().count() <= 100) {
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        draft.values.insert(Standard::FirstName, first.to_owned());
        if !last.trim().is_empty() {
            draft.values.insert(Standard::LastName, last.trim().to_owned());
        }
    }
    if let Some(language) = &profile.language {
        draft.values.insert(Standard::Language, language.clone());
    }
    draft
}

/// Makes or finds the contact of a visitor who gave an address, and links both where that is safe. Ticked consents
/// go to the ledger; where a topic asks for a confirmation, a mail asks for it.
///
/// # Errors
/// When the store fails. Somebody who was erased or blocked is not brought back: no contact then.
pub async fn link(ctx: &Ctx, hub: &Hub, visitor: &Visitor, consents: &[Consents]) -> Result<Option<ContactId>> {
    let draft = draft_of(visitor);
    let known = match draft.emails.first() {
        Some(email) => contacts::by_email(ctx, email).await?,
        None => None,
    };
    let contact = match (visitor.contact, known) {
        (Some(contact), _) => Some(contact),
        (None, Some(contact)) => visitor.profile.vouched.then_some(contact),
        (None, None) if draft.emails.is_empty() && draft.phones.is_empty() => None,
        (None, None) => match contacts::create(ctx, draft.clone(), &origin()).await {
            Ok(contact) => Some(contact),
            Err(error) if refused(&error.problem()) => None,
            Err(error) => return Err(error.into()),
        },
    };
    for consent in consents {
        give(ctx, &draft, consent).await?;
    }
    if let Some(contact) = contact
        && visitor.contact != Some(contact)
    {
        link_contact(ctx, hub, visitor.id, contact).await?;
    }
    Ok(contact)
}

fn refused(problem: &kernel::Problem) -> bool {
    matches!(problem.code, kernel::Code::BlockedTarget | kernel::Code::AlreadyExists | kernel::Code::InvalidInput)
}

/// Joins the topic as [`subscribe`] does it everywhere: with a confirmation by mail where the topic or the law of
/// the person's country asks for one. A tick without a topic, of a form that is older than this rule, gives nothing.
async fn give(ctx: &Ctx, draft: &Draft, consent: &Consents) -> Result<()> {
    let Some(topic) = consent.topic.filter(|_| !draft.emails.is_empty()) else { return Ok(()) };
    let proof = Proof { wording: Some(consent.wording.clone()), notice: consent.notice, ..consent.proof.clone() };
    let command = Subscribe { draft: draft.clone(), topic, origin: origin(), proof };
    match subscribe::subscribe(ctx, command).await {
        Ok(_) => Ok(()),
        Err(error) if refused(&error.problem()) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Says that a visitor is a contact: what rests under the visitor's key is the contact's from now on.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn link_contact(ctx: &Ctx, hub: &Hub, visitor: VisitorId, contact: ContactId) -> Result<()> {
    let subject = subject_of(visitor);
    let mut batch = ctx.batch();
    batch.push(super::LINK, params![ctx.workspace, visitor, contact]);
    contacts::adopt(&mut batch, ctx, subject, contact);
    ctx.db.apply(batch).await?;
    crate::conversations::contact_known(ctx, hub, subject, Some(contact)).await
}

/// Says that a visitor is nobody whom we know.
///
/// # Errors
/// When the store fails.
pub async fn unlink(ctx: &Ctx, hub: &Hub, visitor: VisitorId) -> Result<()> {
    let subject = subject_of(visitor);
    let mut batch = ctx.batch();
    batch.push(super::LINK, params![ctx.workspace, visitor, None::<ContactId>]);
    contacts::disown(&mut batch, ctx, subject);
    ctx.db.apply(batch).await?;
    crate::conversations::contact_known(ctx, hub, subject, None).await
}

/// The name under which this crate reads the change feed.
const CONSUMER: &str = "conversations";

/// Follows merges of contacts: conversations and visitors of a duplicate are those of the contact that stays. What
/// was said rests under the duplicate's keys, which the contact that stays has as an alias.
///
/// # Errors
/// When the store fails.
pub async fn follow_merges(ctx: &Ctx) -> Result<()> {
    const PAGE: u32 = 500;
    loop {
        let position = feed::position(&ctx.db, ctx.workspace, CONSUMER).await?;
        let rows = feed::read_after(&ctx.db, ctx.workspace, position, PAGE).await?;
        let Some(last) = rows.last().map(|row| row.seq) else { return Ok(()) };
        let mut batch = ctx.batch();
        for row in rows.iter().filter(|row| row.kind == "contact.merged") {
            let Some(from) = row.data["from"].as_str().and_then(|id| id.parse::<ContactId>().ok()) else { continue };
            let kept = ContactId(row.entity);
            batch.push(super::MOVE, params![ctx.workspace, from, kept]);
            batch.push(crate::conversations::queries::MOVE_CONTACT, params![ctx.workspace, from, kept]);
        }
        feed::advance(&mut batch, CONSUMER, last);
        ctx.db.apply(batch).await?;
    }
}
