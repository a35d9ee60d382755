//! Dates as people read them, in the content's language (Arabic or English month names).

use std::fmt::Write;

use kernel::Date;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Day,
    DayPadded,
    Month,
    MonthPadded,
    MonthName,
    MonthShort,
    Year,
    YearShort,
    Weekday,
    WeekdayShort,
    Char(char),
}

/// How a date is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Format(Vec<Piece>);

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
const WEEKDAYS_EN: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const WEEKDAYS_AR: [&str; 7] = ["الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"];

impl Format {
    /// `%d %e %m %B %b %Y %y %A %a %%`, as in strftime. `None` when another letter follows a `%`.
    pub(crate) fn strftime(text: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            pieces.push(if c == '%' {
                match chars.next()? {
                    'd' => Piece::DayPadded,
                    'e' => Piece::Day,
                    'm' => Piece::MonthPadded,
                    'B' => Piece::MonthName,
                    'b' => Piece::MonthShort,
                    'Y' => Piece::Year,
                    'y' => Piece::YearShort,
                    'A' => Piece::Weekday,
                    'a' => Piece::WeekdayShort,
                    '%' => Piece::Char('%'),
                    _ => return None,
                }
            } else {
                Piece::Char(c)
            });
        }
        Some(Self(pieces))
    }

    /// PHP's date letters, which the `*|DATE:…|*` notation uses.
    pub(crate) fn php(text: &str) -> Self {
        let piece = |c| match c {
            'd' => Piece::DayPadded,
            'j' => Piece::Day,
            'm' => Piece::MonthPadded,
            'n' => Piece::Month,
            'F' => Piece::MonthName,
            'M' => Piece::MonthShort,
            'Y' => Piece::Year,
            'y' => Piece::YearShort,
            'l' => Piece::Weekday,
            'D' => Piece::WeekdayShort,
            other => Piece::Char(other),
        };
        Self(text.chars().map(piece).collect())
    }

    /// Day, month name, year.
    pub(crate) fn long() -> Self {
        let space = Piece::Char(' ');
        Self(vec![Piece::Day, space, Piece::MonthName, space, Piece::Year])
    }

    /// Appends the date.
    pub(crate) fn write(&self, date: Date, arabic: bool, out: &mut String) {
        let (months, weekdays) = if arabic { (&MONTHS_AR, &WEEKDAYS_AR) } else { (&MONTHS_EN, &WEEKDAYS_EN) };
        let month = months[usize::from((date.month() - 1).unsigned_abs()) % 12];
        let weekday = weekdays[usize::from(date.weekday().to_sunday_zero_offset().unsigned_abs()) % 7];
        // Arabic names are not shortened.
        let short = |name: &'static str| if arabic { name } else { &name[..3] };
        for piece in &self.0 {
            let _ = match *piece {
                Piece::Day => write!(out, "{}", date.day()),
                Piece::DayPadded => write!(out, "{:02}", date.day()),
                Piece::Month => write!(out, "{}", date.month()),
                Piece::MonthPadded => write!(out, "{:02}", date.month()),
                Piece::MonthName => out.write_str(month),
                Piece::MonthShort => out.write_str(short(month)),
                Piece::Year => write!(out, "{:04}", date.year()),
                Piece::YearShort => write!(out, "{:02}", date.year().rem_euclid(100)),
                Piece::Weekday => out.write_str(weekday),
                Piece::WeekdayShort => out.write_str(short(weekday)),
                Piece::Char(c) => out.write_char(c),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn dates_speak_both_languages() {
        let date = "2026-11-05".parse().unwrap();
        let mut out = String::new();
        Format::strftime("%A %e %B %Y").unwrap().write(date, false, &mut out);
        out.push('|');
        Format::strftime("%A %e %B %Y").unwrap().write(date, true, &mut out);
        out.push('|');
        Format::php("d/m/y").write(date, false, &mut out);
        assert_eq!(out, "Thursday 5 November 2026|الخميس 5 نوفمبر 2026|05/11/26");
        assert_eq!(Format::strftime("%Q"), None);
    }
}
