//! `GET /v1/contacts`

use kernel::PageRequest;
use people::contacts;
use store::Ctx;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Which contacts are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ContactQuery {
    /// Words or beginnings of words of name, company, address. With it there is one page only.
    q: Option<String>,
    /// How many, 1 to 1000; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// The contacts, oldest first; with `q` those found, newest first.
#[utoipa::path(get, path = "/v1/contacts", params(ContactQuery), security(("key" = ["contacts:read"])),
    responses((status = 200, body = Listed<shapes::Contact>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ContactQuery>,
) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("contacts:read")?;
    let request = PageRequest { limit: query.limit, cursor: query.cursor };
    if let Some(words) = query.q.filter(|words| !words.trim().is_empty()) {
        return Ok(JsonBody(found(&app, &ctx, &words, request.limit()).await?.into()));
    }
    let page = contacts::list(&ctx, people::ReadFor::Work, &request).await?;
    Ok(JsonBody(Listed::of(page, |contact| contact.to_json())))
}

async fn found(app: &App, ctx: &Ctx, words: &str, limit: u32) -> Result<Vec<Json>> {
    let found = app.live.search(ctx, words, limit as usize).await?;
    let mut shown = Vec::with_capacity(found.contacts.len());
    for id in found.contacts {
        // Who was erased since the search is left out.
        match contacts::get(ctx, people::ReadFor::Work, id).await {
            Ok(contact) => shown.push(contact.to_json()),
            Err(people::Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(shown)
}
