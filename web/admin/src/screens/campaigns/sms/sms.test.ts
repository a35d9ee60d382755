import { describe, expect, it } from "vitest";
import { flat, unflat } from "../fields";
import type { Campaign } from "../server";
import { plainerAround, sampleOf, saying, smsFieldsOf, smsOf, smsPatchOf, tagOf, type SmsFields } from "./shapes";

const side = { text: "Hi", language: "en", variants: { ar: "أهلا" }, originator: null, shorten: true, validity: null };
const campaign = { id: "cmp_1", name: "News", topic: "top_1", purpose: "marketing", track: true, channel: "sms", sms: side } as unknown as Campaign;

describe("a campaign by SMS", () => {
  it("is told from one by e-mail", () => {
    expect(smsOf(campaign)).toEqual(side);
    expect([smsOf({ channel: "email", sms: null }), smsOf({})]).toEqual([null, null]);
  });

  it("hands in what changed, and all other languages together", () => {
    const base = flat(smsFieldsOf(campaign));
    expect(smsPatchOf(base, base)).toEqual({});
    const changed: SmsFields = { ...unflat<SmsFields>(base), text: "Hello", originator: "NOOR", shorten: false, variants: { ar: saying("مرحبًا"), fr: saying("Salut") } };
    const mine = flat(changed);
    expect(smsPatchOf(base, mine)).toEqual({ text: "Hello", originator: "NOOR", shorten: false, variants: { ar: { text: "مرحبًا" }, fr: { text: "Salut" } } });
  });

  it("never hands in what belongs to mail", () => {
    const base = flat(smsFieldsOf(campaign));
    const names = Object.keys(smsPatchOf({}, base));
    expect(names.filter((name) => ["subject", "preheader", "body", "from", "reply_to"].includes(name))).toEqual([]);
  });
});

describe("a text with values", () => {
  it("is shown with the words for those who lack them, and short links", () => {
    const text = `Hi ${tagOf("first_name", 'my "friend"')}, see https://noor.example/autumn?x=1 or leave: ${tagOf("unsubscribe_url", "")}`;
    expect(sampleOf(text, true, "b.example")).toBe('Hi my "friend", see https://b.example/s/AbC123xyz or leave: https://b.example/s/AbC123xyz');
    expect(sampleOf("see https://noor.example/a", false, "b.example")).toBe("see https://noor.example/a");
  });

  it("is made plain around its tags, never in them", () => {
    expect(plainerAround('“Hi” {{ first_name | fallback: "“you”" }}…')).toBe('"Hi" {{ first_name | fallback: "“you”" }}...');
  });
});
