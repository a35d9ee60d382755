//! The vocabulary, and the rules from codes to classes.

use super::words;
use crate::smtp::{EnhancedCode, Reply};

/// What a bounce, complaint or refusal means. This is the published vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The address does not exist or its host takes no mail (5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10, 5.2.1):
    /// suppressed at the first hit.
    HardAddress,
    /// The receiver objects to the sender, its domain or its reputation (x.7.x, 5.6.x): the person is not
    /// suppressed; the domain's stream needs attention.
    Policy,
    /// The mailbox is full (x.2.2): retried, then counted as soft.
    Full,
    /// A passing condition (4.x.x, 421, 45x): retried with back-off.
    Transient,
    /// A final failure that says nothing certain about the address: counted; suppressed after five in 30
    /// days without a sign of life.
    Soft,
    /// The message is too large or its form is refused (5.3.4, 5.2.3, 5.6.1): the message needs fixing.
    SizeContent,
    /// The next host takes no internationalised addresses (5.6.7, 5.6.9).
    Eai,
    /// The recipient reported the message as spam (ARF `abuse`): an objection to marketing.
    Complaint,
    /// The recipient or a filter reported it as fraud or phishing (ARF `fraud`): marketing to this person
    /// stops, and the operator should look.
    Fraud,
    /// The recipient asks to be let out (ARF `opt-out`, `opt-out-list`).
    OptOut,
    /// The recipient took a complaint back (ARF `not-spam`).
    NotSpam,
    /// A report of failed authentication (ARF `auth-failure`, RFC 6591): about the domain, not the person.
    AuthFailure,
    /// A report that the message arrived (DSN `delivered`, `relayed`, `expanded`).
    Delivered,
    /// An automatic answer or ordinary mail: no bounce at all.
    NotABounce,
    /// A report that gives no reason anyone could classify.
    Unknown,
}

impl Class {
    /// Every class, for documentation.
    pub const ALL: [Self; 15] = [
        Self::HardAddress,
        Self::Policy,
        Self::Full,
        Self::Transient,
        Self::Soft,
        Self::SizeContent,
        Self::Eai,
        Self::Complaint,
        Self::Fraud,
        Self::OptOut,
        Self::NotSpam,
        Self::AuthFailure,
        Self::Delivered,
        Self::NotABounce,
        Self::Unknown,
    ];

    /// The name in the published vocabulary.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HardAddress => "hard_address",
            Self::Policy => "policy",
            Self::Full => "full",
            Self::Transient => "transient",
            Self::Soft => "soft",
            Self::SizeContent => "size_content",
            Self::Eai => "eai",
            Self::Complaint => "complaint",
            Self::Fraud => "fraud",
            Self::OptOut => "opt_out",
            Self::NotSpam => "not_spam",
            Self::AuthFailure => "auth_failure",
            Self::Delivered => "delivered",
            Self::NotABounce => "not_a_bounce",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the first hit suppresses.
    pub const fn suppresses(self) -> bool {
        matches!(self, Self::HardAddress | Self::Complaint | Self::Fraud | Self::OptOut)
    }

    /// Whether trying again later makes sense.
    pub const fn is_retried(self) -> bool {
        matches!(self, Self::Transient | Self::Full)
    }
}

impl std::fmt::Display for Class {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Sorts a failure by its enhanced code, else its basic code, else its words.
pub fn classify(enhanced: Option<EnhancedCode>, basic: Option<u16>, text: &str) -> Class {
    if let Some(class) = enhanced.and_then(by_enhanced) {
        return class;
    }
    match basic {
        Some(code) => by_basic(code, text),
        // A code that leaves the subject open (5.0.0) still says whether it is final.
        None => match (words::class(text), enhanced.map(|code| code.class)) {
            (Some(class), Some(5)) if class != Class::Transient => class,
            (_, Some(4)) => Class::Transient,
            (Some(class), None) => class,
            (_, Some(5)) => Class::Soft,
            _ => Class::Unknown,
        },
    }
}

impl From<&Reply> for Class {
    /// The class of a negative reply; a positive one is `Delivered`.
    fn from(reply: &Reply) -> Self {
        if reply.is_negative() {
            classify(reply.enhanced, Some(reply.code), reply.text.expose())
        } else {
            Self::Delivered
        }
    }
}

/// `None` when the code says no more than its class (`x.0.0`).
fn by_enhanced(code: EnhancedCode) -> Option<Class> {
    let class = match (code.class, code.subject, code.detail) {
        (2, ..) => Class::Delivered,
        (_, 0, 0) => return None,
        (5, 1, 1 | 2 | 3 | 6 | 10) | (5, 2, 1) => Class::HardAddress,
        (4 | 5, 2, 2) => Class::Full,
        (5, 3, 4) | (5, 2, 3) | (5, 6, 1) => Class::SizeContent,
        (5, 6, 7 | 9) => Class::Eai,
        // Bad sender addresses (5.1.7, 5.1.8) are ours to mend, like everything about policy.
        (4 | 5, 7, _) | (5, 6, _) | (5, 1, 7 | 8) => Class::Policy,
        (4, ..) => Class::Transient,
        _ => Class::Soft,
    };
    Some(class)
}

fn by_basic(code: u16, text: &str) -> Class {
    match code {
        200..=399 => Class::Delivered,
        400..=499 => Class::Transient,
        // The host takes no mail at all (RFC 7504); moved, without a forward; no such name.
        521 | 556 | 551 | 553 => {
            words::class(text).filter(|&class| class == Class::Policy).unwrap_or(Class::HardAddress)
        }
        552 => words::class(text).filter(|&class| class == Class::SizeContent).unwrap_or(Class::Full),
        // 550 stands for "no such mailbox" as well as "not from you" (RFC 5321 section 4.2.3), so its words decide.
        _ => match words::class(text) {
            Some(Class::Transient) | None => Class::Soft,
            Some(class) => class,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(enhanced: &str, basic: u16, text: &str) -> Class {
        classify(EnhancedCode::parse(enhanced), (basic > 0).then_some(basic), text)
    }

    #[test]
    fn the_table_of_codes() {
        for code in ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"] {
            assert_eq!(of(code, 0, ""), Class::HardAddress, "{code}");
        }
        for code in ["5.7.1", "5.7.26", "5.7.515", "4.7.0", "4.7.28", "5.6.0"] {
            assert_eq!(of(code, 0, ""), Class::Policy, "{code}");
        }
        for (code, class) in [
            ("4.2.2", Class::Full),
            ("5.2.2", Class::Full),
            ("4.4.7", Class::Transient),
            ("4.2.1", Class::Transient),
            ("5.3.4", Class::SizeContent),
            ("5.2.3", Class::SizeContent),
            ("5.6.1", Class::SizeContent),
            ("5.6.7", Class::Eai),
            ("5.6.9", Class::Eai),
            ("5.4.7", Class::Soft),
            ("2.0.0", Class::Delivered),
            ("5.0.0", Class::Soft),
            ("4.0.0", Class::Transient),
        ] {
            assert_eq!(of(code, 0, ""), class, "{code}");
        }
    }

    #[test]
    fn enhanced_beats_basic_beats_words() {
        assert_eq!(of("5.7.1", 550, "user unknown"), Class::Policy);
        assert_eq!(of("5.1.1", 450, "try later"), Class::HardAddress);
        assert_eq!(of("", 450, "user unknown"), Class::Transient);
        assert_eq!(of("", 421, "mailbox full"), Class::Transient);
        assert_eq!(of("", 550, "No such user here"), Class::HardAddress);
        assert_eq!(of("", 550, "blocked by Spamhaus"), Class::Policy);
        assert_eq!(of("", 550, "computer says no"), Class::Soft);
        assert_eq!(of("", 552, "mailbox is full"), Class::Full);
        assert_eq!(of("", 552, "message size exceeds limit"), Class::SizeContent);
        assert_eq!(of("5.0.0", 0, "user unknown"), Class::HardAddress);
        assert_eq!(of("", 0, "المستخدم غير موجود"), Class::HardAddress);
        assert_eq!(of("", 0, "?"), Class::Unknown);
    }

    #[test]
    fn names_are_what_serialisation_says() {
        for class in Class::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.as_str());
        }
    }
}
