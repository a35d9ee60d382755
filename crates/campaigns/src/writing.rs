//! What is opened of each person before a message to them is asked for: exactly what its content and
//! its reason read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use content::reason::Reason;
use content::{CompiledVariants, MergeValues};
use kernel::{ContactId, DeliveryId, Email, Locale};
use outbound::{Addressee, Draft, Thread};
use people::contacts::{Loaded, Standard};
use people::segments::live::Live;
use serde_json::Value as Json;
use store::Ctx;

use crate::Result;
use crate::followed::Followed;

/// A content ready to be written to people.
#[derive(Clone)]
pub(crate) struct Writing {
    compiled: Arc<CompiledVariants>,
    /// Why each person is written to, when that must be said.
    reason: Option<Arc<Reason>>,
    followed: Followed,
}

/// People, as far as they can be written to.
#[derive(Default)]
pub(crate) struct Written {
    /// To be asked about.
    pub(crate) drafts: Vec<Draft>,
    /// For whom no reason comes out; they are denied.
    pub(crate) reasonless: Vec<(ContactId, Email)>,
    /// Who has no e-mail address, or is gone.
    pub(crate) unreachable: Vec<ContactId>,
}

impl Writing {
    pub(crate) async fn new(
        ctx: &Ctx,
        live: &Live,
        compiled: Arc<CompiledVariants>,
        reason: Option<Reason>,
    ) -> Result<Self> {
        let followed = Followed::of(ctx, live, &compiled).await?;
        Ok(Self { compiled, reason: reason.map(Arc::new), followed })
    }

    /// The drafts for these people.
    pub(crate) async fn to(&self, ctx: &Ctx, people: &[ContactId]) -> Result<Written> {
        let loaded = people::contacts::get_many(ctx, people::ReadFor::Advertising, people).await?;
        let reads_tags = self.compiled.all().any(|compiled| !compiled.tags().is_empty())
            || self.reason.as_ref().is_some_and(|reason| !reason.tags().is_empty());
        let tags = if reads_tags { people::tags::names_of(ctx, people).await? } else { vec![Vec::new(); people.len()] };
        let mut segments = self.followed.among(ctx, people).await?;
        let mut written = Written::default();
        for ((contact, loaded), tags) in people.iter().zip(loaded).zip(tags) {
            let Some(loaded) = loaded else {
                written.unreachable.push(*contact);
                continue;
            };
            let Some(email) = loaded.profile.email().cloned() else {
                written.unreachable.push(*contact);
                continue;
            };
            match self.addressee(&loaded, &email, &tags) {
                Some(mut addressee) => {
                    addressee.values.segments = segments.remove(contact).unwrap_or_default();
                    written.drafts.push(Draft { contact: loaded.id, email, addressee });
                }
                None => written.reasonless.push((loaded.id, email)),
            }
        }
        Ok(written)
    }

    /// `None` when a reason must be given and none comes out.
    fn addressee(&self, loaded: &Loaded, email: &Email, tags: &[String]) -> Option<Addressee> {
        let language = loaded.profile.value(Standard::Language).map(str::to_owned);
        let chosen: Option<Locale> = language.as_deref().and_then(|text| text.parse().ok());
        let compiled = self.compiled.pick(chosen.as_ref());
        let mut values = read(loaded, compiled.fields(), compiled.tags(), tags);
        if let Some(reason) = &self.reason {
            values.reason = Some(reason.render(&read(loaded, reason.fields(), reason.tags(), tags))?);
        }
        Some(Addressee {
            address: email.wire(),
            name: display_name(loaded),
            language,
            thread: None,
            invitation: None,
            values,
        })
    }
}

impl Written {
    /// Ties follow-ups to the first message of the same person.
    pub(crate) fn follow(&mut self, first: impl Fn(ContactId) -> Option<DeliveryId>) {
        for draft in &mut self.drafts {
            draft.addressee.thread = first(draft.contact).map(Thread::Delivery);
        }
    }
}

pub(crate) fn read(loaded: &Loaded, fields: &[String], read_tags: &[String], tags: &[String]) -> MergeValues {
    let fields: BTreeMap<String, String> =
        fields.iter().filter_map(|name| Some((name.clone(), value(loaded, name)?))).collect();
    let tags: BTreeSet<String> = tags.iter().filter(|tag| read_tags.contains(tag)).cloned().collect();
    MergeValues { fields, tags, ..MergeValues::default() }
}

fn display_name(loaded: &Loaded) -> Option<String> {
    let first = loaded.profile.value(Standard::FirstName);
    let last = loaded.profile.value(Standard::LastName);
    let whole: Vec<&str> = first.into_iter().chain(last).collect();
    (!whole.is_empty()).then(|| whole.join(" "))
}

/// A field as text, as content reads it.
fn value(loaded: &Loaded, name: &str) -> Option<String> {
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
