//! People against real databases, both engines.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audience;
mod contacts;
mod export;
mod forms;
mod imports;
mod mailable;
mod outreach;
mod pace;
mod requests;
mod sendable;
mod statements;
mod subscribe;

use kernel::TopicId;
use people::contacts::{Draft, Origin, Standard};
use people::topics::{self, TopicDraft};
use privacy::provenance::Method;
use store::Ctx;

fn origin() -> Origin {
    Origin { method: Method::Given, source: "told at the desk".into() }
}

fn person(email: &str, first: &str) -> Draft {
    Draft {
        emails: vec![email.parse().unwrap()],
        values: [(Standard::FirstName, first.to_owned())].into(),
        ..Draft::default()
    }
}

async fn topic(ctx: &Ctx, name: &str, double_opt_in: bool) -> TopicId {
    let draft = TopicDraft { name: name.into(), double_opt_in, ..TopicDraft::default() };
    topics::create(ctx, draft).await.unwrap().id
}
