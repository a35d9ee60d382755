use std::collections::BTreeMap;
use std::sync::Arc;

use content::CompiledVariants;
use kernel::{CampaignId, ContactId};
use outbound::Outbound;
use people::segments::live::Live;
use privacy::gate::{Ask, ContentMeta};
use privacy::suppression;
use privacy::vocabulary::Channel;
use serde::Serialize;
use store::Ctx;

use crate::audience::Audience;
use crate::lifecycle::{self, get};
use crate::model::Campaign;
use crate::prospecting::REASON_MISSING;
use crate::writing::Writing;
use crate::{Error, Result};

/// What the gate would say to a campaign now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Preflight {
    /// Subscribers of the topic who are in the segment.
    pub selected: u64,
    /// Who would be written to (some perhaps later, when their window opens).
    pub allowed: u64,
    /// Who would not, by reason.
    pub denied: BTreeMap<String, u64>,
    /// Of the allowed, who would wait for a window or a cap, by reason.
    pub deferred: BTreeMap<String, u64>,
    /// What keeps the campaign as a whole from being sent, as problem codes with their text.
    pub blockers: Vec<Blocker>,
}

/// One thing to mend before sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Blocker {
    /// The problem's code.
    pub code: &'static str,
    /// What to do.
    pub detail: String,
}

/// Asks the gate about everybody, without leave to send.
///
/// # Errors
/// [`Error::NotFound`], or the store's.
pub async fn preflight(ctx: &Ctx, outbound: &Outbound, live: &Live, id: CampaignId) -> Result<Preflight> {
    let campaign = get(ctx, id).await?;
    if campaign.draft.texts.is_some() {
        return Ok(crate::texts::survey(ctx, outbound, live, &campaign).await?.report);
    }
    Ok(survey(ctx, outbound, live, &campaign).await?.report)
}

/// What the gate would say, and what was seen on the way there.
pub(crate) struct Survey {
    pub(crate) report: Preflight,
    /// The content in all its languages.
    pub(crate) compiled: Arc<CompiledVariants>,
    /// Language → how many of the selected read it, of those whose language is known.
    pub(crate) languages: BTreeMap<String, u64>,
}

/// Asks the gate about everybody, without leave to send.
pub(crate) async fn survey(ctx: &Ctx, outbound: &Outbound, live: &Live, campaign: &Campaign) -> Result<Survey> {
    let mut report = Preflight::default();
    let mut languages: BTreeMap<String, u64> = BTreeMap::new();
    let id = campaign.id;
    if let Err(error) = lifecycle::run(ctx, outbound, campaign, ctx.now()).await {
        block(&mut report, &error);
    }
    let verified = lifecycle::sender_verified(ctx, outbound, &campaign.draft).await?;
    if !verified {
        let domain = campaign.draft.from_email.ascii_domain().to_owned();
        block(&mut report, &Error::SenderNotVerified(domain));
    }
    let catalog = lifecycle::catalog(ctx).await?;
    let reason = campaign.draft.stated().compiled_reason(ctx, &catalog).map_err(Error::Invalid)?;
    let also = reason.as_ref().map_or(&[][..], content::reason::Reason::fields);
    let version = outbound.versions().save_with(ctx, &campaign.draft.variants(), &catalog, also).await?;
    let missing = version
        .compiled
        .all()
        .flat_map(|compiled| compiled.elements().missing(content::Element::LEGITIMATE_INTEREST))
        .collect();
    let content = ContentMeta { hash: version.hash, missing, promotional: false };
    let audience = Audience::of(ctx, live, id.into(), (campaign.draft.topic, campaign.draft.segment)).await?;
    let compiled = version.compiled;
    let writing = Writing::new(ctx, live, Arc::clone(&compiled), reason).await?;
    let keys = ctx.keys().await?;
    let mut after = Some(ContactId([0; 16]));
    while let Some(from) = after {
        let chunk = audience.after(ctx, &writing, from, 1000).await?;
        after = chunk.next;
        let (drafts, reasonless) = (chunk.written.drafts, chunk.written.reasonless.len() as u64);
        for language in drafts.iter().filter_map(|draft| draft.addressee.language.clone()) {
            *languages.entry(language).or_default() += 1;
        }
        report.selected += drafts.len() as u64 + reasonless;
        if reasonless > 0 {
            *report.denied.entry(REASON_MISSING.to_owned()).or_default() += reasonless;
        }
        let asks = drafts
            .iter()
            .map(|draft| Ask {
                subject: draft.contact,
                address: suppression::email_hash(&keys, &draft.email),
                domain: suppression::domain_hash(&keys, &draft.email),
                channel: Channel::Email,
                purpose: campaign.draft.purpose.clone(),
                topic: Some(campaign.draft.topic),
                content: content.clone(),
                sender_verified: verified,
            })
            .collect();
        for answer in outbound.gate().preview(ctx, asks).await? {
            match answer {
                Ok(_) => report.allowed += 1,
                Err(denial) if denial.is_deferral() => {
                    report.allowed += 1;
                    *report.deferred.entry(denial.reason).or_default() += 1;
                }
                Err(denial) => *report.denied.entry(denial.reason).or_default() += 1,
            }
        }
    }
    Ok(Survey { report, compiled, languages })
}

fn block(report: &mut Preflight, error: &Error) {
    let problem = error.problem();
    report.blockers.push(Blocker { code: problem.code.as_str(), detail: problem.detail });
}
