//! Sign-up forms, hosted and on other people's pages.

mod archive;
mod create;
mod embed;
mod list;
mod preview;
mod read;
mod report;
mod shapes;
mod update;

use kernel::FormId;
use people::forms::{self, Figures, Form};
use store::Ctx;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("forms": list, create, read, update, archive, embed, report, preview)
}

fn shown(form: &Form, figures: Figures) -> Json {
    let mut shown = json!(form);
    shown["last_30_days"] = json!(figures);
    shown
}

async fn read_again(ctx: &Ctx, id: FormId) -> Result<JsonBody<Json>> {
    let form = forms::get(ctx, id).await?;
    let figures = forms::recent(ctx).await?.get(&id).copied().unwrap_or_default();
    Ok(JsonBody(shown(&form, figures)))
}
