//! The gate that every outgoing message passes twice.
//!
//! *When a message is created*, [`Gate::prepare`] fetches the keys and [`Gate::authorise_many`] answers
//! each ask inside the transaction that inserts the delivery rows: a [`Queued`] that the insert
//! consumes, or a [`Denial`] that is stored as a denied delivery. *When it leaves*,
//! [`Gate::recheck_many`] reads committed state again and answers with a [`SendPermit`] bound to
//! recipient, purpose and content, living two seconds. [`Gate::withdraw`] takes back what is
//! outstanding before it answers. The decision itself is the pure [`crate::rules::decide`].

mod ask;
mod judge;
mod permit;
mod rows;
mod sent;
mod settings;
mod verdict;
mod withdraw;

use std::sync::Arc;

use kernel::Timestamp;
use store::{Ctx, Tx};

pub use ask::{Ask, ContentMeta, Recheck};
pub(crate) use judge::readable;
pub use permit::{Handover, LIFE, PermitLost, SendPermit};
pub use rows::Prepared;
pub(crate) use sent::TOUCH_TIMES;
pub use sent::{record_engagement, record_sent};
pub use settings::{FrequencyCap, QuietHours, Settings, configure, minimum_age, require_basis, settings};
pub use verdict::{Denial, Grant, Queued};
pub use withdraw::{Withdrawal, Withdrawn};
pub(crate) use withdraw::{erase_job_subject, reapply};

use crate::Result;
use crate::rules::RulePack;
use judge::judge;
use permit::{Bound, PermitBook};
use rows::Rows;

/// The gate of a process; cheap to clone, all clones share one book of permits. There must be one
/// per process: a second one would not see the first one's permits.
#[derive(Debug, Clone)]
pub struct Gate {
    book: Arc<PermitBook>,
    pack: &'static RulePack,
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

impl Gate {
    /// A gate over the current rule pack.
    pub fn new() -> Self {
        Self { book: Arc::default(), pack: RulePack::current() }
    }

    fn book(&self) -> &Arc<PermitBook> {
        &self.book
    }

    /// How many permits and hand-overs are under way, for metrics.
    pub fn outstanding(&self) -> usize {
        self.book.outstanding()
    }

    /// Fetches the keys that the asks need, before the transaction opens.
    ///
    /// # Errors
    /// When the key store fails.
    pub async fn prepare(&self, ctx: &Ctx, asks: Vec<Ask>) -> Result<Prepared> {
        Prepared::new(ctx, asks).await
    }

    /// Answers each ask, in order, from what the transaction sees. A message that must wait (quiet
    /// hours, a frequency cap) is queued with [`Queued::not_before`]; the re-check asks again.
    ///
    /// # Errors
    /// When the store fails or stored state is damaged.
    pub fn authorise_many(
        &self,
        tx: &mut Tx<'_>,
        asked: &Prepared,
        now: Timestamp,
    ) -> store::Result<Vec<Result<Queued, Denial>>> {
        let rows = Rows::inside(tx, asked, now)?;
        let answers = judge(asked, rows, self.pack, now)?;
        let queue = |(answer, ask): (Result<Grant, Denial>, &Ask)| match answer {
            Ok(grant) => Ok(Queued::new(ask.clone(), grant)),
            Err(denial) if denial.is_deferral() => Ok(Queued::new(ask.clone(), waiting(denial))),
            Err(denial) => Err(denial),
        };
        Ok(answers.into_iter().zip(&asked.asks).map(queue).collect())
    }

    /// What the gate would say to each ask now, without leave to do anything: for pre-flight reports.
    ///
    /// # Errors
    /// When the store fails or stored state is damaged.
    pub async fn preview(&self, ctx: &Ctx, asks: Vec<Ask>) -> Result<Vec<Result<Grant, Denial>>> {
        let asked = Prepared::new(ctx, asks).await?;
        let rows = Rows::outside(ctx, &asked, ctx.now()).await?;
        judge(&asked, rows, self.pack, ctx.now())
    }

    /// Asks again for messages about to leave, from committed state. Answers come in order; a denial
    /// with [`Denial::until`] means later, any other means never.
    ///
    /// # Errors
    /// When the store fails or stored state is damaged; no permit exists then.
    pub async fn recheck_many(&self, ctx: &Ctx, checks: Vec<Recheck>) -> Result<Vec<Result<SendPermit, Denial>>> {
        let (deliveries, asks): (Vec<_>, Vec<_>) = checks.into_iter().map(|check| (check.delivery, check.ask)).unzip();
        // Into the book first, then the look at committed state: see the module on permits.
        let entered: Vec<_> =
            asks.iter().map(|ask| self.book.register(ctx.workspace, (ask.subject, ask.address, ask.domain))).collect();
        let asked = Prepared::new(ctx, asks).await?;
        let now = ctx.now();
        let rows = Rows::outside(ctx, &asked, now).await?;
        let answers = judge(&asked, rows, self.pack, now)?;
        let permits = answers.into_iter().zip(entered).zip(deliveries.into_iter().zip(asked.asks));
        Ok(permits
            .map(|((answer, entered), (delivery, ask))| {
                let bound = Bound { delivery, channel: ask.channel, purpose: ask.purpose, content: ask.content.hash };
                answer.map(|grant| SendPermit::new(entered, bound, now, grant))
            })
            .collect())
    }
}

/// A deferral at creation is leave to queue: the basis is there, only the hour is wrong.
fn waiting(denial: Denial) -> Grant {
    Grant {
        reason: denial.reason,
        rule: denial.rule,
        pack: denial.pack,
        basis: None,
        event: None,
        until: denial.until,
        counted: false,
    }
}
