import { queryClient, stale } from "@/api/client";
import { refused } from "@/ui/notify";
import { about, ask, CONVERSATION, type Asked, type Full } from "./api";

/** One act on a conversation; what the server answers is shown at once. */
export async function act(id: string, verb: string, body: unknown = {}, way: "post" | "put" = "post"): Promise<boolean> {
  try {
    const full = await ask<Full>(way, `${CONVERSATION}/${verb}`, { ...about(id), body });
    queryClient.setQueryData(["get", CONVERSATION, about(id)], full);
    await stale("/v1/conversations");
    return true;
  } catch (error) {
    refused(error);
    return false;
  }
}

/** An act that answers nothing. */
export const quietly = (id: string, verb: string, body: unknown) => void ask("post", `${CONVERSATION}/${verb}`, { ...about(id), body } satisfies Asked).catch(() => {});

const HOUR = 3_600_000;
const MORNING = 9;

/** When a conversation may come back: in an hour, in three, tomorrow morning, in a week. */
export function snoozeTimes(now: Date): Array<{ code: "hour" | "later" | "tomorrow" | "week"; until: Date }> {
  const morning = (days: number) => {
    const day = new Date(now);
    day.setDate(day.getDate() + days);
    day.setHours(MORNING, 0, 0, 0);
    return day;
  };
  return [
    { code: "hour", until: new Date(now.getTime() + HOUR) },
    { code: "later", until: new Date(now.getTime() + 3 * HOUR) },
    { code: "tomorrow", until: morning(1) },
    { code: "week", until: morning(7) },
  ];
}
