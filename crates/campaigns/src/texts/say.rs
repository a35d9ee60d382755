//! What each person reads: the wording with their values, and its links told apart.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use content::{Compiled, CompiledVariants, Links, MergeValues, Recipient, Rendered};
use kernel::{CampaignId, ContactId, Locale, Phone, Problem};
use outbound::Outbound;
use outbound::texts::{LinkTo, Text, WordLink, Words};
use people::contacts::Standard;
use store::{Ctx, params};

use crate::lifecycle::{self, get, told};
use crate::writing::read;
use crate::{Error, Result, queries as sql};

/// Private-use characters around a link while it is rendered; nothing that people wrote keeps them.
const OPEN: char = '\u{E0F4}';
const SPLIT: char = '\u{E0F5}';
const CLOSE: char = '\u{E0F6}';

/// The most numbers of one test.
const MOST: usize = 5;

/// A wording ready to be said to people.
#[derive(Clone)]
pub(crate) struct Speaking {
    compiled: Arc<CompiledVariants>,
    frame: Arc<content::Sender>,
}

/// People, as far as they can be written to.
#[derive(Default)]
pub(crate) struct Said {
    /// What each is to read.
    pub(crate) texts: Vec<Text>,
    /// How many have no number, or are gone.
    pub(crate) without_phone: u64,
}

struct Marks;

impl Links for Marks {
    fn link(&self, number: u32, url: &str, out: &mut String) {
        // Writing into a String cannot fail.
        let _ = write!(out, "{OPEN}{number}{SPLIT}{url}{CLOSE}");
    }

    fn unsubscribe(&self, out: &mut String) {
        let _ = write!(out, "{OPEN}u{SPLIT}{CLOSE}");
    }

    fn preferences(&self, out: &mut String) {
        self.unsubscribe(out);
    }

    fn view(&self, out: &mut String) {
        self.unsubscribe(out);
    }

    fn pixel(&self, _: &mut String) -> bool {
        false
    }
}

impl Speaking {
    pub(crate) fn new(compiled: Arc<CompiledVariants>, frame: content::Sender) -> Self {
        Self { compiled, frame: Arc::new(frame) }
    }

    /// What these people are to read.
    pub(crate) async fn to(&self, ctx: &Ctx, people: &[ContactId]) -> Result<Said> {
        let loaded = people::contacts::get_many(ctx, people::ReadFor::Advertising, people).await?;
        let reads_tags = self.compiled.all().any(|compiled| !compiled.tags().is_empty());
        let tags = if reads_tags { people::tags::names_of(ctx, people).await? } else { vec![Vec::new(); people.len()] };
        let mut said = Said::default();
        let mut rendered = Rendered::default();
        for (loaded, tags) in loaded.into_iter().zip(tags) {
            let phone = loaded.as_ref().and_then(|person| Phone::parse(person.profile.phone()?, None).ok());
            let (Some(loaded), Some(phone)) = (loaded, phone) else {
                said.without_phone += 1;
                continue;
            };
            let chosen: Option<Locale> =
                loaded.profile.value(Standard::Language).and_then(|language| language.parse().ok());
            let compiled = self.compiled.pick(chosen.as_ref());
            let mut values = read(&loaded, compiled.fields(), compiled.tags(), &tags);
            for value in values.fields.values_mut() {
                value.retain(|c| !matches!(c, OPEN | SPLIT | CLOSE));
            }
            let says = self.say(compiled, &values, &mut rendered);
            said.texts.push(Text { contact: loaded.id, phone, language: compiled.language().clone(), says });
        }
        Ok(said)
    }

    fn say(&self, compiled: &Compiled, values: &MergeValues, out: &mut Rendered) -> Result<Words, &'static str> {
        let recipient = Recipient { values, sender: &self.frame };
        compiled.render(&recipient, &Marks, out).map_err(|error| match error {
            content::RenderError::MissingField(_) => "required_value_missing",
            content::RenderError::MissingSystem(_) => "not_renderable",
        })?;
        let words = told_apart(out.text.trim(), compiled);
        if words.text.trim().is_empty() { Err("text_empty") } else { Ok(words) }
    }

    /// The wording of each language as somebody reads it of whom everything is known.
    pub(crate) fn samples(&self) -> Vec<(Locale, Words)> {
        let mut rendered = Rendered::default();
        let sample = |compiled: &Compiled| {
            let fields: BTreeMap<String, String> =
                compiled.fields().iter().map(|name| (name.clone(), sample_of(name).to_owned())).collect();
            let tags = compiled.tags().iter().cloned().collect();
            let values = MergeValues { fields, tags, ..MergeValues::default() };
            Some((compiled.language().clone(), self.say(compiled, &values, &mut rendered).ok()?))
        };
        self.compiled.all().filter_map(sample).collect()
    }
}

/// A value of usual length that is in every alphabet.
fn sample_of(field: &str) -> &'static str {
    match field {
        "first_name" | "last_name" => "Lina",
        "country" => "SA",
        _ => "example",
    }
}

/// The rendered text without its marks, and where its links are.
fn told_apart(marked: &str, compiled: &Compiled) -> Words {
    let mut words = Words::default();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once(OPEN) {
        words.text.push_str(before);
        let Some((mark, url, behind)) = after
            .split_once(SPLIT)
            .and_then(|(mark, after)| after.split_once(CLOSE).map(|(url, behind)| (mark, url, behind)))
        else {
            rest = after;
            continue;
        };
        let begin = words.text.len();
        words.text.push_str(url);
        let to = match mark.parse::<u32>() {
            Ok(number) => {
                let own = compiled.links().iter().find(|link| link.number == number).is_none_or(|link| link.dynamic);
                LinkTo::Page { number, own }
            }
            Err(_) => LinkTo::Leave,
        };
        words.links.push(WordLink { at: begin..words.text.len(), to });
        rest = behind;
    }
    words.text.push_str(rest);
    words
}

/// Sends the wording as it stands to somebody's own telephones, marked as a test. It rests on their asking for it, which
/// goes into the ledger with the name of who says so.
///
/// # Errors
/// [`Error::Invalid`] for more than five numbers, or what the channel says of one.
pub async fn try_out(ctx: &Ctx, outbound: &Outbound, id: CampaignId, to: &[Phone]) -> Result<()> {
    if to.is_empty() || to.len() > MOST {
        return Err(Error::Invalid(Problem::field("to", "expected 1 to 5 numbers of your own")));
    }
    let campaign = get(ctx, id).await?;
    let Some(terms) = &campaign.draft.texts else {
        return Err(Error::Invalid(Problem::field("to", "this campaign is sent by e-mail")));
    };
    let version = outbound.versions().save(ctx, &campaign.draft.variants(), &lifecycle::catalog(ctx).await?).await?;
    let frame = super::run::frame(ctx, &campaign.draft).await?;
    let samples = Speaking::new(version.compiled, frame).samples();
    let texts = outbound.texts()?;
    for phone in to {
        for (language, words) in &samples {
            let words = Words { text: format!("[Test] {}", without_leave(words)), links: Vec::new() };
            let contact = ContactId([0; 16]);
            let text = Text { contact, phone: phone.clone(), language: language.clone(), says: Ok(words) };
            texts.try_out(ctx, terms, text).await.map_err(Error::Invalid)?;
        }
    }
    let mut batch = ctx.batch();
    batch.push(sql::TESTED, params![ctx.workspace, id, ctx.now(), campaign.version]);
    told(&mut batch, "campaign.tested", id);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Who tests has nothing to leave; where the link would stand, its place is shown.
fn without_leave(words: &Words) -> String {
    words.with(|link, url, out| out.push_str(if link.to == LinkTo::Leave { "(…)" } else { url }))
}

#[cfg(test)]
mod tests {
    use content::{FieldCatalog, Variants};

    use super::*;

    fn speaking(text: &str) -> Speaking {
        let variants = Variants::from(super::super::source(text.to_owned(), Locale::en()));
        let compiled = CompiledVariants::compile_with(&variants, &FieldCatalog::standard(), &[]).unwrap();
        let frame = content::Sender {
            postal_address: String::new(),
            name: String::new(),
            organisation: "Nour".to_owned(),
            list_name: String::new(),
            reason: None,
            today: kernel::Date::constant(2026, 11, 22),
        };
        Speaking::new(Arc::new(compiled), frame)
    }

    fn said(text: &str, first_name: &str) -> Words {
        let speaking = speaking(text);
        let fields = [("first_name".to_owned(), first_name.to_owned())].into();
        let values = MergeValues { fields, ..MergeValues::default() };
        speaking.say(&speaking.compiled.default, &values, &mut Rendered::default()).unwrap()
    }

    #[test]
    fn links_are_told_apart_from_words() {
        let words = said(
            "Hi {{ first_name | required }}, https://shop.example/a?n={{ first_name | required }} or https://shop.example/b. {{ unsubscribe_url }}",
            "Lina",
        );
        assert_eq!(words.text, "Hi Lina, https://shop.example/a?n=Lina or https://shop.example/b. ");
        let found: Vec<_> = words.links.iter().map(|link| (&words.text[link.at.clone()], link.to)).collect();
        assert_eq!(
            found,
            [
                ("https://shop.example/a?n=Lina", LinkTo::Page { number: 0, own: true }),
                ("https://shop.example/b", LinkTo::Page { number: 1, own: false }),
                ("", LinkTo::Leave),
            ]
        );
    }

    #[test]
    fn whoever_lacks_a_required_value_is_told_so() {
        let speaking = speaking("Hi {{ first_name | required }}");
        let told = speaking.say(&speaking.compiled.default, &MergeValues::default(), &mut Rendered::default());
        assert_eq!(told, Err("required_value_missing"));
    }
}
