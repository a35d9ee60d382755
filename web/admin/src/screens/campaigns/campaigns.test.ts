import { describe, expect, it } from "vitest";
import { byDay, firstWeekday, movedTo, plusMonths, weeksOf } from "@/ui/days";
import ar from "@words/ar/app_campaigns.json";
import en from "@words/en/app_campaigns.json";
import { CODES, fixOf, sorted, typedFor, type Level } from "./checklist";
import { withClicks } from "./clickmap";
import { flat, letters, merge, patchOf, pieceOf, same, senderOf, unflat, withPiece, type CampaignFields } from "./fields";
import { reportCsv } from "./report/csv";

const fields: CampaignFields = {
  name: "News", topic: "top_1", segment: null, purpose: "marketing", from_name: "Nur", from_email: "n@nur.example", reply_to: null, reason: null, track: true,
  prospecting: null, language: "en", subject: "Hello", preheader: "", text: null, body: { html: "<p>x</p>" },
  variants: { ar: { subject: "مرحبا", preheader: "", text: null, body: { html: "<p>س</p>" } } },
};

const item = (code: string, level: Level) => ({ code, level, count: null, values: {}, fix: "content" as const });

describe("the checklist", () => {
  it("tells what stops the sending first", () => {
    const codes = sorted([item("a", "ok"), item("b", "warning"), item("c", "blocking"), item("d", "warning")]).map(({ code }) => code);
    expect(codes).toEqual(["c", "b", "d", "a"]);
  });

  it.each(CODES)("has words for %s in both languages", (code) => {
    const said = (texts: Record<string, string>) => Object.keys(texts).some((key) => key === `check.${code}` || key.startsWith(`check.${code}.`) || key.startsWith(`check.${code}_`));
    expect([said(en), said(ar)]).toEqual([true, true]);
  });

  it("leads to where a row is put right", () => {
    expect(fixOf("cmp_1", "content")).toBe("/campaigns/cmp_1/content");
    expect(fixOf("cmp_1", "schedule")).toBe("/campaigns/cmp_1");
  });

  it("wants the exact number typed above a thousand people", () => {
    expect(typedFor(1000)).toBeUndefined();
    expect(typedFor(1001)).toBe("1001");
  });
});

const hits = (human: number) => ({ human, machine: 4, probable_machine: 1, unique_human: human });

describe("the report as a file", () => {
  it("holds every figure, and no cell that a spreadsheet takes for a formula", () => {
    const text = reportCsv({
      funnel: [{ step: "sent", people: 3 }], links: [{ number: 1, url: '=HYPERLINK("x")', clicks: hits(2) }], series: [{ at: "2026-11-01T00:00:00Z", sent: 3, opens: hits(0), clicks: hits(0), unsubscribed: 0, complained: 0, bounced: 0 }],
      bounced_by_class: { full: 1 }, failed_by_class: {}, denied_by_reason: {},
    });
    expect(text.split("\r\n")).toEqual(['"kind","what","count"', '"funnel","sent","3"', '"bounced","full","1"', '"link","\'=HYPERLINK(""x"")","2"', '"at 2026-11-01T00:00:00Z","sent","3"']);
  });
});

describe("two people on one campaign", () => {
  const base = flat(fields);

  it("keep both changes when they are about different things", () => {
    const mine = { ...base, subject: "Hello you" };
    const theirs = { ...base, name: "November", "ar/subject": "أهلا" };
    const { fields: both, conflicts, taken } = merge(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(taken).toEqual(["name", "ar/subject"]);
    expect(both).toMatchObject({ name: "November", subject: "Hello you", "ar/subject": "أهلا" });
  });

  it("are asked where they contradict each other, and only there", () => {
    const { conflicts, fields: merged } = merge(base, { ...base, subject: "A", name: "Same" }, { ...base, subject: "B", name: "Same" });
    expect(conflicts).toEqual(["subject"]);
    expect(merged.subject).toBe("A");
  });

  it("see a language that the other one took away", () => {
    const { "ar/subject": _s, "ar/preheader": _p, "ar/text": _t, "ar/body": _b, ...theirs } = base;
    expect(unflat<CampaignFields>(merge(base, base, theirs).fields).variants).toEqual({});
  });
});

describe("a campaign's fields", () => {
  it("survive being laid out flat", () => {
    expect(unflat<CampaignFields>(flat(fields))).toEqual(fields);
  });

  it("are handed in as what changed", () => {
    const base = flat(fields);
    expect(patchOf(base, base)).toEqual({});
    expect(patchOf(base, { ...base, from_name: 'Nur "N"', segment: "seg_1", preheader: "soon" })).toEqual({
      from: '"Nur \\"N\\"" <n@nur.example>', segment: "seg_1", preheader: "soon",
    });
    expect(patchOf(base, { ...base, "ar/subject": "أهلا" })).toEqual({ variants: { ar: { subject: "أهلا", preheader: null, text: null, html: "<p>س</p>" } } });
    expect(patchOf(base, { ...base, body: { mjml: "<mjml/>" } })).toEqual({ mjml: "<mjml/>" });
  });

  it("are read and changed by language", () => {
    expect(pieceOf(fields, "ar").subject).toBe("مرحبا");
    expect(withPiece(fields, "ar", { subject: "س" }).variants.ar?.body).toEqual({ html: "<p>س</p>" });
    expect(withPiece(fields, "en", { subject: "S" }).subject).toBe("S");
    expect(senderOf("", "a@b.example")).toBe("a@b.example");
  });

  it("say the same whatever the order of members", () => {
    expect(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true);
    expect(same({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
    expect(same(null, {})).toBe(false);
  });

  it("count what people see", () => {
    expect(letters("👨‍👩‍👧‍👦é")).toBe(2);
    expect(letters("سَلام")).toBe(4);
  });
});

describe("the calendar", () => {
  it("begins the week where its reader does", () => {
    expect(firstWeekday("3", "en")).toBe(3);
    expect(firstWeekday("auto", "ar-EG")).toBe(6);
    expect(firstWeekday("auto", "en-GB")).toBe(1);
  });

  it("shows a month in whole weeks", () => {
    const weeks = weeksOf("2026-11", 6);
    expect(weeks).toHaveLength(5);
    expect(weeks[0]?.[0]).toBe("2026-10-31");
    expect(weeks.at(-1)?.at(-1)).toBe("2026-12-04");
    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect(plusMonths("2026-12", 1)).toBe("2027-01");
    expect(plusMonths("2026-01", -1)).toBe("2025-12");
  });

  it("puts what happens on its day and moves it at the same time", () => {
    const first = new Date(2026, 10, 5, 18, 30).toISOString();
    const second = new Date(2026, 10, 5, 9, 0).toISOString();
    expect(byDay([{ at: first }, { at: second }, { at: null }], ({ at }) => at).get("2026-11-05")).toEqual([{ at: second }, { at: first }]);
    expect(movedTo(first, "2026-11-20").toISOString()).toBe(new Date(2026, 10, 20, 18, 30).toISOString());
  });
});

describe("the click map", () => {
  it("sets a badge into each counted link as text, never as markup", () => {
    const html = '<body><a href="#" data-link="1">a</a><a href="#" data-link="2">b</a><img src="x" onerror="boom()"></body>';
    const map = withClicks(html, new Map([[1, "<b>7</b>"]]));
    expect(map).toContain('<span class="barid-clicks">&lt;b&gt;7&lt;/b&gt;</span>');
    expect(map.match(/barid-clicks/g)).toHaveLength(1);
  });
});
