//! Our binds towards centres that throttle, vanish, never answer, and speak out of turn.

use std::sync::Arc;
use std::time::Duration;

use telecom::smpp::{
    BindMode, BindSettings, BindState, Body, Client, Fate, IdResp, Limits, Message, Pdu, Receipt, Status, Submitted,
    esm,
};

use crate::centre::Centre;
use crate::world::{Kept, World, kept, message};

fn settings(port: u16) -> BindSettings {
    let limits = Limits { window: 10, response: Duration::from_secs(5), silence: Duration::from_secs(30) };
    BindSettings {
        limits,
        back_off: Duration::from_millis(10),
        per_second: 10_000,
        ..BindSettings::new("127.0.0.1", port, "barid", "secret")
    }
}

fn start(world: &World, settings: BindSettings, kept: &Arc<Kept>) -> Client {
    Client::start(settings, kept.clone(), (world.ctx.clock.clone(), world.ctx.rng.clone()))
}

async fn up(client: &Client) {
    client.state().wait_for(|state| *state == BindState::Up).await.unwrap();
}

fn receipt(id: &str) -> Body {
    let text = Receipt { message_id: id.into(), fate: Fate::Delivered, error: None }.text("2611221000", "2611221001");
    let message = Message { esm_class: esm::RECEIPT, short_message: text.into_bytes(), ..message("") };
    Body::Deliver(Box::new(message))
}

#[tokio::test]
async fn receipts_may_come_before_the_bind_and_before_the_response() {
    let (world, centre, kept) = (World::new().await, Centre::new().await, kept());
    let client = start(&world, settings(centre.port()), &kept);
    let script = async {
        let mut session = centre.accept().await;
        let bind = session.read().await.unwrap();
        let Body::Bind(body) = &bind.body else { panic!("a bind") };
        assert_eq!(
            (body.system_id.as_str(), body.password.as_str(), body.mode),
            ("barid", "secret", BindMode::Transceiver)
        );
        // The response and a receipt in one packet.
        let resp =
            Pdu { status: Status::OK, sequence: 1, body: Body::BindResp(BindMode::Transceiver, IdResp::new("x")) };
        session.raw(&[resp.octets(), Pdu::request(900, receipt("early")).octets()].concat()).await;
        assert_eq!(session.read().await.unwrap().body, Body::DeliverResp(IdResp::default()));
        let sequence = session.submission().await.unwrap();
        session.write(901, Status::OK, receipt("a1")).await;
        assert_eq!(session.read().await.unwrap().sequence, 901);
        session.write(sequence, Status::OK, Body::SubmitResp(IdResp::new("a1"))).await;
        session
    };
    let act = async {
        up(&client).await;
        client.submit(world.permit().await, message("hello")).await
    };
    let (_session, submitted) = tokio::join!(script, act);
    assert_eq!(submitted, Submitted::Accepted("a1".into()));
    let read: Vec<_> = kept.messages.lock().iter().map(|message| Receipt::read(message).unwrap().message_id).collect();
    assert_eq!(read, ["early", "a1"]);
}

#[tokio::test]
async fn a_lost_response_is_in_doubt_and_the_bind_comes_back() {
    let (world, centre, kept) = (World::new().await, Centre::new().await, kept());
    let client = start(&world, settings(centre.port()), &kept);
    let script = async {
        let mut first = centre.bound().await;
        first.submission().await.unwrap();
        drop(first);
        let mut second = centre.bound().await;
        let sequence = second.submission().await.unwrap();
        second.write(sequence, Status::OK, Body::SubmitResp(IdResp::new("2"))).await;
        second
    };
    let act = async {
        up(&client).await;
        let lost = client.submit(world.permit().await, message("one")).await;
        let mut state = client.state();
        state.wait_for(|state| *state == BindState::Down).await.unwrap();
        up(&client).await;
        (lost, client.submit(world.permit().await, message("two")).await)
    };
    let (_session, (lost, taken)) = tokio::join!(script, act);
    assert_eq!((lost, taken), (Submitted::InDoubt, Submitted::Accepted("2".into())));
}

#[tokio::test]
async fn a_centre_that_never_answers_leaves_in_doubt_what_it_got_and_nothing_else() {
    let (world, centre, kept) = (World::new().await, Centre::new().await, kept());
    let mut settings = settings(centre.port());
    settings.limits = Limits { window: 1, response: Duration::from_millis(300), ..settings.limits };
    let client = start(&world, settings, &kept);
    let (mut session, ()) = tokio::join!(centre.bound(), up(&client));
    let permits: [_; 2] = world.permits(2).await.try_into().unwrap();
    let [first, second] = permits;
    let (first, second) = tokio::join!(client.submit(first, message("one")), client.submit(second, message("two")));
    assert_eq!(first, Submitted::InDoubt);
    // The second waited for a place in the window; the world's clock stands, so its permit still counts.
    assert!(matches!(second, Submitted::InDoubt | Submitted::NotStarted("window_full")), "{second:?}");
    let mut seen = 0;
    while let Ok(Some(_)) = tokio::time::timeout(Duration::from_millis(50), session.submission()).await {
        seen += 1;
    }
    let in_doubt = 1 + usize::from(second == Submitted::InDoubt);
    assert_eq!(seen, in_doubt);
}

#[tokio::test]
async fn too_fast_pauses_the_bind_and_keeps_the_message() {
    let (world, centre, kept) = (World::new().await, Centre::new().await, kept());
    let client = start(&world, settings(centre.port()), &kept);
    let script = async {
        let mut session = centre.bound().await;
        let sequence = session.submission().await.unwrap();
        session.write(sequence, Status::THROTTLED, Body::SubmitResp(IdResp::default())).await;
        for status in [Status::QUEUE_FULL, Status::THROTTLED] {
            let sequence = session.submission().await.unwrap();
            session.write(sequence, status, Body::SubmitResp(IdResp::default())).await;
        }
        let sequence = session.submission().await.unwrap();
        session.write(sequence, Status::OK, Body::SubmitResp(IdResp::new("4"))).await;
        session
    };
    let act = async {
        up(&client).await;
        let begun = world.permit().await.begin(world.ctx.now()).unwrap();
        let first = client.turn(Duration::from_secs(1)).await.unwrap().submit(&begun, message("one")).await;
        assert!(!client.is_ready());
        // A further part of a message that has begun is tried until it is through.
        (first, client.submit_further(&begun, &message("two")).await)
    };
    let (_session, (first, further)) = tokio::join!(script, act);
    assert_eq!(first, Submitted::Refused(Status::THROTTLED));
    assert_eq!(further, Submitted::Accepted("4".into()));
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let (world, centre, kept) = (World::new().await, Centre::new().await, kept());
    let client = start(&world, settings(centre.port()), &kept);
    let (mut session, ()) = tokio::join!(centre.bound(), up(&client));
    let script = async {
        let sequence = session.submission().await.unwrap();
        // Without a body, as most write it.
        let mut octets =
            Pdu { status: Status::INVALID_DESTINATION, sequence, body: Body::SubmitResp(IdResp::default()) }.octets();
        octets.truncate(16);
        octets[3] = 16;
        session.raw(&octets).await;
        let sequence = session.submission().await.unwrap();
        session.write(sequence, Status::SYSTEM_ERROR, Body::GenericNack).await;
        let sequence = session.submission().await.unwrap();
        // Taken, but the body is no body: nobody knows.
        session.raw(&[&[0, 0, 0, 17, 0x80, 0, 0, 4, 0, 0, 0, 0][..], &sequence.to_be_bytes(), b"x"].concat()).await;
    };
    let act = async {
        let mut all = Vec::new();
        for permit in world.permits(3).await {
            all.push(client.submit(permit, message("x")).await);
        }
        all
    };
    let ((), all) = tokio::join!(script, act);
    assert_eq!(
        all,
        [Submitted::Refused(Status::INVALID_DESTINATION), Submitted::Refused(Status::SYSTEM_ERROR), Submitted::InDoubt]
    );
    client.stop().await;
    let (permit, begun) = (world.permit().await, message("y"));
    assert_eq!(client.submit(permit, begun).await, Submitted::NotStarted("not_bound"));
}

#[tokio::test]
async fn a_refused_bind_says_so() {
    let (world, centre, kept) = (World::new().await, Centre::new().await, kept());
    let client = start(&world, settings(centre.port()), &kept);
    let mut session = centre.accept().await;
    let bind = session.read().await.unwrap();
    session
        .write(bind.sequence, Status::INVALID_PASSWORD, Body::BindResp(BindMode::Transceiver, IdResp::default()))
        .await;
    let refused = BindState::Refused(Status::INVALID_PASSWORD);
    client.state().wait_for(|state| *state == refused).await.unwrap();
    assert_eq!(client.submit(world.permit().await, message("x")).await, Submitted::NotStarted("not_bound"));
    client.stop().await;
}

#[tokio::test]
async fn an_expired_permit_sends_nothing() {
    let (world, centre, kept) = (World::new().await, Centre::new().await, kept());
    let client = start(&world, settings(centre.port()), &kept);
    let (mut session, ()) = tokio::join!(centre.bound(), up(&client));
    let permit = world.permit().await;
    world.gate.recall(&world.ctx, world.lina).await;
    assert_eq!(client.submit(permit, message("x")).await, Submitted::PermitLost);
    client.stop().await;
    assert_eq!(session.read().await.unwrap().body, Body::Unbind);
}
