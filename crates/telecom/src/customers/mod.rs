//! Customers who bind to us: our side of SMPP with accounts, messages and receipts behind it.
//!
//! A submission becomes a message like any other ([`crate::messages::accept`]): the gate is asked, its price is set
//! aside, and only then is it answered. What became of it, and what people write to a customer's numbers, goes from
//! the change feed into a queue and from there to any session that receives; it leaves the queue when the customer has
//! taken it, so that neither a crash nor a customer who is away loses anything.

mod account;
mod outbox;
mod queries;
mod submit;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use accounts::throttle::{Buckets, Rate, address_key};
use accounts::users::password::Cost;
use kernel::{SmppAccountId, Timestamp, WorkspaceId};
use parking_lot::Mutex;
use store::{Actor, BoxFuture, Core, Ctx, DueBy, PersonalTable, RetentionRule};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::Result;
use crate::messages::Sms;
use crate::smpp::server::{self, Customer, Sessions};
use crate::smpp::{About, Bind, Message, QueryResp, Status};
pub use account::{Account, AccountState, Settings, get, list, waiting};

pub(crate) use queries::ERASE_SUBMISSIONS;

store::data_map!("telecom", include_str!("../../migrations/customers.txt"));
store::migration!("telecom", 11, "customers", include_str!("../../migrations/0011_customers.sql"));

/// For how many seconds an account is not read again.
const FRESH: i64 = 5;
/// Between two looks at what customers are to be told.
const PACE: Duration = Duration::from_millis(100);
/// Between two looks when nothing happened here: other nodes write, too.
const IDLE: Duration = Duration::from_secs(5);
/// Wrong secrets from one address: ten at once, one more every five seconds.
const GUESSES: Rate = Rate::one_per(5, 10);

store::personal!(PersonalTable {
    table: "smpp_submission",
    class: "comms.traffic",
    subject: "message",
    columns: &["assembly"],
    erase: &[queries::ERASE_SUBMISSIONS],
    kept: None,
    collect: None,
});
store::retention!(RetentionRule {
    table: "smpp_submission",
    class: "comms.traffic",
    covers: &[],
    event: "the message was submitted",
    due_by: DueBy::Id,
    find: queries::DUE_SUBMISSIONS,
    end: &[queries::END_SUBMISSION],
    before: None,
    after: None,
});

/// Locks that workspaces share by chance.
const TURNS: usize = 64;

/// An account as read lately.
struct Known {
    account: Arc<Account>,
    at: Timestamp,
}

/// Customers of all workspaces of this process. Cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

struct Inner {
    core: Core,
    sms: Sms,
    sessions: Sessions,
    guesses: Buckets<u64>,
    known: Mutex<HashMap<String, Known>>,
    /// Who of a workspace submits, waits for their turn: all of them change the same balance and the same counters, and
    /// serializable transactions that meet there again and again give up.
    turns: [tokio::sync::Mutex<()>; TURNS],
    cost: Cost,
}

impl Desk {
    /// Over the process's messages.
    pub fn new(core: Core, sms: Sms) -> Self {
        Self::with_cost(core, sms, Cost::default())
    }

    /// The same with secrets that are quicker to compare: for tests.
    pub fn with_cost(core: Core, sms: Sms, cost: Cost) -> Self {
        let guesses = Buckets::new(GUESSES, 10_000);
        let turns = std::array::from_fn(|_| tokio::sync::Mutex::default());
        Self(Arc::new(Inner {
            core,
            sms,
            sessions: Sessions::default(),
            guesses,
            known: Mutex::default(),
            turns,
            cost,
        }))
    }

    /// The sessions that are open on this node.
    pub fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// Makes an account; answers its secret, which cannot be had again.
    ///
    /// # Errors
    /// [`crate::Error::Field`] naming what is wrong.
    pub async fn add(
        &self,
        ctx: &Ctx,
        system_id: &str,
        (secret, settings): (Option<String>, &Settings),
    ) -> Result<(Account, String)> {
        account::add(ctx, system_id, secret, settings, self.0.cost).await
    }

    /// Changes what an account may do. Its sessions end when it may no longer bind.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Field`].
    pub async fn change(
        &self,
        ctx: &Ctx,
        id: SmppAccountId,
        (state, settings): (AccountState, &Settings),
    ) -> Result<Account> {
        let account = account::change(ctx, id, state, settings).await?;
        self.forget(&account.system_id);
        if account.state != AccountState::Active {
            self.0.sessions.end(&account.system_id).await;
        }
        Ok(account)
    }

    /// Gives an account another secret; its sessions end.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Field`].
    pub async fn renew(&self, ctx: &Ctx, id: SmppAccountId, secret: Option<String>) -> Result<String> {
        let account = get(ctx, id).await?;
        let secret = account::renew(ctx, id, secret, self.0.cost).await?;
        self.forget(&account.system_id);
        self.0.sessions.end(&account.system_id).await;
        Ok(secret)
    }

    /// Takes an account away with what waits for it; its sessions end, its messages stay.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn remove(&self, ctx: &Ctx, id: SmppAccountId) -> Result<()> {
        let account = get(ctx, id).await?;
        account::remove(ctx, id).await?;
        self.forget(&account.system_id);
        self.0.sessions.end(&account.system_id).await;
        Ok(())
    }

    fn forget(&self, system_id: &str) {
        self.0.known.lock().remove(system_id);
    }

    /// Serves a listener until `stop` turns true.
    pub async fn serve(&self, listener: TcpListener, settings: server::Settings, stop: watch::Receiver<bool>) {
        let desk: Arc<dyn server::Customers> = Arc::new(self.clone());
        server::serve(listener, settings, (desk, self.0.sessions.clone()), stop).await;
    }

    /// Puts what happened into the customers' queues and hands it over, once.
    ///
    /// # Errors
    /// The store's.
    pub async fn tell(&self, workspace: WorkspaceId) -> Result<usize> {
        let ctx = self.0.core.ctx(workspace, Actor::System);
        let (all, here) = outbox::bound(&ctx, &self.0.sessions).await?;
        if all.is_empty() {
            return Ok(0);
        }
        outbox::follow(&ctx, &all).await?;
        let mut taken = 0;
        for account in here {
            taken += outbox::deliver(&ctx, &account, &self.0.sessions).await?;
        }
        Ok(taken)
    }

    /// Tells customers what happened until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut changed = self.0.core.db.feed_changed();
        while !*stop.borrow() {
            changed.borrow_and_update();
            for workspace in self.0.core.vault.workspaces().await.unwrap_or_default() {
                if let Err(error) = self.tell(workspace).await {
                    tracing::warn!(%workspace, %error, "customers cannot be told of their messages yet");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(PACE) => {}
                _ = stop.changed() => return,
            }
            tokio::select! {
                _ = changed.changed() => {}
                () = tokio::time::sleep(IDLE) => {}
                _ = stop.changed() => return,
            }
        }
    }

    /// The account behind a session, as it is now.
    async fn account(&self, system_id: &str) -> Result<Arc<Account>, Status> {
        let now = self.0.core.now();
        if let Some(known) = self.0.known.lock().get(system_id)
            && now < known.at.plus_seconds(FRESH)
        {
            return Ok(Arc::clone(&known.account));
        }
        let found = account::by_system_id(&self.0.core, system_id).await.map_err(|_| Status::SYSTEM_ERROR)?;
        let account = found.map(|sealed| sealed.account).filter(|account| account.state == AccountState::Active);
        let account = Arc::new(account.ok_or(Status::INVALID_BIND_STATE)?);
        self.0.known.lock().insert(system_id.to_owned(), Known { account: Arc::clone(&account), at: now });
        Ok(account)
    }

    /// Who binds. Somebody unknown learns nothing but that the two do not go together, and takes as long.
    async fn welcome(&self, bind: Bind, peer: SocketAddr) -> Result<Customer, Status> {
        let (core, key) = (&self.0.core, address_key(peer.ip()));
        self.0.guesses.take(key, core.now()).map_err(|_| Status::BIND_FAILED)?;
        let found = account::by_system_id(core, &bind.system_id).await.map_err(|_| Status::SYSTEM_ERROR)?;
        let Some(sealed) = found else {
            account::nobody(bind.password, self.0.cost).await;
            return Err(Status::BIND_FAILED);
        };
        let right = sealed.opens_with(bind.password).await;
        let account = sealed.account;
        if !right || account.state != AccountState::Active || !account.settings.lets_in(peer.ip()) {
            return Err(Status::BIND_FAILED);
        }
        self.0.guesses.give_back(&key);
        let (binds, per_second) = (account.settings.binds as usize, account.settings.per_second);
        Ok(Customer { system_id: account.system_id, binds, per_second })
    }

    fn ctx(&self, account: &Account) -> Ctx {
        self.0.core.ctx(account.workspace, Actor::System)
    }
}

impl server::Customers for Desk {
    fn bind(&self, bind: Bind, peer: SocketAddr) -> BoxFuture<'_, Result<Customer, Status>> {
        Box::pin(self.welcome(bind, peer))
    }

    fn submit<'a>(&'a self, customer: &'a Customer, message: Message) -> BoxFuture<'a, Result<String, Status>> {
        Box::pin(async move {
            let account = self.account(&customer.system_id).await?;
            let place = usize::from(account.workspace.0[15]) % TURNS;
            let _turn = self.0.turns[place].lock().await;
            submit::submit(&self.0.sms, &self.ctx(&account), &account, message).await
        })
    }

    fn query<'a>(&'a self, customer: &'a Customer, about: About) -> BoxFuture<'a, Result<QueryResp, Status>> {
        Box::pin(async move {
            let account = self.account(&customer.system_id).await?;
            submit::query(&self.ctx(&account), &account, about).await
        })
    }

    fn cancel<'a>(&'a self, customer: &'a Customer, about: About) -> BoxFuture<'a, Result<(), Status>> {
        Box::pin(async move {
            let account = self.account(&customer.system_id).await?;
            submit::take_back(&self.ctx(&account), &account, about).await
        })
    }
}
