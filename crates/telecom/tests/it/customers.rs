//! Customers who bind to us: from their submission to the receipt in their hands, on both engines.

use std::sync::Arc;
use std::time::Duration;

use accounts::users::password::Cost;
use kernel::{DeliveryId, SmppAccountId};
use privacy::gate::Gate;
use store::Ctx;
use store::jobs::{self, Handler};
use telecom::customers::{self, AccountState, Desk, Settings as Account};
use telecom::messages::{Filter, Incoming, MatchReceipts, MessageState, SendMessages, Sms, list};
use telecom::routes::{self, Access, Live, Rules};
use telecom::settings::{self, Settings};
use telecom::smpp::coding::UCS2;
use telecom::smpp::server;
use telecom::smpp::{About, Address, Bind, BindMode, Body, Fate, Message, Receipt, Status, Tlvs, esm, tag};
use telecom::sms::{Concatenation, Encoding, Reference, TonNpi, segment};
use telecom::{Error, senders};
use testkit::Fixture;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::centre::Session;
use crate::smsc::Smsc;

const LINA: &str = "966501234567";
const OURS: &str = "+966112345678";
const SECRET: &str = "a-secret";

struct House {
    ctx: Ctx,
    sms: Sms,
    desk: Desk,
    port: u16,
    account: SmppAccountId,
    _stop: watch::Sender<bool>,
}

fn shop() -> Account {
    Account { name: "Shop".into(), basis: Some("contract".into()), per_second: 10_000, ..Account::default() }
}

impl House {
    async fn new(t: &Fixture, account: Account) -> Self {
        let ctx = t.workspace().await;
        let allowed = Settings { countries: ["SA".to_owned()].into(), ..Settings::default() };
        settings::put(&ctx, &allowed).await.unwrap();
        senders::add(&ctx, &OURS.parse().unwrap(), &senders::Rules::default()).await.unwrap();
        let sms = Sms::new(Gate::new(), Live::default());
        let desk = Desk::with_cost(t.core.clone(), sms.clone(), Cost::cheapest());
        let (made, _) = desk.add(&ctx, "shop", (Some(SECRET.into()), &account)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stop, stopped) = watch::channel(false);
        let serving = desk.clone();
        tokio::spawn(async move { serving.serve(listener, server::Settings::new("barid"), stopped).await });
        Self { ctx, sms, desk, port, account: made.id, _stop: stop }
    }

    async fn bind(&self, mode: BindMode, secret: &str) -> (Session, Status) {
        let mut session = Session::connect(self.port).await;
        let body = Body::Bind(Bind {
            mode,
            system_id: "shop".into(),
            password: secret.into(),
            system_type: String::new(),
            interface_version: 0x34,
            range: Address::default(),
        });
        let status = session.ask(1, body).await.unwrap().0;
        (session, status)
    }

    async fn bound(&self, mode: BindMode) -> Session {
        let (session, status) = self.bind(mode, SECRET).await;
        assert_eq!(status, Status::OK);
        session
    }

    async fn work(&self) {
        let handlers: Vec<Arc<dyn Handler>> =
            vec![Arc::new(SendMessages::new(self.sms.clone())), Arc::new(MatchReceipts)];
        jobs::drain(&self.ctx.core, &handlers).await.unwrap();
    }

    async fn messages(&self) -> Vec<(DeliveryId, MessageState)> {
        let all = list(&self.ctx, Filter::default(), None, 100).await.unwrap();
        all.into_iter().map(|message| (message.id, message.state)).collect()
    }

    async fn until(&self, state: MessageState) {
        for _ in 0..400 {
            if self.messages().await.iter().all(|(_, now)| *now == state) {
                return;
            }
            self.work().await;
            tokio::task::yield_now().await;
        }
        panic!("{:?} instead of {state:?}", self.messages().await);
    }
}

fn message(text: &str) -> Message {
    let encoding = Encoding::of(text);
    Message {
        source: Address { kind: TonNpi::INTERNATIONAL, text: OURS.trim_start_matches('+').into() },
        destination: Address { kind: TonNpi::INTERNATIONAL, text: LINA.into() },
        registered_delivery: 1,
        data_coding: if encoding == Encoding::Ucs2 { UCS2 } else { 0 },
        short_message: encoding.octets(text),
        ..Message::default()
    }
}

async fn submit(session: &mut Session, sequence: u32, message: Message) -> Result<String, Status> {
    let (status, _, body) = session.ask(sequence, Body::Submit(Box::new(message))).await.unwrap();
    let Body::SubmitResp(resp) = body else { panic!("{body:?}") };
    if status.is_ok() { Ok(resp.id) } else { Err(status) }
}

/// The next delivery, answered with this.
async fn delivery(session: &mut Session, status: Status) -> Message {
    loop {
        let pdu = tokio::time::timeout(Duration::from_secs(20), session.read()).await.unwrap().unwrap();
        if let Body::Deliver(message) = pdu.body {
            session.write(pdu.sequence, status, Body::DeliverResp(telecom::smpp::IdResp::default())).await;
            return *message;
        }
    }
}

fn about(id: &str) -> About {
    About { message_id: id.to_owned(), ..About::default() }
}

testkit::each_engine! {
    async fn from_the_submission_to_the_receipt(t: Fixture) {
        let house = House::new(&t, shop()).await;
        let smsc = Smsc::taking().await;
        let access: Access = serde_json::from_value(serde_json::json!({
            "host": "127.0.0.1", "port": smsc.port, "system_id": "barid", "password": "x", "per_second": 5000
        })).unwrap();
        let id = routes::add(&house.ctx, "main", Rules::default(), &access).await.unwrap().id;
        house.sms.follow(&house.ctx).await.unwrap();
        house.sms.live().of(house.ctx.workspace)[&id].bound().await;

        let mut session = house.bound(BindMode::Transceiver).await;
        let long = "أهلا ".repeat(30);
        let parts = segment(&long, Reference::Short).unwrap().parts;
        assert_eq!(parts.len(), 3);
        let mut ids = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            let header = Concatenation { reference: 7, long: false, total: 3, number: place as u8 + 1 }.octets();
            let octets = [header, Encoding::Ucs2.octets(part.text)].concat();
            let one = Message { esm_class: esm::HEADER, data_coding: UCS2, short_message: octets, ..message("") };
            ids.push(submit(&mut session, 2 + place as u32, one).await.unwrap());
        }
        let messages = house.messages().await;
        assert_eq!(messages.len(), 1, "three parts are one message");
        assert_eq!(telecom::messages::find(&house.ctx, messages[0].0).await.unwrap().1.unwrap().1, long);
        house.until(MessageState::Sent).await;
        let (status, _, body) = session.ask(9, Body::Query(about(&ids[1]))).await.unwrap();
        let Body::QueryResp(answer) = body else { panic!("{body:?}") };
        assert_eq!((status, answer.state), (Status::OK, Fate::Enroute.state()));
        for remote in ["1", "2", "3"] {
            let text = Receipt { message_id: remote.into(), fate: Fate::Delivered, error: None }.text("2611221000", "2611221001");
            smsc.deliver(Message { esm_class: esm::RECEIPT, short_message: text.into_bytes(), ..Message::default() });
        }
        house.until(MessageState::Delivered).await;

        // Nobody takes it at first; nothing is lost.
        let telling = { let (desk, ws) = (house.desk.clone(), house.ctx.workspace); tokio::spawn(async move { desk.tell(ws).await.unwrap() }) };
        let refused = delivery(&mut session, Status::RECEIVER_TEMPORARY).await;
        assert!(refused.is_receipt());
        for _ in 0..2 {
            delivery(&mut session, Status::RECEIVER_TEMPORARY).await;
        }
        assert_eq!(telling.await.unwrap(), 0);
        assert_eq!(customers::waiting(&house.ctx, house.account).await.unwrap(), 3);
        drop(session);
        while house.desk.sessions().count("shop") > 0 {
            tokio::task::yield_now().await;
        }
        // The queue is in the database: another process goes on with it.
        t.clock.advance(60);
        let mut receiver = house.bound(BindMode::Receiver).await;
        while house.desk.sessions().count("shop") == 0 {
            tokio::task::yield_now().await;
        }
        let telling = { let (desk, ws) = (house.desk.clone(), house.ctx.workspace); tokio::spawn(async move { desk.tell(ws).await.unwrap() }) };
        let mut told = Vec::new();
        for _ in 0..3 {
            let receipt = delivery(&mut receiver, Status::OK).await;
            assert_eq!((receipt.source.text.as_str(), receipt.destination.text.as_str()), (LINA, "966112345678"));
            let read = Receipt::read(&receipt).unwrap();
            assert_eq!((read.fate, receipt.tlvs.number(tag::MESSAGE_STATE)), (Fate::Delivered, Some(2)));
            told.push(read.message_id);
        }
        told.sort();
        ids.sort();
        assert_eq!(told, ids);
        assert_eq!(telling.await.unwrap(), 3);
        assert_eq!(customers::waiting(&house.ctx, house.account).await.unwrap(), 0);
        assert_eq!(house.desk.tell(house.ctx.workspace).await.unwrap(), 0, "told once");
    }

    async fn what_cannot_be_taken_is_refused_with_its_reason(t: Fixture) {
        let house = House::new(&t, Account { originators: ["+966112345678".to_owned()].into(), ..shop() }).await;
        let mut session = house.bound(BindMode::Transceiver).await;
        let to = |text: &str| Message { destination: Address { kind: TonNpi::INTERNATIONAL, text: text.into() }, ..message("x") };
        let from = |kind, text: &str| Message { source: Address { kind, text: text.into() }, ..message("x") };
        for (sequence, (wrong, status)) in [
            (to("12"), Status::INVALID_DESTINATION),
            (to("491701234567"), Status::INVALID_DESTINATION),
            (from(TonNpi::NAME, "Barid"), Status::INVALID_SOURCE),
            (from(TonNpi::INTERNATIONAL, "15005550006"), Status::INVALID_SOURCE),
            (message(""), Status::INVALID_MESSAGE_LENGTH),
            (Message { schedule: "soon".into(), ..message("x") }, Status::INVALID_SCHEDULE),
            (Message { validity: "261001000000000+".into(), ..message("x") }, Status::INVALID_EXPIRY),
            (Message { data_coding: 4, ..message("x") }, Status::SUBMIT_FAILED),
        ].into_iter().enumerate() {
            assert_eq!(submit(&mut session, sequence as u32 + 2, wrong).await, Err(status), "{sequence}");
        }
        assert!(house.messages().await.is_empty(), "nothing was kept");
        let id = submit(&mut session, 20, message("hello")).await.unwrap();
        assert_eq!(session.ask(21, Body::Cancel(about(&id))).await.unwrap().0, Status::OK);
        assert_eq!(session.ask(22, Body::Cancel(about(&id))).await.unwrap().0, Status::CANCEL_FAILED);
        assert_eq!(session.ask(23, Body::Query(about("nonsense"))).await.unwrap().0, Status::INVALID_MESSAGE_ID);
        let other = shop();
        let (_, secret) = house.desk.add(&house.ctx, "other", (None, &other)).await.unwrap();
        assert_eq!(secret.len(), 16);
        let taken = house.desk.add(&t.workspace().await, "shop", (None, &other)).await;
        assert!(matches!(taken, Err(Error::Field { field: "system_id", .. })));
    }

    async fn who_may_not_bind_does_not(t: Fixture) {
        let house = House::new(&t, Account { binds: 1, ..shop() }).await;
        assert_eq!(house.bind(BindMode::Transceiver, "wrong").await.1, Status::BIND_FAILED);
        let (first, status) = house.bind(BindMode::Transceiver, SECRET).await;
        assert_eq!(status, Status::OK);
        assert_eq!(house.bind(BindMode::Transceiver, SECRET).await.1, Status::BIND_FAILED, "one session");
        let secret = house.desk.renew(&house.ctx, house.account, None).await.unwrap();
        drop(first);
        while house.desk.sessions().count("shop") > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(house.bind(BindMode::Transceiver, SECRET).await.1, Status::BIND_FAILED, "the old secret");
        let elsewhere = Account { networks: ["203.0.113.0/24".to_owned()].into(), ..shop() };
        house.desk.change(&house.ctx, house.account, (AccountState::Active, &elsewhere)).await.unwrap();
        assert_eq!(house.bind(BindMode::Transceiver, &secret).await.1, Status::BIND_FAILED, "another network");
        house.desk.change(&house.ctx, house.account, (AccountState::Paused, &shop())).await.unwrap();
        assert_eq!(house.bind(BindMode::Transceiver, &secret).await.1, Status::BIND_FAILED, "paused");
        house.desk.change(&house.ctx, house.account, (AccountState::Active, &shop())).await.unwrap();
        t.clock.advance(60);
        let (mut session, status) = house.bind(BindMode::Transceiver, &secret).await;
        assert_eq!(status, Status::OK);
        house.desk.remove(&house.ctx, house.account).await.unwrap();
        // Perhaps asked whether it is still there before it is told goodbye.
        let mut said = session.read().await;
        while said.as_ref().is_some_and(|pdu| matches!(pdu.body, Body::EnquireLink)) {
            said = session.read().await;
        }
        assert!(said.as_ref().is_none_or(|pdu| matches!(pdu.body, Body::Unbind)), "{said:?}");
        t.clock.advance(60);
        for _ in 0..10 {
            assert_eq!(house.bind(BindMode::Transceiver, &secret).await.1, Status::BIND_FAILED);
        }
        store::sql! { SECRETS = "SELECT secret FROM smpp_account"; }
        let rows: Vec<(String,)> = house.ctx.db.all(SECRETS, store::params![]).await.unwrap();
        assert!(rows.iter().all(|(secret,)| secret.starts_with("$argon2id$")));
    }

    async fn what_people_write_to_a_customers_number_goes_there(t: Fixture) {
        let house = House::new(&t, Account { numbers: ["966112345678".to_owned()].into(), ..shop() }).await;
        let access: Access = serde_json::from_value(serde_json::json!({
            "host": "127.0.0.1", "port": 9, "system_id": "barid", "password": "x"
        })).unwrap();
        let route = routes::add(&house.ctx, "main", Rules::default(), &access).await.unwrap();
        let text = "Is it open? ".repeat(20);
        let written = Message {
            source: Address { kind: TonNpi::INTERNATIONAL, text: LINA.into() },
            destination: Address { kind: TonNpi::INTERNATIONAL, text: "966112345678".into() },
            tlvs: Tlvs::default().with(tag::MESSAGE_PAYLOAD, Encoding::Gsm7.octets(text.trim())),
            ..Message::default()
        };
        Incoming::new(house.sms.clone(), house.ctx.clone(), route).take(&written).await.unwrap();
        let mut session = house.bound(BindMode::Transceiver).await;
        while house.desk.sessions().count("shop") == 0 {
            tokio::task::yield_now().await;
        }
        let telling = { let (desk, ws) = (house.desk.clone(), house.ctx.workspace); tokio::spawn(async move { desk.tell(ws).await.unwrap() }) };
        let mut whole = String::new();
        for number in 1..=2 {
            let part = delivery(&mut session, Status::OK).await;
            assert_eq!((part.source.text.as_str(), part.esm_class), (LINA, esm::HEADER));
            let (header, rest) = telecom::sms::UserDataHeader::parse(&part.short_message).unwrap();
            assert_eq!(header.concatenation.unwrap().number, number);
            whole.push_str(&Encoding::Gsm7.text(rest));
        }
        assert_eq!(whole, text.trim());
        assert_eq!(telling.await.unwrap(), 1);
    }
}
