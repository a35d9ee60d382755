//! Mail to the privacy mailbox: from people who are known, from strangers, and from nobody who proved to be.

use std::sync::Arc;

use accounts::workspaces::Change;
use mail::inbound::{Mail, Received};
use mail::incoming::Inbound;
use outbound::request_notices::RequestNotices;
use people::requests::Intakes;
use privacy::requests::{self, Authenticity, Request, RequestState, Via};
use store::jobs::Handler;
use testkit::Fixture;

use crate::authentication::{Table, signed};
use crate::sink::{Script, Sink};
use crate::world::World;

const LINA: &str = "lina@example.net";

struct House {
    sink: Sink,
    world: World,
}

impl House {
    async fn new(t: Fixture) -> Self {
        let sink = Sink::start(Script::default()).await;
        let world = World::answering(t, sink.address).await;
        let settings = serde_json::json!({
            "data_requests": { "mailbox": "privacy@example.com" },
            "default_sender": { "email": "news@example.com", "name": "Nur" },
        });
        let change = Change { settings: settings.as_object().cloned(), ..Change::default() };
        accounts::workspaces::update(&world.ctx, change).await.unwrap();
        world.verify_domain().await;
        Self { sink, world }
    }

    /// A mail to the privacy mailbox, signed by `domain`, or not; who wrote it must not be believed for that alone.
    async fn writes(&self, from: &str, signer: Option<&str>, policy: Option<&str>, text: &str) {
        let message = format!("From: {from}\r\nTo: privacy@example.com\r\nSubject: My data\r\n\r\n{text}\r\n");
        let (raw, mut table) = match signer {
            Some(domain) => signed(domain, &message),
            None => (message.into_bytes(), Table::default()),
        };
        if let Some(policy) = policy {
            let domain = from.rsplit('@').next().unwrap();
            table = table.with(&format!("_dmarc.{domain}"), &format!("v=DMARC1; p={policy}"));
        }
        let recipients = vec!["privacy@example.com".to_owned()];
        let mail = Mail { from: from.to_owned(), recipients, raw, peer: "127.0.0.1:25".parse().unwrap() };
        let inbound = Inbound::new(self.world.ctx.core.clone()).verifying(Arc::new(table));
        inbound.store(mail).await.unwrap();
        let handlers: [Arc<dyn Handler>; 2] =
            [Arc::new(Intakes), Arc::new(RequestNotices::new(self.world.outbound.clone()))];
        self.world.drain_with(&handlers).await;
        self.world.advance(60);
    }

    async fn requests(&self) -> Vec<Request> {
        requests::list(&self.world.ctx, None, None, 50).await.unwrap()
    }

    fn letters(&self) -> Vec<String> {
        self.sink.messages()
    }
}

fn result(request: &Request) -> Option<Authenticity> {
    request.content.as_ref()?.authentication.as_ref().map(|found| found.result)
}

testkit::each_engine! {
    async fn a_stranger_opens_a_case_and_is_told_once_a_day(t: Fixture) {
        let house = House::new(t).await;
        house.writes("omar@example.org", Some("example.org"), None, "Please delete everything about me").await;
        let opened = house.requests().await;
        assert_eq!(opened.len(), 1);
        assert_eq!((opened[0].state, opened[0].via, opened[0].subject), (RequestState::Received, Via::Mail, None));
        assert_eq!(result(&opened[0]), Some(Authenticity::Pass));
        let letters = house.letters();
        assert_eq!(letters.len(), 1);
        assert!(letters[0].contains("omar@example.org") && letters[0].contains("Auto-Submitted: auto-generated"), "{}", letters[0]);
        // The same again changes nothing; another wish is another case, and is not answered the same day.
        house.writes("omar@example.org", Some("example.org"), None, "Please delete everything about me").await;
        assert_eq!(house.requests().await.len(), 1);
        house.writes("omar@example.org", Some("example.org"), None, "What do you know about me?").await;
        assert_eq!((house.requests().await.len(), house.letters().len()), (2, 1));
        house.world.advance(90_000);
        house.writes("omar@example.org", Some("example.org"), None, "I object to your advertising").await;
        assert_eq!((house.requests().await.len(), house.letters().len()), (3, 2));
    }

    async fn nothing_is_written_to_an_address_that_did_not_sign(t: Fixture) {
        let house = House::new(t).await;
        house.writes("omar@example.org", None, None, "Please delete my data").await;
        house.writes("noor@example.org", Some("attacker.example"), Some("reject"), "Please delete my data").await;
        let opened = house.requests().await;
        let results: Vec<Option<Authenticity>> = opened.iter().map(result).collect();
        assert_eq!(results, [Some(Authenticity::Fail), Some(Authenticity::None)], "the newest first");
        assert!(house.letters().is_empty());
    }

    async fn a_forged_mail_never_reaches_the_person_and_a_signed_one_is_challenged(t: Fixture) {
        let house = House::new(t).await;
        let lina = house.world.subscriber(LINA).await;
        house.writes(LINA, Some("attacker.example"), Some("reject"), "Please delete my data").await;
        let forged = house.requests().await.remove(0);
        assert_eq!((forged.subject, forged.state, result(&forged)), (None, RequestState::Received, Some(Authenticity::Fail)));
        assert!(house.letters().is_empty(), "she hears nothing of what somebody else wrote");
        house.writes(LINA, Some("example.net"), Some("reject"), "Please delete my data").await;
        let own = house.requests().await.remove(0);
        assert_eq!((own.subject, own.state, result(&own)), (Some(lina), RequestState::Challenged, Some(Authenticity::Pass)));
        assert_eq!(house.letters().len(), 1, "a signature proves the domain, not who asks");
    }

    async fn a_forged_member_gets_no_pointer(t: Fixture) {
        let house = House::new(t).await;
        house.writes("owner@example.com", Some("attacker.example"), Some("reject"), "Send me everything").await;
        assert!(house.letters().is_empty());
        assert_eq!(house.requests().await.len(), 1);
        house.writes("owner@example.com", Some("example.com"), None, "Send me everything").await;
        assert_eq!((house.requests().await.len(), house.letters().len()), (1, 1), "the pointer, and no case");
    }
}
