import type { ChecklistItem } from "./server";

export type Level = "blocking" | "warning" | "ok";

/** Every question that the server asks. */
export const CODES = [
  "audience", "audience_empty", "audience_excluded", "consent_basis", "prospecting", "sender_domain", "sender_free_mail", "sender_name", "reply_to", "subject", "subject_missing", "subject_long",
  "subject_shouting", "preheader", "unsubscribe_link", "postal_address", "notice_incomplete", "template_error", "merge_fallbacks", "links_https", "links_empty", "images_alt", "size", "plain_text",
  "language_direction", "language_match", "tested", "quiet_hours", "frequency_cap", "suppressed", "throttling", "scheduled_in_past", "segment_missing", "shown_to_missing", "topic_archived", "sending_mode",
  "originator", "text_invalid", "text_parts", "text_encoding", "opt_out_words", "help_words", "without_phone", "countries", "originators", "too_many_parts", "prices", "required_values", "balance",
] as const;

const ORDER: Record<Level, number> = { blocking: 0, warning: 1, ok: 2 };

/** What stops the sending first, then what should be known, then what is well; otherwise in the server's order. */
export function sorted(items: readonly ChecklistItem[]): ChecklistItem[] {
  return [...items].sort((a, b) => ORDER[a.level as Level] - ORDER[b.level as Level]);
}

/** Where a row is put right, below the workspace. */
export function fixOf(id: string, fix: string, sms = false): string {
  switch (fix) {
    case "content": return sms ? `/campaigns/${id}` : `/campaigns/${id}/content`;
    case "domain": return "/settings/sending";
    case "privacy": return "/privacy";
    case "routes": return "/messaging/routes";
    case "settings": return "/messaging/routes?tab=limits";
    case "prices": return "/messaging/balance?tab=prices";
    case "balance": return "/messaging/balance";
    default: return `/campaigns/${id}`;
  }
}

/** More people than this, and the exact number is typed before anything leaves. */
export const TYPED_ABOVE = 1000;

/** What must be typed before a sending. */
export const typedFor = (people: number): string | undefined => (people > TYPED_ABOVE ? String(people) : undefined);
