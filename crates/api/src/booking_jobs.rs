//! What booking and the channels do for each other: reminders by SMS, and a "cancel" that answers one.

use booking::reservations::Answered;
use booking::sms::{self, QUEUE, Reminder};
use kernel::{BookingId, ContactId, RawId, Timestamp};
use people::contacts::{self, Change, Draft, Origin};
use privacy::provenance::Method;
use privacy::vocabulary::BasisKind;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};
use telecom::messages::{CalledOff, CallsOff, NewMessage, Sms, accept};

/// Sends reminders of appointments by SMS.
pub struct SmsReminders(Sms);

impl SmsReminders {
    /// A handler over the process's messages.
    pub fn new(sms: Sms) -> Self {
        Self(sms)
    }

    async fn remind(&self, ctx: &Ctx, job: &Job) -> Result<(), String> {
        let booking: Result<BookingId, _> = serde_json::from_value(job.payload["booking"].clone());
        let start: Result<Timestamp, _> = serde_json::from_value(job.payload["start"].clone());
        let (Ok(id), Ok(start)) = (booking, start) else { return Err("a job without its booking".to_owned()) };
        let told = |problem: kernel::Problem| problem.code.as_str().to_owned();
        let Some(reminder) = sms::due(ctx, job.id, id, start).await.map_err(|error| told(error.problem()))? else {
            return Ok(());
        };
        // Before it is handed over: a message that may have left is not sent twice.
        if !reminder.take(ctx).await.map_err(|error| told(error.problem()))? {
            return Ok(());
        }
        known(ctx, &reminder).await;
        let left = (reminder.start.0 - ctx.now().0) / Timestamp::SECOND;
        let new = NewMessage {
            basis: Some(BasisKind::SubjectRequest),
            // After the appointment has begun nobody needs it.
            validity: u32::try_from(left.clamp(60, 172_800)).ok(),
            reference: Some(id.to_string()),
            ..NewMessage::new(reminder.to, reminder.text)
        };
        if let Err(error) = accept(&self.0, ctx, new).await {
            // No sender, no price, a country that is closed: the mail reminds all the same.
            let problem = error.problem();
            tracing::warn!(booking = %id, problem = problem.code.as_str(), "no reminder by SMS");
        }
        Ok(())
    }
}

/// Gives the number to the person who booked, so that no second person is made of it.
async fn known(ctx: &Ctx, reminder: &Reminder) {
    if !matches!(contacts::by_phone(ctx, &reminder.to).await, Ok(None)) {
        return;
    }
    let draft = Draft { phones: vec![reminder.to.clone()], ..Draft::default() };
    let origin = Origin { method: Method::Booking, source: "reminder of an appointment by SMS".to_owned() };
    let change = Change { draft, ..Change::default() };
    if let Err(error) = contacts::update(ctx, reminder.contact, change, &origin).await {
        tracing::info!(problem = error.problem().code.as_str(), "the number was not noted");
    }
}

/// "Cancel" below a reminder calls the appointment off (decisions on replies); it is no opt-out there.
pub struct CancelAppointments;

impl CallsOff for CancelAppointments {
    fn call_off<'a>(
        &'a self,
        ctx: &'a Ctx,
        who: ContactId,
        reference: &'a str,
    ) -> BoxFuture<'a, store::Result<Option<CalledOff>>> {
        Box::pin(async move {
            let Ok(id) = reference.parse::<BookingId>() else { return Ok(None) };
            let ctx = ctx.core.ctx(ctx.workspace, Actor::Person);
            let found = sms::call_off(&ctx, id, who).await.map_err(stored)?;
            Ok(found.map(|(answered, text)| CalledOff {
                answer: (answered != Answered::Before).then_some(text),
                settled: answered != Answered::TooLate,
            }))
        })
    }
}

/// The same by mail: whether the appointment that a message was about is called off; `None` when it is about none.
///
/// # Errors
/// When the store fails.
pub async fn call_off_by_mail(ctx: &Ctx, source: RawId, who: ContactId) -> store::Result<Option<bool>> {
    let ctx = ctx.core.ctx(ctx.workspace, Actor::Person);
    let Some(id) = booking::mails::about(&ctx, source).await.map_err(stored)? else { return Ok(None) };
    let found = booking::reservations::call_off_by_answer(&ctx, id, who).await.map_err(stored)?;
    Ok(found.map(|answered| answered != Answered::TooLate))
}

fn stored(error: booking::Error) -> store::Error {
    match error {
        booking::Error::Store(error) => error,
        other => store::Error::Refused(other.problem()),
    }
}

impl Handler for SmsReminders {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            self.remind(&ctx, &job).await.map(|()| Outcome::Done)
        })
    }
}
