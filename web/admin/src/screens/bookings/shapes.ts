import type { components } from "@/api/schema";

type Schema = components["schemas"];

/** What the server may leave out because it has a usual value, with that value put in (`complete` in types/draft.ts). */
type Whole<T> = T extends readonly (infer Entry)[] ? Array<Whole<Entry>> : T extends object ? { [Name in keyof T]-?: Whole<Exclude<T[Name], undefined>> } : T;

export type Host = Schema["BookingHost"];
export type Rule = Schema["Weekly"];
export type Interval = Schema["Interval"];
export type Override = Whole<Schema["Exception"]>;
export type Hours = Whole<Schema["Hours"]>;
export type Schedule = Omit<Schema["Schedule"], "hours"> & { hours: Hours };
export type HolidayList = Schema["Holidays"];
export type Absence = Schema["Absence"];
export type Resource = Schema["Resource"];

export type Language = "en" | "ar";
export const MODES = ["single", "collective", "round_robin"] as const;
export type Mode = (typeof MODES)[number];
export type QuestionKind = Schema["QuestionKind"];
export type Texts = Whole<Schema["Texts"]>;
export type Place = Schema["Location"];
export type TypeHost = Whole<Schema["TypeHost"]>;
export type Question = Whole<Schema["Question"]>;

/** What is offered, as it is written. Lengths of time are minutes. */
export type Definition = Omit<Whole<Schema["Definition"]>, "mode"> & { mode: Mode };
export type TypeState = Schema["TypeState"];
export type EventType = Omit<Schema["BookableType"], "definition"> & { definition: Definition };

export type Start = Schema["OfferedSlot"];
export type Missing = Schema["MissingSlots"];
export type Slots = Schema["OfferedSlots"];

export type BookingState = Schema["State"];
export type Booking = Schema["BookingView"];
export type MovedBooking = Schema["MovedBooking"];
export type Report = Schema["BookingReport"];

export type Calendar = Schema["HostCalendar"];
export type Account = Schema["CalendarAccount"];
export type Feed = Schema["CalendarFeed"];
export type Suggestion = Schema["CalendarSuggestion"];
export type Provider = Schema["CalendarProvider"];
export type Unreachable = Schema["CalendarSettings"];
