//! Verifications from the first code to the last attempt, on both engines.

use std::sync::Arc;

use accounts::users::{NewUser, SignUp};
use accounts::workspaces::NewWorkspace;
use accounts::{Accounts, Settings as AccountSettings};
use calls::verify::services::{self, Settings};
use calls::verify::watch::{self, Watch};
use calls::verify::{
    Carried, Error, ExpireVerifications, NewVerification, Speaks, SpokenCode, TRIAL_CODE, TextedCode, Texts,
    VerificationState, Verify, Way, cancel, check, find,
};
use kernel::{Code, ContactId, Email, Locale, Phone, Pii, Problem, VerificationId};
use outbound::{Channels, Envelope, Outbound, Sender, Sent};
use parking_lot::Mutex;
use people::contacts::{self, Draft, Origin};
use privacy::gate::{Gate, SendPermit};
use privacy::provenance::Method;
use privacy::vocabulary::Channel;
use store::jobs::{self, Handler};
use store::{Actor, BoxFuture, Ctx};
use testkit::Fixture;

const LINA: &str = "+966501234567";
const LANDLINE: &str = "+493012345678";

/// Takes what it is given, and makes contacts of people as the real one does.
#[derive(Default)]
struct Post {
    texts: Mutex<Vec<TextedCode>>,
    calls: Mutex<Vec<SpokenCode>>,
    mails: Mutex<Vec<String>>,
    refuse: Mutex<Option<Problem>>,
}

async fn person(ctx: &Ctx, to: &Phone) -> ContactId {
    if let Some(known) = contacts::by_phone(ctx, to).await.unwrap() {
        return known;
    }
    let draft = Draft { phones: vec![to.clone()], ..Draft::default() };
    let origin = Origin { method: Method::Api, source: "test".into() };
    contacts::create(ctx, draft, &origin).await.unwrap()
}

impl Texts for Post {
    fn text<'a>(&'a self, ctx: &'a Ctx, code: TextedCode) -> BoxFuture<'a, Result<Carried, Problem>> {
        Box::pin(async move {
            if let Some(problem) = self.refuse.lock().clone() {
                return Err(problem);
            }
            let contact = person(ctx, &code.to).await;
            self.texts.lock().push(code);
            Ok(Carried { contact, message: Some(ctx.id()) })
        })
    }
}

impl Speaks for Post {
    fn speak<'a>(&'a self, _: &'a Ctx, code: SpokenCode) -> BoxFuture<'a, Result<Carried, Problem>> {
        Box::pin(async move {
            let contact = code.contact;
            self.calls.lock().push(code);
            Ok(Carried { contact, message: None })
        })
    }
}

struct Mailbox(Arc<Post>);

impl outbound::Channel for Mailbox {
    fn kind(&self) -> Channel {
        Channel::Email
    }

    fn send(&self, permit: SendPermit, envelope: Envelope) -> BoxFuture<'_, Sent> {
        drop(permit);
        self.0.mails.lock().push(envelope.text.into_inner());
        Box::pin(async { Sent::Accepted { status: "2.0.0".to_owned() } })
    }

    fn sender_verified<'a>(&'a self, _: kernel::WorkspaceId, _: &'a Sender) -> BoxFuture<'a, bool> {
        Box::pin(async { true })
    }
}

struct House {
    ctx: Ctx,
    post: Arc<Post>,
    verify: Verify,
    outbound: Outbound,
    t: Fixture,
}

impl House {
    async fn new(t: Fixture) -> Self {
        let settings =
            AccountSettings { cost: accounts::users::password::Cost::cheapest(), ..AccountSettings::default() };
        let sign_up = SignUp {
            user: NewUser {
                email: Email::parse("owner@house.example").unwrap(),
                name: Pii::new("Mona".to_owned()),
                password: Pii::new("a long enough password".to_owned()),
            },
            workspace: NewWorkspace {
                name: "House".to_owned(),
                language: Locale::en(),
                postal_address: "1 Road, Riyadh".to_owned(),
            },
        };
        let (workspace, owner) = Accounts::new(t.core.clone(), settings).create_owner(sign_up).await.unwrap();
        let ctx = t.core.ctx(workspace, Actor::User(owner));
        let post = Arc::new(Post::default());
        let channels = Channels::default().with(Arc::new(Mailbox(Arc::clone(&post))));
        let outbound = Outbound::new(Gate::new(), channels, "http://127.0.0.1:8080");
        let verify = Verify::new(outbound.clone(), post.clone());
        Self { ctx, post, verify, outbound, t }
    }

    async fn begin(&self, new: NewVerification) -> Result<VerificationId, Error> {
        Ok(self.verify.begin(&self.ctx, new).await?.id)
    }

    /// The code of the last message.
    fn code(&self) -> String {
        let texts = self.post.texts.lock();
        texts.last().unwrap().text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() >= 4).unwrap().to_owned()
    }

    async fn state(&self, id: VerificationId) -> VerificationState {
        find(&self.ctx, id).await.unwrap().0.state
    }

    async fn kinds(&self) -> Vec<String> {
        let rows = store::feed::read_after(&self.ctx.db, self.ctx.workspace, 0, 1000).await.unwrap();
        rows.into_iter().map(|row| row.kind).filter(|kind| kind.starts_with("verification.")).collect()
    }

    async fn work(&self) {
        let handlers: Vec<Arc<dyn Handler>> =
            vec![Arc::new(ExpireVerifications), Arc::new(outbound::SendJob::new(self.outbound.clone()))];
        jobs::drain(&self.ctx.core, &handlers).await.unwrap();
    }
}

fn to(address: &str) -> NewVerification {
    NewVerification { to: address.to_owned(), ..NewVerification::default() }
}

/// Another code of the same length.
fn wrong(code: &str) -> String {
    let first = if code.starts_with('9') { '8' } else { '9' };
    format!("{first}{}", &code[1..])
}

fn code_of(error: Error) -> Code {
    error.problem().code
}

store::sql! {
    RESTS = "SELECT code, terms, log, sealed FROM verification";
    COUNT = "SELECT CAST(count(*) AS BIGINT) FROM verification";
    AGED = "UPDATE verification SET created_at = created_at - $1, sent_at = sent_at - $1";
}

testkit::each_engine! {
    async fn the_right_code_verifies_once_and_rests_nowhere(t: Fixture) {
        let house = House::new(t).await;
        let id = house.begin(NewVerification { reference: Some("order 7".into()), ..to(LINA) }).await.unwrap();
        let code = house.code();
        assert_eq!(code.len(), 6);
        let text = house.post.texts.lock()[0].clone();
        assert_eq!(text.text, format!("House: your code is {code}. It is good for 10 minutes. Do not pass it on."));
        assert!(!text.shown.contains(&code) && text.shown.contains("••••••") && text.validity == 600);
        let rows: Vec<(Vec<u8>, String, String, Option<Vec<u8>>)> = house.ctx.db.all(RESTS, store::params![]).await.unwrap();
        let (mac, terms, log, sealed) = &rows[0];
        assert_eq!(mac.len(), 16);
        let found = |octets: &[u8]| octets.windows(6).any(|part| part == code.as_bytes());
        assert!(!found(mac) && !found(terms.as_bytes()) && !found(log.as_bytes()) && !found(sealed.as_ref().unwrap()));

        match check(&house.ctx, id, &wrong(&code), false).await.unwrap_err() {
            Error::Wrong { left } => assert_eq!(left, 2),
            other => panic!("{other}"),
        }
        for nothing in ["", " ", "--"] {
            assert_eq!(code_of(check(&house.ctx, id, nothing, false).await.unwrap_err()), Code::InvalidInput);
        }
        let arabic: String = code.chars().map(|c| char::from_u32(0x660 + c.to_digit(10).unwrap()).unwrap()).collect();
        let done = check(&house.ctx, id, &format!(" {arabic} "), false).await.unwrap();
        assert_eq!((done.state, done.attempts), (VerificationState::Verified, 2));
        assert_eq!(code_of(check(&house.ctx, id, &code, false).await.unwrap_err()), Code::Conflict, "it is good once");
        let (view, words) = find(&house.ctx, id).await.unwrap();
        assert_eq!(words.unwrap(), (LINA.to_owned(), Some("order 7".to_owned())));
        assert_eq!((view.sent.len(), view.sent[0].channel, view.country.as_str()), (1, Way::Sms, "SA"));
        assert_eq!(house.kinds().await, ["verification.created", "verification.sent", "verification.verified"]);
        let stranger = house.t.workspace().await;
        assert_eq!(code_of(check(&stranger, id, &code, false).await.unwrap_err()), Code::NotFound);
        assert_eq!(code_of(find(&stranger, id).await.unwrap_err()), Code::NotFound);
    }

    async fn no_race_gives_a_further_attempt(t: Fixture) {
        let house = House::new(t).await;
        let id = house.begin(NewVerification { max_attempts: Some(3), ..to(LINA) }).await.unwrap();
        let code = house.code();
        let mut tries = tokio::task::JoinSet::new();
        for number in 0..12 {
            let (ctx, guess) = (house.ctx.clone(), format!("{number:04}x"));
            tries.spawn(async move { check(&ctx, id, &guess, false).await });
        }
        let mut wrongs = 0;
        while let Some(done) = tries.join_next().await {
            wrongs += usize::from(matches!(done.unwrap(), Err(Error::Wrong { .. })));
        }
        assert_eq!(wrongs, 3, "three attempts, whoever comes at the same time");
        assert_eq!(code_of(check(&house.ctx, id, &code, false).await.unwrap_err()), Code::Conflict);
        let view = find(&house.ctx, id).await.unwrap().0;
        assert_eq!((view.state, view.attempts), (VerificationState::Failed, 3));
        assert_eq!(view.reason.as_deref(), Some("too_many_attempts"));
        assert_eq!(house.kinds().await.last().unwrap(), "verification.failed");
    }

    async fn codes_expire_and_say_so(t: Fixture) {
        let house = House::new(t).await;
        let id = house.begin(NewVerification { expires_in: Some(60), ..to(LINA) }).await.unwrap();
        house.t.clock.advance(60);
        assert_eq!(house.state(id).await, VerificationState::Expired, "it shows at once");
        assert_eq!(code_of(check(&house.ctx, id, &house.code(), false).await.unwrap_err()), Code::Gone);
        house.work().await;
        assert_eq!(house.kinds().await.last().unwrap(), "verification.expired");
        assert_eq!(code_of(cancel(&house.ctx, id, false).await.unwrap_err()), Code::Gone);
    }

    async fn one_code_at_a_time_and_not_too_soon(t: Fixture) {
        let house = House::new(t).await;
        let first = house.begin(to(LINA)).await.unwrap();
        let again = house.verify.begin(&house.ctx, to("00966 50 123 4567")).await.unwrap_err().problem();
        assert_eq!((again.code, again.retry_after), (Code::RateLimited, Some(30)));
        house.t.clock.advance(30);
        let mut both = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (verify, ctx) = (house.verify.clone(), house.ctx.clone());
            both.spawn(async move { verify.begin(&ctx, to(LINA)).await.is_ok() });
        }
        let done = both.join_all().await;
        assert_eq!(done.iter().filter(|ok| **ok).count(), 1, "{done:?}");
        let view = find(&house.ctx, first).await.unwrap().0;
        assert_eq!((view.state, view.reason.as_deref()), (VerificationState::Cancelled, Some("superseded")));
        for _ in 2..10 {
            house.t.clock.advance(30);
            let id = house.begin(to(LINA)).await.unwrap();
            cancel(&house.ctx, id, false).await.unwrap();
        }
        house.t.clock.advance(30);
        let enough = house.verify.begin(&house.ctx, to(LINA)).await.unwrap_err().problem();
        assert_eq!(enough.code, Code::RateLimited, "ten a day");
        assert!(enough.retry_after.unwrap() > 80_000);
    }

    async fn one_network_address_asks_for_so_many(t: Fixture) {
        let house = House::new(t).await;
        let service = services::add(&house.ctx, "Shop", &Settings { per_address_an_hour: 2, ..Settings::default() }).await.unwrap();
        let ask = |number: u32| NewVerification {
            service: Some(service.id),
            client: Some("203.0.113.9".parse().unwrap()),
            ..to(&format!("+96650{number:07}"))
        };
        house.begin(ask(1_234_567)).await.unwrap();
        house.begin(ask(2_234_567)).await.unwrap();
        assert_eq!(code_of(house.begin(ask(3_234_567)).await.unwrap_err()), Code::RateLimited);
        assert!(house.post.texts.lock()[0].text.starts_with("Shop: "));
        house.t.clock.advance(3600);
        house.begin(ask(3_234_567)).await.unwrap();
    }

    async fn the_same_code_goes_out_again_by_the_next_way(t: Fixture) {
        let house = House::new(t).await;
        let settings = Settings { channels: vec![Way::Sms, Way::Voice], max_sends: 3, ..Settings::default() };
        let service = services::add(&house.ctx, "Bank", &settings).await.unwrap();
        let id = house.begin(NewVerification { service: Some(service.id), ..to(LINA) }).await.unwrap();
        let code = house.code();
        let soon = house.verify.resend(&house.ctx, id, (None, false)).await.unwrap_err();
        assert_eq!(code_of(soon), Code::RateLimited);
        house.t.clock.advance(30);
        let voice = house.verify.resend(&house.ctx, id, (Some(Way::Voice), false)).await.unwrap_err().problem();
        assert_eq!(voice.fields[0].detail, "voice is not set up");
        house.verify.speak_with(house.post.clone());
        let view = house.verify.resend(&house.ctx, id, (None, false)).await.unwrap();
        assert_eq!(view.sent.iter().map(|sent| sent.channel).collect::<Vec<_>>(), [Way::Sms, Way::Voice]);
        assert_eq!(house.post.calls.lock()[0].code, code);
        house.t.clock.advance(30);
        house.verify.resend(&house.ctx, id, (Some(Way::Sms), false)).await.unwrap();
        assert_eq!(house.code(), code);
        house.t.clock.advance(30);
        let often = house.verify.resend(&house.ctx, id, (None, false)).await.unwrap_err();
        assert_eq!(code_of(often), Code::Conflict);
        assert_eq!(check(&house.ctx, id, &code, false).await.unwrap().state, VerificationState::Verified);
    }

    async fn a_code_by_mail(t: Fixture) {
        let house = House::new(t).await;
        let sender = serde_json::json!({ "email": "news@house.example", "name": "House" });
        let change = accounts::workspaces::Change {
            settings: Some([("default_sender".to_owned(), sender)].into_iter().collect()),
            ..accounts::workspaces::Change::default()
        };
        accounts::workspaces::update(&house.ctx, change).await.unwrap();
        let new = NewVerification { locale: Some(Locale::ar()), ..to("Sara@Example.com") };
        let id = house.begin(new).await.unwrap();
        house.work().await;
        let mail = house.post.mails.lock()[0].clone();
        assert!(mail.contains("10 دقائق"), "{mail}");
        let code = mail.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6).unwrap();
        assert_eq!(check(&house.ctx, id, code, false).await.unwrap().state, VerificationState::Verified);
        let mistaken = NewVerification { channel: Some(Way::Sms), ..to("sara@example.com") };
        assert_eq!(house.begin(mistaken).await.unwrap_err().problem().fields[0].field, "channel");
    }

    async fn what_is_refused_leaves_nothing(t: Fixture) {
        let house = House::new(t).await;
        *house.post.refuse.lock() = Some(Problem::new(Code::InsufficientBalance, "no"));
        assert_eq!(code_of(house.begin(to(LINA)).await.unwrap_err()), Code::InsufficientBalance);
        assert_eq!(house.ctx.db.one::<(i64,)>(COUNT, store::params![]).await.unwrap().0, 0);
        assert!(house.kinds().await.is_empty());
        assert!(contacts::by_phone(&house.ctx, &Phone::parse(LINA, None).unwrap()).await.unwrap().is_none());
        *house.post.refuse.lock() = None;
        house.begin(to("966501234567")).await.unwrap();
        for (new, field) in [
            (to("nonsense"), "to"),
            (to("+966"), "to"),
            (to("a@b@c"), "to"),
            (to(LANDLINE), "to"),
            (to("+19005550123"), "to"),
            (NewVerification { text: Some("Hello".into()), ..to(LINA) }, "text"),
            (NewVerification { code_length: Some(3), ..to(LINA) }, "code_length"),
            (NewVerification { code_length: Some(11), ..to(LINA) }, "code_length"),
            (NewVerification { expires_in: Some(29), ..to(LINA) }, "expires_in"),
            (NewVerification { max_attempts: Some(0), ..to(LINA) }, "max_attempts"),
            (NewVerification { web_otp: Some("https://x".into()), ..to(LINA) }, "web_otp"),
            (NewVerification { channel: Some(Way::Voice), ..to(LINA) }, "channel"),
            (NewVerification { channel: Some(Way::Email), ..to(LINA) }, "channel"),
            (NewVerification { reference: Some("x".repeat(101)), ..to(LINA) }, "reference"),
        ] {
            let problem = house.begin(new).await.unwrap_err().problem();
            assert_eq!((problem.code, problem.fields[0].field.as_str()), (Code::InvalidInput, field));
        }
        let own = NewVerification {
            text: Some("{code} für {organisation}".into()),
            web_otp: Some("house.example".into()),
            code_length: Some(8),
            ..to("+966509999999")
        };
        house.begin(own).await.unwrap();
        let code = house.code();
        assert_eq!(house.post.texts.lock().last().unwrap().text, format!("{code} für House\n\n@house.example #{code}"));
        assert_eq!(code.len(), 8);
    }

    async fn numbers_that_use_no_codes_get_none(t: Fixture) {
        let house = House::new(t).await;
        watch::put(&house.ctx, &Watch { block_codes: 5, block_percent: 20, block_open: 9, ..Watch::default() }).await.unwrap();
        let number = |last: u32| to(&format!("+96650123400{last}"));
        for last in 0..5 {
            house.begin(number(last)).await.unwrap();
        }
        house.t.clock.advance(180);
        let problem = house.begin(number(6)).await.unwrap_err().problem();
        assert_eq!((problem.code, problem.retry_after), (Code::PumpingSuspected, Some(3600)));
        assert!(problem.detail.contains("of the last 5 codes"), "{}", problem.detail);
        house.begin(to("+966509876543")).await.unwrap();
        house.begin(NewVerification { trial: true, ..number(6) }).await.unwrap();
        house.ctx.db.tx(|tx| tx.exec(AGED, store::params![86_400 * kernel::Timestamp::SECOND])).await.unwrap();
        let id = house.begin(number(7)).await.unwrap();
        check(&house.ctx, id, &house.code(), false).await.unwrap();
        for last in 0..4 {
            house.begin(number(last)).await.unwrap();
        }
        house.t.clock.advance(180);
        house.begin(number(8)).await.unwrap();
        assert_eq!(code_of(watch::put(&house.ctx, &Watch { block_percent: 101, ..Watch::default() }).await.unwrap_err()), Code::InvalidInput);
    }

    async fn a_trial_has_a_known_code_and_counts_for_nobody_else(t: Fixture) {
        let house = House::new(t).await;
        let id = house.begin(NewVerification { trial: true, code_length: Some(5), ..to(LINA) }).await.unwrap();
        assert!(house.post.texts.lock()[0].trial);
        assert_eq!(house.code(), "12345");
        assert_eq!(code_of(check(&house.ctx, id, "12345", false).await.unwrap_err()), Code::NotFound, "for a live key");
        let live = house.begin(to(LINA)).await.unwrap();
        assert_eq!(code_of(check(&house.ctx, live, "12345", true).await.unwrap_err()), Code::NotFound, "for a test key");
        assert_eq!(check(&house.ctx, id, &TRIAL_CODE[..5], true).await.unwrap().state, VerificationState::Verified);
        let mail = NewVerification { trial: true, ..to("sara@example.com") };
        let id = house.begin(mail).await.unwrap();
        house.work().await;
        assert!(house.post.mails.lock().is_empty(), "nothing leaves");
        check(&house.ctx, id, "123456", true).await.unwrap();
    }

    async fn erasure_takes_verifications_along(t: Fixture) {
        let house = House::new(t).await;
        let id = house.begin(to(LINA)).await.unwrap();
        let contact = find(&house.ctx, id).await.unwrap().0.contact.unwrap();
        privacy::erasure::erase(&house.ctx, house.outbound.gate(), contact).await.unwrap();
        assert_eq!(code_of(find(&house.ctx, id).await.unwrap_err()), Code::NotFound);
    }

    async fn services_are_kept_by_name(t: Fixture) {
        let house = House::new(t).await;
        let ctx = &house.ctx;
        let made = services::add(ctx, " Shop ", &Settings::default()).await.unwrap();
        assert_eq!(made.name, "Shop");
        assert_eq!(services::add(ctx, "Shop", &Settings::default()).await.unwrap_err().problem().fields[0].field, "name");
        let bad = Settings { texts: [("en".to_owned(), "no code".to_owned())].into(), ..Settings::default() };
        assert_eq!(services::change(ctx, made.id, "Shop", &bad).await.unwrap_err().problem().fields[0].field, "texts");
        let ar = Settings { texts: [("ar".to_owned(), "رمزك {code}".to_owned())].into(), ..Settings::default() };
        services::change(ctx, made.id, "متجر", &ar).await.unwrap();
        let new = NewVerification { service: Some(made.id), locale: Some("ar-SA".parse().unwrap()), ..to(LINA) };
        house.begin(new).await.unwrap();
        let code = house.code();
        assert_eq!(house.post.texts.lock()[0].text, format!("رمزك {code}"));
        services::remove(ctx, made.id).await.unwrap();
        assert!(services::list(ctx).await.unwrap().is_empty());
        assert_eq!(services::get(ctx, made.id).await.unwrap_err().problem().code, Code::NotFound);
    }
}
