//! Single messages that a slice writes to one person because of something they asked for: an appointment, say. They
//! take the way of all messages: content saved as a version, one run, the gate, a permit.

use std::collections::BTreeMap;

use content::{FieldCatalog, MergeValues, Variants};
use kernel::{ContactId, Email, Locale, RawId};
use privacy::vocabulary::{Channel, Purpose};
use store::Ctx;

use crate::deliveries::{Addressee, Draft, Run, RunState, Source, enqueue_alone};
use crate::notices::sender;
use crate::service::Outbound;
use crate::{Error, Invitation, Result};

/// One message to one person.
pub struct Letter {
    /// For what; a basis for it must be on record.
    pub purpose: Purpose,
    /// The person.
    pub subject: ContactId,
    /// Where to.
    pub to: Email,
    /// The person's name.
    pub name: Option<String>,
    /// The person's language.
    pub language: Locale,
    /// The words, with merge tags for what differs, so that all letters of a kind share one content version.
    pub content: Variants,
    /// The names that the words may use, beside the standard ones.
    pub names: &'static [&'static str],
    /// Their values.
    pub values: BTreeMap<String, String>,
    /// The calendar object that goes with it.
    pub invitation: Option<Invitation>,
}

/// Queues a letter. `id` makes it happen once.
///
/// # Errors
/// [`Error::Denied`] when the gate says no, [`Error::State`] while the workspace has no sender, or the store's.
pub async fn send(outbound: &Outbound, ctx: &Ctx, id: RawId, letter: Letter) -> Result<()> {
    let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace)
        .await
        .map_err(|error| Error::Store(store::Error::Refused(error.problem())))?
        .ok_or(Error::NotFound("workspace"))?;
    let sender = sender(ctx, &workspace).await?;
    let catalog = letter.names.iter().fold(FieldCatalog::standard(), |catalog, name| catalog.with(*name, *name, &[]));
    let version = outbound.versions().save(ctx, &letter.content, &catalog).await?;
    let run = Run {
        workspace: ctx.workspace,
        source: id,
        channel: Channel::Email,
        purpose: letter.purpose,
        topic: None,
        content: version.id.into(),
        content_hash: version.hash,
        settings: Source {
            sender,
            list: None,
            organisation: workspace.name,
            postal_address: workspace.postal_address,
            reason: None,
            missing: Vec::new(),
            track: false,
            series: None,
        },
        state: RunState::Running,
        complete: true,
        not_before: ctx.now(),
    };
    let verified = match outbound.channels().get(Channel::Email) {
        Some(channel) => channel.sender_verified(ctx.workspace, &run.settings.sender).await,
        None => return Err(Error::NoChannel(Channel::Email)),
    };
    let addressee = Addressee {
        address: letter.to.wire(),
        name: letter.name,
        language: Some(letter.language.to_string()),
        thread: None,
        values: MergeValues { fields: letter.values, ..MergeValues::default() },
        invitation: letter.invitation,
    };
    let draft = Draft { contact: letter.subject, email: letter.to, addressee };
    let summary = enqueue_alone(ctx, outbound.gate(), &run, draft, verified).await?;
    outbound.wake();
    summary.denied.into_keys().next().map_or(Ok(()), |reason| Err(Error::Denied(reason)))
}
