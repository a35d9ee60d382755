import { latinDigits } from "@/i18n/format";
import { plainNumber } from "../../numbers/list";
import type { NewTrunk, Trunk, TrunkRules } from "../server";

export const TRANSPORTS = ["udp", "tcp"] as const;
export const CODECS = ["pcma", "pcmu"] as const;
const PORT = "5060";

/** A trunk as its form holds it: every number a text. */
export interface TrunkForm extends Record<string, unknown> {
  name: string;
  access: { host: string; port: string; transport: string; user: string; password: string; domain: string; register: boolean };
  rules: { caller_ids: string[]; prefixes: string[]; priority: string; max_calls: string; codecs: string[] };
}

/** The form of a trunk, or of a new one. The password is never told. */
export function formOf(trunk: Trunk | null): TrunkForm {
  const { access, rules = {} } = trunk ?? {};
  const { caller_ids = [], prefixes = [], priority = 10, max_calls = 10, codecs = [...CODECS] } = rules;
  return {
    name: trunk?.name ?? "",
    access: { host: access?.host ?? "", port: String(access?.port ?? PORT), transport: access?.transport ?? "udp", user: access?.user ?? "", password: "", domain: access && access.domain !== access.host ? access.domain : "", register: access?.register ?? true },
    rules: { caller_ids, prefixes, priority: String(priority), max_calls: String(max_calls), codecs },
  };
}

const whole = (text: string) => Number(latinDigits(text.trim()));

export const rulesOf = ({ rules: { caller_ids, prefixes, priority, max_calls, codecs } }: TrunkForm): TrunkRules => ({
  codecs, caller_ids: caller_ids.map(plainNumber), prefixes: prefixes.map((text) => latinDigits(text).replace(/\D/g, "").replace(/^00/, "")).filter(Boolean), priority: whole(priority), max_calls: whole(max_calls),
});

export const accessOf = ({ access: { host, port, transport, user, password, domain, register } }: TrunkForm): NewTrunk["access"] => ({
  host: host.trim(), port: whole(port), transport, user: user.trim(), password, register, ...(domain.trim() ? { domain: domain.trim() } : {}),
});
