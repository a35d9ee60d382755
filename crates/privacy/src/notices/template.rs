//! First drafts of notices, filled with what the registers say: who answers, where the data live, who
//! receives them. Counsel reads them before they are published.

use store::Ctx;

use crate::announcements::words;
use crate::vocabulary::vocabulary;
use crate::{Result, controller, processors};

vocabulary! {
    /// For whom a notice is written.
    Audience as "audience" {
        /// Those who work with the service and have an account.
        Members = "members",
        /// Those who are written to.
        Contacts = "contacts",
        /// Those who only look at public pages.
        Visitors = "visitors",
    }
}

/// A draft in one language (`en` or `ar`), with the present controller, places and recipients.
///
/// # Errors
/// [`crate::Error::NotFound`] for another language; store errors.
pub async fn template(ctx: &Ctx, audience: Audience, language: &str) -> Result<String> {
    let profile = controller::get(ctx).await?;
    let unknown = words(language, "template.unknown", &[])?;
    let known = |text: String| if text.trim().is_empty() { unknown.clone() } else { text };
    let party = |party: &controller::Party| {
        let parts = [&party.name, &party.address, &party.email, &party.phone];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
    };
    let list = |items: Vec<String>| {
        let lines = items.into_iter().map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n");
        if lines.is_empty() { unknown.clone() } else { lines }
    };
    let hosting = profile.hosting.iter().map(|place| match place.what.as_str() {
        "" => place.place.clone(),
        what => format!("{what}: {}", place.place),
    });
    let published = processors::published(ctx).await?;
    let recipients = published.processors.iter().map(|one| format!("{} ({}): {}", one.name, one.location, one.service));
    let values = [
        ("controller", known(party(&profile.controller))),
        ("dpo", known(profile.dpo.as_ref().map(party).unwrap_or_default())),
        ("representative", known(profile.representative.as_ref().map(party).unwrap_or_default())),
        ("authority", known(profile.authority.clone())),
        ("hosting", list(hosting.collect())),
        ("recipients", list(recipients.collect())),
        ("list", format!("/privacy/{}/subprocessors", ctx.workspace)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let parts = ["head", audience.as_str(), "rights"];
    let parts = parts.map(|part| words(language, &format!("template.{part}"), &values));
    Ok(parts.into_iter().collect::<Result<Vec<_>>>()?.join("\n\n"))
}
