//! What it says: subject, links, images, size, language, and what law asks a message to contain.

use std::collections::BTreeSet;

use ::content::look::look;
use ::content::{Compiled, Element, MergeValues, Recipient, Sender, Source};
use privacy::vocabulary::Purpose;
use store::Ctx;

use super::{Fix, Item, Level};
use crate::Result;
use crate::model::{Campaign, CampaignDraft};
use crate::preflight::Survey;

/// Octets of HTML above which a large mail provider cuts a message off.
const CLIPPED: usize = 102 * 1024;
/// Characters of a subject that most mail programs show.
const SHOWN: usize = 70;

/// Whether a line shouts: most of its letters are capitals, or it has rows of exclamation marks.
fn shouts(line: &str) -> bool {
    let (mut capitals, mut small) = (0, 0);
    for c in line.chars() {
        capitals += usize::from(c.is_uppercase());
        small += usize::from(c.is_lowercase());
    }
    (capitals >= 8 && capitals > 2 * small) || line.contains("!!")
}

/// Subject and preheader, in every language.
pub(super) fn subject(items: &mut Vec<Item>, draft: &CampaignDraft) {
    let sources = || std::iter::once(&draft.content).chain(draft.variants.values());
    let longest = sources().map(|source| source.subject.chars().count()).max().unwrap_or_default();
    if sources().any(|source| source.subject.trim().is_empty()) {
        items.push(Item::new("subject_missing", Level::Blocking, Fix::Subject));
    } else {
        items.push(Item::new("subject", Level::Ok, Fix::Subject).value("characters", longest));
    }
    if longest > SHOWN {
        items.push(Item::new("subject_long", Level::Warning, Fix::Subject).value("characters", longest));
    }
    if sources().any(|source| shouts(&source.subject)) {
        items.push(Item::new("subject_shouting", Level::Warning, Fix::Subject));
    }
    let given = |source: &Source| source.preheader.as_deref().is_some_and(|text| !text.trim().is_empty());
    items.push(Item::judged("preheader", sources().all(given), Level::Warning, Fix::Subject));
}

/// Rows that are shown to a saved segment which is gone.
pub(super) async fn followed(items: &mut Vec<Item>, ctx: &Ctx, survey: &Survey) -> Result<()> {
    for (language, found) in crate::followed::gone(ctx, &survey.compiled).await?.into_iter().take(10) {
        let at = found.at.unwrap_or_else(|| format!("{} {}:{}", found.part.as_str(), found.line, found.column));
        let item = Item::new("shown_to_missing", Level::Blocking, Fix::Content).value("at", at);
        items.push(match language {
            Some(language) => item.value("language", language),
            None => item,
        });
    }
    Ok(())
}

/// What each language looks like when it is rendered.
pub(super) async fn content(items: &mut Vec<Item>, ctx: &Ctx, draft: &CampaignDraft, survey: &Survey) -> Result<()> {
    let workspace = super::super::lifecycle::workspace(ctx).await?;
    let sender = Sender {
        postal_address: workspace.postal_address,
        name: draft.from_name.clone(),
        organisation: workspace.name.clone(),
        list_name: workspace.name,
        reason: Some(draft.reason.clone().unwrap_or_default()),
        today: ctx.now().date(),
    };
    let mut gaps: BTreeSet<String> = BTreeSet::new();
    let mut seen = Seen::default();
    for compiled in survey.compiled.all() {
        gaps.extend(compiled.without_fallback().into_iter().map(str::to_owned));
        seen.add(compiled, &sender);
    }
    let names = gaps.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let item = Item::judged("merge_fallbacks", gaps.is_empty(), Level::Warning, Fix::Content);
    items.push(item.count(gaps.len() as u64).value("fields", names));
    seen.tell(items);
    let written = draft.content.text.is_some();
    items.push(
        Item::new("plain_text", Level::Ok, Fix::Content).value("made", if written { "written" } else { "generated" }),
    );
    Ok(())
}

#[derive(Default)]
struct Seen {
    octets: usize,
    images: u64,
    silent: u64,
    links: u64,
    empty: u64,
    insecure: BTreeSet<String>,
    /// Languages whose text runs the other way.
    turned: Vec<(String, &'static str)>,
}

impl Seen {
    fn add(&mut self, compiled: &Compiled, sender: &Sender) {
        // With a value for every field, so that what is required is there.
        let fields = compiled.fields().iter().map(|name| (name.clone(), "x".to_owned())).collect();
        let values = MergeValues {
            fields,
            tags: compiled.tags().iter().cloned().collect(),
            segments: compiled.follows().iter().map(|followed| followed.segment).collect(),
            reason: sender.reason.clone(),
        };
        let Ok(shown) = compiled.show(&Recipient { values: &values, sender }) else { return };
        let seen = look(&shown.html);
        self.octets = self.octets.max(seen.octets);
        self.images += seen.images;
        self.silent += seen.images_without_alt;
        self.links += seen.links;
        self.empty += seen.empty_links;
        let direction = compiled.language().direction();
        if seen.is_rtl().is_some_and(|rtl| rtl != (direction == kernel::Direction::Rtl)) {
            self.turned.push((compiled.language().to_string(), direction.as_str()));
        }
        self.insecure.extend(seen.insecure_links);
    }

    fn tell(self, items: &mut Vec<Item>) {
        let insecure = Item::judged("links_https", self.insecure.is_empty(), Level::Warning, Fix::Content);
        let insecure = insecure.count(self.insecure.len() as u64).value("links", self.links);
        items.push(match self.insecure.first() {
            Some(first) => insecure.value("first", first),
            None => insecure,
        });
        if self.empty > 0 {
            items.push(Item::new("links_empty", Level::Warning, Fix::Content).count(self.empty));
        }
        let alt = Item::judged("images_alt", self.silent == 0, Level::Warning, Fix::Content);
        items.push(alt.count(self.silent).value("images", self.images));
        let size = Item::judged("size", self.octets <= CLIPPED, Level::Warning, Fix::Content);
        items.push(size.value("kilobytes", self.octets.div_ceil(1024)));
        let direction = Item::judged("language_direction", self.turned.is_empty(), Level::Warning, Fix::Content);
        items.push(match self.turned.into_iter().next() {
            Some((language, way)) => direction.value("language", language).value("direction", way),
            None => direction,
        });
    }
}

/// What law asks a message of its kind to contain.
pub(super) async fn lawful(
    items: &mut Vec<Item>,
    ctx: &Ctx,
    campaign: &Campaign,
    survey: Option<&Survey>,
) -> Result<()> {
    let draft = &campaign.draft;
    if draft.purpose == Purpose::MARKETING {
        let empty = super::super::lifecycle::workspace(ctx).await?.postal_address.trim().is_empty();
        let lacks = |element: Element| {
            survey.is_some_and(|survey| survey.compiled.all().any(|c| !c.elements().missing(&[element]).is_empty()))
        };
        let link = Item::judged("unsubscribe_link", !lacks(Element::UnsubscribeLink), Level::Blocking, Fix::Content);
        items.push(link);
        let (absent, fix) = (lacks(Element::PostalAddress), if empty { Fix::Sender } else { Fix::Content });
        let address = Item::judged("postal_address", !empty && !absent, Level::Blocking, fix);
        items.push(if empty { address.value("where", "workspace") } else { address });
    }
    if draft.prospecting.is_some() {
        let missing = survey.is_some_and(|survey| {
            survey.compiled.all().any(|c| !c.elements().missing(Element::LEGITIMATE_INTEREST).is_empty())
        });
        items.push(Item::judged("notice_incomplete", !missing, Level::Blocking, Fix::Content));
        match draft.stated().require(ctx).await {
            Ok(()) => items.push(Item::new("prospecting", Level::Ok, Fix::Privacy)),
            Err(error) => {
                let detail = error.problem().detail;
                items.push(Item::new("prospecting", Level::Blocking, Fix::Privacy).value("detail", detail));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::shouts;

    #[test]
    fn shouting_is_told_from_names() {
        assert!(shouts("LAST CHANCE TODAY"));
        assert!(shouts("Hello!!"));
        assert!(!shouts("UNICEF and WHO meet in Amman"));
        assert!(!shouts("عرض اليوم!"));
    }
}
