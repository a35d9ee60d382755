//! Instants and spans as SMPP writes them (7.1.1).

use kernel::Timestamp;

/// Why a text is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time as SMPP writes it")]
pub struct TimeError;

/// A span of seconds as a relative validity period; at most 63 days, which is what two digits of days
/// and two of months surely hold.
pub fn relative(seconds: u32) -> String {
    let seconds = seconds.min(63 * 86_400);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Months have no fixed length: days alone are exact up to 99.
    format!("0000{days:02}{:02}{:02}{:02}000R", rest / 3600, rest / 60 % 60, rest % 60)
}

/// An instant as an absolute time in UTC.
pub fn absolute(at: Timestamp) -> String {
    at.to_jiff().strftime("%y%m%d%H%M%S000+").to_string()
}

/// Twelve digits for receipts: year to minute.
pub fn receipt_date(at: Timestamp) -> String {
    at.to_jiff().strftime("%y%m%d%H%M").to_string()
}

/// Reads an absolute or relative time; `None` when the field is empty. Months of a span count 30
/// days, years 365.
///
/// # Errors
/// [`TimeError`] when it is neither.
pub fn read(text: &str, now: Timestamp) -> Result<Option<Timestamp>, TimeError> {
    if text.is_empty() {
        return Ok(None);
    }
    let bytes = text.as_bytes();
    let (digits, sign) = match bytes {
        [digits @ .., sign] if digits.len() == 15 && digits.iter().all(u8::is_ascii_digit) => (digits, *sign),
        _ => return Err(TimeError),
    };
    let pair = |at: usize| i64::from(digits[at] - b'0') * 10 + i64::from(digits[at + 1] - b'0');
    let [year, month, day, hour, minute, second] = [0, 2, 4, 6, 8, 10].map(pair);
    let (tenth, quarters) = (i64::from(digits[12] - b'0'), pair(13));
    match sign {
        b'R' => {
            let days = year * 365 + month * 30 + day;
            Ok(Some(now.plus_seconds(((days * 24 + hour) * 60 + minute) * 60 + second)))
        }
        b'+' | b'-' if quarters <= 48 => {
            let date = jiff::civil::DateTime::new(
                2000 + year as i16,
                month as i8,
                day as i8,
                hour as i8,
                minute as i8,
                second as i8,
                tenth as i32 * 100_000_000,
            );
            let utc = date.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC)).map_err(|_| TimeError)?;
            let east = if sign == b'+' { quarters } else { -quarters };
            Ok(Some(Timestamp(utc.timestamp().as_microsecond()).plus_seconds(-east * 900)))
        }
        _ => Err(TimeError),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;
    use proptest::prelude::*;

    use super::{TimeError, absolute, read, receipt_date, relative};

    #[test]
    fn spans_and_instants() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        assert_eq!(relative(90_061), "000001010101000R");
        assert_eq!(read("000001010101000R", now), Ok(Some(now.plus_seconds(90_061))));
        assert_eq!(absolute(now), "261122100000000+");
        assert_eq!(receipt_date(now), "2611221000");
        assert_eq!(read("261122130000012+", now), Ok(Some(now)));
        assert_eq!(read("", now), Ok(None));
        for wrong in ["261322100000000+", "26112210000000+", "261122100000099+", "261122100000000Z", "x"] {
            assert_eq!(read(wrong, now), Err(TimeError), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn spans_come_back(seconds in 0u32..63 * 86_400) {
            prop_assert_eq!(read(&relative(seconds), Timestamp(0)), Ok(Some(Timestamp(0).plus_seconds(seconds.into()))));
        }

        #[test]
        fn any_text_is_read(text in any::<String>(), digits in "[0-9]{15}[-+R]") {
            let _ = (read(&text, Timestamp(0)), read(&digits, Timestamp(0)));
        }
    }
}
