//! Who writes, and by which way mail leaves.

use outbound::Outbound;
use privacy::suppression::is_free_mail;
use store::Ctx;

use super::{Fix, Item, Level, Way};
use crate::Result;
use crate::lifecycle;
use crate::model::Campaign;

/// Names before the @ that say that nobody reads answers.
const NOBODY: &[&str] = &["noreply", "no-reply", "no_reply", "donotreply", "do-not-reply"];

pub(super) async fn sender(items: &mut Vec<Item>, ctx: &Ctx, outbound: &Outbound, campaign: &Campaign) -> Result<()> {
    let draft = &campaign.draft;
    let domain = draft.from_email.ascii_domain();
    let verified = lifecycle::sender_verified(ctx, outbound, draft).await?;
    items.push(Item::judged("sender_domain", verified, Level::Blocking, Fix::Domain).value("domain", domain));
    if is_free_mail(domain) {
        items.push(Item::new("sender_free_mail", Level::Warning, Fix::Sender).value("domain", domain));
    }
    if draft.from_name.trim().is_empty() {
        items.push(Item::new("sender_name", Level::Warning, Fix::Sender));
    }
    let answers = draft.reply_to.as_ref().unwrap_or(&draft.from_email).normal();
    let local = answers.split('@').next().unwrap_or_default().to_ascii_lowercase();
    items.push(Item::judged("reply_to", !NOBODY.contains(&local.as_str()), Level::Warning, Fix::Sender));
    Ok(())
}

pub(super) fn way(items: &mut Vec<Item>, way: Way) {
    let level = match way.mode {
        "none" => Level::Blocking,
        "catcher" => Level::Warning,
        _ => Level::Ok,
    };
    items.push(Item::new("sending_mode", level, Fix::Domain).value("mode", way.mode));
}
