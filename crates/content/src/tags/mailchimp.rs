//! Mailchimp's notation: `*|FNAME|*`, `*|IF:PLAN=gold|*`. Names ignore case.

use super::own::unknown;
use super::{Case, Compare, Condition, Origin, Tag, Value, Wrong};
use crate::dates::Format;
use crate::fields::FieldCatalog;
use crate::render::System;

/// Tests in stock templates that are no fields and never hold in a mail.
const NEVER: [&str; 2] = ["ARCHIVE_PAGE", "REWARDS"];

/// A tag, and a warning about it.
pub(crate) type Read = (Tag, Option<String>);

/// Reads the inside of `*|…|*`.
pub(crate) fn read(text: &str, catalog: &FieldCatalog) -> Result<Read, Wrong> {
    let text = text.trim();
    let upper = text.to_ascii_uppercase();
    let plain = |tag| Ok((tag, None));
    match upper.as_str() {
        "ELSE:" | "ELSE" => return plain(Tag::Else),
        "END:IF" | "ENDIF" | "END:IFNOT" => return plain(Tag::EndIf),
        _ => {}
    }
    // Upper-casing ASCII keeps byte positions, so the original can be cut where the copy matched.
    if upper.starts_with("IFNOT:") {
        let inner = condition(&text[6..], catalog)?;
        return plain(Tag::If(Condition::Not(Box::new(inner))));
    }
    if upper.starts_with("IF:") {
        return condition(&text[3..], catalog).map(|c| (Tag::If(c), None));
    }
    if upper.starts_with("ELSEIF:") {
        return condition(&text[7..], catalog).map(|c| (Tag::ElseIf(c), None));
    }
    value(text, &upper, catalog)
}

fn value(text: &str, upper: &str, catalog: &FieldCatalog) -> Result<Read, Wrong> {
    if upper.starts_with("DATE:") {
        let value = Value { date: Some(Format::php(&text[5..])), ..Origin::Today.into() };
        return Ok((Tag::Value(value), None));
    }
    let origin = match upper {
        "UNSUB" => Origin::Unsubscribe,
        "UPDATE_PROFILE" | "PREFERENCES" => Origin::Preferences,
        "ARCHIVE" => Origin::View,
        "LIST:ADDRESSLINE" | "LIST:ADDRESS" | "HTML:LIST_ADDRESS_HTML" => Origin::System(System::PostalAddress),
        "LIST:NAME" => Origin::System(System::ListName),
        "LIST:COMPANY" => Origin::System(System::Organisation),
        "MC:SUBJECT" => Origin::Subject,
        "MC_PREVIEW_TEXT" => Origin::Preheader,
        "CURRENT_YEAR" => Origin::Year,
        "MC:DATE" => Origin::Today,
        _ => return personal(upper, catalog),
    };
    Ok((Tag::Value(origin.into()), None))
}

fn personal(upper: &str, catalog: &FieldCatalog) -> Result<Read, Wrong> {
    const CASES: [(&str, Case); 3] = [("TITLE:", Case::Title), ("UPPER:", Case::Upper), ("LOWER:", Case::Lower)];
    let (case, name) = CASES
        .iter()
        .find_map(|(prefix, case)| upper.strip_prefix(prefix).map(|rest| (Some(*case), rest)))
        .unwrap_or((None, upper));
    let name = name.strip_suffix(":URL").unwrap_or(name);
    let Some(field) = catalog.find_tag(name) else {
        return Err(unknown(&format!("*|{name}|*"), catalog));
    };
    let warning = (field.name != "email").then(|| {
        format!(
            "*|{name}|* prints nothing for people without it: {{{{ {} | fallback: \"…\" }}}} can say something instead",
            field.name
        )
    });
    Ok((Tag::Value(Value { case, ..Origin::Field(field.name.clone()).into() }), warning))
}

fn condition(text: &str, catalog: &FieldCatalog) -> Result<Condition, Wrong> {
    const SIGNS: [(&str, Compare); 6] = [
        ("!=", Compare::Different),
        (">=", Compare::GreaterOrEqual),
        ("<=", Compare::LessOrEqual),
        ("=", Compare::Equal),
        (">", Compare::Greater),
        ("<", Compare::Less),
    ];
    let sign_at = text.find(['!', '=', '<', '>']).unwrap_or(text.len());
    let (name, rest) = text.split_at(sign_at);
    let name = name.trim().to_uppercase();
    if NEVER.contains(&name.as_str()) {
        return Ok(Condition::Constant(false));
    }
    if name == "MC_PREVIEW_TEXT" {
        return Ok(Condition::Constant(true));
    }
    let Some(field) = catalog.find_tag(&name) else {
        return Err(unknown(&name, catalog));
    };
    let field = field.name.clone();
    if rest.is_empty() {
        return Ok(Condition::Present(field));
    }
    let (sign, how) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)).ok_or("use =, !=, >, <, >= or <=")?;
    let mut with = rest[sign.len()..].trim();
    with = with.strip_prefix('=').unwrap_or(with).trim();
    for quote in ['"', '\''] {
        with = with.strip_prefix(quote).and_then(|w| w.strip_suffix(quote)).unwrap_or(with);
    }
    Ok(Condition::Compare(field, *how, with.to_owned()))
}
