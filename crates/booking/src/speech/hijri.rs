//! Dates of the Hijri calendar as Umm al-Qura tabulates them. The table holds months, not an algorithm: the
//! calendar follows calculated new moons over Mecca as published, and no formula gives it.

use jiff::civil::{Date, date as on};

/// 1 Muharram of the first year of the table.
const BEGIN: Date = on(2018, 9, 11);
/// The first year of the table.
const FIRST_YEAR: u16 = 1440;
/// For each year, from the lowest bit on, the months that have 30 days; the others have 29.
const LONG_MONTHS: [u16; 61] = [
    0x2ba, 0x5b5, 0x5aa, 0xd55, 0xa9a, 0x92e, 0x26e, 0x55d, 0xada, 0x6d4, 0x6a5, 0xb27, 0xa4d, 0x4ad, 0x56d, 0xb5a,
    0x754, 0xf49, 0xe92, 0xd26, 0xa56, 0x356, 0x6b5, 0xbaa, 0xb92, 0xb25, 0x68b, 0xa9b, 0x55a, 0xada, 0x5b4, 0xda9,
    0xb52, 0xa9a, 0x536, 0x276, 0x575, 0xaf2, 0x6d4, 0x6a9, 0x555, 0x2ad, 0x4bd, 0x9ba, 0x574, 0xb69, 0xb52, 0xa95,
    0x52d, 0xa5d, 0x4da, 0xad9, 0x6b2, 0xe95, 0xe2a, 0xc96, 0x92e, 0xaad, 0x56a, 0xd65, 0xd4a,
];

/// Year, month and day; nothing outside 1440 to 1500 AH.
pub(super) fn of(date: Date) -> Option<(u16, u8, u8)> {
    let mut left = (date - BEGIN).get_days();
    if left < 0 {
        return None;
    }
    for (year, months) in (FIRST_YEAR..).zip(LONG_MONTHS) {
        for month in 0..12_u8 {
            let length = 29 + i32::from(months >> month & 1);
            if left < length {
                return Some((year, month + 1, u8::try_from(left + 1).ok()?));
            }
            left -= length;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_the_published_calendar() {
        for (date, hijri) in [
            (on(2018, 9, 11), (1440, 1, 1)),
            (on(2025, 3, 1), (1446, 9, 1)),
            (on(2026, 6, 16), (1448, 1, 1)),
            (on(2026, 11, 22), (1448, 6, 12)),
            (on(2070, 6, 15), (1493, 5, 6)),
            (on(2076, 11, 28), (1500, 1, 1)),
        ] {
            assert_eq!(of(date), Some(hijri), "{date}");
        }
        assert_eq!(of(on(2018, 9, 10)), None);
        assert_eq!(of(on(2099, 1, 1)), None);
    }
}
