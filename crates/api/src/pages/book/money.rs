//! A price as people read it.

use booking::model::Payment;

/// Currencies without a smaller unit (ISO 4217).
const WHOLE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
/// Currencies of a thousand smaller units.
const THOUSANDTHS: &str = "BHD IQD JOD KWD LYD OMR TND";

/// Such as `250.00 SAR`.
pub(super) fn text(price: &Payment) -> String {
    let digits = if WHOLE.contains(&price.currency) {
        0
    } else if THOUSANDTHS.contains(&price.currency) {
        3
    } else {
        2
    };
    let unit = 10_u64.pow(digits);
    let width = usize::try_from(digits).unwrap_or(0);
    if digits == 0 {
        return format!("{}\u{a0}{}", price.amount, price.currency);
    }
    format!("{}.{:0width$}\u{a0}{}", price.amount / unit, price.amount % unit, price.currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_have_their_own_smallest_unit() {
        let price = |amount, currency: &str| {
            text(&Payment { amount, currency: currency.into(), pay_within: 30, refund_until: None })
        };
        assert_eq!(price(25_005, "SAR"), "250.05\u{a0}SAR");
        assert_eq!(price(1500, "KWD"), "1.500\u{a0}KWD");
        assert_eq!(price(900, "JPY"), "900\u{a0}JPY");
    }
}
