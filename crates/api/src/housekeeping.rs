//! What happens every hour: expired claims and approvals, clocks of requests and incidents, retention, signed heads, staged files, sign-in leftovers,
//! old entries of the feed.

use privacy::retention::{self, Fate, Mode};
use store::{Actor, Core, Ctx};

use crate::App;

/// The change feed keeps this many seconds for whoever follows it.
const FEED: i64 = 14 * 86_400;

/// Everything, for the whole process. What fails is logged and tried again in an hour.
pub async fn hourly(app: &App) {
    if let Err(error) = app.accounts.sweep().await {
        tracing::warn!(%error, "accounts were not swept");
    }
    if let Err(error) = app.webhooks.sweep().await {
        tracing::warn!(%error, "webhook attempts were not swept");
    }
    shared(&app.core).await;
    let Ok(workspaces) = app.core.vault.workspaces().await else { return };
    for workspace in workspaces {
        if let Some(Fate::Erased(_)) = of_workspace(&app.core.ctx(workspace, Actor::System)).await {
            app.live.drop_workspace(workspace);
        }
    }
    fold(&app.core).await;
}

/// What concerns no workspace in particular.
pub async fn shared(core: &Core) {
    people::write_reads_down(core).await;
    if let Err(error) = http_server::sweep_idempotency(core).await {
        tracing::warn!(%error, "stored answers were not swept");
    }
    if let Err(error) = people::import::job::sweep(core).await {
        tracing::warn!(%error, "staged uploads were not swept");
    }
    if let Err(error) = privacy::erasure::trim_certificates(core).await {
        tracing::warn!(%error, "old certificates were not deleted");
    }
}

/// Files that nobody sent, the time that members accepted, figures that are too old.
async fn conversations(ctx: &Ctx) {
    let workspace = ctx.workspace;
    if let Err(error) = conversations::files::trim(ctx).await {
        tracing::warn!(%workspace, %error, "files that nobody sent were not deleted");
    }
    if let Err(error) = conversations::agents::tick(ctx).await {
        tracing::warn!(%workspace, %error, "the time of members was not counted");
    }
    if let Err(error) = conversations::reports::trim(ctx).await {
        tracing::warn!(%workspace, %error, "old figures were not deleted");
    }
}

/// Payment methods of members who were erased: the provider is told to forget them.
async fn money(ctx: &Ctx) {
    if let Err(error) = billing::recharge::method::tend(ctx).await {
        tracing::warn!(workspace = %ctx.workspace, %error, "payment methods were not looked after");
    }
}

/// Folds both databases' logs, so that nothing deleted stays in them.
pub async fn fold(core: &Core) {
    for db in [&core.db, core.vault.db()] {
        if let Err(error) = db.checkpoint().await {
            tracing::info!(%error, "a database's log is folded in an hour");
        }
    }
}

/// What concerns one workspace; answers what became of it.
pub async fn of_workspace(ctx: &Ctx) -> Option<Fate> {
    let (workspace, now) = (ctx.workspace, ctx.now());
    if let Err(error) = privacy::claims::expire_due(ctx, now, 10_000).await {
        tracing::warn!(%workspace, %error, "expired claims were not recorded");
    }
    if let Err(error) = booking::tick(ctx).await {
        tracing::warn!(%workspace, %error, "what is due of bookings was not done");
    }
    if let Err(error) = people::hygiene::nightly(ctx).await {
        tracing::warn!(%workspace, %error, "prospects whose time is over were not looked for");
    }
    if let Err(error) = calls::lookup::recover(ctx).await {
        tracing::warn!(%workspace, %error, "what look-ups set aside and nobody answered was not given back");
    }
    if let Err(error) = privacy::approvals::expire_due(ctx, now).await {
        tracing::warn!(%workspace, %error, "expired approvals were not recorded");
    }
    if let Err(error) = privacy::screening::sweep(ctx).await {
        tracing::warn!(%workspace, %error, "replaced opt-out lists were not swept");
    }
    if let Err(error) = privacy::requests::tick(ctx).await {
        tracing::warn!(%workspace, %error, "the clocks of data requests were not looked at");
    }
    money(ctx).await;
    conversations(ctx).await;
    registers(ctx).await;
    match retention::run(ctx, Mode::Real, retention::BUDGET).await {
        Ok(report) if report.ended() > 0 => {
            tracing::info!(%workspace, report = %report.id, ended = report.ended(), complete = report.complete, "retention");
        }
        Ok(_) => {}
        Err(error) => tracing::error!(%workspace, %error, "retention did not run"),
    }
    if let Err(error) = people::retention::sweep_sources(ctx).await {
        tracing::warn!(%workspace, %error, "sources without people were not looked for");
    }
    if let Err(error) = privacy::ledger::checkpoint(ctx).await {
        tracing::warn!(%workspace, %error, "the ledger's head was not signed");
    }
    if let Err(error) = store::feed::trim(&ctx.db, workspace, now.plus_seconds(-FEED)).await {
        tracing::warn!(%workspace, %error, "the change feed was not trimmed");
    }
    match retention::look_after(ctx).await {
        Ok(fate) => Some(fate),
        Err(error) => {
            tracing::warn!(%workspace, %error, "the workspace's use was not looked at");
            None
        }
    }
}

/// What the registers do by themselves: incident clocks, documents about to expire, people to be told.
async fn registers(ctx: &Ctx) {
    let workspace = ctx.workspace;
    if let Err(error) = privacy::incidents::tick(ctx).await {
        tracing::warn!(%workspace, %error, "incident clocks were not looked at");
    }
    if let Err(error) = privacy::documents::remind(ctx).await {
        tracing::warn!(%workspace, %error, "nobody was reminded of documents");
    }
    if let Err(error) = privacy::authority::tick(ctx).await {
        tracing::warn!(%workspace, %error, "people were not told of requests of authorities");
    }
}

/// Refuses to serve data that are older than the safety log: people erased since would be back.
///
/// # Errors
/// What is wrong, and what to do.
pub async fn refuse_unreplayed(core: &Core) -> Result<(), String> {
    for workspace in core.vault.workspaces().await.map_err(|error| error.to_string())? {
        let ctx = core.ctx(workspace, Actor::System);
        let missing = privacy::erasure::missing(&ctx).await.map_err(|error| error.to_string())?;
        if missing > 0 {
            return Err(format!(
                "the data of {workspace} are older than the safety log: {missing} erasures are missing; restore with \
                 `barid restore`, which replays them"
            ));
        }
    }
    Ok(())
}
