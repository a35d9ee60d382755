//! The proof of a choice: which version was shown, what was chosen and when, under a number that only
//! the visitor's browser has. No account, no full address.

use std::net::IpAddr;

use kernel::{CookieProofId, CookieSiteId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Blind, Ctx, params};

use super::Site;
use super::design::Category;
use crate::vocabulary::vocabulary;
use crate::{Error, Result};

const COLUMN: &str = "cookie_proof.sealed";
/// Stands for a visitor who refused everything: nothing about them is kept.
const NOBODY: Blind = [0; 16];
const LONGEST_AGENT: usize = 200;
const LONGEST_PAGE: usize = 500;

store::sql! {
    INSERT_PROOF = "INSERT INTO cookie_proof (workspace, id, site, version, visitor, action, choices, gpc, at, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    PROOFS_OF_VISITOR = "SELECT id, site, version, action, choices, gpc, at, sealed FROM cookie_proof
        WHERE workspace = $1 AND visitor = $2 ORDER BY at, id LIMIT 1000";
    DUE = "SELECT NULL, at, id FROM cookie_proof WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    END = "DELETE FROM cookie_proof WHERE workspace = $1 AND id = $2";
    TALLY = "SELECT action, choices, CAST(count(*) AS BIGINT) FROM cookie_proof
        WHERE workspace = $1 AND site = $2 AND at >= $3 AND at < $4 GROUP BY action, choices ORDER BY action, choices";
}

vocabulary! {
    /// What a visitor did.
    Action as "action" {
        /// Accepted everything.
        AcceptAll = "accept_all",
        /// Refused everything.
        RejectAll = "reject_all",
        /// Chose by category.
        Choose = "choose",
        /// Took something back.
        Withdraw = "withdraw",
    }
}

/// A choice as a browser reports it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The round that was shown.
    pub version: i64,
    /// What the visitor did.
    pub action: Action,
    /// The categories allowed.
    pub choices: Vec<Category>,
    /// The browser's random number; empty when everything was refused.
    #[serde(default)]
    pub visitor: String,
    /// The language shown.
    #[serde(default)]
    pub language: String,
    /// Whether the browser sent Global Privacy Control.
    #[serde(default)]
    pub gpc: bool,
    /// The page, without query.
    #[serde(default)]
    pub page: String,
}

/// A kept choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Its id.
    pub id: CookieProofId,
    /// The site.
    pub site: CookieSiteId,
    /// The version that was shown.
    pub version: i64,
    /// What the visitor did.
    pub action: String,
    /// The categories allowed.
    pub choices: Vec<Category>,
    /// Whether the browser sent Global Privacy Control.
    pub gpc: bool,
    /// When.
    pub at: Timestamp,
    /// The network it came from (shortened), the program, the page, the language.
    pub detail: serde_json::Value,
}

/// How often something was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// What visitors did.
    pub action: String,
    /// The categories they allowed.
    pub choices: Vec<Category>,
    /// How many.
    pub count: u64,
}

fn categories(bits: i64) -> Vec<Category> {
    Category::ALL.iter().copied().filter(|category| category.bit() & bits != 0).collect()
}

fn short(text: &str, longest: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(longest).collect()
}

/// Keeps the proof of a choice.
///
/// # Errors
/// [`Error::Invalid`] when the choice contradicts itself or names a round that was never shown.
pub async fn record(ctx: &Ctx, site: &Site, choice: &Choice, ip: Option<IpAddr>, agent: &str) -> Result<CookieProofId> {
    if !(1..=site.round).contains(&choice.version) {
        return Err(Error::Invalid { field: "version", detail: "this site never asked that" });
    }
    let bits = choice.choices.iter().fold(0, |bits, category| bits | category.bit());
    let fits = match choice.action {
        Action::AcceptAll => bits == 7,
        Action::RejectAll => bits == 0,
        Action::Choose | Action::Withdraw => true,
    };
    if !fits {
        return Err(Error::Invalid { field: "choices", detail: "they are not what the action says" });
    }
    let is_number =
        choice.visitor.len() == 36 && choice.visitor.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if !(is_number || choice.visitor.is_empty()) {
        return Err(Error::Invalid { field: "visitor", detail: "expected a random UUID, or nothing" });
    }
    let keys = ctx.keys().await?;
    let visitor = if is_number { keys.blind("cookie.visitor", &choice.visitor.to_ascii_lowercase()) } else { NOBODY };
    let detail = json!({
        "network": ip.map(accounts::calls::network),
        "user_agent": short(agent, LONGEST_AGENT),
        "page": short(choice.page.split(['?', '#']).next().unwrap_or_default(), LONGEST_PAGE),
        "language": short(&choice.language, 8),
        "round": choice.version,
    });
    let id: CookieProofId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(
        INSERT_PROOF,
        params![
            ctx.workspace,
            id,
            site.id,
            site.version,
            visitor,
            choice.action.as_str(),
            bits,
            choice.gpc,
            ctx.now(),
            keys.seal(COLUMN, detail.to_string().as_bytes())
        ],
    );
    ctx.db.apply(batch).await?;
    Ok(id)
}

/// Every choice made under one browser's number, oldest first: for a visitor who asks, or an authority.
///
/// # Errors
/// When the store fails or a row does not open.
pub async fn proofs_of_visitor(ctx: &Ctx, visitor: &str) -> Result<Vec<Proof>> {
    let keys = ctx.keys().await?;
    let blind = keys.blind("cookie.visitor", &visitor.trim().to_ascii_lowercase());
    let rows: Vec<(CookieProofId, CookieSiteId, i64, String, i64, bool, Timestamp, Vec<u8>)> =
        ctx.db.all(PROOFS_OF_VISITOR, params![ctx.workspace, blind]).await?;
    rows.into_iter()
        .map(|(id, site, version, action, choices, gpc, at, sealed)| {
            let detail =
                serde_json::from_slice(&keys.open(COLUMN, &sealed)?).map_err(|_| Error::Corrupt("cookie proof"))?;
            Ok(Proof { id, site, version, action, choices: categories(choices), gpc, at, detail })
        })
        .collect()
}

/// What a site's visitors chose from `from` until before `to`.
///
/// # Errors
/// When the store fails.
pub async fn tally(ctx: &Ctx, site: CookieSiteId, from: Timestamp, to: Timestamp) -> Result<Vec<Tally>> {
    let rows: Vec<(String, i64, u64)> = ctx.db.all(TALLY, params![ctx.workspace, site, from, to]).await?;
    Ok(rows.into_iter().map(|(action, bits, count)| Tally { action, choices: categories(bits), count }).collect())
}

store::personal!(store::PersonalTable {
    table: "cookie_proof",
    class: "cookie.proof",
    subject: "",
    columns: &["visitor", "sealed"],
    erase: &[],
    kept: Some("proof of a choice about cookies, under a number that only the visitor's browser has"),
    collect: None,
});
store::retention!(store::RetentionRule {
    table: "cookie_proof",
    class: "cookie.proof",
    covers: &[],
    event: "the choice",
    due_by: store::DueBy::Id,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});
