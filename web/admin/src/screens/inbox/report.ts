export interface Totals {
  started: number;
  closed: number;
  missed: number;
  messages_in: number;
  messages_out: number;
  first_response_seconds: number | null;
  response_seconds: number | null;
  duration_seconds: number | null;
  rated_good: number;
  rated_bad: number;
  queued: number;
  abandoned: number;
  queue_wait_seconds: number | null;
  transferred: number;
}

export interface AgentLine {
  id: string;
  name: string;
  chats: number;
  messages: number;
  first_response_seconds: number | null;
  response_seconds: number | null;
  rated_good: number;
  rated_bad: number;
  accepting_seconds: number;
  not_accepting_seconds: number;
}

export interface Report {
  totals: Totals;
  by_day: Array<Totals & { day: string }>;
  by_hour: Array<{ hour: number; started: number; messages_in: number }>;
  agents: AgentLine[];
  tags: Array<{ tag: string; count: number }>;
  groups: Array<{ id: string; name: string; started: number; closed: number }>;
}

const DAY = 86_400_000;

/** The last so many days, today among them, by the reader's own calendar. */
export function spanOf(days: number, now: Date): { from: string; to: string } {
  const local = (date: Date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return { from: local(new Date(now.getTime() - (days - 1) * DAY)), to: local(now) };
}
