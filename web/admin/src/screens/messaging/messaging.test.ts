import { describe, expect, it } from "vitest";
import { asCsv, readPrices } from "./balance/prices";
import { amountText, microsOf, moneyOf } from "./money";
import { accessOf, formOf, rulesOf } from "./routes/way";
import { isArabic, plainer, signOf } from "./text";

describe("amounts", () => {
  it("are read as people write them, in whole millionths", () => {
    const read = ["0.085", "12", "٠٫٠٨٥", "1,5", "0,085", "1,234.5", "1,234,567", "-3.20", " 2 500.25 ", "0.000001"].map(microsOf);
    expect(read).toEqual([85_000, 12_000_000, 85_000, 1_500_000, 85_000, 1_234_500_000, 1_234_567_000_000, -3_200_000, 2_500_250_000, 1]);
  });

  it("that could be two, or none, are refused", () => {
    for (const text of ["1,000", "", "abc", "1.2.3", "0.0000001", "1e3", "1,23,4.5", "--1"]) expect(microsOf(text), text).toBeNull();
  });

  it("come back as they were", () => {
    for (const micros of [0, 1, 85_000, 1_000_000, 12_500_000, -3_200_000]) expect(microsOf(amountText(micros))).toBe(micros);
    expect(amountText(85_000)).toBe("0.085");
  });

  it("show every decimal that says something", () => {
    expect(moneyOf("en", 85_000, "SAR").replace(/\s/g, " ")).toBe("SAR 0.085");
    expect(moneyOf("en", 25_000_000)).toBe("25.00");
  });
});

describe("a price list", () => {
  it("is read with and without a heading, by comma, semicolon and tab", () => {
    const plain = readPrices("sms,SA,,,0.085\nvoice;jo;41601;name;0,15\n\nsms\t*\t-\t\t٠٫١٢");
    expect(plain.wrong).toEqual([]);
    expect(plain.lines.map(({ service, country, network, sender, amount_micros }) => [service, country, network, sender, amount_micros])).toEqual([
      ["sms", "SA", "", "", 85_000], ["voice", "JO", "41601", "name", 150_000], ["sms", "", "", "", 120_000],
    ]);
    const headed = readPrices("\ufeffamount,country\r\n0.085,SA\r\n");
    expect(headed.lines).toEqual([{ service: "sms", country: "SA", network: "", sender: "", amount_micros: 85_000, since: null }]);
  });

  it("says which line is wrong, and in what", () => {
    const { lines, wrong } = readPrices("fax,SA,,,1\nsms,SAU,,,1\nsms,SA,12,,1\nsms,SA,,friend,1\nsms,SA,,,-1\nsms,SA,,,1,someday\nsms,SA,,,1");
    expect(wrong.map(({ line, column }) => `${line} ${column}`)).toEqual(["1 service", "2 country", "3 network", "4 sender", "5 amount", "6 since"]);
    expect(lines).toHaveLength(1);
  });

  it("is read back from its own file", () => {
    const prices = [{ service: "sms", country: "SA", network: "", sender: "name", amount_micros: 85_000, since: "2026-11-22T13:00:00.000Z" }];
    expect(readPrices(asCsv(prices)).lines).toEqual(prices);
  });
});

describe("a route's form", () => {
  it("hands in numbers as numbers, whatever digits were typed", () => {
    const form = formOf(null);
    form.access.host = " smpp.example.net ";
    form.access.port = "٢٧٧٥";
    form.rules.prefixes = ["+966", "00962", "٩٧١"];
    form.rules.cost = "0.03";
    expect(accessOf(form)).toMatchObject({ host: "smpp.example.net", port: 2775, binds: 1, per_second: 100, window: 32 });
    expect(rulesOf(form)).toMatchObject({ prefixes: ["966", "962", "971"], priority: 10, cost_micros: 30_000 });
  });
});

describe("texts", () => {
  it("lose typographic signs and keep their letters", () => {
    expect(plainer("“Sale” – 50 % … it’s\u00a0on")).toBe('"Sale" - 50 % ... it\'s on');
    expect(plainer("مرحبًا €")).toBe("مرحبًا €");
  });

  it("know their script and their invisible signs", () => {
    expect([isArabic("Hello"), isArabic("طلب 12")]).toEqual([false, true]);
    expect([signOf("❤"), signOf("\u200b"), signOf("\u00a0")]).toEqual(["❤", "U+200B", "U+00A0"]);
  });
});
