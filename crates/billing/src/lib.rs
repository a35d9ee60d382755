//! Billing: prices, balances in integer micro-units, reservations and settlements.
