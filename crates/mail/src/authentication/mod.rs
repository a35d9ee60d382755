//! Whether a message is from whom it says: DKIM (RFC 6376) and DMARC alignment (RFC 7489).
//!
//! The domain of `From` is proved when a signature that holds is by that domain or, where it allows that, by one of the
//! same organisation. Which domains are one organisation is found by walking up the tree of DMARC records, which needs
//! no list of public suffixes. SPF is not asked: it says which host brought the mail, and forwarding breaks it.
//! The result is evidence, never a proof of identity: who holds an address need not be who is meant.

mod dmarc;

use std::time::Duration;

use kernel::{Email, Timestamp};
use mail_parser::MessageParser;
use privacy::requests::{Authentication, Authenticity};

use crate::dkim::{Check, verify};
use crate::dns::Texts;

pub use dmarc::{Policy, Published, published};

/// How long the look-ups about one message may take together: the client that brings it is waiting.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a message proves about its `From`. Never fails: what is wrong stands in the result.
pub async fn authenticate(raw: &[u8], texts: &dyn Texts, now: Timestamp) -> Authentication {
    let Some(domain) = author(raw) else { return Authentication::new(Authenticity::Fail, String::new()) };
    match tokio::time::timeout(PATIENCE, weigh(&domain, raw, texts, now)).await {
        Ok(found) => found,
        Err(_) => Authentication::new(Authenticity::Unavailable, domain),
    }
}

async fn weigh(author: &str, raw: &[u8], texts: &dyn Texts, now: Timestamp) -> Authentication {
    let domain = author.to_owned();
    let signatures = verify(raw, texts, now).await;
    let Ok(published) = published(&domain, texts).await else {
        return Authentication::new(Authenticity::Unavailable, domain);
    };
    let aligned = |signed: &str| published.aligns(&domain, signed);
    let proof = signatures.iter().find(|signature| signature.check == Check::Pass && aligned(&signature.domain));
    let result = if proof.is_some() {
        Authenticity::Pass
    } else if signatures.iter().any(|signature| signature.check == Check::Unavailable && aligned(&signature.domain)) {
        Authenticity::Unavailable
    } else if published.policy.is_some_and(Policy::is_enforced) {
        Authenticity::Fail
    } else if signatures.iter().any(|signature| aligned(&signature.domain)) {
        // The domain signs, and not this.
        Authenticity::Fail
    } else {
        Authenticity::None
    };
    let policy = published.policy.map(|policy| policy.as_str().to_owned());
    Authentication { result, domain, signed_by: proof.map(|signature| signature.domain.clone()), policy }
}

/// The domain of the one author; `None` when there is none or more than one, which programs show differently.
fn author(raw: &[u8]) -> Option<String> {
    let message = MessageParser::default().parse(raw)?;
    if message.headers_raw().filter(|(name, _)| name.eq_ignore_ascii_case("from")).count() != 1 {
        return None;
    }
    let from = message.from()?;
    if from.iter().count() != 1 {
        return None;
    }
    let address = Email::parse(from.first()?.address()?).ok()?;
    Some(address.ascii_domain().to_ascii_lowercase())
}
