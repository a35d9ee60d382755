//! Who a campaign is for, in chunks, opened and reduced to what its content reads.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use content::{CompiledVariants, MergeValues};
use kernel::{ContactId, Locale};
use outbound::{Addressee, Draft};
use people::contacts::{Loaded, Standard};
use people::segments::live::Live;
use serde_json::Value as Json;
use store::Ctx;

use crate::Result;
use crate::model::CampaignDraft;

/// The subscribers of a campaign's topic, narrowed to its segment.
#[derive(Clone)]
pub(crate) struct Audience {
    topic: kernel::TopicId,
    /// The segment's members when the campaign has one.
    members: Option<Arc<HashSet<ContactId>>>,
    compiled: Arc<CompiledVariants>,
}

/// One chunk: where to go on, and the drafts.
pub(crate) struct Chunk {
    pub(crate) next: Option<ContactId>,
    pub(crate) drafts: Vec<Draft>,
}

impl Audience {
    pub(crate) async fn of(
        ctx: &Ctx,
        live: &Live,
        draft: &CampaignDraft,
        compiled: Arc<CompiledVariants>,
    ) -> Result<Self> {
        let members = match draft.segment {
            Some(segment) => {
                let saved = people::segments::saved::get(ctx, segment).await?;
                let found = live.contacts(ctx, &saved.condition).await?;
                Some(Arc::new(found.into_iter().collect()))
            }
            None => None,
        };
        Ok(Self { topic: draft.topic, members, compiled })
    }

    /// The chunk after a contact; contacts without an e-mail address are passed over.
    pub(crate) async fn after(&self, ctx: &Ctx, after: ContactId, limit: u32) -> Result<Chunk> {
        let ids = people::topics::subscribed_after(ctx, self.topic, after, limit).await?;
        let next = if ids.len() == limit as usize { ids.last().copied() } else { None };
        let chosen: Vec<ContactId> = match &self.members {
            Some(members) => ids.into_iter().filter(|id| members.contains(id)).collect(),
            None => ids,
        };
        let loaded = people::contacts::get_many(ctx, &chosen).await?;
        let tags = if self.compiled.all().any(|compiled| !compiled.tags().is_empty()) {
            people::tags::names_of(ctx, &chosen).await?
        } else {
            vec![Vec::new(); chosen.len()]
        };
        let drafts = loaded.into_iter().zip(tags).filter_map(|(loaded, tags)| self.draft(loaded?, tags)).collect();
        Ok(Chunk { next, drafts })
    }

    fn draft(&self, loaded: Loaded, tags: Vec<String>) -> Option<Draft> {
        let email = loaded.profile.email()?.clone();
        let language = loaded.profile.value(Standard::Language).map(str::to_owned);
        let chosen: Option<Locale> = language.as_deref().and_then(|text| text.parse().ok());
        let compiled = self.compiled.pick(chosen.as_ref());
        let mut fields = BTreeMap::new();
        for name in compiled.fields() {
            if let Some(value) = value(&loaded, name) {
                fields.insert(name.clone(), value);
            }
        }
        let wanted: BTreeSet<String> =
            tags.into_iter().filter(|tag| compiled.tags().iter().any(|read| read == tag)).collect();
        let addressee = Addressee {
            address: email.wire(),
            name: display_name(&loaded),
            language,
            values: MergeValues { fields, tags: wanted, reason: None },
        };
        Some(Draft { contact: loaded.id, email, addressee })
    }
}

fn display_name(loaded: &Loaded) -> Option<String> {
    let first = loaded.profile.value(Standard::FirstName);
    let last = loaded.profile.value(Standard::LastName);
    let whole: Vec<&str> = first.into_iter().chain(last).collect();
    (!whole.is_empty()).then(|| whole.join(" "))
}

/// A field as text, as content reads it.
pub(crate) fn value(loaded: &Loaded, name: &str) -> Option<String> {
    match name {
        "email" => loaded.profile.email().map(ToString::to_string),
        "phone" => loaded.profile.phone().map(str::to_owned),
        _ => {
            if let Some(field) = Standard::named(name) {
                return loaded.profile.value(field).map(str::to_owned);
            }
            match &loaded.profile.attributes.get(name)?.0 {
                Json::String(text) => Some(text.clone()),
                Json::Null => None,
                other => Some(other.to_string()),
            }
        }
    }
}
