//! Why the gate decided as it did.

use crate::vocabulary::{BasisKind, vocabulary};

vocabulary! {
    /// The reason of a decision. A permit names the basis it rests on.
    Reason as "gate reason" {
        /// Permit: consent.
        Consent = "consent",
        /// Permit: express consent.
        ExpressConsent = "express_consent",
        /// Permit: express written consent.
        ExpressWrittenConsent = "express_written_consent",
        /// Permit: explicit consent.
        ExplicitConsent = "explicit_consent",
        /// Permit: soft opt-in.
        SoftOptIn = "soft_opt_in",
        /// Permit: legitimate interest.
        LegitimateInterest = "legitimate_interest",
        /// Permit: implied consent.
        ImpliedConsent = "implied_consent",
        /// Permit: inferred consent.
        InferredConsent = "inferred_consent",
        /// Permit: contract.
        Contract = "contract",
        /// Permit: legal obligation.
        LegalObligation = "legal_obligation",
        /// Permit: the person asked for it.
        SubjectRequest = "subject_request",

        /// The person was erased.
        Erased = "erased",
        /// Processing is restricted.
        Restricted = "restricted",
        /// A lawyer, an authority or a court stopped it.
        LegalBlock = "legal_block",
        /// The person complained of spam.
        Complaint = "complaint",
        /// The person left everything or objected.
        UnsubscribeAll = "unsubscribe_all",
        /// The person objected to this purpose.
        Objection = "objection",
        /// The whole person is blocked.
        PersonBlock = "person_block",
        /// The address does not exist.
        HardBounce = "hard_bounce",
        /// The company asked to be left alone.
        DomainBlock = "domain_block",
        /// The person left this purpose, channel, topic or address.
        OptOut = "opt_out",
        /// The address failed too often.
        SoftBounceLimit = "soft_bounce_limit",
        /// Sending to this person waits for a human.
        Paused = "paused",
        /// The contact is archived.
        Archived = "archived",
        /// The person is younger than the workspace's minimum age.
        Minor = "minor",

        /// The purpose is in no catalogue.
        PurposeUnknown = "purpose_unknown",
        /// No lawful basis is on record.
        NoBasis = "no_basis",
        /// The basis on record does not carry such a message here.
        BasisNotAllowed = "basis_not_allowed",
        /// The workspace does not work with the basis on record.
        BasisForbidden = "basis_forbidden",
        /// The basis was stated for another purpose.
        BasisOtherPurpose = "basis_other_purpose",
        /// The basis was stated for other channels.
        BasisOtherChannel = "basis_other_channel",
        /// The consent was asked for and not given.
        ConsentPending = "consent_pending",
        /// The person took the consent back, refused, or objected.
        ConsentWithdrawn = "consent_withdrawn",
        /// The basis was revoked or never valid.
        BasisInvalid = "basis_invalid",
        /// The basis ran out.
        BasisExpired = "basis_expired",
        /// The basis starts later.
        BasisNotYetValid = "basis_not_yet_valid",
        /// The consent has no confirmed double opt-in.
        DoiMissing = "doi_missing",
        /// The consent has no recorded evidence.
        EvidenceMissing = "evidence_missing",
        /// Soft opt-in: the address was not got in a sale to a customer.
        SoftOptInNoSale = "soft_opt_in_no_sale",
        /// Soft opt-in: not for one's own similar goods.
        SoftOptInNotSimilar = "soft_opt_in_not_similar",
        /// Soft opt-in: no refusal was offered at collection, or none is offered each time.
        SoftOptInNoOptOut = "soft_opt_in_no_opt_out",
        /// Implied consent: the kind or its conditions are missing.
        ImpliedConsentIncomplete = "implied_consent_incomplete",
        /// Legitimate interest: no recorded assessment.
        LiaMissing = "lia_missing",
        /// Legitimate interest: the assessment ran out.
        LiaExpired = "lia_expired",
        /// Legitimate interest: the assessment weighs another purpose.
        LiaOtherPurpose = "lia_other_purpose",
        /// Legitimate interest: no reason for this recipient.
        ReasonMissing = "reason_missing",
        /// The origin of the data is not recorded.
        ProvenanceMissing = "provenance_missing",
        /// The person was not told where the data come from.
        Art14NoticeMissing = "art14_notice_missing",
        /// The address was not published for advertising.
        AddressNotPublished = "address_not_published",
        /// Special categories of data need more than the sender's interest.
        SpecialCategory = "special_category",
        /// As many messages without an answer as hygiene allows.
        TouchesExhausted = "touches_exhausted",
        /// No sign of interest for too long.
        NoEngagement = "no_engagement",
        /// Bought lists are not allowed here, or not without their origin.
        PurchasedList = "purchased_list",

        /// The country asks for an approval that is not there.
        CountryApprovalMissing = "country_approval_missing",
        /// The telephone number was not given for this purpose.
        PhonePurposeMissing = "phone_purpose_missing",
        /// The content lacks an element.
        ElementMissing = "element_missing",
        /// A service message that advertises.
        PromotionalContent = "promotional_content",
        /// The national opt-out list was not screened.
        ListScreenMissing = "list_screen_missing",
        /// The recipient is on the national opt-out list.
        ListScreenListed = "list_screen_listed",

        /// The sending domain is not verified.
        SenderDomainUnverified = "sender_domain_unverified",
        /// The account's owner is not confirmed.
        AccountPending = "account_pending",
        /// The account may not send.
        AccountBlocked = "account_blocked",
        /// Billing is paused.
        BillingPaused = "billing_paused",
        /// The channel has no working connector.
        ChannelUnavailable = "channel_unavailable",
        /// The recipient's local time is unknown.
        TimeZoneUnknown = "time_zone_unknown",
        /// The windows that apply never open together.
        NoCommonWindow = "no_common_window",

        /// Outside the hours in which such messages may arrive.
        QuietHours = "quiet_hours",
        /// The person got as many messages as the cap allows.
        FrequencyCap = "frequency_cap",
        /// The sender's quota is used up.
        QuotaExhausted = "quota_exhausted",
    }
}

impl From<BasisKind> for Reason {
    fn from(kind: BasisKind) -> Self {
        match kind {
            BasisKind::Consent => Self::Consent,
            BasisKind::ExpressConsent => Self::ExpressConsent,
            BasisKind::ExpressWrittenConsent => Self::ExpressWrittenConsent,
            BasisKind::ExplicitConsent => Self::ExplicitConsent,
            BasisKind::SoftOptIn => Self::SoftOptIn,
            BasisKind::LegitimateInterest => Self::LegitimateInterest,
            BasisKind::ImpliedConsent => Self::ImpliedConsent,
            BasisKind::InferredConsent => Self::InferredConsent,
            BasisKind::Contract => Self::Contract,
            BasisKind::LegalObligation => Self::LegalObligation,
            BasisKind::SubjectRequest => Self::SubjectRequest,
        }
    }
}
