use kernel::{Code, ContactId, Email, Phone, RequestId};
use privacy::requests::{self, Content, INTAKE_QUEUE, New, Request, RequestState, Via};
use serde_json::Value as Json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use super::stranger;
use crate::{Error, Result, contacts};

/// Unverified requests about one person that are followed up within a day.
const MOST_A_DAY: usize = 5;

/// The person behind an address or number that was given.
///
/// # Errors
/// When the store fails.
pub async fn find_subject(ctx: &Ctx, content: &Content) -> Result<Option<ContactId>> {
    find_by_address(ctx, content.requester.as_deref().unwrap_or_default()).await
}

/// Whose address or number a text is; nobody's when it is neither.
pub(super) async fn find_by_address(ctx: &Ctx, text: &str) -> Result<Option<ContactId>> {
    if let Ok(email) = Email::parse(text.trim()) {
        return contacts::by_email(ctx, &email).await;
    }
    match Phone::parse(text.trim(), None) {
        Ok(phone) => contacts::by_phone(ctx, &phone).await,
        Err(_) => Ok(None),
    }
}

/// Opens a request that a member or a program writes down. Whose it is comes from the subject, or
/// from the address given.
///
/// # Errors
/// By field; [`Error::NotFound`] when the named contact is not there.
pub async fn receive(ctx: &Ctx, mut new: New) -> Result<Request> {
    match new.subject {
        Some(contact) => {
            let kept = contacts::merged_into(ctx, contact).await?.unwrap_or(contact);
            if contacts::get_many(ctx, crate::ReadFor::Rights, &[kept]).await?.pop().flatten().is_none() {
                return Err(Error::NotFound("contact"));
            }
            new.subject = Some(kept);
        }
        None => new.subject = find_subject(ctx, &new.content).await?,
    }
    Ok(requests::open(ctx, new).await?)
}

/// Looks up whose request it is that came in from outside, and has a link mailed to the address on
/// file: the queue [`INTAKE_QUEUE`]. Of whom nothing is known, a mail waits for a human, and a form comes to nothing.
pub struct Intakes;

impl Handler for Intakes {
    fn queue(&self) -> &'static str {
        INTAKE_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let id = job.payload.get("intake").and_then(Json::as_str).and_then(|text| text.parse().ok());
            let id: RequestId = id.ok_or("the job names nothing that came in")?;
            let ctx = core.ctx(job.workspace, Actor::Person);
            take_in(&ctx, id).await.map_err(|error| error.to_string())?;
            Ok(Outcome::Done)
        })
    }
}

async fn take_in(ctx: &Ctx, id: RequestId) -> Result<()> {
    let Some(came) = requests::read_intake(ctx, id).await? else { return Ok(()) };
    let subject = find_subject(ctx, &came.content).await?.filter(|_| !came.content.is_forged());
    if subject.is_none() && came.via == Via::Mail {
        stranger::open(ctx, id, came).await?;
    } else if let Some(subject) = subject {
        let recent = requests::of_subject(ctx, subject).await?;
        let day = ctx.now().plus_seconds(-86_400);
        let from_outside = |request: &&Request| {
            request.received_at > day && request.id != id && matches!(request.via, Via::Centre | Via::Mail)
        };
        let waiting = recent
            .iter()
            .find(|known| known.kind == came.kind && known.state == RequestState::Challenged && known.id != id);
        if let Some(waiting) = waiting {
            again(ctx, waiting.id).await?;
        } else if recent.iter().filter(from_outside).count() < MOST_A_DAY {
            let (kind, via, child, received_at) = (came.kind, came.via, came.child, came.received_at);
            let new = New { kind, via, subject: Some(subject), child, received_at, content: came.content };
            let request = requests::open_as(ctx, id, new).await?;
            if request.state == RequestState::Received {
                requests::challenge(ctx, id).await?;
            }
        }
    }
    Ok(requests::settle_intake(ctx, id).await?)
}

/// Another link for a request that waits for its first one to be followed.
async fn again(ctx: &Ctx, id: RequestId) -> Result<()> {
    match requests::challenge(ctx, id).await {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.problem().code, Code::RateLimited | Code::Conflict) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
