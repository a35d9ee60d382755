use kernel::{Date, Timestamp};
use serde::Serialize;
use store::Ctx;

use super::model::{Details, Mechanism, Role};
use super::register::{Processor, list};
use crate::Result;

/// What anybody may know of a recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishedProcessor {
    /// The legal name.
    pub name: String,
    /// What it is in law.
    pub role: Option<Role>,
    /// The place.
    pub location: String,
    /// The countries.
    pub countries: Vec<String>,
    /// What a transfer rests on.
    pub mechanism: Option<Mechanism>,
    /// Which adequacy decision or derogation.
    pub scheme: Option<String>,
    /// What it does.
    pub service: String,
    /// What for.
    pub purposes: Vec<String>,
    /// Which kinds of data it sees.
    pub data_categories: Vec<String>,
    /// In use since.
    pub since: Option<Date>,
    /// Where to read more.
    pub website: Option<String>,
}

/// A change that is announced and not yet in effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Upcoming {
    /// `added`, `changed` or `ended`.
    pub kind: &'static str,
    /// When it takes effect.
    pub effective_at: Timestamp,
    /// The recipient as it will be; as it is, when it ends.
    pub processor: PublishedProcessor,
}

/// The public register: the page and the feed show exactly this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Published {
    /// When it was changed last.
    pub updated_at: Option<Timestamp>,
    /// Who receives data now, by name.
    pub processors: Vec<PublishedProcessor>,
    /// What will change, soonest first.
    pub upcoming: Vec<Upcoming>,
}

fn show(details: &Details) -> PublishedProcessor {
    let details = details.clone();
    PublishedProcessor {
        name: details.name,
        role: details.role,
        location: details.location,
        countries: details.countries,
        mechanism: details.mechanism,
        scheme: details.scheme,
        service: details.service,
        purposes: details.purposes,
        data_categories: details.data_categories,
        since: details.since,
        website: details.website,
    }
}

fn upcoming(processor: &Processor, now: Timestamp) -> Vec<Upcoming> {
    let mut out = Vec::new();
    let mut add = |kind, at: Option<Timestamp>, details: &Details| {
        if let Some(effective_at) = at.filter(|at| *at > now) {
            out.push(Upcoming { kind, effective_at, processor: show(details) });
        }
    };
    if processor.state == "announced" {
        add("added", processor.effective_at, &processor.details);
    }
    if let Some(pending) = &processor.pending {
        add("changed", processor.pending_at, pending);
    }
    add("ended", processor.ends_at, &processor.details);
    out
}

/// The public register as it is now.
///
/// # Errors
/// When the store fails.
pub async fn published(ctx: &Ctx) -> Result<Published> {
    let all: Vec<Processor> = list(ctx).await?.into_iter().filter(|processor| processor.state != "draft").collect();
    let mut processors: Vec<_> =
        all.iter().filter(|entry| entry.receives()).map(|entry| show(&entry.details)).collect();
    processors.sort_by_cached_key(|processor| kernel::fold(&processor.name));
    let mut soon: Vec<_> = all.iter().flat_map(|processor| upcoming(processor, ctx.now())).collect();
    soon.sort_by_key(|change| change.effective_at);
    let updated_at = all.iter().map(|processor| processor.updated_at).max();
    Ok(Published { updated_at, processors, upcoming: soon })
}
