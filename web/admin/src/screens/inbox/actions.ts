import { fetchClient, got, queryClient, stale, type Answered } from "@/api/client";
import type { components } from "@/api/schema";
import { refused } from "@/ui/notify";
import { about, conversation } from "./api";

type Schema = components["schemas"];
type ToldFull = Schema["ConversationFull"];

/** Everything that a member can do with a conversation. */
export const acts = {
  assign: (id: string, body: Schema["ConversationAssign"]) => fetchClient.POST("/v1/conversations/{id}/assign", { ...about(id), body }),
  ban: (id: string, body: Schema["ConversationBan"]) => fetchClient.POST("/v1/conversations/{id}/ban", { ...about(id), body }),
  close: (id: string) => fetchClient.POST("/v1/conversations/{id}/close", about(id)),
  contact: (id: string, body: Schema["ConversationContact"]) => fetchClient.POST("/v1/conversations/{id}/contact", { ...about(id), body }),
  reopen: (id: string) => fetchClient.POST("/v1/conversations/{id}/reopen", about(id)),
  seen: (id: string, body: Schema["ConversationRead"]) => fetchClient.POST("/v1/conversations/{id}/seen", { ...about(id), body }),
  snooze: (id: string, body: Schema["ConversationSnooze"]) => fetchClient.POST("/v1/conversations/{id}/snooze", { ...about(id), body }),
  supervise: (id: string, body: Schema["ConversationSupervise"]) => fetchClient.POST("/v1/conversations/{id}/supervise", { ...about(id), body }),
  tags: (id: string, body: Schema["ConversationTags"]) => fetchClient.PUT("/v1/conversations/{id}/tags", { ...about(id), body }),
  take: (id: string) => fetchClient.POST("/v1/conversations/{id}/take", about(id)),
  transfer: (id: string, body: Schema["ConversationTransfer"]) => fetchClient.POST("/v1/conversations/{id}/transfer", { ...about(id), body }),
  typing: (id: string, body: Schema["ConversationTyping"]) => fetchClient.POST("/v1/conversations/{id}/typing", { ...about(id), body }),
  unban: (id: string) => fetchClient.POST("/v1/conversations/{id}/unban", about(id)),
};

/** Does it; what the server answers is shown at once. */
export async function act(asked: Promise<Answered<ToldFull>>): Promise<boolean> {
  try {
    const full = await got(asked);
    queryClient.setQueryData(conversation(full.id).queryKey, full);
    await stale("/v1/conversations");
    return true;
  } catch (error) {
    refused(error);
    return false;
  }
}

/** An act whose failing concerns nobody. */
export const quietly = (asked: Promise<unknown>) => void asked.catch(() => {});

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
