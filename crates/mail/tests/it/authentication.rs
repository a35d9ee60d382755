//! DKIM signatures and DMARC alignment of mail that comes in.

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use kernel::Timestamp;
use mail::authentication::authenticate;
use mail::dkim::{Algorithm, Check, KeyPair, Signer, SigningKey, verify};
use mail::dns::{DnsFailure, Texts};
use privacy::requests::{Authentication, Authenticity};
use proptest::prelude::*;

/// What name servers would answer; nothing at all when they are down.
#[derive(Default)]
pub(crate) struct Table {
    records: HashMap<String, Vec<String>>,
    down: bool,
}

impl Table {
    /// With one more record.
    pub(crate) fn with(mut self, name: &str, record: &str) -> Self {
        self.records.entry(name.to_owned()).or_default().push(record.to_owned());
        self
    }

    /// With the keys of a domain that signs.
    pub(crate) fn signing(self, domain: &str, keys: &[SigningKey]) -> Self {
        keys.iter().fold(self, |table, key| {
            table.with(&format!("{}._domainkey.{domain}", key.selector), &key.pair.record().unwrap())
        })
    }
}

impl Texts for Table {
    fn texts<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<String>, DnsFailure>> {
        let found = self.records.get(name).cloned().unwrap_or_default();
        Box::pin(async move { if self.down { Err(DnsFailure::Unavailable) } else { Ok(found) } })
    }
}

const NOW: Timestamp = Timestamp(1_800_000_000_000_000);
const MESSAGE: &str = "From: Lina <lina@example.net>\r\nTo: privacy@example.com\r\nSubject: My data\r\nDate: Sun, 1 Nov 2026 11:30:00 +0200\r\nMessage-ID: <1@example.net>\r\n\r\nPlease  delete my data.\r\n\r\n";

pub(crate) fn keys() -> Vec<SigningKey> {
    let key = |algorithm: Algorithm| SigningKey {
        selector: algorithm.key_type().to_owned(),
        pair: KeyPair::generate(algorithm).unwrap(),
    };
    Algorithm::ALL.into_iter().map(key).collect()
}

/// A message signed by a domain, and who knows its keys.
pub(crate) fn signed(domain: &str, message: &str) -> (Vec<u8>, Table) {
    let keys = keys();
    let table = Table::default().signing(domain, &keys);
    (Signer::new(domain, keys).signed(message.as_bytes(), NOW).unwrap(), table)
}

async fn found(raw: &[u8], table: &Table) -> Authentication {
    authenticate(raw, table, NOW).await
}

#[test]
fn signatures_of_both_kinds_are_verified_and_a_changed_octet_breaks_them() {
    testkit::run(async {
        let (raw, table) = signed("example.net", MESSAGE);
        let checks: Vec<Check> = verify(&raw, &table, NOW).await.into_iter().map(|one| one.check).collect();
        assert_eq!(checks, [Check::Pass, Check::Pass]);
        let proof = found(&raw, &table).await;
        assert_eq!((proof.result, proof.signed_by.as_deref()), (Authenticity::Pass, Some("example.net")));
        for (part, why) in [("delete", "body"), ("My data", "signature"), ("lina@", "signature")] {
            let text = String::from_utf8(raw.clone()).unwrap();
            let at = text.rfind(part).unwrap();
            let mut changed = raw.clone();
            changed[at] ^= 1;
            let checks = verify(&changed, &table, NOW).await;
            assert!(checks.iter().all(|one| one.check == Check::Fail(why)), "{part}: {checks:?}");
        }
        // Relaxed bodies forgive white space, and nothing else.
        let spaced = String::from_utf8(raw.clone()).unwrap().replace("Please  delete", "Please delete");
        assert_eq!(found(spaced.as_bytes(), &table).await.result, Authenticity::Pass);
        let (_, others) = signed("example.net", MESSAGE);
        assert_eq!(found(&raw, &others).await.result, Authenticity::Fail, "another key stands there");
        let revoked = Table::default().with("rsa._domainkey.example.net", "v=DKIM1; p=");
        assert_eq!(found(&raw, &revoked).await.result, Authenticity::Fail);
        let down = Table { down: true, ..Table::default() };
        assert_eq!(found(&raw, &down).await.result, Authenticity::Unavailable);
    });
}

/// RFC 8463 appendix A: signed by somebody else's program.
#[test]
fn the_example_of_rfc_8463_verifies() {
    let raw = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\nFrom: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\nSubject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\nMessage-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
    testkit::run(async {
        let table = Table::default().with(
            "brisbane._domainkey.football.example.com",
            "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        );
        let signatures = verify(raw.as_bytes(), &table, NOW).await;
        assert_eq!(signatures.len(), 1);
        assert_eq!((signatures[0].domain.as_str(), signatures[0].check), ("football.example.com", Check::Pass));
    });
}

#[test]
fn only_the_senders_own_organisation_proves_the_sender() {
    testkit::run(async {
        let from_below = MESSAGE.replace("lina@example.net", "lina@mail.example.net");
        let (raw, table) = signed("example.net", &from_below);
        assert_eq!(found(&raw, &table).await.result, Authenticity::None, "no record says that these are one");
        let (raw, table) = signed("example.net", &from_below);
        let table = table.with("_dmarc.example.net", "v=DMARC1; p=none");
        assert_eq!(found(&raw, &table).await.result, Authenticity::Pass);
        let (raw, table) = signed("example.net", &from_below);
        let table = table.with("_dmarc.example.net", "v=DMARC1; p=reject; adkim=s");
        let proof = found(&raw, &table).await;
        assert_eq!((proof.result, proof.policy.as_deref()), (Authenticity::Fail, Some("reject")));
        // Somebody else's signature is worth nothing, however good it is.
        let (raw, table) = signed("attacker.example", MESSAGE);
        assert_eq!(found(&raw, &table).await.result, Authenticity::None);
        let table = table.with("_dmarc.example.net", "v=DMARC1; p=quarantine");
        assert_eq!(found(&raw, &table).await.result, Authenticity::Fail);
        // Where everybody registers names, nobody is one organisation.
        let shop = MESSAGE.replace("lina@example.net", "lina@shop.co.example");
        let (raw, table) = signed("other.co.example", &shop);
        let table = table.with("_dmarc.co.example", "v=DMARC1; p=reject; psd=y");
        assert_eq!(found(&raw, &table).await.result, Authenticity::None);
    });
}

#[test]
fn what_weakens_a_signature_makes_it_worthless() {
    testkit::run(async {
        assert_eq!(found(MESSAGE.as_bytes(), &Table::default()).await.result, Authenticity::None);
        let (raw, table) = signed("example.net", MESSAGE);
        let text = String::from_utf8(raw).unwrap();
        for (from, to, why) in [
            ("c=relaxed/relaxed;", "c=relaxed/relaxed; l=5;", "a part of the body only"),
            ("c=relaxed/relaxed;", "c=relaxed/relaxed; x=1000;", "expired"),
            ("h=from:", "h=x-from:", "from is not signed"),
            ("v=1;", "v=2;", "malformed"),
            ("c=relaxed/relaxed;", "c=odd;", "canonicalisation"),
            ("c=relaxed/relaxed;", "c=relaxed/relaxed; i=@example.org;", "identity"),
        ] {
            let text = text.replace(from, to).replace(":from:", ":x-other:");
            let checks = verify(text.as_bytes(), &table, NOW).await;
            assert!(checks.iter().all(|one| one.check == Check::Fail(why)), "{to}: {checks:?}");
        }
        // Two authors: programs differ in which one they show.
        let doubled = format!("From: boss@example.net\r\n{text}");
        assert_eq!(found(doubled.as_bytes(), &table).await.result, Authenticity::Fail);
        let both = MESSAGE.replace("Lina <lina@example.net>", "lina@example.net, omar@example.org");
        assert_eq!(found(both.as_bytes(), &table).await.result, Authenticity::Fail);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_octets_are_weighed(octets in proptest::collection::vec(any::<u8>(), 0..400), tags in "[a-z=;: /@.+\r\n]{0,120}") {
        let mut raw = format!("DKIM-Signature: v=1; d=a.example; s=b; b=x; h=from; {tags}\r\nFrom: a@a.example\r\n").into_bytes();
        raw.extend(octets);
        testkit::run(async { authenticate(&raw, &Table::default(), NOW).await; });
    }
}
