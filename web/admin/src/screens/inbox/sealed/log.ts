import { hex, sha256, utf8 } from "@sealed/octets";
import type { LogEntry } from "./shapes";

const START = "0".repeat(64);

/** An entry's place in the chain, as everybody can work it out. */
export async function hashOf(before: string, { n, device, member, action, by, by_device, public_key }: Omit<LogEntry, "hash">): Promise<string> {
  return hex(await sha256(utf8([before, n, device, member.id, action, by?.id ?? "", by_device ?? "", public_key].join("\n"))));
}

export type LogState = "whole" | "broken" | "changed";

/** Whether the log hangs together, and still begins as it did when it was last seen here. */
export async function judged(log: readonly LogEntry[], seen: { n: number; hash: string } | null): Promise<LogState> {
  if (seen && !log.some(({ n, hash }) => n === seen.n && hash === seen.hash)) return "changed";
  let before = START;
  for (const entry of log) {
    if ((await hashOf(before, entry)) !== entry.hash) return "broken";
    before = entry.hash;
  }
  return "whole";
}
