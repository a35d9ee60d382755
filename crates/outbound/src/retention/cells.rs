use std::collections::{BTreeMap, BTreeSet};

/// The fewest people in a figure that is kept for good.
pub const MIN_CELL: u64 = 10;
/// Countries with too few people, together, and people of unknown country.
pub(super) const ELSEWHERE: &str = "zz";

/// How many people of one country did one thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// What: a state of a delivery, `opened`, `clicked`, `unsubscribed` or `complained`.
    pub kind: String,
    /// The country, or `zz`.
    pub country: String,
    /// How many.
    pub count: u64,
}

/// What is known of one message when it is counted.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// Where its recipient is.
    pub country: Option<String>,
    /// Everything that is true of it, each once.
    pub kinds: BTreeSet<&'static str>,
}

/// Counts per kind and country. Cells of fewer than [`MIN_CELL`] people are put together as `zz`; when
/// that is still too few, the next smallest country joins them, so that no difference gives a small cell
/// away; what is too few even then is not kept.
pub(super) fn cells(messages: &[Counted]) -> Vec<Cell> {
    let mut counts: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for message in messages {
        let country = message.country.as_deref().unwrap_or(ELSEWHERE);
        for kind in &message.kinds {
            *counts.entry(kind).or_default().entry(country).or_default() += 1;
        }
    }
    let mut out = Vec::new();
    for (kind, countries) in counts {
        let mut elsewhere = 0;
        let mut large: Vec<(u64, &str)> = Vec::new();
        for (country, count) in countries {
            if country == ELSEWHERE || count < MIN_CELL {
                elsewhere += count;
            } else {
                large.push((count, country));
            }
        }
        large.sort_unstable();
        if elsewhere > 0 && elsewhere < MIN_CELL && !large.is_empty() {
            elsewhere += large.remove(0).0;
        }
        let cell = |country: &str, count| Cell { kind: kind.to_owned(), country: country.to_owned(), count };
        out.extend(large.into_iter().map(|(count, country)| cell(country, count)));
        if elsewhere >= MIN_CELL {
            out.push(cell(ELSEWHERE, elsewhere));
        }
    }
    out.sort();
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn messages(of: &[(&str, usize)]) -> Vec<Counted> {
        let one = |country: &str| Counted { country: Some(country.to_owned()), kinds: ["sent"].into() };
        of.iter().flat_map(|(country, count)| std::iter::repeat_with(move || one(country)).take(*count)).collect()
    }

    fn found(of: &[(&str, usize)]) -> Vec<(String, u64)> {
        cells(&messages(of)).into_iter().map(|cell| (cell.country, cell.count)).collect()
    }

    #[test]
    fn small_cells_are_put_together_and_hidden_behind_a_large_one() {
        assert_eq!(found(&[("DE", 12), ("SA", 30)]), [("DE".into(), 12), ("SA".into(), 30)]);
        assert_eq!(found(&[("DE", 6), ("SA", 30), ("EG", 7)]), [("SA".into(), 30), ("zz".into(), 13)]);
        assert_eq!(found(&[("DE", 3), ("SA", 30), ("EG", 11)]), [("SA".into(), 30), ("zz".into(), 14)]);
        assert_eq!(found(&[("DE", 9)]), []);
    }

    proptest! {
        #[test]
        fn no_cell_is_small_and_nobody_is_counted_twice(counts in proptest::collection::vec(0usize..25, 1..8)) {
            let names = ["AA", "BB", "CC", "DD", "EE", "FF", "GG", "HH"];
            let of: Vec<(&str, usize)> = names.into_iter().zip(counts).collect();
            let all = cells(&messages(&of));
            prop_assert!(all.iter().all(|cell| cell.count >= MIN_CELL));
            let people: u64 = of.iter().map(|(_, count)| *count as u64).sum();
            let kept: u64 = all.iter().map(|cell| cell.count).sum();
            prop_assert!(kept == people || (kept == 0 && people < MIN_CELL));
        }
    }
}
