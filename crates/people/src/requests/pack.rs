use kernel::{ContactId, Email};
use privacy::facts;
use privacy::requests::{self, PackParts, Redactor, Request, Settings, addresses_in};
use serde_json::{Value as Json, json};
use store::Ctx;

use crate::Result;
use crate::contacts::{self, Standard};

/// Members whose names are looked for in texts about somebody else.
const MOST_MEMBERS: u32 = 500;
/// Other people whose names are looked up by the addresses found.
const MOST_OTHERS: usize = 200;

/// Makes the access pack of a request and keeps it sealed.
pub(super) async fn make(ctx: &Ctx, request: &Request, subject: ContactId) -> Result<Json> {
    let refused = |error: accounts::Error| store::Error::Refused(error.problem());
    let workspace = accounts::workspaces::find(&ctx.core, ctx.workspace).await.map_err(refused)?;
    let mailbox = Settings::of(ctx).await?.mailbox;
    let sender = workspace.as_ref().and_then(|workspace| workspace.settings.get("default_sender").cloned());
    let sender = sender.and_then(|sender| Email::parse(sender.get("email")?.as_str()?).ok());
    let organisation = workspace.map(|workspace| {
        json!({ "name": workspace.name, "postal_address": workspace.postal_address, "contact": mailbox.as_ref().or(sender.as_ref()) })
    });
    let mut subjects = vec![subject];
    subjects.extend(contacts::aliases(ctx, subject).await?);
    let country = facts::read(ctx, subject).await?.and_then(|facts| facts.country);
    let parts = PackParts { subjects, organisation: organisation.unwrap_or_default(), country };
    let pack = requests::assemble(ctx, request, &parts).await?;

    let person = contacts::get_many(ctx, crate::ReadFor::Rights, &[subject]).await?.pop().flatten();
    let mut own: Vec<String> = [&mailbox, &sender].into_iter().flatten().map(requests::email_mark).collect();
    let mut own_names = Vec::new();
    if let Some(person) = &person {
        own.extend(person.profile.emails.iter().map(|email| requests::email_mark(&email.0)));
        own.extend(person.profile.phones.iter().map(|phone| format!("phone:{}", phone.0)));
        own_names = names(&person.profile);
    }
    let others = other_names(ctx, &pack, &own).await?;
    let own_names: Vec<&str> = own_names.iter().map(String::as_str).collect();
    let redactor = Redactor::new(own).names(others.iter().map(String::as_str), &own_names);
    Ok(requests::keep_pack(ctx, request.id, subject, pack, redactor).await?)
}

/// A person's names: whole, given, family.
fn names(profile: &contacts::Profile) -> Vec<String> {
    let of = |field| profile.value(field).map(str::to_owned);
    let (first, last) = (of(Standard::FirstName), of(Standard::LastName));
    let whole = first.iter().zip(&last).map(|(first, last)| format!("{first} {last}")).next();
    [whole, first, last].into_iter().flatten().collect()
}

/// The names of members, and of people whose addresses stand in the pack.
async fn other_names(ctx: &Ctx, pack: &Json, own: &[String]) -> Result<Vec<String>> {
    let refused = |error: accounts::Error| store::Error::Refused(error.problem());
    let members = accounts::members::list(ctx, None, MOST_MEMBERS).await.map_err(refused)?;
    let mut found: Vec<String> = members.iter().map(|member| member.name.expose().clone()).collect();
    let texts: Vec<&Json> = ["data", "messages", "sources", "bases"].iter().filter_map(|part| pack.get(part)).collect();
    let others = addresses_in(&json!(texts)).into_iter().filter(|mark| !own.contains(mark));
    for mark in others.take(MOST_OTHERS) {
        let Some((_, address)) = mark.split_once(':') else { continue };
        let Some(contact) = super::receive::find_by_address(ctx, address).await? else { continue };
        if let Some(other) = contacts::get_many(ctx, crate::ReadFor::Rights, &[contact]).await?.pop().flatten() {
            found.extend(names(&other.profile));
        }
    }
    Ok(found)
}
