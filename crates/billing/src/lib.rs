//! Billing: prices, balances in integer micro-units, reservations and settlements.
//!
//! Money is counted in millionths of the balance's currency, never in fractions. A message is paid
//! twice over in steps that cannot go wrong together: [`balance::reserve`] takes its price out of what
//! is available, in the transaction that accepts it; [`balance::settle`] turns the reservation into a
//! charge once it is known how much of it travelled, in the commit that records this. A reservation is
//! settled once, however often that is asked.
//!
//! `credit` says how far below zero the available amount may go: nothing for a prepaid balance, no limit
//! ([`balance::UNLIMITED`]) for an organisation that pays its operators itself and wants to know its costs.

pub mod balance;
mod error;
mod micros;
pub mod payment;
pub mod prices;
pub mod recharge;

pub use error::{Error, Result};
pub use micros::Micros;

store::data_map!("billing", include_str!("../migrations/columns.txt"));
store::migration!("billing", 11, "payment", include_str!("../migrations/0011_payment.sql"));
store::migration!("billing", 21, "payment_base", include_str!("../migrations/0021_payment_base.sql"));
store::migration!("billing", 31, "recharge", include_str!("../migrations/0031_recharge.sql"));
store::migration!("billing", 1, "balance", include_str!("../migrations/0001_balance.sql"));
