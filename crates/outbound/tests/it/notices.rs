//! Notices against workers that look at the worst moment.

use std::sync::Arc;

use accounts::Accounts;
use accounts::users::password::Cost;
use accounts::users::{Client, NewUser, SignUp};
use accounts::workspaces::{self, NewWorkspace};
use kernel::{Clock, Email, Locale, Pii, WorkspaceId};
use outbound::notices::AccountNotices;
use outbound::{Channels, Envelope, Outbound, SendJob, Sender, Sent};
use parking_lot::Mutex;
use privacy::gate::{Gate, SendPermit};
use privacy::vocabulary::Channel as Kind;
use serde_json::json;
use store::jobs::{self, Handler};
use store::{Actor, BoxFuture, Core};
use testkit::{Fixture, ManualClock, each_engine};

const OWNER: &str = "owner@sender.example";

/// Keeps what leaves; and whenever it is asked about a sender, which happens in the middle of queueing,
/// the workers of all runs get their turn.
struct Busy {
    core: Core,
    clock: Arc<ManualClock>,
    workers: Mutex<Option<Arc<dyn Handler>>>,
    sent: Mutex<Vec<String>>,
}

impl outbound::Channel for Busy {
    fn kind(&self) -> Kind {
        Kind::Email
    }

    fn send(&self, permit: SendPermit, envelope: Envelope) -> BoxFuture<'_, Sent> {
        Box::pin(async move {
            let Ok(_handover) = permit.begin(self.clock.now()) else { return Sent::PermitLost };
            self.sent.lock().push(envelope.recipient.into_inner());
            Sent::Accepted { status: "2.0.0".to_owned() }
        })
    }

    fn sender_verified<'a>(&'a self, _: WorkspaceId, _: &'a Sender) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let workers = self.workers.lock().take();
            if let Some(workers) = workers {
                jobs::drain(&self.core, &[Arc::clone(&workers)]).await.unwrap();
                *self.workers.lock() = Some(workers);
            }
            true
        })
    }
}

async fn workspace(accounts: &Accounts) -> WorkspaceId {
    let user = NewUser {
        email: Email::parse(OWNER).unwrap(),
        name: Pii::new("Owner".to_owned()),
        password: Pii::new("a long enough password".to_owned()),
    };
    let workspace = NewWorkspace {
        name: "Sender".to_owned(),
        language: Locale::en(),
        postal_address: "1 Harbour Street, Hamburg".to_owned(),
    };
    accounts.create_owner(SignUp { user, workspace }).await.unwrap().0
}

each_engine! {
    async fn a_notice_leaves_although_workers_look_while_it_is_queued(t: Fixture) {
        let core = t.core.clone();
        let settings = accounts::Settings { cost: Cost::cheapest(), ..accounts::Settings::default() };
        let accounts = Accounts::new(core.clone(), settings);
        let ctx = core.ctx(workspace(&accounts).await, Actor::Console);
        let sender = json!({ "default_sender": { "email": "news@sender.example" } });
        let change = workspaces::Change { settings: serde_json::from_value(sender).unwrap(), ..Default::default() };
        workspaces::update(&ctx, change).await.unwrap();
        let channel = Arc::new(Busy {
            core: core.clone(),
            clock: Arc::clone(&t.clock),
            workers: Mutex::default(),
            sent: Mutex::default(),
        });
        let outbound = Outbound::new(Gate::new(), Channels::default().with(channel.clone()), "https://post.example");
        let send: Arc<dyn Handler> = Arc::new(SendJob::new(outbound.clone()));
        *channel.workers.lock() = Some(Arc::clone(&send));
        accounts.ask_reset(OWNER, &Client::default()).await.unwrap();
        jobs::drain(&core, &[Arc::new(AccountNotices::new(outbound)), send]).await.unwrap();
        assert_eq!(*channel.sent.lock(), [OWNER]);
        assert_eq!(jobs::pending(&core.db, "send").await.unwrap(), 0);
    }
}
