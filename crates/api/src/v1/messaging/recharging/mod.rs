//! Paying for the balance: on a page, from a saved method, by itself.

mod agree;
mod auto;
mod cancel;
mod list;
mod method;
mod pay;
mod read;
mod save_method;
mod shapes;
mod turn_off;
mod withdraw_method;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("balance_payments": pay, list, read, cancel, method, save_method, withdraw_method, auto, agree, turn_off)
}
