import { latinDigits } from "@/i18n/format";
import type { Account, Settings } from "./server";

export const ALPHABETS = ["gsm7", "gsm7_packed", "latin1"] as const;
export const PURPOSES = ["service", "marketing"] as const;
export const BASES = ["contract", "subject_request", "legal_obligation"] as const;

/** An account as its form holds it: every number a text. */
export interface AccountForm extends Record<string, unknown> {
  system_id: string;
  secret: string;
  settings: {
    name: string; networks: string[]; originators: string[]; numbers: string[]; binds: string; per_second: string; purpose: string; basis: string; alphabet: string; test: boolean;
  };
}

export function formOf(account: Account | null): AccountForm {
  const settings = account?.settings ?? {};
  return {
    system_id: account?.system_id ?? "", secret: "",
    settings: {
      name: settings.name ?? "", networks: settings.networks ?? [], originators: settings.originators ?? [], numbers: settings.numbers ?? [], binds: String(settings.binds ?? 2), per_second: String(settings.per_second ?? 50),
      purpose: settings.purpose ?? "service", basis: settings.basis ?? "", alphabet: settings.alphabet ?? "gsm7", test: settings.test ?? false,
    },
  };
}

const whole = (text: string) => Number(latinDigits(text.trim()));

export function settingsOf({ settings }: AccountForm): Settings {
  const { name, numbers, binds, per_second, basis, purpose, ...rest } = settings;
  return {
    ...rest, purpose, name: name.trim(), numbers: numbers.map((number) => latinDigits(number).replace(/\D/g, "")).filter(Boolean), binds: whole(binds), per_second: whole(per_second),
    basis: purpose === "marketing" ? null : basis || null,
  };
}
