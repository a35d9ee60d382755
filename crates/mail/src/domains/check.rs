//! Looking whether the records are there.

use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, Feed, params};

use super::queries::{CHECKED, MOVE_KEYS};
use super::records::{Record, RecordKind, of};
use super::{Domain, Error, Result, keys};
use crate::dns::{DnsFailure, Resolver};

/// What was found where a record belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It is right.
    Found,
    /// There is none.
    Missing,
    /// There is one, and it says something else.
    Different,
    /// There are several where one is allowed, which makes all of them void.
    Several,
    /// The name servers did not answer.
    NoAnswer,
}

/// One record's check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What the record is for.
    pub purpose: RecordKind,
    /// Its name.
    pub name: String,
    /// What was found.
    pub finding: Finding,
    /// What to mend though the record works: tags that RFC 9989 removed from DMARC.
    pub remark: Option<String>,
}

/// The check of a whole domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether mail may leave under this domain: return path, SPF, DMARC and every active key are right.
    pub verified: bool,
    /// Each record.
    pub checks: Vec<Check>,
}

/// Checks a domain by live DNS, stores the result, and lets new keys take over once all their records
/// are seen. A domain stays verified when the name servers do not answer.
pub async fn check(ctx: &Ctx, resolver: &Resolver, domain: &Domain, host: &str) -> Result<Report> {
    let keys = keys(ctx, domain.id).await?;
    let mut checks = Vec::new();
    let mut waiting = Vec::new();
    for record in of(domain, &keys, host, ctx.now()) {
        let state = keys
            .iter()
            .find(|key| record.name.starts_with(&format!("{}._domainkey", key.selector)))
            .map(|key| key.state.as_str());
        if state == Some("retiring") {
            continue;
        }
        let check = one(resolver, domain, &record, host).await;
        if state == Some("next") { waiting.push(check) } else { checks.push(check) }
    }
    let takes_over = !waiting.is_empty() && waiting.iter().all(|check| check.finding == Finding::Found);
    if takes_over {
        checks.retain(|check| check.purpose != RecordKind::Dkim);
    }
    let unanswered = checks.iter().any(|check| check.finding == Finding::NoAnswer);
    let verified = checks
        .iter()
        .all(|check| check.finding == Finding::Found || (domain.verified && check.finding == Finding::NoAnswer));
    checks.extend(waiting);
    let report = Report { verified, checks };
    let mut batch = ctx.batch();
    let text = serde_json::to_string(&report).unwrap_or_default();
    batch.guard(CHECKED, params![ctx.workspace, domain.id, verified, ctx.now(), text]);
    if takes_over {
        batch.push(MOVE_KEYS, params![ctx.workspace, domain.id, "active", "retiring", Some(ctx.now())]);
        batch.push(MOVE_KEYS, params![ctx.workspace, domain.id, "next", "active", None::<kernel::Timestamp>]);
    }
    if verified != domain.verified || takes_over {
        let data = json!({"verified": verified, "unanswered": unanswered, "rotated": takes_over});
        batch.feed(Feed { kind: "domain.checked", entity: domain.id.into(), data });
    }
    match ctx.db.apply(batch).await {
        Ok(_) => Ok(report),
        Err(store::Error::Guard(_)) => Err(Error::Unknown),
        Err(error) => Err(error.into()),
    }
}

async fn one(resolver: &Resolver, domain: &Domain, record: &Record, host: &str) -> Check {
    let mut remark = None;
    let finding = match record.purpose {
        RecordKind::ReturnPath => resolver.exchanges(&record.name).await.map(|names| exchange(&names, host)),
        RecordKind::Spf => resolver.texts(&record.name).await.map(|texts| spf(&texts)),
        RecordKind::Dkim => resolver.texts(&record.name).await.map(|texts| key(&texts, &record.value)),
        RecordKind::Dmarc => policy(resolver, &domain.name).await.map(|(finding, said)| {
            remark = said;
            finding
        }),
    };
    Check { purpose: record.purpose, name: record.name.clone(), finding: finding.unwrap_or(Finding::NoAnswer), remark }
}

fn exchange(names: &[String], host: &str) -> Finding {
    match names {
        [] => Finding::Missing,
        names if names.iter().any(|name| name.eq_ignore_ascii_case(host)) => Finding::Found,
        _ => Finding::Different,
    }
}

/// Exactly one record that lets somebody send; which hosts those are is the operator's knowledge (a relay's).
fn spf(texts: &[String]) -> Finding {
    let found: Vec<&String> = texts
        .iter()
        .filter(|text| {
            text.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("v=spf1"))
                && !text[6..].starts_with(|c| c != ' ')
        })
        .collect();
    match found.as_slice() {
        [] => Finding::Missing,
        [text] => {
            let permits = text.split_ascii_whitespace().skip(1).map(str::to_ascii_lowercase).any(|term| {
                !term.starts_with(['-', '~', '?']) && !term.starts_with("exp=") && term.trim_start_matches('+') != "all"
            });
            if permits { Finding::Found } else { Finding::Different }
        }
        _ => Finding::Several,
    }
}

fn key(texts: &[String], wanted: &str) -> Finding {
    let public = |text: &str| tag(text, "p").map(|value| value.split_whitespace().collect::<String>());
    let found: Vec<String> = texts.iter().filter_map(|text| public(text)).collect();
    match found.as_slice() {
        [] => Finding::Missing,
        [one] if Some(one) == public(wanted).as_ref() => Finding::Found,
        [_] => Finding::Different,
        _ => Finding::Several,
    }
}

/// Walks up the tree from the domain until a policy is found (RFC 9989 section 4.10: at most eight queries).
async fn policy(resolver: &Resolver, domain: &str) -> Result<(Finding, Option<String>), DnsFailure> {
    let labels: Vec<&str> = domain.split('.').collect();
    let first = labels.len().saturating_sub(7);
    let starts = std::iter::once(0).chain(first.max(1)..labels.len());
    for start in starts {
        let texts = resolver.texts(&format!("_dmarc.{}", labels[start..].join("."))).await?;
        match dmarc(&texts) {
            (Finding::Missing, _) => {}
            found => return Ok(found),
        }
    }
    Ok((Finding::Missing, None))
}

fn dmarc(texts: &[String]) -> (Finding, Option<String>) {
    let found: Vec<&String> = texts.iter().filter(|text| tag(text, "v").is_some_and(|v| v == "DMARC1")).collect();
    match found.as_slice() {
        [] => (Finding::Missing, None),
        [text] => {
            let old: Vec<&str> = ["pct", "rf", "ri"].into_iter().filter(|name| tag(text, name).is_some()).collect();
            let remark =
                (!old.is_empty()).then(|| format!("these tags no longer exist (RFC 9989): {}", old.join(", ")));
            match tag(text, "p") {
                Some("none" | "quarantine" | "reject") => (Finding::Found, remark),
                _ => (Finding::Different, remark),
            }
        }
        _ => (Finding::Several, None),
    }
}

/// The value of a tag in a list such as `v=DKIM1; k=rsa; p=…`.
fn tag<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.split(';')
        .filter_map(|part| part.split_once('='))
        .find(|(found, _)| found.trim() == name)
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn spf_records_are_judged() {
        assert_eq!(spf(&texts(&["google-verification", "v=spf1 a:mail.example.com ~all"])), Finding::Found);
        assert_eq!(spf(&texts(&["v=spf1 -all"])), Finding::Different);
        assert_eq!(spf(&texts(&["v=spf10 a"])), Finding::Missing);
        assert_eq!(spf(&texts(&["v=spf1 a ~all", "v=spf1 mx ~all"])), Finding::Several);
    }

    #[test]
    fn keys_are_compared_without_white_space() {
        let wanted = "v=DKIM1; k=rsa; p=ABCD";
        assert_eq!(key(&texts(&["v=DKIM1;k=rsa;p=AB CD"]), wanted), Finding::Found);
        assert_eq!(key(&texts(&["v=DKIM1; p="]), wanted), Finding::Different);
        assert_eq!(key(&texts(&[]), wanted), Finding::Missing);
    }

    #[test]
    fn old_dmarc_tags_are_remarked_and_unknown_ones_ignored() {
        let (finding, remark) = dmarc(&texts(&["v=DMARC1; p=reject; pct=50; new=1"]));
        assert_eq!(finding, Finding::Found);
        assert!(remark.unwrap().contains("pct"));
        assert_eq!(dmarc(&texts(&["v=DMARC1; p=maybe"])).0, Finding::Different);
        assert_eq!(dmarc(&texts(&["v=spf1"])).0, Finding::Missing);
    }
}
