use std::borrow::Cow;
use std::fmt;

use kernel::Timestamp;

use super::moment::{Moment, read_moment};

/// A stored value as conditions see it. Text is folded by [`kernel::fold`] and never empty:
/// an empty text counts as missing. `Debug` prints `[pii]`.
#[derive(Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// Folded text, and the instant it stands for when it is a date.
    Text(&'a str, Option<i64>),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// An instant in microseconds.
    Instant(i64),
}

impl fmt::Debug for Scalar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pii]")
    }
}

impl<'a> Scalar<'a> {
    /// The scalar of a folded text; `None` when it is empty.
    pub fn text(folded: &'a str) -> Option<Self> {
        (!folded.is_empty()).then(|| Self::Text(folded, read_moment(folded)))
    }

    fn as_text(&self) -> Option<Cow<'a, str>> {
        match *self {
            Self::Text(text, _) => Some(Cow::Borrowed(text)),
            Self::Number(number) => Some(Cow::Owned(number.to_string())),
            Self::Bool(flag) => Some(Cow::Borrowed(if flag { "true" } else { "false" })),
            Self::Instant(_) => None,
        }
    }

    fn as_number(&self) -> Option<f64> {
        match *self {
            Self::Number(number) => Some(number),
            Self::Text(text, _) => {
                let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e'));
                if plain { text.parse().ok().filter(|number: &f64| number.is_finite()) } else { None }
            }
            Self::Bool(_) | Self::Instant(_) => None,
        }
    }

    fn as_bool(&self) -> Option<bool> {
        match *self {
            Self::Bool(flag) => Some(flag),
            Self::Text("true", _) => Some(true),
            Self::Text("false", _) => Some(false),
            _ => None,
        }
    }

    const fn as_moment(&self) -> Option<i64> {
        match *self {
            Self::Text(_, moment) => moment,
            Self::Instant(at) => Some(at),
            Self::Number(_) | Self::Bool(_) => None,
        }
    }
}

/// A value to be equal to.
#[derive(Clone, PartialEq)]
pub enum Operand {
    /// Text as written, and folded.
    Text(Box<str>, Box<str>),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
}

impl Operand {
    /// A text operand.
    pub fn text(text: &str) -> Self {
        Self::Text(text.into(), kernel::fold(text).into_boxed_str())
    }

    /// Whether the value equals this one; `None` when the value has no reading of this type.
    fn equals(&self, value: Scalar<'_>) -> Option<bool> {
        match self {
            Self::Text(_, folded) => value.as_text().map(|text| *text == **folded),
            #[expect(clippy::float_cmp, reason = "equality of numbers as written is what is asked")]
            Self::Number(number) => value.as_number().map(|n| n == *number),
            Self::Bool(flag) => value.as_bool().map(|b| b == *flag),
        }
    }
}

impl fmt::Debug for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pii]")
    }
}

/// A value to be less or greater than.
#[derive(Clone, Copy, PartialEq)]
pub enum Bound {
    /// A number.
    Number(f64),
    /// A date or an instant.
    Moment(Moment),
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pii]")
    }
}

impl Bound {
    fn less(self, value: Scalar<'_>) -> Option<bool> {
        match self {
            Self::Number(bound) => value.as_number().map(|n| n < bound),
            Self::Moment(bound) => value.as_moment().map(|at| at < bound.start()),
        }
    }

    fn greater(self, value: Scalar<'_>) -> Option<bool> {
        match self {
            Self::Number(bound) => value.as_number().map(|n| n > bound),
            Self::Moment(bound) => value.as_moment().map(|at| at >= bound.end()),
        }
    }
}

/// What a condition asks of one value.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// There is a value.
    Exists,
    /// There is none.
    Missing,
    /// Equal to the operand.
    Is(Operand),
    /// There is a value of the operand's type, and it differs.
    IsNot(Operand),
    /// Equal to one of the operands, all of one type.
    In(Vec<Operand>),
    /// There is a value of the operands' type, and it differs from each.
    NotIn(Vec<Operand>),
    /// The text has the operand within.
    Contains(Operand),
    /// The text begins with the operand.
    StartsWith(Operand),
    /// The text ends with the operand.
    EndsWith(Operand),
    /// Less, or before.
    Less(Bound),
    /// Less or equal.
    LessOrEqual(Bound),
    /// Greater, or after.
    Greater(Bound),
    /// Greater or equal.
    GreaterOrEqual(Bound),
    /// Within both bounds, which belong to it.
    Between(Bound, Bound),
    /// Before the moment.
    Before(Moment),
    /// After the moment.
    After(Moment),
    /// On that UTC day.
    On(Moment),
    /// Not longer ago than so many days, and not in the future.
    WithinDays(u32),
    /// Longer ago than so many days.
    OlderThanDays(u32),
}

impl Test {
    /// Whether a value passes, seen from `now`. A missing value, or one that has no reading of the
    /// type asked for, passes nothing but [`Test::Missing`] (which looks at presence alone).
    pub fn holds(&self, value: Option<Scalar<'_>>, now: Timestamp) -> bool {
        let Some(value) = value else { return matches!(self, Self::Missing) };
        let text = |operand: &Operand, test: fn(&str, &str) -> bool| match operand {
            Operand::Text(_, folded) => value.as_text().map(|text| test(&text, folded)),
            Operand::Number(_) | Operand::Bool(_) => None,
        };
        let back = |days: u32| now.plus_micros(-i64::from(days) * Timestamp::DAY).0;
        let passes = match self {
            Self::Exists => Some(true),
            Self::Missing => Some(false),
            Self::Is(operand) => operand.equals(value),
            Self::IsNot(operand) => operand.equals(value).map(|equal| !equal),
            Self::In(operands) => Some(operands.iter().any(|operand| operand.equals(value) == Some(true))),
            Self::NotIn(operands) => Some(operands.iter().all(|operand| operand.equals(value) == Some(false))),
            Self::Contains(operand) => text(operand, |text, part| text.contains(part)),
            Self::StartsWith(operand) => text(operand, |text, part| text.starts_with(part)),
            Self::EndsWith(operand) => text(operand, |text, part| text.ends_with(part)),
            Self::Less(bound) => bound.less(value),
            Self::LessOrEqual(bound) => bound.greater(value).map(|greater| !greater),
            Self::Greater(bound) => bound.greater(value),
            Self::GreaterOrEqual(bound) => bound.less(value).map(|less| !less),
            Self::Between(low, high) => match (low.less(value), high.greater(value)) {
                (Some(less), Some(greater)) => Some(!less && !greater),
                _ => None,
            },
            Self::Before(moment) => Bound::Moment(*moment).less(value),
            Self::After(moment) => Bound::Moment(*moment).greater(value),
            Self::On(day) => value.as_moment().map(|at| day.start() <= at && at < day.end()),
            Self::WithinDays(days) => value.as_moment().map(|at| back(*days) <= at && at <= now.0),
            Self::OlderThanDays(days) => value.as_moment().map(|at| at < back(*days)),
        };
        passes.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(100 * Timestamp::DAY);

    fn day(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn on_text(test: &Test, text: &str) -> bool {
        test.holds(Scalar::text(&kernel::fold(text)), NOW)
    }

    #[test]
    fn a_missing_value_passes_only_missing() {
        let tests = [
            Test::Exists,
            Test::IsNot(Operand::text("x")),
            Test::NotIn(vec![Operand::Number(1.0)]),
            Test::LessOrEqual(Bound::Number(1.0)),
            Test::OlderThanDays(3),
        ];
        for test in tests {
            assert!(!test.holds(None, NOW), "{test:?}");
            assert!(!on_text(&test, " ـ "), "an empty text is missing: {test:?}");
        }
        assert!(Test::Missing.holds(None, NOW));
        assert!(on_text(&Test::Missing, ""));
    }

    #[test]
    fn a_value_of_another_type_counts_as_missing() {
        assert!(!on_text(&Test::IsNot(Operand::Number(5.0)), "five"));
        assert!(on_text(&Test::IsNot(Operand::Number(5.0)), "6"));
        assert!(on_text(&Test::Is(Operand::Number(42.0)), "٤٢"));
        assert!(!on_text(&Test::GreaterOrEqual(Bound::Number(0.0)), "inf"));
        assert!(!on_text(&Test::LessOrEqual(Bound::Moment(day("2026-01-01"))), "soon"));
        assert!(Test::Is(Operand::text("42")).holds(Some(Scalar::Number(42.0)), NOW));
        assert!(Test::Is(Operand::Bool(true)).holds(Some(Scalar::Bool(true)), NOW));
        assert!(on_text(&Test::Is(Operand::Bool(false)), "FALSE"));
        assert!(!on_text(&Test::IsNot(Operand::Bool(false)), "perhaps"));
    }

    #[test]
    fn text_folds() {
        assert!(on_text(&Test::Is(Operand::text("القاهره")), "القاهِرة"));
        assert!(on_text(&Test::StartsWith(Operand::text("أح")), "احمد"));
        assert!(on_text(&Test::Contains(Operand::text("MÜN")), "Landkreis Munchen"));
        assert!(on_text(&Test::EndsWith(Operand::text("ى")), "مصطفي"));
    }

    #[test]
    fn days_are_whole_and_instants_are_points() {
        let value = |text: &str| Some(Scalar::Instant(day(text).start()));
        let midnight = value("1970-01-05T00:00:00Z");
        let before = value("1970-01-04T23:59:59.999999Z");
        let last = value("1970-01-05T23:59:59.999999Z");
        let next = value("1970-01-06");
        let on = Test::On(day("1970-01-05"));
        assert_eq!([before, midnight, last, next].map(|at| on.holds(at, NOW)), [false, true, true, false]);
        let after = Test::After(day("1970-01-05"));
        assert_eq!([before, midnight, last, next].map(|at| after.holds(at, NOW)), [false, false, false, true]);
        let earlier = Test::Before(day("1970-01-05"));
        assert_eq!([before, midnight, last, next].map(|at| earlier.holds(at, NOW)), [true, false, false, false]);
        let upto = Test::LessOrEqual(Bound::Moment(day("1970-01-05")));
        assert_eq!([before, midnight, last, next].map(|at| upto.holds(at, NOW)), [true, true, true, false]);
    }

    #[test]
    fn within_and_older_split_the_past() {
        for (at, within, older) in [
            (NOW.0 + 1, false, false),
            (NOW.0, true, false),
            (NOW.0 - 7 * Timestamp::DAY, true, false),
            (NOW.0 - 7 * Timestamp::DAY - 1, false, true),
        ] {
            assert_eq!(Test::WithinDays(7).holds(Some(Scalar::Instant(at)), NOW), within);
            assert_eq!(Test::OlderThanDays(7).holds(Some(Scalar::Instant(at)), NOW), older);
        }
    }
}
