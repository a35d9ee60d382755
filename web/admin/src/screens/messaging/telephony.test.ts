import { describe, expect, it } from "vitest";
import { amountsOf, faultsOf, filled } from "./balance/recharge/amounts";
import { readNumbers } from "./numbers/list";
import { csvOf, drawn, periodOf, type Group } from "./traffic/insights";
import { countOf, fits, formOf, settingsOf, shownText, spanOf } from "./verify/service";

describe("a list of numbers", () => {
  it("is read with and without a heading", () => {
    const { items, wrong } = readNumbers("tags,number,capabilities\nshop|متجر,00966 11 234 5678,sms voice\n,٧٠٠٧,\n", true);
    expect(wrong).toEqual([]);
    expect(items).toEqual([
      { line: 2, item: { number: "+966112345678", originator: true, settings: { capabilities: ["sms", "voice"], tags: ["shop", "متجر"] } } },
      { line: 3, item: { number: "7007", originator: true, settings: { tags: [] } } },
    ]);
  });

  it("says which line is wrong, and in what", () => {
    expect(readNumbers("+966112345678,fax\nshop\n962790123456,sms", false).wrong).toEqual([{ line: 1, column: "capabilities" }, { line: 2, column: "number" }]);
    expect(readNumbers("962790123456,sms", false).items[0]?.item.number).toBe("+962790123456");
  });
});

describe("a verification service", () => {
  it("takes the life of a code in minutes, in any digits", () => {
    expect([countOf("expires_in", "١٠"), countOf("expires_in", "0.5"), countOf("code_length", "6"), countOf("code_length", "6.5")]).toEqual([600, 30, 6, Number.NaN]);
    expect([fits("expires_in", "0.4"), fits("code_length", "4"), fits("code_length", "11")]).toEqual([false, true, false]);
  });

  it("shows its message as it arrives", () => {
    expect(spanOf("ar", 600)).toBe("10 دقائق");
    expect([spanOf("en", 30), spanOf("en", 3600), spanOf("fr", 7200)]).toEqual(["30 seconds", "1 hour", "2 hours"]);
    expect(shownText({ text: "{organisation}: {code}", language: "en", name: "Shop", seconds: 600, digits: 4, site: "shop.example" })).toBe("Shop: 1234\n@shop.example #1234");
  });

  it("leaves out what nobody wrote", () => {
    const settings = settingsOf({ ...formOf(null), texts: { en: " ", ar: "{code}" } });
    expect(settings).toMatchObject({ texts: { ar: "{code}" }, originator: null, web_otp: null, expires_in: 600, channels: ["sms"] });
  });
});

describe("automatic recharging", () => {
  it("needs three amounts that fit each other", () => {
    expect(amountsOf({ floor_micros: "5", amount_micros: "50", monthly_cap_micros: "٢٠٠" })).toEqual({ floor_micros: 5_000_000, amount_micros: 50_000_000, monthly_cap_micros: 200_000_000 });
    expect(faultsOf({ floor_micros: "-1", amount_micros: "50", monthly_cap_micros: "20" })).toEqual({ floor_micros: "amount", monthly_cap_micros: "cap" });
    expect(amountsOf({ floor_micros: "", amount_micros: "50", monthly_cap_micros: "200" })).toBeNull();
  });

  it("says the amounts in the words that are agreed to", () => {
    expect(filled("{amount} below {floor}, {cap} a month", { amount_micros: 1, floor_micros: 2 }, (micros) => `€${micros}`)).toBe("\u2068€1\u2069 below \u2068€2\u2069, … a month");
  });
});

describe("traffic", () => {
  const NOW = Date.parse("2026-11-22T12:00:00Z");
  const figures = (messages: number) => ({ messages, delivered: messages - 1, failed: 1 });
  const groups = [{ key: "b", figures: figures(2) }, { key: "a", figures: figures(9) }] as Group[];

  it("is asked for by days or by dates, and never for too many", () => {
    expect(periodOf("7", "", "", NOW)).toEqual({ from: "2026-11-16", to: "2026-11-22" });
    expect(periodOf("", "2026-11-01", "2026-11-02", NOW)).toEqual({ from: "2026-11-01", to: "2026-11-02" });
    expect(periodOf("", "2026-01-01", "2026-11-02", NOW)).toEqual({ from: "2026-10-24", to: "2026-11-22" });
  });

  it("draws days in order, anything else by weight", () => {
    expect(drawn(groups, "day", 5).map(({ at }) => at)).toEqual(["a", "b"]);
    expect(drawn([...groups].reverse(), "country", 1).map(({ at }) => at)).toEqual(["a"]);
  });

  it("is a file that no spreadsheet takes for a formula", () => {
    const file = csvOf({ groups: [{ key: "=1+1", name: 'Main "A"', figures: figures(3) }] as Group[], group_by: "route", currency: "EUR" }).split("\r\n");
    expect(file[1]).toContain(`"'=1+1","Main ""A""","3"`);
    expect(file).toHaveLength(2);
  });
});
