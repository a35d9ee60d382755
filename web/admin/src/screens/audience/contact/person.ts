import type { Consent, Contact } from "../shapes";

/** What a person is called: their name, else their address. */
export function nameOf({ first_name, last_name, email, phone }: Contact): string | undefined {
  const name = [first_name, last_name].filter(Boolean).join(" ");
  return name || email || phone || undefined;
}

const BLOCKING = new Set(["erased", "legal_block", "complaint", "objection", "domain_block"]);

/** How a person stands, by the same order of precedence as the list shows it. */
export function statusOf({ archived, topics }: Pick<Contact, "archived" | "topics">, suppressions: Consent["suppressions"]): string {
  const states = Object.values(topics);
  const blockedBy = (reason: string) => suppressions.some((one) => one.reason === reason);
  if (archived) return "archived";
  if (suppressions.some(({ reason }) => BLOCKING.has(reason))) return "blocked";
  if (blockedBy("hard_bounce")) return "bounced";
  for (const state of ["subscribed", "pending", "unsubscribed"]) {
    if (states.includes(state)) return state;
  }
  return blockedBy("unsubscribe_all") ? "unsubscribed" : "none";
}
