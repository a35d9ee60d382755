//! Mail to the privacy mailbox of a workspace: a request of a data subject, never a reply.

use kernel::Email;
use mail_parser::MessageParser;
use privacy::replies::Intent;
use privacy::requests::{Authentication, Authenticity, Settings};
use privacy::vocabulary::Channel;
use store::{Actor, Core};

use super::matching::{workspaces, writer};
use crate::authentication::authenticate;
use crate::bounce::{Form, explain_bounce};
use crate::dns::Texts;
use crate::reply;

/// Most recipients that are looked at.
const MOST: usize = 20;

/// Takes a message that came to a privacy mailbox; false when it came to none. What machines write
/// there is taken and dropped: an answer to it would go round in circles.
pub(super) async fn take(
    core: &Core,
    texts: Option<&dyn Texts>,
    recipients: &[String],
    raw: &[u8],
) -> store::Result<bool> {
    let mut taken = false;
    for recipient in recipients.iter().take(MOST) {
        let Ok(address) = Email::parse(recipient) else { continue };
        for workspace in workspaces(core, recipient).await? {
            let ctx = core.ctx(workspace, Actor::Person);
            let mailbox = Settings::of(&ctx).await?.mailbox;
            if mailbox.is_none_or(|mailbox| mailbox.normal() != address.normal()) {
                continue;
            }
            taken = true;
            if explain_bounce(raw).form != Form::Words {
                continue;
            }
            if reply::parts(raw).intent(None, Channel::Email) == Intent::AutoReply {
                continue;
            }
            let Some(message) = MessageParser::default().parse(raw) else { continue };
            let Some(from) = writer(&message) else { continue };
            let text =
                format!("{}\n{}", message.subject().unwrap_or_default(), message.body_text(0).unwrap_or_default());
            let proof = match texts {
                Some(texts) => authenticate(raw, texts, ctx.now()).await,
                None => Authentication::new(Authenticity::Unavailable, from.ascii_domain().to_owned()),
            };
            people::requests::by_mail(&ctx, &from, text.trim(), proof)
                .await
                .map_err(|error| store::Error::Refused(error.problem()))?;
        }
    }
    Ok(taken)
}
