//! Keyset paging.

use serde::{Deserialize, Serialize};

/// What a caller asks of a list: how many, and after which opaque cursor.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PageRequest {
    /// How many items, 1 to 1000; 50 when absent.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl PageRequest {
    /// The number of items to return, within bounds.
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(50).clamp(1, 1000)
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last one.
    pub next: Option<String>,
}
