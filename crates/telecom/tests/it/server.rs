//! Our server towards customers: well-behaved, greedy and broken ones.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use store::BoxFuture;
use telecom::smpp::server::{self, Customer, Customers, Sessions, Undelivered};
use telecom::smpp::{
    About, Address, Bind, BindMode, BindSettings, BindState, Body, Client, IdResp, Message, QueryResp, Status,
    Submitted,
};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::centre::Session;
use crate::world::{World, kept, message};

#[derive(Default)]
struct Desk {
    taken: AtomicUsize,
}

impl Customers for Desk {
    fn bind(&self, bind: Bind, _: SocketAddr) -> BoxFuture<'_, Result<Customer, Status>> {
        Box::pin(async move {
            let (binds, per_second) = match bind.system_id.as_str() {
                "shop" => (2, 10_000),
                "slow" => (1, 10),
                _ => return Err(Status::INVALID_SYSTEM_ID),
            };
            if bind.password != "secret" {
                return Err(Status::INVALID_PASSWORD);
            }
            Ok(Customer { system_id: bind.system_id, binds, per_second })
        })
    }

    fn submit<'a>(&'a self, _: &'a Customer, message: Message) -> BoxFuture<'a, Result<String, Status>> {
        Box::pin(async move {
            if message.octets().is_empty() {
                return Err(Status::INVALID_MESSAGE_LENGTH);
            }
            Ok(format!("m{}", self.taken.fetch_add(1, Ordering::SeqCst)))
        })
    }

    fn query<'a>(&'a self, _: &'a Customer, about: About) -> BoxFuture<'a, Result<QueryResp, Status>> {
        Box::pin(async move { Ok(QueryResp { message_id: about.message_id, state: 2, ..QueryResp::default() }) })
    }
}

struct House {
    port: u16,
    sessions: Sessions,
    desk: Arc<Desk>,
    stop: watch::Sender<bool>,
}

impl House {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sessions, desk, stop) = (Sessions::default(), Arc::<Desk>::default(), watch::Sender::new(false));
        let to: (Arc<dyn Customers>, Sessions) = (desk.clone(), sessions.clone());
        tokio::spawn(server::serve(listener, server::Settings::new("barid"), to, stop.subscribe()));
        Self { port, sessions, desk, stop }
    }

    async fn bound(&self, system_id: &str, mode: BindMode) -> Session {
        let mut session = Session::connect(self.port).await;
        let (status, _, _) = session.ask(1, bind(system_id, mode)).await.unwrap();
        assert_eq!(status, Status::OK);
        session
    }
}

fn bind(system_id: &str, mode: BindMode) -> Body {
    Body::Bind(Bind {
        mode,
        system_id: system_id.into(),
        password: "secret".into(),
        system_type: String::new(),
        interface_version: 0x34,
        range: Address::default(),
    })
}

fn submit(text: &str) -> Body {
    Body::Submit(Box::new(message(text)))
}

#[tokio::test]
async fn two_hundred_at_once_and_their_receipts() {
    let (world, house, kept) = (World::new().await, House::new().await, kept());
    let settings = BindSettings {
        per_second: 10_000,
        back_off: Duration::from_millis(10),
        ..BindSettings::new("127.0.0.1", house.port, "shop", "secret")
    };
    let client = Client::start(settings, kept.clone(), (world.ctx.clock.clone(), world.ctx.rng.clone()));
    client.state().wait_for(|state| *state == BindState::Up).await.unwrap();
    let submissions = world.permits(200).await.into_iter().map(|permit| {
        let client = client.clone();
        tokio::spawn(async move { client.submit(permit, message("hello")).await })
    });
    let mut ids = std::collections::BTreeSet::new();
    for submission in submissions.collect::<Vec<_>>() {
        let Submitted::Accepted(id) = submission.await.unwrap() else { panic!("not accepted") };
        ids.insert(id);
    }
    assert_eq!((ids.len(), house.desk.taken.load(Ordering::SeqCst)), (200, 200));
    for id in &ids {
        house.sessions.deliver("shop", message(id)).await.unwrap();
    }
    kept.wait(200).await;
    client.stop().await;
    assert_eq!(house.sessions.deliver("shop", message("x")).await, Err(Undelivered::NotBound));
}

#[tokio::test]
async fn nobody_submits_before_the_bind_or_as_a_receiver() {
    let house = House::new().await;
    let mut session = Session::connect(house.port).await;
    let refused = Body::SubmitResp(IdResp::default());
    assert_eq!(session.ask(5, submit("x")).await.unwrap(), (Status::INVALID_BIND_STATE, 5, refused.clone()));
    assert_eq!(session.ask(6, Body::EnquireLink).await.unwrap(), (Status::OK, 6, Body::EnquireLinkResp));
    assert_eq!(session.ask(7, bind("shop", BindMode::Receiver)).await.unwrap().0, Status::OK);
    assert_eq!(session.ask(8, submit("x")).await.unwrap(), (Status::INVALID_BIND_STATE, 8, refused));
    assert_eq!(session.ask(9, bind("shop", BindMode::Receiver)).await.unwrap().0, Status::ALREADY_BOUND);
    assert_eq!(session.ask(10, Body::Unbind).await.unwrap(), (Status::OK, 10, Body::UnbindResp));
    assert_eq!(session.read().await, None);
}

#[tokio::test]
async fn secrets_and_numbers_of_sessions_are_checked() {
    let house = House::new().await;
    let mut stranger = Session::connect(house.port).await;
    assert_eq!(stranger.ask(1, bind("nobody", BindMode::Transmitter)).await.unwrap().0, Status::INVALID_SYSTEM_ID);
    assert_eq!(stranger.read().await, None);
    let mut first = house.bound("slow", BindMode::Transceiver).await;
    let mut second = Session::connect(house.port).await;
    assert_eq!(second.ask(1, bind("slow", BindMode::Transceiver)).await.unwrap().0, Status::BIND_FAILED);
    first.ask(2, Body::Unbind).await.unwrap();
    assert_eq!(first.read().await, None);
    house.bound("slow", BindMode::Transceiver).await;
}

#[tokio::test]
async fn too_fast_is_told() {
    let house = House::new().await;
    let mut session = house.bound("slow", BindMode::Transmitter).await;
    let mut throttled = 0;
    for sequence in 2..12 {
        let (status, answered, _) = session.ask(sequence, submit("x")).await.unwrap();
        assert_eq!(answered, sequence);
        assert!(matches!(status, Status::OK | Status::THROTTLED), "{status}");
        throttled += usize::from(status == Status::THROTTLED);
    }
    assert!(throttled >= 5, "{throttled} of 10 at ten a second with one saved up");
}

#[tokio::test]
async fn damage_is_answered_and_the_session_goes_on_until_there_is_too_much() {
    let house = House::new().await;
    let mut session = house.bound("shop", BindMode::Transceiver).await;
    let head = |length: u32, command: u32, sequence: u32| {
        [length.to_be_bytes(), command.to_be_bytes(), [0; 4], sequence.to_be_bytes()].concat()
    };
    session.raw(&head(16, 0x99, 3)).await;
    let nack = session.read().await.unwrap();
    assert_eq!((nack.status, nack.sequence, nack.body), (Status::INVALID_COMMAND_ID, 3, Body::GenericNack));
    session.raw(&[head(20, 4, 4), b"abcd".to_vec()].concat()).await;
    let refused = session.read().await.unwrap();
    assert_eq!((refused.status, refused.sequence), (Status::INVALID_COMMAND_LENGTH, 4));
    assert_eq!(session.ask(5, submit("")).await.unwrap().0, Status::INVALID_MESSAGE_LENGTH);
    let about = About { message_id: "m7".into(), ..About::default() };
    let (status, _, body) = session.ask(6, Body::Query(about.clone())).await.unwrap();
    let answer = QueryResp { message_id: "m7".into(), state: 2, ..QueryResp::default() };
    assert_eq!((status, body), (Status::OK, Body::QueryResp(answer)));
    assert_eq!(session.ask(7, Body::Cancel(about)).await.unwrap().0, Status::CANCEL_FAILED);
    let (status, _, Body::SubmitResp(resp)) = session.ask(8, submit("x")).await.unwrap() else { panic!("a response") };
    assert_eq!((status, resp.id.as_str()), (Status::OK, "m0"));
    // A length that cannot be: the stream cannot be followed any further.
    session.raw(&head(7, 4, 9)).await;
    assert_eq!(session.read().await.unwrap().status, Status::INVALID_COMMAND_LENGTH);
    assert_eq!(session.read().await, None);
}

#[tokio::test]
async fn a_customer_gets_deliveries_on_any_session_that_receives_and_keeps_none_it_refuses() {
    let house = House::new().await;
    let _sender = house.bound("shop", BindMode::Transmitter).await;
    assert_eq!(house.sessions.deliver("shop", message("x")).await, Err(Undelivered::NotBound));
    let mut receiver = house.bound("shop", BindMode::Receiver).await;
    let answers = async {
        for status in [Status::OK, Status::RECEIVER_TEMPORARY] {
            let pdu = receiver.read().await.unwrap();
            assert!(matches!(pdu.body, Body::Deliver(_)));
            receiver.write(pdu.sequence, status, Body::DeliverResp(IdResp::default())).await;
        }
    };
    let deliveries = async {
        let first = house.sessions.deliver("shop", message("one")).await;
        (first, house.sessions.deliver("shop", message("two")).await)
    };
    let ((), (first, second)) = tokio::join!(answers, deliveries);
    assert_eq!((first, second), (Ok(()), Err(Undelivered::NotTaken)));
    house.stop.send_replace(true);
    assert_eq!(receiver.read().await.unwrap().body, Body::Unbind);
}
