/** Why a row was not imported, or a value not taken: the server's English, known by a part of it. */
const KNOWN: ReadonlyArray<readonly [part: string, code: string]> = [
  ["erased", "blocked"], ["blocked", "blocked"], ["suppressed", "blocked"],
  ["fields where the header has", "field_count"],
  ["is not valid text", "encoding"],
  ["opened in this row is never closed", "open_quote"],
  ["text follows a closing quote", "after_quote"],
  ["record larger", "too_large"], ["more than 1024 fields", "too_large"],
  ["neither e-mail nor phone", "no_identifier"],
  ["needs a name, an @ and a domain", "email_form"],
  ["the address is too long", "email_long"],
  ["before the @ has a character", "email_local"],
  ["domain after the @ is not valid", "email_domain"],
  ["hidden direction characters", "email_hidden"],
  ["no country code", "phone_country"],
  ["not a valid phone number", "phone"],
  ["not a date that has one meaning", "date"],
  ["lies in the future", "future"],
  ["longer than", "long"],
  ["not an IP address", "ip"],
  ["not a language tag", "language"],
  ["not a country code", "country"],
  ["not an IANA time zone", "time_zone"],
  ["not one of individual", "recipient_type"],
  ["at most 50 tags", "tags"],
];

/** The code of a reason, or nothing when the server found new words. */
export const reasonCode = (reason: string): string | undefined => KNOWN.find(([part]) => reason.includes(part))?.[1];
