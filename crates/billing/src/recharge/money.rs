//! Between millionths of a unit and the smallest coins that providers count in.

use crate::payment::Amount;
use crate::{Error, Micros, Result};

/// The largest single payment, in units of the currency.
const MOST: i64 = 1_000_000;
/// Currencies without coins below the unit (ISO 4217, as payment providers count them).
const WHOLE: [&str; 16] =
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"];
/// Currencies with a thousand coins to the unit.
const THOUSANDTHS: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// How many millionths the smallest coin is. Providers round thousandths to tens.
fn coin(currency: &str) -> (i64, i64) {
    if WHOLE.contains(&currency) {
        (1_000_000, 1)
    } else if THOUSANDTHS.contains(&currency) {
        (1_000, 10)
    } else {
        (10_000, 1)
    }
}

/// An amount as the provider counts it.
///
/// # Errors
/// [`Error::Field`] when it is no whole number of the smallest coin, nothing or less, or more than a million units.
pub fn amount_of(field: &'static str, micros: Micros, currency: &str) -> Result<Amount> {
    let (coin, step) = coin(currency);
    if micros.0 <= 0 || micros.0 > MOST * Micros::UNIT.0 {
        return Err(Error::Field { field, detail: "more than 0 and at most a million units of the currency" });
    }
    if micros.0 % (coin * step) != 0 {
        return Err(Error::Field { field, detail: "a whole number of the currency's smallest coin" });
    }
    Amount::new(micros.0 / coin, currency)
}

/// The same the other way round.
pub fn micros_of(amount: &Amount) -> Micros {
    Micros(amount.minor.saturating_mul(coin(&amount.currency).0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coins_are_those_of_the_currency() {
        for (micros, currency, minor) in
            [(50_000_000, "EUR", 5000), (50_000_000, "JPY", 50), (1_230_000, "KWD", 1230), (10_000, "SAR", 1)]
        {
            let amount = amount_of("amount_micros", Micros(micros), currency).unwrap();
            assert_eq!((amount.minor, micros_of(&amount)), (minor, Micros(micros)), "{currency}");
        }
        for (micros, currency) in
            [(1, "EUR"), (0, "EUR"), (-10_000, "EUR"), (500_000, "JPY"), (1_234_000, "KWD"), (i64::MAX, "EUR")]
        {
            assert!(amount_of("amount_micros", Micros(micros), currency).is_err(), "{micros} {currency}");
        }
    }
}
