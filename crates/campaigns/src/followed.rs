//! Saved segments that a content follows: a row that is shown to a segment is shown to whoever is in it when the
//! message is written, not when its author chose it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use content::{CompiledVariants, VariantProblem};
use kernel::{ContactId, SegmentId};
use people::segments::conditions::Where;
use people::segments::live::Live;
use people::segments::saved;
use store::Ctx;

use crate::{Error, Result};

/// Who is in the segments that a content follows.
#[derive(Clone)]
pub(crate) struct Followed {
    live: Live,
    /// As they were described when the writing began; one run writes by one description.
    conditions: Arc<Vec<(SegmentId, Where)>>,
}

fn asked(compiled: &CompiledVariants) -> BTreeSet<SegmentId> {
    compiled.all().flat_map(|one| one.follows().iter().map(|followed| followed.segment)).collect()
}

impl Followed {
    /// The segments of a content. One that went into the bin while messages are written still counts; of one that is
    /// gone for good nobody is a member.
    pub(crate) async fn of(ctx: &Ctx, live: &Live, compiled: &CompiledVariants) -> Result<Self> {
        let mut conditions = Vec::new();
        for id in asked(compiled) {
            if let Some(segment) = saved::anywhere(ctx, id).await? {
                let read = segment.condition.fields();
                people::reads::mark(ctx, people::reads::Reader::Segment, &read).await?;
                conditions.push((id, segment.condition));
            }
        }
        Ok(Self { live: live.clone(), conditions: Arc::new(conditions) })
    }

    /// In which of them each of these people is; who is in none is left out.
    pub(crate) async fn among(
        &self,
        ctx: &Ctx,
        people: &[ContactId],
    ) -> Result<HashMap<ContactId, BTreeSet<SegmentId>>> {
        let mut out: HashMap<ContactId, BTreeSet<SegmentId>> = HashMap::new();
        for (id, condition) in self.conditions.iter() {
            for contact in self.live.among(ctx, condition, people.to_vec()).await? {
                out.entry(contact).or_default().insert(*id);
            }
        }
        Ok(out)
    }
}

/// What a content is shown to and is not there, at its places.
///
/// # Errors
/// The store's.
pub async fn gone(ctx: &Ctx, compiled: &CompiledVariants) -> Result<Vec<VariantProblem>> {
    let mut lost = BTreeSet::new();
    for id in asked(compiled) {
        match saved::get(ctx, id).await {
            Ok(_) => {}
            Err(people::Error::NotFound(_)) => drop(lost.insert(id)),
            Err(error) => return Err(error.into()),
        }
    }
    let of = |language: Option<&kernel::Locale>, one: &content::Compiled| -> Vec<VariantProblem> {
        let found = one.follows().iter().filter(|followed| lost.contains(&followed.segment));
        found.map(|followed| (language.cloned(), followed.gone())).collect()
    };
    let mut out = of(None, &compiled.default);
    for (language, one) in &compiled.by_language {
        out.extend(of(Some(language), one));
    }
    Ok(out)
}

/// Refuses a content that is shown to a segment which is gone, naming each place.
pub(crate) async fn present(ctx: &Ctx, compiled: &CompiledVariants) -> Result<()> {
    let lost = gone(ctx, compiled).await?;
    if lost.is_empty() { Ok(()) } else { Err(Error::Content(content::Error::Template(lost))) }
}

/// In which of the segments that a content follows one person is now.
///
/// # Errors
/// The index's while it is being built, or the store's.
pub async fn of_contact(
    ctx: &Ctx,
    live: &Live,
    compiled: &CompiledVariants,
    contact: ContactId,
) -> Result<BTreeSet<SegmentId>> {
    let found = Followed::of(ctx, live, compiled).await?.among(ctx, &[contact]).await?;
    Ok(found.into_values().next().unwrap_or_default())
}
