//! DMARC records, and which domains are one organisation.

use crate::dkim::{Tags, is_host};
use crate::dns::{DnsFailure, Texts};

/// Most records that are asked for, about one domain.
const MOST: usize = 8;

/// What a domain wants done with mail that it did not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Nothing.
    None,
    /// It is suspicious.
    Quarantine,
    /// It is not from there.
    Reject,
}

impl Policy {
    /// The word in the record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Quarantine => "quarantine",
            Self::Reject => "reject",
        }
    }

    /// Whether mail without a signature is not to be believed.
    pub fn is_enforced(self) -> bool {
        self != Self::None
    }

    fn parse(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "quarantine" => Self::Quarantine,
            "reject" => Self::Reject,
            _ => Self::None,
        }
    }
}

/// What is published about a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The domain under which everything is one organisation.
    pub organisation: String,
    /// What it wants, when it says so.
    pub policy: Option<Policy>,
    /// Whether only the very same domain may sign.
    pub strict: bool,
}

impl Published {
    /// Whether a signature by `signed` speaks for `author`.
    pub fn aligns(&self, author: &str, signed: &str) -> bool {
        let within = |domain: &str| {
            domain == self.organisation
                || domain.strip_suffix(&self.organisation).is_some_and(|rest| rest.ends_with('.'))
        };
        signed == author || !self.strict && within(author) && within(signed)
    }
}

/// Looks up what is published about a domain: its own record, or that of the organisation above it.
///
/// # Errors
/// When the name servers do not answer.
pub async fn published(domain: &str, texts: &dyn Texts) -> Result<Published, DnsFailure> {
    let mut found: Vec<(&str, Tags)> = Vec::new();
    let labels = domain.split('.').count();
    for (above, name) in above(domain).enumerate() {
        // A very long name is asked for itself, and then from eight labels on.
        if above > 0 && labels - above >= MOST {
            continue;
        }
        if let Some(record) = record(name, texts).await? {
            let (ends, is_public) = (record.get("psd") == "n", record.get("psd") == "y");
            if is_public {
                break;
            }
            found.push((name, record));
            if ends {
                break;
            }
        }
    }
    let organisation = found.last().map_or(domain, |(name, _)| name).to_owned();
    let used = found.iter().find(|(name, _)| *name == domain).or_else(|| found.last());
    let policy = used.map(|(name, record)| {
        let own = record.get("p");
        Policy::parse(if *name == domain { own } else { record.or("sp", own) })
    });
    let strict = used.is_some_and(|(_, record)| record.get("adkim").eq_ignore_ascii_case("s"));
    Ok(Published { organisation, policy, strict })
}

/// The domain and those above it, without the last label.
fn above(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |name| name.split_once('.').map(|(_, rest)| rest))
        .filter(|name| name.contains('.') && is_host(name))
}

async fn record(name: &str, texts: &dyn Texts) -> Result<Option<Tags>, DnsFailure> {
    let records = texts.texts(&format!("_dmarc.{name}")).await?;
    let mut records = records.iter().filter(|record| record.trim_start().starts_with("v=DMARC1"));
    // Two records are none (RFC 7489 section 6.6.3).
    Ok(match (records.next(), records.next()) {
        (Some(record), None) => Tags::read(record.as_bytes()),
        _ => None,
    })
}
