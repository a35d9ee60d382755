import { describe, expect, it } from "vitest";
import type { WidgetDraft } from "../shapes";
import { page } from "./page";

const both = (en: string, ar = "") => ({ en, ar });
const none = { enabled: false, intro: both(""), fields: [] };
const draft: WidgetDraft = {
  name: 'A "shop" <b>', enabled: true, origins: [], theme: { colour: "#0b6e63", text_colour: "#ffffff", position: "end", launcher: "bubble", logo_url: null, radius: 12, dark: "auto", offset: { x: 20, y: 20 } },
  texts: { ar: { "widget.title": "أهلًا" } }, languages: ["en", "ar"], features: { files: true, emoji: true, rating: true, transcript: true, typing: true, sound: false, sneak_peek: false },
  forms: { pre_chat: { enabled: true, intro: both("Hi"), fields: [{ key: "name", kind: "name", label: both("Name", "الاسم"), help: both(""), required: false, options: [], purpose: "service" }] }, ask_mail: none, post_chat: none, offline: none },
  group: null, bot: null, notice: null, hours: null, identity_required: false, files: { max_bytes: 1, types: [] },
};

const read = (html: string) => {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  return JSON.parse(holder.querySelector("barid-chat")?.getAttribute("preview") ?? "null") as { name: string; words: Record<string, string>; forms: { pre_chat: { fields: Array<{ label: string }> } | null }; sample?: { conversation: { state: string } } };
};
const look = { language: "ar", words: { "widget.title": "المحادثة", "widget.send": "إرسال" }, scheme: "light" as const, sample: "؟", reply: "!" };

describe("the preview of a chat", () => {
  it("holds names with any signs", () => expect(read(page(draft, { ...look, show: "talk" })).name).toBe('A "shop" <b>'));

  it("says own words in place of the usual ones", () => expect(read(page(draft, { ...look, show: "talk" })).words).toEqual({ "widget.title": "أهلًا", "widget.send": "إرسال" }));

  it("asks in its language, and shows each part when it is asked for", () => {
    expect(read(page(draft, { ...look, show: "pre_chat" })).forms.pre_chat?.fields[0]?.label).toBe("الاسم");
    expect(read(page(draft, { ...look, show: "talk" })).forms.pre_chat).toBeNull();
    expect(read(page(draft, { ...look, show: "closed" })).sample?.conversation.state).toBe("closed");
  });
});
