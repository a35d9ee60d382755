//! The audit trail of what slices do that keep none themselves.

use std::fmt::Display;

use accounts::audit;
use http_server::Result;
use store::Ctx;

/// Writes down that the caller did `action` to `objects`.
pub(super) async fn note(ctx: &Ctx, action: &'static str, objects: &[&(dyn Display + Sync)]) -> Result<()> {
    let mut batch = ctx.batch();
    {
        let objects: Vec<&dyn Display> = objects.iter().map(|object| *object as &dyn Display).collect();
        audit::record(&mut batch, ctx, action, &objects);
    }
    ctx.db.apply(batch).await?;
    Ok(())
}
