use std::collections::BTreeMap;

use content::{Source, Variants};
use kernel::{CampaignId, Email, Locale, Problem, SegmentId, Timestamp, TopicId};
use outbound::Sender;
use outbound::texts::Terms;
use privacy::vocabulary::Purpose;
use serde::{Deserialize, Serialize};
use store::{Error as StoreError, FromRow, Row};

use crate::prospecting::{Prospecting, Stated};

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Can be edited.
    Draft,
    /// Starts by itself at a given instant; can be taken back.
    Scheduled,
    /// The gate is being asked for everybody; messages leave once the grace period is over.
    Preparing,
    /// Everybody has a delivery; messages leave.
    Sending,
    /// Held by a member.
    Paused,
    /// Everything has ended.
    Sent,
    /// Stopped for good.
    Cancelled,
}

impl State {
    const ALL: [Self; 7] =
        [Self::Draft, Self::Scheduled, Self::Preparing, Self::Sending, Self::Paused, Self::Sent, Self::Cancelled];

    /// The state as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Preparing => "preparing",
            Self::Sending => "sending",
            Self::Paused => "paused",
            Self::Sent => "sent",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What an author decides about a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignDraft {
    /// Its name, for members.
    pub name: String,
    /// The display name of the sender.
    pub from_name: String,
    /// The address of the sender.
    pub from_email: Email,
    /// Where answers go.
    #[serde(default)]
    pub reply_to: Option<Email>,
    /// Who gets it: subscribers of this topic …
    pub topic: TopicId,
    /// … who are in this segment.
    #[serde(default)]
    pub segment: Option<SegmentId>,
    /// What it is for.
    pub purpose: Purpose,
    /// Why people are written to, when the campaign rests on legitimate interest. To prospects it is a template
    /// with merge tags, rendered for each of them.
    #[serde(default)]
    pub reason: Option<String>,
    /// What a campaign to prospects states; absent for people who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prospecting: Option<Prospecting>,
    /// Whether opens and clicks of people with the tracking purpose are counted.
    #[serde(default = "yes")]
    pub track: bool,
    /// The content.
    pub content: Source,
    /// The content in other languages.
    #[serde(default)]
    pub variants: BTreeMap<Locale, Source>,
    /// How the texts of a campaign by SMS are sent; absent for one by e-mail. Sender's name and address mean nothing
    /// then, and of the contents only the texts do ([`crate::texts::source`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub texts: Option<Terms>,
}

const fn yes() -> bool {
    true
}

impl CampaignDraft {
    pub(crate) fn sender(&self) -> Sender {
        Sender { name: self.from_name.clone(), email: self.from_email.clone(), reply_to: self.reply_to.clone() }
    }

    pub(crate) fn variants(&self) -> Variants {
        let variants = Variants { default: self.content.clone(), by_language: self.variants.clone() };
        variants.with_notice(self.prospecting.is_some() || self.reason.is_some())
    }

    /// `sms` or `email`.
    pub const fn channel(&self) -> &'static str {
        if self.texts.is_some() { "sms" } else { "email" }
    }

    /// What a list shows first of what is said.
    pub(crate) fn line(&self) -> String {
        match &self.texts {
            Some(_) => crate::texts::text_of(&self.content).chars().take(100).collect(),
            None => self.content.subject.clone(),
        }
    }

    /// The languages in which it is written.
    pub(crate) fn offered(&self) -> Vec<&Locale> {
        std::iter::once(&self.content.language).chain(self.variants.keys()).collect()
    }

    /// `prospecting` for people who did not ask, else `campaign`.
    pub const fn kind(&self) -> &'static str {
        if self.prospecting.is_some() { "prospecting" } else { "campaign" }
    }

    pub(crate) fn stated(&self) -> Stated<'_> {
        Stated {
            prospecting: self.prospecting.as_ref(),
            segment: self.segment,
            reason: self.reason.as_deref(),
            purpose: &self.purpose,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Problem> {
        if self.name.trim().is_empty() || self.name.chars().count() > 200 {
            return Err(Problem::field("name", "give the campaign a name of at most 200 characters"));
        }
        if self.purpose != Purpose::MARKETING && self.purpose != Purpose::SERVICE {
            return Err(Problem::field("purpose", "expected marketing or service"));
        }
        if let Some(terms) = &self.texts {
            return self.check_texts(terms);
        }
        if self.from_name.chars().count() > 100 || self.from_name.chars().any(char::is_control) {
            return Err(Problem::field("from", "a display name has at most 100 characters and no line breaks"));
        }
        if self.from_email.needs_smtputf8() {
            return Err(Problem::field("from", "a sender's address needs an ASCII name before the @"));
        }
        self.stated().check()
    }

    fn check_texts(&self, terms: &Terms) -> Result<(), Problem> {
        if self.prospecting.is_some() {
            return Err(Problem::field("prospecting", "people who did not ask are not written to by SMS"));
        }
        if self.reason.is_some() {
            return Err(Problem::field("reason", "a campaign by SMS rests on what people agreed to"));
        }
        if terms.validity.is_some_and(|seconds| !(60..=172_800).contains(&seconds)) {
            return Err(Problem::field("validity", "60 to 172800 seconds"));
        }
        let others = self.variants.iter().map(|(language, source)| (Some(language), source));
        crate::texts::check(std::iter::once((None, &self.content)).chain(others))
    }
}

/// A campaign.
#[derive(Debug, Clone, Serialize)]
pub struct Campaign {
    /// The campaign.
    pub id: CampaignId,
    /// Where it stands.
    pub state: State,
    /// What its author decided.
    #[serde(flatten)]
    pub draft: CampaignDraft,
    /// Counts changes of the draft.
    pub version: i64,
    /// When it starts by itself.
    pub scheduled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When sending was asked for.
    pub started_at: Option<Timestamp>,
    /// When everything had ended.
    pub finished_at: Option<Timestamp>,
    /// Who changed the draft last: a member, a key, the console.
    pub updated_by: Option<String>,
    /// When a test of it was sent last.
    pub tested_at: Option<Timestamp>,
    /// Which version was tested then.
    #[serde(skip)]
    pub tested_version: Option<i64>,
    /// Since when it is in the bin.
    pub deleted_at: Option<Timestamp>,
    /// Why it waits by itself: `insufficient_balance` or `daily_cap`.
    pub halted_by: Option<String>,
}

impl Campaign {
    /// Whether the draft was tested as it stands.
    pub fn is_tested(&self) -> bool {
        self.tested_version == Some(self.version)
    }
}

impl FromRow for Campaign {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            state: State::parse(&row.take::<String>()?).ok_or(StoreError::Column("campaign state"))?,
            draft: serde_json::from_str(&row.take::<String>()?).map_err(|_| StoreError::Column("campaign"))?,
            version: row.take()?,
            scheduled_at: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
            started_at: row.take()?,
            finished_at: row.take()?,
            updated_by: row.take()?,
            tested_at: row.take()?,
            tested_version: row.take()?,
            deleted_at: row.take()?,
            halted_by: row.take()?,
        })
    }
}
