//! Where a walk through the table stands: sealed, because a place in an order is somebody's name or address,
//! and bound to what was asked, because a place means nothing in another order.

use data_encoding::BASE64URL_NOPAD;
use kernel::Problem;
use serde::{Deserialize, Serialize};
use store::WorkspaceKeys;

use crate::segments::index::{Place, Sort};
use crate::segments::live::Filter;

const COLUMN: &str = "audience.cursor";
const MAX_CHARS: usize = 4096;

/// A cursor.
#[derive(Serialize, Deserialize)]
pub(super) struct Cursor {
    place: Place,
    back: bool,
    asked: String,
}

/// What a cursor is bound to.
pub(super) fn asked(keys: &WorkspaceKeys, filter: &Filter, sort: Sort, descending: bool) -> String {
    let text = serde_json::json!([filter.condition, filter.words, filter.standing, sort, descending]).to_string();
    BASE64URL_NOPAD.encode(&keys.mac(COLUMN, text.as_bytes()))
}

impl Cursor {
    pub(super) fn write(keys: &WorkspaceKeys, place: Place, back: bool, asked: &str) -> Option<String> {
        let plain = serde_json::to_vec(&Self { place, back, asked: asked.to_owned() }).ok()?;
        Some(BASE64URL_NOPAD.encode(&keys.seal(COLUMN, &plain)))
    }

    pub(super) fn read(keys: &WorkspaceKeys, text: &str, asked: &str) -> Result<(Place, bool), Problem> {
        let bad = || Problem::field("cursor", "belongs to another search or order; start again without one");
        if text.len() > MAX_CHARS {
            return Err(bad());
        }
        let sealed = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| bad())?;
        let plain = keys.open(COLUMN, &sealed).map_err(|_| bad())?;
        let cursor: Self = serde_json::from_slice(&plain).map_err(|_| bad())?;
        if cursor.asked == asked { Ok((cursor.place, cursor.back)) } else { Err(bad()) }
    }
}
