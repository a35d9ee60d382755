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

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("calendars":
        list_accounts, connect, test, read_account, change, leave, sync, use_calendar, list_choices, choose,
        read_settings, save_settings, list_feeds, publish_feed, withdraw_feed, suggestions, dismiss, answers,
        providers, save_provider, begin, finish)
}
