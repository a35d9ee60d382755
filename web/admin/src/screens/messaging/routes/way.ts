import { latinDigits } from "@/i18n/format";
import { amountText, microsOf } from "../money";
import type { NewWay, Way, WayRules } from "../server";

/** A route as its form holds it: every number a text. */
export interface WayForm extends Record<string, unknown> {
  name: string;
  access: { host: string; port: string; tls: boolean; system_id: string; password: string; system_type: string; binds: string; separate: boolean; per_second: string; window: string };
  rules: { prefixes: string[]; networks: string[]; priority: string; weight: string; cost: string; ids: string; receipts: string; alphabet: string; long_references: boolean };
}

export const IDS = ["auto", "same", "hex_then_decimal", "decimal_then_hex"] as const;
export const RECEIPTS = ["each_part", "one_for_all"] as const;
export const ALPHABETS = ["gsm7", "gsm7_packed", "latin1"] as const;

const RULES: Required<WayRules> = { prefixes: [], networks: [], priority: 10, weight: 1, cost_micros: 0, ids: "auto", receipts: "each_part", alphabet: "gsm7", long_references: false };
const PORT = 2775;

/** The form of a route, or of a new one. The password is never told. */
export function formOf(way: Way | null): WayForm {
  const rules = { ...RULES, ...way?.rules };
  const access = way?.access;
  return {
    name: way?.name ?? "",
    access: {
      host: access?.host ?? "", port: String(access?.port ?? PORT), tls: access?.tls ?? false, system_id: access?.system_id ?? "", password: "", system_type: access?.system_type ?? "",
      binds: String(access?.binds ?? 1), separate: access?.separate ?? false, per_second: String(access?.per_second ?? 100), window: String(access?.window ?? 32),
    },
    rules: {
      prefixes: rules.prefixes, networks: rules.networks, priority: String(rules.priority), weight: String(rules.weight), cost: amountText(rules.cost_micros),
      ids: rules.ids, receipts: rules.receipts, alphabet: rules.alphabet, long_references: rules.long_references,
    },
  };
}

const whole = (text: string) => {
  const plain = latinDigits(text.trim());
  return /^\d{1,9}$/.test(plain) ? Number(plain) : null;
};

export const isWhole = (text: string) => whole(text) !== null;

const digits = (texts: string[]) => texts.map((text) => latinDigits(text).replace(/\D/g, "").replace(/^00/, "")).filter(Boolean);

export function rulesOf({ rules }: WayForm): WayRules {
  const { prefixes, networks, priority, weight, cost, ...rest } = rules;
  return { ...rest, prefixes: digits(prefixes), networks: digits(networks), priority: whole(priority) ?? RULES.priority, weight: whole(weight) ?? RULES.weight, cost_micros: microsOf(cost || "0") ?? 0 };
}

export function accessOf({ access }: WayForm): NewWay["access"] {
  const { host, port, binds, per_second, window, system_id, ...rest } = access;
  return { ...rest, host: host.trim(), system_id: system_id.trim(), port: whole(port) ?? 0, binds: whole(binds), per_second: whole(per_second), window: whole(window) };
}
