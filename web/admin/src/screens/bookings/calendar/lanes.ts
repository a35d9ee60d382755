import type { Booking } from "../shapes";
import { civil } from "../zone";
import type { Day } from "@/ui/days";

/** A booking in one day's column: from and to in minutes after midnight, and its lane among those at the same time. */
export interface Placed {
  booking: Booking;
  from: number;
  to: number;
  lane: number;
  lanes: number;
}

const DAY = 1440;
const SHORTEST = 15;

/** The part of a booking that lies on a day, as the clocks of the zone show it. */
function part(booking: Booking, day: Day, zone: string): { booking: Booking; from: number; to: number } | null {
  const start = civil(booking.start, zone);
  const end = civil(booking.end, zone);
  if (start.day > day || end.day < day || (end.day === day && end.minutes === 0 && start.day < day)) return null;
  const from = start.day < day ? 0 : start.minutes;
  const to = end.day > day ? DAY : end.minutes;
  return { booking, from, to: Math.min(DAY, Math.max(to, from + SHORTEST)) };
}

/** Bookings of a day side by side where they overlap: each as early a lane as is free. */
export function laid(bookings: readonly Booking[], day: Day, zone: string): Placed[] {
  const parts = bookings.flatMap((booking) => part(booking, day, zone) ?? []).sort((a, b) => a.from - b.from || b.to - a.to);
  const placed: Placed[] = [];
  let group: Placed[] = [];
  let ends: number[] = [];
  const close = () => {
    for (const one of group) one.lanes = ends.length;
    group = [];
    ends = [];
  };
  for (const one of parts) {
    if (group.length > 0 && ends.every((end) => end <= one.from)) close();
    const free = ends.findIndex((end) => end <= one.from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = one.to;
    const entry = { ...one, lane, lanes: 1 };
    group.push(entry);
    placed.push(entry);
  }
  close();
  return placed;
}

/** The hours to show: office hours, and whatever lies outside them. */
export function hoursOf(days: ReadonlyArray<readonly Placed[]>): { first: number; last: number } {
  const all = days.flat();
  const first = Math.min(8, ...all.map(({ from }) => Math.floor(from / 60)));
  const last = Math.max(18, ...all.map(({ to }) => Math.ceil(to / 60)));
  return { first: Math.max(0, first - 1), last: Math.min(24, last + 1) };
}

const STEP = 15;

/** Where something dropped at a share of a column begins, on the quarter hour. */
export function dropped(share: number, { first, last }: { first: number; last: number }, length: number): number {
  const minutes = first * 60 + share * (last - first) * 60;
  return Math.max(0, Math.min(DAY - Math.min(length, DAY), Math.round(minutes / STEP) * STEP));
}
