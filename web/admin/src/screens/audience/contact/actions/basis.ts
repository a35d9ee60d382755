/** What a member states about a lawful basis, as the form holds it. */
export interface Stated extends Record<string, unknown> {
  basis: string;
  purpose: string;
  channel: string;
  topic: string | null;
  at: string;
  expires_at: string;
  detail: string;
  /** Fields of the chosen basis by their name in the detail. */
  terms: Record<string, string>;
}

export interface Term {
  name: string;
  kind: "text" | "day" | "choice" | "yes";
  choices?: readonly string[];
  needed?: boolean;
}

const CONSENT: readonly Term[] = [{ name: "source", kind: "text", needed: true }, { name: "wording", kind: "text", needed: true }];

/** What each basis has to prove, in the words of the ledger. */
export const TERMS: Readonly<Record<string, readonly Term[]>> = {
  consent: CONSENT,
  express_consent: CONSENT,
  express_written_consent: CONSENT,
  explicit_consent: CONSENT,
  soft_opt_in: [
    { name: "sale_at", kind: "day", needed: true },
    { name: "similar_goods", kind: "yes" },
    { name: "opt_out_offered_at_collection", kind: "yes" },
    { name: "opt_out_offered_each_time", kind: "yes" },
  ],
  legitimate_interest: [{ name: "assessment", kind: "text", needed: true }, { name: "reason", kind: "text", needed: true }],
  implied_consent: [{ name: "kind", kind: "choice", choices: ["purchase", "enquiry", "published"], needed: true }],
  inferred_consent: [{ name: "source", kind: "text", needed: true }],
  contract: [{ name: "source", kind: "text", needed: true }],
  legal_obligation: [{ name: "source", kind: "text", needed: true }],
  subject_request: [{ name: "source", kind: "text", needed: true }],
};

/** The first thing that the basis needs and the form lacks. */
export function missing({ basis, terms }: Pick<Stated, "basis" | "terms">): Term | undefined {
  return TERMS[basis]?.find(({ name, needed }) => needed && !terms[name]?.trim());
}

/** The evidence as the server reads it. What belongs to another basis than the chosen one is left out. */
export function detailOf({ basis, terms }: Pick<Stated, "basis" | "terms">): Record<string, unknown> {
  const detail: Record<string, unknown> = {};
  for (const { name, kind } of TERMS[basis] ?? []) {
    const text = terms[name]?.trim();
    if (kind === "yes") detail[name] = text === "yes";
    else if (text) detail[name] = text;
  }
  if (basis === "soft_opt_in") Object.assign(detail, { relationship: "customer", collected_in: "sale" });
  return detail;
}
