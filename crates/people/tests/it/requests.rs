//! Requests of data subjects: who may ask, what is done, and what stays.

use std::sync::Arc;

use accounts::users::password::Cost;
use accounts::users::{NewUser, SignUp};
use accounts::workspaces::NewWorkspace;
use accounts::{Accounts, Settings};
use kernel::{Code, ContactId, Email, EventId, Timestamp};
use people::contacts::{self, Standard};
use people::requests::{Intakes, by_mail, fulfil, receive};
use privacy::claims;
use privacy::disclosures::{self, Disclosure, Notify, RecipientKind};
use privacy::facts;
use privacy::gate::Gate;
use privacy::requests::recipients::{self, Act, State};
use privacy::requests::{
    self, Authentication, Authenticity, By, Content, Ground, Intake, New, Outcome, Request, RequestKind, RequestState,
    Via,
};
use privacy::vocabulary::Channel;
use privacy::{provenance, retention};
use store::jobs::{self, Handler};
use store::{Actor, Ctx};
use testkit::Fixture;

use super::{origin, person};

const DAY: i64 = 86_400;

fn asks(kind: RequestKind, subject: ContactId, ctx: &Ctx) -> New {
    let (subject, received_at) = (Some(subject), ctx.now());
    New { kind, via: Via::Api, subject, child: false, received_at, content: Content::default() }
}

fn proof(result: Authenticity) -> Authentication {
    Authentication::new(result, "example.com".to_owned())
}

async fn verified(ctx: &Ctx, new: New) -> Request {
    let request = receive(ctx, new).await.unwrap();
    requests::verify(ctx, request.id, By::Member, Some("passport seen")).await.unwrap()
}

async fn disclose(ctx: &Ctx, subject: ContactId, recipient: &str, notify: Option<&str>) {
    let disclosure = Disclosure {
        subject: Some(subject),
        recipient,
        kind: RecipientKind::Partner,
        categories: &["contact"],
        purpose: "a joint fair",
        notify: notify.map(|text| Notify::parse(text).unwrap()),
        reference: Some("fair-7"),
    };
    let mut batch = ctx.batch();
    disclosures::record(&mut batch, ctx, disclosure).await.unwrap();
    ctx.db.apply(batch).await.unwrap();
}

/// The tokens of the links that were asked for, the newest last.
async fn links(ctx: &Ctx) -> Vec<String> {
    let keys = ctx.keys().await.unwrap();
    let jobs = jobs::claim(&ctx.core, requests::NOTICE_QUEUE, 20).await.unwrap();
    let mut challenges: Vec<EventId> =
        jobs.iter().filter_map(|job| job.payload["challenge"].as_str()?.parse().ok()).collect();
    challenges.sort();
    challenges.into_iter().map(|challenge| requests::token(&keys, ctx.workspace, challenge)).collect()
}

async fn come_in(ctx: &Ctx, email: &str, kind: RequestKind) -> kernel::RequestId {
    let content = Content { requester: Some(email.to_owned()), text: "please".into(), ..Content::default() };
    let intake = Intake { kind, via: Via::Centre, child: false, received_at: ctx.now(), content };
    let id = requests::intake(ctx, &intake).await.unwrap();
    let handlers: [Arc<dyn Handler>; 1] = [Arc::new(Intakes)];
    jobs::drain(&ctx.core, &handlers).await.unwrap();
    id
}

fn code(error: people::Error) -> Code {
    error.problem().code
}

testkit::each_engine! {
    async fn the_pack_holds_everything_of_one_person_and_nobody_else(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let mut draft = person("lina@example.com", "Lina");
        draft.values.insert(Standard::Company, "Asked for omar@example.org, Omar said no".into());
        draft.values.insert(Standard::Country, "NL".into());
        let lina = contacts::create(&ctx, draft, &origin()).await.unwrap();
        contacts::create(&ctx, person("omar@example.org", "Omar"), &origin()).await.unwrap();
        disclose(&ctx, lina, "Partner GmbH", None).await;

        let request = receive(&ctx, asks(RequestKind::Access, lina, &ctx)).await.unwrap();
        assert_eq!(code(fulfil(&ctx, &gate, request.id).await.unwrap_err()), Code::Conflict, "nothing before it is verified");
        assert!(requests::pack_of(&ctx, request.id).await.unwrap().is_none());
        requests::note(&ctx, request.id, "called her back").await.unwrap();
        assert!(requests::verify(&ctx, request.id, By::Member, Some(" ")).await.is_err());
        requests::verify(&ctx, request.id, By::Member, Some("passport seen")).await.unwrap();
        let done = fulfil(&ctx, &gate, request.id).await.unwrap();
        let Outcome::Pack(pack) = &done.outcome else { panic!("{:?}", done.outcome) };
        let text = pack.to_string();
        for wanted in ["lina@example.com", "Lina", "Partner GmbH", "told at the desk", "marketing", "Autoriteit Persoonsgegevens"] {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
        assert!(!text.contains("omar") && !text.contains("Omar"), "{text}");
        assert_eq!((pack["format"].as_str(), pack["masked"].as_u64()), (Some("barid-access-pack/1"), Some(2)));

        let shell = requests::get(&ctx, request.id).await.unwrap();
        assert_eq!((shell.state, shell.content), (RequestState::Fulfilled, None));
        assert_eq!(shell.result.map(|hash| hash.len()), Some(64));
        assert!(requests::timeline(&ctx, request.id).await.unwrap().iter().all(|entry| entry.note.is_none()));
        assert!(requests::pack_of(&ctx, request.id).await.unwrap().is_some());
        let other = t.workspace().await;
        assert!(requests::get(&other, request.id).await.is_err() && requests::pack_of(&other, request.id).await.unwrap().is_none());
        t.clock.advance(14 * DAY);
        assert!(requests::pack_of(&ctx, request.id).await.unwrap().is_none());
        let hour = async || {
            requests::tick(&ctx).await.unwrap();
            retention::run(&ctx, retention::Mode::Real, 1000).await.unwrap();
        };
        hour().await;
        assert!(requests::get(&ctx, request.id).await.is_ok());
        t.clock.set("2031-11-20T09:00:00Z".parse().unwrap());
        hour().await;
        assert!(requests::get(&ctx, request.id).await.is_ok(), "a day before five years the shell is there");
        t.clock.advance(2 * DAY);
        hour().await;
        assert!(requests::get(&ctx, request.id).await.is_err(), "after five years it is gone");
    }

    async fn erasure_tells_recipients_and_leaves_a_shell(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let lina = contacts::create(&ctx, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        disclose(&ctx, lina, "Partner GmbH", Some("privacy@partner.example")).await;
        disclose(&ctx, lina, "Ministry", None).await;
        let open = verified(&ctx, asks(RequestKind::Access, lina, &ctx)).await;
        fulfil(&ctx, &gate, open.id).await.unwrap();
        let request = verified(&ctx, asks(RequestKind::Erasure, lina, &ctx)).await;
        let done = fulfil(&ctx, &gate, request.id).await.unwrap();
        assert!(done.certificate.unwrap().is_authentic());
        assert_eq!(requests::get(&ctx, request.id).await.unwrap().state, RequestState::Fulfilled);
        assert!(requests::pack_of(&ctx, open.id).await.unwrap().is_none(), "her pack went with her");

        let told = recipients::of_subject(&ctx, lina).await.unwrap();
        let mut states: Vec<_> = told.iter().map(|one| (one.act, one.state)).collect();
        states.sort();
        assert_eq!(states, [(Act::Erased, State::Waiting), (Act::Erased, State::Unreachable)]);
        let waiting = told.iter().find(|one| one.state == State::Waiting).unwrap().id;
        let due = recipients::due(&ctx, waiting).await.unwrap().unwrap();
        assert_eq!((due.addresses.as_slice(), due.disclosed.reference.as_deref()),
            (["email:lina@example.com".to_owned()].as_slice(), Some("fair-7")));
        recipients::tried(&ctx, waiting, false).await.unwrap();
        let token = recipients::token(&ctx.keys().await.unwrap(), ctx.workspace, waiting);
        assert!(recipients::of_token(&t.core, &format!("{token}A")).await.is_err());
        recipients::acknowledged(&ctx, recipients::of_token(&t.core, &token).await.unwrap().1.id).await.unwrap();
        assert!(recipients::due(&ctx, waiting).await.unwrap().is_none(), "her address is gone with the acknowledgement");
        let told = recipients::of_subject(&ctx, lina).await.unwrap();
        let done = told.iter().find(|one| one.id == waiting).unwrap();
        assert_eq!((done.state, done.attempts, done.acknowledged_at.is_some()), (State::Acknowledged, 1, true));
    }

    async fn unanswered_notices_lose_the_address_after_two_weeks(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let lina = contacts::create(&ctx, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        disclose(&ctx, lina, "Partner GmbH", Some("https://partner.example/hook")).await;
        contacts::erase(&ctx, &gate, lina).await.unwrap();
        let notice = recipients::of_subject(&ctx, lina).await.unwrap().remove(0).id;
        t.clock.advance(14 * DAY + 1);
        requests::tick(&ctx).await.unwrap();
        assert_eq!(recipients::of_subject(&ctx, lina).await.unwrap()[0].state, State::Failed);
        assert!(ctx.vault.subject(ctx.workspace, ContactId(notice.0)).await.unwrap().data().is_err());
    }

    async fn corrections_say_that_the_person_gave_them(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let lina = contacts::create(&ctx, person("lina@example.com", "Lena"), &origin()).await.unwrap();
        let mut new = asks(RequestKind::Rectification, lina, &ctx);
        new.content.corrections = [("first_name".into(), "لينا".into()), ("email".into(), "l@example.com".into())].into();
        let request = verified(&ctx, new).await;
        fulfil(&ctx, &gate, request.id).await.unwrap();
        let profile = contacts::get(&ctx, people::ReadFor::Work, lina).await.unwrap().loaded.profile;
        assert_eq!((profile.value(Standard::FirstName), profile.emails.len()), (Some("لينا"), 2));
        let source = profile.source(&profile.values[&Standard::FirstName]).unwrap();
        let source = provenance::get(&ctx, source).await.unwrap();
        assert_eq!((source.method, source.source), (provenance::Method::Given, format!("request {}", request.id)));

        let mut words_only = asks(RequestKind::Rectification, lina, &ctx);
        words_only.content.text = "my name is wrong".into();
        let request = verified(&ctx, words_only).await;
        assert_eq!(code(fulfil(&ctx, &gate, request.id).await.unwrap_err()), Code::Conflict);
        let done = people::requests::by_hand(&ctx, request.id, "called, corrected").await.unwrap();
        assert_eq!(done.request.state, RequestState::Fulfilled);
    }

    async fn objections_and_restrictions_reach_the_gate(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let lina = contacts::create(&ctx, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        let blocks = async || {
            let told = privacy::answer::answer(&ctx, lina).await.unwrap();
            let mut scopes: Vec<String> = told.suppressions.iter().map(|one| one.block.scope.to_string()).collect();
            scopes.sort();
            scopes.dedup();
            scopes
        };
        let mut one = asks(RequestKind::Objection, lina, &ctx);
        one.content.channel = Some(Channel::Sms);
        fulfil(&ctx, &gate, verified(&ctx, one).await.id).await.unwrap();
        assert_eq!(blocks().await, ["channel:sms"]);
        fulfil(&ctx, &gate, verified(&ctx, asks(RequestKind::Objection, lina, &ctx)).await.id).await.unwrap();
        assert_eq!(blocks().await, ["channel:sms", "purpose:marketing"]);

        fulfil(&ctx, &gate, verified(&ctx, asks(RequestKind::Restriction, lina, &ctx)).await.id).await.unwrap();
        let known = facts::read(&ctx, lina).await.unwrap().unwrap();
        assert_eq!((known.restricted, known.restricted_since), (true, Some(ctx.now())));
        assert!(claims::list(&ctx, lina).await.unwrap().iter().all(|claim| !claim.state.is_valid()));
    }

    async fn strangers_learn_nothing_and_links_work_once(t: Fixture) {
        let plain = t.workspace().await;
        let ctx = t.core.ctx(plain.workspace, Actor::Person);
        let lina = contacts::create(&plain, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        for nobody in ["nobody@example.com", "not an address", &lina.to_string()] {
            let id = come_in(&ctx, nobody, RequestKind::Erasure).await;
            assert!(requests::get(&ctx, id).await.is_err(), "{nobody}");
            assert!(requests::read_intake(&ctx, id).await.unwrap().is_none());
        }
        assert!(links(&ctx).await.is_empty());

        let id = come_in(&ctx, "LINA@example.com", RequestKind::Access).await;
        assert_eq!(requests::get(&ctx, id).await.unwrap().state, RequestState::Challenged);
        let first = links(&ctx).await.pop().unwrap();
        t.clock.advance(60);
        let again = come_in(&ctx, "lina@example.com", RequestKind::Access).await;
        assert!(requests::get(&ctx, again).await.is_err(), "the same request gets another link, not another case");
        let second = links(&ctx).await.pop().unwrap();
        assert!(requests::find(&t.core, &first).await.is_err(), "the older link does not work any more");
        for altered in [format!("{second}A"), second[1..].to_owned(), String::new(), "a".repeat(500)] {
            assert!(requests::find(&t.core, &altered).await.is_err());
        }
        requests::find(&t.core, &second).await.unwrap();
        let (_, request) = requests::redeem(&t.core, &second).await.unwrap();
        assert_eq!((request.state, request.verified_by.as_deref()), (RequestState::Verified, Some("link")));
        assert!(requests::redeem(&t.core, &second).await.is_err(), "once");
        assert_eq!(request.received_at, "2026-11-21T09:00:00Z".parse::<Timestamp>().unwrap(), "the clock runs from receipt");

        let late = come_in(&ctx, "lina@example.com", RequestKind::Erasure).await;
        let link = links(&ctx).await.pop().unwrap();
        t.clock.advance(requests::CHALLENGE_LIFE);
        assert!(requests::redeem(&t.core, &link).await.is_err());
        requests::tick(&ctx).await.unwrap();
        assert_eq!(requests::get(&ctx, late).await.unwrap().state, RequestState::Expired);
        t.clock.advance(31 * DAY);
        requests::tick(&ctx).await.unwrap();
        assert!(requests::get(&ctx, late).await.is_err(), "what nobody verified leaves no trace");
    }

    async fn nobody_is_flooded_with_links(t: Fixture) {
        let ctx = t.workspace().await;
        contacts::create(&ctx, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        let mut sent = 0;
        for kind in RequestKind::ALL.iter().cycle().take(24) {
            come_in(&ctx, "lina@example.com", *kind).await;
            sent += links(&ctx).await.len();
        }
        assert_eq!(sent, 15, "three links for each of five requests a day");
    }

    async fn terms_extensions_and_reminders(t: Fixture) {
        let ctx = t.workspace().await;
        let lina = contacts::create(&ctx, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        t.clock.set("2027-01-31T12:00:00Z".parse().unwrap());
        let request = verified(&ctx, asks(RequestKind::Access, lina, &ctx)).await;
        assert_eq!(request.due_at, "2027-03-01T00:00:00Z".parse().unwrap());
        assert_eq!(request.target_at, request.due_at, "thirty days would be later");
        let reminded = async || requests::get(&ctx, request.id).await.unwrap().reminded;
        for (day, expected) in [("2027-02-10", 0), ("2027-02-15", 50), ("2027-02-24", 80), ("2027-02-25", 80)] {
            t.clock.set(format!("{day}T12:00:00Z").parse().unwrap());
            requests::tick(&ctx).await.unwrap();
            assert_eq!(reminded().await, expected, "{day}");
        }
        assert!(requests::extend(&ctx, request.id, " ").await.is_err(), "an extension needs a reason");
        let extended = requests::extend(&ctx, request.id, "forty requests at once").await.unwrap();
        assert_eq!(extended.due_at, "2027-05-01T00:00:00Z".parse().unwrap(), "30 April is the last day");
        assert_eq!(extended.explanation.as_deref(), Some("forty requests at once"));
        assert!(requests::extend(&ctx, request.id, "more").await.is_err(), "once");
        t.clock.set("2027-05-01T00:00:00Z".parse().unwrap());
        requests::tick(&ctx).await.unwrap();
        assert_eq!(reminded().await, 100);
        assert!(requests::get(&ctx, request.id).await.unwrap().is_late(ctx.now()));

        let child = New { child: true, ..asks(RequestKind::Erasure, lina, &ctx) };
        let child = receive(&ctx, child).await.unwrap();
        assert_eq!(child.target_at, "2027-05-05T00:00:00Z".parse().unwrap(), "three days");
        assert!(requests::extend(&ctx, child.id, "x").await.is_err(), "not before it is verified");
        let future = New { received_at: ctx.now().plus_seconds(1), ..asks(RequestKind::Access, lina, &ctx) };
        assert!(receive(&ctx, future).await.is_err());
    }

    async fn refusals_need_a_ground_that_law_knows(t: Fixture) {
        let ctx = t.workspace().await;
        let lina = contacts::create(&ctx, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        let objection = verified(&ctx, asks(RequestKind::Objection, lina, &ctx)).await;
        assert!(requests::refuse(&ctx, objection.id, Ground::CompellingGrounds, "we like to write").await.is_err());
        let erasure = verified(&ctx, asks(RequestKind::Erasure, lina, &ctx)).await;
        assert!(requests::refuse(&ctx, erasure.id, Ground::LegalClaims, "").await.is_err());
        let refused = requests::refuse(&ctx, erasure.id, Ground::LegalClaims, "a court case is pending").await.unwrap();
        assert_eq!((refused.state, refused.ground), (RequestState::Refused, Some(Ground::LegalClaims)));
        assert_eq!(refused.explanation.as_deref(), Some("a court case is pending"));
        assert!(requests::withdraw(&ctx, erasure.id).await.is_err(), "closed is closed");
        assert_eq!(requests::withdraw(&ctx, objection.id).await.unwrap().state, RequestState::Withdrawn);
        let told = privacy::answer::answer(&ctx, lina).await.unwrap();
        assert!(told.sections.iter().any(|section| section.table == "data_request" && section.records.len() == 2));
    }

    async fn a_senders_address_opens_nothing_and_members_get_a_pointer(t: Fixture) {
        let accounts = Accounts::new(t.core.clone(), Settings { cost: Cost::cheapest(), ..Settings::default() });
        let owner = Email::parse("owner@example.com").unwrap();
        let sign_up = SignUp {
            user: NewUser { email: owner.clone(), name: "Omar".to_owned().into(), password: "correct horse battery".to_owned().into() },
            workspace: NewWorkspace { name: "Nur".into(), language: "en".parse().unwrap(), postal_address: String::new() },
        };
        let (workspace, user) = accounts.create_owner(sign_up).await.unwrap();
        let ctx = t.core.ctx(workspace, Actor::Person);
        let lina = contacts::create(&ctx, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        assert!(!by_mail(&ctx, &owner, "erase me", proof(Authenticity::None)).await.unwrap());
        assert_eq!(jobs::pending(&ctx.db, requests::INTAKE_QUEUE).await.unwrap(), 0, "a member's mail opens no request");
        let asked = jobs::claim(&ctx.core, requests::NOTICE_QUEUE, 20).await.unwrap();
        assert_eq!((asked.len(), asked[0].payload["member"].as_str()), (1, Some(user.to_string().as_str())));

        let handlers: [Arc<dyn Handler>; 1] = [Arc::new(Intakes)];
        for from in ["lina@example.com", "stranger@example.com"] {
            let from = Email::parse(from).unwrap();
            assert!(by_mail(&ctx, &from, "Please delete my data", proof(Authenticity::None)).await.unwrap());
        }
        jobs::drain(&ctx.core, &handlers).await.unwrap();
        let mut opened = requests::list(&ctx, None, None, 10).await.unwrap();
        let case = opened.iter().position(|request| request.subject.is_none()).unwrap();
        assert_eq!(opened.remove(case).state, RequestState::Received, "a stranger's mail waits for a human");
        assert_eq!(opened.len(), 1);
        assert_eq!((opened[0].kind, opened[0].state, opened[0].via), (RequestKind::Erasure, RequestState::Challenged, Via::Mail));
        assert!(fulfil(&ctx, &Gate::new(), opened[0].id).await.is_err(), "nor does a known one, before the link is followed");
        assert!(contacts::get(&ctx, people::ReadFor::Work, lina).await.is_ok());
    }
}
