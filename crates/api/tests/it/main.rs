//! The routers over a fixture, in process.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod pages;
mod retention;
mod retention_booking;
mod retention_calls;
mod retention_conversations;
mod retention_messaging;
mod retention_tables;
mod v1;

/// Calls without sockets: they can be accepted and wait.
fn voice(core: &store::Core) -> calls::voice::Voice {
    let policy = outbound::webhooks::Policy::new(["*"]).unwrap();
    let lookup = std::sync::Arc::new(outbound::webhooks::SystemLookup);
    let client = outbound::webhooks::GuardedClient::new(policy, lookup, std::time::Duration::from_secs(5)).unwrap();
    calls::voice::Voice::new(core.clone(), privacy::gate::Gate::new(), client, &calls::voice::Options::default())
}
