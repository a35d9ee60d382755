//! Small vocabularies of the facts. Each accepts the spellings people use for the same thing.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident as $label:literal { $($(#[$vdoc:meta])* $variant:ident = $first:literal $(| $more:literal)*,)* } $(else $rest:ident)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// The words of this vocabulary in their first spelling.
            pub const WORDS: &'static [&'static str] = &[$($first,)*];

            /// Reads a word; `None` when it is not one.
            pub fn read(text: &str) -> Option<Self> {
                match text {
                    $($first $(| $more)* => Some(Self::$variant),)*
                    _ => words!(@rest $($rest)?),
                }
            }

            /// The word in its first spelling.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $first,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                Self::read(&text).ok_or_else(|| {
                    serde::de::Error::custom(format_args!(
                        "not a known {}; expected one of {}", $label, Self::WORDS.join(", ")
                    ))
                })
            }
        }
    };
    (@rest $rest:ident) => { Some(Self::$rest) };
    (@rest) => { None };
}

words! {
    /// Why a suppression stands, strongest first.
    SuppressionReason as "suppression reason" {
        /// The person was erased; only their own double opt-in lifts it.
        Erased = "erased" | "erasure",
        /// A lawyer, an authority or a court.
        LegalBlock = "legal_block" | "legal" | "complaint_legal" | "legal_complaint" | "authority",
        /// A spam complaint.
        Complaint = "complaint" | "spam" | "spam_complaint" | "abuse" | "feedback_loop",
        /// The person left everything.
        UnsubscribeAll = "unsubscribe_all" | "objection" | "privacy_request" | "all",
        /// The address does not exist.
        HardBounce = "hard_bounce" | "hard" | "bounce",
        /// A company asked to be left alone.
        DomainBlock = "domain_block" | "domain" | "company" | "company_block",
        /// The person left one purpose, channel or topic.
        OptOut = "opt_out" | "optout" | "unsubscribe" | "unsubscribed" | "stop",
        /// The address failed too often for passing reasons.
        SoftLimit = "soft_limit" | "soft_bounce" | "soft_bounce_limit" | "soft",
        /// Sending waits for a human.
        Pause = "pause" | "paused" | "ambiguous",
        /// Any other reason, as good as an opt-out.
        Other = "other" | "manual",
    } else Other
}

words! {
    /// What the person was to the sender when the address was collected.
    Relationship as "relationship" {
        /// Bought something.
        Customer = "customer" | "buyer" | "client",
        /// Asked about a purchase.
        Enquirer = "enquirer" | "inquirer" | "enquiry" | "negotiation",
        /// Neither, but somebody the sender hopes for.
        Prospect = "prospect" | "lead",
        /// Supports a charity.
        Supporter = "supporter" | "charity_supporter" | "donor" | "charity",
        /// None.
        None = "none",
    } else None
}

words! {
    /// The occasion on which an address was collected.
    CollectedIn as "occasion" {
        /// A sale.
        Sale = "sale" | "purchase" | "order" | "checkout",
        /// Negotiations for a sale.
        Negotiation = "negotiation" | "negotiations" | "sale_negotiation" | "negotiations_for_sale" | "enquiry" | "inquiry" | "quote",
        /// Support of a charity.
        Charity = "charity" | "donation" | "charity_support" | "support",
        /// Anything else.
        Other = "other",
    } else Other
}

words! {
    /// What a consent is implied by (Canada).
    ImpliedKind as "kind of implied consent" {
        /// A purchase, a contract, a donation, a membership.
        Purchase = "purchase" | "sale" | "contract" | "donation" | "membership" | "existing_business_relationship",
        /// An enquiry.
        Enquiry = "enquiry" | "inquiry" | "application",
        /// A business address published without a refusal of such messages.
        Published = "published" | "published_address" | "published_b2b" | "conspicuous_publication",
    }
}

words! {
    /// How far a double opt-in got.
    DoiStatus as "double opt-in status" {
        /// Confirmed from the address itself.
        Confirmed = "confirmed" | "complete" | "completed",
        /// The confirmation was sent and not answered.
        Pending = "pending" | "requested" | "sent",
        /// The link ran out.
        Expired = "expired",
        /// There was none.
        None = "none" | "missing" | "not_requested",
    }
}

words! {
    /// What the last deliveries to the address came to.
    Bounce as "bounce state" {
        /// Nothing bad.
        None = "none" | "ok",
        /// Passing failures.
        Soft = "soft" | "soft_bounce" | "transient",
        /// Too many passing failures.
        SoftLimit = "soft_limit" | "soft_bounce_limit",
        /// The address does not exist.
        Hard = "hard" | "hard_bounce" | "permanent",
    }
}

words! {
    /// The state of the sending account.
    AccountState as "account state" {
        /// May send.
        Active = "active" | "ok" | "confirmed",
        /// The owner's address is not confirmed.
        Pending = "pending" | "unconfirmed",
        /// May not send.
        Blocked = "suspended" | "blocked" | "closed" | "disabled" | "inactive",
    }
}

words! {
    /// The state of the sending account's billing.
    BillingState as "billing state" {
        /// May send.
        Active = "active" | "ok" | "paid" | "trial" | "free",
        /// Sending is off while billing is paused or overdue.
        Paused = "paused" | "billing_paused" | "past_due" | "overdue" | "unpaid" | "cancelled" | "canceled",
    }
}

words! {
    /// What the screening against a national opt-out list said.
    Screen as "list screening" {
        /// Nobody looked.
        Missing = "missing" | "none" | "not_screened" | "unscreened" | "pending" | "stale" | "expired" | "required",
        /// Screened, not listed.
        Clear = "clear" | "screened" | "passed" | "ok" | "clean" | "not_listed" | "done",
        /// Listed: does not want advertising.
        Listed = "listed" | "hit" | "blocked" | "found" | "match" | "matched",
    }
}

words! {
    /// The state of a country's approval of a campaign.
    ApprovalState as "approval state" {
        /// Granted.
        Approved = "approved" | "granted",
        /// Filed, not answered.
        Pending = "pending" | "submitted" | "draft" | "requested",
        /// Refused or taken back.
        Rejected = "rejected" | "refused" | "revoked" | "denied",
        /// Its time ran out.
        Expired = "expired",
    }
}
