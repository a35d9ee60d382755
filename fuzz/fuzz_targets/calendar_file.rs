//! Calendars of strangers: lines, zones, rules, and what they come to within a year.
#![no_main]

use booking::calendars::ics::{Limits, Reader, expand, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(calendar) = parse(bytes) else { return };
    let Some(zone) = booking::calendars::ics::zone("Africa/Casablanca") else { return };
    let reader = Reader { zone: &zone, owners: &[] };
    let (from, to) = (kernel::Timestamp(1_767_225_600_000_000), kernel::Timestamp(1_798_761_600_000_000));
    let limits = Limits::default();
    let expansion = expand(&calendar, &reader, (from, to), &limits);
    assert!(expansion.busy.len() <= limits.total);
    assert!(expansion.busy.iter().all(|busy| busy.start <= busy.end && busy.start < to && busy.end >= from));
});
