//! Feedback reports (RFC 5965, 6591, 6430).

use super::Class;
use super::report::fields;

/// The class of a `message/feedback-report` part.
pub(super) fn class(text: &str) -> Class {
    let kind =
        fields(text).into_iter().find(|(name, _)| name == "feedback-type").map(|(_, value)| value.to_ascii_lowercase());
    match kind.as_deref().map(str::trim) {
        Some("fraud" | "phishing") => Class::Fraud,
        Some("not-spam") => Class::NotSpam,
        Some("opt-out" | "opt-out-list") => Class::OptOut,
        Some("auth-failure" | "dmarc") => Class::AuthFailure,
        Some("virus") => Class::Policy,
        // Every other report of a mailbox provider is a complaint: "other" is in the standard, some
        // providers leave the type out (Microsoft's JMRP).
        _ => Class::Complaint,
    }
}

/// Fields of a feedback report that may hold our token.
pub(super) fn addresses(text: &str) -> Vec<String> {
    fields(text)
        .into_iter()
        .filter(|(name, _)| matches!(name.as_str(), "original-mail-from" | "original-rcpt-to" | "removal-recipient"))
        .map(|(_, value)| value)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_its_class() {
        for (kind, expected) in [
            ("abuse", Class::Complaint),
            ("other", Class::Complaint),
            ("fraud", Class::Fraud),
            ("not-spam", Class::NotSpam),
            ("opt-out", Class::OptOut),
            ("auth-failure", Class::AuthFailure),
        ] {
            assert_eq!(class(&format!("Version: 1\r\nFeedback-Type: {kind}\r\n")), expected);
        }
    }
}
