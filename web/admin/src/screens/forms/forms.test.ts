import { beforeEach, describe, expect, it } from "vitest";
import { begin, complete, conversion, faint, moved, originOf, remembers, ruleOf, tabOf, type Draft } from "./definition";
import { keep, keptOf } from "./kept";
import { changed, draftOf, merge, partsOf, taking } from "./merging";

const words = (title: string) => ({ title, intro: "", consent: "yes", button: "go", thanks: "" });
const definition = () => begin("popup", { label_en: "E-mail", label_ar: "البريد" }, { en: words("Letters"), ar: words("رسائل") });
const draft = (): Draft => ({ name: "Blog", topic: "top_1", definition: definition() });

describe("a definition", () => {
  it("is whole whatever the server left out", () => {
    const told = complete({ fields: [{ key: "email" }], en: { title: "t" }, display: { device: "phone" }, minimum_age: {} });
    expect(told.fields[0]).toMatchObject({ key: "email", purpose: "marketing", required: false, if_refused_ar: "" });
    expect(told.en).toEqual({ title: "t", intro: "", consent: "", button: "", thanks: "" });
    expect(told.display).toMatchObject({ device: "phone", trigger: { on: "delay", seconds: 5 }, frequency: { show: "days", days: 7 } });
    expect(told.minimum_age).toEqual({ years: null });
    expect(told.theme.button).toBe("#0b6e63");
    expect(complete(told)).toEqual(told);
  });

  it("begins with a required address and chooses nothing beforehand", () => {
    expect(definition()).toMatchObject({ kind: "popup", topics: [], double_opt_in: false, fields: [{ key: "email", required: true }] });
  });

  it("keeps its order at the ends", () => {
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
    expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  });
});

describe("colours", () => {
  const theme = complete({}).theme;

  it("that are ready can be read", () => expect(faint(theme)).toEqual([]));

  it("need 4.5 for words and 3 for the button", () => {
    const weak = faint({ ...theme, text: "#808080", button: "#808080", dark_text: "#171c27" });
    expect(weak.map(({ name, least }) => [name, least])).toEqual([["text", 4.5], ["dark_text", 4.5]]);
    expect(faint({ ...theme, button: "#aaaaaa" }).map(({ name }) => name)).toEqual(["button"]);
  });

  it("that are being typed are not judged", () => expect(faint({ ...theme, text: "#ff" })).toEqual([]));
});

describe("what is remembered", () => {
  const display = complete({}).display;
  it("waits for consent when seeing is counted", () => {
    expect(remembers(display)).toBe("seen");
    expect(remembers({ ...display, frequency: { show: "until_subscribed" } })).toBe("closed");
    expect(remembers({ ...display, frequency: { show: "always" } })).toBe("nothing");
    expect(remembers({ ...display, frequency: { show: "always" }, visitors: "new" })).toBe("seen");
  });
});

describe("what people type", () => {
  it("becomes an origin", () => {
    expect(originOf(" Shop.Example/blog?x=1 ")).toBe("https://shop.example");
    expect(originOf("http://localhost:3000/")).toBe("http://localhost:3000");
    expect(originOf("https://*.shop.example")).toBe("https://*.shop.example");
    expect(originOf("javascript:alert(1)")).toBe("javascript:alert(1)");
    expect(originOf("  ")).toBe("");
  });
});

describe("figures", () => {
  it("convert nobody where nobody looked", () => {
    expect(conversion({ views: 0, confirmed: 3 })).toBeNull();
    expect(conversion({ views: 8, confirmed: 2 })).toBe(0.25);
    expect(conversion({ views: 2, confirmed: 3 })).toBe(1);
  });
});

describe("problems", () => {
  it("are told where they can be put right", () => {
    expect(["fields[0].label", "theme.text", "success.url", "origins[1]", "minimum_age.years", "en.title"].map(tabOf)).toEqual(["content", "look", "display", "protection", "protection", "content"]);
    expect(["fields[12].if_refused", "theme.dark_button", "theme.image.url", "origins[0]", "ar.consent", "notice"].map(ruleOf)).toEqual(["if_refused", "faint_button", "place", "origin", "text", null]);
  });
});

describe("two people at one form", () => {
  it("are put together part by part", () => {
    const base = draft();
    const mine: Draft = { ...base, definition: { ...base.definition, en: { ...base.definition.en, title: "Mine" } } };
    const theirs: Draft = { ...base, name: "Theirs", definition: { ...base.definition, en: { ...base.definition.en, button: "Join" }, theme: { ...base.definition.theme, radius: 0 } } };
    const { draft: both, conflicts, taken } = merge(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(taken.sort()).toEqual(["en/button", "name", "theme/radius"]);
    expect(both.name).toBe("Theirs");
    expect(both.definition.en).toMatchObject({ title: "Mine", button: "Join" });
  });

  it("choose where both changed the same", () => {
    const base = draft();
    const [mine, theirs] = [{ ...base, name: "Mine" }, { ...base, name: "Theirs" }];
    const merged = merge(base, mine, theirs);
    expect(merged.conflicts).toEqual(["name"]);
    expect(merged.draft.name).toBe("Mine");
    expect(taking(merged.draft, theirs, ["name"]).name).toBe("Theirs");
    expect(merge(base, mine, mine).conflicts).toEqual([]);
  });

  it("lose nothing on the way into parts and back", () => {
    expect(draftOf(partsOf(draft()))).toEqual(draft());
    expect(changed(draft(), { ...draft(), topic: "top_2" })).toEqual(["topic"]);
  });
});

describe("what is not saved", () => {
  beforeEach(() => localStorage.clear());

  it("is kept until it is, and only when it is whole", () => {
    keep("frm_1", { version: 3, base: draft(), mine: { ...draft(), name: "New" } });
    expect(keptOf("frm_1")?.mine.name).toBe("New");
    expect(keptOf("frm_2")).toBeNull();
    keep("frm_1", null);
    expect(keptOf("frm_1")).toBeNull();
    localStorage.setItem("barid.draft.frm_1", "{broken");
    expect(keptOf("frm_1")).toBeNull();
    localStorage.setItem("barid.draft.frm_1", '{"mine":1}');
    expect(keptOf("frm_1")).toBeNull();
  });
});
