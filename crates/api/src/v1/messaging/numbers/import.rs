//! `POST /v1/numbers/import`

use calls::numbers::{self, Line};

use super::create::NewNumber;
use super::{Originators, OwnNumber};
use crate::v1::prelude::*;

/// Numbers to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberImport {
    /// At most 2000.
    items: Vec<NewNumber>,
}

/// A number that was not taken.
#[derive(Serialize, ToSchema)]
struct RefusedNumber {
    /// Its place among the items, from 0.
    place: usize,
    /// Why.
    detail: String,
}

/// What came of an import.
#[derive(Serialize, ToSchema)]
pub(super) struct NumbersImported {
    /// Numbers that are there now.
    added: Vec<OwnNumber>,
    /// How many were there already; nothing was changed about them.
    unchanged: usize,
    /// Numbers that were not taken.
    refused: Vec<RefusedNumber>,
}

/// Add many numbers. One that is not taken stops no other.
#[utoipa::path(post, path = "/v1/numbers/import", request_body = NumberImport, security(("key" = ["routes:write"])),
    responses((status = 200, body = NumbersImported)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NumberImport>,
) -> Result<JsonBody<NumbersImported>> {
    let ctx = caller.require("routes:write")?;
    let link: Vec<bool> = input.items.iter().map(|item| item.originator).collect();
    let lines: Vec<_> = input.items.into_iter().map(|item| (item.number, item.settings.into())).collect();
    let done = numbers::import(&ctx, &lines).await?;
    let mut originators = Originators::load(&ctx).await?;
    let mut out = NumbersImported { added: Vec::new(), unchanged: 0, refused: Vec::new() };
    for (place, (line, link)) in done.into_iter().zip(link).enumerate() {
        match line {
            Line::Added(number) => {
                if link {
                    originators.link(&ctx, &number.value).await?;
                }
                out.added.push(originators.shown(*number));
            }
            Line::There(_) => out.unchanged += 1,
            Line::Refused(error) => out.refused.push(RefusedNumber { place, detail: error.to_string() }),
        }
    }
    Ok(JsonBody(out))
}
