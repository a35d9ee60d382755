//! "Cancel" below a message about something that can be called off, and below others.

use std::sync::Arc;

use kernel::{ContactId, Phone};
use parking_lot::Mutex;
use privacy::gate::Gate;
use privacy::suppression;
use store::{BoxFuture, Ctx};
use telecom::messages::{CalledOff, CallsOff, MessageState, NewMessage, Sms, list_inbound};
use telecom::routes::{Live, Rules};
use testkit::Fixture;

use crate::messages::{House, LINA, service, written};
use crate::smsc::{Reaction, Smsc};

/// Appointments of which one can be called off.
#[derive(Default)]
struct Appointments(Mutex<Vec<(ContactId, String)>>);

impl CallsOff for Appointments {
    fn call_off<'a>(
        &'a self,
        _: &'a Ctx,
        who: ContactId,
        reference: &'a str,
    ) -> BoxFuture<'a, store::Result<Option<CalledOff>>> {
        self.0.lock().push((who, reference.to_owned()));
        let about = reference.starts_with("appointment");
        let answer = CalledOff { answer: Some("Your appointment is called off.".to_owned()), settled: true };
        Box::pin(std::future::ready(Ok(about.then_some(answer))))
    }
}

async fn is_stopped(ctx: &Ctx) -> bool {
    let keys = ctx.keys().await.unwrap();
    let hash = suppression::phone_hash(&keys, &Phone::parse(LINA, None).unwrap());
    suppression::check(ctx, &[hash]).await.unwrap().iter().flatten().next().is_some()
}

async fn house(t: &Fixture) -> (House, Arc<Appointments>) {
    let appointments = Arc::<Appointments>::default();
    let sms = Sms::new(Gate::new(), Live::default()).calling_off(appointments.clone());
    (House::over(t, sms).await, appointments)
}

testkit::each_engine! {
    async fn a_cancel_below_a_reminder_calls_off_and_a_stop_still_stops(t: Fixture) {
        let (house, appointments) = house(&t).await;
        let smsc = Smsc::start(|n, _| Reaction::Take(format!("id{n}"))).await;
        house.route("main", &smsc, Rules::default()).await;
        let reminder = NewMessage { reference: Some("appointment 7".into()), ..service("Tomorrow at ten") };
        let sent = house.accept_new(reminder).await;
        house.until(sent.id, MessageState::Sent).await;

        smsc.deliver(written("إلغاء الموعد"));
        house.came_in(1).await;
        let known = house.lina().await;
        assert_eq!(appointments.0.lock().as_slice(), [(known, "appointment 7".to_owned())]);
        assert!(!is_stopped(&house.ctx).await);
        let came = list_inbound(&house.ctx, None, 10).await.unwrap();
        assert_eq!((came[0].0.keyword.as_str(), came[0].0.intent.as_str()), ("cancel", "not_optout"));
        let answer = house.accepted(2).await;
        house.until(answer.id, MessageState::Sent).await;

        smsc.deliver(written("STOP"));
        house.came_in(2).await;
        assert!(is_stopped(&house.ctx).await);
        assert_eq!(appointments.0.lock().len(), 1, "a stop asks nobody");
    }

    async fn a_cancel_below_anything_else_is_an_opt_out(t: Fixture) {
        let (house, appointments) = house(&t).await;
        let smsc = Smsc::start(|n, _| Reaction::Take(format!("id{n}"))).await;
        house.route("main", &smsc, Rules::default()).await;
        for reference in [Some("order 7".to_owned()), None] {
            let sent = house.accept_new(NewMessage { reference, ..service("Your order left") }).await;
            house.until(sent.id, MessageState::Sent).await;
        }
        smsc.deliver(written("Cancel"));
        house.came_in(1).await;
        assert!(is_stopped(&house.ctx).await);
        assert!(appointments.0.lock().is_empty(), "the last message has no reference");
    }
}
