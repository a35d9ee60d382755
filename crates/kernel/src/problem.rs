//! The one table of problems: machine-readable code, HTTP status, title.
//!
//! Every typed error of every crate ends in one of these codes; the API renders them as
//! problem details (RFC 9457) with `type` pointing at `/docs/problems#<code>`.

use std::fmt;

use serde::Serialize;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $title:literal;)*) => {
        /// A problem's code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* #[doc = $title] $name,)* }

        impl Code {
            /// Every code there is, for documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as written in responses.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The title, in English.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

codes! {
    InvalidInput = "invalid_input", 422, "The input is not valid";
    MalformedBody = "malformed_body", 400, "The body could not be read";
    PayloadTooLarge = "payload_too_large", 413, "The body is too large";
    UnsupportedMediaType = "unsupported_media_type", 415, "The content type is not supported";
    Unauthenticated = "unauthenticated", 401, "Sign in, or send a valid key";
    SecondFactorRequired = "second_factor_required", 401, "A second factor is needed";
    Forbidden = "forbidden", 403, "This is not allowed for you";
    PasswordExpired = "password_expired", 403, "The password is older than the workspace allows";
    AccountPending = "account_pending", 403, "The e-mail address is not confirmed yet";
    NotFound = "not_found", 404, "There is no such thing";
    Gone = "gone", 410, "This is no longer available";
    MethodNotAllowed = "method_not_allowed", 405, "The method is not allowed here";
    Conflict = "conflict", 409, "The present state does not allow this";
    AlreadyExists = "already_exists", 409, "It exists already";
    VersionConflict = "version_conflict", 409, "Somebody else changed it meanwhile";
    ChangedMeanwhile = "changed_meanwhile", 409, "Somebody else changed it meanwhile; the answer shows how it is now";
    EndToEndEncrypted = "end_to_end_encrypted", 409, "The conversation is encrypted end to end";
    KeyWithdrawn = "key_withdrawn", 409, "The key may no longer be sealed under";
    IdempotencyMismatch = "idempotency_mismatch", 422, "The idempotency key was used with another request";
    RateLimited = "rate_limited", 429, "Too many requests";
    IndexBuilding = "index_building", 503, "The audience index is being rebuilt";
    Unavailable = "unavailable", 503, "The service cannot do this right now";
    StorageFull = "storage_full", 507, "The disk is full";
    Internal = "internal", 500, "Something went wrong on our side";
    SenderNotVerified = "sender_not_verified", 409, "The sending domain is not verified";
    ContentIncomplete = "content_incomplete", 422, "The content lacks something that the law or the format asks for";
    TemplateInvalid = "template_invalid", 422, "The template has an error";
    NotMailable = "not_mailable", 409, "The gate does not permit this message";
    EvidenceMissing = "evidence_missing", 422, "The lawful basis lacks its evidence";
    LedgerBroken = "ledger_broken", 409, "The ledger does not verify";
    InsufficientBalance = "insufficient_balance", 402, "The balance does not cover this";
    Unpriced = "unpriced", 422, "There is no price for this";
    WindowClosed = "window_closed", 409, "The channel does not take free words any more";
    BlockedTarget = "blocked_target", 422, "The address may not be contacted";
    WrongCode = "wrong_code", 422, "The code is not right";
    PumpingSuspected = "pumping_suspected", 429, "Hardly any code to such numbers is ever used";
}

/// One field of the input that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// Where: a path such as `from.email` or `rows[3].phone`.
    pub field: String,
    /// What is wrong and what to do.
    pub detail: String,
}

/// A problem as told to the outside (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The code, with its status and title.
    pub code: Code,
    /// What, where, and what to do. Never a personal value.
    pub detail: String,
    /// The fields at fault.
    pub fields: Vec<FieldProblem>,
    /// Seconds after which a retry makes sense.
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem with its detail.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), fields: Vec::new(), retry_after: None }
    }

    /// A wrong field.
    pub fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let (field, detail) = (field.into(), detail.into());
        Self {
            code: Code::InvalidInput,
            detail: format!("{field}: {detail}"),
            fields: vec![FieldProblem { field, detail }],
            retry_after: None,
        }
    }

    /// The same problem with a hint when to try again.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_are_unique() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{}", code.as_str());
        }
    }
}
