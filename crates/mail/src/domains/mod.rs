//! Sending domains of a workspace: their DKIM keys, the DNS records that prove them, and whether the
//! records are there.
//!
//! Keys rotate with overlap: a new pair is published beside the old one, signs once its records are
//! seen, and the old pair stays published for a week before its records are emptied.

mod check;
mod queries;
mod records;

use kernel::{Code, DomainId, Email, Problem, Timestamp};
use serde_json::json;
use store::{Batch, Ctx, Feed, params};

use crate::dkim::{Algorithm, KeyError, KeyPair, Signer, SigningKey};
use crate::dns::DnsFailure;
use queries::{
    ALL_DOMAINS, ALL_KEYS, DELETE_DOMAIN, DELETE_KEYS, DOMAIN, DOMAIN_BY_NAME, INSERT_DOMAIN, INSERT_KEY, KEYS,
};

pub use check::{Check, Finding, Report, check};
pub use records::{Record, RecordKind, records};

/// The column name under which private keys are sealed.
const SEALED: &str = "dkim_key.private_key";

/// What can go wrong with sending domains.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no domain name.
    #[error("a sending domain looks like example.com")]
    Name,
    /// The workspace has that domain already.
    #[error("this domain was added already")]
    Exists,
    /// The workspace has no such domain.
    #[error("there is no such sending domain")]
    Unknown,
    /// New keys of this domain are waiting for their records already.
    #[error("new keys are waiting for their DNS records already; publish these first")]
    Rotating,
    /// A key could not be made or read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The name servers did not answer.
    #[error(transparent)]
    Dns(#[from] DnsFailure),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// The problem as told to the outside.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Name => Problem::new(Code::InvalidInput, self.to_string()),
            Self::Exists => Problem::new(Code::AlreadyExists, self.to_string()),
            Self::Unknown => Problem::new(Code::NotFound, self.to_string()),
            Self::Rotating => Problem::new(Code::Conflict, self.to_string()),
            Self::Key(error) => (*error).into(),
            Self::Dns(error) => error.problem(),
            Self::Store(error) => error.problem(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.problem()
    }
}

/// The result of this module.
pub type Result<T, E = Error> = std::result::Result<T, E>;

store::row! {
    /// A domain that a workspace sends from.
    #[derive(Debug, Clone)]
    pub struct Domain {
        /// Its id.
        pub id: DomainId,
        /// Its name (A-label).
        pub name: String,
        /// The host under it where bounces come back.
        pub return_path: String,
        /// Whether the last check found every record.
        pub verified: bool,
        /// When it was last checked.
        pub checked_at: Option<Timestamp>,
        /// The last check's report, as JSON; empty before the first.
        pub report: String,
        /// When it was added.
        pub created_at: Timestamp,
    }
}

store::row! {
    /// A signing key of a domain, its private half still sealed.
    #[derive(Debug, Clone)]
    pub struct StoredKey {
        /// The selector.
        pub selector: String,
        /// `rsa-sha256` or `ed25519-sha256`.
        pub algorithm: String,
        /// The private key, sealed.
        pub private_key: Vec<u8>,
        /// The TXT record's value.
        pub record: String,
        /// `active`, `next` or `retiring`.
        pub state: String,
        /// When it stopped signing.
        pub retired_at: Option<Timestamp>,
    }
}

/// Adds a domain and makes its keys. It sends once its records were seen by [`check`].
pub async fn add(ctx: &Ctx, name: &str) -> Result<Domain> {
    let name = domain_name(name)?;
    if by_name(ctx, &name).await?.is_some() {
        return Err(Error::Exists);
    }
    let id: DomainId = ctx.id();
    let domain = Domain {
        id,
        return_path: format!("bounce.{name}"),
        name,
        verified: false,
        checked_at: None,
        report: String::new(),
        created_at: ctx.now(),
    };
    let mut batch = ctx.batch();
    batch.push(
        INSERT_DOMAIN,
        params![ctx.workspace, id, domain.name.as_str(), domain.return_path.as_str(), false, "", domain.created_at],
    );
    new_keys(ctx, &mut batch, id, "active").await?;
    batch.feed(Feed { kind: "domain.added", entity: id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Ok(_) => Ok(domain),
        Err(store::Error::Unique(_)) => Err(Error::Exists),
        Err(error) => Err(error.into()),
    }
}

/// The name as an A-label in lower case.
fn domain_name(text: &str) -> Result<String> {
    Email::parse(&format!("x@{}", text.trim())).map(|email| email.ascii_domain().to_owned()).map_err(|_| Error::Name)
}

/// The domains of the workspace, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Domain>> {
    Ok(ctx.db.all(ALL_DOMAINS, params![ctx.workspace]).await?)
}

/// One domain.
pub async fn get(ctx: &Ctx, id: DomainId) -> Result<Domain> {
    ctx.db.opt(DOMAIN, params![ctx.workspace, id]).await?.ok_or(Error::Unknown)
}

/// The domain of that name (A-label), if the workspace has it.
pub async fn by_name(ctx: &Ctx, name: &str) -> Result<Option<Domain>> {
    Ok(ctx.db.opt(DOMAIN_BY_NAME, params![ctx.workspace, name]).await?)
}

/// Removes a domain and destroys its keys.
pub async fn remove(ctx: &Ctx, id: DomainId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.guard(DELETE_DOMAIN, params![ctx.workspace, id]);
    batch.push(DELETE_KEYS, params![ctx.workspace, id]);
    batch.feed(Feed { kind: "domain.removed", entity: id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Ok(_) => Ok(()),
        Err(store::Error::Guard(_)) => Err(Error::Unknown),
        Err(error) => Err(error.into()),
    }
}

/// Makes the next pair of keys. It signs from the first [`check`] on that sees its records.
pub async fn rotate(ctx: &Ctx, id: DomainId) -> Result<()> {
    get(ctx, id).await?;
    if keys(ctx, id).await?.iter().any(|key| key.state == "next") {
        return Err(Error::Rotating);
    }
    let mut batch = ctx.batch();
    new_keys(ctx, &mut batch, id, "next").await?;
    batch.feed(Feed { kind: "domain.rotating", entity: id.into(), data: json!({}) });
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The keys of a domain.
pub async fn keys(ctx: &Ctx, domain: DomainId) -> Result<Vec<StoredKey>> {
    Ok(ctx.db.all(KEYS, params![ctx.workspace, domain]).await?)
}

/// Signs for the domain with its active keys. Opening RSA keys costs; keep the signer.
pub async fn signer(ctx: &Ctx, domain: &Domain) -> Result<Signer> {
    let workspace = ctx.keys().await?;
    let mut pairs = Vec::with_capacity(2);
    for key in keys(ctx, domain.id).await?.into_iter().filter(|key| key.state == "active") {
        let algorithm = Algorithm::parse(&key.algorithm).ok_or(KeyError::Malformed)?;
        let der = workspace.open(SEALED, &key.private_key)?;
        pairs.push(SigningKey { selector: key.selector, pair: KeyPair::from_pkcs8(algorithm, &der)? });
    }
    pairs.sort_by_key(|key| key.pair.algorithm() != Algorithm::RsaSha256);
    Ok(Signer::new(domain.name.clone(), pairs))
}

/// The selectors of a domain's active keys.
pub(crate) async fn active_selectors(ctx: &Ctx, domain: DomainId) -> Result<Vec<String>> {
    let all = keys(ctx, domain).await?;
    Ok(all.into_iter().filter(|key| key.state == "active").map(|key| key.selector).collect())
}

async fn new_keys(ctx: &Ctx, batch: &mut Batch, domain: DomainId, state: &'static str) -> Result<()> {
    let mut octets = [0; 5];
    ctx.rng.fill(&mut octets);
    let series = data_encoding::BASE32_NOPAD.encode(&octets).to_ascii_lowercase();
    let workspace = ctx.keys().await?;
    for algorithm in Algorithm::ALL {
        // Finding primes for RSA takes a good part of a second.
        let pair = tokio::task::spawn_blocking(move || KeyPair::generate(algorithm))
            .await
            .map_err(|_| KeyError::Library)??;
        let sealed = workspace.seal(SEALED, &pair.to_pkcs8()?);
        let selector = format!("barid-{series}-{}", algorithm.key_type());
        batch.push(
            INSERT_KEY,
            params![ctx.workspace, domain, selector, algorithm.as_str(), sealed, pair.record()?, state, ctx.now()],
        );
    }
    Ok(())
}

/// Every active selector of the workspace, for the readiness page: domain and selector.
pub async fn selectors(ctx: &Ctx) -> Result<Vec<(DomainId, String)>> {
    Ok(ctx.db.all(ALL_KEYS, params![ctx.workspace, "active"]).await?)
}
