//! Hosts' calendars: accounts on servers, what they are used for, feeds, and what came back.

mod answers;
mod begin;
mod change;
mod choose;
mod connect;
mod dismiss;
mod finish;
mod leave;
mod list_accounts;
mod list_choices;
mod list_feeds;
mod providers;
mod publish_feed;
mod read_account;
mod read_settings;
mod save_provider;
mod save_settings;
mod shapes;
mod suggestions;
mod sync;
mod test;
mod use_calendar;
mod withdraw_feed;

use booking::calendars::may_handle;
use kernel::HostId;
use store::Ctx;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("calendars":
        list_accounts, connect, test, read_account, change, leave, sync, use_calendar, list_choices, choose,
        read_settings, save_settings, list_feeds, publish_feed, withdraw_feed, suggestions, dismiss, answers,
        providers, save_provider, begin, finish)
}

/// Members handle their own calendars, who manages bookings everybody's: another's are not there.
async fn theirs(ctx: &Ctx, caller: &Caller, host: HostId, what: &str) -> Result<()> {
    if may_handle(ctx, host, caller.may("bookings:manage")).await? {
        return Ok(());
    }
    Err(Failure::new(Code::NotFound, format!("there is no such {what}")))
}

/// The same for what is to be made: says what is wrong with the host.
async fn for_host(ctx: &Ctx, caller: &Caller, host: HostId) -> Result<()> {
    if may_handle(ctx, host, caller.may("bookings:manage")).await? {
        return Ok(());
    }
    Err(Problem::field("host", "these are not your own calendars; another's need the permission bookings:manage")
        .into())
}
