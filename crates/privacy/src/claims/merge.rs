use kernel::ContactId;
use serde_json::json;
use store::{Batch, Ctx, SubjectKeys, WorkspaceKeys};

use super::statement::{Statement, state_as};
use crate::ledger::Kind;
use crate::{Result, suppression};

/// Carries what is known about a duplicate over to the person who stays, in the caller's batch:
/// claims (the later act wins, as always), and every block that names the duplicate. Blocks of
/// addresses are keyed by address and need no carrying. The duplicate's own rows are the caller's
/// to erase.
///
/// # Errors
/// When the store fails or one of the two has been erased.
pub async fn merge(
    batch: &mut Batch,
    ctx: &Ctx,
    (keys, kept_keys): (&WorkspaceKeys, &SubjectKeys),
    kept: ContactId,
    duplicate: ContactId,
) -> Result<()> {
    let own = super::list(ctx, kept).await?;
    for claim in super::list(ctx, duplicate).await? {
        let same = own.iter().find(|mine| {
            (&mine.purpose, mine.channel, mine.topic, mine.basis)
                == (&claim.purpose, claim.channel, claim.topic, claim.basis)
        });
        if same.is_some_and(|mine| mine.at >= claim.at) {
            continue;
        }
        let mut detail = claim.terms.unwrap_or_else(|| json!({}));
        if let Some(detail) = detail.as_object_mut() {
            detail.insert("merged_from".into(), json!({"contact": duplicate, "event": claim.event}));
            if let Some(at) = claim.confirmed_at {
                detail.insert("doi".into(), json!({"confirmed_at": at}));
            }
        }
        let statement = Statement {
            subject: kept,
            purpose: claim.purpose,
            channel: claim.channel,
            topic: claim.topic,
            basis: claim.basis,
            state: claim.state,
            at: claim.at,
            expires_at: claim.expires_at,
            detail,
        };
        state_as(Kind::Merge, batch, ctx, (keys, kept_keys), statement)?;
    }
    suppression::copy(batch, ctx, suppression::subject_hash(keys, duplicate), suppression::subject_hash(keys, kept));
    Ok(())
}
