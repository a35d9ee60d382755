/** What the server tells about booking. Lengths of time are minutes. */
export interface Items<T> { items: T[]; next: string | null }

export interface Host {
  id: string;
  /** Null once the member left; the name stays for what was booked. */
  member: string | null;
  name: string | null;
  timezone: string;
  schedule: string | null;
  left_at: string | null;
  created_at: string;
}

/** From and to on the local clock; an end that is not after the start is on the next date. */
export interface Interval { start: string; end: string }
/** Weekly hours on ISO days (Monday is 1). */
export interface Rule extends Interval { days: number[] }
/** One date's own hours; none closes it. */
export interface Override { date: string; intervals: Interval[] }
export interface Hours { timezone: string; rules: Rule[]; overrides: Override[]; holidays: string[] }
export interface Schedule { id: string; name: string; hours: Hours; version: number; updated_at: string }
export interface HolidayList { code: string; name: string; dates: string[]; updated_at: string }
export interface Absence { id: string; host: string; from: string; to: string; hand_over: string | null }
export interface Resource { id: string; name: string; timezone: string; archived_at: string | null; created_at: string }

export type Language = "en" | "ar";
export type Mode = "single" | "collective" | "round_robin";
export type QuestionKind = "text" | "paragraph" | "choice" | "choices" | "yes" | "phone" | "number";

/** The words of an event type in one language. */
export interface Texts { title: string; description: string; instructions: string; privacy: string; follow_up: string }

export type Place =
  | { kind: "address"; text: string }
  | { kind: "call_us"; number: string }
  | { kind: "we_call" }
  | { kind: "link"; template: string }
  | { kind: "attendee" };

export interface TypeHost { host: string; fixed: boolean; weight: number; priority: number; schedule: string | null; since?: string | null }

export interface Question {
  key: string;
  kind: QuestionKind;
  label_en: string;
  label_ar: string;
  options: string[];
  required: boolean;
  purpose: string;
  retention_days: number | null;
  if_refused_en: string;
  if_refused_ar: string;
}

/** What is offered, as it is written. */
export interface Definition {
  en: Texts;
  ar: Texts;
  duration: number;
  durations: number[];
  step: number | null;
  align: number | null;
  buffer_before: number;
  buffer_after: number;
  min_notice: number;
  rolling_days: number | null;
  first_date: string | null;
  last_date: string | null;
  max_per_day: number | null;
  max_per_week: number | null;
  capacity: number;
  show_seats: boolean;
  mode: Mode;
  hosts: TypeHost[];
  assignment: { period_days: number; attendee_chooses: boolean };
  timezone: string | null;
  resources: string[][];
  tentative_blocks: boolean;
  locations: Place[];
  questions: Question[];
  guests: number;
  approval: boolean;
  cancel_until: number | null;
  reschedule_until: number | null;
  hold_minutes: number;
  reminders: number[];
  follow_up: number | null;
  retention_days: number | null;
  notice: string | null;
  marketing: { topic: string; consent_en: string; consent_ar: string } | null;
  payment: { amount: number; currency: string; pay_within: number } | null;
  redirect: string | null;
  hijri: boolean;
}

export type TypeState = "active" | "hidden" | "archived";
export interface EventType {
  id: string;
  slug: string;
  state: TypeState;
  definition: Definition;
  version: number;
  created_at: string;
  updated_at: string;
  url: string;
}

export interface Start { start: string; end: string; hosts: string[]; seats_left?: number | null }
export interface Missing { from: string; to: string; reason: string; host?: string | null }
/** What is offered by date in the zone asked for, and why nothing is at other times. */
export interface Slots { timezone: string; days: Record<string, Start[]>; why?: Missing[] }

export type BookingState = "pending" | "confirmed" | "cancelled" | "declined";
export interface Booking {
  id: string;
  event_type: string;
  session: string | null;
  state: BookingState;
  title: string;
  start: string;
  end: string;
  timezone: string;
  /** The host's clock at the time it was agreed. */
  civil: string;
  attendee_timezone: string | null;
  language: string | null;
  source: string;
  hosts: Array<{ id: string; name: string | null }>;
  resources: string[];
  contact: string | null;
  /** Empty once everything personal is gone. */
  name: string;
  email: string;
  phone: string | null;
  guests: string[];
  location: string | null;
  answers: Record<string, unknown>;
  no_show: boolean;
  payment: "open" | "paid" | "failed" | "refunded" | null;
  sequence: number;
  uid: string;
  ended_by: "attendee" | "member" | "system" | null;
  reason: string | null;
  created_at: string;
  updated_at: string;
}

/** A booking whose agreed local time means another instant since the clocks of its zone were changed. */
export interface MovedBooking { id: string; start: string; civil: string; timezone: string; means: string }

export interface Report {
  booked: number;
  cancelled: number;
  declined: number;
  no_show: number;
  by_host: Array<{ host: string; sessions: number }>;
  by_event_type: Array<{ event_type: string; booked: number; cancelled: number; no_show: number }>;
}

export interface PaymentProvider { provider: string; api_base: string; has_secret_key?: boolean; has_webhook_secret?: boolean }

export interface Calendar {
  id: string;
  account: string;
  host: string;
  name: string;
  conflicts: boolean;
  target: boolean;
  writable: boolean;
  synced_at?: string | null;
  tried_at?: string | null;
  stale: boolean;
  error?: string | null;
  failing_since?: string | null;
  doubtful: number;
}

export interface Account {
  id: string;
  host: string;
  kind: "caldav" | "feed" | "google" | "microsoft";
  label: string;
  address: string;
  state: "connecting" | "active" | "unauthorised" | "failing";
  addresses: string[];
  time_zone: string | null;
  calendars: Calendar[];
  created_at: string;
  updated_at: string;
}

export interface Feed { id: string; host: string; detail: "busy" | "full"; url: string; created_at: string; read_at?: string | null }
export interface Suggestion { booking: string; calendar: string; host: string; kind: "deleted" | "moved"; start: string; end: string; at: string }
export interface MailAnswer { partstat: string; proposed_start?: string | null; proposed_end?: string | null; at: string }
export interface Provider { kind: "google" | "microsoft"; configured: boolean; client_id?: string | null; redirect_uri: string }
export interface Unreachable { when_unreachable: "closed" | "open"; stale_after_minutes: number }
