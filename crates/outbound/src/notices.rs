//! Mail that lower crates ask for: confirmations of a subscription, links of an account.
//!
//! A notice is a run of one message with the purpose `service`. It passes the gate like everything
//! else: the person's own request is stated as its basis. Members of a workspace are data subjects
//! too; their subject is their user id.

use std::collections::BTreeMap;

use content::{Body, FieldCatalog, MergeValues, Source as Content, Variants};
use kernel::{ContactId, Email, EventId, Locale, RawId, TopicId};
use people::subscribe::{self, Invitation};
use privacy::claims::{self, Statement};
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::{Value as Json, json};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx, params};

use crate::channel::Sender;
use crate::deliveries::{Addressee, Draft, Run, RunState, Source, enqueue_alone, queries as sql};
use crate::service::Outbound;
use crate::{Error, Result};

const WORDS: [(&str, &str); 4] = [
    ("en", include_str!("../../../i18n/en/notices.json")),
    ("ar", include_str!("../../../i18n/ar/notices.json")),
    ("en", include_str!("../../../i18n/en/requests.json")),
    ("ar", include_str!("../../../i18n/ar/requests.json")),
];

/// One message that a person caused.
pub(crate) struct Notice {
    /// Which text of `i18n/*/notices.json` or `i18n/*/requests.json`.
    pub(crate) kind: String,
    pub(crate) subject: ContactId,
    pub(crate) to: Email,
    pub(crate) name: Option<String>,
    pub(crate) language: Locale,
    pub(crate) organisation: String,
    pub(crate) topic: String,
    /// What the text says in its second paragraph, when it has one.
    pub(crate) detail: String,
    pub(crate) link: String,
    /// Law makes us write it; otherwise the person asked for it.
    pub(crate) statutory: bool,
}

pub(crate) fn words(language: &str, kind: &str) -> Option<BTreeMap<String, String>> {
    WORDS.iter().filter(|(known, _)| *known == language).find_map(|(_, text)| {
        let mut all: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(text).ok()?;
        all.remove(kind)
    })
}

/// The notice's content in one language; names are merge values so that all notices of a kind
/// share one content version.
fn content(language: &str, kind: &str) -> Option<Content> {
    let words = words(language, kind)?;
    let merge = |text: &str| {
        text.replace("{topic}", "{{ topic | required }}")
            .replace("{organisation}", "{{ organisation | required }}")
            .replace("{detail}", "{{ detail | required }}")
    };
    let html = format!(
        "<html><body style=\"font-family:sans-serif;max-width:36em;margin:2em auto;padding:0 1em;line-height:1.6\"><p>{}</p>\
         <p><a href=\"{{{{ link | required }}}}\" style=\"display:inline-block;padding:.7em 1.4em;background:#0f5e56;color:#fff;border-radius:6px;text-decoration:none\">{}</a></p>\
         <p style=\"color:#555\">{}</p></body></html>",
        merge(&words["text"]),
        merge(&words["action"]),
        merge(&words["ignore"])
    );
    Some(Content {
        body: Body::Html(html),
        text: Some(format!(
            "{}\n\n{}:\n{{{{ link | required }}}}\n\n{}\n",
            merge(&words["text"]),
            merge(&words["action"]),
            merge(&words["ignore"])
        )),
        subject: merge(&words["subject"]),
        preheader: None,
        language: language.parse().ok()?,
    })
}

fn variants(kind: &str) -> Result<Variants> {
    let english = content("en", kind).ok_or(Error::NotFound("notice text"))?;
    let arabic = content("ar", kind).ok_or(Error::NotFound("notice text"))?;
    Ok(Variants { default: english, by_language: BTreeMap::from([(Locale::ar(), arabic)]) })
}

#[cfg(test)]
fn catalog() -> FieldCatalog {
    ["topic", "organisation", "detail", "link"]
        .into_iter()
        .fold(FieldCatalog::standard(), |catalog, name| catalog.with(name, name, &[]))
}

/// Who the workspace writes as: its setting `default_sender`.
///
/// # Errors
/// [`Error::State`] when it has none yet.
pub fn default_sender(workspace: &accounts::workspaces::Workspace) -> Result<Sender> {
    let none = Error::State("the workspace has no default sender; set one in its settings");
    let Some(setting) = workspace.settings.get("default_sender") else { return Err(none) };
    let read = |name: &str| setting.get(name).and_then(Json::as_str);
    let Some(email) = read("email").and_then(|text| Email::parse(text).ok()) else { return Err(none) };
    let name = read("name").unwrap_or(&workspace.name).to_owned();
    Ok(Sender { name, email, reply_to: read("reply_to").and_then(|text| Email::parse(text).ok()) })
}

/// The default sender, or, while none is set, whoever the workspace wrote as last.
pub(crate) async fn sender(ctx: &Ctx, workspace: &accounts::workspaces::Workspace) -> Result<Sender> {
    let unset = match default_sender(workspace) {
        Ok(sender) => return Ok(sender),
        Err(unset) => unset,
    };
    let last: Option<(String,)> = ctx.db.opt(sql::LAST_SETTINGS, params![ctx.workspace]).await?;
    let settings = last.and_then(|(text,)| serde_json::from_str::<Source>(&text).ok());
    settings.map(|settings| settings.sender).ok_or(unset)
}

/// States that the person asked for this message (`kind` says for which), unless that is on record.
///
/// # Errors
/// When the store fails.
pub async fn state_request(ctx: &Ctx, subject: ContactId, kind: &str) -> Result<()> {
    state_basis(ctx, subject, kind, (Purpose::SERVICE, BasisKind::SubjectRequest)).await
}

/// States why the house itself writes to this person, unless that is on record.
pub(crate) async fn state_basis(
    ctx: &Ctx,
    subject: ContactId,
    kind: &str,
    (purpose, basis): (Purpose, BasisKind),
) -> Result<()> {
    let known = claims::list(ctx, subject).await?;
    let stands = known.iter().any(|claim| {
        claim.purpose == purpose && claim.channel == Channel::Email && claim.basis == basis && claim.state.is_valid()
    });
    if stands {
        return Ok(());
    }
    let mut subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
    if subject_keys.data().is_err() {
        subject_keys = ctx.vault.create_subjects(ctx.workspace, &[subject]).await?.pop().unwrap_or_default();
    }
    let statement = Statement {
        subject,
        purpose,
        channel: Channel::Email,
        topic: None,
        basis,
        state: ConsentState::Given,
        at: ctx.now(),
        expires_at: None,
        detail: json!({ "source": kind }),
    };
    let mut batch = ctx.batch();
    claims::state(&mut batch, ctx, ctx.keys().await?.as_ref(), &subject_keys, statement)?;
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Queues a notice as a run of one message. `id` makes it happen once.
pub(crate) async fn queue(outbound: &Outbound, ctx: &Ctx, id: RawId, notice: Notice) -> Result<()> {
    let (purpose, basis) = if notice.statutory {
        (Purpose::STATUTORY, BasisKind::LegalObligation)
    } else {
        (Purpose::SERVICE, BasisKind::SubjectRequest)
    };
    let letter = Letter {
        subject: notice.subject,
        to: notice.to,
        name: notice.name,
        language: notice.language,
        content: variants(&notice.kind)?,
        kind: notice.kind,
        fields: BTreeMap::from([
            ("topic".to_owned(), notice.topic),
            ("organisation".to_owned(), notice.organisation),
            ("detail".to_owned(), notice.detail),
            ("link".to_owned(), notice.link),
        ]),
        invitation: None,
    };
    deliver(outbound, ctx, id, letter, (purpose, basis)).await
}

/// A message to one person about what they asked for themselves, in its sender's own words.
pub struct Letter {
    /// What asked for it, such as `booking.confirmed`; stands with the basis.
    pub kind: String,
    /// To whom; a member's subject is their user id.
    pub subject: ContactId,
    /// The address.
    pub to: Email,
    /// The display name.
    pub name: Option<String>,
    /// Which of the variants.
    pub language: Locale,
    /// Subject and body with `{{ field }}` in place of what differs: all letters of a kind share one content version.
    pub content: Variants,
    /// The values of the fields; `organisation` among them.
    pub fields: BTreeMap<String, String>,
    /// What goes into the reader's calendar.
    pub invitation: Option<crate::Invitation>,
}

/// Queues a letter as a service message: the person's own request is its basis. `id` makes it happen once.
///
/// # Errors
/// [`Error::Denied`] when the gate says no, [`Error::State`] while the workspace has no sender, or the store's.
pub async fn write(outbound: &Outbound, ctx: &Ctx, id: RawId, letter: Letter) -> Result<()> {
    deliver(outbound, ctx, id, letter, (Purpose::SERVICE, BasisKind::SubjectRequest)).await
}

async fn deliver(
    outbound: &Outbound,
    ctx: &Ctx,
    id: RawId,
    letter: Letter,
    (purpose, basis): (Purpose, BasisKind),
) -> Result<()> {
    let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace)
        .await
        .map_err(|error| Error::Store(store::Error::Refused(error.problem())))?
        .ok_or(Error::NotFound("workspace"))?;
    let sender = sender(ctx, &workspace).await?;
    state_basis(ctx, letter.subject, &letter.kind, (purpose.clone(), basis)).await?;
    let catalog = letter.fields.keys().fold(FieldCatalog::standard(), |catalog, name| catalog.with(name, name, &[]));
    let version = outbound.versions().save(ctx, &letter.content, &catalog).await?;
    let run = Run {
        workspace: ctx.workspace,
        source: id,
        channel: Channel::Email,
        purpose,
        topic: None,
        content: version.id.into(),
        content_hash: version.hash,
        settings: Source {
            sender,
            list: None,
            organisation: letter.fields.get("organisation").cloned().unwrap_or_default(),
            postal_address: workspace.postal_address,
            reason: None,
            missing: Vec::new(),
            track: false,
            series: None,
        },
        state: RunState::Running,
        complete: true,
        not_before: ctx.now(),
    };
    let verified = match outbound.channels().get(Channel::Email) {
        Some(channel) => channel.sender_verified(ctx.workspace, &run.settings.sender).await,
        None => return Err(Error::NoChannel(Channel::Email)),
    };
    let addressee = Addressee {
        invitation: letter.invitation,
        address: letter.to.wire(),
        name: letter.name,
        language: Some(letter.language.to_string()),
        thread: None,
        values: MergeValues { fields: letter.fields, ..MergeValues::default() },
    };
    let draft = Draft { contact: letter.subject, email: letter.to, addressee };
    let summary = enqueue_alone(ctx, outbound.gate(), &run, draft, verified).await?;
    outbound.wake();
    match summary.denied.into_keys().next() {
        Some(reason) => Err(Error::Denied(reason)),
        None => Ok(()),
    }
}

/// Sends a member the short message that shows whether mail arrives, as the workspace's default sender. `id`
/// is new; the message's delivery is found by it.
///
/// # Errors
/// [`Error::State`] while the workspace has no sender, [`Error::Denied`] when the gate says no, or the store's.
pub async fn try_out(
    outbound: &Outbound,
    ctx: &Ctx,
    id: EventId,
    member: &accounts::members::Member,
    language: Locale,
) -> Result<()> {
    let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace)
        .await
        .map_err(|error| Error::Store(store::Error::Refused(error.problem())))?
        .ok_or(Error::NotFound("workspace"))?;
    let notice = Notice {
        kind: "sending.test".to_owned(),
        subject: ContactId(member.user.0),
        to: member.email.expose().clone(),
        name: Some(member.name.expose().clone()).filter(|name| !name.is_empty()),
        language,
        organisation: workspace.name,
        topic: String::new(),
        detail: String::new(),
        link: outbound.public_url().to_owned(),
        statutory: false,
    };
    queue(outbound, ctx, id.into(), notice).await
}

/// Queues one message of a run to a member, who asked for it: the test of a campaign. The run's source
/// must be new.
///
/// # Errors
/// [`Error::Denied`] when the gate says no, or the store's.
pub async fn to_member(
    outbound: &Outbound,
    ctx: &Ctx,
    run: &Run,
    member: &accounts::members::Member,
    sender_verified: bool,
) -> Result<()> {
    let subject = ContactId(member.user.0);
    state_request(ctx, subject, "test_send").await?;
    let mut run = run.clone();
    (run.purpose, run.topic, run.complete) = (Purpose::SERVICE, None, true);
    run.settings.list = None;
    let email = member.email.expose().clone();
    let fields = BTreeMap::from([
        ("email".to_owned(), email.to_string()),
        ("first_name".to_owned(), member.name.expose().clone()),
    ]);
    let addressee = Addressee {
        invitation: None,
        address: email.wire(),
        name: Some(member.name.expose().clone()).filter(|name| !name.is_empty()),
        language: None,
        thread: None,
        values: MergeValues { fields, ..MergeValues::default() },
    };
    let draft = Draft { contact: subject, email, addressee };
    let summary = enqueue_alone(ctx, outbound.gate(), &run, draft, sender_verified).await?;
    outbound.wake();
    summary.denied.into_keys().next().map_or(Ok(()), |reason| Err(Error::Denied(reason)))
}

/// Sends the links of accounts: confirmation, password reset, invitation.
pub struct AccountNotices(Outbound);

/// Sends the confirmation mails of double opt-in.
pub struct Confirmations(Outbound);

impl AccountNotices {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

impl Confirmations {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

impl Handler for AccountNotices {
    fn queue(&self) -> &'static str {
        accounts::users::tokens::NOTICE_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move { self.send(core, &job).await.map(|()| Outcome::Done) })
    }
}

impl AccountNotices {
    async fn send(&self, core: &Core, job: &Job) -> std::result::Result<(), String> {
        let token: EventId =
            job.payload["token"].as_str().and_then(|text| text.parse().ok()).ok_or("the job names no link")?;
        let user = accounts::users::tokens::notice(core, token).await.map_err(|error| error.to_string())?;
        let Some(asked) = user else { return Ok(()) };
        let ctx = core.ctx(asked.workspace, Actor::System);
        let path = asked.kind.as_str().trim_start_matches("account.");
        let notice = Notice {
            kind: asked.kind.as_str().to_owned(),
            subject: ContactId(asked.user.0),
            to: asked.to.into_inner(),
            name: Some(asked.name.into_inner()).filter(|name| !name.is_empty()),
            language: asked.language,
            organisation: asked.workspace_name,
            topic: String::new(),
            detail: String::new(),
            statutory: false,
            link: format!("{}/account/{path}?token={}", self.0.public_url(), asked.token.expose()),
        };
        queue(&self.0, &ctx, job.id.0, notice).await.map_err(|error| error.to_string())
    }
}

impl Handler for Confirmations {
    fn queue(&self) -> &'static str {
        subscribe::CONFIRMATION_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move { self.send(core, &job).await.map(|()| Outcome::Done) })
    }
}

impl Confirmations {
    async fn send(&self, core: &Core, job: &Job) -> std::result::Result<(), String> {
        let read = |name: &str| job.payload.get(name).and_then(Json::as_str).ok_or("the job lacks a field");
        let contact: ContactId = read("contact")?.parse().map_err(|_| "no contact")?;
        let topic: TopicId = read("topic")?.parse().map_err(|_| "no topic")?;
        let requested_at = read("requested_at")?.parse().map_err(|_| "no instant")?;
        let ctx = core.ctx(job.workspace, Actor::System);
        let fail = |error: people::Error| error.to_string();
        let Some(loaded) =
            people::contacts::get_many(&ctx, people::ReadFor::Notice, &[contact]).await.map_err(fail)?.pop().flatten()
        else {
            return Ok(());
        };
        let Some(to) = loaded.profile.email().cloned() else { return Ok(()) };
        let also = job.payload.get("also").and_then(Json::as_array).into_iter().flatten();
        let also = also.filter_map(|id| id.as_str()?.parse::<TopicId>().ok());
        let mut topics = Vec::new();
        for id in std::iter::once(topic).chain(also) {
            topics.push(people::topics::get(&ctx, id).await.map_err(fail)?.name);
        }
        let keys = ctx.keys().await.map_err(|error| error.to_string())?;
        let invitation = Invitation { workspace: ctx.workspace, contact, topic, requested_at };
        let token = subscribe::issue(&keys, &invitation);
        let workspace = accounts::workspaces::find(core, ctx.workspace).await.map_err(|error| error.to_string())?;
        let language = loaded.profile.value(people::contacts::Standard::Language).and_then(|text| text.parse().ok());
        let default = workspace.as_ref().map_or_else(Locale::en, |workspace| workspace.language.clone());
        let language = language.unwrap_or(default);
        let notice = Notice {
            kind: "confirmation".to_owned(),
            subject: contact,
            to,
            name: None,
            organisation: workspace.map(|workspace| workspace.name).unwrap_or_default(),
            topic: topics.join(if language.language() == "ar" { "، " } else { ", " }),
            language,
            detail: String::new(),
            statutory: false,
            link: format!("{}/p/confirm/{token}", self.0.public_url()),
        };
        queue(&self.0, &ctx, job.id.0, notice).await.map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [&str; 17] = [
        "recharge.needs_action",
        "recharge.stopped",
        "recharge.refused",
        "confirmation",
        "account.confirm",
        "account.reset",
        "account.change",
        "account.invite",
        "account.exists",
        "request.challenge",
        "request.fulfilled",
        "request.extended",
        "request.refused",
        "request.reminder",
        "request.recipient",
        "request.pointer",
        "request.received",
    ];

    #[test]
    fn every_notice_compiles_in_both_languages_and_keeps_its_link() {
        struct Plain;
        impl content::Links for Plain {
            fn link(&self, _: u32, url: &str, out: &mut String) {
                out.push_str(url);
            }
            fn unsubscribe(&self, _: &mut String) {}
            fn preferences(&self, _: &mut String) {}
            fn view(&self, _: &mut String) {}
            fn pixel(&self, _: &mut String) -> bool {
                false
            }
        }
        let link = "https://post.example/account/reset?token=AbC_-9";
        let fields = [("topic", "News"), ("organisation", "Sender & Söhne"), ("detail", "Because"), ("link", link)];
        let values = MergeValues {
            fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            ..MergeValues::default()
        };
        let sender = content::Sender {
            postal_address: String::new(),
            name: String::new(),
            organisation: String::new(),
            list_name: String::new(),
            reason: None,
            today: kernel::Date::constant(2026, 11, 21),
        };
        for kind in KINDS {
            let compiled = content::CompiledVariants::compile(&variants(kind).unwrap(), &catalog()).unwrap();
            for language in [Locale::en(), Locale::ar()] {
                let mut out = content::Rendered::default();
                let recipient = content::Recipient { values: &values, sender: &sender };
                compiled.pick(Some(&language)).render(&recipient, &Plain, &mut out).unwrap();
                assert!(out.html.contains(link) && out.text.contains(link), "{kind} {language}: {}", out.html);
                assert!(!out.subject.contains('{'), "{kind} {language}");
                let told = match (kind, language == Locale::en()) {
                    ("account.invite", true) => "Members see your name and your e-mail address",
                    ("request.extended", true) => "needs more time for your request: News. Because",
                    _ => continue,
                };
                assert!(out.text.replace('\n', " ").contains(told), "{kind}: {}", out.text);
            }
        }
    }
}
