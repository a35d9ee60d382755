//! Sites whose visitors are asked about cookies.

mod archive;
mod create;
mod list;
mod proofs;
mod read;
mod shapes;
mod tally;
mod update;
mod version;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("cookies": list, create, read, update, archive, version, tally, proofs)
}

/// A site as the API shows it, with what its pages must load.
fn shown(app: &App, ctx: &store::Ctx, site: &privacy::cookies::Site) -> Json {
    let mut shown = json!(site);
    let address = format!("{}/w/cookies/{}/{}/consent.js", app.toolbox.public_url(), ctx.workspace, site.id);
    shown["embed"] = json!(format!("<script src=\"{address}\"></script>"));
    shown
}
