//! The privacy centre, as somebody without an account uses it.

use std::sync::Arc;

use accounts::workspaces;
use mail::inbound::{Mail, Received};
use people::contacts::{self, Standard};
use people::events::EventRow;
use people::requests::Intakes;
use people::segments::conditions::{EventClass, EventKind};
use privacy::disclosures::{self, Disclosure, Notify, RecipientKind};
use privacy::provenance::Method;
use privacy::purposes::review;
use privacy::requests::{self, Request, RequestKind, RequestState, Via, recipients};
use privacy::retention::{HoldKind, NewHold};
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use privacy::{claims, incidents, processors, retention};
use serde_json::json;
use store::jobs::{self, Handler};
use store::{PersonalTable, params};
use testkit::Fixture;

use super::world::{Reader, World};
use super::{held_by_slices, hidden, submit};

impl World {
    async fn slug(&self) -> String {
        workspaces::get(&self.ctx).await.unwrap().slug
    }

    /// Looks up what came in and answers the newest link that was asked for.
    async fn mailed(&self) -> Option<String> {
        let handlers: [Arc<dyn Handler>; 1] = [Arc::new(Intakes)];
        jobs::drain(&self.ctx.core, &handlers).await.unwrap();
        let asked = jobs::claim(&self.ctx.core, requests::NOTICE_QUEUE, 20).await.unwrap();
        let challenge = asked.iter().filter_map(|job| job.payload["challenge"].as_str()?.parse().ok()).max()?;
        Some(requests::token(&self.ctx.keys().await.unwrap(), self.ctx.workspace, challenge))
    }

    async fn newest(&self, reader: &Reader) -> Request {
        requests::of_subject(&self.ctx, reader.contact).await.unwrap().remove(0)
    }
}

store::sql! {
    PUT_AUTHORITY = "INSERT INTO authority_request (workspace, id, state, received_at, government_body, jurisdiction, compulsory,
            detail, version, updated_at) VALUES ($1, $2, 'closed', $3, $4, $4, $4, $5, 1, $3)";
    PUT_NAMED = "INSERT INTO authority_subject (workspace, request, subject, added_at, disclosed_at) VALUES ($1, $2, $3, $4, $4)";
    PUT_ANNOUNCEMENT = "INSERT INTO announcement (workspace, id, kind, audience, about, content, created_at, queued, refused)
        VALUES ($1, $2, 'CanaryLetter', 'listed', $2, $3, $4, 0, 0)";
    PUT_TOLD = "INSERT INTO announcement_recipient (workspace, announcement, subject, told_at) VALUES ($1, $2, $3, $4)";
    PUT_ENRICHED = "INSERT INTO enriched (workspace, contact, at) VALUES ($1, $2, $3)";
    PUT_ANSWERED = "INSERT INTO answered (workspace, contact, question, message, at) VALUES ($1, $2, 'CanaryQuestion', $3, $4)";
    PUT_ENROLLED = "INSERT INTO sequence_person (workspace, sequence, contact, state, step, due_at, reason, enrolled_at, updated_at)
        VALUES ($1, $2, $3, 'stopped', 1, $4, 'CanaryStep', $4, $4)";
}

/// What registers, series and holds say about a person; somebody receives everybody's data.
async fn outside_of_the_file(world: &World, who: &Reader) {
    let (ctx, ws, now, who) = (&world.ctx, world.ctx.workspace, world.ctx.now(), who.contact);
    let mut batch = ctx.batch();
    privacy::halts::put(&mut batch, ctx, [3; 16], who, "CanaryHalt");
    privacy::art14::owe(&mut batch, ctx, who, Method::Purchased, now);
    batch.push(PUT_AUTHORITY, params![ws, [4u8; 16], now, true, &[0u8][..]]);
    batch.push(PUT_NAMED, params![ws, [4u8; 16], who, now]);
    batch.push(PUT_ANNOUNCEMENT, params![ws, [5u8; 16], &[0u8][..], now]);
    batch.push(PUT_TOLD, params![ws, [5u8; 16], who, now]);
    batch.push(PUT_ENRICHED, params![ws, who, now]);
    batch.push(PUT_ANSWERED, params![ws, who, [6u8; 16], now]);
    batch.push(PUT_ENROLLED, params![ws, [3u8; 16], who, now]);
    ctx.db.apply(batch).await.unwrap();
    review::transition(ctx, who, review::Relationship::Lead, review::Relationship::Customer).await.unwrap();
    let details = incidents::Details { title: "An open port".to_owned(), ..incidents::Details::default() };
    let incident = incidents::create(ctx, incidents::Kind::Breach, None, details).await.unwrap();
    incidents::affect(ctx, incident.id, &[who], "CanaryIncident").await.unwrap();
    let relay = processors::Details {
        name: "CanaryRelay".to_owned(),
        role: Some(processors::Role::Processor),
        countries: vec!["DE".to_owned()],
        mechanism: Some(processors::Mechanism::NoneEea),
        dpa_date: Some(now.date()),
        service: "carries messages".to_owned(),
        purposes: vec!["marketing".to_owned()],
        data_categories: vec!["contact".to_owned()],
        ..processors::Details::default()
    };
    let relay = processors::create(ctx, relay).await.unwrap();
    let at_once = processors::Enable { effective_at: Some(now), short_notice: Some("the first one".to_owned()) };
    processors::enable(ctx, relay.id, at_once).await.unwrap();
    for (kind, reason) in [(HoldKind::Dispute, "case 9"), (HoldKind::GovernmentOrder, "secret order")] {
        let hold = NewHold { kind, class: None, subject: Some(who), reason: reason.into(), ends_on: None };
        retention::hold(ctx, hold).await.unwrap();
    }
}

/// The first link of a page that begins like this.
fn link(page: &str, begins: &str) -> String {
    let from = page.find(&format!("href=\"{begins}")).unwrap_or_else(|| panic!("no {begins}: {page}")) + 6;
    page[from..].split('"').next().unwrap().to_owned()
}

testkit::each_engine! {
    async fn a_form_becomes_a_pack_by_way_of_the_address_on_file(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let omar = world.reader("omar@example.org", "Omar", "en").await;
        let path = format!("/privacy/{}", world.slug().await);
        let centre = world.client().get(&path).await.text();
        assert!(centre.contains("Nur Foundation") && centre.matches("<section>").count() == 7);
        let form = format!("{path}/access");
        let known = submit(&world.client(), &form, &[("email", "lina@example.com"), ("text", "please")]).await;
        let link_to = world.mailed().await.unwrap();
        let unknown = submit(&world.client(), &form, &[("email", "nobody@example.com"), ("text", "please")]).await;
        assert_eq!(world.mailed().await, None);
        let neutral = |text: String| text.split("dsr_").map(|part| part.get(26..).unwrap_or(part).to_owned()).collect::<Vec<_>>()[1].clone();
        assert_eq!((known.status, neutral(known.text())), (unknown.status, neutral(unknown.text())), "nobody learns who is known");
        assert_eq!(world.newest(&lina).await.state, RequestState::Challenged);

        let verify = format!("/privacy/verify/{link_to}");
        for _ in 0..2 {
            let page = world.client().get(&verify).await;
            assert!(page.status == 200 && page.text().contains("Yes, this is my request"), "GET changes nothing");
        }
        let done = submit(&world.client(), &verify, &[]).await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert_eq!(submit(&world.client(), &verify, &[]).await.status, 410, "once");
        let request = world.newest(&lina).await;
        assert_eq!((request.state, request.via, request.content), (RequestState::Fulfilled, Via::Centre, None));

        let data = link(&done.text(), "/privacy/status/");
        let html = world.client().get(&data).await.text();
        let json = world.client().get(&format!("{data}.json")).await;
        assert!(json.header("content-disposition").starts_with("attachment"));
        for shown in [&html, &json.text()] {
            for wanted in ["lina@example.com", "Lina", "the stand at the book fair", "Spring in the garden"] {
                assert!(shown.contains(wanted), "{wanted}");
            }
            assert!(!shown.contains("omar@example.org") && !shown.contains("Omar"));
        }
        let arabic = world.client().get(&format!("{data}?lang=ar")).await.text();
        assert!(arabic.contains("dir=\"rtl\"") && arabic.contains("من تسلّمها") && !arabic.contains("<script"));
        let status = data.trim_end_matches("/data").to_owned();
        assert!(world.client().get(&status).await.text().contains("Your request has been answered."));
        world.t.clock.advance(14 * 86_400);
        assert_ne!(world.client().get(&data).await.status, 200, "after fourteen days it is gone");
        assert!(requests::of_subject(&world.ctx, omar.contact).await.unwrap().is_empty());
    }

    async fn erasure_shows_the_certificate_and_tells_recipients(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let mut batch = world.ctx.batch();
        let disclosure = Disclosure {
            subject: Some(lina.contact),
            recipient: "Partner GmbH",
            kind: RecipientKind::Partner,
            categories: &["contact"],
            purpose: "a joint fair",
            notify: Some(Notify::parse("privacy@partner.example").unwrap()),
            reference: None,
        };
        disclosures::record(&mut batch, &world.ctx, disclosure).await.unwrap();
        world.ctx.db.apply(batch).await.unwrap();
        let form = format!("/privacy/{}/erasure", world.ctx.workspace);
        submit(&world.client(), &form, &[("email", "lina@example.com"), ("child", "yes")]).await;
        let verify = format!("/privacy/verify/{}", world.mailed().await.unwrap());
        let request = world.newest(&lina).await;
        assert!(request.child && request.target_at < request.due_at);
        assert!(world.client().get(&verify).await.text().contains("Yes, erase my data for good"));
        let done = submit(&world.client(), &verify, &[]).await;
        assert!(done.status == 200 && done.text().contains("&quot;signature&quot;"), "{}", done.text());
        assert!(privacy::erasure::certificate(&world.ctx, lina.contact).await.unwrap().is_some());
        assert!(contacts::get(&world.ctx, people::ReadFor::Work, lina.contact).await.is_err());
        assert_eq!(world.newest(&lina).await.state, RequestState::Fulfilled);

        let notice = recipients::of_subject(&world.ctx, lina.contact).await.unwrap().remove(0);
        let token = recipients::token(&world.ctx.keys().await.unwrap(), world.ctx.workspace, notice.id);
        let path = format!("/privacy/recipient/{token}");
        assert!(world.client().get(&path).await.text().contains("It was done"));
        assert!(recipients::due(&world.ctx, notice.id).await.unwrap().is_some(), "GET does not acknowledge");
        assert!(submit(&world.client(), &path, &[]).await.text().contains("on record"));
        assert!(recipients::of_subject(&world.ctx, lina.contact).await.unwrap()[0].acknowledged_at.is_some());
        assert_eq!(world.client().get(&format!("{path}A")).await.status, 404);
    }

    async fn a_letters_link_needs_no_other(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let preferences = world.client().get(&format!("/p/{}", lina.token)).await.text();
        let centre = link(&preferences, "/privacy/");
        let page = world.client().get(&centre).await.text();
        let form = link(&page, &format!("/privacy/{}/restriction", world.slug().await));
        assert!(form.ends_with(&lina.token) && world.client().get(&form).await.text().contains("we know who asks"));
        let path = form.split('?').next().unwrap();
        let done = submit(&world.client(), path, &[("letter", &lina.token)]).await;
        assert!(done.text().contains("From now on your data are only kept."), "{}", done.text());
        let request = world.newest(&lina).await;
        assert_eq!((request.kind, request.via, request.verified_by.as_deref()),
            (RequestKind::Restriction, Via::PreferencePage, Some("letter")));
        assert!(privacy::facts::read(&world.ctx, lina.contact).await.unwrap().unwrap().restricted);

        let forged = submit(&world.client(), path, &[("letter", &format!("{}A", lina.token)), ("email", "lina@example.com")]).await;
        assert!(forged.text().contains("We have written down your request."), "a forged link is no link");
        let forget = format!("/p/{}/forget", lina.token);
        let ask = submit(&world.client(), &forget, &[]).await.text();
        submit(&world.client(), &forget, &[("confirm", &hidden(&ask, "confirm"))]).await;
        let shell = world.newest(&lina).await;
        assert_eq!((shell.kind, shell.state), (RequestKind::Erasure, RequestState::Fulfilled));
    }

    async fn what_a_human_must_see_waits_and_can_be_taken_back(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let settings = serde_json::json!({ "data_requests": { "manual": ["objection"] } });
        let change = workspaces::Change { settings: settings.as_object().cloned(), ..workspaces::Change::default() };
        workspaces::update(&world.ctx, change).await.unwrap();
        let path = format!("/privacy/{}", world.slug().await);
        for (kind, fields) in [("objection", vec![("channel", "sms")]), ("rectification", vec![("text", "my name is wrong")])] {
            let all: Vec<(&str, &str)> = fields.into_iter().chain([("email", "lina@example.com")]).collect();
            submit(&world.client(), &format!("{path}/{kind}"), &all).await;
            let verify = format!("/privacy/verify/{}", world.mailed().await.unwrap());
            let page = submit(&world.client(), &verify, &[]).await.text();
            assert!(page.contains("Somebody is looking at your request."), "{page}");
            assert_eq!(world.newest(&lina).await.state, RequestState::Verified);
            let status = link(&page, "/privacy/status/");
            let taken = submit(&world.client(), &status, &[("action", "withdraw")]).await.text();
            assert!(taken.contains("You took your request back."));
            assert_eq!(world.newest(&lina).await.state, RequestState::Withdrawn);
            world.t.clock.advance(61);
        }
    }

    async fn a_refusal_says_why_and_where_to_complain(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.lina().await;
        let ctx = &world.ctx;
        let new = requests::New {
            kind: RequestKind::Erasure, via: Via::Post, subject: Some(lina.contact), child: false,
            received_at: ctx.now(), content: requests::Content::default(),
        };
        let request = people::requests::receive(ctx, new).await.unwrap();
        requests::refuse(ctx, request.id, requests::Ground::LegalObligation, "Invoices must be kept <ten> years.").await.unwrap();
        let token = requests::status_token(&ctx.keys().await.unwrap(), ctx.workspace, request.id, ctx.now().plus_seconds(60));
        let page = world.client().get(&format!("/privacy/status/{token}")).await.text();
        assert!(page.contains("Invoices must be kept &lt;ten&gt; years.") && page.contains("sdaia.gov.sa"), "{page}");
        world.t.clock.advance(60);
        assert_eq!(world.client().get(&format!("/privacy/status/{token}")).await.status, 410);
    }

    async fn forms_are_checked_and_limited(t: Fixture) {
        let world = World::new(t).await;
        let path = format!("/privacy/{}/access", world.slug().await);
        let wrong = submit(&world.client(), &path, &[("email", "\"><script>"), ("text", "<b>")]).await;
        assert!(wrong.status == 422 && wrong.text().contains("not an e-mail address") && !wrong.text().contains("<script"));
        assert_eq!(world.client().get("/privacy/nowhere").await.status, 404);
        assert_eq!(world.client().get(&format!("{path}x")).await.status, 404);
        submit(&world.client(), &path, &[("email", "a@example.com"), ("website", "spam")]).await;
        assert_eq!(jobs::pending(&world.ctx.db, requests::INTAKE_QUEUE).await.unwrap(), 0, "the trap catches");
    }

    /// A canary in every column that can hold something about a person: all of them are in the pack,
    /// none of anybody else's. Whoever adds a table with a collector adds its canary here.
    async fn the_pack_holds_a_canary_of_every_table(t: Fixture) {
        let world = World::new(t).await;
        let lina = world.reader("canary.mail@example.com", "CanaryFirst", "en").await;
        world.reader("foreign.mail@example.org", "ForeignFirst", "en").await;
        let ctx = &world.ctx;
        let elsewhere = world.t.workspace().await;
        let draft = |email: &str, company: &str| contacts::Draft {
            emails: vec![email.parse().unwrap()],
            values: [(Standard::Company, company.to_owned())].into(),
            ..contacts::Draft::default()
        };
        let origin = |source: &str| contacts::Origin { method: Method::Given, source: source.to_owned() };
        contacts::create(&elsewhere, draft("canary.mail@example.com", "ForeignWorkspace"), &origin("x")).await.unwrap();

        let field = people::fields::define(ctx, "Shoe", people::fields::FieldKind::Text, "marketing").await.unwrap();
        let change = contacts::Change {
            draft: contacts::Draft {
                attributes: [(field.key, json!("CanaryAttribute, ForeignFirst and foreign.mail@example.org"))].into(),
                phones: vec![kernel::Phone::parse("+966501234567", None).unwrap()],
                tags: vec!["CanaryTag".to_owned()],
                ..draft("canary.other@example.com", "CanaryCompany")
            },
            ..contacts::Change::default()
        };
        contacts::update(ctx, lina.contact, change, &origin("CanarySource")).await.unwrap();
        let keys = ctx.vault.subject(ctx.workspace, lina.contact).await.unwrap();
        let mut batch = ctx.batch();
        let claim = claims::Statement {
            subject: lina.contact,
            purpose: Purpose::PROFILING,
            channel: Channel::Email,
            topic: None,
            basis: BasisKind::Consent,
            state: ConsentState::Given,
            at: ctx.now(),
            expires_at: None,
            detail: json!({ "wording": "CanaryWording" }),
        };
        claims::state(&mut batch, ctx, &ctx.keys().await.unwrap(), &keys, claim).unwrap();
        let disclosure = Disclosure {
            subject: Some(lina.contact),
            recipient: "CanaryRecipient",
            kind: RecipientKind::Processor,
            categories: &["contact"],
            purpose: "CanaryReason",
            notify: None,
            reference: None,
        };
        disclosures::record(&mut batch, ctx, disclosure).await.unwrap();
        let sent = outbound::list_deliveries(ctx, world.run.source, None, 100).await.unwrap();
        let message = sent.iter().find(|row| row.contact == lina.contact).map(|row| row.id);
        let (kind, class) = (EventKind::Sent, EventClass::Human);
        let event = EventRow { contact: lina.contact, kind, class, campaign: None, message, at: ctx.now() };
        people::events::push(&mut batch, ctx, &event);
        ctx.db.apply(batch).await.unwrap();
        mail::domains::add(ctx, "example.org").await.unwrap();
        let raw = "From: canary.mail@example.com\r\nTo: news@example.org\r\nSubject: Re\r\n\r\nWhat is this? CanaryReply\r\n";
        let mail = Mail {
            from: "canary.mail@example.com".to_owned(),
            recipients: vec!["news@example.org".to_owned()],
            raw: raw.as_bytes().to_vec(),
            peer: "127.0.0.1:25".parse().unwrap(),
        };
        mail::incoming::Inbound::new(ctx.core.clone()).store(mail).await.unwrap();

        outside_of_the_file(&world, &lina).await;
        held_by_slices::put(&world, lina.contact, "canary.mail@example.com", "+966501234567").await;
        let new = requests::New {
            kind: RequestKind::Access, via: Via::Post, subject: Some(lina.contact), child: false,
            received_at: ctx.now(), content: requests::Content { text: "CanaryRequest".to_owned(), ..requests::Content::default() },
        };
        let request = people::requests::receive(ctx, new).await.unwrap();
        requests::verify(ctx, request.id, requests::By::Member, Some("passport seen")).await.unwrap();
        let done = people::requests::fulfil(ctx, world.app.outbound.gate(), request.id).await.unwrap();
        let requests::Outcome::Pack(pack) = done.outcome else { panic!("no pack") };
        let text = pack.to_string();
        for canary in ["canary.mail@example.com", "canary.other@example.com", "CanaryFirst", "CanaryCompany", "CanaryAttribute",
            "966501234567", "CanaryTag", "CanarySource", "CanaryWording", "CanaryRecipient", "CanaryReason", "CanaryReply",
            "CanaryRequest", "CanaryIncident", "CanaryLetter", "CanaryHalt", "CanaryQuestion", "CanaryStep",
            "CanaryRelay", "the stand at the book fair", "Spring in the garden"].iter().chain(&held_by_slices::CANARIES) {
            assert!(text.contains(canary), "{canary}: {text}");
        }
        let relay = pack["recipients"].as_array().unwrap().iter().find(|one| one["recipient"] == "CanaryRelay").unwrap();
        assert_eq!((&relay["countries"][0], &relay["everybody"]), (&json!("DE"), &json!(true)));
        let ends = |class: &str| pack["retention"].as_array().unwrap().iter().find(|one| one["class"] == class).unwrap();
        assert_eq!((&ends("comms.traffic")["period"], &ends("comms.traffic")["runs_from"]), (&json!("P6M"), &json!("message.created")));
        assert!(ends("consent.evidence")["kept_after_erasure"].as_array().is_some_and(|kept| !kept.is_empty()));
        assert_eq!(ends("marketing.contact")["due_at"], json!(null), "she consented: nothing is due yet");
        let created: kernel::Timestamp = pack["messages"][0]["created_at"].as_str().unwrap().parse().unwrap();
        let until: kernel::Timestamp = pack["messages"][0]["kept_until"].as_str().unwrap().parse().unwrap();
        assert_eq!(until, "P6M".parse::<privacy::retention::Period>().unwrap().after(created));
        let held: Vec<_> = pack["holds"].as_array().unwrap().iter().map(|hold| hold["kind"].as_str().unwrap()).collect();
        assert_eq!(held, ["dispute"], "whether an authority ordered something is not told here");
        assert!(!text.contains("secret order") && !text.contains("Foreign") && !text.contains("foreign.mail"), "{text}");
        let shown = |table: &str| match table {
            "delivery" => !pack["messages"].as_array().unwrap().is_empty(),
            "disclosure" => !pack["recipients"].as_array().unwrap().is_empty(),
            // Only a server that sends nothing catches messages.
            "caught_message" => true,
            other => pack["data"].as_array().unwrap().iter().any(|section| section["table"] == other),
        };
        let missing: Vec<&str> = PersonalTable::all()
            .filter(|table| table.collect.is_some() && !shown(table.table))
            .map(|table| table.table)
            .collect();
        assert!(missing.is_empty(), "say something about the person in {missing:?}");
    }
}
