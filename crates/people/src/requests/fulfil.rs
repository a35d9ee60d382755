use kernel::{Code, ContactId, Email, Phone, Problem, RequestId};
use privacy::erasure::Certificate;
use privacy::facts;
use privacy::gate::{Gate, Withdrawal};
use privacy::provenance::Method;
use privacy::register;
use privacy::requests::recipients::{self, Act};
use privacy::requests::{self, By, Content, New, Outcome, Request, RequestKind, Settings, Via};
use privacy::suppression::Reason;
use privacy::vocabulary::Scope;
use serde_json::{Value as Json, json};
use store::{Ctx, Feed};

use super::pack;
use crate::contacts::{self, Change, Draft, Origin, Standard};
use crate::subscribe::{self, Leave};
use crate::{Result, fields};

/// What became of a request.
#[derive(Debug)]
pub struct Fulfilled {
    /// The request, closed.
    pub request: Request,
    /// What was answered.
    pub outcome: Outcome,
    /// The certificate, when somebody was erased.
    pub certificate: Option<Certificate>,
}

/// Does what a verified request asks for, closes it and has the person told.
///
/// # Errors
/// `conflict` when the request is not verified or closed, or when its words leave to a human what is
/// to be done; by field when a correction is not valid.
pub async fn fulfil(ctx: &Ctx, gate: &Gate, id: RequestId) -> Result<Fulfilled> {
    let request = requests::start(ctx, id).await?;
    let mut certificate = None;
    let outcome = match living(ctx, request.subject).await? {
        None => match request.subject {
            Some(subject) => match privacy::erasure::certificate(ctx, subject).await? {
                Some(done) => Outcome::Certificate(json!(certificate.insert(done))),
                None => Outcome::NothingHeld,
            },
            None => Outcome::NothingHeld,
        },
        Some(subject) => match request.kind {
            RequestKind::Access | RequestKind::Portability => Outcome::Pack(pack::make(ctx, &request, subject).await?),
            RequestKind::Objection => object(ctx, gate, &request, subject).await?,
            RequestKind::Restriction => {
                restrict(ctx, subject).await?;
                Outcome::Done(json!({ "restricted": subject }))
            }
            RequestKind::Rectification => correct(ctx, &request, subject).await?,
            RequestKind::Erasure => {
                let done = contacts::erase(ctx, gate, subject).await?;
                Outcome::Certificate(json!(certificate.insert(done)))
            }
        },
    };
    let request = requests::fulfilled(ctx, id, &outcome).await?;
    Ok(Fulfilled { request, outcome, certificate })
}

/// [`fulfil`], unless the workspace wants a member to look first, or must.
///
/// # Errors
/// As [`fulfil`].
pub async fn unless_manual(ctx: &Ctx, gate: &Gate, request: &Request) -> Result<Option<Fulfilled>> {
    let manual = Settings::of(ctx).await?.manual;
    let unclear = request.kind == RequestKind::Rectification
        && request.content.as_ref().is_none_or(|content| content.corrections.is_empty());
    if unclear || (manual.contains(&request.kind) && !request.child) {
        return Ok(None);
    }
    fulfil(ctx, gate, request.id).await.map(Some)
}

/// Closes a verified request that a member fulfilled by hand; `note` says what was done.
///
/// # Errors
/// `conflict` when the request is not verified or closed.
pub async fn by_hand(ctx: &Ctx, id: RequestId, note: &str) -> Result<Fulfilled> {
    requests::start(ctx, id).await?;
    requests::note(ctx, id, note).await?;
    let outcome = Outcome::Done(json!({ "by_hand": true }));
    let request = requests::fulfilled(ctx, id, &outcome).await?;
    Ok(Fulfilled { request, outcome, certificate: None })
}

/// Keeps the shell of a request that a person's own page fulfilled at once.
///
/// # Errors
/// When the store fails.
pub async fn settled(ctx: &Ctx, subject: ContactId, kind: RequestKind, outcome: &Outcome) -> Result<Request> {
    let (via, received_at) = (Via::PreferencePage, ctx.now());
    let new = New { kind, via, subject: Some(subject), child: false, received_at, content: Content::default() };
    let request = requests::open(ctx, new).await?;
    requests::verify(ctx, request.id, By::Letter, None).await?;
    Ok(requests::fulfilled(ctx, request.id, outcome).await?)
}

/// The person, merged or not, while their key lives.
async fn living(ctx: &Ctx, subject: Option<ContactId>) -> Result<Option<ContactId>> {
    let Some(subject) = subject else { return Ok(None) };
    let subject = contacts::merged_into(ctx, subject).await?.unwrap_or(subject);
    Ok(contacts::get_many(ctx, crate::ReadFor::Rights, &[subject]).await?.pop().flatten().map(|loaded| loaded.id))
}

async fn addresses(ctx: &Ctx, subject: ContactId) -> Result<Vec<String>> {
    let keys = ctx.vault.subject(ctx.workspace, subject).await?;
    Ok(register::addresses_of(ctx, subject, &keys).await?)
}

/// GDPR Art. 21: one channel, one purpose, or all advertising.
async fn object(ctx: &Ctx, gate: &Gate, request: &Request, subject: ContactId) -> Result<Outcome> {
    let content = request.content.clone().unwrap_or_default();
    let evidence = json!({ "request": request.id, "channel": request.via, "received_at": request.received_at });
    let (scope, reason) = match (content.channel, content.purpose) {
        (None, None) => {
            subscribe::unsubscribe(ctx, gate, subject, Leave::Objection, evidence).await?;
            return Ok(Outcome::Done(json!({ "objection": "all_marketing" })));
        }
        (None, Some(purpose)) => (Scope::Purpose(purpose), Reason::Objection),
        // An objection as such reaches every channel; this one asks for one only.
        (Some(channel), _) => (Scope::Channel(channel), Reason::Unsubscribe),
    };
    let keys = ctx.keys().await?;
    let hashes = addresses(ctx, subject).await?.iter().map(|address| keys.suppression(address)).collect();
    let told = Outcome::Done(json!({ "objection": scope }));
    gate.withdraw(ctx, Withdrawal { subject, addresses: hashes, scope, reason, evidence }).await?;
    Ok(told)
}

/// GDPR Art. 18: from now on only statutory notices, and what the person asks for afterwards.
///
/// # Errors
/// When the store fails or the person was erased.
pub async fn restrict(ctx: &Ctx, subject: ContactId) -> Result<()> {
    let keys = ctx.vault.subject(ctx.workspace, subject).await?;
    let mut known = facts::read(ctx, subject).await?.unwrap_or_default();
    if !known.restricted {
        (known.restricted, known.restricted_since) = (true, Some(ctx.now()));
        let mut batch = ctx.batch();
        facts::write(&mut batch, ctx, &keys, subject, &known)?;
        batch.feed(Feed { kind: "contact.restricted", entity: subject.into(), data: json!({}) });
        ctx.db.apply(batch).await?;
    }
    recipients::plan(ctx, subject, Act::Restricted, &addresses(ctx, subject).await?).await?;
    Ok(())
}

/// GDPR Art. 16: the person's own words win, and say where they come from.
async fn correct(ctx: &Ctx, request: &Request, subject: ContactId) -> Result<Outcome> {
    let corrections = request.content.as_ref().map(|content| &content.corrections);
    let Some(corrections) = corrections.filter(|corrections| !corrections.is_empty()) else {
        let detail = "the request says in words what is wrong: correct the contact, then close the request by hand";
        return Err(Problem::new(Code::Conflict, detail).into());
    };
    let known = fields::list(ctx).await?;
    let mut draft = Draft::default();
    for (name, value) in corrections {
        if let Some(field) = Standard::named(name) {
            draft.values.insert(field, value.clone());
        } else if name == "email" {
            draft.emails.push(Email::parse(value).map_err(|_| Problem::field("email", "not an e-mail address"))?);
        } else if name == "phone" {
            draft.phones.push(Phone::parse(value, None).map_err(|_| Problem::field("phone", "not a number in E.164"))?);
        } else if let Some(field) = known.get(name) {
            let read = field
                .kind
                .read(value)
                .ok_or_else(|| Problem::field("corrections", "a value does not fit its field"))?;
            draft.attributes.insert(name.clone(), read);
        } else {
            return Err(Problem::field("corrections", "there is no such field").into());
        }
    }
    let changed: Vec<&String> = corrections.keys().collect();
    let told = Outcome::Done(json!({ "corrected": changed }));
    let origin = Origin { method: Method::Given, source: format!("request {}", request.id) };
    contacts::update(ctx, subject, Change { draft, ..Change::default() }, &origin).await?;
    recipients::plan(ctx, subject, Act::Corrected, &addresses(ctx, subject).await?).await?;
    Ok(told)
}

impl Fulfilled {
    /// What the API answers.
    pub fn to_json(&self) -> Json {
        let outcome = match &self.outcome {
            Outcome::Pack(_) => json!("pack"),
            Outcome::Certificate(_) => json!("erased"),
            Outcome::Done(done) => done.clone(),
            Outcome::NothingHeld => json!("nothing_held"),
        };
        json!({ "request": self.request, "outcome": outcome, "certificate": self.certificate })
    }
}
