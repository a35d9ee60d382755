//! Hosts' calendars against a server that is edited behind Barid's back.

mod copies;
mod feeds;
mod reading;
mod server;
mod vendors;

use std::sync::Arc;

use booking::calendars::{Account, AccountKind, Calendars, Connect, Wanted, busy};
use kernel::{EventTypeId, HostId};
use outbound::webhooks::{Policy, SystemLookup};
use store::Ctx;

pub use server::Server;

pub const HOST: HostId = HostId([9; 16]);
pub const TYPE: EventTypeId = EventTypeId([8; 16]);

store::sql! {
    PUT_ROOM = "INSERT INTO booking_resource (workspace, id, name, timezone, created_at) VALUES ($1, $2, 'Room', 'Asia/Riyadh', $3)";
}

/// The way to calendars, in a workspace that has one room whose calendars they are.
pub async fn calendars(ctx: &Ctx) -> Calendars {
    let mut batch = ctx.batch();
    batch.push(PUT_ROOM, store::params![ctx.workspace, HOST, ctx.now()]);
    ctx.db.apply(batch).await.unwrap();
    let policy = Policy::new(["127.0.0.1"]).unwrap();
    Calendars::new(policy, Arc::new(SystemLookup), "https://book.example.com").unwrap()
}

pub fn caldav(server: &Server) -> Connect {
    Connect {
        host: HOST,
        kind: AccountKind::Caldav,
        url: server.url("/"),
        username: Some("host".into()),
        password: Some("secret".into()),
        label: None,
        addresses: Vec::new(),
        time_zone: Some("Asia/Riyadh".into()),
    }
}

/// A connected account whose calendar was read.
pub async fn connected(ctx: &Ctx, calendars: &Calendars, server: &Server) -> Account {
    let account = calendars.connect(ctx, caldav(server)).await.unwrap();
    sync(ctx, calendars, &account).await;
    account
}

pub async fn sync(ctx: &Ctx, calendars: &Calendars, account: &Account) {
    for calendar in &account.calendars {
        calendars.sync(ctx, calendar.id).await.unwrap();
    }
}

pub fn wanted(ctx: &Ctx) -> Wanted {
    let now = ctx.now();
    Wanted { hosts: vec![HOST], event_type: TYPE, tentative: true, from: now, to: now.plus_seconds(60 * 86_400) }
}

/// What blocks the host in the next sixty days.
pub async fn blocked(ctx: &Ctx) -> Vec<String> {
    let mut out: Vec<String> = busy(ctx, &wanted(ctx))
        .await
        .unwrap()
        .into_iter()
        .map(|(host, from, to)| {
            assert_eq!(host, HOST);
            format!("{from} {to}")
        })
        .collect();
    out.sort();
    out
}
