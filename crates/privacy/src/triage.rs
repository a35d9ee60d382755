//! Mail with a fixed subject goes to the queue that handles it: stolen credentials, disputes, children's data. The
//! rules are the workspace's setting `triage`; without one the defaults hold.

use serde::{Deserialize, Serialize};

use crate::vocabulary::vocabulary;

/// Most rules that are read.
const MOST: usize = 50;

vocabulary! {
    /// How urgent a message is, the most urgent first.
    Severity as "severity" {
        /// At once: somebody's account or child is at risk.
        P1 = "p1",
        /// Today.
        P2 = "p2",
        /// In its turn.
        P3 = "p3",
    }
}

/// One fixed subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The subject, compared folded and without marks of an answer.
    pub subject: String,
    /// The queue: a short code.
    pub queue: String,
    /// How urgent.
    pub severity: Severity,
}

/// The rules of a workspace that has set none.
pub fn defaults() -> Vec<Rule> {
    const RULES: [(&str, &str, Severity); 6] = [
        ("Credential theft", "credential_theft", Severity::P1),
        ("سرقة بيانات الدخول", "credential_theft", Severity::P1),
        ("Children's data", "children", Severity::P1),
        ("بيانات الأطفال", "children", Severity::P1),
        ("Dispute", "dispute", Severity::P2),
        ("نزاع", "dispute", Severity::P2),
    ];
    let rule = |(subject, queue, severity): (&str, &str, Severity)| Rule {
        subject: subject.to_owned(),
        queue: queue.to_owned(),
        severity,
    };
    RULES.map(rule).into()
}

/// The first rule whose subject this is.
pub fn find<'a>(rules: &'a [Rule], subject: &str) -> Option<&'a Rule> {
    let bare = bare(subject);
    rules.iter().take(MOST).find(|rule| !bare.is_empty() && self::bare(&rule.subject) == bare)
}

/// A subject folded, without "Re:" and the like, and without punctuation at its ends.
fn bare(subject: &str) -> String {
    let folded = kernel::fold(subject.get(..subject.floor_char_boundary(500)).unwrap_or_default());
    let mut rest = folded.as_str();
    while let Some((mark, after)) = rest.split_once(':').filter(|(mark, _)| mark.chars().count() <= 4) {
        if mark.contains(' ') {
            break;
        }
        rest = after.trim_start();
    }
    rest.trim_matches(|c: char| !c.is_alphanumeric()).replace('\u{2019}', "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_subjects_are_found_however_they_are_written() {
        let rules = defaults();
        let queue = |subject: &str| find(&rules, subject).map(|rule| (rule.queue.as_str(), rule.severity));
        assert_eq!(queue("CREDENTIAL THEFT!"), Some(("credential_theft", Severity::P1)));
        assert_eq!(queue("Re: Dispute"), Some(("dispute", Severity::P2)));
        assert_eq!(queue("Children’s data"), Some(("children", Severity::P1)));
        assert_eq!(queue("بيانات الاطفال"), Some(("children", Severity::P1)));
        for other in ["", "Re:", "A dispute about prices", "news"] {
            assert_eq!(queue(other), None, "{other}");
        }
    }
}
