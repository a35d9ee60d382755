//! Calls from the acceptance to the end, against an operator that is another endpoint on loopback.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use billing::prices::Price;
use billing::{Micros, balance, prices};
use calls::flows::{self, Flow};
use calls::rtp::{Detector, Heard, Media, Order, Ports, Recording, tone, ulaw, ulaw_to_linear, wav_of_ulaw};
use calls::settings::Settings;
use calls::sip::{
    self, Codec, Command, Endpoint, Event, Invitation, LegEvents, LegId, Local, NameAddr, Offered, Peer, RegisterState,
    Sink, Transport, Uri,
};
use calls::trunks::{self, Access, Rules, TrunkTransport};
use calls::voice::{self, CallState, CallView, NewCall, Options, PlaceCalls, Said, Voice};
use kernel::{Phone, Timestamp};
use outbound::webhooks::{GuardedClient, Policy, SystemLookup};
use privacy::gate::Gate;
use privacy::vocabulary::{BasisKind, Purpose};
use serde_json::{Value as Json, json};
use store::Ctx;
use store::jobs::{Handler, Job};
use testkit::Fixture;
use tokio::sync::mpsc;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const LINA: &str = "+966501234567";
const OURS: &str = "+966112345678";

struct Calls(mpsc::UnboundedSender<Offered>);

impl Sink for Calls {
    fn incoming(&self, offered: Offered) {
        let _ = self.0.send(offered);
    }
    fn registered(&self, _name: u64, _state: RegisterState) {}
}

/// A workspace with a trunk to an operator, which is in the test's hands.
struct World {
    ctx: Ctx,
    voice: Voice,
    at: SocketAddr,
    operator: Endpoint,
    offered: mpsc::UnboundedReceiver<Offered>,
    ports: Ports,
    t: Fixture,
    _files: tempfile::TempDir,
}

/// One side of a call at the operator.
struct Leg {
    id: LegId,
    events: LegEvents,
    media: Media,
    ears: mpsc::Receiver<Heard>,
}

impl World {
    async fn new(t: Fixture) -> Self {
        let ctx = t.workspace().await;
        let (offers, offered) = mpsc::unbounded_channel();
        let settings = sip::Settings { listen: SocketAddr::new(HERE, 0), public: None, product: "operator".into() };
        let with = (Arc::clone(&ctx.clock), Arc::clone(&ctx.rng));
        let operator = Endpoint::start(settings, with, Arc::new(Calls(offers))).await.unwrap();
        operator.order(Command::Allow(HashSet::from([HERE])));
        // A voice that says everything as the key 5.
        let files = tempfile::tempdir().unwrap();
        let sound: Vec<u8> = tone('5', 1600, 8000.0).into_iter().map(ulaw).collect();
        std::fs::write(files.path().join("five.wav"), wav_of_ulaw(&sound)).unwrap();
        let program = files.path().join("say");
        std::fs::write(&program, "#!/bin/sh\ncat > /dev/null\ncat \"$(dirname \"$0\")/five.wav\"\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        let policy = Policy::new(["127.0.0.1"]).unwrap();
        let client = GuardedClient::new(policy, Arc::new(SystemLookup), Duration::from_secs(5)).unwrap();
        let first = 30_000 + operator.at().port() % 100 * 100;
        let options =
            Options { speech: program.to_str().unwrap().to_owned(), first_port: first, last_port: first + 49 };
        let voice = Voice::new(t.core.clone(), Gate::new(), client, &options);
        let at = voice.listen(SocketAddr::new(HERE, 0), None).await.unwrap();
        let allowed = Settings { countries: ["SA".to_owned()].into(), ..Settings::default() };
        calls::settings::put(&ctx, &allowed).await.unwrap();
        let rules = Rules { caller_ids: vec![OURS.to_owned()], ..Rules::default() };
        let access = Access {
            host: "127.0.0.1".into(),
            port: operator.at().port(),
            transport: TrunkTransport::Udp,
            user: String::new(),
            password: String::new(),
            domain: String::new(),
            register: false,
        };
        trunks::add(&ctx, "Main", &rules, &access).await.unwrap();
        voice.follow(&ctx).await.unwrap();
        let price = Price {
            service: "voice".into(),
            country: "SA".into(),
            network: String::new(),
            sender: String::new(),
            since: Timestamp(0),
            amount: Micros(50_000),
        };
        prices::put(&ctx, &[price]).await.unwrap();
        let ports = Ports::new(first + 50, first + 99);
        Self { ctx, voice, at, operator, offered, ports, t, _files: files }
    }

    fn call(steps: Json) -> NewCall {
        let flow = Flow::read(&json!({ "steps": steps })).unwrap();
        let basis = Some(BasisKind::Contract);
        NewCall { basis, ..NewCall::new(Phone::parse(LINA, None).unwrap(), Said::Flow(Box::new(flow))) }
    }

    async fn accept(&self, new: NewCall) -> CallView {
        voice::accept(&self.voice, &self.ctx, new).await.unwrap()
    }

    /// Lets the worker make what waits.
    async fn place(&self) {
        let job = Job { workspace: self.ctx.workspace, id: self.ctx.id(), payload: json!({}), attempts: 1 };
        PlaceCalls::new(self.voice.clone()).run(&self.t.core, job).await.unwrap();
    }

    async fn media(&self) -> (Media, mpsc::Receiver<Heard>, Local) {
        let with = (Arc::clone(&self.ctx.clock), Arc::clone(&self.ctx.rng));
        let (media, ears) = Media::open(&self.ports, HERE, with).await.unwrap();
        let local = Local { ip: HERE, port: media.port(), codecs: vec![Codec::Pcmu] };
        (media, ears, local)
    }

    /// The operator answers the call that comes.
    async fn answer(&mut self) -> Leg {
        let offered = tokio::time::timeout(Duration::from_secs(10), self.offered.recv()).await.unwrap().unwrap();
        let (media, ears, local) = self.media().await;
        self.operator.order(Command::Ring(offered.leg));
        self.operator.order(Command::Accept(offered.leg, local));
        let mut leg = Leg { id: offered.leg, events: offered.events, media, ears };
        leg.answered().await;
        leg
    }

    async fn ended(&self, call: kernel::CallId) -> CallView {
        for _ in 0..500 {
            let (view, _) = voice::find(&self.ctx, call).await.unwrap();
            if view.state.is_over() {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the call does not end: {:?}", voice::timeline(&self.ctx, call).await);
    }

    async fn steps(&self, call: kernel::CallId) -> Vec<String> {
        let steps = voice::timeline(&self.ctx, call).await.unwrap();
        let shown = |step: voice::CallStep| match step.detail {
            Some(detail) => format!("{} {} {detail}", step.leg, step.kind),
            None => format!("{} {}", step.leg, step.kind),
        };
        steps.into_iter().map(shown).collect()
    }
}

impl Leg {
    async fn answered(&mut self) {
        loop {
            match tokio::time::timeout(Duration::from_secs(10), self.events.recv()).await.unwrap().unwrap() {
                Event::Answered { agreed, .. } => return self.media.order(Order::Agreed(agreed)),
                Event::Ended { ended, .. } => panic!("{ended:?}"),
                _ => {}
            }
        }
    }

    async fn key(&mut self) -> char {
        loop {
            if let Heard::Key(key) =
                tokio::time::timeout(Duration::from_secs(10), self.ears.recv()).await.unwrap().unwrap()
            {
                return key;
            }
        }
    }

    async fn over(&mut self) {
        while let Some(event) = tokio::time::timeout(Duration::from_secs(10), self.events.recv()).await.unwrap() {
            if matches!(event, Event::Ended { .. }) {
                return;
            }
        }
    }
}

testkit::each_engine! {
    async fn a_call_is_answered_asked_and_paid_by_started_minutes(t: Fixture) {
        let mut world = World::new(t).await;
        let new = World::call(json!([
            { "id": "menu", "action": "gather", "max": 2, "terminator": "#", "timeout": 20, "branches": { "1": "one" }, "otherwise": "menu" },
            { "action": "hangup" },
            { "id": "one", "action": "send_keys", "keys": "7*" },
        ]));
        let call = world.accept(new).await;
        assert_eq!((call.state, call.price), (CallState::Queued, Micros(50_000)));
        assert_eq!(balance::get(&world.ctx).await.unwrap().reserved, Micros(500_000));
        let (placed, mut leg) = {
            let voice = world.voice.clone();
            let (core, workspace, id) = (world.t.core.clone(), world.ctx.workspace, world.ctx.id());
            let placing = tokio::spawn(async move {
                let job = Job { workspace, id, payload: json!({}), attempts: 1 };
                PlaceCalls::new(voice).run(&core, job).await
            });
            (placing, world.answer().await)
        };
        placed.await.unwrap().unwrap();
        leg.media.order(Order::Press("1#".into()));
        assert_eq!((leg.key().await, leg.key().await), ('7', '*'));
        leg.over().await;
        let view = world.ended(call.id).await;
        assert_eq!((view.state, view.reason.as_deref(), view.cost), (CallState::Ended, Some("hung_up"), Micros(50_000)));
        let balance = balance::get(&world.ctx).await.unwrap();
        assert_eq!((balance.reserved, balance.spent), (Micros(0), Micros(50_000)));
        let expected = ["0 accepted", "0 dialled", "0 ringing", "0 answered", "0 step gather", "0 entered",
            "0 step send_keys", "0 ended hung_up"];
        assert_eq!(world.steps(call.id).await, expected);
        // Nothing that was pressed is written down.
        let (_, words) = voice::find(&world.ctx, call.id).await.unwrap();
        assert_eq!(words.unwrap().number, LINA);
    }

    async fn a_call_that_comes_in_is_led_recorded_and_forgotten_with_the_person(t: Fixture) {
        let world = World::new(t).await;
        let flow = Flow::read(&json!({ "steps": [
            { "action": "record", "announcement": { "text": "This call is recorded" }, "max_seconds": 10, "silence_seconds": 2, "terminator": "#" },
        ] })).unwrap();
        let kept = flows::add(&world.ctx, &flow).await.unwrap();
        flows::set_numbers(&world.ctx, kept.id, &[Phone::parse(OURS, None).unwrap()]).await.unwrap();
        let (media, ears, local) = world.media().await;
        let invite = |to: &str, local: Local| Invitation {
            peer: Peer { transport: Transport::Udp, at: world.at },
            to: Uri::sip(Some(to), "127.0.0.1", Some(world.at.port())),
            from: NameAddr::new(Uri::sip(Some(LINA), "127.0.0.1", None)),
            asserted: None,
            contact_user: "operator".into(),
            credentials: None,
            media: local,
            ring_for: 30_000_000,
        };
        let (_, mut nobody) = world.operator.invite(invite("+966119999999", local.clone())).await.unwrap();
        let Some(Event::Ended { ended, .. }) = nobody.recv().await else { panic!("somebody answered") };
        assert_eq!(ended.status, Some(404));

        let (id, events) = world.operator.invite(invite(OURS, local)).await.unwrap();
        let mut leg = Leg { id, events, media, ears };
        leg.answered().await;
        leg.media.order(Order::Record(Recording { most: 40, silence: 0 }));
        let heard = tokio::time::timeout(Duration::from_secs(10), leg.ears.recv()).await.unwrap();
        let Some(Heard::Recorded(heard, _)) = heard else { panic!("{heard:?}") };
        let heard: Vec<i16> = heard.iter().map(|octet| ulaw_to_linear(*octet)).collect();
        assert_eq!(Detector::default().take(&heard), ['5'], "the announcement was not heard");
        leg.media.order(Order::Play(Arc::new(tone('8', 4000, 8000.0)), 1));
        leg.over().await;
        let call = voice::list(&world.ctx, None, None, 10).await.unwrap().remove(0);
        let view = world.ended(call.id).await;
        assert_eq!((view.direction.as_str(), view.state, view.number.as_str()), ("inbound", CallState::Ended, OURS));
        let recording = voice::recordings(&world.ctx, Some(call.id), None, 10).await.unwrap().remove(0);
        assert_eq!((recording.ended.as_str(), recording.contact), ("silence", view.contact));
        let file = voice::recording_file(&world.ctx, recording.id).await.unwrap();
        assert_eq!(Detector::default().take(&calls::rtp::read_wav(&file).unwrap()), ['8']);
        let contact = view.contact.unwrap();
        people::contacts::erase(&world.ctx, &Gate::new(), contact).await.unwrap();
        assert!(voice::recording_file(&world.ctx, recording.id).await.is_err());
        assert!(voice::list(&world.ctx, None, None, 10).await.unwrap().is_empty());
    }

    async fn two_legs_are_joined_and_each_is_paid(t: Fixture) {
        let mut world = World::new(t).await;
        let call = world.accept(World::call(json!([
            { "action": "transfer", "to": "+966112223344", "ring_seconds": 20 },
            { "action": "send_keys", "keys": "9" },
        ]))).await;
        let (voice, core, workspace, id) = (world.voice.clone(), world.t.core.clone(), world.ctx.workspace, world.ctx.id());
        let placing = tokio::spawn(async move {
            let job = Job { workspace, id, payload: json!({}), attempts: 1 };
            PlaceCalls::new(voice).run(&core, job).await
        });
        let mut person = world.answer().await;
        let mut colleague = world.answer().await;
        placing.await.unwrap().unwrap();
        person.media.order(Order::Press("3".into()));
        assert_eq!(colleague.key().await, '3');
        colleague.media.order(Order::Press("4".into()));
        assert_eq!(person.key().await, '4');
        world.operator.order(Command::HangUp(colleague.id));
        colleague.over().await;
        assert_eq!(person.key().await, '9', "the flow goes on");
        person.over().await;
        world.ended(call.id).await;
        let balance = balance::get(&world.ctx).await.unwrap();
        assert_eq!((balance.reserved, balance.spent), (Micros(0), Micros(100_000)));
        assert!(world.steps(call.id).await.contains(&"1 answered".to_owned()));
    }

    async fn what_is_not_made_costs_nothing(t: Fixture) {
        let mut world = World::new(t).await;
        let hello = || World::call(json!([{ "action": "say", "text": "Hello" }]));
        // Somebody who never agreed.
        let marketing = NewCall { purpose: Purpose::MARKETING, basis: None, ..hello() };
        let denied = world.accept(marketing).await;
        assert_eq!((denied.state, denied.basis.as_str()), (CallState::Denied, ""));
        // Taken back, tried, busy.
        let waiting = world.accept(hello()).await;
        let back = voice::cancel(&world.voice, &world.ctx, waiting.id).await.unwrap();
        assert_eq!(back.state, CallState::Cancelled);
        assert!(voice::cancel(&world.voice, &world.ctx, waiting.id).await.is_err());
        let trial = world.accept(NewCall { trial: true, ..hello() }).await;
        world.place().await;
        assert_eq!(world.ended(trial.id).await.reason.as_deref(), Some("trial"));
        let busy = world.accept(hello()).await;
        let (voice, core, workspace, id) = (world.voice.clone(), world.t.core.clone(), world.ctx.workspace, world.ctx.id());
        let placing = tokio::spawn(async move {
            let job = Job { workspace, id, payload: json!({}), attempts: 1 };
            PlaceCalls::new(voice).run(&core, job).await
        });
        let offered = world.offered.recv().await.unwrap();
        world.operator.order(Command::Reject(offered.leg, 486));
        let view = world.ended(busy.id).await;
        assert_eq!((view.state, view.status, view.cost), (CallState::Busy, Some(486), Micros(0)));
        placing.await.unwrap().unwrap();
        // A process that died while somebody was called: in doubt, and not called again.
        let lost = world.accept(hello()).await;
        let (voice, core, workspace, id) = (world.voice.clone(), world.t.core.clone(), world.ctx.workspace, world.ctx.id());
        tokio::spawn(async move {
            let job = Job { workspace, id, payload: json!({}), attempts: 1 };
            PlaceCalls::new(voice).run(&core, job).await
        });
        let _never_answered = world.offered.recv().await.unwrap();
        let alone = Some(world.ctx.now().plus_seconds(1));
        assert_eq!(voice::recover(&world.t.core, alone).await.unwrap(), 1);
        let (view, _) = voice::find(&world.ctx, lost.id).await.unwrap();
        assert_eq!((view.state, view.reason.as_deref()), (CallState::InDoubt, Some("process_died")));
        let balance = balance::get(&world.ctx).await.unwrap();
        assert_eq!((balance.reserved, balance.spent), (Micros(0), Micros(0)));
    }

    async fn what_cannot_be_is_refused_by_name(t: Fixture) {
        let world = World::new(t).await;
        let hello = || World::call(json!([{ "action": "say", "text": "Hello" }]));
        let to = |text: &str| Phone::parse(text, None).unwrap();
        for (field, new) in [
            ("to", NewCall { to: to("+14155552671"), ..hello() }),
            ("from", NewCall { from: Some(to("+966119999999")), ..hello() }),
            ("max_seconds", NewCall { longest: 5, ..hello() }),
            ("ring_seconds", NewCall { ring: 500, ..hello() }),
            ("basis", NewCall { purpose: Purpose::MARKETING, ..hello() }),
        ] {
            let error = voice::accept(&world.voice, &world.ctx, new).await.unwrap_err();
            assert_eq!(error.problem().fields.first().map(|one| one.field.as_str()), Some(field), "{error}");
        }
        let terms = balance::Terms { currency: "EUR".into(), credit: Some(Micros(0)), low_at: Micros(0) };
        balance::configure(&world.ctx, terms).await.unwrap();
        let error = voice::accept(&world.voice, &world.ctx, hello()).await.unwrap_err();
        assert_eq!(error.problem().code, kernel::Code::InsufficientBalance);
        assert!(voice::list(&world.ctx, None, None, 10).await.unwrap().is_empty());
    }
}
