//! Handing data to a partner. People learn of it before it happens: a notice in force names the partner, and
//! the partner is in the register with everything the law asks for.

use kernel::fold;
use store::{Batch, Ctx};

use super::model::Role;
use super::register::{Processor, list};
use crate::disclosures::{self, Disclosure, RecipientKind};
use crate::{Result, entry, notices};

/// The recipient of that name, when data may be handed to it now.
///
/// # Errors
/// 409 naming what is missing: the `recipient` in the register, in use, or a `notice` in force that names it.
pub async fn told(ctx: &Ctx, name: &str) -> Result<Processor> {
    let wanted = fold(&entry::needed_line("recipient", name)?);
    let found = list(ctx).await?.into_iter().find(|one| one.receives() && fold(&one.details.name) == wanted);
    let mut lacks = Vec::new();
    if found.is_none() {
        lacks.push("recipient");
    }
    if !named(ctx, &wanted).await? {
        lacks.push("notice");
    }
    match found {
        Some(recipient) if lacks.is_empty() => Ok(recipient),
        _ => Err(entry::incomplete("handing data to this recipient", &lacks)),
    }
}

/// Whether a notice in force names somebody, in whatever language.
async fn named(ctx: &Ctx, wanted: &str) -> Result<bool> {
    for head in notices::heads(ctx).await? {
        if fold(&notices::get(ctx, head.id).await?.body).contains(wanted) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Records in the caller's batch that data of everybody go to a recipient which [`told`] let pass.
///
/// # Errors
/// When the store fails.
pub async fn hand_over(batch: &mut Batch, ctx: &Ctx, recipient: &Processor, purpose: &str) -> Result<()> {
    let kind = match recipient.details.role {
        Some(Role::Controller) => RecipientKind::Controller,
        _ => RecipientKind::Processor,
    };
    let (name, reference) = (recipient.details.name.chars().take(200).collect::<String>(), recipient.id.to_string());
    let categories: Vec<&str> = recipient.details.data_categories.iter().map(String::as_str).collect();
    let disclosure = Disclosure {
        subject: None,
        recipient: &name,
        kind,
        categories: &categories,
        purpose,
        notify: None,
        reference: Some(&reference),
    };
    disclosures::record(batch, ctx, disclosure).await
}
