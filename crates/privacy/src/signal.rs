//! Global Privacy Control (`Sec-GPC: 1`): the person's browser says that they object. In law it is an
//! objection by automated means (GDPR Art. 21(5)) to the recording of opens and clicks and to profiling.

use kernel::ContactId;
use serde_json::json;
use store::Ctx;

use crate::Result;
use crate::claims::{self, Statement};
use crate::vocabulary::{BasisKind, Channel, ConsentState, Purpose};

/// What the signal speaks about.
const OBJECTED: [Purpose; 2] = [Purpose::ENGAGEMENT_TRACKING, Purpose::PROFILING];

/// What heeding the signal came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heeded {
    /// The objection was recorded.
    Recorded,
    /// The person had said no before.
    Known,
    /// The person had allowed it explicitly: that stands until they are asked.
    AllowedBefore,
}

/// Records the objection that a browser's signal makes, once. A specific and explicit consent is never
/// overridden by the signal alone: the page asks instead.
///
/// # Errors
/// When the store fails or the person has been erased.
pub async fn heed(ctx: &Ctx, subject: ContactId, surface: &str) -> Result<Heeded> {
    let known = claims::list(ctx, subject).await?;
    let (keys, subject_keys) = (ctx.keys().await?, ctx.vault.subject(ctx.workspace, subject).await?);
    let mut batch = ctx.batch();
    let (mut recorded, mut allowed) = (false, false);
    for purpose in OBJECTED {
        let said = known.iter().filter(|claim| claim.purpose == purpose && claim.channel == Channel::Email);
        match said.max_by_key(|claim| claim.at).map(|claim| claim.state) {
            Some(state) if state.is_valid() => allowed = true,
            Some(state) if state.is_refusal() => {}
            _ => {
                let statement = Statement {
                    subject,
                    purpose,
                    channel: Channel::Email,
                    topic: None,
                    basis: BasisKind::Consent,
                    state: ConsentState::Objected,
                    at: ctx.now(),
                    expires_at: None,
                    detail: json!({ "evidence": true, "source": surface, "signal": "Sec-GPC: 1" }),
                };
                claims::state(&mut batch, ctx, &keys, &subject_keys, statement)?;
                recorded = true;
            }
        }
    }
    if recorded {
        ctx.db.apply(batch).await?;
    }
    Ok(match (allowed, recorded) {
        (true, _) => Heeded::AllowedBefore,
        (false, true) => Heeded::Recorded,
        (false, false) => Heeded::Known,
    })
}
