//! Mail to those who answer for money: a payment waits for somebody's confirmation, or recharging stopped. Each in their own
//! language, as a service message through the gate.

use accounts::members::{self, Permission};
use billing::recharge::{self, NOTICE_QUEUE, Recharge, State, link};
use kernel::{ContactId, MemberId, PaymentId, UserId};
use serde_json::Value as Json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use crate::notices::{Notice, queue};
use crate::service::Outbound;
use crate::{Error, Result};

/// Members gone through in one step.
const CHUNK: u32 = 200;

/// The handler of the queue `billing.notice`.
pub struct RechargeNotices(Outbound);

impl RechargeNotices {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

impl Handler for RechargeNotices {
    fn queue(&self) -> &'static str {
        NOTICE_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            let text = |name: &str| job.payload.get(name).and_then(Json::as_str);
            let payment = text("payment").and_then(|id| id.parse::<PaymentId>().ok());
            let kind = match text("notice") {
                Some("needs_action") => "recharge.needs_action",
                Some("stopped") => "recharge.stopped",
                Some("refused") => "recharge.refused",
                _ => return Ok(Outcome::Done),
            };
            let Some(payment) = payment else { return Ok(Outcome::Done) };
            self.send(&ctx, kind, payment).await.map_err(|error| error.to_string()).map(|()| Outcome::Done)
        })
    }
}

/// Who may move the workspace's money.
fn answers(member: &members::Member) -> bool {
    member.confirmed && !member.invited && member.role.permissions().has(Permission::BalanceWrite)
}

fn store_error(error: &accounts::Error) -> Error {
    Error::Store(store::Error::Refused(error.problem()))
}

impl RechargeNotices {
    async fn send(&self, ctx: &Ctx, kind: &'static str, payment: PaymentId) -> Result<()> {
        let recharge = match recharge::get(ctx, payment).await {
            Ok(recharge) => recharge,
            Err(billing::Error::NotFound(_)) => return Ok(()),
            Err(error) => return Err(Error::Store(store::Error::Refused(error.problem()))),
        };
        if kind == "recharge.needs_action" && recharge.state != State::NeedsAction {
            // Somebody was quicker than the mail.
            return Ok(());
        }
        let mut after: Option<MemberId> = None;
        loop {
            let members = members::list(ctx, after, CHUNK).await.map_err(|error| store_error(&error))?;
            let Some(last) = members.last() else { return Ok(()) };
            after = Some(last.id);
            for member in members.into_iter().filter(answers) {
                match self.write(ctx, (kind, &recharge), member).await {
                    // Whoever wants no mail sees it in the application.
                    Err(Error::Denied(reason)) => tracing::info!(%reason, kind, "a member is not written to"),
                    other => other?,
                }
            }
        }
    }

    async fn write(
        &self,
        ctx: &Ctx,
        (kind, recharge): (&'static str, &Recharge),
        member: members::Member,
    ) -> Result<()> {
        let workspace = accounts::workspaces::get(ctx).await.map_err(|error| store_error(&error))?;
        let user: UserId = member.user;
        let language = accounts::users::get(ctx, user).await.map_err(|error| store_error(&error))?.language;
        let keys = ctx.keys().await?;
        // The same member gets the same notice once, however often the job runs.
        let mut once = recharge.id.0.to_vec();
        once.extend_from_slice(&user.0);
        let id = keys.mac(kind, &once);
        let link = match recharge.state {
            State::NeedsAction => link(&keys, self.0.public_url(), ctx.workspace, recharge.id),
            _ => format!("{}/app/messaging/balance", self.0.public_url()),
        };
        let notice = Notice {
            kind: kind.to_owned(),
            subject: ContactId(user.0),
            to: member.email.into_inner(),
            name: Some(member.name.into_inner()).filter(|name| !name.is_empty()),
            language,
            organisation: workspace.name,
            topic: String::new(),
            // A number and its currency read the same way in either direction of writing.
            detail: format!("\u{2068}{} {}\u{2069}", recharge.amount, recharge.currency),
            link,
            statutory: false,
        };
        queue(&self.0, ctx, id, notice).await
    }
}
