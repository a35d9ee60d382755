//! What a campaign by SMS has instead of subject and body.

use std::collections::BTreeMap;

use campaigns::CampaignDraft;
use campaigns::texts::{Terms, source, text_of};
use kernel::{Locale, Problem};
use serde_json::{Value as Json, json};

/// The fields of a draft that belong to mail alone, by name, and whether each was given.
pub(super) fn only_mail(given: &[(&str, bool)]) -> Result<(), Problem> {
    match given.iter().find(|(_, given)| *given) {
        Some((field, _)) => Err(Problem::field(*field, "a campaign by SMS has none")),
        None => Ok(()),
    }
}

/// The fields of a draft that belong to SMS alone.
pub(super) fn only_sms(given: &[(&str, bool)]) -> Result<(), Problem> {
    match given.iter().find(|(_, given)| *given) {
        Some((field, _)) => {
            Err(Problem::field(*field, "a campaign by e-mail has none; it is for \"channel\": \"sms\""))
        }
        None => Ok(()),
    }
}

/// The most languages of one message.
const MAX_VARIANTS: usize = 50;

/// The wordings in other languages.
pub(super) fn variants(
    texts: BTreeMap<Locale, Option<String>>,
) -> Result<BTreeMap<Locale, ::content::Source>, Problem> {
    if texts.len() > MAX_VARIANTS {
        return Err(Problem::field("variants", "at most 50 languages"));
    }
    texts
        .into_iter()
        .map(|(language, text)| {
            let missing = || Problem::field(format!("variants.{language}.text"), "something to say");
            let text = text.ok_or_else(missing)?;
            Ok((language.clone(), source(text, language)))
        })
        .collect()
}

/// The originator as it is kept.
pub(super) fn originator(text: &str) -> Result<String, Problem> {
    let read: telecom::sms::Originator =
        text.parse().map_err(|error: telecom::sms::OriginatorError| Problem::field("originator", error.to_string()))?;
    Ok(read.to_string())
}

/// Shows what is said by SMS, and hides what stands for mail.
pub(super) fn shown(shown: &mut Json, draft: &CampaignDraft) {
    let Some(Terms { from, shorten, validity }) = &draft.texts else {
        shown["sms"] = Json::Null;
        return;
    };
    let variants: BTreeMap<&Locale, &str> =
        draft.variants.iter().map(|(language, source)| (language, text_of(source))).collect();
    shown["sms"] = json!({
        "text": text_of(&draft.content),
        "language": draft.content.language,
        "variants": variants,
        "originator": from,
        "shorten": shorten,
        "validity": validity,
    });
    if let Some(members) = shown.as_object_mut() {
        members.remove("texts");
        members.remove("content");
        members.remove("variants");
    }
    for field in ["subject", "from_name", "from_email"] {
        shown[field] = json!("");
    }
}
