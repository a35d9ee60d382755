//! Mail about requests of data subjects: the link that asks who asks, extensions, refusals and
//! answers to the person, reminders to members, and what recipients of data are told (GDPR Art. 19).

use kernel::{ContactId, EventId, Locale, RawId, RequestId, Timestamp};
use people::contacts::{self, Standard};
use privacy::disclosures::Notify;
use privacy::requests::recipients::{self, Due, RECIPIENT_QUEUE};
use privacy::requests::{self, NOTICE_QUEUE, PACK_LIFE, Request, RequestState};
use serde_json::{Value as Json, json};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use crate::notices::{Notice, queue, words};
use crate::service::Outbound;
use crate::webhooks::Webhooks;
use crate::{Error, Result};

/// Members who are reminded of one request.
const MOST_MEMBERS: u32 = 500;

/// Sends the mails about requests: the queue [`NOTICE_QUEUE`].
pub struct RequestNotices(Outbound);

impl RequestNotices {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

impl Handler for RequestNotices {
    fn queue(&self) -> &'static str {
        NOTICE_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            match self.send(core, &job).await {
                // Whom the gate protects, the page answers.
                Ok(()) | Err(Error::Denied(_)) => Ok(Outcome::Done),
                Err(error) => Err(error.to_string()),
            }
        })
    }
}

/// The name of a type or an act in a language.
fn named(language: &Locale, code: &str) -> String {
    let tag = if language.as_str().starts_with("ar") { "ar" } else { "en" };
    words(tag, "request.types").and_then(|mut all| all.remove(code)).unwrap_or_else(|| code.to_owned())
}

/// The last day on which a term ending at `due` is met.
fn last_day(due: Timestamp) -> String {
    due.plus_micros(-1).date().to_string()
}

async fn workspace(ctx: &Ctx) -> Result<accounts::workspaces::Workspace> {
    accounts::workspaces::find(&ctx.core, ctx.workspace)
        .await
        .map_err(|error| Error::Store(store::Error::Refused(error.problem())))?
        .ok_or(Error::NotFound("workspace"))
}

impl RequestNotices {
    async fn send(&self, core: &Core, job: &Job) -> Result<()> {
        let text = |name: &str| job.payload.get(name).and_then(Json::as_str);
        let ctx = core.ctx(job.workspace, Actor::System);
        let kind = text("kind").unwrap_or_default();
        if kind == "request.pointer" {
            let member = text("member").and_then(|text| text.parse().ok()).ok_or(Error::NotFound("member"))?;
            return self.pointer(&ctx, job.id.0, member).await;
        }
        let id: RequestId = text("request").and_then(|text| text.parse().ok()).ok_or(Error::NotFound("request"))?;
        let request = match requests::get(&ctx, id).await {
            Ok(request) => request,
            Err(privacy::Error::NotFound(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        match kind {
            "request.received" => self.to_stranger(&ctx, job.id.0, &request).await,
            "request.reminder" => self.remind(&ctx, job.id.0, &request).await,
            "request.challenge" => {
                let challenge: Option<EventId> = text("challenge").and_then(|text| text.parse().ok());
                let challenge = challenge.ok_or(Error::NotFound("challenge"))?;
                if request.state != RequestState::Challenged {
                    return Ok(());
                }
                let keys = ctx.keys().await?;
                let token = requests::token(&keys, ctx.workspace, challenge);
                let link = format!("{}/privacy/verify/{token}", self.0.public_url());
                self.to_person(&ctx, job.id.0, (&request, kind), link).await
            }
            _ => {
                let keys = ctx.keys().await?;
                let end = ctx.now().plus_seconds(PACK_LIFE).max(request.due_at);
                let token = requests::status_token(&keys, ctx.workspace, request.id, end);
                let link = format!("{}/privacy/status/{token}", self.0.public_url());
                self.to_person(&ctx, job.id.0, (&request, kind), link).await
            }
        }
    }

    /// To the address on file; never to one that was merely typed.
    async fn to_person(&self, ctx: &Ctx, id: RawId, (request, kind): (&Request, &str), link: String) -> Result<()> {
        let Some(subject) = request.subject else { return Ok(()) };
        let Some(person) = contacts::get_many(ctx, people::ReadFor::Rights, &[subject]).await?.pop().flatten() else {
            return Ok(());
        };
        let typed = request.content.as_ref().and_then(|content| content.requester.as_deref());
        let typed = typed.and_then(|text| kernel::Email::parse(text.trim()).ok()).map(|email| email.normal());
        let known = person.profile.emails.iter().map(|email| &email.0);
        let to = known.clone().find(|email| typed.as_ref() == Some(&email.normal())).or_else(|| known.clone().next());
        let Some(to) = to.cloned() else { return Ok(()) };
        let workspace = workspace(ctx).await?;
        let used = request.content.as_ref().and_then(|content| content.language.clone());
        let spoken = person.profile.value(Standard::Language).and_then(|text| text.parse().ok());
        let language: Locale = used.or(spoken).unwrap_or(workspace.language);
        let explanation = request.explanation.clone().unwrap_or_default();
        let detail = match kind {
            "request.extended" => named(&language, "extended")
                .replace("{date}", &last_day(request.due_at))
                .replace("{reason}", &explanation),
            _ => explanation,
        };
        let notice = Notice {
            kind: kind.to_owned(),
            subject,
            to,
            name: None,
            topic: named(&language, request.kind.as_str()),
            detail,
            language,
            organisation: workspace.name,
            link,
            statutory: true,
        };
        queue(&self.0, ctx, id, notice).await
    }

    /// To the address that signed its mail and belongs to nobody known. It says that the mail came, and nothing else:
    /// what it says must not depend on what is held.
    async fn to_stranger(&self, ctx: &Ctx, id: RawId, request: &Request) -> Result<()> {
        let Some(content) = request.content.as_ref().filter(|content| content.is_signed()) else { return Ok(()) };
        let typed = content.requester.as_deref().and_then(|text| kernel::Email::parse(text.trim()).ok());
        let Some(to) = typed.filter(|_| request.subject.is_none()) else { return Ok(()) };
        let workspace = workspace(ctx).await?;
        let end = ctx.now().plus_seconds(PACK_LIFE).max(request.due_at);
        let token = requests::status_token(ctx.keys().await?.as_ref(), ctx.workspace, request.id, end);
        let notice = Notice {
            kind: "request.received".to_owned(),
            subject: ContactId(request.id.0),
            to,
            name: None,
            topic: String::new(),
            detail: last_day(request.due_at),
            language: content.language.clone().unwrap_or(workspace.language),
            organisation: workspace.name,
            link: format!("{}/privacy/status/{token}", self.0.public_url()),
            statutory: true,
        };
        queue(&self.0, ctx, id, notice).await
    }

    /// To every member who may answer requests.
    async fn remind(&self, ctx: &Ctx, id: RawId, request: &Request) -> Result<()> {
        let refused = |error: accounts::Error| Error::Store(store::Error::Refused(error.problem()));
        let members = accounts::members::list(ctx, None, MOST_MEMBERS).await.map_err(refused)?;
        for member in members.into_iter().filter(|member| member.confirmed && !member.invited) {
            let may = member.role.permissions().iter().any(|permission| permission.to_string() == "privacy:write");
            if !may {
                continue;
            }
            let workspace = workspace(ctx).await?;
            let language = workspace.language;
            let detail = named(&language, "due").replace("{date}", &last_day(request.target_at));
            let notice = Notice {
                kind: "request.reminder".to_owned(),
                subject: ContactId(member.user.0),
                to: member.email.expose().clone(),
                name: None,
                topic: named(&language, request.kind.as_str()),
                detail,
                language,
                organisation: workspace.name,
                link: format!("{}/", self.0.public_url()),
                statutory: false,
            };
            let mut each = id;
            each.iter_mut().zip(member.user.0).for_each(|(byte, other)| *byte ^= other);
            queue(&self.0, ctx, each, notice).await?;
        }
        Ok(())
    }

    /// Tells a member who wrote to the privacy mailbox where members do that.
    async fn pointer(&self, ctx: &Ctx, id: RawId, user: kernel::UserId) -> Result<()> {
        let refused = |error: accounts::Error| Error::Store(store::Error::Refused(error.problem()));
        let members = accounts::members::list(ctx, None, MOST_MEMBERS).await.map_err(refused)?;
        let Some(member) = members.into_iter().find(|member| member.user == user) else { return Ok(()) };
        let workspace = workspace(ctx).await?;
        let notice = Notice {
            kind: "request.pointer".to_owned(),
            subject: ContactId(user.0),
            to: member.email.expose().clone(),
            name: None,
            topic: String::new(),
            detail: String::new(),
            language: workspace.language,
            organisation: workspace.name,
            link: format!("{}/", self.0.public_url()),
            statutory: false,
        };
        queue(&self.0, ctx, id, notice).await
    }
}

/// Delivers notices to recipients of data: the queue [`RECIPIENT_QUEUE`].
pub struct RecipientNotices {
    outbound: Outbound,
    webhooks: Webhooks,
}

impl RecipientNotices {
    /// A handler over the process's outbound service and its guarded HTTP client.
    pub fn new(outbound: Outbound, webhooks: Webhooks) -> Self {
        Self { outbound, webhooks }
    }
}

impl Handler for RecipientNotices {
    fn queue(&self) -> &'static str {
        RECIPIENT_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let id = job.payload.get("notice").and_then(Json::as_str).and_then(|text| text.parse::<EventId>().ok());
            let id = id.ok_or("the job names no notice")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            match self.deliver(&ctx, job.id.0, id).await {
                Ok(()) => Ok(Outcome::Done),
                Err(error) => {
                    recipients::tried(&ctx, id, false).await.map_err(|error| error.to_string())?;
                    Err(error.to_string())
                }
            }
        })
    }
}

impl RecipientNotices {
    async fn deliver(&self, ctx: &Ctx, job: RawId, id: EventId) -> Result<()> {
        let Some(due) = recipients::due(ctx, id).await? else { return Ok(()) };
        match due.disclosed.notify.clone() {
            None => Ok(()),
            Some(Notify::Url(url)) => self.call(ctx, &due, &url).await,
            Some(Notify::Email(to)) => {
                let workspace = workspace(ctx).await?;
                let language = workspace.language;
                let token = recipients::token(ctx.keys().await?.as_ref(), ctx.workspace, id);
                let mut known: Vec<&str> =
                    due.addresses.iter().filter_map(|address| address.split_once(':').map(|pair| pair.1)).collect();
                known.extend(due.disclosed.reference.as_deref());
                let subject = due.notice.subject.to_string();
                known.push(&subject);
                let notice = Notice {
                    kind: "request.recipient".to_owned(),
                    subject: ContactId(id.0),
                    to,
                    name: None,
                    topic: named(&language, due.notice.act.as_str()),
                    detail: known.join(", "),
                    language,
                    organisation: workspace.name,
                    link: format!("{}/privacy/recipient/{token}", self.outbound.public_url()),
                    statutory: true,
                };
                queue(&self.outbound, ctx, job, notice).await?;
                Ok(recipients::tried(ctx, id, true).await?)
            }
        }
    }

    /// A signed POST; an answer of 2xx acknowledges.
    async fn call(&self, ctx: &Ctx, due: &Due, url: &str) -> Result<()> {
        let body = json!({
            "type": "data_subject.notice",
            "id": due.notice.id,
            "act": due.notice.act,
            "subject": due.notice.subject,
            "addresses": due.addresses,
            "reference": due.disclosed.reference,
            "categories": due.disclosed.categories,
            "made_at": due.notice.made_at,
        });
        if self.webhooks.call(ctx, url, due.notice.id, body.to_string().into_bytes()).await? {
            recipients::tried(ctx, due.notice.id, true).await?;
            return Ok(recipients::acknowledged(ctx, due.notice.id).await?);
        }
        Err(Error::State("the recipient did not accept the notice"))
    }
}
