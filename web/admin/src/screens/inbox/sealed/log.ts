import { hex, sha256, utf8 } from "@sealed/octets";
import type { Device, LogEntry } from "./shapes";

const START = "0".repeat(64);

/** An entry's place in the chain, as everybody can work it out. */
export async function hashOf(before: string, { n, device, member, action, by, by_device }: LogEntry, publicKey: string): Promise<string> {
  return hex(await sha256(utf8([before, n, device, member.id, action, by?.id ?? "", by_device ?? "", publicKey].join("\n"))));
}

export type LogState = "whole" | "broken" | "changed";

/** Whether the log hangs together, and still begins as it did when it was last seen here. */
export async function judged(log: readonly LogEntry[], devices: readonly Device[], seen: { n: number; hash: string } | null): Promise<LogState> {
  if (seen && !log.some(({ n, hash }) => n === seen.n && hash === seen.hash)) return "changed";
  const keys = new Map(devices.map(({ id, public_key }) => [id, public_key]));
  let before = START;
  for (const entry of log) {
    const key = keys.get(entry.device);
    if (key === undefined || (await hashOf(before, entry, key)) !== entry.hash) return "broken";
    before = entry.hash;
  }
  return "whole";
}
