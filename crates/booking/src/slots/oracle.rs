//! A second, slow evaluator, written from rules R1 to R16 alone: it walks minute by minute and asks the zone each
//! time. Only tests use it; the property holds the fast one to it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::model::{Booked, Host, MINUTE, Mode, Question, Taken};

fn local(zone: &TimeZone, at: i64) -> DateTime {
    zone.to_datetime(Timestamp::from_microsecond(at).unwrap())
}

/// R5 in other words: the first minute at which the local clock shows the edge or something later.
fn edge(zone: &TimeZone, date: Date, minutes: u16) -> i64 {
    let (date, minutes) = if minutes >= 1440 { (date.tomorrow().unwrap(), minutes - 1440) } else { (date, minutes) };
    let wanted = date.at((minutes / 60) as i8, (minutes % 60) as i8, 0, 0);
    let mut at = TimeZone::UTC.to_timestamp(wanted).unwrap().as_microsecond() - 16 * 60 * MINUTE;
    while local(zone, at) < wanted {
        at += MINUTE;
    }
    at
}

/// The minutes of each host date's windows (R2, R3, R4).
fn dates(host: &Host, from: i64, to: i64) -> BTreeMap<Date, BTreeSet<i64>> {
    let mut out = BTreeMap::new();
    let mut date = local(&host.zone, from).date().checked_sub(jiff::Span::new().days(3)).unwrap();
    let last = local(&host.zone, to).date().checked_add(jiff::Span::new().days(2)).unwrap();
    while date <= last {
        let exceptions: Vec<_> = host.overrides.iter().filter(|exception| exception.date == date).collect();
        let hours: Vec<(u16, u16)> = if !exceptions.is_empty() {
            exceptions.iter().flat_map(|exception| exception.intervals.clone()).collect()
        } else if host.holidays.contains(&date) {
            Vec::new()
        } else {
            let rules = host.rules.iter().filter(|rule| rule.days.contains(&date.weekday()));
            rules.map(|rule| (rule.start, rule.end)).collect()
        };
        let mut minutes = BTreeSet::new();
        for (start, end) in hours {
            let begin = edge(&host.zone, date, start);
            let finish =
                if end > start { edge(&host.zone, date, end) } else { edge(&host.zone, date.tomorrow().unwrap(), end) };
            let mut at = begin;
            while at < finish {
                minutes.insert(at);
                at += MINUTE;
            }
        }
        out.insert(date, minutes);
        date = date.tomorrow().unwrap();
    }
    out
}

/// R7: starts of a date's minutes, cut to `there`.
fn grid(question: &Question, zone: &TimeZone, minutes: &BTreeSet<i64>, there: &BTreeSet<i64>) -> BTreeSet<i64> {
    let step = question.meeting.step * MINUTE;
    let mut out = BTreeSet::new();
    let cut: BTreeSet<i64> = minutes.intersection(there).copied().collect();
    for &minute in &cut {
        if cut.contains(&(minute - MINUTE)) {
            continue;
        }
        let mut start = minute;
        if let Some(align) = question.meeting.align {
            loop {
                let clock = local(zone, start);
                if (i64::from(clock.hour()) * 60 + i64::from(clock.minute())) % align == 0 {
                    break;
                }
                start += MINUTE;
            }
        }
        let mut at = minute;
        while cut.contains(&at) {
            if at >= start && (at - start) % step == 0 {
                let fits = (0..question.meeting.duration).all(|passed| there.contains(&(at + passed * MINUTE)));
                if fits {
                    out.insert(at);
                }
            }
            at += MINUTE;
        }
    }
    out
}

fn touches(a: (i64, i64), b: (i64, i64)) -> bool {
    a.0 < b.1 && b.0 < a.1 && a.0 < a.1 && b.0 < b.1
}

fn counted<'a>(question: &'a Question, taken: &'a Taken) -> Vec<&'a Booked> {
    taken.booked.iter().filter(|booked| question.reschedule_of != Some(booked.key)).collect()
}

/// R8, R12, R15, R16.
fn free(question: &Question, taken: &Taken, start: i64) -> bool {
    let meeting = &question.meeting;
    let slot = (start, start + meeting.duration * MINUTE);
    let around = (slot.0 - meeting.buffer_before * MINUTE, slot.1 + meeting.buffer_after * MINUTE);
    if taken.busy.iter().any(|busy| touches(around, *busy)) {
        return false;
    }
    let mut seats = 0;
    for booked in counted(question, taken) {
        let wide = (booked.span.0 - booked.buffers.0 * MINUTE, booked.span.1 + booked.buffers.1 * MINUTE);
        if meeting.capacity > 1 && booked.same_type && booked.span == slot {
            seats += booked.seats;
        } else if touches(around, wide) {
            return false;
        }
    }
    for hold in &taken.held {
        if hold.expires <= question.now || question.requester == Some(hold.holder) {
            continue;
        }
        let wide = (hold.span.0 - hold.buffers.0 * MINUTE, hold.span.1 + hold.buffers.1 * MINUTE);
        if meeting.capacity > 1 && hold.same_type && hold.span == slot {
            seats += 1;
        } else if touches(around, wide) {
            return false;
        }
    }
    seats == 0 || seats < meeting.capacity
}

/// R11.
fn within_limits(question: &Question, host: &Host, start: i64) -> bool {
    let week = |date: Date| i64::from(date.iso_week_date().year()) * 100 + i64::from(date.iso_week_date().week());
    let date = local(&host.zone, start).date();
    let own = counted(question, &host.taken).into_iter().filter(|booked| booked.same_type);
    let dates: Vec<Date> = own.map(|booked| local(&host.zone, booked.span.0).date()).collect();
    let today = dates.iter().filter(|other| **other == date).count() as u32;
    let this_week = dates.iter().filter(|other| week(**other) == week(date)).count() as u32;
    question.meeting.max_per_day.is_none_or(|most| today < most)
        && question.meeting.max_per_week.is_none_or(|most| this_week < most)
}

/// R9 and R10.
fn bookable(question: &Question, start: i64) -> bool {
    let meeting = &question.meeting;
    let zone = meeting.zone.clone().unwrap_or_else(|| question.hosts[0].zone.clone());
    let (date, today) = (local(&zone, start).date(), local(&zone, question.now).date());
    start - question.now >= meeting.min_notice * MINUTE
        && meeting.rolling_days.is_none_or(|days| date <= today.checked_add(jiff::Span::new().days(days)).unwrap())
        && meeting.date_range.0.is_none_or(|first| date >= first)
        && meeting.date_range.1.is_none_or(|last| date <= last)
}

/// Every start with the places of the free hosts.
pub(super) fn evaluate(question: &Question) -> Vec<(i64, Vec<usize>)> {
    let to = question.to + question.meeting.duration * MINUTE;
    let hours: Vec<_> = question.hosts.iter().map(|host| dates(host, question.from, to)).collect();
    let team = |members: &[usize]| -> BTreeSet<i64> {
        let mut there: BTreeSet<i64> = hours[members[0]].values().flatten().copied().collect();
        for &member in &members[1..] {
            let other: BTreeSet<i64> = hours[member].values().flatten().copied().collect();
            there = there.intersection(&other).copied().collect();
        }
        let zone = &question.hosts[members[0]].zone;
        let mut starts = BTreeSet::new();
        for minutes in hours[members[0]].values() {
            starts.extend(grid(question, zone, minutes, &there));
        }
        starts.retain(|&start| {
            start >= question.from
                && start < question.to
                && bookable(question, start)
                && members.iter().all(|&member| {
                    let host = &question.hosts[member];
                    within_limits(question, host, start) && free(question, &host.taken, start)
                })
        });
        starts
    };
    let all: Vec<usize> = (0..question.hosts.len()).collect();
    let mut out: BTreeMap<i64, BTreeSet<usize>> = BTreeMap::new();
    let mut teams: Vec<Vec<usize>> = Vec::new();
    match question.meeting.mode {
        Mode::Single => teams.push(vec![0]),
        Mode::Collective => teams.push(all),
        Mode::RoundRobin => {
            let fixed: Vec<usize> = all.iter().copied().filter(|&host| question.hosts[host].fixed).collect();
            let pool: Vec<usize> = all.iter().copied().filter(|&host| !question.hosts[host].fixed).collect();
            for &member in &pool {
                teams.push([&fixed[..], &[member]].concat());
            }
            if pool.is_empty() {
                teams.push(fixed);
            }
        }
    }
    for members in teams {
        for start in team(&members) {
            out.entry(start).or_default().extend(members.iter().copied());
        }
    }
    out.into_iter().map(|(start, hosts)| (start, hosts.into_iter().collect())).collect()
}
