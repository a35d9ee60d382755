use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use kernel::{Code, EventId, Problem, RequestId};
use serde_json::{Value as Json, json};
use store::{Batch, Ctx, Feed, NewJob, SubjectKeys, params};

use super::model::{By, Content, Ground, New, Request, RequestKind, RequestState};
use super::rows::{self, CONTENT, EVIDENCE};
use super::settings::Settings;
use super::{NOTICE_QUEUE, own};
use crate::{Error, Result, clocks};

/// The longest explanation or note, in characters.
const MAX_NOTE: usize = 4000;

/// How a request ended well.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A pack was made.
    Pack(Json),
    /// The person was erased; the certificate.
    Certificate(Json),
    /// Something was changed; what, in codes.
    Done(Json),
    /// Nothing is held about whoever asked.
    NothingHeld,
}

impl Outcome {
    /// What is hashed into the shell.
    fn hash(&self) -> String {
        let document = match self {
            Self::Pack(json) | Self::Certificate(json) | Self::Done(json) => json.clone(),
            Self::NothingHeld => json!("nothing_held"),
        };
        HEXLOWER.encode(digest(&SHA256, document.to_string().as_bytes()).as_ref())
    }
}

fn refused(code: Code, detail: &'static str) -> Error {
    Error::Store(store::Error::Refused(Problem::new(code, detail)))
}

fn bounded(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::Invalid { field, detail: "must not be empty" });
    }
    if text.chars().count() > MAX_NOTE {
        return Err(Error::Invalid { field, detail: "at most 4000 characters" });
    }
    Ok(text.to_owned())
}

fn feed(batch: &mut Batch, request: &Request, kind: &'static str) {
    let data = json!({
        "contact": request.subject, "type": request.kind, "state": request.state, "child": request.child, "target_at": request.target_at,
        "due_at": request.due_at,
    });
    batch.feed(Feed { kind, entity: request.id.0, data });
}

pub(super) fn notice(batch: &mut Batch, kind: &'static str, id: RequestId) {
    batch.job(NewJob::now(NOTICE_QUEUE, json!({ "kind": kind, "request": id })).key(format!("{kind}:{id}")));
}

/// Has whoever asked by mail, and is not known, told that it came: the notice `request.received`.
///
/// # Errors
/// When the store fails.
pub async fn tell_received(ctx: &Ctx, id: RequestId) -> Result<()> {
    let mut batch = ctx.batch();
    notice(&mut batch, "request.received", id);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Opens a request. Its clock runs from the instant it was received.
///
/// # Errors
/// [`Error::Invalid`] by field; store errors.
pub async fn open(ctx: &Ctx, new: New) -> Result<Request> {
    open_as(ctx, ctx.id(), new).await
}

/// [`open`] under an id that was given out already; twice is harmless.
///
/// # Errors
/// As [`open`].
pub async fn open_as(ctx: &Ctx, id: RequestId, new: New) -> Result<Request> {
    new.content.check(new.kind)?;
    if new.received_at > ctx.now() {
        return Err(Error::Invalid { field: "received_at", detail: "lies in the future" });
    }
    let (target_at, due_at) = Settings::of(ctx).await?.terms(new.received_at, new.child);
    // A run of the intake job that was cut short may have made the keys, or everything.
    let mut keys = ctx.vault.subject(ctx.workspace, own(id)).await?;
    if keys.evidence().is_err() {
        keys = ctx.vault.create_subjects(ctx.workspace, &[own(id)]).await?.pop().unwrap_or_default();
    } else if let Ok(known) = rows::get(ctx, id).await {
        return Ok(known);
    }
    let sealed = seal(ctx, id, &keys, &new.content)?;
    let mut batch = ctx.batch();
    batch.push(
        rows::INSERT,
        params![
            ctx.workspace,
            id,
            new.kind.as_str(),
            new.via.as_str(),
            RequestState::Received.as_str(),
            new.subject,
            new.child,
            ctx.actor.to_string(),
            new.received_at,
            target_at,
            due_at,
            false,
            sealed
        ],
    );
    rows::event(&mut batch, ctx, id, "received");
    ctx.db.apply(batch).await?;
    rows::get(ctx, id).await
}

fn seal(ctx: &Ctx, id: RequestId, keys: &SubjectKeys, content: &Content) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(content).map_err(|_| Error::Corrupt("request"))?;
    Ok(keys.data()?.seal(&ctx.aad(own(id), CONTENT), &plain, ctx.rng.as_ref()))
}

/// A request with the keys of its words.
struct Held {
    request: Request,
    keys: SubjectKeys,
}

impl Held {
    async fn load(ctx: &Ctx, id: RequestId) -> Result<Self> {
        Ok(Self { request: rows::get(ctx, id).await?, keys: ctx.vault.subject(ctx.workspace, own(id)).await? })
    }

    fn go(&mut self, to: RequestState) -> Result<()> {
        if !self.request.state.may_become(to) {
            let detail = if self.request.state.is_closed() {
                "the request is closed"
            } else {
                "it is not known yet that the person asked; verify the request first"
            };
            return Err(refused(Code::Conflict, detail));
        }
        self.request.state = to;
        Ok(())
    }

    /// Saves the request with its words as they stand; the explanation under the evidence key.
    fn save(&self, batch: &mut Batch, ctx: &Ctx) -> Result<()> {
        let request = &self.request;
        let closed = request.state.is_closed();
        let sealed = match (&request.content, closed) {
            (Some(content), false) => Some(seal(ctx, request.id, &self.keys, content)?),
            _ => None,
        };
        let evidence = match &request.explanation {
            Some(text) => {
                let aad = ctx.aad(own(request.id), EVIDENCE);
                Some(self.keys.evidence()?.seal(&aad, text.as_bytes(), ctx.rng.as_ref()))
            }
            None => None,
        };
        if closed {
            batch.push(rows::EMPTY_EVENTS, params![ctx.workspace, request.id]);
        }
        rows::save(batch, ctx, request, (sealed, evidence));
        Ok(())
    }

    /// Commits a closing, then destroys the key of the request's words.
    async fn close(
        mut self,
        ctx: &Ctx,
        mut batch: Batch,
        (kind, mail): (&str, Option<&'static str>),
    ) -> Result<Request> {
        self.request.closed_at = Some(ctx.now());
        self.save(&mut batch, ctx)?;
        rows::event(&mut batch, ctx, self.request.id, kind);
        feed(&mut batch, &self.request, "request.closed");
        if let Some(mail) = mail.filter(|_| self.request.subject.is_some()) {
            notice(&mut batch, mail, self.request.id);
        }
        ctx.db.apply(batch).await?;
        shred(ctx, self.request.id).await?;
        rows::get(ctx, self.request.id).await
    }
}

store::sql! {
    SHREDDED = "UPDATE data_request SET shredded = $3 WHERE workspace = $1 AND id = $2";
}

/// Destroys the key of a closed request's words.
pub(super) async fn shred(ctx: &Ctx, id: RequestId) -> Result<()> {
    ctx.vault.destroy_data_keys(ctx.workspace, &[own(id)]).await?;
    let mut batch = ctx.batch();
    batch.push(SHREDDED, params![ctx.workspace, id, true]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Notes that it is known that the person asked. `evidence` says how, when a member checked it.
///
/// # Errors
/// `conflict` when the request is past that.
pub async fn verify(ctx: &Ctx, id: RequestId, by: By, evidence: Option<&str>) -> Result<Request> {
    verify_with(ctx, id, by, evidence, ctx.batch()).await
}

pub(super) async fn verify_with(
    ctx: &Ctx,
    id: RequestId,
    by: By,
    evidence: Option<&str>,
    mut batch: Batch,
) -> Result<Request> {
    let mut held = Held::load(ctx, id).await?;
    if by == By::Member && evidence.is_none_or(|text| text.trim().is_empty()) {
        return Err(Error::Invalid { field: "evidence", detail: "say how it was checked who asks" });
    }
    held.go(RequestState::Verified)?;
    held.request.verified_at = Some(ctx.now());
    held.request.verified_by = Some(by.as_str().to_owned());
    held.save(&mut batch, ctx)?;
    match evidence {
        Some(text) => rows::event_with(&mut batch, ctx, (id, &held.keys), "verified", &bounded("evidence", text)?)?,
        None => rows::event(&mut batch, ctx, id, "verified"),
    }
    feed(&mut batch, &held.request, "request.verified");
    ctx.db.apply(batch).await?;
    rows::get(ctx, id).await
}

/// Notes that a link was mailed.
pub(super) async fn challenged(ctx: &Ctx, id: RequestId, mut batch: Batch) -> Result<Request> {
    let mut held = Held::load(ctx, id).await?;
    held.go(RequestState::Challenged)?;
    held.save(&mut batch, ctx)?;
    rows::event(&mut batch, ctx, id, "challenged");
    ctx.db.apply(batch).await?;
    rows::get(ctx, id).await
}

/// Somebody begins to work on a verified request.
///
/// # Errors
/// `conflict` when it is not verified, or closed.
pub async fn start(ctx: &Ctx, id: RequestId) -> Result<Request> {
    let mut held = Held::load(ctx, id).await?;
    if held.request.state == RequestState::InProgress {
        return Ok(held.request);
    }
    held.go(RequestState::InProgress)?;
    let mut batch = ctx.batch();
    held.save(&mut batch, ctx)?;
    rows::event(&mut batch, ctx, id, "started");
    ctx.db.apply(batch).await?;
    rows::get(ctx, id).await
}

/// Extends the term by two further months and has the person told why (GDPR Art. 12(3)): once, and
/// only before the first term is over.
///
/// # Errors
/// [`Error::Invalid`] without a reason; `conflict` when it is too late, extended, unverified or closed.
pub async fn extend(ctx: &Ctx, id: RequestId, reason: &str) -> Result<Request> {
    let mut held = Held::load(ctx, id).await?;
    let reason = bounded("reason", reason)?;
    if held.request.state.is_closed() || !held.request.state.is_verified() {
        return Err(refused(Code::Conflict, "only a verified, open request can be extended"));
    }
    if held.request.extended_at.is_some() {
        return Err(refused(Code::Conflict, "the term was extended already"));
    }
    if ctx.now() >= held.request.due_at {
        return Err(refused(Code::Conflict, "the term is over; it can be extended before its end only"));
    }
    let zone = Settings::of(ctx).await?.zone();
    let request = &mut held.request;
    request.due_at = clocks::request_extended_due(request.received_at, &zone);
    (request.target_at, request.reminded) = (request.due_at, 0);
    (request.extended_at, request.explanation) = (Some(ctx.now()), Some(reason));
    let mut batch = ctx.batch();
    held.save(&mut batch, ctx)?;
    rows::event(&mut batch, ctx, id, "extended");
    feed(&mut batch, &held.request, "request.extended");
    if held.request.subject.is_some() {
        notice(&mut batch, "request.extended", id);
    }
    ctx.db.apply(batch).await?;
    rows::get(ctx, id).await
}

/// Closes a verified request as fulfilled; its words are shredded, the result's hash stays.
///
/// # Errors
/// `conflict` when it is not verified, or closed.
pub async fn fulfilled(ctx: &Ctx, id: RequestId, outcome: &Outcome) -> Result<Request> {
    let mut held = Held::load(ctx, id).await?;
    held.go(RequestState::Fulfilled)?;
    held.request.result = Some(outcome.hash());
    // Whoever was erased has no address any more: their certificate was shown.
    let mail = (!matches!(outcome, Outcome::Certificate(_))).then_some("request.fulfilled");
    held.close(ctx, ctx.batch(), ("fulfilled", mail)).await
}

/// Refuses a request and has the person told why, and where to complain.
///
/// # Errors
/// [`Error::Invalid`] without an explanation, or for a ground that an objection to advertising cannot
/// meet; `conflict` when it is closed.
pub async fn refuse(ctx: &Ctx, id: RequestId, ground: Ground, explanation: &str) -> Result<Request> {
    let mut held = Held::load(ctx, id).await?;
    let explanation = bounded("explanation", explanation)?;
    let balanced = !matches!(ground, Ground::IdentityUnverified | Ground::NotController);
    if held.request.kind == RequestKind::Objection && balanced && is_marketing(held.request.content.as_ref()) {
        let detail = "an objection to advertising cannot be refused (GDPR Art. 21(3))";
        return Err(Error::Invalid { field: "ground", detail });
    }
    held.go(RequestState::Refused)?;
    (held.request.ground, held.request.explanation) = (Some(ground), Some(explanation));
    held.close(ctx, ctx.batch(), ("refused", Some("request.refused"))).await
}

fn is_marketing(content: Option<&Content>) -> bool {
    use crate::vocabulary::Purpose;
    let purpose = content.and_then(|content| content.purpose.as_ref());
    purpose
        .is_none_or(|purpose| [Purpose::MARKETING, Purpose::PROFILING, Purpose::ENGAGEMENT_TRACKING].contains(purpose))
}

/// The person takes the request back.
///
/// # Errors
/// `conflict` when it is closed.
pub async fn withdraw(ctx: &Ctx, id: RequestId) -> Result<Request> {
    let mut held = Held::load(ctx, id).await?;
    held.go(RequestState::Withdrawn)?;
    held.close(ctx, ctx.batch(), ("withdrawn", None)).await
}

/// Nobody followed the link in time.
pub(super) async fn expire(ctx: &Ctx, id: RequestId) -> Result<Request> {
    let mut held = Held::load(ctx, id).await?;
    held.go(RequestState::Expired)?;
    held.close(ctx, ctx.batch(), ("expired", None)).await
}

/// Writes a member's words into the timeline of an open request.
///
/// # Errors
/// [`Error::Invalid`] when empty or too long; `conflict` when it is closed.
pub async fn note(ctx: &Ctx, id: RequestId, text: &str) -> Result<()> {
    let held = Held::load(ctx, id).await?;
    if held.request.state.is_closed() {
        return Err(refused(Code::Conflict, "the request is closed"));
    }
    let mut batch = ctx.batch();
    rows::event_with(&mut batch, ctx, (id, &held.keys), "note", &bounded("text", text)?)?;
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Notes how far the time until the target has run, and has members told.
pub(super) async fn remind(ctx: &Ctx, id: RequestId, percent: i64) -> Result<()> {
    let mut held = Held::load(ctx, id).await?;
    held.request.reminded = percent;
    let mut batch = ctx.batch();
    held.save(&mut batch, ctx)?;
    rows::event(&mut batch, ctx, id, "reminded");
    let data = json!({ "percent": percent, "target_at": held.request.target_at, "due_at": held.request.due_at });
    batch.feed(Feed { kind: "request.due", entity: id.0, data });
    let payload = json!({ "kind": "request.reminder", "request": id, "percent": percent });
    batch.job(NewJob::now(NOTICE_QUEUE, payload).key(format!("reminder:{id}:{percent}")));
    ctx.db.apply(batch).await?;
    Ok(())
}

/// A challenge's id, for jobs.
pub(super) fn challenge_job(batch: &mut Batch, id: RequestId, challenge: EventId) {
    let payload = json!({ "kind": "request.challenge", "request": id, "challenge": challenge });
    batch.job(NewJob::now(NOTICE_QUEUE, payload).key(challenge.to_string()));
}
