//! Sends what the registers of the privacy engine make the workspace say: changes of notices, incidents,
//! changes of recipients. One announcement is one run; everybody has at most one delivery of it, so that a
//! job which runs again mails nobody twice.

use std::collections::BTreeMap;

use content::{Body, FieldCatalog, MergeValues, Source as Content, Variants};
use kernel::{AnnouncementId, ContactId, Email, Locale, MemberId};
use privacy::announcements::{self, Announcement, Audience, Letter, Words};
use privacy::vocabulary::{BasisKind, Channel, Purpose};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use crate::deliveries::{Addressee, DeliveryState, Draft, Run, RunState, Source, enqueue};
use crate::service::Outbound;
use crate::{Error, Result, notices, runs};

/// People gone through in one step.
const CHUNK: u32 = 200;
/// Seconds until a closing process's announcement goes on elsewhere.
const LATER: i64 = 5;

/// The job that sends announcements.
pub struct Announcements(Outbound);

impl Announcements {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

impl Handler for Announcements {
    fn queue(&self) -> &'static str {
        announcements::QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let id = job.payload["announcement"].as_str().and_then(|text| text.parse().ok());
            let id: AnnouncementId = id.ok_or("the job names no announcement")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            self.send(&ctx, id).await.map_err(|error| error.to_string())
        })
    }
}

/// Somebody to write to.
struct Reader {
    subject: ContactId,
    email: Email,
    name: Option<String>,
    language: Option<String>,
}

fn page(words: &Words, language: &Locale, link: Option<&str>) -> Content {
    let escape =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let paragraph = |part: &str| format!("<p style=\"white-space:pre-line\">{}</p>", escape(part.trim()));
    let paragraphs = words.text.split("\n\n").map(paragraph).collect::<Vec<_>>().concat();
    let anchor = link.map(|link| format!("<p><a href=\"{0}\">{0}</a></p>", escape(link))).unwrap_or_default();
    let below = link.map(|link| format!("\n\n{link}")).unwrap_or_default();
    Content {
        body: Body::Html(format!(
            "<html lang=\"{}\" dir=\"{}\"><body style=\"font-family:sans-serif;max-width:36em;margin:2em auto;line-height:1.6\">{paragraphs}{anchor}</body></html>",
            language.as_str(),
            language.direction().as_str(),
        )),
        text: Some(format!("{}{below}\n", words.text)),
        subject: words.subject.clone(),
        preheader: None,
        language: language.clone(),
    }
}

fn variants(letter: &Letter, public_url: &str) -> Variants {
    let link = letter.path.as_ref().map(|path| format!("{public_url}{path}"));
    let (english, arabic) = (Locale::en(), Locale::ar());
    Variants {
        default: page(&letter.en, &english, link.as_deref()),
        by_language: BTreeMap::from([(arabic.clone(), page(&letter.ar, &arabic, link.as_deref()))]),
    }
}

/// What the law makes us say is a statutory notice; the rest is part of the service that members use.
fn purpose(announcement: &Announcement) -> (Purpose, BasisKind) {
    let statutory = announcement.kind.starts_with("incident_customers")
        || matches!(announcement.audience, Audience::Listed | Audience::Consenting);
    if statutory { (Purpose::STATUTORY, BasisKind::LegalObligation) } else { (Purpose::SERVICE, BasisKind::Contract) }
}

impl Announcements {
    async fn send(&self, ctx: &Ctx, id: AnnouncementId) -> Result<Outcome> {
        let announcement = announcements::get(ctx, id).await?;
        if announcement.finished_at.is_some() {
            return Ok(Outcome::Done);
        }
        let run = self.open(ctx, &announcement).await?;
        let verified = match self.0.channels().get(Channel::Email) {
            Some(channel) => channel.sender_verified(ctx.workspace, &run.settings.sender).await,
            None => return Err(Error::NoChannel(Channel::Email)),
        };
        let done = match announcement.audience {
            Audience::Members | Audience::Officers => self.members(ctx, &announcement, &run, verified).await?,
            Audience::Listed => self.listed(ctx, &announcement, &run, verified).await?,
            Audience::Consenting => self.consenting(ctx, &announcement, &run, verified).await?,
        };
        if !done {
            return Ok(Outcome::Again(ctx.now().plus_seconds(LATER)));
        }
        let mut batch = ctx.batch();
        runs::complete(&mut batch, ctx, run.source);
        ctx.db.apply(batch).await?;
        let counts = runs::counts(ctx, run.source).await?;
        let denied = counts.of(DeliveryState::Denied);
        let reached = counts.queued + counts.sending + counts.sent + counts.failed + counts.cancelled + counts.in_doubt;
        announcements::finish(ctx, id, reached, denied).await?;
        self.0.wake();
        Ok(Outcome::Done)
    }

    /// The announcement's run; made when it is not there.
    async fn open(&self, ctx: &Ctx, announcement: &Announcement) -> Result<Run> {
        let source = announcement.id.0;
        if let Ok(run) = runs::get(ctx, source).await {
            return Ok(run);
        }
        let workspace = accounts::workspaces::find(ctx, ctx.workspace)
            .await
            .map_err(|error| Error::Store(store::Error::Refused(error.problem())))?
            .ok_or(Error::NotFound("workspace"))?;
        let sender = notices::sender(ctx, &workspace).await?;
        let content = variants(&announcement.letter, self.0.public_url());
        let version = self.0.versions().save(ctx, &content, &FieldCatalog::standard()).await?;
        let run = Run {
            workspace: ctx.workspace,
            source,
            channel: Channel::Email,
            purpose: purpose(announcement).0,
            topic: None,
            content: version.id.into(),
            content_hash: version.hash,
            settings: Source {
                sender,
                list: None,
                organisation: workspace.name,
                postal_address: workspace.postal_address,
                reason: None,
                missing: Vec::new(),
                track: false,
                series: None,
            },
            state: RunState::Running,
            complete: false,
            not_before: ctx.now(),
        };
        let mut batch = ctx.batch();
        runs::open(&mut batch, ctx, &run, "");
        ctx.db.apply(batch).await?;
        Ok(run)
    }

    async fn members(&self, ctx: &Ctx, announcement: &Announcement, run: &Run, verified: bool) -> Result<bool> {
        let mut after: Option<MemberId> = None;
        loop {
            if self.0.is_closing() {
                return Ok(false);
            }
            let members = accounts::members::list(ctx, after, CHUNK)
                .await
                .map_err(|error| Error::Store(store::Error::Refused(error.problem())))?;
            let Some(last) = members.last() else { return Ok(true) };
            after = Some(last.id);
            let officers = announcement.audience == Audience::Officers;
            let answers =
                |role: accounts::members::Role| role.permissions().has(accounts::members::Permission::PrivacyWrite);
            let readers = members
                .into_iter()
                .filter(|member| member.confirmed && !member.invited && (!officers || answers(member.role)))
                .map(|member| Reader {
                    subject: ContactId(member.user.0),
                    name: Some(member.name.into_inner()).filter(|name| !name.is_empty()),
                    email: member.email.into_inner(),
                    language: None,
                })
                .collect();
            self.write(ctx, announcement, run, (readers, verified)).await?;
        }
    }

    async fn listed(&self, ctx: &Ctx, announcement: &Announcement, run: &Run, verified: bool) -> Result<bool> {
        let mut after = ContactId([0; 16]);
        loop {
            if self.0.is_closing() {
                return Ok(false);
            }
            let people = announcements::waiting(ctx, announcement.id, after, CHUNK).await?;
            let Some(last) = people.last() else { return Ok(true) };
            after = *last;
            let readers = readers(ctx, &people).await?;
            let reached: Vec<ContactId> = readers.iter().map(|reader| reader.subject).collect();
            self.write(ctx, announcement, run, (readers, verified)).await?;
            let outcome = |subject: &ContactId| if reached.contains(subject) { "handed_over" } else { "no_address" };
            let outcomes: Vec<(ContactId, String)> =
                people.iter().map(|subject| (*subject, outcome(subject).to_owned())).collect();
            announcements::told(ctx, announcement.id, &outcomes).await?;
        }
    }

    async fn consenting(&self, ctx: &Ctx, announcement: &Announcement, run: &Run, verified: bool) -> Result<bool> {
        let notice = privacy::notices::get(ctx, announcement.about.into()).await?.notice;
        let mut after = ContactId([0; 16]);
        loop {
            if self.0.is_closing() {
                return Ok(false);
            }
            let people = announcements::consenting(ctx, &notice, after, CHUNK).await?;
            let Some((last, _)) = people.last() else { return Ok(true) };
            after = *last;
            let named: Vec<ContactId> = people.into_iter().filter(|(_, names)| *names).map(|(id, _)| id).collect();
            let readers = readers(ctx, &named).await?;
            self.write(ctx, announcement, run, (readers, verified)).await?;
        }
    }

    /// States the basis of each reader and queues the letter for them.
    async fn write(
        &self,
        ctx: &Ctx,
        announcement: &Announcement,
        run: &Run,
        (readers, verified): (Vec<Reader>, bool),
    ) -> Result<()> {
        if readers.is_empty() {
            return Ok(());
        }
        let mut drafts = Vec::with_capacity(readers.len());
        for reader in readers {
            notices::state_basis(ctx, reader.subject, &announcement.kind, purpose(announcement)).await?;
            let fields = BTreeMap::from([("email".to_owned(), reader.email.to_string())]);
            let addressee = Addressee {
                invitation: None,
                address: reader.email.wire(),
                name: reader.name,
                language: reader.language,
                values: MergeValues { fields, ..MergeValues::default() },
                thread: None,
            };
            drafts.push(Draft { contact: reader.subject, email: reader.email, addressee });
        }
        enqueue(ctx, self.0.gate(), run, drafts, verified).await?;
        self.0.wake();
        Ok(())
    }
}

/// Contacts that can be written to by mail, in their languages.
async fn readers(ctx: &Ctx, people: &[ContactId]) -> Result<Vec<Reader>> {
    let found = people::contacts::get_many(ctx, people::ReadFor::Notice, people).await?;
    let reader = |(subject, contact): (&ContactId, Option<people::contacts::Loaded>)| {
        let contact = contact?;
        let language = contact.profile.value(people::contacts::Standard::Language).map(str::to_owned);
        Some(Reader { subject: *subject, email: contact.profile.email()?.clone(), name: None, language })
    };
    Ok(people.iter().zip(found).filter_map(reader).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_cannot_bring_markup() {
        let words = Words { subject: "s".into(), text: "a <b> & \"c\"\n\nd".into() };
        let page = page(&words, &Locale::ar(), Some("https://post.example/privacy/ws?x=1&y=2"));
        let Body::Html(html) = page.body else { panic!("a page of HTML") };
        assert!(html.contains("dir=\"rtl\"") && html.contains("a &lt;b&gt; &amp; &quot;c&quot;</p><p"), "{html}");
        assert!(html.contains("x=1&amp;y=2") && page.text.unwrap().ends_with("x=1&y=2\n"));
    }
}
