//! The words of the W3C Data Privacy Vocabulary (DPV 2) for what a receipt says.

use crate::vocabulary::{BasisKind, ConsentState};

/// The state of a consent.
pub(super) const fn state(state: ConsentState) -> &'static str {
    match state {
        ConsentState::Requested => "dpv:ConsentRequested",
        ConsentState::Given => "dpv:ConsentGiven",
        ConsentState::Renewed => "dpv:RenewedConsentGiven",
        ConsentState::Refused => "dpv:ConsentRefused",
        ConsentState::Expired => "dpv:ConsentExpired",
        ConsentState::Withdrawn => "dpv:ConsentWithdrawn",
        ConsentState::Revoked => "dpv:ConsentRevoked",
        ConsentState::Objected => "eu-gdpr:A21",
        ConsentState::Invalidated => "dpv:ConsentInvalidated",
    }
}

/// The lawful basis (GDPR Art. 6; the forms that other laws know stand under the nearest one).
pub(super) const fn basis(kind: BasisKind) -> &'static str {
    match kind {
        BasisKind::Consent | BasisKind::ImpliedConsent | BasisKind::InferredConsent => {
            "eu-gdpr:A6-1-a-non-explicit-consent"
        }
        BasisKind::ExpressConsent | BasisKind::ExpressWrittenConsent | BasisKind::ExplicitConsent => {
            "eu-gdpr:A6-1-a-explicit-consent"
        }
        BasisKind::SoftOptIn | BasisKind::LegitimateInterest => "eu-gdpr:A6-1-f",
        BasisKind::Contract | BasisKind::SubjectRequest => "eu-gdpr:A6-1-b",
        BasisKind::LegalObligation => "eu-gdpr:A6-1-c",
    }
}
