//! Exports to a partner: only after people were told that this partner gets their data, and never
//! without a trace of whose data it got.

use kernel::{Code, ContactId, Problem};
use privacy::disclosures::{self, Disclosure, Notify, RecipientKind};
use privacy::notices;
use store::{Ctx, params};

use crate::{Error, Result};

store::sql! {
    CONTACTS = "SELECT id FROM contact WHERE workspace = $1 AND id > $2 ORDER BY id LIMIT $3";
}

/// The notice that must name a partner.
pub const NOTICE: &str = "privacy";

/// To whom and what for.
#[derive(Debug, Clone)]
pub struct Partner {
    /// The partner's name, as the notice has it.
    pub name: String,
    /// What the partner does with the data.
    pub purpose: String,
    /// The contract.
    pub reference: Option<String>,
    /// Where the partner takes notices of erasure: an address or an https address.
    pub notify: Option<String>,
}

/// Refuses unless the notice in force names the partner in each of its languages, and records for
/// every contact that the partner gets their data.
///
/// # Errors
/// `blocked_target` when the notice does not name the partner; a problem by field.
pub async fn disclose(ctx: &Ctx, partner: &Partner) -> Result<u64> {
    let (named, silent) = notices::naming(ctx, NOTICE, &partner.name).await?;
    if named.is_empty() || !silent.is_empty() {
        let missing = if silent.is_empty() { "any language".to_owned() } else { silent.join(", ") };
        let detail = format!(
            "no privacy notice in force names this partner (missing in: {missing}); tell people first, by a version that names it"
        );
        let mut problem = Problem::new(Code::BlockedTarget, detail);
        problem.fields = Problem::field("partner", "is named in no notice in force").fields;
        return Err(problem.into());
    }
    let notify = partner.notify.as_deref().map(Notify::parse).transpose()?;
    let mut after = ContactId([0; 16]);
    let mut count = 0;
    loop {
        let rows: Vec<(ContactId,)> = ctx.db.all(CONTACTS, params![ctx.workspace, after, 200]).await?;
        let mut batch = ctx.batch();
        for (contact,) in &rows {
            let disclosure = Disclosure {
                subject: Some(*contact),
                recipient: &partner.name,
                kind: RecipientKind::Partner,
                categories: &["contact"],
                purpose: &partner.purpose,
                notify: notify.clone(),
                reference: partner.reference.as_deref(),
            };
            match disclosures::record(&mut batch, ctx, disclosure).await {
                Ok(()) => count += 1,
                Err(privacy::Error::NotFound(_)) => {}
                Err(error) => return Err(Error::Privacy(error)),
            }
        }
        if !batch.is_empty() {
            ctx.db.apply(batch).await?;
        }
        match rows.last() {
            Some((last,)) if rows.len() == 200 => after = *last,
            _ => return Ok(count),
        }
    }
}
