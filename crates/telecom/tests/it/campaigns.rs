//! Messages of a campaign: kept in batches, paid for, paused, cancelled, counted; and their short links. On both engines.

use std::sync::Arc;

use billing::balance::{self, Terms as Money};
use billing::prices::{self, Price};
use billing::{Micros, balance as book};
use kernel::{CampaignId, Code, ContactId, Locale, Phone, RawId, Timestamp};
use outbound::texts::{LinkTo, Terms, Text, Texts, WordLink, Words};
use outbound::tracking::Signals;
use outbound::{Channels, Outbound, Run, RunState, SendJob, Source};
use people::contacts::{Draft, Origin};
use privacy::claims::{self, Statement};
use privacy::gate::Gate;
use privacy::provenance::Method;
use privacy::retention::{self, Mode};
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::json;
use store::jobs::{self, Handler};
use store::{Actor, Ctx};
use telecom::messages::{
    Filter, MessageState, RunJob, SendMessages, Sms, Which, find, find_link, follow, leave, list, recipients,
};
use telecom::routes::{Access, Live, Rules};
use telecom::settings::{self, Settings};
use telecom::smpp::coding::UCS2;
use telecom::smpp::{Address, Fate, Message, Receipt, esm};
use telecom::sms::{Encoding, TonNpi};
use telecom::{routes, senders};
use testkit::Fixture;

use crate::smsc::Smsc;

const OURS: &str = "+966112345678";
const BASE: &str = "https://post.example";
const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36";

struct House {
    ctx: Ctx,
    sms: Sms,
    outbound: Outbound,
    run: Run,
}

fn number(n: usize) -> Phone {
    Phone::parse(&format!("+9665012345{n:02}"), None).unwrap()
}

impl House {
    /// A workspace with an open campaign.
    async fn new(t: &Fixture) -> Self {
        // Noon in Riyadh, on a Sunday: people may be written to.
        t.clock.set("2026-11-22T09:00:00Z".parse().unwrap());
        let ctx = t.workspace().await;
        let allowed = Settings { countries: ["SA".to_owned()].into(), ..Settings::default() };
        settings::put(&ctx, &allowed).await.unwrap();
        senders::add(&ctx, &OURS.parse().unwrap(), &senders::Rules::default()).await.unwrap();
        let gate = Gate::new();
        let sms = Sms::new(gate.clone(), Live::default()).reached_at(BASE);
        let outbound = Outbound::new(gate, Channels::default(), BASE);
        outbound.carry_texts(Arc::new(sms.clone()));
        let id: CampaignId = ctx.id();
        let settings = Source {
            sender: outbound::texts::sender("Nour"),
            list: Some("Offers".to_owned()),
            organisation: "Nour".to_owned(),
            postal_address: String::new(),
            reason: None,
            missing: Vec::new(),
            track: true,
            series: None,
        };
        let run = Run {
            workspace: ctx.workspace,
            source: id.into(),
            channel: Channel::Sms,
            purpose: Purpose::MARKETING,
            topic: None,
            content: [0; 16],
            content_hash: [0; 32],
            settings,
            state: RunState::Running,
            complete: false,
            not_before: ctx.now(),
        };
        let house = Self { ctx, sms, outbound, run };
        house.open(&house.run).await;
        house
    }

    async fn open(&self, run: &Run) {
        let mut batch = self.ctx.batch();
        outbound::open(&mut batch, &self.ctx, run, "");
        self.ctx.db.apply(batch).await.unwrap();
    }

    /// Somebody who agreed to offers by SMS, and perhaps to counting.
    async fn person(&self, n: usize, counted: bool) -> ContactId {
        let draft = Draft { phones: vec![number(n)], ..Draft::default() };
        let origin = Origin { method: Method::Api, source: "a test".into() };
        let person = people::contacts::create(&self.ctx, draft, &origin).await.unwrap();
        let purposes = [Some(Purpose::MARKETING), counted.then_some(Purpose::ENGAGEMENT_TRACKING)];
        for purpose in purposes.into_iter().flatten() {
            let statement = Statement {
                subject: person,
                purpose,
                channel: Channel::Sms,
                topic: None,
                basis: BasisKind::Consent,
                state: ConsentState::Given,
                at: self.ctx.now(),
                expires_at: None,
                detail: json!({ "source": "test", "wording": "Offers by SMS", "evidence": "form", "country": "SA" }),
            };
            let keys = self.ctx.keys().await.unwrap();
            let subject = self.ctx.vault.subject(self.ctx.workspace, person).await.unwrap();
            let mut batch = self.ctx.batch();
            claims::state(&mut batch, &self.ctx, &keys, &subject, statement).unwrap();
            self.ctx.db.apply(batch).await.unwrap();
        }
        person
    }

    async fn give(&self, texts: Vec<Text>) -> Result<(), Code> {
        let terms = Terms { from: Some(OURS.to_owned()), shorten: true, validity: None };
        self.sms.accept(&self.ctx, &self.run, &terms, texts).await.map_err(|problem| problem.code)
    }

    async fn work(&self) {
        let handlers: [Arc<dyn Handler>; 3] = [
            Arc::new(SendMessages::new(self.sms.clone())),
            Arc::new(RunJob::new(self.sms.clone())),
            Arc::new(SendJob::new(self.outbound.clone())),
        ];
        jobs::drain(&self.ctx.core, &handlers).await.unwrap();
    }

    async fn figures(&self) -> outbound::texts::TextFigures {
        self.sms.figures(&self.ctx, self.run.source).await.unwrap()
    }

    /// What happens to the run happens to its messages.
    async fn change(&self, change: impl Fn(&mut store::Batch, &Ctx, RawId)) {
        let mut batch = self.ctx.batch();
        change(&mut batch, &self.ctx, self.run.source);
        outbound::texts::changed(&mut batch, self.run.source);
        self.ctx.db.apply(batch).await.unwrap();
        self.work().await;
    }

    async fn connected(&self) -> Smsc {
        let smsc = Smsc::taking().await;
        let access: Access = serde_json::from_value(json!({
            "host": "127.0.0.1", "port": smsc.port, "system_id": "barid", "password": "x", "per_second": 5000
        }))
        .unwrap();
        let id = routes::add(&self.ctx, "main", Rules::default(), &access).await.unwrap().id;
        self.sms.follow(&self.ctx).await.unwrap();
        self.sms.live().of(self.ctx.workspace)[&id].bound().await;
        smsc
    }

    async fn until(&self, done: impl AsyncFn() -> bool) {
        for _ in 0..600 {
            if done().await {
                return;
            }
            self.work().await;
            tokio::task::yield_now().await;
        }
        panic!("{:?}", self.figures().await);
    }
}

fn text(contact: ContactId, n: usize, words: Words) -> Text {
    Text { contact, phone: number(n), language: Locale::ar(), says: Ok(words) }
}

fn plain(text: &str) -> Words {
    Words { text: text.to_owned(), links: Vec::new() }
}

/// "Read ADDRESS or leave LINK", as a wording with two links.
fn linked(url: &str, own: bool) -> Words {
    let (before, between) = ("اقرأ ", " أو ");
    let text = format!("{before}{url}{between}");
    let page = WordLink { at: before.len()..before.len() + url.len(), to: LinkTo::Page { number: 0, own } };
    let end = text.len();
    Words { text, links: vec![page, WordLink { at: end..end, to: LinkTo::Leave }] }
}

fn price(amount: i64) -> Price {
    Price {
        service: "sms".into(),
        country: "SA".into(),
        network: String::new(),
        sender: String::new(),
        since: Timestamp(0),
        amount: Micros(amount),
    }
}

fn signals(at: Timestamp) -> Signals<'static> {
    Signals {
        head: false,
        prefetch: false,
        user_agent: BROWSER,
        sent_at: None,
        at,
        links_just_followed: 0,
        click: true,
    }
}

/// The codes that a text carries.
fn codes(text: &str) -> Vec<String> {
    text.match_indices("/s/").map(|(at, _)| text[at + 3..at + 12].to_owned()).collect()
}

fn answered(n: usize, text: &str) -> Message {
    Message {
        source: Address { kind: TonNpi::INTERNATIONAL, text: number(n).as_str().trim_start_matches('+').into() },
        destination: Address { kind: TonNpi::INTERNATIONAL, text: OURS.trim_start_matches('+').into() },
        data_coding: UCS2,
        short_message: Encoding::Ucs2.octets(text),
        ..Message::default()
    }
}

fn receipt(id: &str, fate: Fate) -> Message {
    let text = Receipt { message_id: id.into(), fate, error: None }.text("2611221000", "2611221001");
    Message { esm_class: esm::RECEIPT, short_message: text.into_bytes(), ..Message::default() }
}

testkit::each_engine! {
    async fn a_chunk_that_comes_again_writes_to_nobody_twice_and_reports_add_up(t: Fixture) {
        let house = House::new(&t).await;
        prices::put(&house.ctx, &[price(40_000)]).await.unwrap();
        let mut texts = Vec::new();
        for n in 0..5 {
            texts.push(text(house.person(n, false).await, n, plain("عرض اليوم. أرسل إلغاء للتوقف")));
        }
        texts.push(Text { says: Err("required_value_missing"), ..texts[4].clone() });
        texts[5].contact = house.person(5, false).await;
        texts[4].phone = Phone::parse("+4915112345678", None).unwrap();
        house.give(texts[..3].to_vec()).await.unwrap();
        house.give(texts.clone()).await.unwrap();
        house.give(texts).await.unwrap();
        let figures = house.figures().await;
        assert_eq!((figures.counts.queued, figures.counts.denied), (4, 2));
        assert_eq!(figures.counts.denied_by_reason.get("country_not_allowed"), Some(&1));
        assert_eq!(figures.counts.denied_by_reason.get("required_value_missing"), Some(&1));
        assert_eq!((figures.parts, figures.reserved_micros, figures.cost_micros), (4, 160_000, 0));
        let smsc = house.connected().await;
        house.until(async || house.figures().await.counts.sent == 4).await;
        smsc.deliver(receipt("1", Fate::Delivered));
        smsc.deliver(receipt("2", Fate::Undeliverable));
        house.until(async || house.figures().await.delivered == 1 && house.figures().await.counts.failed == 1).await;
        let figures = house.figures().await;
        assert_eq!((smsc.texts(), figures.unconfirmed, figures.cost_micros, figures.reserved_micros), (4, 2, 160_000, 0));
        let countries: Vec<_> = figures.by_country.iter().map(|one| (one.country.as_str(), one.messages)).collect();
        assert_eq!(countries, [("SA", 4)]);
        assert_eq!(book::get(&house.ctx).await.unwrap().spent, Micros(160_000));
        let (found, next) = recipients(&house.ctx, house.run.source, Which::Delivered, (None, 10)).await.unwrap();
        assert_eq!((found.len(), found[0].cost, next), (1, Some(Micros(40_000)), None));
    }

    async fn money_for_three_sends_three_and_the_rest_when_there_is_more(t: Fixture) {
        let house = House::new(&t).await;
        prices::put(&house.ctx, &[price(10)]).await.unwrap();
        balance::configure(&house.ctx, Money { currency: "SAR".into(), credit: Some(Micros(0)), low_at: Micros(0) }).await.unwrap();
        balance::top_up(&house.ctx, Micros(35)).await.unwrap();
        let mut texts = Vec::new();
        for n in 0..8 {
            texts.push(text(house.person(n, false).await, n, plain("Sale. Reply STOP to end")));
        }
        assert_eq!(house.give(texts.clone()).await, Err(Code::InsufficientBalance));
        let after = book::get(&house.ctx).await.unwrap();
        assert_eq!((house.figures().await.counts.queued, after.reserved, after.available), (3, Micros(30), Micros(5)));
        balance::top_up(&house.ctx, Micros(1000)).await.unwrap();
        house.give(texts).await.unwrap();
        assert_eq!(house.figures().await.counts.queued, 8);
        let capped = Settings { parts_a_day: Some(8), ..settings::get(&house.ctx).await.unwrap() };
        settings::put(&house.ctx, &capped).await.unwrap();
        let mut more = Vec::new();
        for n in 10..20 {
            more.push(text(house.person(n, false).await, n, plain("Sale. Reply STOP to end")));
        }
        assert_eq!(house.give(more.clone()).await, Err(Code::RateLimited));
        assert_eq!(house.figures().await.counts.queued, 16, "what the cap leaves room for is kept");
        t.clock.advance(86_400);
        house.give(more).await.unwrap();
        assert_eq!(house.figures().await.counts.queued, 18);
    }

    async fn a_pause_holds_a_resumption_sends_and_a_cancellation_gives_the_money_back(t: Fixture) {
        let house = House::new(&t).await;
        prices::put(&house.ctx, &[price(10)]).await.unwrap();
        let mut texts = Vec::new();
        for n in 0..4 {
            texts.push(text(house.person(n, false).await, n, plain("Sale. Reply STOP to end")));
        }
        house.give(texts[..2].to_vec()).await.unwrap();
        house.change(outbound::pause).await;
        assert_eq!(house.figures().await.held, 2);
        let smsc = house.connected().await;
        // What is accepted while the run is paused does not leave either.
        house.give(texts[2..3].to_vec()).await.unwrap();
        t.clock.advance(60);
        house.work().await;
        assert_eq!((house.figures().await.held, smsc.texts()), (3, 0));
        house.change(outbound::resume).await;
        house.until(async || house.figures().await.counts.sent == 3).await;
        house.change(outbound::pause).await;
        house.give(texts[3..].to_vec()).await.unwrap();
        house.change(|batch, ctx, source| outbound::cancel(batch, ctx, source, RunState::Paused)).await;
        let after = book::get(&house.ctx).await.unwrap();
        assert_eq!((house.figures().await.counts.cancelled, smsc.texts()), (1, 3));
        assert_eq!((after.reserved, after.spent), (Micros(0), Micros(30)));
    }

    async fn a_short_link_is_the_persons_own_only_if_they_allow_counting(t: Fixture) {
        let house = House::new(&t).await;
        let (counted, private) = (house.person(0, true).await, house.person(1, false).await);
        let other = house.person(2, false).await;
        let url = "https://shop.example/offers/%D8%B9?from=sms";
        house.give(vec![
            text(counted, 0, linked(url, false)),
            text(private, 1, linked(url, false)),
            text(other, 2, linked(url, false)),
        ]).await.unwrap();
        let smsc = house.connected().await;
        house.until(async || house.figures().await.counts.sent == 3).await;
        let messages = list(&house.ctx, Filter::default(), None, 10).await.unwrap();
        let mut said = Vec::new();
        for person in [counted, private, other] {
            let message = messages.iter().find(|message| message.contact == person).unwrap();
            let words = find(&house.ctx, message.id).await.unwrap().1.unwrap().1;
            assert!(!words.contains("shop.example"), "{words}");
            said.push(codes(&words));
        }
        assert_eq!(smsc.texts(), 6, "in Arabic two links need a second part");
        assert_eq!(said[1][0], said[2][0], "who does not allow counting shares a link with everybody");
        assert_ne!(said[0][0], said[1][0]);
        assert!(said[1][1] != said[2][1], "leaving is always somebody's own");
        let core = &house.ctx.core;
        t.clock.advance(3600);
        for code in [&said[0][0], &said[1][0]] {
            let found = find_link(core, code).await.unwrap().unwrap();
            assert_eq!((found.target.as_deref(), found.leaves, found.language.as_str()), (Some(url), false, "ar"));
            follow(&found, signals(core.now())).await.unwrap();
        }
        let robot = Signals { user_agent: "facebookexternalhit/1.1 Facebot Twitterbot/1.0", ..signals(core.now()) };
        follow(&find_link(core, &said[0][0]).await.unwrap().unwrap(), robot).await.unwrap();
        let figures = house.figures().await;
        let clicks = figures.clicks[0].clicks;
        assert_eq!((clicks.human, clicks.machine, clicks.unique_human, figures.clicked), (2, 1, 1, 1));
        assert_eq!(figures.hours.len(), 1);
        for wrong in ["000000000", "", "../../etc", "x' OR 1=1"] {
            assert!(find_link(core, wrong).await.unwrap().is_none());
        }
        // After its time a page is over; leaving is possible for ever.
        t.clock.advance(90 * 86_400);
        assert_eq!(find_link(core, &said[0][0]).await.unwrap().unwrap().target, None);
        let door = find_link(core, &said[0][1]).await.unwrap().unwrap();
        assert!(door.leaves);
        leave(&house.sms, &door, json!({ "method": "short_link" })).await.unwrap();
        assert_eq!(house.figures().await.left, 1);
        let again = Run { source: house.ctx.id::<CampaignId>().into(), ..house.run.clone() };
        house.open(&again).await;
        let terms = Terms::default();
        house.sms.accept(&house.ctx, &again, &terms, vec![text(counted, 0, plain("Sale, STOP"))]).await.unwrap();
        let counts = house.sms.counts(&house.ctx, again.source).await.unwrap();
        assert_eq!((counts.queued, counts.denied), (0, 1), "{counts:?}");
    }

    async fn an_answer_in_arabic_is_counted_for_the_campaign_and_erasure_takes_the_links(t: Fixture) {
        let house = House::new(&t).await;
        let (one, two) = (house.person(0, true).await, house.person(1, true).await);
        house.give(vec![text(one, 0, linked("https://a.example/", false)), text(two, 1, linked("https://a.example/", false))]).await.unwrap();
        let smsc = house.connected().await;
        house.until(async || house.figures().await.counts.sent == 2).await;
        smsc.deliver(answered(0, "إلغاء"));
        house.until(async || house.figures().await.left == 1).await;
        let messages = list(&house.ctx, Filter { contact: Some(two), state: None }, None, 10).await.unwrap();
        let words = find(&house.ctx, messages[0].id).await.unwrap().1.unwrap().1;
        let code = &codes(&words)[0];
        let core = &house.ctx.core;
        t.clock.advance(3600);
        follow(&find_link(core, code).await.unwrap().unwrap(), signals(core.now())).await.unwrap();
        assert_eq!(house.figures().await.clicked, 1);
        let ctx = core.ctx(house.ctx.workspace, Actor::Console);
        people::contacts::erase(&ctx, house.sms.gate(), two).await.unwrap();
        assert!(find_link(core, code).await.unwrap().is_none());
        let figures = house.figures().await;
        assert_eq!((figures.counts.sent, figures.clicks.len()), (1, 0));
    }

    async fn figures_of_ten_people_outlive_the_messages(t: Fixture) {
        let house = House::new(&t).await;
        let mut texts = Vec::new();
        for n in 0..12 {
            texts.push(text(house.person(n, false).await, n, plain("Sale. Reply STOP to end")));
        }
        house.give(texts).await.unwrap();
        let _smsc = house.connected().await;
        house.until(async || house.figures().await.counts.sent == 12).await;
        t.clock.advance(200 * 86_400);
        // In two goes: what is counted once is not counted again.
        for budget in [5, 1000] {
            retention::run(&house.ctx, Mode::Real, budget).await.unwrap();
        }
        assert_eq!(house.figures().await.counts.sent, 0, "the messages are gone");
        let kept = outbound::retention::kept_of(&house.ctx, house.run.source).await.unwrap();
        let cells: Vec<_> = kept.iter().map(|cell| (cell.kind.as_str(), cell.country.as_str(), cell.count)).collect();
        assert_eq!(cells, [("sent", "SA", 12)]);
    }

    async fn the_gates_no_is_kept_with_its_reason(t: Fixture) {
        let house = House::new(&t).await;
        let draft = Draft { phones: vec![number(0)], ..Draft::default() };
        let origin = Origin { method: Method::Api, source: "a test".into() };
        let stranger = people::contacts::create(&house.ctx, draft, &origin).await.unwrap();
        house.give(vec![text(stranger, 0, linked("https://a.example/", true))]).await.unwrap();
        let counts = house.figures().await.counts;
        assert_eq!((counts.denied, counts.queued), (1, 0), "{counts:?}");
        let (found, _) = recipients(&house.ctx, house.run.source, Which::Denied, (None, 10)).await.unwrap();
        assert_eq!((found[0].contact, found[0].state, found[0].basis.as_str()), (stranger, MessageState::Denied, ""));
        assert_eq!(book::get(&house.ctx).await.unwrap().reserved, Micros(0));
    }

    async fn a_message_of_its_own_is_shortened_too_and_weighs_what_it_is(t: Fixture) {
        let house = House::new(&t).await;
        let url = format!("https://shop.example/{}", "x".repeat(200));
        let new = telecom::messages::NewMessage {
            shorten: true,
            basis: Some(BasisKind::Contract),
            ..telecom::messages::NewMessage::new(number(3), format!("Your order: {url}. Thanks"))
        };
        let message = telecom::messages::accept(&house.sms, &house.ctx, new).await.unwrap();
        assert_eq!((message.parts, message.encoding.as_str()), (1, "GSM_7BIT"));
        let words = find(&house.ctx, message.id).await.unwrap().1.unwrap().1;
        let code = codes(&words).remove(0);
        assert_eq!(words, format!("Your order: {BASE}/s/{code}. Thanks"));
        let found = find_link(&house.ctx.core, &code).await.unwrap().unwrap();
        assert_eq!(found.target.as_deref(), Some(url.as_str()));
        // They never allowed counting: they are led on, and nothing is recorded.
        follow(&found, signals(house.ctx.now())).await.unwrap();
        let after = find_link(&house.ctx.core, &code).await.unwrap().unwrap();
        assert_eq!(after.target.as_deref(), Some(url.as_str()));
        assert!(house.sms.figures(&house.ctx, message.id.into()).await.unwrap().clicks.is_empty());
    }
}
