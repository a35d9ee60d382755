import { describe, expect, it } from "vitest";
import { dropped, hoursOf, laid } from "./calendar/lanes";
import { moved, shownDays } from "./calendar/Period";
import { partOf } from "./calendar/SlotPicker";
import { copied, covering, minutesIn, painted, rulesOf, weekOf } from "./hours/week";
import type { Booking } from "./shapes";
import { asKind, EMPTY, kindOf, newQuestion, problemsOf, slugOf, tabOf } from "./types/draft";
import { policyOf, snippetOf } from "./types/embed";
import { lengthOf, moneyOf } from "./words";
import { civil, instantAt, minutesOf, shift, span } from "./zone";

const at = (start: string, end: string, id = start) => ({ id, start, end }) as Booking;

describe("clocks of a zone", () => {
  it("show a moment and find it again", () => {
    expect(civil("2026-11-22T21:30:00Z", "Asia/Riyadh")).toEqual({ day: "2026-11-23", minutes: 30 });
    expect(instantAt("2026-11-23", 30, "Asia/Riyadh").toISOString()).toBe("2026-11-22T21:30:00.000Z");
    for (let hour = 0; hour < 24; hour += 1) expect(civil(instantAt("2026-03-29", hour * 60, "Australia/Lord_Howe"), "Australia/Lord_Howe").minutes).toBe(hour * 60);
  });

  it("count a skipped time from before the skip, and take the first of two", () => {
    expect(instantAt("2026-03-29", 150, "Europe/Berlin").toISOString()).toBe("2026-03-29T01:30:00.000Z");
    expect(instantAt("2026-10-25", 150, "Europe/Berlin").toISOString()).toBe("2026-10-25T00:30:00.000Z");
    expect(civil(instantAt("2026-04-24", 0, "Africa/Cairo"), "Africa/Cairo")).toEqual({ day: "2026-04-24", minutes: 60 });
  });

  it("make a day as long as it is", () => {
    const hours = (day: string) => { const { from, to } = span(day, day, "Europe/Berlin"); return (Date.parse(to) - Date.parse(from)) / 3_600_000; };
    expect([hours("2026-03-29"), hours("2026-10-25"), hours("2026-11-22")]).toEqual([23, 25, 24]);
    expect(shift("2026-11-22T00:00:00Z", "Asia/Kolkata")).toBe("+05:30");
    expect([minutesOf("09:30"), minutesOf("24:00"), minutesOf("24:30"), minutesOf("9"), minutesOf("08:75")]).toEqual([570, 1440, null, null, null]);
  });
});

describe("the calendar's columns", () => {
  it("put bookings beside each other only where they overlap", () => {
    const list = [at("2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z", "a"), at("2026-11-22T09:30:00Z", "2026-11-22T10:30:00Z", "b"), at("2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z", "c"), at("2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z", "d")];
    expect(laid(list, "2026-11-22", "UTC").map(({ booking, lane, lanes }) => [booking.id, lane, lanes])).toEqual([["a", 0, 2], ["b", 1, 2], ["c", 0, 2], ["d", 0, 1]]);
  });

  it("cut what crosses midnight, and leave out what ends at it", () => {
    const late = [at("2026-11-22T23:00:00Z", "2026-11-23T01:00:00Z")];
    expect(laid(late, "2026-11-22", "UTC").map(({ from, to }) => [from, to])).toEqual([[1380, 1440]]);
    expect(laid(late, "2026-11-23", "UTC").map(({ from, to }) => [from, to])).toEqual([[0, 60]]);
    expect(laid([at("2026-11-22T23:00:00Z", "2026-11-23T00:00:00Z")], "2026-11-23", "UTC")).toEqual([]);
    expect(hoursOf([laid(late, "2026-11-22", "UTC")])).toEqual({ first: 7, last: 24 });
  });

  it("drop on the quarter hour and never past the day", () => {
    expect(dropped(0.5, { first: 8, last: 18 }, 30)).toBe(780);
    expect(dropped(0.507, { first: 8, last: 18 }, 30)).toBe(780);
    expect(dropped(1, { first: 0, last: 24 }, 60)).toBe(1380);
    expect(dropped(-1, { first: 8, last: 18 }, 30)).toBe(0);
  });

  it("begin the week where the reader's week begins", () => {
    expect(shownDays("week", "2026-11-25", 0)[0]).toBe("2026-11-22");
    expect(shownDays("week", "2026-11-22", 1)[0]).toBe("2026-11-16");
    expect(shownDays("week", "2026-11-27", 6)[0]).toBe("2026-11-21");
    expect(moved("month", "2026-11-30", 1)).toBe("2026-12-01");
    expect([120, 840, 1080].map(partOf)).toEqual(["night", "afternoon", "evening"]);
  });
});

describe("weekly hours", () => {
  const rules = [{ days: [1, 2], start: "09:00", end: "12:00" }, { days: [2], start: "11:00", end: "17:00" }, { days: [5], start: "22:00", end: "02:00" }];
  const week = weekOf(rules);

  it("say the same in the fewest rules", () => {
    expect(rulesOf(week)).toEqual([{ days: [1], start: "09:00", end: "12:00" }, { days: [2], start: "09:00", end: "17:00" }, { days: [5], start: "22:00", end: "02:00" }]);
    expect(weekOf(rulesOf(week))).toEqual(week);
    expect(rulesOf(copied(week, 0, [1, 2]))[0]).toEqual({ days: [1, 2, 3], start: "09:00", end: "12:00" });
    expect(minutesIn(week)).toBe(180 + 480 + 240);
  });

  it("know what is open after midnight", () => {
    expect(covering(week, 5, [60, 90])).toBe("all");
    expect(covering(week, 5, [105, 135])).toBe("some");
    expect(covering(week, 6, [60, 90])).toBe("none");
  });

  it("are painted and wiped to the minute", () => {
    expect(painted(week, 0, [720, 750], true)[0]).toEqual([[540, 750]]);
    expect(painted(week, 0, [600, 630], false)[0]).toEqual([[540, 600], [630, 720]]);
    expect(painted(week, 5, [0, 60], false)[4]).toEqual([[1320, 1440], [1500, 1560]]);
    expect(painted(week, 5, [0, 30], true)).toEqual(week);
    expect(rulesOf(painted(weekOf([]), 3, [1410, 1440], true))).toEqual([{ days: [4], start: "23:30", end: "24:00" }]);
  });
});

describe("an event type", () => {
  it("has a kind, and keeps what fits when it gets another", () => {
    const group = { ...EMPTY, ...asKind("group", EMPTY) };
    expect([kindOf(EMPTY), kindOf(group)]).toEqual(["one_to_one", "group"]);
    expect(kindOf({ ...group, ...asKind("round_robin", group) })).toBe("round_robin");
    expect(asKind("one_to_one", group).capacity).toBe(1);
  });

  it("finds the place of what is wrong", () => {
    const problem = { type: "", title: "", status: 422, code: "invalid", detail: "", fields: [{ field: "definition.questions[0].if_refused_en", code: "required", detail: "missing" }] };
    expect(problemsOf(problem)).toEqual({ "questions[0].if_refused_en": "missing" });
    expect(["questions[0].key", "en.title", "ar.privacy", "payment.amount", "hosts[1].weight", "follow_up"].map(tabOf)).toEqual(["questions", "basics", "privacy", "rules", "hosts", "messages"]);
  });

  it("gives every question a key of its own", () => {
    const first = newQuestion([]);
    const third = newQuestion([{ ...first, key: "question_2" }]);
    expect([first.key, third.key]).toEqual(["question_1", "question_3"]);
    expect([slugOf("Café & consultation!"), slugOf("استشارة")]).toEqual(["cafe-consultation", ""]);
  });

  it("is put on a page by one line that cannot be broken out of", () => {
    const line = snippetOf("https://barid.example/book/clinic/visit", "popup", "ar", 'احجز "الآن" <b>');
    expect(line).toBe('<script async src="https://barid.example/w/loader.js" data-booking="clinic/visit" data-mode="popup" data-lang="ar" data-label="احجز &quot;الآن&quot; &lt;b>"></script>');
    expect(policyOf("https://barid.example/book/clinic/visit")).toBe("script-src https://barid.example; frame-src https://barid.example");
  });
});

it("lengths and prices are said as people say them", () => {
  expect(lengthOf("en", 90)).toBe("1 hour 30 minutes");
  expect(lengthOf("en", 2070, "long", "hour")).toBe("34 hours 30 minutes");
  expect(lengthOf("en", 0)).toBe("0 minutes");
  expect(moneyOf("en", 15_000, "SAR").replace(/\s/g, " ")).toBe("SAR 150.00");
  expect(moneyOf("en", 1500, "KWD").replace(/\s/g, " ")).toBe("KWD 1.500");
});
