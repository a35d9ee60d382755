//! Amounts of money.

use std::fmt;

use serde::{Deserialize, Serialize};
use store::{FromValue, Value};

/// Millionths of a currency's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    /// One unit of the currency.
    pub const UNIT: Self = Self(1_000_000);
    /// The largest amount that a balance, a price or a payment may have: a thousand million units, so that
    /// no sum of amounts that exist can overflow.
    pub const MOST: Self = Self(1_000_000_000_000_000);

    /// So many times as much; never above [`Micros::MOST`].
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        let count = if count > i64::MAX as u64 { i64::MAX } else { count as i64 };
        let product = self.0.saturating_mul(count);
        Self(if product > Self::MOST.0 { Self::MOST.0 } else { product })
    }

    /// Whether it may be a price or a payment.
    pub const fn is_sound(self) -> bool {
        self.0 >= 0 && self.0 <= Self::MOST.0
    }
}

/// In units of the currency, without losing a digit: `12.345`.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let sign = if self.0 < 0 { "-" } else { "" };
        let digits = format!("{part:06}");
        let digits = digits.trim_end_matches('0');
        write!(f, "{sign}{whole}.{digits:0<2}")
    }
}

impl From<Micros> for Value {
    fn from(amount: Micros) -> Self {
        Self::Int(amount.0)
    }
}

impl FromValue for Micros {
    fn from_value(value: Value) -> store::Result<Self> {
        i64::from_value(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::Micros;

    #[test]
    fn amounts_are_written_whole() {
        let text = |micros| Micros(micros).to_string();
        assert_eq!([text(12_345_000), text(-1), text(5_000_000), text(0)], ["12.345", "-0.000001", "5.00", "0.00"]);
        assert_eq!(Micros(3).times(u64::MAX), Micros::MOST);
    }
}
