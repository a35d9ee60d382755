import { microsOf } from "../../money";
import type { Amounts } from "./server";

export interface Typed extends Record<string, string> { floor_micros: string; amount_micros: string; monthly_cap_micros: string }

/** What is wrong with what was typed, by field; nothing when it can be agreed to. */
export function faultsOf({ floor_micros, amount_micros, monthly_cap_micros }: Typed): Partial<Record<keyof Amounts, "amount" | "cap">> {
  const [floor, amount, cap] = [floor_micros, amount_micros, monthly_cap_micros].map(microsOf) as [number | null, number | null, number | null];
  return {
    ...(floor === null || floor < 0 ? { floor_micros: "amount" as const } : {}),
    ...(amount === null || amount <= 0 ? { amount_micros: "amount" as const } : {}),
    ...(cap === null || cap <= 0 ? { monthly_cap_micros: "amount" as const } : amount !== null && cap < amount ? { monthly_cap_micros: "cap" as const } : {}),
  };
}

/** What was typed, in millionths; nothing when something is wrong with it. */
export function amountsOf(typed: Typed): Amounts | null {
  if (Object.keys(faultsOf(typed)).length > 0) return null;
  return { floor_micros: microsOf(typed.floor_micros) ?? 0, amount_micros: microsOf(typed.amount_micros) ?? 0, monthly_cap_micros: microsOf(typed.monthly_cap_micros) ?? 0 };
}

/** The words of the agreement with the amounts in them; a gap where none was named yet. */
export function filled(text: string, amounts: Partial<Amounts>, money: (micros: number) => string): string {
  const shown = (micros: number | undefined) => (micros === undefined ? "…" : `\u2068${money(micros)}\u2069`);
  return text.replaceAll("{amount}", shown(amounts.amount_micros)).replaceAll("{floor}", shown(amounts.floor_micros)).replaceAll("{cap}", shown(amounts.monthly_cap_micros));
}
