//! Dates and times as people read them: in English and Arabic, in a zone, with the hour cycle of the reader's place,
//! and in the Hijri calendar of Umm al-Qura.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use kernel::Timestamp;

const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAYS_AR: [&str; 7] = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_AR: [&str; 12] =
    ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"];
const HIJRI_EN: [&str; 12] = [
    "Muharram",
    "Safar",
    "Rabiʿ I",
    "Rabiʿ II",
    "Jumada I",
    "Jumada II",
    "Rajab",
    "Shaʿban",
    "Ramadan",
    "Shawwal",
    "Dhuʻl-Qiʿdah",
    "Dhuʻl-Hijjah",
];
const HIJRI_AR: [&str; 12] = [
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة",
    "ذو الحجة",
];

/// Places that write the clock with twelve hours (CLDR's preferred cycle); English and Arabic without a place do.
const TWELVE: &[&str] = &[
    "US", "CA", "AU", "NZ", "PH", "IN", "PK", "BD", "EG", "SA", "AE", "KW", "QA", "BH", "OM", "YE", "JO", "LB", "SY",
    "IQ", "PS", "SD", "LY", "MY", "SG", "HK", "ZA", "KE", "NG",
];

/// How somebody reads times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Arabic, or English.
    pub arabic: bool,
    /// Twelve hours, or twenty-four.
    pub twelve: bool,
}

impl Reading {
    /// By a language tag such as `ar`, `en-GB` or `ar-MA`.
    pub fn of(tag: &str) -> Self {
        let mut parts = tag.split(['-', '_']);
        let arabic = parts.next().is_some_and(|language| language.eq_ignore_ascii_case("ar"));
        let place = parts.find(|part| part.len() == 2).map(str::to_ascii_uppercase);
        Self { arabic, twelve: place.is_none_or(|place| TWELVE.contains(&place.as_str())) }
    }

    /// A time of day.
    pub fn time(self, at: Time) -> String {
        if !self.twelve {
            return format!("{:02}:{:02}", at.hour(), at.minute());
        }
        let hour = if at.hour() % 12 == 0 { 12 } else { at.hour() % 12 };
        let half = match (self.arabic, at.hour() < 12) {
            (false, true) => "a.m.",
            (false, false) => "p.m.",
            (true, true) => "ص",
            (true, false) => "م",
        };
        format!("{hour}:{:02}\u{a0}{half}", at.minute())
    }

    /// A date with its day of the week.
    pub fn date(self, date: Date) -> String {
        let (day, month) = (date.weekday().to_monday_zero_offset() as usize, date.month() as usize - 1);
        if self.arabic {
            format!("{}، {} {} {}", DAYS_AR[day], date.day(), MONTHS_AR[month], date.year())
        } else {
            format!("{}, {} {} {}", DAYS_EN[day], date.day(), MONTHS_EN[month], date.year())
        }
    }

    /// The same date in the Hijri calendar of Umm al-Qura; `None` outside the years its table knows.
    pub fn hijri(self, date: Date) -> Option<String> {
        let (year, month, day) = hijri(date)?;
        let name = if self.arabic { HIJRI_AR[month as usize - 1] } else { HIJRI_EN[month as usize - 1] };
        Some(if self.arabic { format!("{day} {name} {year} هـ") } else { format!("{day} {name} {year} AH") })
    }

    /// A meeting in a zone: date, times, and the zone's name.
    pub fn meeting(self, zone: &TimeZone, name: &str, start: Timestamp, end: Timestamp) -> String {
        let (from, to) = (zone.to_datetime(start.to_jiff()), zone.to_datetime(end.to_jiff()));
        format!("{} ({})", self.span(from, to), name.replace('_', " "))
    }

    fn span(self, from: DateTime, to: DateTime) -> String {
        let comma = if self.arabic { "،" } else { "," };
        let begin = format!("{}{comma} {}", self.date(from.date()), self.time(from.time()));
        if from.date() == to.date() {
            format!("{begin}\u{a0}– {}", self.time(to.time()))
        } else {
            format!("{begin}\u{a0}– {}{comma} {}", self.date(to.date()), self.time(to.time()))
        }
    }
}

/// 1 Muharram 1440 in the calendar of Umm al-Qura.
const FIRST: Date = jiff::civil::date(2018, 9, 11);
const FIRST_YEAR: i16 = 1440;
/// For each year from 1440 on, which months have thirty days: bit 0 is Muharram. The calendar is published, not
/// computed; these are the months as in CLDR's islamic-umalqura.
const LONG_MONTHS: [u16; 61] = [
    0x2ba, 0x5b5, 0x5aa, 0xd55, 0xa9a, 0x92e, 0x26e, 0x55d, 0xada, 0x6d4, 0x6a5, 0xb27, 0xa4d, 0x4ad, 0x56d, 0xb5a,
    0x754, 0xf49, 0xe92, 0xd26, 0xa56, 0x356, 0x6b5, 0xbaa, 0xb92, 0xb25, 0x68b, 0xa9b, 0x55a, 0xada, 0x5b4, 0xda9,
    0xb52, 0xa9a, 0x536, 0x276, 0x575, 0xaf2, 0x6d4, 0x6a9, 0x555, 0x2ad, 0x4bd, 0x9ba, 0x574, 0xb69, 0xb52, 0xa95,
    0x52d, 0xa5d, 0x4da, 0xad9, 0x6b2, 0xe95, 0xe2a, 0xc96, 0x92e, 0xaad, 0x56a, 0xd65, 0xd4a,
];

/// Year, month and day in the calendar of Umm al-Qura, from 2018 to 2077.
pub fn hijri(date: Date) -> Option<(i16, u8, u8)> {
    let mut days = crate::slots::day_number(date) - crate::slots::day_number(FIRST);
    if days < 0 {
        return None;
    }
    for (year, months) in (FIRST_YEAR..).zip(LONG_MONTHS) {
        for month in 0..12u8 {
            let length = if months >> month & 1 == 1 { 30 } else { 29 };
            if days < length {
                return Some((year, month + 1, days as u8 + 1));
            }
            days -= length;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn hijri_dates_are_those_of_umm_al_qura() {
        assert_eq!(hijri(date(2018, 9, 11)), Some((1440, 1, 1)));
        assert_eq!(hijri(date(2024, 3, 11)), Some((1445, 9, 1)));
        assert_eq!(hijri(date(2025, 6, 26)), Some((1447, 1, 1)));
        assert_eq!(hijri(date(2026, 2, 18)), Some((1447, 9, 1)));
        assert_eq!(hijri(date(2018, 9, 10)), None);
        assert_eq!(hijri(date(2077, 11, 16)), Some((1500, 12, 30)));
        assert_eq!(hijri(date(2077, 11, 17)), None);
    }

    #[test]
    fn clocks_follow_the_place() {
        let at = jiff::civil::time(13, 5, 0, 0);
        assert_eq!(Reading::of("en").time(at), "1:05\u{a0}p.m.");
        assert_eq!(Reading::of("en-GB").time(at), "13:05");
        assert_eq!(Reading::of("ar").time(at), "1:05\u{a0}م");
        assert_eq!(Reading::of("ar-MA").time(at), "13:05");
        assert_eq!(Reading::of("en-US").time(jiff::civil::time(0, 0, 0, 0)), "12:00\u{a0}a.m.");
    }

    #[test]
    fn a_meeting_over_midnight_names_both_dates() {
        let zone = TimeZone::get("Asia/Riyadh").unwrap();
        let (start, end) = ("2026-11-24T20:30:00Z".parse().unwrap(), "2026-11-24T21:30:00Z".parse().unwrap());
        assert_eq!(
            Reading::of("en-GB").meeting(&zone, "Asia/Riyadh", start, end),
            "Tuesday, 24 November 2026, 23:30\u{a0}– Wednesday, 25 November 2026, 00:30 (Asia/Riyadh)"
        );
    }
}
