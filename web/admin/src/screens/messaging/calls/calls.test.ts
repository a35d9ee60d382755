import { describe, expect, it } from "vitest";
import { blankDraft, complaintsOf, copied, definitionOf, draftOf, freshStep, placed, variablesOf, withoutStep, type Draft } from "./flows/flow";
import { keptUntil } from "./log/Recordings";
import { readWav } from "./log/sound";
import { clockOf } from "./log/states";
import type { Definition } from "./server";

const FLOW = {
  title: "Menu", language: "en",
  steps: [
    { id: "menu", action: "gather", prompt: { text: "Press 1, {{name}}" }, min: 1, max: 1, timeout: 6, tries: 2, branches: { "1": "bye" }, otherwise: "bye" },
    { action: "record", announcement: { text: "You are recorded", language: "ar" }, max_seconds: 60, silence_seconds: 0 },
    { action: "send_keys", keys: "12#" },
    { id: "bye", action: "say", text: "Bye", repeat: 1, when: [{ variable: "keys.last", operator: "eq", value: "1" }] },
  ],
} as unknown as Definition;

const draft = (): Draft => draftOf(FLOW);

describe("a call flow", () => {
  it("comes back as it was, with an id for each step", () => {
    const again = definitionOf(draft()) as unknown as { steps: Array<Record<string, unknown>> };
    expect(again.steps.map(({ id }) => id)).toEqual(["menu", "step_1", "step_2", "bye"]);
    expect(again.steps[0]).toEqual((FLOW as unknown as { steps: unknown[] }).steps[0]);
    expect(again.steps[1]).toMatchObject({ action: "record", announcement: { text: "You are recorded", language: "ar" }, max_seconds: 60, silence_seconds: 0 });
    expect(again.steps[2]).toEqual({ id: "step_2", action: "send_keys", keys: "12#" });
    expect(again.steps[3]).toMatchObject({ when: [{ variable: "keys.last", operator: "eq", value: "1" }] });
    expect(complaintsOf(draft())).toEqual([]);
  });

  it("is told what is wrong with step and field", () => {
    const { steps, ...rest } = draft();
    const broken = complaintsOf({ ...rest, steps: [{ ...steps[0]!, prompt: { ...steps[0]!.prompt, text: " " }, branches: [{ keys: "1", step: "gone" }, { keys: "x", step: "menu" }], max: "0" }, { ...steps[1]!, prompt: { ...steps[1]!.prompt, kind: "none" } }] });
    expect(broken.map(({ at, field, code }) => `${at} ${field} ${code}`)).toEqual(["0 prompt.text words", "0 max range", "0 branches target", "0 branches keys", "0 otherwise target", "1 announcement announcement"]);
  });

  it("has nothing that leads to a step that is gone", () => {
    const { steps, ...rest } = draft();
    const found = complaintsOf({ ...rest, steps: withoutStep(steps, 3) });
    expect(found.map(({ at, field }) => `${at} ${field}`)).toEqual(["0 branches", "0 otherwise"]);
  });

  it("takes numbers in whatever digits they were typed", () => {
    const pause = { ...freshStep("pause", []), seconds: "٣" };
    const transfer = { ...freshStep("transfer", [pause]), to: "00966 11 234 5678" };
    const { steps } = definitionOf({ title: "", language: "ar", steps: [pause, transfer] }) as unknown as { steps: Array<Record<string, unknown>> };
    expect(steps.map(({ seconds, to }) => seconds ?? to)).toEqual([3, "+966112345678"]);
  });

  it("puts the server's complaints where they belong", () => {
    expect(placed("steps[2].prompt.text", "too long")).toEqual({ at: 2, field: "prompt.text", detail: "too long" });
    expect(placed("flow.steps[0]", "an object")).toEqual({ at: 0, field: "", detail: "an object" });
    expect(placed("title", "long")).toEqual({ at: null, field: "title", detail: "long" });
  });

  it("knows what a call must bring along, and copies steps under new ids", () => {
    expect(variablesOf(draft())).toEqual(["name"]);
    expect(copied(draft().steps, 0).map(({ id }) => id)).toEqual(["menu", "step_3", "step_1", "step_2", "bye"]);
    expect(blankDraft("ar")).toMatchObject({ language: "ar", steps: [{ action: "say" }] });
  });
});

describe("a recording", () => {
  it("is kept as long as its class says", () => {
    expect(keptUntil("2026-01-31T12:00:00Z", "P30D")?.toISOString().slice(0, 10)).toBe("2026-03-02");
    expect(keptUntil("2026-01-01T12:00:00Z", "P1Y")?.getFullYear()).toBe(2027);
    expect([keptUntil("2026-01-01T12:00:00Z", "P"), keptUntil("2026-01-01T12:00:00Z", undefined)]).toEqual([null, null]);
  });

  it("is read from G.711 and from PCM", () => {
    const wav = (format: number, bits: number, data: number[]) => {
      const bytes = new Uint8Array(44 + data.length);
      const view = new DataView(bytes.buffer);
      [...("RIFF")].forEach((sign, at) => { bytes[at] = sign.charCodeAt(0); });
      [...("WAVEfmt ")].forEach((sign, at) => { bytes[8 + at] = sign.charCodeAt(0); });
      view.setUint32(16, 16, true); view.setUint16(20, format, true); view.setUint16(22, 1, true); view.setUint32(24, 8000, true); view.setUint16(34, bits, true);
      [...("data")].forEach((sign, at) => { bytes[36 + at] = sign.charCodeAt(0); });
      view.setUint32(40, data.length, true);
      bytes.set(data, 44);
      return bytes.buffer;
    };
    const loud = (found: ReturnType<typeof readWav>) => [...(found?.samples ?? [])].map((one) => Math.round(one * 100) / 100);
    expect(loud(readWav(wav(7, 8, [0xff, 0x80, 0x00])))).toEqual([0, 0.98, -0.98]);
    expect(loud(readWav(wav(6, 8, [0xd5, 0xaa, 0x2a])))).toEqual([0, 0.98, -0.98]);
    expect(loud(readWav(wav(1, 16, [0, 0, 0xff, 0x7f])))).toEqual([0, 1]);
    expect([readWav(new ArrayBuffer(3)), readWav(wav(3, 32, [0, 0, 0, 0])), readWav(wav(1, 16, []))?.samples.length]).toEqual([null, null, 0]);
  });

  it("has a length as clocks show it", () => {
    expect([0, 65, 3_725].map(clockOf)).toEqual(["0:00", "1:05", "1:02:05"]);
  });
});
