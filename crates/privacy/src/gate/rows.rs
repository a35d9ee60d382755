//! What the gate reads: the same statements inside a transaction and outside of one.

use std::collections::BTreeSet;

use kernel::{Timestamp, WorkspaceId};
use store::{Blind, Ctx, SubjectKeys, Tx, Value, params};

use super::ask::Ask;
use super::sent::{SENT_SINCE, TOUCHES};
use super::settings::{SETTINGS, Settings};
use crate::assessments::Recorded;
use crate::claims::ClaimRow;
use crate::claims::queries::CLAIMS_UNORDERED;
use crate::facts::FACTS;
use crate::rules::{Approval, Screen};
use crate::suppression::{SUPPRESSIONS_OF_THREE, subject_hash};
use crate::{Result, approvals, screening};

store::sql! {
    RETIRED = "SELECT code FROM purpose WHERE workspace = $1 AND code = $2 AND retired_at IS NOT NULL";
}

/// Asks with everything that must be fetched from the key store before a transaction opens.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(super) workspace: WorkspaceId,
    pub(super) asks: Vec<Ask>,
    pub(super) keys: Vec<SubjectKeys>,
    pub(super) people: Vec<Blind>,
    /// What national opt-out lists say about each, where one concerns them.
    pub(super) screens: Vec<Option<Screen>>,
    purposes: BTreeSet<String>,
}

impl Prepared {
    /// How many asks there are; the answers come in their order.
    pub fn len(&self) -> usize {
        self.asks.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.asks.is_empty()
    }

    pub(super) async fn new(ctx: &Ctx, asks: Vec<Ask>) -> Result<Self> {
        let workspace_keys = ctx.keys().await?;
        let subjects: Vec<_> = asks.iter().map(|ask| ask.subject).collect();
        let keys = ctx.vault.subjects(ctx.workspace, &subjects).await?;
        let people = subjects.iter().map(|subject| subject_hash(&workspace_keys, *subject)).collect();
        let mut purposes = BTreeSet::new();
        for ask in &asks {
            if !purposes.contains(ask.purpose.as_str()) {
                purposes.insert(ask.purpose.as_str().to_owned());
            }
        }
        let screens = screening::screen(ctx, &workspace_keys, &asks, &keys).await?;
        Ok(Self { workspace: ctx.workspace, asks, keys, people, screens, purposes })
    }

    fn by_subject(&self) -> Vec<Vec<Value>> {
        self.asks.iter().map(|ask| params![self.workspace, ask.subject]).collect()
    }

    fn by_hashes(&self) -> Vec<Vec<Value>> {
        let sets = self.asks.iter().zip(&self.people);
        sets.map(|(ask, person)| params![self.workspace, *person, ask.address, ask.domain]).collect()
    }

    fn by_purpose(&self) -> Vec<Vec<Value>> {
        self.purposes.iter().map(|code| params![self.workspace, code]).collect()
    }

    /// Whether any message of the chunk may need the approval of a country.
    fn need_approvals(&self, settings: &Settings) -> bool {
        settings.approvals_required_on.is_some() || self.asks.iter().any(|ask| ask.channel.is_phone())
    }

    fn since(&self, settings: &Settings, now: Timestamp) -> Vec<Vec<Value>> {
        let Some(cap) = settings.frequency else { return Vec::new() };
        let first = now.day() - cap.days.clamp(1, 90) as i32 + 1;
        self.asks.iter().map(|ask| params![self.workspace, ask.subject, first]).collect()
    }
}

pub(super) type FactsRow = (Vec<u8>,);
pub(super) type SuppressionRow = (Blind, String, String, Timestamp);
pub(super) type TouchRow = (u32, Timestamp, Option<Timestamp>);

/// Committed state of all asks, in their order; `sent` is empty when there is no cap, `touches` and
/// `assessments` when nothing rests on legitimate interest, `approvals` when no channel needs one.
pub(super) struct Rows {
    pub(super) settings: Settings,
    pub(super) retired: BTreeSet<String>,
    pub(super) facts: Vec<Vec<FactsRow>>,
    pub(super) claims: Vec<Vec<ClaimRow>>,
    pub(super) suppressions: Vec<Vec<SuppressionRow>>,
    pub(super) sent: Vec<Vec<(i32, u32)>>,
    pub(super) touches: Vec<Vec<TouchRow>>,
    pub(super) assessments: Recorded,
    pub(super) approvals: Vec<Approval>,
}

fn rest_on_interest(claims: &[Vec<ClaimRow>]) -> bool {
    claims.iter().flatten().any(|claim| claim.basis == "legitimate_interest")
}

fn codes(rows: Vec<Vec<(String,)>>) -> BTreeSet<String> {
    rows.into_iter().flatten().map(|(code,)| code).collect()
}

impl Rows {
    pub(super) fn inside(tx: &mut Tx<'_>, asked: &Prepared, now: Timestamp) -> Result<Self> {
        let settings = Settings::read(tx.opt(SETTINGS, params![asked.workspace])?)?;
        let by_subject = asked.by_subject();
        let claims = tx.many(CLAIMS_UNORDERED, &by_subject)?;
        let interest = rest_on_interest(&claims);
        Ok(Self {
            retired: codes(tx.many(RETIRED, &asked.by_purpose())?),
            facts: tx.many(FACTS, &by_subject)?,
            suppressions: tx.many(SUPPRESSIONS_OF_THREE, &asked.by_hashes())?,
            sent: tx.many(SENT_SINCE, &asked.since(&settings, now))?,
            touches: if interest { tx.many(TOUCHES, &by_subject)? } else { Vec::new() },
            assessments: if interest { Recorded::inside(tx, asked.workspace)? } else { Recorded::default() },
            approvals: if asked.need_approvals(&settings) {
                approvals::granted_inside(tx, asked.workspace)?
            } else {
                Vec::new()
            },
            settings,
            claims,
        })
    }

    pub(super) async fn outside(ctx: &Ctx, asked: &Prepared, now: Timestamp) -> Result<Self> {
        let by_subject = asked.by_subject();
        let (settings, retired, facts, claims, suppressions) = tokio::join!(
            ctx.db.get(SETTINGS, params![asked.workspace]),
            ctx.db.many(RETIRED, asked.by_purpose()),
            ctx.db.many(FACTS, by_subject.clone()),
            ctx.db.many(CLAIMS_UNORDERED, by_subject.clone()),
            ctx.db.many(SUPPRESSIONS_OF_THREE, asked.by_hashes()),
        );
        let (settings, claims) = (Settings::read(settings?)?, claims?);
        let sent = ctx.db.many(SENT_SINCE, asked.since(&settings, now)).await?;
        let interest = rest_on_interest(&claims);
        let touches = if interest { ctx.db.many(TOUCHES, by_subject).await? } else { Vec::new() };
        let assessments = if interest { Recorded::outside(ctx).await? } else { Recorded::default() };
        let approvals = if asked.need_approvals(&settings) { approvals::granted(ctx).await? } else { Vec::new() };
        Ok(Self {
            settings,
            retired: codes(retired?),
            facts: facts?,
            claims,
            suppressions: suppressions?,
            sent,
            touches,
            assessments,
            approvals,
        })
    }
}
