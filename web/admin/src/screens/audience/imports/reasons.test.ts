import { describe, expect, it } from "vitest";
import en from "@words/en/app_import.json";
import ar from "@words/ar/app_import.json";
import { reasonCode } from "./reasons";

const SAID = [
  "email: an e-mail address needs a name, an @ and a domain", "email: the address has hidden direction characters", "phone: the number has no country code; write it with a leading +",
  "3 fields where the header has 2", "a quote opened in this row is never closed", "neither e-mail nor phone", "record larger than 1 MiB", "not a country code or name",
];

describe("reasons of an import", () => {
  it.each(SAID)("have words in both languages: %s", (reason) => {
    const code = reasonCode(reason);
    expect(en).toHaveProperty([`reason.${code}`]);
    expect(ar).toHaveProperty([`reason.${code}`]);
  });

  it("are left as they are when they are new", () => {
    expect(reasonCode("something else entirely")).toBeUndefined();
  });
});
