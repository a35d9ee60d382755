//! The ways by which data leave this server, each with what it carries and what the other end is in law.
//! A crate that hands data to somebody declares its connector; one without a role does not compile, and a
//! third party without an entry in the register of processors is reported.

use serde::Serialize;
use store::Ctx;

use crate::Result;
use crate::processors::{self, Role};

/// One way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Connector {
    /// Its code, as the register of processors names it.
    pub code: &'static str,
    /// What the other end is unless the register says otherwise.
    pub role: Role,
    /// Which kinds of data pass.
    pub carries: &'static [&'static str],
    /// Whether it is somebody else's by nature; otherwise it may well be the operator's own.
    pub foreign: bool,
}

store::inventory::collect!(Connector);

/// Registers a [`Connector`].
#[macro_export]
macro_rules! connector {
    ($connector:expr) => {
        ::store::inventory::submit! { $connector }
    };
}

/// Every connector of every linked crate, by code.
pub fn all() -> Vec<Connector> {
    let mut out: Vec<Connector> = store::inventory::iter::<Connector>().copied().collect();
    out.sort_by_key(|connector| connector.code);
    out
}

/// A connector and who stands behind it.
#[derive(Debug, Clone, Serialize)]
pub struct Assigned {
    /// The connector.
    #[serde(flatten)]
    pub connector: Connector,
    /// The recipients that receive data through it, by name.
    pub recipients: Vec<String>,
}

/// Every connector with the recipients that the register assigns to it.
///
/// # Errors
/// When the store fails.
pub async fn assigned(ctx: &Ctx) -> Result<Vec<Assigned>> {
    let register = processors::list(ctx).await?;
    let recipients = |code: &str| {
        let of =
            |entry: &&processors::Processor| entry.receives() && entry.details.connectors.iter().any(|one| one == code);
        register.iter().filter(of).map(|entry| entry.details.name.clone()).collect()
    };
    Ok(all().into_iter().map(|connector| Assigned { connector, recipients: recipients(connector.code) }).collect())
}

/// Codes of `in_use` that nobody declared, or that the register assigns to nobody.
///
/// # Errors
/// When the store fails.
pub async fn unassigned<'a>(ctx: &Ctx, in_use: &[&'a str]) -> Result<Vec<&'a str>> {
    let known = assigned(ctx).await?;
    let covered = |code: &str| known.iter().any(|one| one.connector.code == code && !one.recipients.is_empty());
    Ok(in_use.iter().copied().filter(|code| !covered(code)).collect())
}

/// Codes of `in_use` that no crate declared a role for: a mistake of the program, told at start-up.
pub fn undeclared<'a>(in_use: &[&'a str]) -> Vec<&'a str> {
    in_use.iter().copied().filter(|code| !all().iter().any(|connector| connector.code == *code)).collect()
}

connector!(Connector { code: "backup", role: Role::Processor, carries: &["everything, sealed"], foreign: false });
